"""Hanging: somebody hangs in a hoist that does not let him down. docs/detectors/hanging.md.

``view`` turns facts into observations, ``track`` folds observations into transfers and stops,
``reasons`` says why. What is done with them is in ``diagnostics.detectors.emergency``.
"""

from diagnostics.detectors.hanging.detector import Hanging
from diagnostics.detectors.hanging.parameters import Parameters

__all__ = ["Hanging", "Parameters"]
