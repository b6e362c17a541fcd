"""What wears, and what only looks like it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.detectors.battery import Battery
from diagnostics.detectors.brake import Brake
from diagnostics.detectors.charger import Charger
from diagnostics.detectors.contract import Ask, Detector, Finding, Level
from diagnostics.detectors.drive import Drive
from diagnostics.detectors.edges import Edges
from diagnostics.detectors.service import Service
from diagnostics.detectors.signal import Signal
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Edge, Landing, Seat
from tests.support.facts import DAY_S, PARKED, START, Word, aid_of
from tests.support.playing import play
from tests.support.tales import Tale
from tests.support.tales.habits import HOUR_MS, Habit, days, evening, moment, ride, rides

OFTEN = rides(10.5, 12, 14, 15, 17, 20)


def found(
    detector: Detector,
    facts: Sequence[Fact],
    *,
    kind: str = "stairlift",
    until: float = 200 * DAY_S,
    **register: Any,
) -> dict[str, Finding]:
    aid = aid_of(kind, **register)
    return play(detector, Tale(name="health", aid=aid, facts=facts, until=until)).findings


def certain(detector: Detector, facts: Sequence[Fact], **more: Any) -> set[str]:
    findings = found(detector, facts, **more).values()
    return {finding.what for finding in findings if finding.level is Level.CERTAIN}


def four_rides(of: Callable[[int, bool], dict[str, Any]]) -> Habit:
    """Return four rides a day, two up and two down; ``of`` says what is special about each."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        for number, hour in enumerate((10.5, 12, 15, 18)):
            up = number % 2 == 0
            yield ride(word, day, hour, up=up, **of(day, up))

    return habit


# --- batteries


def sagging(ohm: Callable[[int], float], *, idle_mv: int = 25_500, **more: Any) -> Habit:
    def of(day: int, up: bool) -> dict[str, Any]:
        peak_ma = (11_000 if up else 3_000) + 60 * (day * 7 % 5)
        lowest = 100 * round((idle_mv - peak_ma * ohm(day)) / 100)
        return {
            "peak_current_ma": peak_ma,
            "battery_before_mv": 27_600,
            "battery_after_mv": 27_400,
            "min_battery_mv": lowest,
        } | more

    return four_rides(of)


def ageing(day: int) -> float:
    return 0.12 + 0.005 * max(0, day - 30)


def test_a_worn_battery_is_announced_weeks_ahead() -> None:
    findings = found(Battery(), days(70, sagging(ageing)))
    (finding,) = findings.values()
    assert finding.level is Level.CERTAIN
    assert finding.asks is Ask.ADVICE
    assert finding.forecast is not None
    # 0.7 ohm and 11 A bring 25.5 V to 17.5 V on day 146.
    left_days = (START + timedelta(days=146) - finding.forecast.at) / timedelta(days=1)
    assert finding.forecast.days_low <= left_days <= finding.forecast.days_high
    assert "battery_resistance" in {reason.code for reason in finding.reasons}
    assert finding.evidence.last_at < START + timedelta(days=146 - 14)


def test_a_worn_battery_is_found_without_a_current_as_well() -> None:
    blind = sagging(ageing, peak_current_ma=None, mean_current_ma=None)
    assert certain(Battery(), days(75, blind)) == {"battery_worn"}


def test_a_cell_that_shorts_overnight_is_told_of_beside_the_charger() -> None:
    word = Word()
    whole, shorted = sagging(lambda _day: 0.12), sagging(lambda _day: 0.14, idle_mv=23_500)
    facts = [*days(40, whole, word=word), *days(9, shorted, word=word, first=40)]
    assert certain(Battery(), facts, until=49 * DAY_S) == {"battery_worn"}
    stronger = sagging(lambda _day: 0.12, idle_mv=25_000)
    facts = [*days(40, whole, word=(word := Word())), *days(9, stronger, word=word, first=40)]
    assert certain(Battery(), facts, until=49 * DAY_S) == set()


def test_a_new_battery_ends_the_finding() -> None:
    facts = days(120, sagging(lambda day: ageing(day) if day < 90 else 0.11))
    (finding,) = found(Battery(), facts).values()
    assert finding.level is Level.PASSED
    assert finding.ended_at is not None


def test_cold_alone_is_no_age() -> None:
    """Resistance rises by a quarter on the way from summer to frost."""

    def colder(day: int) -> float:
        return 20 - min(25.0, max(0, day - 30) / 3)

    def ohm(day: int) -> float:
        return 0.12 * (1 + 0.01 * (20 - colder(day)))

    def report(word: Word, day: int) -> Iterable[Fact]:
        degrees = round(10 * colder(day))
        return [
            word.condition(
                moment(day, 23.5),
                battery_rest_mv=25_500,
                temperature_min_dc=degrees - 20,
                temperature_max_dc=degrees + 20,
            )
        ]

    assert found(Battery(), days(120, sagging(ohm), report)) == {}


def test_a_heavier_rider_is_no_age() -> None:
    def of(day: int, up: bool) -> dict[str, Any]:
        peak_ma = round((11_000 if up else 3_000) * (1.35 if day > 40 else 1))
        return {
            "peak_current_ma": peak_ma,
            "battery_before_mv": 27_600,
            "battery_after_mv": 27_400,
            "min_battery_mv": 100 * round((25_500 - peak_ma * 0.12) / 100),
        }

    assert found(Battery(), days(90, four_rides(of))) == {}


def test_a_battery_that_is_not_charged_is_not_worn() -> None:
    def idle(day: int) -> int:
        return 25_500 - 200 * max(0, day - 40)

    def of(day: int, up: bool) -> dict[str, Any]:
        peak_ma = 11_000 if up else 3_000
        return {
            "peak_current_ma": peak_ma,
            "battery_before_mv": idle(day),
            "battery_after_mv": idle(day),
            "min_battery_mv": 100 * round((idle(day) - peak_ma * 0.12) / 100),
        }

    def report(word: Word, day: int) -> Iterable[Fact]:
        hours = 23 if day <= 40 else 0
        return [
            word.condition(
                moment(day, 23.5),
                battery_rest_mv=idle(day),
                battery_min_mv=idle(day),
                charging_ms=hours * HOUR_MS,
                mains_ms=24 * HOUR_MS,
            )
        ]

    assert certain(Battery(), days(70, four_rides(of), report)) == set()


# --- chargers


def report(charging_h: float, *, mains_h: float = 24, rest_mv: int = 25_600) -> Habit:
    return evening(
        battery_rest_mv=rest_mv,
        battery_min_mv=rest_mv,
        battery_max_mv=27_600 if charging_h else None,
        charging_ms=round(charging_h * HOUR_MS),
        mains_ms=round(mains_h * HOUR_MS),
        off_charge_ms=round((mains_h - charging_h) * HOUR_MS),
    )


@pytest.mark.parametrize(
    ("use", "after", "expected"),
    [
        (OFTEN, report(0, rest_mv=24_600), {"charger_failed"}),
        (OFTEN, report(0, mains_h=0, rest_mv=24_600), set()),  # a power cut
        (OFTEN, report(10, rest_mv=25_000), {"off_charge_point"}),
        (rides(), report(0), {"off_charge_point"}),  # left standing beside it
    ],
)
def test_what_keeps_a_lift_from_charging(use: Habit, after: Habit, expected: set[str]) -> None:
    word = Word()
    facts = days(27, OFTEN, report(23.5), word=word)
    facts += days(9, use, after, word=word, first=27)
    assert certain(Charger(), facts) == expected


def test_a_charger_that_never_gets_to_its_voltage_is_weak() -> None:
    word = Word()
    weak = evening(
        battery_rest_mv=25_100,
        battery_max_mv=25_600,
        charging_ms=23 * HOUR_MS,
        mains_ms=24 * HOUR_MS,
        off_charge_ms=0,
    )
    facts = days(27, OFTEN, report(23.5), word=word) + days(7, OFTEN, weak, word=word, first=27)
    assert certain(Charger(), facts) == {"charger_failed"}


def test_a_lift_that_is_ridden_every_half_hour_never_gets_full_by_any_charger() -> None:
    word = Word()
    low = evening(
        battery_rest_mv=25_100,
        battery_max_mv=25_600,
        charging_ms=23 * HOUR_MS,
        mains_ms=24 * HOUR_MS,
        off_charge_ms=0,
    )
    half_hourly = (6 + number / 2 for number in range(34))
    restless = rides(*half_hourly, battery_after_mv=25_000)
    facts = days(27, OFTEN, report(23.5), word=word) + days(7, restless, low, word=word, first=27)
    assert certain(Charger(), facts) == set()


def test_a_charger_of_another_type_never_got_it_full() -> None:
    def charging(volts: int, hours: float) -> list[Fact]:
        charged_ms = round(hours * HOUR_MS)
        return days(
            12,
            OFTEN,
            evening(battery_max_mv=volts, charging_ms=charged_ms, mains_ms=24 * HOUR_MS),
        )

    assert certain(Charger(), charging(25_600, 23)) == {"charger_failed"}
    assert certain(Charger(), charging(27_000, 23)) == set()
    assert certain(Charger(), charging(25_600, 9)) == set()  # it may stand off its point


def test_what_is_pulled_out_again_gets_no_fuller_by_any_charger() -> None:
    def pulled_out(word: Word, day: int) -> Iterable[Fact]:
        hours, volts = (12, 28_000) if day < 30 else (1.5, 26_000)
        charged_ms = round(hours * HOUR_MS)
        return [
            word.condition(
                moment(day, 23.5),
                charging_ms=charged_ms,
                mains_ms=charged_ms,
                battery_max_mv=volts,
            )
        ]

    assert certain(Charger(), days(45, pulled_out)) == set()


def test_a_charger_that_hunts_is_too_high_and_too_low_by_turns() -> None:
    def by_turns(word: Word, day: int) -> Iterable[Fact]:
        volts = 27_600 if day < 30 else 31_000 if day % 2 else 25_200
        return [
            word.condition(
                moment(day, 23.5),
                charging_ms=23 * HOUR_MS,
                mains_ms=24 * HOUR_MS,
                off_charge_ms=0,
                battery_max_mv=volts,
            )
        ]

    assert certain(Charger(), days(45, by_turns)) == {"charger_failed"}
    assert certain(Charger(), days(30, by_turns)) == set()


def held(volts: Callable[[int], float], degrees: float = 20) -> Habit:
    def habit(word: Word, day: int) -> Iterable[Fact]:
        return evening(
            battery_max_mv=round(volts(day) * 1_000),
            charging_ms=23 * HOUR_MS,
            mains_ms=24 * HOUR_MS,
            off_charge_ms=0,
            temperature_min_dc=round(10 * degrees),
            temperature_max_dc=round(10 * degrees),
        )(word, day)

    return habit


@pytest.mark.parametrize(
    ("volts", "degrees", "expected"),
    [
        (29.8, 20, {"charger_failed"}),
        (29.8, 0, set()),  # as a good charger does in the cold
        (28.8, 20, set()),  # another type of charger
        (31.5, 0, {"charger_failed"}),
    ],
)
def test_a_charger_that_boils_the_battery(volts: float, degrees: float, expected: set[str]) -> None:
    facts = days(40, OFTEN, held(lambda day: 27.6 if day < 27 else volts, degrees))
    assert certain(Charger(), facts) == expected


def test_a_charger_too_high_from_the_first_day_on() -> None:
    assert certain(Charger(), days(9, OFTEN, held(lambda _: 31.0))) == {"charger_failed"}


def test_a_charger_that_runs_wild_on_some_days() -> None:
    def wild(every: int) -> Habit:
        return held(lambda day: 31.5 if day > 27 and day % every == 0 else 27.6)

    assert certain(Charger(), days(42, OFTEN, wild(3))) == {"charger_failed"}
    assert certain(Charger(), days(42, OFTEN, wild(12))) == set()


def ends(after_mv: int) -> Habit:
    return four_rides(lambda _day, _up: {"battery_after_mv": after_mv})


@pytest.mark.parametrize(
    ("after_mv", "expected"),
    [
        (27_000, {"charger_failed"}),  # on its contacts, and yet not charged for long
        (25_200, {"off_charge_point"}),
    ],
)
def test_a_charger_that_switches_itself_off(after_mv: int, expected: set[str]) -> None:
    word = Word()
    facts = days(27, ends(27_000), report(23.5), word=word)
    facts += days(9, ends(after_mv), report(8), word=word, first=27)
    assert expected <= certain(Charger(), facts)


@pytest.mark.parametrize("degrees", [-1, 31])
def test_a_charger_that_fails_in_the_cold_or_in_the_heat(degrees: int) -> None:
    def weather(word: Word, day: int) -> Iterable[Fact]:
        fails = day >= 27 and day % 6 < 3
        return evening(
            battery_max_mv=None if fails else 27_600,
            charging_ms=0 if fails else 23 * HOUR_MS,
            mains_ms=24 * HOUR_MS,
            off_charge_ms=24 * HOUR_MS if fails else 0,
            temperature_min_dc=10 * degrees - 10 if fails else 90,
            temperature_max_dc=10 * degrees + 10 if fails else 130,
        )(word, day)

    assert "charger_failed" in certain(Charger(), days(46, OFTEN, weather))


def test_a_scooter_that_is_not_plugged_in_has_a_charger() -> None:
    word = Word()
    plugged = report(9, mains_h=9)
    facts = days(27, OFTEN, plugged, word=word)
    facts += days(9, OFTEN, report(0, mains_h=0, rest_mv=24_500), word=word, first=27)
    assert found(Charger(), facts, kind="scooter") == {}


def test_a_charger_that_charges_again_ends_the_finding() -> None:
    word = Word()
    facts = days(27, OFTEN, report(23.5), word=word)
    facts += days(4, OFTEN, report(0, rest_mv=24_600), word=word, first=27)
    facts += days(9, OFTEN, report(23.5), word=word, first=31)
    (finding,) = found(Charger(), facts).values()
    assert finding.level is Level.PASSED


# --- drives


def taking(more: Callable[[int, bool], float], *, part: int | None = None) -> Habit:
    def of(day: int, up: bool) -> dict[str, Any]:
        usual = (9_000 if up else 3_000) + 50 * (day * 7 % 5)
        heavier = more(day, up)
        parts = [usual * (heavier if part in (None, number) else 1) for number in range(8)]
        return {
            "mean_current_ma": round(sum(parts) / 8),
            "peak_current_ma": round(1.15 * max(parts)),
            "profile_ma": tuple(round(value) for value in parts),
        }

    return four_rides(of)


def wear(day: int, _up: bool) -> float:
    return 1 + 0.01 * max(0, day - 40)


def test_a_worn_drive_is_announced_and_called_normal_wear() -> None:
    (finding,) = found(Drive(), days(90, taking(wear))).values()
    assert finding.level is Level.CERTAIN
    assert finding.asks is Ask.ADVICE
    assert finding.forecast is not None
    assert {reason.code for reason in finding.otherwise} == {"normal_wear"}
    assert "drive_local" not in {reason.code for reason in finding.reasons}


def test_one_place_of_the_rail_is_named() -> None:
    (finding,) = found(Drive(), days(90, taking(wear, part=5))).values()
    assert finding.level is Level.CERTAIN
    local = next(reason for reason in finding.reasons if reason.code == "drive_local")
    assert local.parameters == {"part": 6, "parts": 8}


def after_standing(more: Callable[[int], float]) -> Habit:
    """Return days of rides by twos: the first of each two, after hours of rest, takes ``more``."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        for number, hour in enumerate((9, 9.2, 13, 13.2, 13.5, 19, 19.2)):
            up = number % 2 == 0
            stood = hour in (9, 13, 19)
            usual = (9_000 if up else 3_000) + 50 * (day * 7 % 5)
            mean_ma = round(usual * (more(day) if stood else 1))
            yield ride(
                word,
                day,
                hour,
                up=up,
                mean_current_ma=mean_ma,
                peak_current_ma=round(1.15 * mean_ma),
            )

    return habit


def test_a_drive_that_sticks_when_it_has_stood() -> None:
    facts = days(100, after_standing(lambda day: wear(day, True)))
    (finding,) = found(Drive(), facts).values()
    assert finding.level is Level.CERTAIN
    assert [reason.code for reason in finding.reasons] == ["drive_after_standing"]


def test_a_drive_that_is_hard_one_way_only_is_worn_as_well() -> None:
    dragging = taking(lambda day, up: 1.0 if up else wear(day, up))
    (finding,) = found(Drive(), days(110, dragging)).values()
    assert finding.level is Level.CERTAIN
    assert [reason.code for reason in finding.reasons] == ["drive_at_times"]


def test_a_heavier_rider_of_the_mornings_is_no_wear() -> None:
    assert found(Drive(), days(110, after_standing(lambda day: 1.4 if day > 50 else 1))) == {}


@pytest.mark.parametrize("kind", ["stairlift", "scooter"])
def test_a_drive_that_is_hard_to_start(kind: str) -> None:
    def of(day: int, up: bool) -> dict[str, Any]:
        usual = (9_000 if up else 3_000) + 50 * (day * 7 % 5)
        return {"mean_current_ma": usual, "peak_current_ma": round(1.4 * usual * wear(day, up))}

    (finding,) = found(Drive(), days(100, four_rides(of)), kind=kind).values()
    assert finding.level is Level.CERTAIN
    mostly = {"drive_at_start"} if kind == "scooter" else {"drive_current"}
    assert {reason.code for reason in finding.reasons} == mostly


def test_another_rider_is_no_wear() -> None:
    heavier = taking(lambda day, _up: 1.4 if day > 50 else 1.0)
    assert certain(Drive(), days(110, heavier)) == set()


def test_more_only_with_somebody_on_it_is_no_wear() -> None:
    def empty(word: Word, day: int) -> Iterable[Fact]:
        yield ride(
            word,
            day,
            19,
            seat=Seat.EMPTY,
            mean_current_ma=4_000,
            peak_current_ma=4_800,
            profile_ma=(4_000,) * 8,
        )

    assert certain(Drive(), days(90, taking(wear), empty)) == set()


def test_a_weak_battery_is_no_wear() -> None:
    """The same power at less voltage takes more current."""

    def of(day: int, up: bool) -> dict[str, Any]:
        volts = 25.0 - 0.08 * max(0, day - 40)
        watts = 225 if up else 75
        return {
            "mean_current_ma": round(1_000 * watts / volts),
            "peak_current_ma": round(1_150 * watts / volts),
            "battery_before_mv": 25_000,
            "battery_after_mv": 25_000,
            "min_battery_mv": round(1_000 * volts),
        }

    assert found(Drive(), days(110, four_rides(of))) == {}


def test_a_new_client_is_another_baseline() -> None:
    facts = days(60, taking(wear))
    detector, state = Drive(), None
    for fact in facts:
        lent_on = date(2020, 1, 1) if fact.received_at < facts[-1].received_at else date(2026, 1, 1)
        aid = aid_of("stairlift", lent_on=lent_on)
        state = detector.step(
            state, [fact], now=fact.received_at, aid=aid, listening_since=None
        ).state
    assert state is not None
    assert state.ratio == ()
    assert state.usual is None


# --- brakes


def running(down_mm: Callable[[int], int], up_mm: Callable[[int], int]) -> Habit:
    def of(day: int, up: bool) -> dict[str, Any]:
        return {
            "start_landing": Landing.BOTTOM if up else Landing.TOP,
            "distance_mm": 4_700 + day * 7 % 5 + (up_mm(day) if up else down_mm(day)),
            "max_speed_mm_s": 120,
        }

    return four_rides(of)


def test_a_brake_that_slips_makes_it_unusable_when_it_misses_its_landing() -> None:
    slip = running(lambda day: 5 * max(0, day - 20), lambda _: 0)
    (early,) = found(Brake(), days(30, slip)).values()
    (late,) = found(Brake(), days(40, slip)).values()
    assert early.level is late.level is Level.CERTAIN
    assert early.key == late.key
    assert early.usable
    assert not late.usable


def test_a_new_lining_beds_in() -> None:
    """Some centimetres after a service can wait for three weeks; more cannot, nor what stays."""

    def bedding(most_mm: int) -> list[Fact]:
        def slip_mm(day: int) -> int:
            return max(0, most_mm - 3 * (day - 20)) if day > 19 else 0

        return days(42, running(slip_mm, lambda _: 0))

    on = (START + timedelta(days=20)).date()
    assert found(Brake(), bedding(50), serviced_on=on) == {}
    assert len(found(Brake(), bedding(50))) == 1
    assert len(found(Brake(), bedding(75), serviced_on=on)) == 1
    stays = days(60, running(lambda day: 35 * (day > 19), lambda _: 0))
    assert len(found(Brake(), stays, serviced_on=on)) == 1


def test_a_brake_that_was_set_too_loose_when_it_was_fitted() -> None:
    def loose(mm: int) -> list[Fact]:
        return days(20, running(lambda _: mm, lambda _: 0))

    (finding,) = found(Brake(), loose(90)).values()
    assert finding.level is Level.CERTAIN
    assert not finding.usable
    assert found(Brake(), loose(40)) == {}
    assert found(Brake(), loose(900)) == {}  # down another way than up


def test_a_rail_made_longer_is_another_way() -> None:
    facts = days(40, running(lambda day: 300 * (day > 20), lambda day: 300 * (day > 22)))
    aid = aid_of("stairlift", rail_length_mm=4_700)
    longer = replace(aid, rail_length_mm=5_000)
    detector, state = Brake(), None
    findings: list[Finding] = []
    for fact in facts:
        registered = longer if fact.received_at >= START + timedelta(days=20.5) else aid
        now = fact.received_at
        outcome = detector.step(state, [fact], now=now, aid=registered, listening_since=START)
        state = outcome.state
        findings += outcome.findings
    assert findings == []


def test_another_way_of_counting_is_no_brake() -> None:
    both = running(lambda day: 60 if day > 20 else 0, lambda day: 60 if day > 20 else 0)
    assert found(Brake(), days(40, both)) == {}


def test_running_past_the_end_twice_is_the_brake() -> None:
    word = Word()
    facts = days(5, OFTEN, word=word)
    facts += [word.fault(moment(day, 11), "final_limit", Edge.RAISED, PARKED) for day in (5, 7)]
    facts += days(6, OFTEN, word=word, first=8)
    (finding,) = found(Brake(), facts).values()
    assert finding.level is Level.CERTAIN
    assert not finding.usable


# --- edges, signal, service


def test_a_weekend_with_a_dog_on_the_stairs_is_no_edge() -> None:
    word = Word()
    facts = days(40, OFTEN, evening(trips=0), word=word)
    facts += days(4, OFTEN, evening(trips=4), word=word, first=40)
    facts += days(20, OFTEN, evening(trips=0), word=word, first=44)
    assert found(Edges(), facts) == {}


def test_dust_for_two_weeks_is_no_edge_and_for_longer_it_is() -> None:
    def dusty(count: int) -> list[Fact]:
        word = Word()
        facts = days(40, OFTEN, evening(trips=0), word=word)
        facts += [
            fact
            for day in range(40, 40 + count)
            for fact in days(1, OFTEN, evening(trips=day % 4 != 0), word=word, first=day)
        ]
        return facts + days(10, OFTEN, evening(trips=0), word=word, first=40 + count)

    assert found(Edges(), dusty(14)) == {}
    assert len(found(Edges(), dusty(24))) == 1


def test_edges_that_are_well_again_have_passed() -> None:
    word = Word()
    facts = days(40, OFTEN, evening(trips=0), word=word)
    facts += days(16, OFTEN, evening(trips=2), word=word, first=40)
    facts += days(25, OFTEN, evening(trips=0), word=word, first=56)
    (finding,) = found(Edges(), facts).values()
    assert finding.level is Level.PASSED


def test_edges_fitted_too_close_have_no_habit_to_be_told_from() -> None:
    def touching(every: int) -> list[Fact]:
        word = Word()
        return [
            fact
            for day in range(70)
            for fact in days(1, OFTEN, evening(trips=day % every == 0), word=word, first=day)
        ]

    assert len(found(Edges(), touching(1))) == 1  # in one of six rides
    assert found(Edges(), touching(4)) == {}


def test_a_modem_weak_since_it_was_fitted_is_found_and_ends() -> None:
    def heard_at(dbm: int) -> list[Fact]:
        return days(40, evening(signal_dbm=dbm))

    assert certain(Signal(), heard_at(-113)) == {"signal_weak"}
    assert found(Signal(), heard_at(-107)) == {}
    word = Word()
    moved = days(40, evening(signal_dbm=-113), word=word)
    moved += days(20, evening(signal_dbm=-90), word=word, first=40)
    (finding,) = found(Signal(), moved).values()
    assert finding.level is Level.PASSED


def test_work_on_the_mast_is_over_soon() -> None:
    word = Word()
    facts = days(40, evening(signal_dbm=-85), word=word)
    facts += days(3, evening(signal_dbm=-110), word=word, first=40)
    facts += days(20, evening(signal_dbm=-85), word=word, first=43)
    assert found(Signal(), facts) == {}


def test_service_is_warned_of_due_and_done() -> None:
    facts = days(3, evening(cycles=10))
    serviced_on = (START - timedelta(days=340)).date()
    (warned,) = found(Service(), facts, until=4 * DAY_S, serviced_on=serviced_on).values()
    assert warned.level is Level.SUSPECTED
    (due,) = found(Service(), facts, until=40 * DAY_S, serviced_on=serviced_on).values()
    assert due.level is Level.CERTAIN
    assert {reason.code for reason in due.reasons} == {"service_overdue"}


def test_a_service_ends_the_finding() -> None:
    detector, facts = Service(), days(30, evening(cycles=10))
    before = aid_of("hoist", serviced_on=(START - timedelta(days=360)).date())
    after = replace(before, serviced_on=(START + timedelta(days=20)).date())
    first = detector.step(
        None, facts[:20], now=facts[19].received_at, aid=before, listening_since=None
    )
    last = detector.step(
        first.state, facts[20:], now=facts[-1].received_at, aid=after, listening_since=None
    )
    assert [finding.level for finding in first.findings] == [Level.CERTAIN]
    assert [finding.level for finding in last.findings] == [Level.PASSED]
    assert first.findings[0].key == last.findings[0].key


def test_without_any_date_nothing_is_due() -> None:
    assert found(Service(), days(30, evening(cycles=10)), until=800 * DAY_S) == {}


def test_counting_goes_on_over_a_new_controller() -> None:
    word = Word()
    facts = days(
        20, lambda word, day: [word.condition(moment(day, 23), cycles=5_000 + 400 * day)], word=word
    )
    facts += days(
        11,
        lambda word, day: [word.condition(moment(day, 23), cycles=400 * (day - 20))],
        word=word,
        first=20,
    )
    serviced_on = (START - timedelta(days=1)).date()
    (finding,) = found(Service(), facts, until=32 * DAY_S, serviced_on=serviced_on).values()
    assert {reason.code for reason in finding.reasons} == {"service_by_count"}


def test_a_drive_whose_peaks_are_only_told_later_is_judged_by_its_mean() -> None:
    late = four_rides(
        lambda day, _: {"mean_current_ma": 4_000, "peak_current_ma": 9_000 if day > 60 else None}
    )
    assert certain(Drive(), days(90, late)) == set()
