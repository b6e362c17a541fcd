"""What several signs together tell of improper use, and one of them alone does not."""

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.detectors.charging import Charging
from diagnostics.detectors.contract import Aid, Detector
from diagnostics.detectors.limits import Limits
from diagnostics.detectors.loss import Loss
from diagnostics.detectors.neglect import Neglect
from diagnostics.detectors.nonuse import Nonuse
from diagnostics.detectors.storage import Storage
from diagnostics.detectors.tamper import Tamper
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Edge, Mode, Seat
from tests.support.facts import DAY_S, PARKED, Word, aid_of
from tests.support.playing import play
from tests.support.tales import Tale
from tests.support.tales.habits import (
    DAY_MS,
    HOUR_MS,
    Habit,
    at_intervals,
    days,
    evening,
    moment,
    ride,
    rides,
)

LIFT = aid_of("stairlift")
SCOOTER = aid_of("scooter", max_load_kg=140, max_speed_mm_s=4_000, max_incline_deg=8)
# A ride up takes 5 A empty and 9 A with 75 kg: each kilogram takes 53 mA.
MEASURED = aid_of("stairlift", max_load_kg=120, empty_ma=5_000, tested_ma=9_000, tested_kg=75)
BY_MECHANIC = replace(PARKED, mode=Mode.SERVICE)


def found(detector: Detector, aid: Aid, facts: list[Fact], until: float = 400) -> set[str]:
    told = play(detector, Tale(name="", aid=aid, facts=facts, until=until * DAY_S))
    return set(told.certain().values())


# --- overload, by the values at delivery


def up(current_ma: int, *hours: float) -> Habit:
    return lambda word, day: [ride(word, day, h, mean_current_ma=current_ma) for h in hours]


def test_a_client_too_heavy_from_the_first_day_on_is_told_of_by_the_values_at_delivery() -> None:
    heavy = days(120, up(12_000, 8, 13, 20))  # 131 kg
    assert found(Limits(), MEASURED, heavy) == {"overload"}
    assert found(Limits(), replace(MEASURED, empty_ma=None), heavy) == set()
    assert found(Limits(), MEASURED, days(120, up(11_400, 8, 13, 20))) == set()  # 120 kg


def test_a_drive_that_runs_ever_harder_carries_no_more() -> None:
    def wearing(word: Word, day: int) -> Iterable[Fact]:
        return [ride(word, day, h, mean_current_ma=10_500 + 25 * day) for h in (8, 13, 20)]

    assert found(Limits(), MEASURED, days(150, wearing)) == set()


def test_somebody_heavier_is_no_overload_as_long_as_it_carries_him() -> None:
    usual, partner = up(7_500, 8, 20), up(11_000, 12, 18)  # 47 and 113 kg
    word = Word()
    before = days(40, usual, word=word)
    assert found(Limits(), MEASURED, [*before, *days(60, usual, partner, first=40, word=word)]) == (
        set()
    )
    word = Word()
    both = up(13_000, 12, 18)  # 150 kg
    before = days(40, usual, word=word)
    assert found(Limits(), MEASURED, [*before, *days(60, usual, both, first=40, word=word)]) == {
        "overload"
    }


# --- nonuse


def test_a_ride_a_month_is_no_use_and_one_a_week_is() -> None:
    def since(habit: Habit) -> list[Fact]:
        word = Word()
        used = days(60, rides(8, 12, 13, 21), evening(), word=word)
        return [*used, *days(100, habit, evening(), word=word, first=60)]

    assert found(Nonuse(), LIFT, since(at_intervals(30, rides(10, 11)))) == {"unused"}
    assert found(Nonuse(), LIFT, since(at_intervals(7, rides(10, 11)))) == set()


def test_an_empty_chair_sent_out_of_the_way_is_no_use() -> None:
    empty: dict[str, Any] = {"seat": Seat.EMPTY, "boarding_ms": None}
    word = Word()
    used = days(60, rides(8, 12, 13, 21), evening(), word=word)
    weekly = at_intervals(7, rides(10, 11, **empty))
    assert found(Nonuse(), LIFT, [*used, *days(100, weekly, evening(), word=word, first=60)]) == {
        "unused"
    }


def test_a_seat_sensor_that_died_makes_no_nonuse() -> None:
    word = Word()
    used = days(60, rides(8, 12, 13, 21), evening(), word=word)
    blind = days(100, rides(8, 12, 13, 21, seat=Seat.EMPTY), evening(), word=word, first=60)
    assert found(Nonuse(), LIFT, [*used, *blind]) == set()


# --- tamper


def opened(times: int, *, restarts: int = 0, then: Habit, before: Habit) -> list[Fact]:
    """Return a life in which the housing is opened on so many days."""
    word = Word()
    facts = days(40, before, word=word)
    for number in range(times):
        facts += days(1, evening(openings=1, restarts=restarts), word=word, first=40 + 3 * number)
    return [*facts, *days(50, then, word=word, first=40 + 3 * times)]


USUAL = evening(battery_max_mv=28_000)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (opened(1, then=USUAL, before=USUAL), set()),
        (opened(3, then=USUAL, before=USUAL), set()),  # as a loose contact says
        (opened(3, restarts=1, then=USUAL, before=USUAL), {"modified"}),
        (opened(1, then=evening(battery_max_mv=29_200), before=USUAL), {"modified"}),
        (opened(0, then=evening(battery_max_mv=29_200), before=USUAL), set()),
    ],
    ids=["once", "loose", "unpowered", "charges otherwise", "another charger"],
)
def test_an_opening_tells_together_with_what_came_of_it(facts: list[Fact], told: set[str]) -> None:
    assert found(Tamper(), SCOOTER, facts) == told


def test_who_goes_nowhere_after_an_opening_is_no_slower() -> None:
    far = rides(10, 11, max_speed_mm_s=3_800, distance_mm=2_000_000, duration_ms=700_000)
    near = rides(10, 11, max_speed_mm_s=900, distance_mm=30_000, duration_ms=60_000)

    def opened_once(then: Habit) -> list[Fact]:
        word = Word()
        facts = days(40, far, USUAL, word=word)
        facts += days(1, evening(openings=1), word=word, first=40)
        return [*facts, *days(50, then, USUAL, word=word, first=41)]

    tuned = rides(10, 11, max_speed_mm_s=4_500, distance_mm=2_000_000, duration_ms=600_000)
    assert found(Tamper(), SCOOTER, opened_once(near)) == set()
    assert found(Tamper(), SCOOTER, opened_once(tuned)) == {"modified"}


def test_an_update_from_afar_is_no_tampering() -> None:
    word = Word()
    before = evening(parameters="a1", hardware="h1")
    facts = [
        *days(20, before, word=word),
        *days(1, evening(parameters="b2", hardware="h1", restarts=1), word=word, first=20),
        *days(40, evening(parameters="b2", hardware="h1"), word=word, first=21),
    ]
    assert found(Tamper(), SCOOTER, facts) == set()


# --- loss


def silent_since(**last: Any) -> list[Fact]:
    word = Word()
    return [
        *days(30, rides(8, 21), evening(), word=word),
        *days(1, evening(**last), word=word, first=30),
    ]


def test_opened_and_silent_ever_since_is_a_loss_and_silent_alone_is_none() -> None:
    assert found(Loss(), LIFT, silent_since(openings=2)) == {"lost"}
    assert found(Loss(), LIFT, silent_since()) == set()


def test_unscrewed_and_dead_until_it_falls_silent_is_a_loss() -> None:
    def unscrewed(*since: Habit) -> list[Fact]:
        word = Word()
        mains = evening(charging_ms=DAY_MS)
        return [
            *days(40, rides(8, 21), mains, word=word),
            *days(1, evening(charging_ms=0, openings=3), word=word, first=40),
            *days(15, *since, word=word, first=41),
        ]

    dead = evening(charging_ms=0)
    assert found(Loss(), LIFT, unscrewed(dead)) == {"lost"}
    assert found(Loss(), LIFT, unscrewed(dead, rides(8, 21))) == set()
    assert found(Loss(), LIFT, unscrewed(evening(charging_ms=DAY_MS))) == set()


# --- charging


def test_a_charger_pulled_out_within_the_hour_never_fills_the_battery() -> None:
    def nightly(mains_ms: int) -> Habit:
        return evening(
            charging_ms=mains_ms, mains_ms=mains_ms, battery_min_mv=24_000, battery_max_mv=28_000
        )

    word = Word()
    full = days(20, rides(10, 11), nightly(9 * HOUR_MS), word=word)
    short = days(60, rides(10, 11), nightly(HOUR_MS + 60_000), word=word, first=20)
    assert found(Charging(), SCOOTER, [*full, *short]) == {"not_charged"}
    word = Word()
    assert found(Charging(), SCOOTER, days(80, rides(10, 11), nightly(9 * HOUR_MS), word=word)) == (
        set()
    )


def test_who_goes_away_and_turns_the_mains_off_is_not_told_of() -> None:
    at_home = [rides(8, 21), evening(mains_ms=DAY_MS)]

    def weeks(*away: Habit) -> list[Fact]:
        word = Word()
        return [
            fact
            for week in range(10)
            for fact in (
                *days(4, *at_home, word=word, first=7 * week),
                *days(3, *away, word=word, first=7 * week + 4),
            )
        ]

    off = evening(mains_ms=0)
    assert found(Charging(), LIFT, weeks(off)) == set()
    assert found(Charging(), LIFT, weeks(off, rides(8, 21))) == {"not_charged"}


# --- neglect


def coming_back(code: str, *, restarts: int = 0, mechanic: bool = False) -> list[Fact]:
    word = Word()

    def fault(word: Word, day: int) -> Iterable[Fact]:
        yield word.fault(moment(day, 9), code, Edge.RAISED, PARKED)
        yield word.fault(moment(day, 10), code, Edge.CLEARED, PARKED)

    facts = days(30, rides(8, 21), evening(), word=word)
    facts += days(20, fault, rides(12, 21), evening(restarts=restarts), word=word, first=30)
    if mechanic:
        facts.append(word.fault(moment(50, 11), "key_off", Edge.RAISED, BY_MECHANIC))
    facts += days(20, fault, rides(12, 21), evening(restarts=restarts), word=word, first=50)
    return facts


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (coming_back("relay"), {"neglected"}),
        (coming_back("relay", mechanic=True), set()),
        (coming_back("footrest_up_edge"), set()),  # maintenance
        (coming_back("footrest_up_edge", restarts=2), {"neglected"}),
        (coming_back("brake"), set()),  # wear
    ],
    ids=["a part", "a mechanic knows", "an edge", "off and on", "wear"],
)
def test_a_fault_that_comes_back_and_is_lived_with(facts: list[Fact], told: set[str]) -> None:
    # Of forty days only: later the mechanic's visit is long ago.
    assert found(Neglect(), LIFT, facts, until=71) == told


def test_a_fault_whose_end_was_never_heard_is_no_neglect_while_it_charges() -> None:
    word = Word()
    facts = [
        *days(20, rides(8, 21), evening(charging_ms=20 * HOUR_MS), word=word),
        word.fault(moment(20, 12), "no_charge", Edge.RAISED, PARKED),
        *days(60, rides(8, 21), evening(charging_ms=20 * HOUR_MS), word=word, first=21),
    ]
    assert found(Neglect(), LIFT, facts) == set()


# --- storage


@pytest.mark.parametrize(
    ("indoors_dc", "every", "told"),
    [
        pytest.param(120, 3, {"unsheltered"}, id="every third night out"),
        pytest.param(120, 6, set(), id="now and then forgotten"),
        pytest.param(60, 3, set(), id="a cold shed, colder on some nights"),
    ],
)
def test_now_out_now_in_is_kept_out_of_doors(indoors_dc: int, every: int, told: set[str]) -> None:
    def kept(word: Word, day: int) -> Iterable[Fact]:
        low_dc, swing_dc = (20, 80) if day % every == 0 else (indoors_dc, 20)
        return evening(temperature_min_dc=low_dc, temperature_max_dc=low_dc + swing_dc, away_ms=0)(
            word, day
        )

    assert found(Storage(), SCOOTER, days(50, kept)) == told


def test_far_colder_than_the_open_field_it_is_the_thermometer() -> None:
    def kept(low_dc: int) -> set[str]:
        habit = evening(temperature_min_dc=low_dc, temperature_max_dc=low_dc + 80, away_ms=0)
        return found(Storage(), SCOOTER, days(50, habit))

    # The tales begin in November.
    assert kept(-20) == {"unsheltered"}
    assert kept(-60) == set()


def test_a_warm_summer_night_is_the_same_in_a_conservatory() -> None:
    def summer(word: Word, day: int) -> Iterable[Fact]:
        low_dc = 130 + 60 * (day % 2)
        return evening(temperature_min_dc=low_dc, temperature_max_dc=low_dc + 90, away_ms=0)(
            word, day
        )

    # The tales begin in November: two hundred days on it is June.
    assert found(Storage(), SCOOTER, days(50, summer, first=200)) == set()
