"""Incidents: what goes wrong in a fleet that runs for days, drawn by rate from the scenarios."""

from collections.abc import Callable, Mapping
from random import Random

from gateway.hal import Notice
from gateway.protocol.vocabulary import AidKind
from simulator.helpers import rescue_from, tidy
from simulator.home import Activity, Home
from simulator.scenarios.model import Scenario
from simulator.scenarios.player import go_to_start, play
from simulator.truth import Episode, ended, episodes

LOOK_MS = 1_000
# What a fleet begins with: somebody who asks for help, within half a minute.
FIRST = "sos_pressed"


class Choice:
    """Draws what happens next. ``rng`` decides; scenarios of weight 0 never come.

    Raises:
        ValueError: nothing is left to draw from.
    """

    def __init__(self, scenarios: Mapping[str, Scenario], *, rng: Random) -> None:
        self._pool = [one for one in scenarios.values() if one.incident_weight > 0]
        if not self._pool:
            raise ValueError("no scenario has an incident_weight")
        self._first = scenarios.get(FIRST)
        self._rng = rng

    def next(self, kind: AidKind = AidKind.STAIRLIFT) -> Scenario | None:
        """Return the next incident of an aid of this kind; None: nothing happens to those."""
        if self._first is not None and kind is self._first.kind:
            first, self._first = self._first, None
            return first
        pool = [one for one in self._pool if one.kind is kind]
        if not pool:
            return None
        return self._rng.choices(pool, [one.incident_weight for one in pool])[0]

    @property
    def begins_with(self) -> AidKind | None:
        """Which kind of aid the very first incident happens to; None once it has happened."""
        return None if self._first is None else self._first.kind

    def pause_ms(self, mean_ms: int) -> int:
        """Return how long until the next one: at random, between a quarter and four times."""
        return round(min(max(self._rng.expovariate(1 / mean_ms), mean_ms / 4), mean_ms * 4))


def incident(
    scenario: Scenario,
    home: Home,
    *,
    device: str,
    wall_ms: Callable[[], int],
    record: Callable[[Episode], None],
    linger_ms: int,
    afterwards: Callable[[], Activity],
) -> Activity:
    """Let ``scenario`` happen in ``home``, in the place of its household's life, and end it.

    A rider is freed when the lift says that he is (``Notice.RELEASED``), or after ``linger_ms``.

    Args:
        scenario: what happens.
        home: where, with nobody doing anything.
        device: whose it is.
        wall_ms: the true time.
        record: takes the truth, when it begins and when it has ended.
        linger_ms: how long an emergency lasts where nobody confirms the release.
        afterwards: the household's life, to go on with.
    """
    yield from go_to_start(scenario, home)
    found = episodes(scenario, device=device, began_wall_ms=wall_ms())
    for one in found:
        record(one)
    began_ms = home.time_ms
    yield from play(scenario, home)
    if scenario.expect.emergency:
        while not released_since(home, began_ms) and home.time_ms - began_ms < linger_ms:
            yield LOOK_MS
        yield from rescue_from(home)
    else:
        yield from tidy(home)
    for one in found:
        record(ended(one, until_wall_ms=wall_ms()))
    yield from afterwards()


def released_since(home: Home, since_ms: int) -> bool:
    """Tell whether the lift has told its rider that he is free."""
    return any(at_ms >= since_ms and notice is Notice.RELEASED for at_ms, notice in home.notices)
