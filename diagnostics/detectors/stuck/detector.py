"""The stuck detector: emergencies by the rules of stairlifts."""

from diagnostics.detectors.emergency import EmergencyDetector
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.detectors.stuck.rules import StairliftRules


class Stuck(EmergencyDetector):
    """Finds riders who cannot get off."""

    name: str = "stuck"
    version: int = 3
    kinds: frozenset[str] = frozenset({"stairlift"})

    def __init__(self, limits: Parameters | None = None) -> None:
        super().__init__(StairliftRules(limits or Parameters()))
