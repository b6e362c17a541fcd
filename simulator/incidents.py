"""Incidents: what goes wrong in a fleet that runs for days, drawn by rate from the scenarios."""

from collections.abc import Callable, Mapping
from random import Random

from gateway.hal import Notice
from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode
from simulator.home import Activity, Home
from simulator.people import call, rescue
from simulator.scenarios.model import Scenario
from simulator.scenarios.player import go_to_start, play
from simulator.truth import Episode, ended, episode

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

    def next(self) -> Scenario:
        """Return the next incident."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        weights = [one.incident_weight for one in self._pool]
        return self._rng.choices(self._pool, weights)[0]

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
    found = episode(scenario, device=device, began_wall_ms=wall_ms())
    record(found)
    began_ms = home.time_ms
    yield from play(scenario, home)
    if scenario.expect.emergency:
        while not released_since(home, began_ms) and home.time_ms - began_ms < linger_ms:
            yield LOOK_MS
        yield from rescue(home)
    else:
        yield from tidy(home)
    record(ended(found, until_wall_ms=wall_ms()))
    yield from afterwards()


def released_since(home: Home, since_ms: int) -> bool:
    """Tell whether the lift has told its rider that he is free."""
    return any(at_ms >= since_ms and notice is Notice.RELEASED for at_ms, notice in home.notices)


def tidy(home: Home) -> Activity:
    """Put right what was left after something harmless, and park the empty lift."""
    lift, surroundings = home.lift, home.surroundings
    surroundings.line_up = surroundings.modem_on = True
    surroundings.clock_stopped_at_1970 = False
    surroundings.clock_offset_ms = 0
    lift.broken.clear()
    lift.contacts = Contacts.NONE
    lift.mode = Mode.NORMAL
    lift.mains = True
    lift.seat_load_kg = 0.0
    lift.joystick = lift.remote = lift.hand_wheel = Demand.NONE
    yield 2_000
    if lift.landing is Landing.BETWEEN:
        yield from call(home, Demand.DOWN)
