"""What looks like improper use and is none must be passed over in silence."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from diagnostics.detectors.charging import Charging
from diagnostics.detectors.contract import Aid, Detector
from diagnostics.detectors.habits import Daily
from diagnostics.detectors.habits.calendar import begin_of, day_of
from diagnostics.detectors.limits import Limits
from diagnostics.detectors.loss import Loss
from diagnostics.detectors.neglect import Neglect
from diagnostics.detectors.nonuse import Nonuse
from diagnostics.detectors.purpose import Purpose
from diagnostics.detectors.storage import Storage
from diagnostics.detectors.tamper import Tamper
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Edge, Mode, Seat
from tests.support.facts import DAY_S, PARKED, START, Word, aid_of
from tests.support.playing import play
from tests.support.tales import Tale, tales_of
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
EMPTY: dict[str, Any] = {"seat": Seat.EMPTY, "mean_current_ma": 4_500, "boarding_ms": None}


def found(detector: Detector, aid: Aid, facts: list[Fact], until: float = 400) -> set[str]:
    told = play(detector, Tale(name="", aid=aid, facts=facts, until=until * DAY_S))
    return set(told.certain().values())


def empty_rides(count: int) -> Habit:
    return lambda word, day: [
        ride(word, day, 15 + n / 40, up=n % 2 == 0, **EMPTY) for n in range(count)
    ]


# --- purpose


def test_grandchildren_and_guests_of_a_week_are_no_habit() -> None:
    word = Word()
    facts = [
        *days(20, rides(8, 21), word=word),
        *days(8, rides(8, 21), empty_rides(12), word=word, first=20),
        *days(40, rides(8, 21), word=word, first=28),
    ]
    assert found(Purpose(), LIFT, facts) == set()


def test_a_couple_that_calls_the_chair_carries_no_goods() -> None:
    def couple(word: Word, day: int) -> Iterable[Fact]:
        return [
            ride(word, day, 9),
            ride(word, day, 9.03, up=False, **EMPTY),
            ride(word, day, 9.06),
            ride(word, day, 20, up=False),
        ]

    assert found(Purpose(), LIFT, days(60, couple)) == set()


def test_a_little_at_a_time_is_carried_too() -> None:
    def tubs(word: Word, day: int) -> Iterable[Fact]:
        if day % 3:
            return []
        return [
            each
            for number in range(4)
            for each in (
                ride(word, day, 14 + number / 3, mean_current_ma=6_500),
                ride(word, day, 14 + number / 3 + 1 / 24, up=False, **EMPTY),
            )
        ]

    assert found(Purpose(), LIFT, days(40, rides(8, 21), tubs)) == {"goods_transport"}


def by_the_can(up_ma: int, *, boarding_ms: int = 20_000, every: int = 3) -> Habit:
    """Return four rides up and four down within two hours, none of them empty."""
    return at_intervals(
        every,
        lambda word, day: [
            ride(
                word,
                day,
                18 + number / 5,
                up=number % 2 == 0,
                mean_current_ma=up_ma if number % 2 == 0 else 2_700,
                boarding_ms=boarding_ms,
            )
            for number in range(8)
        ],
    )


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        pytest.param(by_the_can(6_600), {"goods_transport"}, id="far_lighter_than_the_rider"),
        pytest.param(by_the_can(9_000), set(), id="the_rider"),
        pytest.param(by_the_can(4_600), set(), id="as_light_as_an_empty_seat"),
        pytest.param(by_the_can(6_600, every=20), set(), id="now_and_then"),
    ],
)
def test_cans_up_and_others_down_are_carried(habit: Habit, told: set[str]) -> None:
    called = rides(12, 13, **EMPTY)
    assert found(Purpose(), LIFT, days(60, rides(8, 9.5, 12.5, 21), called, habit)) == told


def test_a_load_that_waits_below_is_fetched_by_the_next_empty_ride() -> None:
    def emptied(word: Word, day: int) -> Iterable[Fact]:
        return [
            each
            for number in range(4)
            for each in (
                ride(word, day, 9 + number / 2, up=False),
                ride(word, day, 9.2 + number / 2, **EMPTY),
            )
        ]

    facts = days(60, rides(8, 21), at_intervals(2, emptied))
    assert found(Purpose(), LIFT, facts) == {"goods_transport"}


def in_holidays(word: Word, day: int) -> Iterable[Fact]:
    """Four days at a time, six weeks apart: there and straight back, ridden and empty in turn."""
    if day < 20 or (day - 20) % 42 > 3:
        return []
    kinds: list[dict[str, Any]] = [{"boarding_ms": 1_500}, EMPTY]
    return [
        ride(word, day, 10 + number / 2 + (0 if up else 1 / 24), up=up, **kinds[number % 2])
        for number in range(8)
        for up in (True, False)
    ]


def test_play_in_holidays_only_is_play_once_it_comes_back() -> None:
    assert found(Purpose(), LIFT, days(59, rides(8, 21), in_holidays)) == set()
    assert found(Purpose(), LIFT, days(80, rides(8, 21), in_holidays)) == {"play"}


def test_an_empty_ride_to_and_fro_is_as_many_as_it_goes_far() -> None:
    def one(distance_mm: int) -> Habit:
        return lambda word, day: [
            ride(word, day, 15, distance_mm=distance_mm, duration_ms=200_000, **EMPTY)
        ]

    lift = replace(LIFT, rail_length_mm=4_700)
    assert found(Purpose(), lift, days(40, rides(8, 21), one(4_900))) == set()
    assert found(Purpose(), lift, days(40, rides(8, 21), one(21_000))) == {"play"}


def lifted_each_morning(ward_ma: int, *, times: int, every: int = 2) -> Habit:
    """Return days of a hoist: its client out of bed and back, and at times a ward by turns."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        hours = [(8.0, 9_000), (21.0, 9_000)]
        if day >= 20 and day % every == 0:
            hours[1:1] = [(13 + n / 5, ward_ma) for n in range(times)]
        return [
            ride(word, day, hour + back / 30, up=not back, mean_current_ma=current)
            for hour, current in hours
            for back in (0, 1)
        ]

    return habit


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        pytest.param(lifted_each_morning(5_500, times=5), {"play"}, id="children by turns"),
        pytest.param(lifted_each_morning(8_500, times=5), set(), id="carers learn"),
        pytest.param(lifted_each_morning(5_500, times=2), set(), id="somebody lighter as well"),
        pytest.param(lifted_each_morning(5_500, times=5, every=9), set(), id="now and then"),
    ],
)
def test_somebody_light_lifted_time_after_time_is_played_with(habit: Habit, told: set[str]) -> None:
    assert found(Purpose(), aid_of("hoist"), days(50, habit)) == told


def test_trying_a_new_lift_is_no_play() -> None:
    word = Word()
    facts = [
        *days(14, rides(8, 21), empty_rides(12), word=word),
        *days(30, rides(8, 21), word=word, first=14),
    ]
    assert found(Purpose(), replace(LIFT, lent_on=START.date()), facts) == set()


def outings(laden_ma: int, *, every: int = 2, from_day: int = 30, there: bool = True) -> Habit:
    """Return two outings a day; of the second one way is laden, there or (not) back."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        carries = day >= from_day and day % every == 0
        laden = laden_ma if carries else 8_000
        second = (laden, 8_000) if there else (8_000, laden)
        return [
            ride(
                word,
                day,
                hour,
                mean_current_ma=current,
                distance_mm=900_000,
                duration_ms=600_000,
            )
            for hour, current in zip((9, 10, 11, 12), (8_000, 8_000, *second), strict=True)
        ]

    return habit


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        pytest.param(outings(11_500), {"goods_transport"}, id="there"),
        pytest.param(outings(11_500, there=False), {"goods_transport"}, id="and back"),
        pytest.param(outings(9_000), set(), id="a bag"),
        pytest.param(outings(11_500, every=7), set(), id="once a week"),
        pytest.param(outings(11_500, from_day=0), set(), id="a hill, as ever"),
    ],
)
def test_laden_one_way_carries_goods(habit: Habit, told: set[str]) -> None:
    assert found(Purpose(), SCOOTER, days(70, habit)) == told


def test_who_drives_faster_than_it_is_made_for_carries_nothing() -> None:
    def raced(word: Word, day: int) -> Iterable[Fact]:
        wind = (8_000, 8_000, 11_500, 8_000) if day >= 30 else (8_000,) * 4
        top_mm_s = 4_000 * 1.3 if day >= 30 else 4_000
        return [
            ride(
                word,
                day,
                hour,
                mean_current_ma=current,
                max_speed_mm_s=round(top_mm_s),
                distance_mm=900_000,
                duration_ms=600_000,
            )
            for hour, current in zip((9, 10, 11, 12), wind, strict=True)
        ]

    assert found(Purpose(), SCOOTER, days(70, raced)) == set()


def test_a_drive_that_has_stood_carries_nothing() -> None:
    def stiff(word: Word, day: int) -> Iterable[Fact]:
        cold = 12_000 if day >= 30 else 8_000
        return [
            ride(word, day, hour, mean_current_ma=ma, distance_mm=900_000, duration_ms=600_000)
            for hour, ma in ((9, cold), (10, 8_000), (11, 8_000), (12, 8_000))
        ]

    assert found(Purpose(), SCOOTER, days(70, stiff)) == set()


def test_a_drive_that_wears_tows_nothing() -> None:
    def wearing(word: Word, day: int) -> Iterable[Fact]:
        current = 8_000 + max(0, day - 30) * 120
        return rides(
            10, 11, distance_mm=1_500_000, duration_ms=600_000, mean_current_ma=current, stops=4
        )(word, day)

    assert found(Purpose(), SCOOTER, days(120, wearing)) == set()
    assert found(Limits(), SCOOTER, days(120, wearing)) == set()


@pytest.mark.parametrize("way", [{"seat": Seat.EMPTY}, {"up": False}])
def test_the_least_of_a_day_is_the_same_in_any_order(way: dict[str, Any]) -> None:
    def least(*currents_ma: int) -> tuple[int, int]:
        word = Word()
        told = [ride(word, 0, 9 + n, mean_current_ma=ma, **way) for n, ma in enumerate(currents_ma)]
        state = (
            Limits()
            .step(None, told, now=told[-1].received_at, aid=LIFT, listening_since=START)
            .state
        )
        return state.days[0].empty, state.days[0].down

    assert least(6, 1) == least(1, 6)


def test_a_drive_that_was_mended_was_never_overloaded() -> None:
    def worn(word: Word, day: int) -> Iterable[Fact]:
        current = 9_000 if day < 40 else 14_000 if day < 75 else 9_000
        return [ride(word, day, hour, mean_current_ma=current) for hour in (8, 12, 21)]

    assert found(Limits(), LIFT, days(110, worn)) == set()


# --- limits

MEASURED = replace(LIFT, max_load_kg=130, empty_ma=5_000, tested_ma=9_000, tested_kg=80)


def test_a_drive_that_binds_on_some_days_carries_no_heavier_load() -> None:
    def binding(word: Word, day: int) -> Iterable[Fact]:
        harder = 1.5 if day > 40 and day % 5 in (1, 3) else 1.0
        loads = {8: 10_000, 12: 8_500, 21: 10_000}
        return [
            ride(word, day, hour, mean_current_ma=round(current * harder))
            for hour, current in loads.items()
        ]

    assert found(Limits(), MEASURED, days(120, binding)) == set()


def test_two_at_once_are_too_heavy_beside_one_of_the_same_day() -> None:
    def both(word: Word, day: int) -> Iterable[Fact]:
        second = 13_500 if day > 40 else 9_000
        return [
            ride(word, day, 8, mean_current_ma=9_000),
            ride(word, day, 21, mean_current_ma=second),
        ]

    assert found(Limits(), MEASURED, days(120, both)) == {"overload"}


@pytest.mark.parametrize(
    ("empty", "down_grows", "told"),
    [
        pytest.param(True, True, {"overload"}, id="empty_as_ever"),
        pytest.param(False, False, set(), id="down_as_ever_as_of_a_gear_worn_on_one_flank"),
        pytest.param(False, True, set(), id="it_may_be_the_drive"),
    ],
)
def test_who_has_become_too_heavy_shows_where_the_drive_is_known(
    *, empty: bool, down_grows: bool, told: set[str]
) -> None:
    def outgrows(word: Word, day: int) -> Iterable[Fact]:
        grown = min(max(day - 50, 0) / 80, 1.0)
        facts = [
            ride(word, day, 8, mean_current_ma=round(9_000 + 4_000 * grown)),
            ride(word, day, 20, mean_current_ma=round(9_000 + 4_000 * grown)),
            ride(word, day, 9, up=False, mean_current_ma=round(3_000 * (1 + grown * down_grows))),
        ]
        return [*facts, ride(word, day, 7.9, **EMPTY | {"mean_current_ma": 5_000})][: 3 + empty]

    assert found(Limits(), MEASURED, days(190, outgrows)) == told


def test_a_drive_that_sticks_after_standing_carries_no_heavier_load() -> None:
    def sticking(word: Word, day: int) -> Iterable[Fact]:
        stood = 13_500 if day > 40 else 9_000
        loads = {8: stood, 9: 9_000, 21: stood, 22: 9_000}
        return [ride(word, day, hour, mean_current_ma=current) for hour, current in loads.items()]

    assert found(Limits(), MEASURED, days(120, sticking)) == set()


def test_one_glitch_of_the_speed_sensor_is_no_speeding() -> None:
    usual = rides(10, 11, max_speed_mm_s=3_500, distance_mm=2_000_000, duration_ms=700_000)
    glitch = rides(12, max_speed_mm_s=8_000, distance_mm=2_000_000, duration_ms=700_000)
    word = Word()
    facts = [
        *days(10, usual, word=word),
        *days(2, usual, glitch, word=word, first=10),
        *days(30, usual, word=word, first=12),
    ]
    assert found(Limits(), SCOOTER, facts) == set()


def test_speeds_that_the_way_contradicts_are_spikes() -> None:
    spikes = rides(10, 11, max_speed_mm_s=9_000, distance_mm=900_000, duration_ms=700_000)
    assert found(Limits(), SCOOTER, days(40, spikes)) == set()


def test_a_tilt_sensor_that_leans_everywhere_accuses_nobody() -> None:
    leaning = rides(10, 11, max_incline_deg=12, distance_mm=900_000)
    assert found(Limits(), SCOOTER, days(40, leaning)) == set()


def test_a_scale_that_is_always_off_accuses_nobody() -> None:
    hoist = aid_of("hoist", max_load_kg=150)
    assert found(Limits(), hoist, days(40, rides(8, 12, 18, load_kg=200))) == set()


def test_a_slow_gain_of_weight_is_no_overload() -> None:
    def heavier(word: Word, day: int) -> Iterable[Fact]:
        return [ride(word, day, hour, mean_current_ma=9_000 + 10 * day) for hour in (8, 12, 21)]

    assert found(Limits(), LIFT, days(150, heavier)) == set()


@pytest.mark.parametrize(
    ("kind", "times", "told"),
    [
        ("stairlift", 50, {"duty_cycle"}),
        ("stairlift", 30, set()),
        ("hoist", 80, {"duty_cycle"}),
        ("hoist", 50, set()),
        ("scooter", 80, set()),
    ],
)
def test_worked_all_day_long_is_beyond_its_duty(kind: str, times: int, told: set[str]) -> None:
    habit = rides(*(7 + 14 * number / times for number in range(times)), duration_ms=20_000)
    assert found(Limits(), aid_of(kind), days(30, habit)) == told


def test_without_a_registered_limit_nothing_is_beyond_it() -> None:
    fast = rides(10, 11, max_speed_mm_s=20_000, max_incline_deg=40, load_kg=400)
    assert found(Limits(), aid_of("scooter"), days(40, fast)) == set()


# --- charging


def charging(charged_ms: int, mains_ms: int, low_mv: int, high_mv: int | None) -> Habit:
    return evening(
        battery_rest_mv=low_mv,
        battery_min_mv=low_mv,
        battery_max_mv=high_mv,
        charging_ms=charged_ms,
        mains_ms=mains_ms,
    )


@pytest.mark.parametrize(
    "habit",
    [
        pytest.param(charging(0, 10 * HOUR_MS, 23_500, None), id="charger_dead"),
        pytest.param(charging(8 * HOUR_MS, 8 * HOUR_MS, 23_800, 28_000), id="battery_worn"),
        pytest.param(charging(0, 0, 23_500, None), id="never_seen_to_work"),
        pytest.param(charging(0, 0, 25_300, 28_000), id="never_low"),
        pytest.param(evening(), id="nothing_known"),
    ],
)
def test_what_is_not_the_users_plug_is_no_neglect_of_it(habit: Habit) -> None:
    assert found(Charging(), SCOOTER, days(60, rides(10, 11), habit)) == set()


def out_for(low_mv: int, *, length: int = 9, used: bool = True, mains_ms: int = 0) -> Habit:
    """Return a month of which the charger is out for the last days."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        out = day % 30 >= 30 - length
        last = day % 30 > 30 - length // 2
        charge = (
            charging(0, mains_ms, low_mv if last else 25_000, None)
            if out
            else charging(9 * HOUR_MS, 9 * HOUR_MS, 25_300, 28_000)
        )
        return [*(rides(10, 11)(word, day) if used or not out else ()), *charge(word, day)]

    return habit


def empty_arm(strokes: int) -> Habit:
    """Return days of a hoist: its client out of bed and back, and an arm that goes up and down."""
    arm = rides(*(16 + number / 60 for number in range(strokes)), **EMPTY)
    return lambda word, day: [*rides(8, 8.1)(word, day), *(arm(word, day) if day % 3 == 0 else ())]


def test_an_empty_arm_that_goes_up_and_down_by_the_dozen_is_play() -> None:
    hoist = aid_of("hoist")
    assert found(Purpose(), hoist, days(60, empty_arm(24))) == {"play"}
    assert found(Purpose(), hoist, days(60, empty_arm(16))) == set()


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        pytest.param(out_for(23_800), {"not_charged"}, id="a meter that runs out"),
        pytest.param(out_for(24_700), set(), id="never low"),
        pytest.param(out_for(23_800, length=4), set(), id="a long weekend"),
        pytest.param(out_for(23_800, used=False), set(), id="away"),
        pytest.param(out_for(23_800, mains_ms=9 * HOUR_MS), set(), id="its charger gives nothing"),
    ],
)
def test_out_for_days_on_end_while_it_is_used_is_not_charged(habit: Habit, told: set[str]) -> None:
    assert found(Charging(), SCOOTER, days(95, habit)) == told


def test_charged_once_a_week_and_low_by_then_is_not_charged() -> None:
    def habit(word: Word, day: int) -> Iterable[Fact]:
        plugged = day % 7 == 6
        low_mv = 23_900 if plugged or day % 28 == 5 else 24_600
        charge = charging(9 * HOUR_MS, 9 * HOUR_MS, low_mv, 28_000) if plugged else None
        yield from rides(10, 11)(word, day)
        yield from (charge or charging(0, 0, low_mv, None))(word, day)

    assert found(Charging(), SCOOTER, days(60, habit)) == {"not_charged"}


def test_in_hospital_nothing_need_be_charged() -> None:
    habit = charging(0, 0, 23_800, 28_000)
    assert found(Charging(), SCOOTER, days(40, habit)) == set()


def test_a_long_power_cut_is_no_switch() -> None:
    word = Word()
    mains = evening(mains_ms=DAY_MS, charging_ms=DAY_MS)
    facts = [
        *days(10, mains, word=word),
        *days(12, evening(mains_ms=0, charging_ms=0), word=word, first=10),
        *days(40, mains, word=word, first=22),
    ]
    assert found(Charging(), LIFT, facts) == set()


# --- storage


@pytest.mark.parametrize(
    ("low_dc", "high_dc"),
    [
        pytest.param(40, 90, id="cold_shed"),
        pytest.param(-400, -400, id="thermometer_dead"),
        pytest.param(None, None, id="no_thermometer"),
        pytest.param(-30, -10, id="freezer_without_days_and_nights"),
    ],
)
def test_what_is_no_weather_is_no_outdoors(low_dc: int | None, high_dc: int | None) -> None:
    habit = evening(temperature_min_dc=low_dc, temperature_max_dc=high_dc, away_ms=0)
    assert found(Storage(), SCOOTER, days(60, habit)) == set()


def test_cold_on_the_road_is_not_cold_at_home() -> None:
    habit = evening(temperature_min_dc=-50, temperature_max_dc=80, away_ms=5 * HOUR_MS)
    assert found(Storage(), SCOOTER, days(60, habit)) == set()


def test_a_thermometer_that_jumps_is_broken() -> None:
    def jumping(word: Word, day: int) -> Iterable[Fact]:
        low_dc = -200 if day % 2 else 60
        return evening(temperature_min_dc=low_dc, temperature_max_dc=200, away_ms=0)(word, day)

    assert found(Storage(), SCOOTER, days(60, jumping)) == set()


# --- tamper


def change(*, at_change: Habit | None = None, after: str = "b2", first: Word | None = None) -> Any:
    word = first or Word()
    return [
        *days(12, evening(parameters="a1", hardware="h1"), word=word),
        *days(1, *([at_change] if at_change else []), word=word, first=12),
        *days(30, evening(parameters=after, hardware="h1"), word=word, first=12),
    ]


def test_a_mechanics_key_explains_a_change() -> None:
    def key(word: Word, day: int) -> Iterable[Fact]:
        sample = replace(PARKED, mode=Mode.SERVICE)
        return [word.fault(moment(day, 11), "key_off", Edge.RAISED, sample)]

    assert found(Tamper(), SCOOTER, change()) == {"modified"}
    assert found(Tamper(), SCOOTER, change(at_change=key)) == set()


@pytest.mark.parametrize("field", ["serviced_on", "lent_on"])
def test_what_is_registered_explains_a_change(field: str) -> None:
    aid = replace(SCOOTER, **{field: date(2026, 12, 4)})
    assert found(Tamper(), aid, change()) == set()


def test_what_is_put_back_after_months_is_no_other_change() -> None:
    word = Word()

    def said(hardware: str) -> Habit:
        return evening(parameters="a1", hardware=hardware)

    facts = [
        *days(40, said("h1"), word=word),
        *days(60, said("h2"), word=word, first=40),
        *days(60, said("h1"), word=word, first=100),
    ]
    told = play(Tamper(), Tale(name="", aid=SCOOTER, facts=facts, until=400 * DAY_S))
    assert [*told.certain().values()] == ["modified"]


def test_a_reading_that_flickers_is_no_change() -> None:
    def flicker(word: Word, day: int) -> Iterable[Fact]:
        return evening(parameters="a1" if day % 3 else "b2")(word, day)

    assert found(Tamper(), SCOOTER, days(60, flicker)) == set()


def at_weekends(speed: int) -> Habit:
    """Return days with other settings on two of seven, on which it goes so fast, in mm/s."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        there = day >= 20 and day % 7 > 4
        top_mm_s = (speed if there else 120) + day % 2
        return [
            *(ride(word, day, hour, max_speed_mm_s=top_mm_s) for hour in (8, 12, 18, 21)),
            *evening(parameters="b2" if there else "a1", hardware="h1")(word, day),
        ]

    return habit


def test_settings_that_come_and_go_are_changed_if_it_drives_otherwise_on_those_days() -> None:
    assert found(Tamper(), LIFT, days(70, at_weekends(126))) == {"modified"}
    assert found(Tamper(), LIFT, days(70, at_weekends(120))) == set()
    served = replace(LIFT, serviced_on=START.date())  # one that explains none of them
    assert found(Tamper(), served, days(70, at_weekends(126))) == {"modified"}


@pytest.mark.parametrize(("left", "told"), [(0.9, {"modified"}), (0.98, set())])
def test_a_rail_that_is_shorter_since_it_was_opened_was_sawn(left: float, told: set[str]) -> None:
    def rail(word: Word, day: int) -> Iterable[Fact]:
        way_mm = round(5_000 * (left if day >= 40 else 1.0))
        opened = evening(openings=1 if day == 40 else 0)
        return [*rides(8, 21, distance_mm=way_mm)(word, day), *opened(word, day)]

    assert found(Tamper(), LIFT, days(90, rail)) == told


def test_a_contact_that_bounces_opens_nothing() -> None:
    assert found(Tamper(), SCOOTER, days(60, evening(openings=7))) == set()


def test_another_modem_was_put_there_by_somebody_who_may() -> None:
    facts = [
        *days(12, evening(parameters="a1", hardware="h1"), word=Word(outbox_no=1)),
        *days(30, evening(parameters="b2", hardware="h1"), word=Word(outbox_no=2), first=12),
    ]
    assert found(Tamper(), SCOOTER, facts) == set()


# --- loss and nonuse


def stay(count: int, **more: Any) -> list[Fact]:
    word = Word()
    home = evening(cell="u173z", away_ms=HOUR_MS, charging_ms=8 * HOUR_MS)
    away = evening(cell="u179e", away_ms=DAY_MS, **more)
    return [
        *days(14, rides(10, 11), home, word=word),
        *days(count, away, word=word, first=14),
        *days(30, rides(10, 11), home, word=word, first=14 + count),
    ]


def test_a_holiday_is_no_loss() -> None:
    assert found(Loss(), SCOOTER, stay(20, charging_ms=8 * HOUR_MS)) == set()
    assert found(Loss(), SCOOTER, stay(20)) == set()  # nobody knows whether it is charged
    assert found(Loss(), SCOOTER, stay(20, charging_ms=0)) == {"lost"}


def test_what_stands_elsewhere_on_a_charger_and_is_never_ridden_is_lost_after_six_weeks() -> None:
    charged = {"charging_ms": 8 * HOUR_MS}
    assert found(Loss(), SCOOTER, stay(40, **charged)) == set()
    assert found(Loss(), SCOOTER, stay(50, **charged)) == {"lost"}
    word = Word()
    home = evening(cell="u173z", away_ms=HOUR_MS, **charged)
    there = evening(cell="u179e", away_ms=DAY_MS, **charged)
    ridden = [
        *days(14, rides(10, 11), home, word=word),
        *days(50, rides(10, 11), there, word=word, first=14),
        *days(9, rides(10, 11), home, word=word, first=64),
    ]
    assert found(Loss(), SCOOTER, ridden) == set()


@pytest.mark.parametrize(
    ("before", "told"),
    [
        pytest.param(lambda _: False, {"lost"}, id="taken_apart"),
        pytest.param(lambda day: day % 7 == 0, set(), id="a_contact_that_is_loose"),
    ],
)
def test_opened_on_some_days_and_silent_is_lost(
    before: Callable[[int], bool], told: set[str]
) -> None:
    def opened(word: Word, day: int) -> Iterable[Fact]:
        last = day in {41, 43, 44, 45}
        return evening(openings=int(last or before(day)))(word, day)

    assert found(Loss(), LIFT, days(49, rides(8, 21), opened), until=100) == told


def test_the_workshop_is_no_loss() -> None:
    aid = replace(SCOOTER, serviced_on=date(2026, 12, 6))
    assert found(Loss(), aid, stay(20, charging_ms=0)) == set()


def test_silence_at_home_is_no_loss() -> None:
    home = evening(cell="u173z", away_ms=HOUR_MS, charging_ms=8 * HOUR_MS)
    assert found(Loss(), SCOOTER, days(20, rides(10, 11), home)) == set()


@pytest.mark.parametrize(
    ("low_mv", "told"),
    [
        pytest.param(21_000, set(), id="flat, so that nobody can ride it"),
        pytest.param(25_600, {"unused"}, id="well"),
    ],
)
def test_a_lift_that_ran_flat_is_not_left_unused(low_mv: int, told: set[str]) -> None:
    word = Word()
    facts = [
        *days(40, rides(8, 21), evening(battery_min_mv=25_600), word=word),
        *days(120, evening(battery_min_mv=low_mv), word=word, first=40),
    ]
    assert found(Nonuse(), LIFT, facts) == told


def test_six_weeks_of_hospital_are_not_nonuse() -> None:
    word = Word()
    facts = [
        *days(20, rides(8, 21), evening(), word=word),
        *days(42, evening(), word=word, first=20),
        *days(20, rides(8, 21), evening(), word=word, first=62),
    ]
    assert found(Nonuse(), LIFT, facts) == set()


def test_a_silent_modem_is_not_nonuse() -> None:
    word = Word()
    facts = [
        *days(20, rides(8, 21), evening(), word=word),
        *days(3, evening(), word=word, first=110),
    ]
    assert found(Nonuse(), LIFT, facts) == set()


def test_never_used_is_told_of_since_the_loan() -> None:
    lent = replace(LIFT, lent_on=START.date())
    word = Word()
    tried = days(2, rides(11, 12), word=word)
    facts = [*tried, *days(80, evening(), word=word)]
    outcome = Nonuse().step(None, facts, now=facts[-1].received_at, aid=lent, listening_since=None)
    since = begin_of(START.toordinal() + 1)
    assert [(each.what, each.since) for each in outcome.findings] == [("unused", since)]
    assert found(Nonuse(), LIFT, facts) == set()


# --- neglect


def test_wear_alone_is_no_neglect() -> None:
    def wearing(word: Word, day: int) -> Iterable[Fact]:
        return [
            ride(word, day, hour, mean_current_ma=9_000 + 60 * day, trips=0) for hour in (8, 21)
        ]

    def tripping(word: Word, day: int) -> Iterable[Fact]:
        return [ride(word, day, hour, trips=int(day > 60)) for hour in (8, 21)]

    def both(word: Word, day: int) -> Iterable[Fact]:
        return [
            ride(word, day, hour, mean_current_ma=9_000 + 60 * day, trips=int(day > 60))
            for hour in (8, 21)
        ]

    assert found(Neglect(), LIFT, days(130, wearing)) == set()
    assert found(Neglect(), LIFT, days(130, tripping)) == set()
    assert found(Neglect(), LIFT, days(130, both)) == {"neglected"}


def test_a_fault_that_somebody_sees_to_is_no_neglect() -> None:
    word = Word()
    facts = [
        *days(5, rides(10, 11), word=word),
        word.fault(moment(5, 9), "charger", Edge.RAISED, PARKED),
        *days(15, rides(10, 11), word=word, first=5),
        word.fault(moment(20, 9), "charger", Edge.CLEARED, PARKED),
        *days(40, rides(10, 11), word=word, first=20),
    ]
    assert found(Neglect(), SCOOTER, facts) == set()


@pytest.mark.parametrize("over", [Edge.CLEARED, Mode.SERVICE], ids=str)
def test_what_was_over_long_ago_stays_so_although_that_day_is_forgotten(over: Edge | Mode) -> None:
    word = Word()
    mends = over is Mode.SERVICE
    facts = [
        *days(30, rides(10, 11), word=word),
        word.fault(moment(30, 9), "charger", Edge.RAISED, PARKED),
        *days(18, rides(10, 11), word=word, first=30),
        word.fault(moment(48, 9), "charger", Edge.CLEARED, PARKED)
        if not mends
        else word.fault(moment(48, 9), "motor", Edge.CLEARED, replace(PARKED, mode=over)),
        *days(150, rides(10, 11), evening(), word=word, first=48),
    ]
    assert found(Neglect(), SCOOTER, facts) == set()


def test_a_low_battery_of_which_nobody_knows_whether_it_was_charged_is_not_left() -> None:
    def low(*habits: Habit) -> list[Fact]:
        word = Word()
        return [
            *days(20, rides(10, 11), evening(), word=word),
            word.fault(moment(20, 9), "battery_low", Edge.RAISED, PARKED),
            *days(40, rides(10, 11), *habits, word=word, first=20),
        ]

    assert found(Neglect(), SCOOTER, low(evening())) == {"neglected"}
    assert found(Neglect(), SCOOTER, low()) == set()  # its modem is off each night


def stopping(share: float, code: str = "drive_hot") -> Habit:
    """Return rides of which this share stops on the way, until it has cooled down."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        facts: list[Fact] = []
        for number, hour in enumerate((9, 12, 15, 18, 20)):
            if (5 * day + number) % 20 < 20 * share:
                facts += [
                    word.fault(moment(day, hour - 0.05), code, edge, PARKED)
                    for edge in (Edge.RAISED, Edge.CLEARED)
                ]
            facts.append(ride(word, day, hour))
        return facts

    return habit


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        pytest.param(stopping(0.8), {"neglected"}, id="most_rides"),
        pytest.param(stopping(0.55), set(), id="half_of_them"),
        pytest.param(stopping(0.8, "overload"), set(), id="a_load_refused"),
        pytest.param(stopping(0.8, "battery_low"), set(), id="stops_nothing"),
    ],
)
def test_whoever_waits_in_most_rides_for_weeks_has_had_time_to_call(
    habit: Habit, told: set[str]
) -> None:
    word = Word()
    facts = [*days(20, stopping(0), word=word), *days(45, habit, word=word, first=20)]
    assert found(Neglect(), SCOOTER, facts) == told
    few = [*days(20, stopping(0), word=word), *days(25, habit, word=word, first=20)]
    assert found(Neglect(), SCOOTER, few) == set()


def standing(every: int, *, hours: float = 20, code: str = "motor") -> Habit:
    """Return days of use; every so often it stops in the evening, until somebody resets it."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        facts: list[Fact] = [*rides(10, 16)(word, day)]
        if day >= 20 and day % every == 0:
            facts += [
                word.fault(moment(day, 18), code, Edge.RAISED, PARKED),
                word.fault(moment(day, 18 + hours), code, Edge.CLEARED, PARKED),
            ]
        return facts

    return habit


def test_a_part_that_stops_it_again_and_again_and_that_nobody_repairs_is_neglected() -> None:
    def in_order(habit: Habit, count: int) -> list[Fact]:
        return sorted(days(count, habit, word=Word()), key=lambda fact: fact.received_at)

    assert found(Neglect(), SCOOTER, in_order(standing(6), 70)) == {"neglected"}
    assert found(Neglect(), SCOOTER, in_order(standing(6), 38)) == set()  # help takes time
    assert found(Neglect(), SCOOTER, in_order(standing(20), 110)) == set()
    # Over by the evening, worn, or for the user to see to.
    assert found(Neglect(), SCOOTER, in_order(standing(6, hours=3), 70)) == set()
    assert found(Neglect(), SCOOTER, in_order(standing(6, code="over_current"), 70)) == set()
    assert found(Neglect(), SCOOTER, in_order(standing(6, code="no_charge"), 70)) == set()
    seen = replace(PARKED, mode=Mode.SERVICE)
    word = Word()
    facts = days(75, standing(6), word=word)
    facts.append(word.fault(moment(47, 9), "motor", Edge.RAISED, seen))
    facts.sort(key=lambda fact: fact.received_at)
    assert found(Neglect(), SCOOTER, facts) == set()


def by_turns(*codes: str, every: int = 2) -> Habit:
    """Return days of use on which now this part complains, and now that, for an hour."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        facts: list[Fact] = [*rides(10, 16)(word, day)]
        if day >= 20 and day % every == 0:
            code = codes[day // every % len(codes)]
            facts += [
                word.fault(moment(day, 18), code, Edge.RAISED, PARKED),
                word.fault(moment(day, 19), code, Edge.CLEARED, PARKED),
            ]
        return facts

    return habit


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        pytest.param(by_turns("motor", "controller", "brake"), {"neglected"}, id="three_parts"),
        pytest.param(by_turns("motor", "controller", every=5), set(), id="now_and_then"),
        pytest.param(by_turns("brake", "over_current"), set(), id="wear"),
        pytest.param(by_turns("seat_turned", "key_off", "no_charge"), set(), id="passing"),
    ],
)
def test_parts_that_complain_by_turns_are_lived_with_as_one_is(
    habit: Habit, told: set[str]
) -> None:
    assert found(Neglect(), SCOOTER, days(60, habit)) == told


def test_one_long_absence_is_no_neglect() -> None:
    word = Word()
    full = evening(battery_min_mv=25_500, mains_ms=8 * HOUR_MS)
    flat = evening(battery_min_mv=22_500, mains_ms=0)
    facts = [
        *days(20, rides(10, 11), full, word=word),
        *days(40, flat, word=word, first=20),
        *days(40, rides(10, 11), full, word=word, first=60),
    ]
    assert found(Neglect(), SCOOTER, facts) == set()


# --- what all of them share

DETECTORS: list[Daily[Any]] = [
    Purpose(),
    Limits(),
    Charging(),
    Storage(),
    Tamper(),
    Neglect(),
    Loss(),
    Nonuse(),
]


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda each: each.name)
def test_a_new_client_starts_from_nothing(detector: Daily[Any]) -> None:
    tale = tales_of(detector.name)[0]
    told = play(detector, tale)
    assert told.certain()
    word = Word(outbox_no=9)
    fact = word.ride_ended(tale.until + DAY_S) if detector.name != "storage" else None
    fact = fact or word.condition(tale.until + DAY_S)
    if detector.name == "tamper":
        fact = word.condition(tale.until + DAY_S)

    def step(lent_on: date) -> Any:
        lent = replace(tale.aid, lent_on=lent_on)
        return detector.step(
            told.state, [fact], now=fact.received_at, aid=lent, listening_since=None
        )

    today = date.fromordinal(day_of(fact))
    assert [len(step(day).state.days) for day in (today - timedelta(days=1), today)] == [1, 0], (
        "of the day on which it was lent a part is another's"
    )
    outcome = step(date(2030, 1, 1))
    assert outcome.state.days == ()
    assert outcome.state.told == ()
    over = [finding for finding in outcome.findings if finding.ended_at is not None]
    assert {finding.key for finding in over} == {told_.key for told_ in told.state.told}


def test_an_episode_that_is_over_says_so_once() -> None:
    detector = Purpose()
    tale = tales_of("purpose")[2]
    quiet = days(80, rides(8, 21), word=Word(outbox_no=2), first=30)
    told = play(detector, replace(tale, facts=[*tale.facts, *quiet], until=120 * DAY_S))
    (finding,) = told.findings.values()
    assert finding.what == "play"
    assert finding.ended_at is not None
    assert finding.reasons[0].code == "no_longer_seen"


def test_nothing_is_said_of_where_it_is() -> None:
    told = play(Loss(), tales_of("loss")[0])
    assert "u179e" not in str(told.findings)


def test_the_state_stays_small() -> None:
    busy = days(300, rides(*range(7, 23)), evening(parameters="a1", cell="u173z", away_ms=0))
    for detector in DETECTORS:
        aid = aid_of(min(detector.kinds))
        told = play(detector, Tale(name="", aid=aid, facts=busy, until=301 * DAY_S), stored=False)
        assert len(msgspec.json.encode(told.state)) < 40_000, detector.name
