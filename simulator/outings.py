"""Households with a scooter or a power wheelchair: outings, parking, charging.

All numbers here are assumed; see ``simulator.living``. One anchor: users of power chairs drive
some 1.3 km and 50 minutes a day (published mean of an observed group).
"""

from dataclasses import dataclass
from random import Random

from gateway.protocol.vocabulary import AidKind, Demand
from simulator.drivers import be_carried, drive, drive_home, tune
from simulator.hardware.climate import OUTDOORS
from simulator.home import Activity, Home
from simulator.living import HOUR_MS, Events, Living
from simulator.misuse import Misuse

EVENING_H = 21.0
BRIDGE_DEG = 4.0
RAMP_DEG = 14.0  # beyond what such vehicles are specified for
LONGEST_STRETCH_M = 400.0


@dataclass(frozen=True, kw_only=True)
class OutingHabits:
    """One driver's habits. Hours are hours of the day."""

    weight_kg: float
    outings: int  # a day
    distance_m: float  # one way, usually
    throttle: float  # of the top speed
    heading_deg: float  # where the shops are
    from_h: float
    until_h: float
    charges_always: bool  # after each outing; otherwise at night, when somewhat empty
    charges_below: float
    sits_in_it: bool  # a wheelchair's user sits in it all day
    waits_ms: int  # at the shop

    @classmethod
    def drawn(cls, rng: Random, kind: AidKind) -> "OutingHabits":
        """Draw a driver."""
        chair = kind is AidKind.WHEELCHAIR
        return cls(
            weight_kg=round(min(135.0, max(42.0, rng.gauss(80, 16))), 1),
            outings=rng.choice((2, 3, 4) if chair else (1, 1, 1, 2)),
            distance_m=round(rng.uniform(60, 600) if chair else rng.uniform(300, 2_500)),
            throttle=round(rng.uniform(0.5, 0.9), 2),
            heading_deg=rng.randrange(360),
            from_h=round(rng.uniform(9.0, 10.5), 2),
            until_h=round(rng.uniform(16.0, 18.0), 2),
            charges_always=rng.random() < 0.4,
            charges_below=round(rng.uniform(0.5, 0.9), 2),
            sits_in_it=chair and rng.random() < 0.7,
            waits_ms=rng.randrange(300_000, 2_400_000),
        )


class Driving(Living):
    """Somebody who drives, for ever. See ``Living``; ``habits`` say how."""

    def __init__(
        self,
        home: Home,
        habits: OutingHabits,
        *,
        day_ms: int,
        tempo: float = 1.0,
        rng: Random,
        events: Events | None = None,
    ) -> None:
        super().__init__(home, day_ms=day_ms, tempo=tempo, rng=rng, events=events)
        self.habits = habits
        self._evening = False
        self._left = 0

    def _moments(self) -> list[float]:
        habits, rng = self.habits, self._rng
        vehicle = self.home.vehicle
        if Misuse.LOST in self.home.misuse and vehicle.place != vehicle.home:
            return []  # who has lost it cannot use it
        outings = habits.outings + (6 if Misuse.PLAY in self.home.misuse else 0)
        self._left = outings
        hours = sorted(rng.uniform(habits.from_h, habits.until_h) for _ in range(outings))
        return [hour * HOUR_MS for hour in (*hours, EVENING_H)]

    def _use(self) -> Activity:
        if self._left == 0:
            yield from self._end_day()
            return
        self._left -= 1
        yield from self._outing()

    def _outing(self) -> Activity:
        """Drive somewhere, stay a while, drive back."""
        home, vehicle, rng, habits = self.home, self.home.vehicle, self._rng, self.habits
        misuse = home.misuse
        vehicle.cable = False
        yield rng.randrange(3_000, 15_000)
        vehicle.key_on = True
        vehicle.seat_load_kg = self._weight_kg()
        yield rng.randrange(4_000, 20_000)
        distance_m = habits.distance_m * rng.uniform(0.6, 1.4)
        heading_deg = habits.heading_deg + rng.choice((-30, 0, 0, 30))
        throttle = 1.0 if Misuse.PLAY in misuse or Misuse.TOO_FAST in misuse else habits.throttle
        while distance_m > 0:
            stretch_m = min(distance_m, rng.uniform(100, LONGEST_STRETCH_M))
            yield from self._patiently(
                drive(
                    home,
                    stretch_m,
                    heading_deg=heading_deg,
                    incline_deg=self._incline_deg(),
                    throttle=throttle,
                )
            )
            yield rng.randrange(3_000, 25_000)  # a crossing, a neighbour
            distance_m -= stretch_m
        if Misuse.LOST in misuse:
            yield from be_carried(home, 30_000, heading_deg=heading_deg)
            vehicle.seat_load_kg = 0.0
            return
        yield from self._stay()
        for _ in range(20):  # a stretch at a time, and at last it is home
            if vehicle.place == vehicle.home:
                break
            yield from self._patiently(
                drive_home(home, incline_deg=self._incline_deg(), throttle=throttle)
            )
            yield rng.randrange(1_000, 3_000)
        if not habits.sits_in_it:
            vehicle.seat_load_kg = 0.0
        if habits.charges_always:
            self._plug_in()

    def _stay(self) -> Activity:
        """Park at the shop: most get off, some stay seated."""
        vehicle, rng, habits = self.home.vehicle, self._rng, self.habits
        gets_off = not habits.sits_in_it and rng.random() < 0.8
        if gets_off:
            vehicle.seat_load_kg = 0.0
        yield round(habits.waits_ms * rng.uniform(0.3, 1.5))
        if gets_off:
            vehicle.seat_load_kg = self._weight_kg()
            yield rng.randrange(4_000, 15_000)

    def _end_day(self) -> Activity:
        vehicle = self.home.vehicle
        vehicle.seat_load_kg = 0.0
        if vehicle.battery.charge < self.habits.charges_below or self.habits.charges_always:
            self._plug_in()
        yield 1_000

    def _plug_in(self) -> None:
        vehicle = self.home.vehicle
        vehicle.cable = vehicle.place == vehicle.home and Misuse.NOT_CHARGED not in self.home.misuse

    def _weight_kg(self) -> float:
        weight_kg = self.habits.weight_kg
        if Misuse.OTHER_PERSON in self.home.misuse:
            weight_kg += 35 if weight_kg < 85 else -35
        if Misuse.OVERLOAD in self.home.misuse:
            weight_kg = max(weight_kg + 75, 190.0)
        return weight_kg

    def _incline_deg(self) -> float:
        misuse, rng = self.home.misuse, self._rng
        if Misuse.TOO_STEEP in misuse:
            return rng.uniform(0.9, 1.2) * RAMP_DEG
        if rng.random() < 0.1:  # a bridge, a ramp: it is a flat country
            return rng.choice((-1, 1)) * rng.uniform(1, BRIDGE_DEG)
        return 0.0

    def _try_out(self) -> Activity:
        vehicle = self.home.vehicle
        vehicle.cable = False
        yield from self._patiently(drive(self.home, 20, throttle=0.3))
        yield from self._patiently(drive(self.home, -20, throttle=0.3))
        vehicle.place = vehicle.home

    def _let_go(self) -> None:
        self.home.vehicle.joystick = Demand.NONE

    def _misuse_today(self) -> None:
        vehicle, misuse = self.home.vehicle, self.home.misuse
        built_for = vehicle.drive.max_speed_m_s
        tuned = built_for > vehicle.built_for_m_s
        if (Misuse.MODIFIED in misuse or Misuse.TOO_FAST in misuse) and not tuned:
            tune(self.home)
        if Misuse.UNSHELTERED in misuse and vehicle.climate.mean_c != OUTDOORS.mean_c:
            vehicle.climate = OUTDOORS.begun(vehicle.climate.start_s)
        if Misuse.NOT_CHARGED in misuse:
            vehicle.cable = False
        if Misuse.NEGLECTED in misuse:
            vehicle.stiffness += 0.03
