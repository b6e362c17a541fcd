"""Households: who lives with the lift, when they ride, and what else happens on a day.

No published figures exist for stairlift rides a day; all numbers here are assumed.
"""

from dataclasses import dataclass
from random import Random

from gateway.protocol.vocabulary import Contacts, Demand, Landing
from simulator.hardware.stairlift import Stairlift
from simulator.home import Activity, Home
from simulator.manifest import AidRecord
from simulator.people import call, ride

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


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


def home_of(aid: AidRecord, *, seed: int, start_ms: int = 0) -> Home:
    """Build the home of ``aid``, its rider upstairs or downstairs; ``seed`` is the fleet's."""
    rng = Random(f"household/{seed}/{aid.device}")
    rail = aid.rail()
    position_m = rail.length_m if rng.random() < 0.5 else 0.0
    lift = Stairlift(rail, rng=Random(rng.getrandbits(64)), position_m=position_m)
    return Home(lift, rng=rng, start_ms=start_ms)


class Household:
    """A household living by its habits, for ever.

    Args:
        home: where.
        habits: how.
        day_ms: time of day (since midnight) at the home's present time.
        tempo: how many times as often they ride; the rides themselves take their real time.
        rng: their whims.
    """

    def __init__(
        self,
        home: Home,
        habits: Habits,
        *,
        day_ms: int,
        tempo: float = 1.0,
        rng: Random,
    ) -> None:
        if not tempo > 0:
            raise ValueError(f"tempo must be more than 0, not {tempo}")
        self.home = home
        self.habits = habits
        self.busy = False
        self._tempo = tempo
        self._rng = rng
        self._began_ms = home.time_ms
        self._midnight_ms = home.time_ms - day_ms / tempo
        self._up = home.lift.landing is Landing.TOP  # where the rider is

    def live(self) -> Activity:
        """Live: wait for the next moment of the day, ride, and so on."""
        while True:
            for at_ms in self._moments():
                due_ms = self._midnight_ms + at_ms / self._tempo
                if due_ms < self._began_ms:
                    continue
                # A moment that passed during the last ride comes right after it.
                yield max(0, int(due_ms - self.home.time_ms))
                self.busy = True
                yield from self._outing()
                self.busy = False
            self._midnight_ms += DAY_MS / self._tempo
            if self._midnight_ms > self.home.time_ms:
                yield int(self._midnight_ms - self.home.time_ms)

    def _moments(self) -> list[float]:
        """Draw the times of one day's rides, milliseconds since midnight."""
        habits, rng = self.habits, self._rng
        first = habits.wakes_at_h + rng.gauss(0, 0.25)
        last = habits.sleeps_at_h + rng.gauss(0, 0.4)
        between = sorted(
            rng.uniform(first + 0.5, last - 0.5) for _ in range(2 * habits.round_trips)
        )
        return [hour * HOUR_MS for hour in (first, *between, last)]

    def _outing(self) -> Activity:
        """Ride to where the rider is not."""
        home, habits, rng = self.home, self.habits, self._rng
        direction = Demand.DOWN if self._up else Demand.UP
        here = Landing.TOP if self._up else Landing.BOTTOM
        if rng.random() < habits.visitor_chance:
            yield from self._play(here)
        if home.lift.landing is not here:
            yield from self._patiently(call(home, Demand.UP if self._up else Demand.DOWN))
            yield rng.randrange(2_000, 8_000)
        home.lift.seat_load_kg = habits.weight_kg
        yield rng.randrange(4_000, 15_000)
        if rng.random() < habits.pause_chance:
            yield from self._pause(direction)
        yield from self._patiently(ride(home, direction))
        yield rng.randrange(1_000, 4_000)
        yield from self._get_off()
        self._up = not self._up

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

    def _play(self, here: Landing) -> Activity:
        """Send the empty chair away and back, as visiting children do."""
        away, back = (Demand.DOWN, Demand.UP) if here is Landing.TOP else (Demand.UP, Demand.DOWN)
        self.home.lift.remote = away
        yield self._rng.randrange(5_000, 25_000)
        self.home.lift.remote = Demand.NONE
        yield self._rng.randrange(1_000, 5_000)
        yield from self._patiently(call(self.home, back))

    def _patiently(self, riding: Activity) -> Activity:
        """Let a ride go on for ten minutes at most: nobody holds a dead joystick for ever."""
        give_up_ms = self.home.time_ms + 600_000
        for wait_ms in riding:
            if self.home.time_ms >= give_up_ms:
                self.home.lift.joystick = self.home.lift.remote = Demand.NONE
                return
            yield wait_ms
