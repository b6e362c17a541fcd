"""Scooters and power wheelchairs: a drive on wheels, on slopes, somewhere on the map.

Up is forward, down is back. The seat is its seat. Positive incline is nose up, facing forward.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from random import Random

from gateway.hal import Reading
from gateway.protocol.vocabulary import AidKind, Contacts, Demand, Mode, Signals
from simulator.hardware.aid import SIGN, Aid
from simulator.hardware.breakdown import Breakdown
from simulator.hardware.climate import STEADY, Climate
from simulator.hardware.ground import Point
from simulator.hardware.parameters import GRAVITY_M_S2, BatteryParameters

AIR_KG_M3 = 1.2  # [physics]
NOWHERE = Point(52.64, 5.06)
CELL_CHARACTERS = 7


@dataclass(frozen=True, kw_only=True)
class VehicleParameters:
    """Wheels, motor and controller. Defaults: a four-wheeled scooter."""

    max_speed_m_s: float = 4.17  # [EN 12184] 15 km/h, a usual class; at most 20 km/h
    reverse_factor: float = 0.4  # assumed: backwards at walking pace
    acceleration_m_s2: float = 0.8  # assumed
    braking_m_s2: float = 1.5  # assumed: electric braking when the lever is let go
    mass_kg: float = 115.0  # assumed: with batteries
    rolling_resistance: float = 0.018  # assumed: small soft tyres on paving
    drag_area_m2: float = 0.7  # assumed: seated person, coefficient included
    efficiency: float = 0.72  # assumed: motor and transaxle
    no_load_current_a: float = 2.0  # assumed
    electronics_current_a: float = 0.03  # assumed: switched off, with the modem's own need
    newton_per_a: float = 8.0  # assumed: pull at the wheels for each ampere in the motor
    max_current_a: float = 90.0  # assumed: the controller's limit
    max_power_w: float = 1_800.0  # assumed: uphill it slows down to this
    winding_ohm: float = 0.08  # assumed
    heat_capacity_j_k: float = 1_500.0  # assumed: the motor's iron and copper
    cooling_w_k: float = 3.5  # assumed
    hot_c: float = 120.0  # assumed: the controller cuts the motor
    cooled_c: float = 90.0  # assumed: and gives it free again
    stalled_after_s: float = 3.0  # assumed: at the limit without moving
    tips_at_deg: float = 25.0  # assumed: beyond this it does not stand
    occupied_from_kg: float = 20.0  # assumed: spring of the seat switch
    home_radius_m: float = 150.0  # assumed: what the modem calls the home's surroundings
    push_speed_m_s: float = 0.8  # assumed: somebody pushes it in freewheel


SCOOTER = VehicleParameters()
WHEELCHAIR = VehicleParameters(
    max_speed_m_s=2.78,  # [EN 12184] 10 km/h, a usual class
    acceleration_m_s2=0.7,  # assumed
    mass_kg=140.0,  # assumed: with batteries and a powered seat
    rolling_resistance=0.022,  # assumed: broad tyres, castors
    drag_area_m2=0.6,  # assumed
    newton_per_a=10.0,  # assumed: two motors, lower gear
    max_current_a=80.0,  # assumed
    max_power_w=1_400.0,  # assumed
    tips_at_deg=20.0,  # assumed
)
# Two 12 V blocks; capacities as such vehicles are sold with.
SCOOTER_BATTERY = BatteryParameters(
    capacity_ah=50.0,  # assumed: 35-75 usual
    resistance_ohm=0.02,  # assumed: larger plates
    peukert_exponent=1.12,  # assumed
    peukert_current_a=2.5,  # [data sheet] a 20-hour discharge
    calendar_life_years=3.5,  # assumed: traction use
    charger_v=28.8,  # assumed
    charger_a=6.0,  # assumed
    cut_off_v=19.5,  # assumed: of the drive's controller, under load
)
WHEELCHAIR_BATTERY = BatteryParameters(
    capacity_ah=60.0,  # assumed: 40-80 usual
    resistance_ohm=0.018,  # assumed
    peukert_exponent=1.12,  # assumed
    peukert_current_a=3.0,  # [data sheet] a 20-hour discharge
    calendar_life_years=3.0,  # assumed: traction use every day
    charger_v=28.8,  # assumed
    charger_a=8.0,  # assumed
    cut_off_v=19.5,  # assumed
)


class Vehicle(Aid):
    """A scooter or a power wheelchair.

    Args:
        kind: which.
        rng: for the ripple of what it measures.
        parameters: wheels, motor and controller.
        battery: likewise.
        home: where it belongs.
        charge: of the battery; health: what is left of its capacity.
        serial: the controller's.
        climate: where it is kept.

    Attributes:
        throttle: how far the lever is pressed, 0 to 1.
        incline_deg: of the ground under it; tilt_deg: sideways.
        heading_deg: clockwise from the north.
        cable: whether the charger's cable is in it.
        key_on: the key, or the switch that does its work.
        built_for_m_s: its speed as it left the factory.
    """

    drive: VehicleParameters
    substep_s = 0.25  # an outing lasts for an hour

    def __init__(
        self,
        kind: AidKind,
        *,
        rng: Random,
        parameters: VehicleParameters | None = None,
        battery: BatteryParameters | None = None,
        home: Point = NOWHERE,
        charge: float = 1.0,
        health: float = 1.0,
        serial: str = "00000001",
        climate: Climate = STEADY,
    ) -> None:
        scooter = kind is AidKind.SCOOTER
        if not scooter and kind is not AidKind.WHEELCHAIR:
            raise ValueError(f"a {kind} has no wheels to drive on")
        self.kind = kind
        self.drive = parameters or (SCOOTER if scooter else WHEELCHAIR)
        super().__init__(
            rng=rng,
            battery=battery or (SCOOTER_BATTERY if scooter else WHEELCHAIR_BATTERY),
            charge=charge,
            health=health,
            serial=serial,
            climate=climate,
        )
        self.built_for_m_s = self.drive.max_speed_m_s
        self.home = home
        self.place = home
        self.throttle = 1.0
        self.incline_deg = 0.0
        self.tilt_deg = 0.0
        self.heading_deg = 0.0
        self.cable = False
        self.key_on = True
        self.pushed = Demand.NONE
        self.stiffness = 0.0  # rolling resistance gained: soft tyres, worn bearings
        self.brushes = 0.0  # how much more the motor needs for the same work
        self.hot = False
        self.motor_c = self.temperature_c
        self.current_a = self.drive.electronics_current_a
        self._stalled_s = 0.0

    @property
    def settings(self) -> Hashable:
        """Speed, ramps and limits."""
        drive = self.drive
        ramps = (drive.acceleration_m_s2, drive.braking_m_s2, drive.max_power_w)
        return (drive.max_speed_m_s, drive.reverse_factor, *ramps, drive.max_current_a)

    @property
    def mass_kg(self) -> float:
        """Vehicle and load."""
        return self.drive.mass_kg + self.seat_load_kg

    @property
    def occupied(self) -> bool:
        """Whether the seat switch feels somebody."""
        if Breakdown.SEAT_SENSOR in self.broken:
            return False
        return self.seat_load_kg >= self.drive.occupied_from_kg

    @property
    def plugged(self) -> bool:
        """Whether the charger's cable is in."""
        return self.cable

    @property
    def mains_seen(self) -> bool:
        """Whether its charger has mains: only seen while connected."""
        return self.mains and self.cable

    @property
    def distance_m(self) -> float:
        """How far from home it is, as the crow flies."""
        return self.home.distance_m(self.place)

    @property
    def away(self) -> bool:
        """Whether it is farther from home than the home's surroundings."""
        return self.distance_m > self.drive.home_radius_m

    @property
    def tilted(self) -> bool:
        """Whether it leans over farther than it can stand."""
        return abs(self.tilt_deg) > self.drive.tips_at_deg

    @property
    def conditions(self) -> set[str]:
        """All that is the matter, in our vocabulary, whether its maker shows it or not."""
        present = self._common_conditions()
        if self.hot:
            present.add("drive_hot")
        if self.demand is not Demand.NONE and self.charging:
            present.add("inhibited")
        if not self.key_on or self.contacts & Contacts.KEY_SWITCH:
            present.add("key_off")
        return present

    def may_drive(self, direction: Demand) -> bool:  # noqa: ARG002 - both ways are alike here
        """Tell whether the controller would let the motor run."""
        return (
            self.sound
            and self.key_on
            and not self.contacts
            and not self.hot
            and not self.charging
            and self.mode is not Mode.HAND_WOUND
        )

    def reading(self) -> Reading:
        """Return all that the best of controllers could say now, without faults."""
        signals = Signals.NONE
        if self.away:
            signals |= Signals.AWAY
        if self.tilted:
            signals |= Signals.TILTED
        speed = round(self.speed_m_s * 1000)
        if speed == 0 and self.speed_m_s != 0:  # the slightest motion is still motion
            speed = 1 if self.speed_m_s > 0 else -1
        return Reading(
            speed_mm_s=speed,
            demand=self.demand,
            mode=self.mode,
            contacts=self.contacts,
            signals=signals,
            incline_deg=round(self.incline_deg),
            odometer_m=int(self.odometer_m),
            cell=self.place.geohash(CELL_CHARACTERS),
        )

    def carry(self, distance_m: float, heading_deg: float) -> None:
        """Be taken elsewhere without driving: in a car, or by a thief."""
        self.place = self.place.moved(distance_m, heading_deg)

    @property
    def _at_rest(self) -> bool:
        pushed = self.mode is Mode.HAND_WOUND and self.pushed is not Demand.NONE
        return self.speed_m_s == 0 and self.demand is Demand.NONE and not pushed

    def _rest(self, dt_s: float) -> None:
        self.over_current = False
        self._stalled_s = 0.0
        self._warm(0.0, dt_s)
        self._charge_or_drain(dt_s, self.drive.electronics_current_a)

    def _move(self, dt_s: float) -> None:
        if self.mode is Mode.HAND_WOUND:
            self.speed_m_s = SIGN[self.pushed] * self.drive.push_speed_m_s
            self._roll(self.speed_m_s * dt_s)
            self._draw(0.0, dt_s, electronics_a=self.drive.electronics_current_a)
            return
        direction = self.demand
        permitted = direction is not Demand.NONE and self.may_drive(direction)
        sign = SIGN[direction] if permitted and not self.tilted else 0
        old_speed = self.speed_m_s
        if self.tilted or Breakdown.JAM in self.broken:
            self.speed_m_s = 0.0
        else:
            self.speed_m_s = self._next_speed(sign, dt_s)
        if old_speed == 0 and self.speed_m_s:
            self.cycles += 1
        self._roll((old_speed + self.speed_m_s) / 2 * dt_s)
        pulling = sign != 0 and Breakdown.MOTOR not in self.broken
        motor_a = self._motor_a((self.speed_m_s - old_speed) / dt_s) if pulling else 0.0
        self._stall(dt_s, motor_a, asked=pulling)
        self._warm(motor_a, dt_s)
        self._feed(motor_a, dt_s, pulling=pulling)

    def _next_speed(self, sign: int, dt_s: float) -> float:
        drive, speed = self.drive, self.speed_m_s
        if sign == 0 or speed * sign < 0:
            slower = max(0.0, abs(speed) - drive.braking_m_s2 * dt_s)
            return math.copysign(slower, speed) if slower else 0.0
        limit = drive.max_speed_m_s * (1.0 if sign > 0 else drive.reverse_factor)
        limit *= min(1.0, max(0.0, self.throttle))
        against_n = self._resistance_n(sign)
        if against_n > 0:
            limit = min(limit, drive.max_power_w * drive.efficiency / against_n)
        spare_n = drive.max_current_a * drive.newton_per_a - against_n
        gain = min(drive.acceleration_m_s2, spare_n / self.mass_kg) * dt_s
        if gain < 0:  # too steep: it slows down, and the brake holds it
            return sign * max(0.0, abs(speed) + gain)
        slowest = max(0.0, abs(speed) - drive.braking_m_s2 * dt_s)
        return sign * max(min(abs(speed) + gain, limit), min(slowest, abs(speed)))

    def _resistance_n(self, sign: int) -> float:
        """Return the force against going forward (``sign`` 1) or back at the present speed."""
        drive, weight_n = self.drive, self.mass_kg * GRAVITY_M_S2
        incline = math.radians(self.incline_deg)
        rolling = drive.rolling_resistance * (1 + self.stiffness) * math.cos(incline)
        drag_n = 0.5 * AIR_KG_M3 * drive.drag_area_m2 * self.speed_m_s**2
        return weight_n * (rolling + sign * math.sin(incline)) + drag_n

    def _motor_a(self, acceleration_m_s2: float) -> float:
        """Return the current in the motor; 0 where it is driven by the slope."""
        sign = SIGN[self.demand]
        force_n = self._resistance_n(sign) + sign * acceleration_m_s2 * self.mass_kg
        if Breakdown.JAM in self.broken:
            force_n = math.inf
        wanted_a = max(0.0, force_n / self.drive.newton_per_a) * (1 + self.brushes)
        return min(self.drive.max_current_a, wanted_a)

    def _stall(self, dt_s: float, motor_a: float, *, asked: bool) -> None:
        stalled = asked and self.speed_m_s == 0 and motor_a >= 0.98 * self.drive.max_current_a
        self._stalled_s = self._stalled_s + dt_s if stalled else 0.0
        self.over_current = self.over_current or self._stalled_s >= self.drive.stalled_after_s

    def _warm(self, motor_a: float, dt_s: float) -> None:
        """Let the motor warm up or cool down; exact for a current that stays as it is."""
        drive = self.drive
        final_c = self.temperature_c + motor_a**2 * drive.winding_ohm / drive.cooling_w_k
        left = math.exp(-dt_s * drive.cooling_w_k / drive.heat_capacity_j_k)
        self.motor_c = final_c + (self.motor_c - final_c) * left
        if self.motor_c >= drive.hot_c:
            self.hot = True
        elif self.motor_c <= drive.cooled_c:
            self.hot = False

    def _feed(self, motor_a: float, dt_s: float, *, pulling: bool) -> None:
        drive = self.drive
        if not pulling:
            current_a: float | None = 0.0
        else:
            force_n = motor_a * drive.newton_per_a / (1 + self.brushes)
            work_w = force_n * abs(self.speed_m_s) / drive.efficiency * (1 + self.brushes)
            current_a = self.battery.current_for(work_w + motor_a**2 * drive.winding_ohm)
        if pulling and current_a is not None:
            current_a = (current_a + drive.no_load_current_a) * (1 + self._rng.gauss(0, 0.02))
        self._draw(current_a, dt_s, electronics_a=drive.electronics_current_a)

    def _roll(self, distance_m: float) -> None:
        self.odometer_m += abs(distance_m)
        if distance_m:
            self.place = self.place.moved(distance_m, self.heading_deg)
