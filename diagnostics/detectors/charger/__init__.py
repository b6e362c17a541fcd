"""Charger: it gives nothing, too little or too much, or the aid is left off its charge point.

See docs/detectors/charger.md. ``parameters`` are the numbers, ``memory`` is the state, ``failing``
are the ways in which a charger fails that still gives something, ``detector`` is the whole as the
contract wants it.
"""

from diagnostics.detectors.charger.detector import Charger
from diagnostics.detectors.charger.parameters import Parameters

__all__ = ["Charger", "Parameters"]
