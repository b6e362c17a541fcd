"""The person detector, with the model that ships: who lasts is told of, who does not is not."""

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.person import Person
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Seat
from tests.support.facts import DAY_S, START, Word, aid_of
from tests.support.playing import Played, play
from tests.support.tales import Tale
from tests.support.tales.habits import Habit, at_intervals, days, heavier, ride, rides

LIFT = aid_of("stairlift")
CLIENT = rides(8, 13, 20, 21)
OTHER = heavier(10, 12, 16, 17, boarding_ms=4_000)
NONE = rides()


def told(*parts: tuple[int, Habit, Habit], aid: Aid = LIFT) -> Played:
    word, first, facts = Word(), 0, list[Fact]()
    for count, one, two in parts:
        facts += days(count, one, two, word=word, first=first)
        first += count
    return play(Person(), Tale(name="", aid=aid, facts=facts, until=400 * DAY_S), stored=False)


def test_somebody_who_joins_for_good_is_told_of_with_reasons() -> None:
    (finding,) = told((60, CLIENT, NONE), (63, CLIENT, OTHER)).findings.values()
    assert finding.what == "other_person"
    assert finding.confidence is not None
    assert finding.confidence > 0.5
    codes = {reason.code for reason in finding.reasons}
    assert {"second_load", "second_pattern", "lasts_weeks", "rides_otherwise"} <= codes
    assert {reason.code for reason in finding.otherwise} == {
        "other_guest",
        "other_health",
        "other_sensor",
    }
    assert finding.evidence.log_nos


@pytest.mark.parametrize("stay", [5, 9, 14])
def test_guests_are_not(stay: int) -> None:
    parts = ((60, CLIENT, NONE), (stay, CLIENT, OTHER), (60, CLIENT, NONE))
    assert told(*parts).findings == {}


def test_a_partner_who_always_rode_is_not() -> None:
    assert told((130, CLIENT, OTHER)).findings == {}


def test_a_new_client_is_not() -> None:
    lent = replace(LIFT, lent_on=(START.date()).replace(year=2027, month=1, day=19))
    assert told((60, CLIENT, NONE), (70, OTHER, NONE), aid=lent).findings == {}


def test_a_sensor_that_drifts_is_not() -> None:
    def drifting(word: Word, day: int) -> Iterable[Fact]:
        gain = 1 + 0.002 * max(0, day - 50)
        return [
            *(ride(word, day, hour, mean_current_ma=round(9_000 * gain)) for hour in (8, 13, 21)),
            ride(word, day, 7.9, seat=Seat.EMPTY, mean_current_ma=round(4_500 * gain)),
        ]

    assert told((130, drifting, NONE)).findings == {}


def test_illness_is_not() -> None:
    slow = rides(8, 21, boarding_ms=45_000, presses=3, stops=1)
    parts = ((60, CLIENT, NONE), (35, slow, NONE), (60, CLIENT, NONE))
    assert told(*parts).findings == {}


def test_a_hospital_stay_is_not() -> None:
    parts = ((60, CLIENT, NONE), (40, NONE, NONE), (60, CLIENT, NONE))
    assert told(*parts).findings == {}


def test_sensors_that_tell_nothing_tell_nothing() -> None:
    blind = rides(8, 13, 21, mean_current_ma=None, boarding_ms=None, seat=Seat.UNKNOWN)
    more = rides(9, 10, mean_current_ma=None, boarding_ms=None, seat=Seat.UNKNOWN)
    assert told((60, blind, NONE), (70, blind, more)).findings == {}


def laden(*hours: float, up_ma: int, down_ma: int, **more: Any) -> Habit:
    """Return rides there and back, each way at its own current."""
    return lambda word, day: [
        ride(
            word, day, hour, up=not number % 2, mean_current_ma=(up_ma, down_ma)[number % 2], **more
        )
        for number, hour in enumerate(hours)
    ]


def test_as_slow_as_the_client_and_of_another_build_is_somebody_else() -> None:
    lodger = heavier(10, 12, 16, 17)
    assert len(told((60, CLIENT, NONE), (63, CLIENT, lodger)).findings) == 1


def test_somebody_else_instead_of_the_client_is_told_of() -> None:
    (finding,) = told((60, CLIENT, NONE), (63, NONE, OTHER)).findings.values()
    assert "other_load" in {reason.code for reason in finding.reasons}


def test_another_load_that_takes_longer_to_get_on_may_be_the_client() -> None:
    """With a leg in plaster, or after an operation: nobody else came instead."""
    since = heavier(10, 12, 16, 17, boarding_ms=70_000)
    assert told((60, CLIENT, NONE), (63, since, NONE)).findings == {}


@pytest.mark.parametrize(
    "bags",
    [
        pytest.param(rides(9, mean_current_ma=11_500), id="upwards_only"),
        pytest.param(at_intervals(7, laden(9, 10, up_ma=11_500, down_ma=4_100)), id="once_a_week"),
    ],
)
def test_what_is_carried_now_and_then_is_nobody(bags: Habit) -> None:
    assert told((60, CLIENT, NONE), (70, CLIENT, bags)).findings == {}


def test_a_heavier_client_is_no_other_one() -> None:
    """In plaster, in a coat, or grown: every ride is another, and getting on as it was."""
    heavier_now = laden(8, 13, 20, 21, up_ma=10_200, down_ma=3_500, boarding_ms=21_000)
    assert told((60, CLIENT, NONE), (70, heavier_now, NONE)).findings == {}


def test_a_weak_battery_gives_more_current_to_the_same_load() -> None:
    """On some days nearly flat: at the same power its current is half as much again."""

    def flat(word: Word, day: int) -> Iterable[Fact]:
        volts = 17_000 if day >= 60 and day % 2 else 25_000
        return [
            ride(
                word,
                day,
                hour,
                up=not number % 2,
                mean_current_ma=round((9_000, 3_000)[number % 2] * 25_000 / volts),
                min_battery_mv=volts,
            )
            for number, hour in enumerate((8, 13, 20, 21))
        ]

    assert told((130, flat, NONE)).findings == {}


def test_empty_rides_that_a_cushion_hides_are_nobodys() -> None:
    empty = laden(9, 11, up_ma=7_000, down_ma=2_300, seat=Seat.EMPTY)
    hidden = laden(9, 11, 15, 16, up_ma=7_000, down_ma=2_300)
    cushioned = laden(9, 11, up_ma=7_000, down_ma=2_300, seat=Seat.EMPTY)

    def both(word: Word, day: int) -> Iterable[Fact]:
        return [*CLIENT(word, day), *hidden(word, day), *cushioned(word, day)]

    assert told((60, CLIENT, empty), (70, both, NONE)).findings == {}


SCOOTER = aid_of("scooter")


def outings(*hours: float, pushes: float, boarding_ms: int) -> Habit:
    """Return ways of some hundred metres, at what pushes a load of this size."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        return [
            ride(
                word,
                day,
                hour,
                distance_mm=400_000,
                duration_ms=200_000,
                mean_current_ma=round(6_000 * pushes * (1 + (day * 5 % 7 - 3) / 60)),
                max_incline_deg=0,
                boarding_ms=boarding_ms + 300 * (day * 3 % 7),
            )
            for hour in hours
        ]

    return habit


def test_on_wheels_both_must_differ_by_turns() -> None:
    client = outings(9, 15, pushes=1.0, boarding_ms=25_000)
    quick = outings(11, pushes=1.15, boarding_ms=4_000)
    as_heavy = outings(11, pushes=1.0, boarding_ms=4_000)
    laden_and_slow = outings(11, pushes=1.07, boarding_ms=60_000)
    for other, findings in ((quick, 1), (as_heavy, 0), (laden_and_slow, 0)):
        parts = ((60, client, NONE), (63, client, other))
        assert len(told(*parts, aid=SCOOTER).findings) == findings
