"""Kept for the test: ways of being fine, failing and being misused that nobody tunes on.

Whoever works on a detector does not read this folder. After a verdict that was looked at these
become training (``test=True`` goes, the modules move to ``cases``), and others are written by
somebody who has not read the detectors.
"""

from simulator.years.behaviours.held_out import (
    accumulators,
    ailing,
    berths,
    callers,
    capers,
    frames,
    frequencies,
    gearboxes,
    haulage,
    instruments,
    overuse,
    passengers,
    settings,
    straying,
    velocities,
    ways,
)

__all__ = [
    "accumulators",
    "ailing",
    "berths",
    "callers",
    "capers",
    "frames",
    "frequencies",
    "gearboxes",
    "haulage",
    "instruments",
    "overuse",
    "passengers",
    "settings",
    "straying",
    "velocities",
    "ways",
]
