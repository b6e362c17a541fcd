"""Ways thought of as case files of a municipality: some mild, none a caricature on purpose.

Written by somebody who had not read the detectors, and kept for the test until the verdict of
29 November 2026 was looked at. Left out, since nobody could tell them by what a modem says: things
lifted by a hoist (they weigh like people), flat tyres nobody pumps (they look like wear), a theft
with the modem torn out within the hour (silence, and no more).
"""

from simulator.years.behaviours.cases import (
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
