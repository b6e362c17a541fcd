"""Silences that are longer than this aid's own, and those that are not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import comb

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Ask, Level
from diagnostics.detectors.silence import Parameters, Silence
from diagnostics.detectors.silence.memory import Tests
from diagnostics.detectors.silence.testcalls import allowed, loss, too_many
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import CallReason
from tests.support.desk import Desk
from tests.support.facts import DAY_S, PARKED, Word, at, last_heard

HOUR_S = 3_600.0
LIMITS = Parameters()


class SlowDesk(Desk):
    """Serves timers as the slow lane does: with when the newest message came."""

    def __init__(self, *, listening_since: float | None = -3_600) -> None:
        super().__init__(Silence(), listening_since=listening_since)
        self.reports_every: float | None = 900.0  # readings, which this lane does not see
        self.silent_from: float | None = None
        self.said_at = 0.0

    def live(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            now = (fact.received_at - at(0)).total_seconds()
            self._serve(now)
            self.hear([fact], now=now)
            self.said_at = now

    def wait(self, until: float) -> None:
        self._serve(until)
        self.hear([last_heard(at(self._newest(until)))], now=until)

    def _serve(self, until: float) -> None:
        while self.due_at is not None and self.due_at <= at(until):
            now = (self.due_at - at(0)).total_seconds()
            self.hear([last_heard(at(self._newest(now)))], now=now)

    def _newest(self, now: float) -> float:
        if self.reports_every is None:
            return self.said_at
        until = now if self.silent_from is None else min(now, self.silent_from)
        return max(self.said_at, until - until % self.reports_every)


@pytest.fixture
def desk() -> SlowDesk:
    return SlowDesk()


@pytest.fixture
def word() -> Word:
    return Word()


def outages(word: Word, hour: float, hours: float, days: int) -> list[Fact]:
    """Every day at this hour the line is lost for some hours; tests are START, 10 o'clock."""
    facts = [word.connected(0, 1, PARKED)]
    for day in range(days):
        lost = day * DAY_S + hour * HOUR_S
        facts.append(word.lost(lost, day + 1))
        facts.append(word.connected(lost + hours * HOUR_S, day + 2, PARKED))
    return facts


# --- away


def away(desk: SlowDesk) -> list[datetime]:
    """Since when it was found to be offline, each time."""
    return [finding.since for finding in desk.certain() if finding.what == "offline"]


def test_an_aid_not_known_may_be_away_for_a_day(desk: SlowDesk, word: Word) -> None:
    """Until people are up: START is 10 o'clock, an hour before."""
    desk.live([word.connected(0, 1, PARKED), word.lost(100, 1)])
    desk.wait(DAY_S + HOUR_S - 60)
    assert desk.findings == {}
    desk.wait(DAY_S + HOUR_S + 60)
    (finding,) = desk.certain()
    assert (finding.what, finding.asks, finding.since) == ("offline", Ask.NOTICE, at(100))
    assert {reason.code for reason in finding.otherwise} == {"unplugged", "power_cut"}


def test_it_ends_when_it_is_back(desk: SlowDesk, word: Word) -> None:
    desk.live([word.connected(0, 1, PARKED), word.lost(100, 1)])
    desk.wait(3 * DAY_S)
    desk.live([word.connected(3 * DAY_S + 5, 2, PARKED)])
    desk.wait(3 * DAY_S + 5 + 11 * 60)  # and stays
    (finding,) = desk.certain()
    assert finding.ended_at == at(3 * DAY_S + 5)


def test_who_is_there_for_a_moment_every_few_hours_is_away(desk: SlowDesk, word: Word) -> None:
    """A modem whose update fails again and again: one outage, until it is back for good."""
    desk.live(outages(word, hour=2, hours=0.1, days=15))
    first = 20 * DAY_S
    for number in range(8):
        lost = first + number * (5 * HOUR_S + 90)
        desk.live([word.lost(lost, 16 + number)])
        desk.live([word.connected(lost + 5 * HOUR_S, 17 + number, PARKED)])
    (finding,) = [each for each in desk.certain() if each.what == "offline"]
    assert (finding.since, finding.ended_at) == (at(first), None)
    back = first + 7 * (5 * HOUR_S + 90) + 5 * HOUR_S
    desk.wait(back + 11 * 60)
    (finding,) = [each for each in desk.certain() if each.what == "offline"]
    assert finding.ended_at == at(back)
    assert desk.state.habits.away[-1].lasted_s == back - first


def test_short_outages_with_hours_between_are_apart(desk: SlowDesk, word: Word) -> None:
    facts = [word.connected(0, 1, PARKED)]
    for number in range(1, 60):
        lost = 15 * DAY_S + number * 1.5 * HOUR_S
        facts += [word.lost(lost, number), word.connected(lost + HOUR_S, number + 1, PARKED)]
    desk.live(facts)
    assert away(desk) == []


def test_one_whose_line_is_good_is_missed_after_half_a_day(desk: SlowDesk, word: Word) -> None:
    desk.live(outages(word, hour=2, hours=0.1, days=15))
    lost = 20 * DAY_S - 5 * HOUR_S  # 5 o'clock in the morning
    desk.live([word.lost(lost, 16)])
    desk.wait(lost + 11.9 * HOUR_S)
    assert away(desk) == []
    desk.wait(lost + 12.1 * HOUR_S)
    assert away(desk) == [at(lost)]


def test_nobody_is_told_in_the_night(desk: SlowDesk, word: Word) -> None:
    desk.live(outages(word, hour=2, hours=0.1, days=15))
    lost = 20 * DAY_S + 3 * HOUR_S  # 13 o'clock: half a day later it is one in the night
    desk.live([word.lost(lost, 16)])
    desk.wait(21 * DAY_S + HOUR_S - 60)
    assert away(desk) == []
    desk.wait(21 * DAY_S + HOUR_S + 60)
    assert away(desk) == [at(lost)]


def test_who_unplugs_at_night_does_so_at_night(desk: SlowDesk, word: Word) -> None:
    nights = outages(word, hour=12, hours=10, days=40)  # 22:00 to 8:00, from the first night on
    desk.live(nights)
    desk.wait(40 * DAY_S)
    assert away(desk) == []
    night = 40 * DAY_S + 12 * HOUR_S
    desk.live([word.lost(night, 41)])
    desk.wait(night + 12 * HOUR_S)
    assert away(desk) == []
    desk.wait(night + 13.1 * HOUR_S)
    assert len(away(desk)) == 1
    assert desk.codes() >= {"offline_for", "silent_usually"}


def test_who_unplugs_for_the_weekend_does_so_every_week(desk: SlowDesk, word: Word) -> None:
    """The first one is told: until then it was always there."""
    facts = [word.connected(0, 1, PARKED)]
    for week in range(2, 8):
        lost = (7 * week + 4) * DAY_S + 7 * HOUR_S
        facts += [word.lost(lost, week), word.connected(lost + 63 * HOUR_S, week + 1, PARKED)]
    desk.live(facts)
    assert away(desk) == [at(18 * DAY_S + 7 * HOUR_S)]
    desk.live([word.lost(58 * DAY_S, 9)])  # in the middle of the week it is another matter
    desk.wait(59 * DAY_S + 1.1 * HOUR_S)
    assert len(away(desk)) == 2


def test_a_habit_of_nights_says_nothing_of_days(word: Word) -> None:
    desk = SlowDesk()
    desk.live(outages(word, hour=12, hours=10, days=20))
    day = 21 * DAY_S - 4 * HOUR_S  # 6 o'clock
    desk.live([word.lost(day, 21)])
    desk.wait(day + 12.1 * HOUR_S)
    assert len(away(desk)) == 1


def test_an_aid_whose_line_is_bad_is_given_twice_its_own(desk: SlowDesk, word: Word) -> None:
    facts = [word.connected(0, 1, PARKED)]
    for number, hours in enumerate((2, 9, 14, 5, 13, 20, 8), start=1):
        lost = (15 + number) * DAY_S + (5 * number % 24) * HOUR_S
        facts += [word.lost(lost, number), word.connected(lost + hours * 3_600, number + 1, PARKED)]
    desk.live(facts)
    before = len(away(desk))
    lost = 27 * DAY_S + 2 * HOUR_S
    desk.live([word.lost(lost, 8)])
    desk.wait(lost + 23 * HOUR_S)
    assert len(away(desk)) == before
    desk.wait(lost + 53 * HOUR_S)
    assert len(away(desk)) == before + 1


def test_flickers_are_no_habit(desk: SlowDesk, word: Word) -> None:
    desk.live(outages(word, hour=2, hours=20 / 3_600, days=8))
    assert desk.state.habits.away == ()


def test_silence_means_nothing_while_we_do_not_listen(word: Word) -> None:
    desk = SlowDesk(listening_since=None)
    desk.live([word.connected(0, 1, PARKED), word.lost(100, 1)])
    desk.wait(5 * DAY_S)
    assert desk.findings == {}
    desk.listening_since = at(5 * DAY_S)
    desk.wait(5 * DAY_S + 23 * HOUR_S)
    assert desk.findings == {}
    desk.wait(6 * DAY_S + HOUR_S + 60)
    assert len(desk.certain()) == 1


def test_an_outage_of_ours_is_no_habit_of_theirs(word: Word) -> None:
    desk = SlowDesk(listening_since=50_000)
    desk.live([word.connected(0, 1, PARKED), word.lost(100, 1), word.connected(60_000, 2, PARKED)])
    assert desk.state.habits.away == ()


def test_a_late_will_of_an_earlier_session_says_nothing(desk: SlowDesk, word: Word) -> None:
    desk.live([word.connected(0, 2, PARKED), word.lost(100, 1)])
    desk.wait(5 * DAY_S)
    assert "offline" not in {finding.what for finding in desk.findings.values()}


# --- connected, and mute


def test_one_that_reports_is_not_mute(desk: SlowDesk, word: Word) -> None:
    desk.live([word.connected(0, 1, PARKED)])
    desk.wait(8 * DAY_S)
    assert desk.findings == {}


def test_one_that_stops_reporting_is(desk: SlowDesk, word: Word) -> None:
    desk.live([word.connected(0, 1, PARKED)])
    desk.wait(8 * DAY_S)
    desk.silent_from = 8 * DAY_S
    desk.wait(8 * DAY_S + 1.5 * HOUR_S)
    assert desk.findings == {}
    desk.wait(8 * DAY_S + 8 * HOUR_S)
    (finding,) = desk.certain()
    assert (finding.what, finding.asks) == ("mute", Ask.NOTICE)
    assert desk.codes() >= {"mute_for", "silent_usually"}
    desk.silent_from = None
    desk.wait(10 * DAY_S)
    assert desk.certain()[0].ended_at is not None


def test_one_that_reports_rarely_is_given_time(desk: SlowDesk, word: Word) -> None:
    desk.reports_every = 7 * HOUR_S
    desk.live([word.connected(0, 1, PARKED)])
    desk.wait(12 * DAY_S)
    assert desk.findings == {}


def test_what_is_offline_is_not_also_mute(desk: SlowDesk, word: Word) -> None:
    desk.live([word.connected(0, 1, PARKED), word.lost(100, 1)])
    desk.reports_every = None
    desk.wait(10 * DAY_S)
    assert {finding.what for finding in desk.certain()} == {"offline"}


# --- test calls


def with_tests(word: Word, days: list[float]) -> list[Fact]:
    """Connected, and a test call on each of these days."""
    facts = [word.connected(0, 1, PARKED)]
    for number, day in enumerate(days):
        call_id = f"{number:032x}"
        facts.append(word.call(day * DAY_S, CallReason.TEST, call_id=call_id, sample=PARKED))
    return facts


def test_one_or_two_missed_are_nothing(desk: SlowDesk, word: Word) -> None:
    desk.live(with_tests(word, [3, 6, 12, 15, 24, 27]))
    desk.wait(29 * DAY_S)
    assert desk.findings == {}


def test_many_in_a_row_are_found_and_the_next_ends_it(desk: SlowDesk, word: Word) -> None:
    desk.live(with_tests(word, [3, 6]))
    desk.wait(6 * DAY_S + 11 * DAY_S)
    assert desk.findings == {}
    desk.wait(6 * DAY_S + 13 * DAY_S)
    (finding,) = desk.certain()
    assert (finding.what, finding.asks) == ("test_calls_missed", Ask.ADVICE)
    assert finding.since == at(6 * DAY_S)
    desk.live([word.call(20 * DAY_S, CallReason.TEST, call_id="f" * 32, sample=PARKED)])
    assert desk.certain()[0].ended_at == at(20 * DAY_S)


def test_every_other_one_is_missed_and_six_in_a_row_end_it(desk: SlowDesk, word: Word) -> None:
    """An exchange of which one of two receivers is dead never misses two in a row."""
    known = [3.0 * number for number in range(1, 31)]
    turns = [90 + 6.0 * number for number in range(1, 8)]
    desk.live(with_tests(word, [*known, *turns[:3]]))
    assert desk.findings == {}  # three of twenty may be chance
    desk = SlowDesk()
    desk.live(with_tests(word, [*known, *turns]))
    (finding,) = desk.certain()
    assert (finding.what, finding.asks) == ("test_calls_missed", Ask.ADVICE)
    assert [reason.code for reason in finding.reasons] == ["tests_often_missing"]
    assert finding.ended_at is None
    well = [turns[-1] + 3.0 * number for number in range(1, 40)]
    desk = SlowDesk()
    desk.live(with_tests(word, [*known, *turns, *well]))
    (ended,) = desk.certain()
    assert ended.key == finding.key
    assert ended.ended_at == at(well[4] * DAY_S)


def test_half_of_them_from_the_first_day_on_is_no_habit(desk: SlowDesk, word: Word) -> None:
    desk.live(with_tests(word, [6.0 * number for number in range(1, 14)]))
    assert {finding.what for finding in desk.certain()} == {"test_calls_missed"}


def test_what_is_mute_makes_no_test_call_either(desk: SlowDesk, word: Word) -> None:
    desk.silent_from = 7 * DAY_S
    desk.live(with_tests(word, [3, 6]))
    desk.wait(40 * DAY_S)
    assert {finding.what for finding in desk.certain()} == {"mute"}


@pytest.mark.parametrize("lost", [0.04, 0.10, 0.15])
def test_of_many_too_many_are_as_seldom_chance(lost: float) -> None:
    """At most the promised false findings a year, were every call that comes another draw."""
    most = max(
        missed
        for missed in range(LIMITS.share_window + 1)
        if not too_many(
            Tests(
                newest=(1,) * missed + (0,) * (LIMITS.share_window - missed),
                heard=1000 * (1 - lost),
                missed=1000 * lost,
            ),
            LIMITS,
        )
    )
    count = LIMITS.share_window
    chance = sum(
        comb(count, more) * lost**more * (1 - lost) ** (count - more)
        for more in range(most + 1, count + 1)
    )
    assert chance * (timedelta(days=365) / LIMITS.test_interval) <= LIMITS.test_false_a_year * 1.1
    assert most + 1 <= count // 2


def test_one_that_never_made_any_is_found(desk: SlowDesk, word: Word) -> None:
    desk.live([word.connected(0, 1, PARKED)])
    desk.wait(16 * DAY_S)
    assert {finding.what for finding in desk.certain()} == {"test_calls_missed"}


def test_time_away_does_not_count(desk: SlowDesk, word: Word) -> None:
    desk.live([*with_tests(word, [3]), word.lost(4 * DAY_S, 1)])
    desk.wait(24 * DAY_S)
    desk.live([word.connected(24 * DAY_S, 2, PARKED)])
    desk.wait(30 * DAY_S)
    assert "test_calls_missed" not in {finding.what for finding in desk.findings.values()}


@pytest.mark.parametrize("lost", [0.10, 0.15])
def test_the_rule_keeps_what_it_promises(lost: float) -> None:
    """At the rates that are reported of mobile networks, by the arithmetic of the page."""
    record = Tests(heard=100 * (1 - lost), missed=100 * lost)
    n = allowed(record, LIMITS)
    assert LIMITS.test_least <= n <= LIMITS.test_most
    false_a_year = timedelta(days=365) / LIMITS.test_interval * (1 - lost) * lost**n
    assert false_a_year <= LIMITS.test_false_a_year * 1.1


def test_a_bad_line_is_given_more() -> None:
    good, bad = Tests(heard=30), Tests(heard=18, missed=12)
    assert loss(good, LIMITS) < LIMITS.test_loss < loss(bad, LIMITS)
    assert allowed(good, LIMITS) == LIMITS.test_least < allowed(bad, LIMITS)


# --- of all


def test_a_late_engine_finds_the_same(word: Word) -> None:
    facts = outages(word, hour=2, hours=0.1, days=6)
    facts += [word.lost(6 * DAY_S, 7), word.connected(8 * DAY_S, 8, PARKED)]
    prompt, late = SlowDesk(), SlowDesk()
    prompt.live(facts)
    late.hear(facts, now=9 * DAY_S)
    prompt.wait(9 * DAY_S)
    away = {key: f for key, f in prompt.findings.items() if f.what == "offline"}
    assert away == {key: f for key, f in late.findings.items() if f.what == "offline"}
    assert len(away) == 1


def test_nothing_here_is_an_emergency(desk: SlowDesk, word: Word) -> None:
    desk.live([word.connected(0, 1, PARKED), word.lost(100, 1)])
    desk.wait(30 * DAY_S)
    assert not any(finding.emergency for finding in desk.certain())
    assert all(finding.level is Level.CERTAIN for finding in desk.findings.values())
    assert replace(desk.state) == desk.state
