"""Lead-acid battery: charge, voltage that sags under load, charging."""

import math
from itertools import pairwise

from simulator.hardware.parameters import BatteryParameters

# Rest voltage of 24 V lead-acid over state of charge: assumed, typical data-sheet shape.
_REST_V = ((0.0, 21.0), (0.1, 23.0), (0.2, 23.6), (0.5, 24.4), (0.8, 25.1), (1.0, 25.6))


class Battery:
    """State of one battery. ``charge`` is 0 (empty) to 1 (full)."""

    def __init__(self, parameters: BatteryParameters, *, charge: float = 1.0) -> None:
        if not 0 <= charge <= 1:
            raise ValueError(f"state of charge is 0 to 1, not {charge}")
        self._parameters = parameters
        self.charge = charge

    @property
    def rest_v(self) -> float:
        """Voltage without load."""
        for (low, low_v), (high, high_v) in pairwise(_REST_V):
            if self.charge <= high:
                return low_v + (high_v - low_v) * (self.charge - low) / (high - low)
        return _REST_V[-1][1]

    @property
    def resistance_ohm(self) -> float:
        """Internal resistance: rises steeply below 30 % charge (assumed: threefold when empty)."""
        emptiness = max(0.0, 0.3 - self.charge) / 0.3
        return self._parameters.resistance_ohm * (1 + 2 * emptiness**2)

    def current_for(self, power_w: float) -> float | None:
        """Return the current that delivers ``power_w`` (A), or None where the voltage collapses."""
        # P = (E - I R) I, the smaller root.
        rest_v, resistance = self.rest_v, self.resistance_ohm
        discriminant = rest_v**2 - 4 * power_w * resistance
        if discriminant < 0:
            return None
        return (rest_v - math.sqrt(discriminant)) / (2 * resistance)

    def terminal_v(self, current_a: float) -> float:
        """Voltage at the terminals while delivering ``current_a``."""
        return max(0.0, self.rest_v - current_a * self.resistance_ohm)

    def discharge(self, current_a: float, dt_s: float) -> None:
        """Take ``current_a`` out for ``dt_s``; hard use costs more (Peukert)."""
        parameters = self._parameters
        effort = max(1.0, current_a / parameters.peukert_current_a)
        effective_a = current_a * effort ** (parameters.peukert_exponent - 1)
        taken = effective_a * dt_s / 3600 / parameters.capacity_ah
        self.charge = max(0.0, self.charge - taken)

    def recharge(self, dt_s: float) -> None:
        """Charge for ``dt_s``: constant current, then a taper."""
        parameters = self._parameters
        per_s = parameters.charger_a * parameters.charge_efficiency / 3600 / parameters.capacity_ah
        knee = parameters.taper_from_charge
        if self.charge < knee:
            constant_s = min(dt_s, (knee - self.charge) / per_s)
            self.charge += per_s * constant_s
            dt_s -= constant_s
        if dt_s > 0:
            self.charge = 1 - (1 - self.charge) * math.exp(-dt_s * per_s / (1 - knee))

    @property
    def charging_v(self) -> float:
        """Voltage at the terminals while the charger is connected."""
        parameters = self._parameters
        if self.charge >= parameters.taper_from_charge:
            return parameters.charger_v
        return min(parameters.charger_v, self.rest_v + 1.8)  # assumed: charging overpotential
