"""Households with a stairlift: when they ride, and what else happens on a day.

All numbers here are assumed; see ``simulator.living``.
"""

from dataclasses import dataclass, replace
from random import Random

from gateway.protocol.vocabulary import Contacts, Demand, Landing
from simulator.dwelling import home_of
from simulator.home import Activity, Home
from simulator.living import DAY_MS, HOUR_MS, Events, Living
from simulator.misuse import Misuse
from simulator.people import call, ride

RELENTLESS_RIDES, RELENTLESS_EVERY_H = 40, 0.05

__all__ = ["DAY_MS", "HOUR_MS", "Habits", "Household", "home_of"]


@dataclass(frozen=True, kw_only=True)
class Habits:
    """One household's habits. Hours are hours of the day."""

    weight_kg: float
    wakes_at_h: float
    sleeps_at_h: float
    round_trips: int  # between rising and going to bed
    pause_chance: float  # of stopping on the way to catch breath, per ride
    visitor_chance: float  # of a visitor playing with the remote, per ride
    turns_seat: bool  # turns the seat at the top to get off

    @classmethod
    def drawn(cls, rng: Random) -> "Habits":
        """Draw a household."""
        return cls(
            weight_kg=round(min(130.0, max(42.0, rng.gauss(76, 15))), 1),
            wakes_at_h=round(rng.uniform(6.5, 8.5), 2),
            sleeps_at_h=round(rng.uniform(21.0, 23.5), 2),
            round_trips=rng.choice((1, 1, 2, 2, 3, 4)),
            pause_chance=rng.choice((0.0, 0.02, 0.05, 0.15)),
            visitor_chance=rng.choice((0.0, 0.0, 0.02, 0.05)),
            turns_seat=rng.random() < 0.5,
        )


class Household(Living):
    """A household living by its habits, for ever.

    Args:
        home: where.
        habits: how.
        day_ms, tempo, rng, events: see ``Living``.
    """

    def __init__(
        self,
        home: Home,
        habits: Habits,
        *,
        day_ms: int,
        tempo: float = 1.0,
        rng: Random,
        events: Events | None = None,
    ) -> None:
        super().__init__(home, day_ms=day_ms, tempo=tempo, rng=rng, events=events)
        self.habits = habits
        self._up = home.lift.landing is Landing.TOP  # where the rider is

    def _moments(self) -> list[float]:
        habits, rng = self.habits, self._rng
        first = habits.wakes_at_h + rng.gauss(0, 0.25)
        last = habits.sleeps_at_h + rng.gauss(0, 0.4)
        trips = habits.round_trips
        between = [rng.uniform(first + 0.5, last - 0.5) for _ in range(2 * trips)]
        if Misuse.DUTY_CYCLE in self.home.misuse:
            from_h = rng.uniform(13.0, 15.0)
            between += [from_h + ride * RELENTLESS_EVERY_H for ride in range(RELENTLESS_RIDES)]
        between.sort()
        return [hour * HOUR_MS for hour in (first, *between, last)]

    def _use(self) -> Activity:
        """Ride to where the rider is not."""
        home, habits, rng = self.home, self.habits, self._rng
        direction = Demand.DOWN if self._up else Demand.UP
        here = Landing.TOP if self._up else Landing.BOTTOM
        if rng.random() < habits.visitor_chance or Misuse.PLAY in home.misuse:
            yield from self._play(here, times=8 if Misuse.PLAY in home.misuse else 1)
        if Misuse.GOODS in home.misuse:
            yield from self._send_goods(here)
        if home.lift.landing is not here:
            yield from self._patiently(call(home, Demand.UP if self._up else Demand.DOWN))
            yield rng.randrange(2_000, 8_000)
        home.lift.seat_load_kg = self._weight_kg()
        nimble = Misuse.OTHER_PERSON in home.misuse
        yield rng.randrange(1_500, 3_000) if nimble else rng.randrange(4_000, 15_000)
        if rng.random() < habits.pause_chance and not nimble:
            yield from self._pause(direction)
        yield from self._patiently(ride(home, direction))
        yield rng.randrange(1_000, 4_000)
        yield from self._get_off()
        self._up = not self._up

    def _weight_kg(self) -> float:
        weight_kg = self.habits.weight_kg
        if Misuse.OTHER_PERSON in self.home.misuse:
            weight_kg += 35 if weight_kg < 85 else -35
        if Misuse.OVERLOAD in self.home.misuse:
            weight_kg = max(weight_kg + 75, 175.0)
        return weight_kg

    def _pause(self, direction: Demand) -> Activity:
        """Ride a part of the way, stop, catch breath."""
        home, rng = self.home, self._rng
        home.lift.joystick = direction
        yield rng.randrange(6_000, 20_000)
        home.lift.joystick = Demand.NONE
        yield rng.randrange(3_000, 15_000)

    def _get_off(self) -> Activity:
        lift, rng = self.home.lift, self._rng
        turned = self.habits.turns_seat and lift.landing is Landing.TOP
        if turned:
            lift.contacts |= Contacts.SEAT_SWIVEL
            yield rng.randrange(3_000, 6_000)
        lift.seat_load_kg = 0.0
        if turned:
            yield rng.randrange(4_000, 20_000)
            lift.contacts &= ~Contacts.SEAT_SWIVEL

    def _play(self, here: Landing, *, times: int) -> Activity:
        """Send the empty chair away and back, as visiting children do."""
        away, back = (Demand.DOWN, Demand.UP) if here is Landing.TOP else (Demand.UP, Demand.DOWN)
        for _ in range(times):
            self.home.lift.remote = away
            yield self._rng.randrange(5_000, 25_000)
            self.home.lift.remote = Demand.NONE
            yield self._rng.randrange(1_000, 5_000)
            yield from self._patiently(call(self.home, back))
            yield 1_000

    def _send_goods(self, here: Landing) -> Activity:
        """Send some crates ahead on the seat, and have the chair come back empty each time."""
        for _ in range(self._rng.choice((1, 2, 2, 3))):
            yield from self._send_crate(here)

    def _send_crate(self, here: Landing) -> Activity:
        home, rng = self.home, self._rng
        away, back = (Demand.DOWN, Demand.UP) if here is Landing.TOP else (Demand.UP, Demand.DOWN)
        yield from self._patiently(call(home, back))
        yield rng.randrange(2_000, 5_000)
        home.lift.seat_load_kg = rng.uniform(22, 38)
        yield rng.randrange(2_000, 5_000)
        yield from self._patiently(call(home, away))
        yield rng.randrange(10_000, 40_000)
        home.lift.seat_load_kg = 0.0
        yield rng.randrange(2_000, 5_000)
        yield from self._patiently(call(home, back))

    def _try_out(self) -> Activity:
        lift = self.home.lift
        away, back = Demand.UP, Demand.DOWN
        if lift.landing is Landing.TOP:
            away, back = back, away
        for direction in (away, back):
            yield from self._patiently(ride(self.home, direction))
            yield 5_000

    def _let_go(self) -> None:
        self.home.lift.joystick = self.home.lift.remote = Demand.NONE

    def _misuse_today(self) -> None:
        lift, misuse = self.home.lift, self.home.misuse
        lift.mains = Misuse.NOT_CHARGED not in misuse
        if Misuse.MODIFIED in misuse and lift.rated_speed_m_s <= 0.15:
            lift.drive = replace(lift.drive, rated_speed_m_s=0.17)
        if Misuse.NEGLECTED in misuse:
            lift.wear.general += 0.02
