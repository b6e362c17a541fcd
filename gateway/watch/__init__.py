"""Pure: readings in, messages out.

``situation`` understands a reading; ``ride``, ``faults`` and ``emergency`` judge it; ``calls``
keeps calling; ``sampling`` decides how much of it is sent; ``watch`` puts them together.
"""

from gateway.watch.settings import (
    CallSettings,
    EmergencySettings,
    RideSettings,
    SamplingSettings,
    WatchSettings,
)
from gateway.watch.watch import Memory, Outcome, Said, Watch

__all__ = [
    "CallSettings",
    "EmergencySettings",
    "Memory",
    "Outcome",
    "RideSettings",
    "Said",
    "SamplingSettings",
    "Watch",
    "WatchSettings",
]
