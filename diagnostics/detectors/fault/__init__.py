"""Fault: what the controller itself says, by what it asks for. See docs/detectors/fault.md.

``parameters`` are the numbers, ``memory`` is the state, ``detector`` is the whole as the contract
wants it.
"""

from diagnostics.detectors.fault.detector import Fault
from diagnostics.detectors.fault.parameters import POSTURE, Parameters

__all__ = ["POSTURE", "Fault", "Parameters"]
