"""The person detector, with the model that ships: who lasts is told of, who does not is not."""

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.person import Person
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Seat
from tests.support.facts import DAY_S, START, Word, aid_of
from tests.support.playing import Played, play
from tests.support.tales import Tale
from tests.support.tales.habits import Habit, days, ride, rides

LIFT = aid_of("stairlift")
CLIENT = rides(8, 13, 21)
OTHER = rides(10, 12, 17, mean_current_ma=12_500, boarding_ms=4_000)
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
    assert {"lasts_weeks", "rides_otherwise"} <= codes
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
