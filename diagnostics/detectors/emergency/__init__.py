"""What detectors of emergencies share: how facts become rides, stops, calls, and what is certain.

``seen`` is what one fact shows; ``track`` what facts in a row come to; ``calls`` judges calls for
help; ``judgement`` decides on top of ``memory`` what is suspected and certain, ``episodes`` what is
told of it; ``line`` knows how good its data line is; ``detector`` is the whole as the contract
wants it. What differs from aid to aid is its ``rules``.
"""

from diagnostics.detectors.emergency.detector import EmergencyDetector
from diagnostics.detectors.emergency.limits import Limits
from diagnostics.detectors.emergency.rules import Patience, Rules, Silence

__all__ = ["EmergencyDetector", "Limits", "Patience", "Rules", "Silence"]
