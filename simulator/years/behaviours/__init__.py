"""Ways of being fine, of failing and of being misused: each an object with a name of its own."""

from simulator.years.behaviours import (
    care,
    faults,
    fine,
    health,
    held_out,
    limits,
    people,
    purpose,
    silence,
    tamper,
    wear,
)
from simulator.years.behaviours.contract import (
    BEHAVIOURS,
    Behaviour,
    Spell,
    Split,
    Stage,
    behaviour,
    behaviours_for,
)

__all__ = [
    "BEHAVIOURS",
    "Behaviour",
    "Spell",
    "Split",
    "Stage",
    "behaviour",
    "behaviours_for",
    "care",
    "faults",
    "fine",
    "health",
    "held_out",
    "limits",
    "people",
    "purpose",
    "silence",
    "tamper",
    "wear",
]
