"""Pure: readings in, messages out.

``situation`` understands a reading; ``ride`` and ``faults`` follow it; ``emergency`` (stairlifts),
``stranding`` (wheels) and ``hanging`` (hoists) judge it; ``calls`` keeps calling; ``condition``
sums it up for a day; ``sampling`` decides how much is sent; ``watch`` puts them together.
"""

from gateway.watch.settings import (
    CallSettings,
    ConditionSettings,
    EmergencySettings,
    HoistSettings,
    RideSettings,
    SamplingSettings,
    WatchSettings,
    WheelsSettings,
)
from gateway.watch.watch import Memory, Outcome, Said, Watch

__all__ = [
    "CallSettings",
    "ConditionSettings",
    "EmergencySettings",
    "HoistSettings",
    "Memory",
    "Outcome",
    "RideSettings",
    "Said",
    "SamplingSettings",
    "Watch",
    "WatchSettings",
    "WheelsSettings",
]
