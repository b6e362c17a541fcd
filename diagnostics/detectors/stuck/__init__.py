"""Stuck: a rider aboard (or unknown), not at a landing, not moving. See docs/detectors/stuck.md.

``view`` turns facts into observations, ``track`` folds observations into rides and stops,
``reasons`` says why. What is done with them is in ``diagnostics.detectors.emergency``.
"""

from diagnostics.detectors.stuck.detector import Stuck
from diagnostics.detectors.stuck.parameters import Parameters

__all__ = ["Parameters", "Stuck"]
