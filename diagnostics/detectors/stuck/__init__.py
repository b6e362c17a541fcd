"""Stuck: a rider aboard (or unknown), not at a landing, not moving. See docs/detectors/stuck.md.

``view`` turns facts into observations, ``track`` folds observations into rides and stops,
``calls`` judges the modem's own calls, ``judgement`` decides on top of ``memory`` what is suspected
and certain, ``detector`` is the whole as the contract wants it.
"""

from diagnostics.detectors.stuck.detector import Stuck
from diagnostics.detectors.stuck.parameters import Parameters

__all__ = ["Parameters", "Stuck"]
