"""A patient hoist: an actuator that lifts what hangs in its sling.

Position is its stroke from the bottom; up and down as they are. The load is felt only above the
bed or chair that carries it otherwise. Down always needs the least: a hoist must let down.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from random import Random

from gateway.hal import Reading
from gateway.protocol.vocabulary import AidKind, Demand, Mode
from simulator.hardware.aid import SIGN, Aid
from simulator.hardware.breakdown import Breakdown
from simulator.hardware.climate import STEADY, Climate
from simulator.hardware.parameters import GRAVITY_M_S2, BatteryParameters


@dataclass(frozen=True, kw_only=True)
class HoistParameters:
    """Actuator, sling bar and controller."""

    stroke_m: float = 1.2  # assumed: range of the sling bar
    speed_m_s: float = 0.04  # assumed: 30-60 mm/s usual
    acceleration_m_s2: float = 0.2  # assumed
    bar_kg: float = 8.0  # assumed: arm and bar
    efficiency: float = 0.35  # assumed: spindle and gear
    no_load_current_a: float = 0.9  # assumed
    electronics_current_a: float = 0.01  # assumed
    rated_load_kg: float = 150.0  # assumed: 150-200 usual
    overload_factor: float = 1.25  # assumed: beyond this it does not lift
    stall_current_a: float = 14.0  # assumed
    over_current_after_s: float = 1.0  # assumed
    occupied_from_kg: float = 10.0  # assumed: less is the sling itself
    hand_speed_m_s: float = 0.02  # assumed: emergency lowering, without power
    weighs: bool = True  # assumed: a load cell, or the actuator's current


HOIST_BATTERY = BatteryParameters(
    capacity_ah=4.5,  # assumed: 2.9-5 usual, two blocks
    resistance_ohm=0.15,  # assumed
    peukert_current_a=0.225,  # [data sheet] a 20-hour discharge
    charger_a=0.8,  # assumed: on the wall
    cut_off_v=18.0,  # assumed
)


class Hoist(Aid):
    """One hoist.

    Args:
        rng: for the ripple of what it measures.
        parameters: actuator and controller; battery: likewise.
        position_m: stroke at the beginning.
        charge: of the battery; health: what is left of its capacity.
        serial: the controller's.
        climate: of the room.

    Attributes:
        carried_at_m: below this stroke, bed or chair carry the load.
        emergency_stop: the red button is pressed in.
        hand_wheel: the emergency lowering, pulled by hand (mode ``HAND_WOUND``).
        cable: whether the battery is on its charger.
        lowers: whether power can let it down; a broken lowering valve or lead cannot.
    """

    kind = AidKind.HOIST
    drive: HoistParameters

    def __init__(
        self,
        *,
        rng: Random,
        parameters: HoistParameters | None = None,
        battery: BatteryParameters | None = None,
        position_m: float = 0.0,
        charge: float = 1.0,
        health: float = 1.0,
        serial: str = "00000001",
        climate: Climate = STEADY,
    ) -> None:
        self.drive = parameters or HoistParameters()
        if not 0 <= position_m <= self.drive.stroke_m:
            raise ValueError(f"stroke {position_m} m is not within 0 to {self.drive.stroke_m} m")
        super().__init__(
            rng=rng,
            battery=battery or HOIST_BATTERY,
            charge=charge,
            health=health,
            serial=serial,
            climate=climate,
        )
        self.position_m = position_m
        self.carried_at_m = 0.3
        self.emergency_stop = False
        self.hand_wheel = Demand.NONE
        self.cable = False
        self.lowers = True
        self.friction = 0.0  # gained by wear of the spindle
        self.current_a = self.drive.electronics_current_a
        self._stalled_s = 0.0

    @property
    def settings(self) -> Hashable:
        """Speed and limits."""
        drive = self.drive
        return (drive.speed_m_s, drive.rated_load_kg, drive.overload_factor, drive.stall_current_a)

    @property
    def felt_kg(self) -> float:
        """The load that hangs in it now."""
        return self.seat_load_kg if self.position_m > self.carried_at_m else 0.0

    @property
    def hanging(self) -> bool:
        """Whether somebody hangs in it."""
        return self.felt_kg >= self.drive.occupied_from_kg

    @property
    def occupied(self) -> bool:
        """Whether its load sensor feels somebody."""
        return self.hanging and Breakdown.SEAT_SENSOR not in self.broken

    @property
    def plugged(self) -> bool:
        """Whether the battery is on its charger."""
        return self.cable

    @property
    def mains_seen(self) -> bool:
        """Whether its charger has mains: only seen while connected."""
        return self.mains and self.cable

    @property
    def overloaded(self) -> bool:
        """Whether more hangs in it than it lifts."""
        return self.felt_kg > self.drive.rated_load_kg * self.drive.overload_factor

    @property
    def conditions(self) -> set[str]:
        """All that is the matter, in our vocabulary, whether its maker shows it or not."""
        present = self._common_conditions()
        if self.emergency_stop:
            present.add("emergency_stop")
        if self.overloaded:
            present.add("overload")
        return present

    def may_drive(self, direction: Demand) -> bool:
        """Tell whether the controller would let the actuator run in ``direction``."""
        if self.emergency_stop or self.charging or not self.sound:
            return False
        if direction is Demand.UP:
            return not self.overloaded
        return self.lowers

    def reading(self) -> Reading:
        """Return all that the best of controllers could say now, without faults."""
        speed = round(self.speed_m_s * 1000)
        if speed == 0 and self.speed_m_s != 0:
            speed = 1 if self.speed_m_s > 0 else -1
        return Reading(
            position_mm=round(self.position_m * 1000),
            speed_mm_s=speed,
            demand=self.demand,
            mode=self.mode,
            load_kg=round(self.felt_kg) if self.drive.weighs else None,
        )

    @property
    def _at_rest(self) -> bool:
        wound = self.mode is Mode.HAND_WOUND and self.hand_wheel is not Demand.NONE
        return self.speed_m_s == 0 and self.demand is Demand.NONE and not wound

    def _rest(self, dt_s: float) -> None:
        self.over_current = False
        self._stalled_s = 0.0
        self._charge_or_drain(dt_s, self.drive.electronics_current_a)

    def _move(self, dt_s: float) -> None:
        drive = self.drive
        if self.mode is Mode.HAND_WOUND and self.hand_wheel is Demand.DOWN:
            self.speed_m_s = 0.0
            self.position_m = max(0.0, self.position_m - drive.hand_speed_m_s * dt_s)
            self._draw(0.0, dt_s, electronics_a=drive.electronics_current_a)
            return
        direction = self.demand
        permitted = direction is not Demand.NONE and self.may_drive(direction)
        sign = SIGN[direction] if permitted else 0
        stalled = sign != 0 and Breakdown.JAM in self.broken
        old_speed = self.speed_m_s
        self.speed_m_s = 0.0 if stalled or not sign else self._next_speed(sign, dt_s)
        before_m = self.position_m
        self.position_m += (old_speed + self.speed_m_s) / 2 * dt_s
        if not 0 < self.position_m < drive.stroke_m:
            self.position_m = min(max(self.position_m, 0.0), drive.stroke_m)
            if sign and before_m == self.position_m:
                self.speed_m_s = 0.0
        if old_speed == 0 and self.speed_m_s:
            self.cycles += 1
        self.odometer_m += abs(self.position_m - before_m)
        self._load(dt_s, stalled=stalled)

    def _next_speed(self, sign: int, dt_s: float) -> float:
        at_end = self.position_m >= self.drive.stroke_m if sign > 0 else self.position_m <= 0
        if at_end:
            return 0.0
        same_way = self.speed_m_s if self.speed_m_s * sign > 0 else 0.0
        gained = abs(same_way) + self.drive.acceleration_m_s2 * dt_s
        return sign * min(self.drive.speed_m_s, gained)

    def _load(self, dt_s: float, *, stalled: bool) -> None:
        drive = self.drive
        if stalled:
            self._stalled_s += dt_s
            self.over_current = self._stalled_s >= drive.over_current_after_s
            current_a: float | None = drive.stall_current_a
        elif self.speed_m_s == 0:
            current_a = 0.0
        else:
            weight_n = (drive.bar_kg + self.felt_kg) * GRAVITY_M_S2
            # A spindle holds by itself: downwards it has to be turned, a little.
            share = 1.0 if self.speed_m_s > 0 else 0.15
            power_w = weight_n * share * abs(self.speed_m_s) * (1 + self.friction)
            working_a = self.battery.current_for(power_w / drive.efficiency)
            current_a = None if working_a is None else working_a + drive.no_load_current_a
        if current_a is not None:
            current_a *= max(0.5, 1 + self._rng.gauss(0, 0.02))
        self._draw(current_a, dt_s, electronics_a=drive.electronics_current_a)
