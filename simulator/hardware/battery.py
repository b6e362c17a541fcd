"""Lead-acid battery: charge, voltage that sags under load, charging, cold, and old age."""

import math
from itertools import pairwise

from simulator.hardware.parameters import BatteryParameters

REFERENCE_C = 20.0  # what data sheets are written for
END_OF_LIFE = 0.6  # [market] below about 4.2 of 7 Ah measured
LEAST_HEALTH = 0.05
MONTH_S = 30 * 86_400
YEAR_S = 365.25 * 86_400

# Rest voltage of 24 V lead-acid over state of charge: assumed, typical data-sheet shape.
EMPTY_BELOW = 0.3  # state of charge from which its resistance rises
_REST_V = ((0.0, 21.0), (0.1, 23.0), (0.2, 23.6), (0.5, 24.4), (0.8, 25.1), (1.0, 25.6))
_PIECES = tuple((*low, *high) for low, high in pairwise(_REST_V))


class Battery:
    """State of one battery.

    Attributes:
        charge: 0 (empty) to 1 (as full as it still gets).
        health: the capacity that is left, as a part of that when new; 0.6 is the end of life.
        temperature_c: of its cells.
    """

    def __init__(
        self, parameters: BatteryParameters, *, charge: float = 1.0, health: float = 1.0
    ) -> None:
        if not 0 <= charge <= 1:
            raise ValueError(f"state of charge is 0 to 1, not {charge}")
        if not 0 < health <= 1:
            raise ValueError(f"state of health is above 0 to 1, not {health}")
        self._parameters = parameters
        self.charge = charge
        self.health = health
        self.temperature_c = REFERENCE_C
        self._known_charge = math.nan
        self._known_rest_v = 0.0

    @property
    def capacity_ah(self) -> float:
        """What it holds at this temperature and age (Ah, 20-hour discharge)."""
        parameters = self._parameters
        full = parameters.capacity_ah * self.health
        if self.temperature_c >= REFERENCE_C:
            return full
        cold_c = REFERENCE_C - self.temperature_c
        return full * max(0.3, 1 - parameters.cold_capacity_loss_per_c * cold_c)

    @property
    def rest_v(self) -> float:
        """Voltage without load."""
        charge = self.charge
        if charge != self._known_charge:  # asked several times in each moment
            self._known_charge = charge
            self._known_rest_v = self._rest_v_at(charge)
        return self._known_rest_v

    def _rest_v_at(self, charge: float) -> float:
        for low, low_v, high, high_v in _PIECES:
            if charge <= high:
                rest_v = low_v + (high_v - low_v) * (charge - low) / (high - low)
                return rest_v * self._parameters.nominal_v / 24
        return _REST_V[-1][1] * self._parameters.nominal_v / 24

    @property
    def resistance_ohm(self) -> float:
        """Internal resistance: rises when empty, cold or old; exhausted, it gives nothing more."""
        parameters, charge = self._parameters, self.charge
        ohm = parameters.resistance_ohm
        if charge < EMPTY_BELOW:
            emptiness = (EMPTY_BELOW - charge) / EMPTY_BELOW
            ohm *= 1 + parameters.empty_resistance_gain * emptiness**2
        if charge < parameters.exhausted_below:
            exhaustion = (parameters.exhausted_below - charge) / parameters.exhausted_below
            ohm *= 1 + parameters.exhausted_resistance_gain * exhaustion**2
        if self.temperature_c < REFERENCE_C:
            ohm *= 1 + parameters.cold_resistance_gain_per_c * (REFERENCE_C - self.temperature_c)
        return ohm * (1 + parameters.worn_resistance_gain * (1 - self.health))

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
        volts = self.rest_v - current_a * self.resistance_ohm
        return volts if volts > 0 else 0.0

    def discharge(self, current_a: float, dt_s: float) -> None:
        """Take ``current_a`` out for ``dt_s``; hard use costs more (Peukert)."""
        parameters = self._parameters
        effort = current_a / parameters.peukert_current_a
        if effort > 1:
            current_a *= effort ** (parameters.peukert_exponent - 1)
        taken = current_a * dt_s / 3600 / self.capacity_ah
        self.charge = self.charge - taken if taken < self.charge else 0.0

    def regenerate(self, current_a: float, dt_s: float) -> None:
        """Put ``current_a`` back for ``dt_s``, as braking downhill does; no more than it holds."""
        gained = current_a * self._parameters.charge_efficiency * dt_s / 3600 / self.capacity_ah
        self.charge = min(1.0, self.charge + gained)

    def recharge(self, dt_s: float) -> None:
        """Charge for ``dt_s``: constant current, then a taper."""
        parameters = self._parameters
        per_s = parameters.charger_a * parameters.charge_efficiency / 3600 / self.capacity_ah
        knee = parameters.taper_from_charge
        if self.charge < knee:
            constant_s = min(dt_s, (knee - self.charge) / per_s)
            self.charge += per_s * constant_s
            dt_s -= constant_s
        if dt_s > 0:
            self.charge = 1 - (1 - self.charge) * math.exp(-dt_s * per_s / (1 - knee))

    @property
    def charging_a(self) -> float:
        """Current that the charger delivers while it is connected."""
        parameters = self._parameters
        knee = parameters.taper_from_charge
        taper = 1.0 if self.charge < knee else (1 - self.charge) / (1 - knee)
        # A worn battery never stops taking a little (assumed: corroded, dry cells leak).
        return parameters.charger_a * max(taper, parameters.leak * (2 - self.health))

    @property
    def charging_v(self) -> float:
        """Voltage at the terminals while the charger is connected."""
        parameters = self._parameters
        if self.charge >= parameters.taper_from_charge:
            return parameters.charger_v
        overpotential_v = parameters.charge_overpotential_v * parameters.nominal_v / 24
        return min(parameters.charger_v, self.rest_v + overpotential_v)

    def age(self, dt_s: float) -> None:
        """Let ``dt_s`` pass for its chemistry: self-discharge, and capacity that fades for good.

        Both go twice as fast for each 10 degrees above 20 (the rule of thumb of data sheets);
        standing half empty or worse sulphates the plates.
        """
        parameters = self._parameters
        warmth = 2 ** ((self.temperature_c - REFERENCE_C) / 10)
        self.charge *= max(0.0, 1 - parameters.self_discharge_per_month * warmth * dt_s / MONTH_S)
        hunger = parameters.sulphation_factor if self.charge < 0.5 else 1.0
        fade = (1 - END_OF_LIFE) * dt_s / (parameters.calendar_life_years * YEAR_S)
        self.health = max(LEAST_HEALTH, self.health - fade * warmth * hunger)

    def wear_by_cycles(self, cycles: float) -> None:
        """Fade as ``cycles`` full discharges do."""
        fade = (1 - END_OF_LIFE) * cycles / self._parameters.cycle_life
        self.health = max(LEAST_HEALTH, self.health - fade)
