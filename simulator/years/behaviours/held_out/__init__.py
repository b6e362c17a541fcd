"""Kept for the test: ways of being fine, failing and being misused that nobody tunes on.

Whoever works on a detector does not read this folder. After a verdict that was looked at these
become training (``test=True`` goes), and others are written by somebody who has not read the
detectors. Left out, since nobody could tell them by what a modem says: things lifted by a hoist
(they weigh like people), flat tyres nobody pumps (they look like wear), a theft with the modem
torn out within the hour (silence, and no more).
"""

from simulator.years.behaviours.held_out import (
    bodies,
    care,
    faults,
    health,
    households,
    limits,
    people,
    places,
    purpose,
    repairs,
    silence,
    tamper,
    wear,
)

__all__ = [
    "bodies",
    "care",
    "faults",
    "health",
    "households",
    "limits",
    "people",
    "places",
    "purpose",
    "repairs",
    "silence",
    "tamper",
    "wear",
]
