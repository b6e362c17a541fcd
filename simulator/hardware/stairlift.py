"""A stairlift's physics: carriage, drive, safety chain, hinge and powered footrest.

Positions in metres from the bottom landing; positive speed is up.
"""

import math
from collections.abc import Hashable
from dataclasses import astuple
from random import Random

from gateway.hal import Reading
from gateway.protocol.vocabulary import AidKind, Contacts, Demand, Landing, Mode
from simulator.hardware.aid import SIGN, Aid
from simulator.hardware.breakdown import Breakdown
from simulator.hardware.climate import STEADY, Climate
from simulator.hardware.mechanism import Mechanism
from simulator.hardware.parameters import BatteryParameters, ControllerParameters, DriveParameters
from simulator.hardware.rail import Rail
from simulator.hardware.safety import FAULT_OF_CONTACT, permits
from simulator.hardware.traction import running_current_a
from simulator.hardware.wear import Wear

__all__ = ["Breakdown", "Stairlift"]


class Stairlift(Aid):
    """One stairlift.

    Args:
        rail: what it runs on.
        rng: for the ripple of what it measures.
        drive: motor, gear and carriage; battery, controller: likewise.
        position_m: where it stands.
        charge: of the battery; health: what is left of its capacity.
        serial: the controller's.
        climate: of the staircase.
        wear: of rail and drive.
        hinge_m: length of the hinged piece at the bottom; 0: none.
        powered_step: whether it has a powered footrest.
    """

    kind = AidKind.STAIRLIFT
    drive: DriveParameters

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
        health: float = 1.0,
        serial: str = "00000001",
        climate: Climate = STEADY,
        wear: Wear | None = None,
        hinge_m: float = 0.0,
        powered_step: bool = False,
    ) -> None:
        if not 0 <= position_m <= rail.length_m:
            raise ValueError(f"position {position_m} m is not on a rail of {rail.length_m} m")
        self.rail = rail
        self.drive = drive or DriveParameters()
        self._controller = controller or ControllerParameters()
        self.remote = Demand.NONE
        self.hand_wheel = Demand.NONE
        super().__init__(
            rng=rng,
            battery=battery or BatteryParameters(),
            charge=charge,
            health=health,
            serial=serial,
            climate=climate,
        )
        self.wear = wear or Wear()
        self.brake_grip = 1.0
        self.touches_per_m = 0.0  # how often its footrest touches something for a moment
        self.hinge_m = hinge_m
        folded = hinge_m > 0 and position_m > hinge_m + self._controller.hinge_zone_m
        self.hinge = Mechanism(self._controller.hinge_s, in_use=not folded)
        self.powered_step = Mechanism(self._controller.step_s) if powered_step else None
        self.position_m = position_m
        self.current_a = self.drive.electronics_current_a
        self._stalled_s = 0.0
        self._uncharged_s = 0.0
        self._stood_s = 0.0
        self._slides_m = 0.0
        self._touches_s = 0.0

    @property
    def settings(self) -> Hashable:
        """Speed, ramps and limits."""
        drive = self.drive
        limits = (drive.stall_current_a, drive.over_current_after_s)
        ramps = (drive.soft_start_m_s2, drive.soft_stop_m_s2, drive.creep_speed_m_s)
        return (drive.rated_speed_m_s, *ramps, *limits, *astuple(self._controller))

    @property
    def rated_speed_m_s(self) -> float:
        """The speed that the drive never exceeds."""
        return self.drive.rated_speed_m_s

    @property
    def mass_kg(self) -> float:
        """What the drive has to carry."""
        return self.drive.carriage_kg + self.seat_load_kg

    @property
    def demand(self) -> Demand:
        """What is asked of the drive: the joystick goes before the remotes (assumed)."""
        if self.mode is Mode.HAND_WOUND:
            return Demand.NONE
        joystick = self.joystick
        return joystick if joystick is not Demand.NONE else self.remote

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
    def open_contacts(self) -> Contacts:
        """The contacts that are open: by hand, by failure, or since something is not in place."""
        contacts = self.contacts
        if self.hinge_m and not self.hinge.in_use and self._needs_hinge:
            contacts |= Contacts.HINGE_RAIL
        if self.powered_step is not None and self.powered_step.moving:
            contacts |= Contacts.POWERED_STEP
        if self._touches_s:
            contacts |= Contacts.FOOTREST_UP
        return contacts

    @property
    def plugged(self) -> bool:
        """Whether it stands on the contacts at a rail end."""
        from_end_m = min(self.position_m, self.rail.length_m - self.position_m)
        return from_end_m <= self._controller.charge_zone_m

    @property
    def uncharged_too_long(self) -> bool:
        """Whether it has stood still without charging long enough to show it."""
        return self._uncharged_s >= self._controller.no_charge_after_s

    @property
    def conditions(self) -> set[str]:
        """All that is the matter, in our vocabulary, whether its maker shows it or not."""
        present = self._common_conditions()
        if contacts := self.open_contacts:
            present |= {name for contact, name in FAULT_OF_CONTACT.items() if contacts & contact}
        if self.uncharged_too_long:
            present.add("no_charge")
        return present

    def may_drive(self, direction: Demand) -> bool:
        """Tell whether controller and safety chain would let the drive run in ``direction``."""
        return self.sound and permits(self.open_contacts, direction)

    def reading(self) -> Reading:
        """Return all that the best of controllers could say now, without faults."""
        return Reading(
            position_mm=round(self.position_m * 1000),
            speed_mm_s=_speed_mm_s(self.speed_m_s),
            demand=self.demand,
            mode=self.mode,
            landing=self.landing,
            contacts=self.open_contacts,
            odometer_m=int(self.odometer_m),
        )

    @property
    def unchanging_s(self) -> float:
        """For how long its readings stay as they are: parked and nearly full, until the weather."""
        full = self.battery.charge >= self._battery_parameters.taper_from_charge
        if not (full and self.charging and self._at_rest) or self.battery_flat:
            return 0.0
        return max(0.0, self._weather_due_s - self._elapsed_s - 0.001)

    @property
    def _needs_hinge(self) -> bool:
        zone_m = self._controller.hinge_zone_m
        return self.hinge_m > 0 and self.position_m <= self.hinge_m + zone_m

    @property
    def _at_rest(self) -> bool:
        return (
            self.speed_m_s == 0
            and self.demand is Demand.NONE
            and (self.mode is not Mode.HAND_WOUND or self.hand_wheel is Demand.NONE)
            and not self._slides_m
            and not self._touches_s
            and not (self.hinge_m and self._hinge_busy)
            and not (self.powered_step is not None and self._step_busy)
        )

    def _rest(self, dt_s: float) -> None:
        self.over_current = False  # given free when the joystick is let go (assumed)
        self._stalled_s = 0.0
        self._stood_s += dt_s
        self._uncharged_s = 0.0 if self.charging else self._uncharged_s + dt_s
        self._charge_or_drain(dt_s, self.drive.electronics_current_a)

    def _move(self, dt_s: float) -> None:
        self._fold(dt_s)
        self._touch(dt_s)
        if self.mode is Mode.HAND_WOUND and self.speed_m_s == 0:
            self._wind(dt_s)
            return
        direction = self.demand
        permitted = direction is not Demand.NONE and self.may_drive(direction)
        sign = SIGN[direction] if permitted else 0
        if sign:
            self._slides_m = 0.0
        elif self.speed_m_s == 0:
            self._slide(dt_s)
            if direction is Demand.NONE:
                self._rest(dt_s)
                return
        self._stood_s = 0.0
        stalled = sign != 0 and Breakdown.JAM in self.broken
        old_speed = self.speed_m_s
        refused = direction is not Demand.NONE and not permitted
        self.speed_m_s = 0.0 if stalled else self._next_speed(sign, dt_s, refused=refused)
        if old_speed == 0 and self.speed_m_s:
            self.cycles += 1
        self._advance((old_speed + self.speed_m_s) / 2 * dt_s)
        if old_speed and self.speed_m_s == 0:
            self._let_brake_fall()
        self._uncharged_s = 0.0
        self._load(dt_s, stalled=stalled)

    def _advance(self, distance_m: float) -> None:
        length_m = self.rail.length_m
        low_m, high_m = 0.0, length_m
        if Breakdown.PARKING in self.broken:
            short_m = self._controller.parking_error_m
            if distance_m < 0:
                low_m = min(short_m, self.position_m)
            else:
                high_m = max(length_m - short_m, self.position_m)
        self.odometer_m += abs(distance_m)
        self.wear.travel(self.position_m / length_m, distance_m, per_km=self.drive.wear_per_km)
        self.position_m += distance_m
        if not low_m < self.position_m < high_m:
            # The end stop: the approach has brought it down to creeping speed.
            self.position_m = min(max(self.position_m, low_m), high_m)
            if self.speed_m_s * (self.position_m - length_m / 2) > 0:
                self.speed_m_s = 0.0

    def _next_speed(self, sign: int, dt_s: float, *, refused: bool) -> float:
        drive, speed = self.drive, self.speed_m_s
        if sign == 0 or speed * sign < 0:
            # Letting go is a soft stop; a broken chain drops the brake.
            braking = refused or self.mode is Mode.HAND_WOUND or not self.powered
            rate = drive.brake_m_s2 if braking else drive.soft_stop_m_s2
            rate *= max(0.2, self.brake_grip)  # assumed: the gear brakes by itself a little
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
        distance_m = SIGN[self.hand_wheel] * self.drive.hand_wind_speed_m_s * dt_s
        self.position_m = min(max(self.position_m + distance_m, 0.0), self.rail.length_m)
        self.current_a = self.drive.electronics_current_a if self.powered else 0.0

    def _touch(self, dt_s: float) -> None:
        """Let the footrest touch something above it now and then, on the way up."""
        if self._touches_s:
            self._touches_s = max(0.0, self._touches_s - dt_s)
            return
        if not self.touches_per_m:
            return
        chance = self.touches_per_m * self.speed_m_s * dt_s
        if chance > 0 and self._rng.random() < chance:
            self._touches_s = self._controller.touch_s

    def _let_brake_fall(self) -> None:
        """Begin to slide downwards, if the brake does not hold on this slope.

        At a landing the buffer there holds it (assumed).
        """
        steep = self.rail.segment_at(self.position_m).incline_deg > 0
        slips = steep and self.landing is Landing.BETWEEN
        self._slides_m = self.drive.slip_m * (1 - self.brake_grip) if slips else 0.0

    def _slide(self, dt_s: float) -> None:
        distance_m = min(self._slides_m, self.drive.slip_speed_m_s * dt_s)
        self._slides_m = max(0.0, self._slides_m - distance_m)
        if self.position_m - distance_m <= 0:
            self._slides_m = 0.0
        self.position_m = max(0.0, self.position_m - distance_m)

    @property
    def _hinge_busy(self) -> bool:
        """Whether the hinge moves, or will."""
        if Breakdown.HINGE in self.broken:
            return False
        return self.hinge.moving or (self.hinge.in_use and self.landing is Landing.TOP)

    @property
    def _step_busy(self) -> bool:
        if self.powered_step is None or Breakdown.STEP in self.broken:
            return False
        wanted = 1.0 if self.seat_load_kg >= self._controller.occupied_from_kg else 0.0
        return self.powered_step.moving or self.powered_step.wanted != wanted

    def _fold(self, dt_s: float) -> None:
        """Move hinge and footrest to where they are wanted."""
        if self.hinge_m:
            if self._needs_hinge or self.demand is Demand.DOWN:
                self.hinge.wanted = 1.0
            elif self.landing is Landing.TOP and self._stood_s >= self._controller.hinge_waits_s:
                self.hinge.wanted = 0.0
            self.hinge.step(dt_s, blocked=Breakdown.HINGE in self.broken)
        if self.powered_step is not None:
            aboard = self.seat_load_kg >= self._controller.occupied_from_kg
            self.powered_step.wanted = 1.0 if aboard else 0.0
            self.powered_step.step(dt_s, blocked=Breakdown.STEP in self.broken)

    def _load(self, dt_s: float, *, stalled: bool) -> None:
        """Work out what the drive takes, and what that does to battery and controller."""
        drive = self.drive
        if stalled:
            self._stalled_s += dt_s
            current_a: float | None = drive.stall_current_a
            self.over_current = self._stalled_s >= drive.over_current_after_s
        else:
            self._stalled_s = 0.0
            current_a = running_current_a(
                drive,
                self.battery,
                segment=self.rail.segment_at(self.position_m),
                mass_kg=self.mass_kg,
                speed_m_s=self.speed_m_s,
                stiffness=self.wear.factor(self.position_m / self.rail.length_m),
                brushes=self.wear.brushes,
            )
        if current_a is not None:
            current_a *= max(0.5, 1 + self._rng.gauss(0, drive.current_noise))
        self._draw(current_a, dt_s, electronics_a=drive.electronics_current_a)


def _speed_mm_s(speed_m_s: float) -> int:
    # The slightest motion is still motion: never rounded to standing still.
    rounded = round(speed_m_s * 1000)
    if rounded == 0 and speed_m_s != 0:
        return 1 if speed_m_s > 0 else -1
    return rounded
