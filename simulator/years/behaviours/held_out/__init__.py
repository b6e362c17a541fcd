"""Kept for the test: ways of being fine, failing and being misused that nobody tunes on.

Whoever works on a detector does not read this folder. After a verdict that was looked at these
become training (``test=True`` goes, the modules move), and others are written by somebody who has
not read the detectors. Left out, since nobody could tell them by what a modem says: things lifted
by a hoist (they weigh like people), an entitled partner who takes another's part, a service that
was done and never written down.
"""

from simulator.years.behaviours.held_out import (
    astray,
    decay,
    errands,
    journeys,
    quiet,
    riders,
    seasons,
    signs,
    strain,
    streets,
    upkeep,
    visits,
)

__all__ = [
    "astray",
    "decay",
    "errands",
    "journeys",
    "quiet",
    "riders",
    "seasons",
    "signs",
    "strain",
    "streets",
    "upkeep",
    "visits",
]
