"""Stranded: away from home with somebody aboard, and it cannot go on. docs/detectors/stranded.md.

``view`` turns facts into observations, ``track`` folds observations into outings and stops,
``reasons`` says why. What is done with them is in ``diagnostics.detectors.emergency``.
"""

from diagnostics.detectors.stranded.detector import Stranded
from diagnostics.detectors.stranded.parameters import Parameters

__all__ = ["Parameters", "Stranded"]
