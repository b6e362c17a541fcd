from collections import Counter
from random import Random

import pytest

from gateway.hal import Notice
from gateway.protocol.vocabulary import Landing, Mode
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Stairlift
from simulator.home import Activity, Home
from simulator.incidents import FIRST, Choice, incident
from simulator.scenarios.loader import library
from simulator.truth import Episode

LIBRARY = library()
LINGER_MS = 600_000


def test_a_fleet_begins_with_somebody_who_asks_for_help() -> None:
    assert Choice(LIBRARY, rng=Random(1)).next().name == FIRST


def test_a_mix_is_drawn_by_weight_and_by_seed() -> None:
    first, second = Choice(LIBRARY, rng=Random(1)), Choice(LIBRARY, rng=Random(1))
    drawn = [first.next() for _ in range(1_000)]
    assert drawn == [second.next() for _ in range(1_000)]
    counts = Counter(one.name for one in drawn)
    assert set(counts) == {n for n, one in LIBRARY.items() if one.incident_weight} | {FIRST}
    assert 0.4 < sum(one.expect.emergency for one in drawn) / 1_000 < 0.9


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
        self.home = Home(Stairlift(Rail.straight(), rng=rng, position_m=position_m), rng=rng)
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
def test_every_incident_ends_with_a_sound_empty_lift_at_a_landing(
    name: str, position_m: float
) -> None:
    happening = Incident(name, position_m=position_m)
    home = happening.home
    home.advance_to(2 * LINGER_MS)
    assert happening.lived_on_at is not None
    assert home.lift.landing is not Landing.BETWEEN
    assert home.lift.seat_load_kg == 0
    assert not home.lift.contacts
    assert not home.lift.broken
    assert not home.lift.battery_flat
    assert home.lift.mode is Mode.NORMAL
    assert home.surroundings.line_up
    assert home.surroundings.modem_on
    begun, over = happening.records
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
