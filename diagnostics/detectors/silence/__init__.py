"""Silence: an aid that is away, or connected and mute, or does not test. docs/detectors/silence.md.

Silence is neither good nor bad: what is found here tells people where to look, and is no emergency.
A lift that falls silent in mid-ride is: that is ``stuck``'s.
"""

from diagnostics.detectors.silence.detector import Silence
from diagnostics.detectors.silence.parameters import Parameters

__all__ = ["Parameters", "Silence"]
