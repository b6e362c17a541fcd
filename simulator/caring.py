"""Households with a patient hoist: transfers between bed and chair, with a carer.

All numbers here are assumed; see ``simulator.living``.
"""

from dataclasses import dataclass, replace
from random import Random

from gateway.protocol.vocabulary import Demand
from simulator.carers import hoist_down, hoist_up
from simulator.home import Activity, Home
from simulator.living import HOUR_MS, Events, Living
from simulator.misuse import Misuse


@dataclass(frozen=True, kw_only=True)
class CaringHabits:
    """One household's habits. Hours are hours of the day."""

    weight_kg: float
    visits_h: tuple[float, ...]  # when a carer comes
    hangs_ms: int  # how long a transfer takes between lifting and letting down
    charges_at_night: bool

    @classmethod
    def drawn(cls, rng: Random) -> "CaringHabits":
        """Draw a household."""
        visits = rng.choice(((7.5, 21.0), (7.5, 13.0, 21.0), (7.0, 11.0, 15.0, 20.5)))
        return cls(
            weight_kg=round(min(140.0, max(42.0, rng.gauss(78, 16))), 1),
            visits_h=visits,
            hangs_ms=rng.randrange(20_000, 90_000),
            charges_at_night=rng.random() < 0.9,
        )


class Caring(Living):
    """A client who is lifted by carers, for ever. See ``Living``; ``habits`` say how."""

    def __init__(
        self,
        home: Home,
        habits: CaringHabits,
        *,
        day_ms: int,
        tempo: float = 1.0,
        rng: Random,
        events: Events | None = None,
    ) -> None:
        super().__init__(home, day_ms=day_ms, tempo=tempo, rng=rng, events=events)
        self.habits = habits

    def _moments(self) -> list[float]:
        rng = self._rng
        return sorted(
            (hour + rng.gauss(0, 0.3)) * HOUR_MS
            for hour in self.habits.visits_h
            for _ in range(2 if rng.random() < 0.3 else 1)
        )

    def _use(self) -> Activity:
        """Lift the client from one place, and let down at another."""
        home, hoist, rng = self.home, self.home.hoist, self._rng
        hoist.cable = False
        yield rng.randrange(5_000, 20_000)
        yield from self._patiently(hoist_down(home))
        hoist.seat_load_kg = self._weight_kg()
        yield rng.randrange(20_000, 90_000)  # the sling
        yield from self._patiently(hoist_up(home))
        yield round(self.habits.hangs_ms * rng.uniform(0.6, 1.6))
        yield from self._patiently(hoist_down(home))
        yield rng.randrange(10_000, 40_000)
        hoist.seat_load_kg = 0.0
        yield rng.randrange(10_000, 60_000)
        hoist.cable = self.habits.charges_at_night and Misuse.NOT_CHARGED not in home.misuse

    def _weight_kg(self) -> float:
        weight_kg = self.habits.weight_kg
        if Misuse.OTHER_PERSON in self.home.misuse:
            weight_kg += 35 if weight_kg < 85 else -30
        if Misuse.OVERLOAD in self.home.misuse and self._rng.random() < 0.5:
            weight_kg = max(weight_kg, 175.0)  # somebody else, who lives there too
        return weight_kg

    def _try_out(self) -> Activity:
        self.home.hoist.cable = False
        yield from self._patiently(hoist_up(self.home, 0.5))
        yield 5_000
        yield from self._patiently(hoist_down(self.home, 0.1))

    def _let_go(self) -> None:
        self.home.hoist.joystick = Demand.NONE

    def _misuse_today(self) -> None:
        hoist, misuse = self.home.hoist, self.home.misuse
        if Misuse.NOT_CHARGED in misuse:
            hoist.cable = False
        if Misuse.MODIFIED in misuse and hoist.drive.overload_factor < 2:
            hoist.drive = replace(hoist.drive, overload_factor=2.5)
        if Misuse.NEGLECTED in misuse:
            hoist.friction += 0.02
