"""Drive: it takes ever more current for the same work. See docs/detectors/drive.md.

``parameters`` are the numbers, ``memory`` is the state, ``wear`` judges it, ``detector`` is the
whole as the contract wants it.
"""

from diagnostics.detectors.drive.detector import Drive
from diagnostics.detectors.drive.parameters import Parameters

__all__ = ["Drive", "Parameters"]
