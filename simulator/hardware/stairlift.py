"""A stairlift's physics: carriage, drive, battery, safety chain and controls.

Time comes in as ``dt_s``; the only randomness is the generator handed over. Inputs are plain
attributes (what people's hands and failing parts do); ``step`` lets the world go on.
"""

import math
from enum import StrEnum
from random import Random

from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode
from simulator.hardware.battery import Battery
from simulator.hardware.parameters import (
    GRAVITY_M_S2,
    BatteryParameters,
    ControllerParameters,
    DriveParameters,
)
from simulator.hardware.rail import Rail
from simulator.hardware.safety import permits

SUBSTEP_S = 0.1
_SIGN = {Demand.NONE: 0, Demand.UP: 1, Demand.DOWN: -1}


class Breakdown(StrEnum):
    """Parts that are broken now."""

    DRIVE = "drive"  # the motor relay does not close
    JAM = "jam"  # something blocks the carriage
    CONTROLLER = "controller"  # the board's watchdog holds everything
    ISOLATOR = "isolator"  # the battery is disconnected
    CHARGER = "charger"
    BUS = "bus"  # the modem gets no answer from the controller
    SEAT_SENSOR = "seat_sensor"  # says "empty", whoever sits there


_STOPS_DRIVE = frozenset({Breakdown.DRIVE, Breakdown.CONTROLLER, Breakdown.ISOLATOR})
_STOPS_CHARGING = frozenset({Breakdown.CHARGER, Breakdown.ISOLATOR})


class Stairlift:
    """One stairlift. Positions in metres from the bottom landing, positive speed is up."""

    def __init__(
        self,
        rail: Rail,
        *,
        rng: Random,
        drive: DriveParameters | None = None,
        battery: BatteryParameters | None = None,
        controller: ControllerParameters | None = None,
        position_m: float = 0.0,
        charge: float = 1.0,
    ) -> None:
        if not 0 <= position_m <= rail.length_m:
            raise ValueError(f"position {position_m} m is not on a rail of {rail.length_m} m")
        self.rail = rail
        self._rng = rng
        self._drive = drive or DriveParameters()
        self._battery_parameters = battery or BatteryParameters()
        self._controller = controller or ControllerParameters()
        self.battery = Battery(self._battery_parameters, charge=charge)

        # What people and the house do to it.
        self.seat_load_kg = 0.0
        self.joystick = Demand.NONE
        self.remote = Demand.NONE
        self.hand_wheel = Demand.NONE
        self.mode = Mode.NORMAL
        self.contacts = Contacts.NONE
        self.sos = False
        self.mains = True
        self.broken: set[Breakdown] = set()

        # What follows from it.
        self.position_m = position_m
        self.speed_m_s = 0.0
        self.current_a = self._drive.electronics_current_a
        self.battery_flat = False
        self.over_current = False
        self.energy_drawn_j = 0.0  # out of the battery, for the drive
        self._stalled_s = 0.0
        self._uncharged_s = 0.0

    @property
    def rated_speed_m_s(self) -> float:
        """The speed that the drive never exceeds."""
        return self._drive.rated_speed_m_s

    @property
    def mass_kg(self) -> float:
        """What the drive has to carry."""
        return self._drive.carriage_kg + self.seat_load_kg

    @property
    def demand(self) -> Demand:
        """What is asked of the drive: the joystick goes before the remotes (assumed)."""
        if self.mode is Mode.HAND_WOUND:
            return Demand.NONE
        return self.joystick if self.joystick is not Demand.NONE else self.remote

    @property
    def occupied(self) -> bool:
        """Whether the seat switch feels somebody."""
        if Breakdown.SEAT_SENSOR in self.broken:
            return False
        return self.seat_load_kg >= self._controller.occupied_from_kg

    @property
    def landing(self) -> Landing:
        """Which landing switch is made."""
        if self.position_m <= self._controller.landing_zone_m:
            return Landing.BOTTOM
        if self.position_m >= self.rail.length_m - self._controller.landing_zone_m:
            return Landing.TOP
        return Landing.BETWEEN

    @property
    def charging(self) -> bool:
        """Whether the contacts at a rail end carry charging current."""
        from_end_m = min(self.position_m, self.rail.length_m - self.position_m)
        return (
            self.mains
            and self.speed_m_s == 0
            and from_end_m <= self._controller.charge_zone_m
            and _STOPS_CHARGING.isdisjoint(self.broken)
        )

    @property
    def uncharged_too_long(self) -> bool:
        """Whether it has stood still without charging long enough to show it."""
        return self._uncharged_s >= self._controller.no_charge_after_s

    @property
    def powered(self) -> bool:
        """Whether the drive has a battery."""
        return Breakdown.ISOLATOR not in self.broken

    @property
    def battery_v(self) -> float:
        """Voltage at the battery's terminals, under the present load."""
        if not self.powered:
            return 0.0
        if self.charging:
            return self.battery.charging_v
        return self.battery.terminal_v(self.current_a)

    @property
    def refused(self) -> bool:
        """Whether something is asked that the controller does not give."""
        direction = self.demand
        return direction is not Demand.NONE and not self.may_drive(direction)

    def may_drive(self, direction: Demand) -> bool:
        """Tell whether controller and safety chain would let the drive run in ``direction``."""
        return (
            not self.battery_flat
            and not self.over_current
            and _STOPS_DRIVE.isdisjoint(self.broken)
            and permits(self.contacts, direction)
        )

    def step(self, dt_s: float) -> None:
        """Let ``dt_s`` seconds pass with the inputs as they are.

        Raises:
            ValueError: time does not go backwards.
        """
        if dt_s < 0:
            raise ValueError(f"time does not go backwards: {dt_s} s")
        while dt_s > 0:
            if self._at_rest:
                self._rest(dt_s)
                return
            substep_s = min(dt_s, SUBSTEP_S)
            self._move(substep_s)
            dt_s -= substep_s
            if dt_s < 1e-9:  # what remains is rounding
                return

    @property
    def _at_rest(self) -> bool:
        return (
            self.speed_m_s == 0
            and self.demand is Demand.NONE
            and (self.mode is not Mode.HAND_WOUND or self.hand_wheel is Demand.NONE)
        )

    def _rest(self, dt_s: float) -> None:
        self.over_current = False  # given free when the joystick is let go (assumed)
        self._stalled_s = 0.0
        self.current_a = self._drive.electronics_current_a if self.powered else 0.0
        if self.charging:
            self._uncharged_s = 0.0
            self.battery.recharge(dt_s)
            if self.battery.rest_v >= self._battery_parameters.recovered_v:
                self.battery_flat = False
        else:
            self._uncharged_s += dt_s
            self.battery.discharge(self.current_a, dt_s)

    def _move(self, dt_s: float) -> None:
        if self.mode is Mode.HAND_WOUND and self.speed_m_s == 0:
            self._wind(dt_s)
            return
        direction = self.demand
        permitted = direction is not Demand.NONE and self.may_drive(direction)
        sign = _SIGN[direction] if permitted else 0
        stalled = sign != 0 and Breakdown.JAM in self.broken
        old_speed = self.speed_m_s
        self.speed_m_s = 0.0 if stalled else self._next_speed(sign, dt_s, refused=self.refused)
        self.position_m += (old_speed + self.speed_m_s) / 2 * dt_s
        if not 0 < self.position_m < self.rail.length_m:
            # The end stop: the approach has brought it down to creeping speed.
            self.position_m = min(max(self.position_m, 0.0), self.rail.length_m)
            if self.speed_m_s * (self.position_m - self.rail.length_m / 2) > 0:
                self.speed_m_s = 0.0
        self._uncharged_s = 0.0
        self._load(dt_s, stalled=stalled)

    def _next_speed(self, sign: int, dt_s: float, *, refused: bool) -> float:
        drive, speed = self._drive, self.speed_m_s
        if sign == 0 or speed * sign < 0:
            # Letting go is a soft stop; a broken chain drops the brake.
            braking = refused or self.mode is Mode.HAND_WOUND or not self.powered
            rate = drive.brake_m_s2 if braking else drive.soft_stop_m_s2
            return math.copysign(max(0.0, abs(speed) - rate * dt_s), speed) if speed else 0.0
        limit = drive.rated_speed_m_s
        if self.rail.segment_at(self.position_m).bend:
            limit *= drive.bend_speed_factor
        ahead_m = self.rail.length_m - self.position_m if sign > 0 else self.position_m
        if ahead_m <= 0:
            return 0.0
        approach = max(drive.creep_speed_m_s, math.sqrt(2 * drive.soft_stop_m_s2 * ahead_m))
        fastest = min(abs(speed) + drive.soft_start_m_s2 * dt_s, limit, approach)
        # Into a bend it slows down gently, too.
        slowest = abs(speed) - drive.soft_stop_m_s2 * dt_s
        return sign * min(max(fastest, slowest), approach)

    def _wind(self, dt_s: float) -> None:
        distance_m = _SIGN[self.hand_wheel] * self._drive.hand_wind_speed_m_s * dt_s
        self.position_m = min(max(self.position_m + distance_m, 0.0), self.rail.length_m)
        self.current_a = self._drive.electronics_current_a if self.powered else 0.0

    def _load(self, dt_s: float, *, stalled: bool) -> None:
        """Work out what the drive takes, and what that does to battery and controller."""
        drive = self._drive
        if stalled:
            self._stalled_s += dt_s
            current_a: float | None = drive.stall_current_a
            self.over_current = self._stalled_s >= drive.over_current_after_s
        else:
            self._stalled_s = 0.0
            current_a = self._running_current_a()
        if current_a is None or not self.powered:
            self.battery_flat = self.battery_flat or self.powered
            self.current_a = 0.0
            return
        ripple = 1 + self._rng.gauss(0, drive.current_noise)
        self.current_a = current_a * max(0.5, ripple) + drive.electronics_current_a
        voltage_v = self.battery.terminal_v(self.current_a)
        if voltage_v <= self._battery_parameters.cut_off_v:
            self.battery_flat = True
        self.energy_drawn_j += voltage_v * self.current_a * dt_s
        self.battery.discharge(self.current_a, dt_s)

    def _running_current_a(self) -> float | None:
        drive = self._drive
        if self.speed_m_s == 0:
            return 0.0
        segment = self.rail.segment_at(self.position_m)
        incline = math.radians(segment.incline_deg)
        weight_n = self.mass_kg * GRAVITY_M_S2
        friction_n = drive.friction * weight_n * math.cos(incline)
        if segment.bend:
            friction_n *= drive.bend_friction_factor
        slope_n = weight_n * math.sin(incline)
        # Downhill a self-locking worm gives nothing back: the load only helps its friction.
        force_n = friction_n + (slope_n if self.speed_m_s > 0 else 0.05 * slope_n)
        power_w = force_n * abs(self.speed_m_s) / drive.gear_efficiency
        working_a = self.battery.current_for(power_w)
        return None if working_a is None else working_a + drive.no_load_current_a
