from collections import Counter
from random import Random

import pytest

from gateway.hal import Notice
from gateway.protocol.vocabulary import AidKind, Mode
from simulator.hardware.aid import Aid
from simulator.hardware.hoist import Hoist
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.helpers import at_rest
from simulator.home import Activity, Home
from simulator.incidents import FIRST, Choice, incident
from simulator.scenarios.loader import library
from simulator.scenarios.model import Scenario
from simulator.truth import Episode

LIBRARY = library()
LINGER_MS = 600_000


def test_a_fleet_begins_with_somebody_who_asks_for_help() -> None:
    choice = Choice(LIBRARY, rng=Random(1))
    assert choice.begins_with is AidKind.STAIRLIFT
    assert drawn(choice, AidKind.HOIST).name != FIRST
    assert drawn(choice).name == FIRST
    assert choice.begins_with is None


def test_an_aid_of_which_nothing_is_told_has_no_incident() -> None:
    choice = Choice({FIRST: LIBRARY[FIRST]}, rng=Random(1))
    assert choice.next(AidKind.SCOOTER) is None


def drawn(choice: Choice, kind: AidKind = AidKind.STAIRLIFT) -> Scenario:
    scenario = choice.next(kind)
    assert scenario is not None
    return scenario


def test_a_mix_is_drawn_by_weight_and_by_seed() -> None:
    first, second = Choice(LIBRARY, rng=Random(1)), Choice(LIBRARY, rng=Random(1))
    incidents = [drawn(first) for _ in range(1_000)]
    assert incidents == [drawn(second) for _ in range(1_000)]
    counts = Counter(one.name for one in incidents)
    lifts = {n for n, one in LIBRARY.items() if one.kind is AidKind.STAIRLIFT}
    assert set(counts) == {n for n in lifts if LIBRARY[n].incident_weight} | {FIRST}
    assert 0.4 < sum(one.expect.emergency for one in incidents) / 1_000 < 0.9


def test_pauses_keep_near_their_mean() -> None:
    choice = Choice(LIBRARY, rng=Random(1))
    pauses = [choice.pause_ms(120_000) for _ in range(1_000)]
    assert min(pauses) >= 30_000
    assert max(pauses) <= 480_000
    assert 90_000 < sum(pauses) / len(pauses) < 150_000


def test_nothing_to_draw_from_is_refused() -> None:
    with pytest.raises(ValueError, match="incident_weight"):
        Choice({}, rng=Random(1))


class Incident:
    """An incident in a home of its own."""

    def __init__(self, name: str, *, position_m: float = 0.0) -> None:
        rng = Random(1)
        kind = LIBRARY[name].kind
        aid: Aid
        if kind is AidKind.STAIRLIFT:
            aid = Stairlift(Rail.straight(), rng=rng, position_m=position_m)
        elif kind is AidKind.HOIST:
            aid = Hoist(rng=rng)
        else:
            aid = Vehicle(kind, rng=rng)
        self.home = Home(aid, rng=rng)
        self.records: list[Episode] = []
        self.lived_on_at: int | None = None
        self.home.begin(
            incident(
                LIBRARY[name],
                self.home,
                device="sl-000001",
                wall_ms=lambda: 1_767_600_000_000 + self.home.time_ms,
                record=self.records.append,
                linger_ms=LINGER_MS,
                afterwards=self._live_on,
            ),
        )

    def _live_on(self) -> Activity:
        self.lived_on_at = self.home.time_ms
        yield 1_000


@pytest.mark.parametrize("name", [n for n, one in LIBRARY.items() if one.incident_weight])
@pytest.mark.parametrize("position_m", [0.0, 4.7])
def test_every_incident_ends_with_a_sound_empty_aid_where_it_belongs(
    name: str, position_m: float
) -> None:
    happening = Incident(name, position_m=position_m)
    home = happening.home
    home.advance_to(4 * LINGER_MS)
    assert happening.lived_on_at is not None
    assert at_rest(home)
    assert home.aid.mode is Mode.NORMAL
    assert home.surroundings.line_up
    assert home.surroundings.modem_on
    half = len(happening.records) // 2
    begun, over = happening.records[0], happening.records[half]
    assert begun.until is None
    assert over.until is not None
    assert (begun.began, begun.what) == (over.began, name)
    assert begun.emergency == LIBRARY[name].expect.emergency


def test_a_rider_is_freed_once_the_lift_says_so() -> None:
    released, forgotten = Incident("sos_pressed"), Incident("sos_pressed")
    for one in (released, forgotten):
        one.home.advance_to(150_000)
        assert one.home.lift.seat_load_kg > 0
    released.home.hear(Notice.RELEASED)
    for one in (released, forgotten):
        one.home.advance_to(300_000)
    assert released.lived_on_at is not None
    assert forgotten.lived_on_at is None
    assert forgotten.home.lift.seat_load_kg > 0


def test_an_earlier_release_frees_nobody_now() -> None:
    happening = Incident("sos_pressed")
    happening.home.notices.append((-1, Notice.RELEASED))
    happening.home.advance_to(300_000)
    assert happening.lived_on_at is None
