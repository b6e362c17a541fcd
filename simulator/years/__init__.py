"""Years of a fleet at the level of rides and days, without broker or clock: see ``Fleet``."""

from simulator.years.behaviours import BEHAVIOURS, Behaviour, Split, behaviours_for
from simulator.years.fleet import At, Fleet, YearsAid, draw
from simulator.years.register import Register

__all__ = [
    "BEHAVIOURS",
    "At",
    "Behaviour",
    "Fleet",
    "Register",
    "Split",
    "YearsAid",
    "behaviours_for",
    "draw",
]
