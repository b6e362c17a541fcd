"""Which detectors there are: an explicit list, so that a reader sees all of them."""

from typing import Final

from diagnostics.detectors.contract import Detector
from diagnostics.detectors.stuck import Stuck

DETECTORS: Final[tuple[Detector, ...]] = (Stuck(),)


def detectors_for(kind: str) -> tuple[Detector, ...]:
    """Return the detectors that judge this kind of aid."""
    return tuple(detector for detector in DETECTORS if kind in detector.kinds)
