"""Which detectors there are: explicit lists, so that a reader sees all of them.

Those for emergencies read everything, readings included, and are run first and by themselves.
Those for analysis read rides, faults, calls, connections and conditions, in a lane of their own
that no emergency waits for.
"""

from typing import Final

from diagnostics.detectors.battery import Battery
from diagnostics.detectors.brake import Brake
from diagnostics.detectors.charger import Charger
from diagnostics.detectors.charging import Charging
from diagnostics.detectors.contract import Detector
from diagnostics.detectors.drive import Drive
from diagnostics.detectors.edges import Edges
from diagnostics.detectors.fault import Fault
from diagnostics.detectors.hanging import Hanging
from diagnostics.detectors.limits import Limits
from diagnostics.detectors.loss import Loss
from diagnostics.detectors.neglect import Neglect
from diagnostics.detectors.nonuse import Nonuse
from diagnostics.detectors.person import Person
from diagnostics.detectors.purpose import Purpose
from diagnostics.detectors.service import Service
from diagnostics.detectors.signal import Signal
from diagnostics.detectors.silence import Silence
from diagnostics.detectors.storage import Storage
from diagnostics.detectors.stranded import Stranded
from diagnostics.detectors.stuck import Stuck
from diagnostics.detectors.tamper import Tamper

EMERGENCY: Final[tuple[Detector, ...]] = (Stuck(), Stranded(), Hanging())
ANALYSIS: Final[tuple[Detector, ...]] = (
    Silence(),
    # Faults and health.
    Fault(),
    Battery(),
    Charger(),
    Drive(),
    Brake(),
    Edges(),
    Signal(),
    Service(),
    # Improper use.
    Person(),
    Purpose(),
    Limits(),
    Charging(),
    Storage(),
    Tamper(),
    Neglect(),
    Loss(),
    Nonuse(),
)
DETECTORS: Final[tuple[Detector, ...]] = EMERGENCY + ANALYSIS


def detectors_for(kind: str) -> tuple[Detector, ...]:
    """Return the detectors that judge this kind of aid."""
    return tuple(detector for detector in DETECTORS if kind in detector.kinds)
