"""Clocks of any log: the same however it is told, and no breach is ever talked away."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.tickets.calendar import (
    ZONE,
    Span,
    any_day,
    counted_time,
    dutch_day,
    is_working_day,
    run_out,
)
from diagnostics.tickets.clocks import Breach, Clocks, State, clocks_of
from diagnostics.tickets.entries import (
    AgreedLater,
    AnyEntry,
    AppointmentMade,
    Closed,
    DelayReason,
    OnSite,
    PauseBegun,
    PauseEnded,
    PriorityChanged,
    Repaired,
    Reported,
    Safe,
    Window,
    gathered,
)
from diagnostics.tickets.sla import due_at
from diagnostics.tickets.terms import Term, Terms, Unit

START = datetime(2026, 1, 1, tzinfo=UTC)
TERMS = Terms(municipality_code="GM0405", valid_from=START.date())
MINUTES = 60 * 24 * 14
# Fortnights with a change of the clock, Easter, the holidays of May, Christmas and New Year.
FORTNIGHTS = [
    datetime(2026, month, day, tzinfo=UTC)
    for month, day in ((3, 24), (4, 1), (4, 25), (5, 10), (10, 20), (12, 20))
]

priorities = st.integers(1, 3)
postcodes = st.sampled_from([1621, 1791])
fortnights = st.sampled_from(FORTNIGHTS)
offsets = st.integers(0, MINUTES).map(lambda minutes: timedelta(minutes=minutes))
# Pauses of hours and of days.
lengths = st.one_of(st.integers(1, 12 * 60), st.integers(1, MINUTES)).map(
    lambda minutes: timedelta(minutes=minutes)
)


@st.composite
def entries(draw: st.DrawFn, number: int, begin: datetime) -> AnyEntry:
    """Draw something that happens to a ticket within a fortnight."""
    at = begin + draw(offsets)
    name = draw(st.sampled_from("abc"))
    known: dict[str, Any] = {
        "evidence": draw(st.sampled_from(["", "letter"])),
        "attributable": draw(st.sampled_from([None, True, False, False])),
    }
    window = Window(at + timedelta(hours=20), at + timedelta(hours=23))
    happenings: list[AnyEntry] = [
        PriorityChanged(number=number, at=at, priority=draw(priorities), reason="seen"),
        PauseBegun(
            number=number,
            at=at,
            pause=name,
            reason=draw(st.sampled_from(list(DelayReason)[:4])),
            **known,
        ),
        PauseEnded(number=number, at=at, pause=name, **known),
        AgreedLater(
            number=number,
            at=at,
            due_at=at + timedelta(days=3),
            evidence=known["evidence"],
        ),
        AppointmentMade(number=number, at=at, window=window),
        OnSite(number=number, at=at),
        Safe(number=number, at=at),
        Repaired(number=number, at=at),
        Closed(number=number, at=at),
    ]
    return draw(st.sampled_from(happenings))


@st.composite
def logs(draw: st.DrawFn) -> list[AnyEntry]:
    """Draw a log that begins with its report."""
    begin = draw(fortnights) + draw(offsets) / 2
    first = Reported(number=0, at=begin, priority=draw(priorities), postcode4=draw(postcodes))
    count = draw(st.integers(0, 10))
    return [first, *(draw(entries(number, begin)) for number in range(1, count + 1))]


def breach_keys(clocks: Clocks) -> set[tuple[Any, ...]]:
    return {_key(breach) for breach in clocks.breaches}


def _key(breach: Breach) -> tuple[Any, ...]:
    return (breach.target, breach.priority, breach.due_at, breach.breached_at)


def excuses(entry: AnyEntry) -> bool:
    """Return whether it may postpone what was due before it: it speaks of time already past."""
    if not isinstance(entry, PauseEnded):
        return False
    return entry.attributable is False or bool(entry.evidence)


@given(logs(), st.data())
def test_any_grouping_order_and_repetition_gives_the_same_clocks(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    now = log[0].at + data.draw(offsets)
    told = data.draw(st.permutations([*log, *log[: data.draw(st.integers(0, len(log)))]]))
    pieces: tuple[AnyEntry, ...] = ()
    while told:
        cut = data.draw(st.integers(1, len(told)))
        pieces, told = gathered(pieces, told[:cut]), told[cut:]
    assert clocks_of(pieces, TERMS, now) == clocks_of(log, TERMS, now)


@given(logs(), st.data())
def test_the_zone_in_which_moments_are_written_makes_no_difference(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    now = log[0].at + data.draw(offsets)
    dutch = [replace(entry, at=entry.at.astimezone(ZONE)) for entry in log]
    assert clocks_of(dutch, TERMS, now.astimezone(ZONE)) == clocks_of(log, TERMS, now)


@given(logs(), st.data())
def test_what_happens_later_takes_no_breach_back_except_an_evidenced_pause(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    now = log[0].at + data.draw(offsets)
    before = clocks_of(log, TERMS, now)
    begin = now + timedelta(minutes=1)
    count = data.draw(st.integers(0, 6))
    later = [data.draw(entries(100 + number, begin)) for number in range(count)]
    known = [entry for entry in log if entry.at <= now]
    kept = [entry for entry in later if not excuses(entry)]
    after = clocks_of([*known, *kept], TERMS, begin + timedelta(days=20))
    assert breach_keys(before) <= breach_keys(after)
    # …and with those, what is taken back is shown as excused.
    excused = clocks_of([*known, *later], TERMS, begin + timedelta(days=20))
    shown = {(each.target, each.priority) for each in (*excused.breaches, *excused.excused)}
    assert {(each.target, each.priority) for each in before.breaches} <= shown


@given(logs(), st.data())
def test_what_is_still_to_happen_makes_no_difference(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    now = log[0].at + data.draw(offsets)
    assert clocks_of(log, TERMS, now) == clocks_of(
        [entry for entry in log if entry.at <= now], TERMS, now
    )


@given(logs(), st.data())
def test_lateness_only_grows_while_nothing_happens(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    begin = max(entry.at for entry in log)
    sooner = begin + data.draw(offsets)
    later = sooner + data.draw(offsets)
    first, then = (clocks_of(log, TERMS, now) for now in (sooner, later))
    late = {_key(breach): breach.late for breach in then.breaches}
    for breach in first.breaches:
        assert late[_key(breach)] >= breach.late
    for one, other in ((first.on_site, then.on_site), (first.repaired, then.repaired)):
        if one.due_at is not None:
            assert other.due_at is not None
            assert other.due_at >= one.due_at


@given(logs(), st.data())
def test_a_pause_makes_nothing_due_earlier_and_the_p1_on_site_time_not_later(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    now = log[0].at + data.draw(offsets)
    begin = log[0].at + data.draw(offsets)
    pause: list[AnyEntry] = [
        PauseBegun(
            number=100,
            at=begin,
            pause="more",
            reason=DelayReason.CLIENT_WISH,
            evidence="letter",
            attributable=False,
        ),
        PauseEnded(number=101, at=begin + data.draw(lengths), pause="more"),
    ]
    without, paused = (clocks_of(each, TERMS, now) for each in (log, [*log, *pause]))
    assert without.repaired.due_at is not None
    assert paused.repaired.due_at is not None
    assert paused.repaired.due_at >= without.repaired.due_at
    assert paused.on_site.due_at == without.on_site.due_at
    on_site = [each for each in without.breaches if each.target == "on_site"]
    assert [each for each in paused.breaches if each.target == "on_site"] == on_site


@given(logs(), st.data())
def test_a_delay_without_evidence_or_word_of_whose_it_is_changes_nothing(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    now = log[0].at + data.draw(offsets)
    evidence, attributable = data.draw(st.sampled_from([("", False), ("x", None), ("x", True)]))
    pause = PauseBegun(
        number=100,
        at=log[0].at + data.draw(offsets),
        pause="more",
        reason=DelayReason.FORCE_MAJEURE,
        evidence=evidence,
        attributable=attributable,
    )
    without, paused = (clocks_of(each, TERMS, now) for each in (log, [*log, pause]))
    assert replace(paused, delays=()) == replace(without, delays=())


@given(logs(), st.data())
def test_each_state_says_what_the_moments_say(log: list[AnyEntry], data: st.DataObject) -> None:
    now = log[0].at + data.draw(offsets)
    clocks = clocks_of(log, TERMS, now)
    for clock in (clocks.on_site, clocks.repaired):
        done, due = clock.done_at, clock.due_at
        match clock.state:
            case State.MET:
                assert done is not None
                assert due is None or done <= due
            case State.MISSED:
                assert done is not None
                assert due is not None
                assert done > due
            case State.OVERDUE:
                assert done is None
                assert due is not None
                assert due < now
            case State.RUNNING | State.PAUSED:
                assert done is None
                assert due is None or now <= due
            case State.LAPSED:
                assert done is None
    for risk in clocks.warnings:
        assert risk.due_at >= now
    assert clocks.next_at is None or clocks.next_at >= now


@given(logs(), st.data())
def test_between_two_looks_nothing_changes_by_itself(
    log: list[AnyEntry], data: st.DataObject
) -> None:
    begin = max(entry.at for entry in log)
    clocks = clocks_of(log, TERMS, begin)
    if clocks.next_at is None:
        return
    share = data.draw(st.floats(0, 0.999))
    between = clocks_of(log, TERMS, begin + (clocks.next_at - begin) * share)
    if any(clock.state is State.PAUSED for clock in (clocks.on_site, clocks.repaired)):
        return  # its due moment moves along
    assert breach_keys(between) == breach_keys(clocks)
    assert [(each.target, each.why) for each in between.warnings if each.why == "near"] == [
        (each.target, each.why) for each in clocks.warnings if each.why == "near"
    ]


@pytest.mark.parametrize("counts", [any_day, is_working_day])
@given(begin=fortnights, into=offsets, length=lengths, pauses=st.lists(st.tuples(offsets, lengths)))
@settings(max_examples=60)
def test_a_clock_runs_exactly_its_length_outside_the_pauses(
    counts: Any, begin: datetime, into: timedelta, length: timedelta, pauses: Any
) -> None:
    spans = [Span(begin + at, begin + at + long) for at, long in pauses]
    start = begin + into
    end = run_out(start, length, counts=counts, paused=spans)
    # Minute by minute, the slow and plain way.
    ran = timedelta()
    moment = start
    step = timedelta(minutes=1)
    while moment < end:
        if counts(dutch_day(moment)) and not any(one <= moment < two for one, two in spans):
            ran += step
        moment += step
    assert ran == length


@given(fortnights, offsets, st.integers(1, 9), st.sampled_from(Unit))
def test_without_a_pause_full_days_end_at_midnight_in_the_netherlands(
    begin: datetime, into: timedelta, amount: int, unit: Unit
) -> None:
    reported = begin + into
    due = due_at(Term(amount, unit), reported)
    if unit is Unit.HOURS:
        assert due - reported == timedelta(hours=amount)
        return
    dutch = due.astimezone(ZONE)
    assert (dutch.hour, dutch.minute, dutch.second) == (0, 0, 0)
    counts = any_day if unit is Unit.CALENDAR_DAYS else is_working_day
    assert counts(dutch_day(due - timedelta(seconds=1)))
    assert counted_time(Span(reported, due), counts) >= amount * timedelta(hours=23)


@given(fortnights, offsets, offsets, st.integers(1, 9), st.sampled_from(Unit))
def test_what_is_reported_later_is_not_due_earlier(
    begin: datetime, into: timedelta, more: timedelta, amount: int, unit: Unit
) -> None:
    term = Term(amount, unit)
    assert due_at(term, begin + into) <= due_at(term, begin + into + more)
    assert due_at(term, begin + into) <= due_at(Term(amount + 1, unit), begin + into)
