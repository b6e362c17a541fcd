"""Battery: lead-acid that will soon carry its client no more. See docs/detectors/battery.md.

``parameters`` are the numbers, ``memory`` is the state, ``detector`` is the whole as the contract
wants it.
"""

from diagnostics.detectors.battery.detector import Battery
from diagnostics.detectors.battery.parameters import Parameters

__all__ = ["Battery", "Parameters"]
