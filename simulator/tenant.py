"""Who lives with an aid: the household that belongs to its kind, with habits of its own."""

from random import Random

from gateway.protocol.vocabulary import AidKind
from simulator.caring import Caring, CaringHabits
from simulator.home import Home
from simulator.household import Habits, Household
from simulator.living import Events, Living
from simulator.outings import Driving, OutingHabits


def tenant_of(
    home: Home,
    *,
    day_ms: int,
    tempo: float = 1.0,
    rng: Random | None = None,
    events: Events | None = None,
) -> Living:
    """Draw somebody for ``home``; ``rng`` (the home's own) decides who, and what they do."""
    rng = home.rng if rng is None else rng
    kind = home.aid.kind
    if kind is AidKind.STAIRLIFT:
        habits = Habits.drawn(rng)
        return Household(home, habits, day_ms=day_ms, tempo=tempo, rng=rng, events=events)
    if kind is AidKind.HOIST:
        caring = CaringHabits.drawn(rng)
        return Caring(home, caring, day_ms=day_ms, tempo=tempo, rng=rng, events=events)
    outings = OutingHabits.drawn(rng, kind)
    return Driving(home, outings, day_ms=day_ms, tempo=tempo, rng=rng, events=events)
