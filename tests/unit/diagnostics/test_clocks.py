"""Clocks by the contract, against tables worked out by hand with a calendar on paper."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from diagnostics.tickets.attainment import attainment
from diagnostics.tickets.calendar import ZONE, Span, union
from diagnostics.tickets.clocks import (
    Breach,
    Clocks,
    NotReported,
    Risk,
    State,
    Target,
    Why,
    clocks_of,
)
from diagnostics.tickets.delays import Verdict
from diagnostics.tickets.entries import (
    AgreedLater,
    AnyEntry,
    AppointmentMade,
    AppointmentMoved,
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
from diagnostics.tickets.sla import emergency_due
from diagnostics.tickets.terms import Terms
from diagnostics.tickets.visits import Outcome

TERMS = Terms(municipality_code="GM0405", valid_from=datetime(2025, 1, 1).date())  # noqa: DTZ001
HOORN = 1621
TEXEL = 1791
EARLIER = "2026-03-09 10:00"  # a Monday in a week without holidays


def local(text: str) -> datetime:
    """Return a moment of Dutch time, or with the offset it has."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def report(at: str = EARLIER, priority: int = 2, postcode4: int = HOORN) -> Reported:
    return Reported(number=1, at=local(at), priority=priority, postcode4=postcode4)


def paused(  # noqa: PLR0917
    begin: str,
    end: str | None = None,
    number: int = 10,
    reason: DelayReason = DelayReason.CLIENT_WISH,
    evidence: str = "call of 10 March",
    attributable: bool | None = False,
) -> list[AnyEntry]:
    name = f"p{number}"
    first = PauseBegun(
        number=number,
        at=local(begin),
        pause=name,
        reason=reason,
        evidence=evidence,
        attributable=attributable,
    )
    if end is None:
        return [first]
    return [first, PauseEnded(number=number + 1, at=local(end), pause=name)]


def read(log: list[AnyEntry], now: str = "2028-01-01 00:00") -> Clocks:
    return clocks_of(log, TERMS, local(now))


ON_SITE = [
    ("2026-03-10 10:00", "2026-03-10 12:00"),
    ("2026-03-10 23:30", "2026-03-11 01:30"),  # across midnight
    ("2026-03-14 22:15", "2026-03-15 00:15"),  # in a weekend
    ("2026-12-31 23:00", "2027-01-01 01:00"),  # into New Year's Day
    ("2026-03-29 01:30", "2026-03-29 04:30"),  # the hour from 2 to 3 does not exist
    ("2026-10-25 01:30+02:00", "2026-10-25 02:30+01:00"),  # the hour from 2 to 3 comes twice
    ("2026-10-25 02:30+02:00", "2026-10-25 03:30+01:00"),  # in the first of them
    ("2026-10-25 02:30+01:00", "2026-10-25 04:30+01:00"),  # in the second
]


@pytest.mark.parametrize(("reported", "due"), ON_SITE)
def test_somebody_is_on_site_two_hours_on_the_clock_after_the_report(reported, due):
    clocks = read([report(reported, priority=1)], reported)
    assert clocks.on_site.due_at == local(due).astimezone(UTC)


@pytest.mark.parametrize(("reported", "due"), ON_SITE)
def test_the_emergency_of_today_has_the_same_due_moment_in_any_zone(reported, due):
    on_site = emergency_due(local(reported), exempt=False).on_site_at
    assert on_site is not None
    assert on_site.astimezone(UTC) == local(due).astimezone(UTC)


REPAIRED = [
    # Priority 1: the next calendar day, whatever day that is and however long.
    (1, "2026-03-10 10:00", "2026-03-12 00:00"),
    (1, "2026-03-10 23:59:59", "2026-03-12 00:00"),
    (1, "2026-03-11 00:00", "2026-03-13 00:00"),  # a second later, a day more
    (1, "2026-03-28 12:00", "2026-03-30 00:00"),  # a day of 23 hours
    (1, "2026-10-24 12:00", "2026-10-26 00:00"),  # a day of 25 hours
    (1, "2026-10-25 02:30+02:00", "2026-10-27 00:00"),
    (1, "2026-12-24 20:00", "2026-12-26 00:00"),  # Christmas counts
    (1, "2026-07-06T22:30+00:00", "2026-07-09 00:00"),  # the 7th already in the Netherlands
    # Priority 2: two full working days.
    (2, "2026-03-09 10:00", "2026-03-12 00:00"),  # Monday: Tuesday, Wednesday
    (2, "2026-03-12 10:00", "2026-03-17 00:00"),  # Thursday: Friday, Monday
    (2, "2026-03-13 23:59", "2026-03-18 00:00"),  # Friday: Monday, Tuesday
    (2, "2026-03-14 00:00", "2026-03-18 00:00"),  # Saturday
    (2, "2026-03-15 23:59", "2026-03-18 00:00"),  # Sunday
    (2, "2026-03-16 00:00", "2026-03-19 00:00"),  # Monday's first moment: Tuesday, Wednesday
    (2, "2026-03-27 10:00", "2026-04-01 00:00"),  # clock put forward in between
    (2, "2026-10-23 10:00", "2026-10-28 00:00"),  # clock put back in between
    (2, "2026-04-02 10:00", "2026-04-09 00:00"),  # Good Friday, Easter: Tuesday, Wednesday
    (2, "2026-05-04 10:00", "2026-05-08 00:00"),  # 5 May is a Tuesday: Wednesday, Thursday
    (2, "2026-05-13 10:00", "2026-05-20 00:00"),  # Ascension, the decree's Friday, weekend
    (2, "2026-05-22 10:00", "2026-05-28 00:00"),  # Whit Monday
    (2, "2026-12-24 10:00", "2026-12-30 00:00"),  # Christmas on Friday and Saturday
    (2, "2025-12-31 10:00", "2026-01-07 00:00"),  # New Year's Day, and a decree's Friday
    (2, "2026-07-06T22:30+00:00", "2026-07-10 00:00"),  # Tuesday the 7th: Wednesday, Thursday
    # Priority 3: five.
    (3, "2026-03-09 10:00", "2026-03-17 00:00"),
    (3, "2026-04-02 10:00", "2026-04-14 00:00"),  # 7, 8, 9, 10, 13 April
    (3, "2026-04-24 10:00", "2026-05-05 00:00"),  # King's Day: 28, 29, 30 April, 1, 4 May
    (3, "2026-04-30 10:00", "2026-05-09 00:00"),  # 1, 4, 6, 7, 8 May
    (3, "2027-05-05 10:00", "2027-05-15 00:00"),  # Ascension and a decree: 10 to 14 May
]


@pytest.mark.parametrize(("priority", "reported", "due"), REPAIRED)
def test_the_repair_is_due_when_its_full_days_are_over(priority, reported, due):
    clocks = read([report(reported, priority)], reported)
    assert clocks.repaired.due_at == local(due).astimezone(UTC)


DELAYED = [
    # A working afternoon of three hours: three hours more.
    (2, EARLIER, [("2026-03-10 12:00", "2026-03-10 15:00")], "2026-03-12 03:00"),
    # The day of the report does not count, so nothing of the term is lost on it.
    (2, EARLIER, [("2026-03-09 11:00", "2026-03-09 20:00")], "2026-03-12 00:00"),
    # From the evening before: only the part after midnight.
    (2, EARLIER, [("2026-03-09 18:00", "2026-03-10 06:00")], "2026-03-12 06:00"),
    # Overlapping pauses count once: 10 to 16 o'clock.
    (
        2,
        EARLIER,
        [("2026-03-10 10:00", "2026-03-10 14:00"), ("2026-03-10 12:00", "2026-03-10 16:00")],
        "2026-03-12 06:00",
    ),
    # A weekend takes no working day away.
    (2, "2026-03-12 10:00", [("2026-03-14 10:00", "2026-03-15 18:00")], "2026-03-17 00:00"),
    # Six hours of Friday and six of Monday.
    (2, "2026-03-12 10:00", [("2026-03-13 18:00", "2026-03-16 06:00")], "2026-03-17 12:00"),
    # Ascension takes none away either.
    (2, "2026-05-13 10:00", [("2026-05-14 00:00", "2026-05-15 00:00")], "2026-05-20 00:00"),
    # Paused when it would have been due: the four hours left run after the pause.
    (2, EARLIER, [("2026-03-11 20:00", "2026-03-13 10:00")], "2026-03-13 14:00"),
    # …and if that is in a weekend, on Monday.
    (2, "2026-03-11 10:00", [("2026-03-13 20:00", "2026-03-14 12:00")], "2026-03-16 04:00"),
    # After the due moment there is nothing to postpone.
    (2, EARLIER, [("2026-03-12 00:00", "2026-03-13 10:00")], "2026-03-12 00:00"),
    # Five working days of holidays in May: 3 hours on the 6th.
    (3, "2026-04-30 10:00", [("2026-05-05 10:00", "2026-05-06 03:00")], "2026-05-11 03:00"),
    # A calendar day runs on Sundays: from 1 to 5 o'clock are three hours in March …
    (1, "2026-03-28 12:00", [("2026-03-29 01:00", "2026-03-29 05:00")], "2026-03-30 03:00"),
    # … and five in October.
    (1, "2026-10-24 12:00", [("2026-10-25 01:00", "2026-10-25 05:00")], "2026-10-26 05:00"),
]


@pytest.mark.parametrize(("priority", "reported", "pauses", "due"), DELAYED)
def test_a_pause_postpones_by_what_it_takes_of_the_term(priority, reported, pauses, due):
    log: list[AnyEntry] = [report(reported, priority)]
    for index, (begin, end) in enumerate(pauses):
        log += paused(begin, end, number=10 + 2 * index)
    clocks = read(log)
    assert clocks.repaired.due_at == local(due).astimezone(UTC)
    plain = read([report(reported, priority)]).repaired.due_at
    assert clocks.repaired.due_without_delay_at == plain


def test_the_time_until_somebody_is_on_site_is_never_paused():
    log = [report("2026-03-10 10:00", 1), *paused("2026-03-10 10:05", "2026-03-10 18:00")]
    assert read(log).on_site.due_at == local("2026-03-10 12:00").astimezone(UTC)
    assert read(log, "2026-03-10 10:30").on_site.state is State.RUNNING
    assert read(log, "2026-03-10 10:30").repaired.state is State.PAUSED


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.COUNTS),
        ({"reason": DelayReason.FORCE_MAJEURE}, Verdict.COUNTS),
        ({"evidence": ""}, Verdict.NO_EVIDENCE),
        ({"evidence": "  "}, Verdict.NO_EVIDENCE),
        ({"attributable": None}, Verdict.NOT_SPECIFIED),
        ({"attributable": True}, Verdict.ATTRIBUTABLE),
        ({"reason": DelayReason.PARTS}, Verdict.REASON_NOT_EXCUSING),
        ({"reason": DelayReason.UNKNOWN}, Verdict.REASON_NOT_EXCUSING),
    ],
)
def test_only_an_evidenced_delay_that_is_not_the_contractors_counts(changes, verdict):
    log = [report(), *paused("2026-03-10 12:00", "2026-03-10 15:00", **changes)]
    clocks = read(log)
    assert [delay.verdict for delay in clocks.delays] == [verdict]
    hour = 3 if verdict is Verdict.COUNTS else 0
    assert clocks.repaired.due_at == local(f"2026-03-12 {hour:02}:00").astimezone(UTC)


def test_what_a_delay_lacked_may_be_said_when_it_ends():
    log = [
        report(),
        *paused("2026-03-10 12:00", evidence="", attributable=None),
        PauseEnded(
            number=20,
            at=local("2026-03-10 15:00"),
            pause="p10",
            evidence="photo of the flood",
            attributable=False,
        ),
    ]
    assert read(log, "2026-03-10 14:00").repaired.state is State.RUNNING
    assert read(log).repaired.due_at == local("2026-03-12 03:00").astimezone(UTC)


def test_a_pause_that_ends_before_it_begins_is_none():
    log = [report(), *paused("2026-03-10 12:00", "2026-03-10 11:00")]
    clocks = read(log)
    assert clocks.repaired.due_at == local("2026-03-12 00:00").astimezone(UTC)
    assert not clocks.delays[0].open


def test_while_it_is_paused_the_due_moment_moves_along():
    log = [report(), *paused("2026-03-10 12:00")]
    at_three, at_five = read(log, "2026-03-10 15:00"), read(log, "2026-03-10 17:00")
    assert at_three.repaired.state is State.PAUSED
    assert at_three.repaired.due_at == local("2026-03-12 03:00").astimezone(UTC)
    assert at_five.repaired.due_at == local("2026-03-12 05:00").astimezone(UTC)
    assert at_five.next_at is None


def test_the_wadden_have_no_two_hours_but_the_same_repair():
    clocks = read([report("2026-03-10 10:00", 1, TEXEL)], "2026-03-10 20:00")
    assert clocks.on_site.due_at is None
    assert clocks.on_site.state is State.RUNNING
    assert clocks.breaches == ()
    assert clocks.repaired.due_at == local("2026-03-12 00:00").astimezone(UTC)


def test_from_the_report_to_the_repair():
    log = [
        report("2026-10-24 23:00", 1),
        OnSite(number=2, at=local("2026-10-25 00:40")),
        Safe(number=3, at=local("2026-10-25 00:55")),
        Repaired(number=4, at=local("2026-10-25 03:00+01:00")),
        Closed(number=5, at=local("2026-10-25 03:10")),
    ]
    clocks = read(log)
    hour = timedelta(hours=1)
    assert clocks.durations == (100 / 60 * hour, 115 / 60 * hour, 5 * hour)
    assert clocks.on_site.state is clocks.repaired.state is State.MET
    assert (clocks.breaches, clocks.warnings, clocks.next_at) == ((), (), None)


def test_there_at_the_due_moment_is_in_time_and_a_second_later_is_not():
    at_due = OnSite(number=2, at=local("2026-03-10 12:00"))
    late = OnSite(number=2, at=local("2026-03-10 12:00:01"))
    assert read([report("2026-03-10 10:00", 1), at_due]).on_site.state is State.MET
    clocks = read([report("2026-03-10 10:00", 1), late], "2026-03-10 13:00")
    assert clocks.on_site.state is State.MISSED
    assert clocks.breaches[0].late == timedelta(seconds=1)


def test_first_a_warning_then_a_breach_that_grows():
    log = [report("2026-03-10 10:00", 1)]
    due = local("2026-03-10 12:00").astimezone(UTC)
    calm = read(log, "2026-03-10 11:14")
    assert (calm.warnings, calm.next_at) == ((), local("2026-03-10 11:15").astimezone(UTC))
    near = read(log, "2026-03-10 11:15")
    assert (near.warnings, near.next_at) == ((Risk(Target.ON_SITE, Why.NEAR, due),), due)
    at_due = read(log, "2026-03-10 12:00")
    assert (at_due.breaches, at_due.next_at) == ((), due)
    over = read(log, "2026-03-10 12:30")
    assert over.on_site.state is State.OVERDUE
    assert over.warnings == ()
    breach = Breach(
        target=Target.ON_SITE,
        priority=1,
        due_at=due,
        breached_at=due,
        late=timedelta(minutes=30),
    )
    assert over.breaches == (breach,)
    assert not breach.by_change


def test_the_lead_of_a_warning_is_the_contracts():
    terms = replace(TERMS, repaired_warning=timedelta(hours=24))
    clocks = clocks_of([report()], terms, local("2026-03-11 00:00"))
    assert [risk.why for risk in clocks.warnings] == [Why.NEAR]
    assert read([report()], "2026-03-11 00:00").warnings == ()


def test_a_ticket_that_became_urgent_is_reckoned_from_its_report():
    log = [
        report(EARLIER, 3),
        PriorityChanged(number=2, at=local("2026-03-10 09:00"), priority=2, reason="stands still"),
    ]
    clocks = read(log, "2026-03-10 09:00")
    assert clocks.repaired.due_at == local("2026-03-12 00:00").astimezone(UTC)
    [effect] = clocks.effects
    assert (effect.before, effect.after, effect.reason) == (3, 2, "stands still")
    assert effect.repaired_due == (
        local("2026-03-17 00:00").astimezone(UTC),
        local("2026-03-12 00:00").astimezone(UTC),
    )


def test_a_term_that_a_change_puts_into_the_past_is_breached_by_the_change():
    change = PriorityChanged(
        number=2, at=local("2026-03-10 09:00"), priority=1, reason="depends on it"
    )
    clocks = read([report(EARLIER, 3), change], "2026-03-10 09:30")
    [breach] = clocks.breaches
    assert breach.target is Target.ON_SITE
    assert breach.due_at == local("2026-03-09 12:00").astimezone(UTC)
    assert breach.breached_at == change.at
    assert breach.late == timedelta(hours=21.5)
    assert breach.by_change


def test_a_lower_priority_does_not_take_a_breach_back():
    log = [
        report("2026-03-10 10:00", 1),
        PriorityChanged(number=2, at=local("2026-03-10 12:30"), priority=3, reason="can wait"),
        OnSite(number=3, at=local("2026-03-10 15:00")),
    ]
    clocks = read(log)
    assert clocks.on_site.due_at is None
    on_site = [breach for breach in clocks.breaches if breach.target is Target.ON_SITE]
    assert [(breach.priority, breach.late) for breach in on_site] == [(1, timedelta(hours=3))]


def test_lowered_in_time_there_is_no_breach():
    log = [
        report("2026-03-10 10:00", 1),
        PriorityChanged(number=2, at=local("2026-03-10 11:30"), priority=3, reason="can wait"),
    ]
    assert read(log, "2026-03-11 10:00").breaches == ()


def test_another_repair_day_agreed_with_the_client_in_time_counts_for_priority_3_only():
    agreed = AgreedLater(
        number=2,
        at=local("2026-03-13 09:00"),
        due_at=local("2026-03-25 00:00"),
        evidence="letter",
    )
    assert read([report(EARLIER, 3), agreed]).repaired.due_at == agreed.due_at
    plain = local("2026-03-17 00:00").astimezone(UTC)
    without = (
        replace(agreed, evidence=" "),
        replace(agreed, at=local("2026-03-17 00:00:01")),
        replace(agreed, due_at=local("2026-03-11 00:00")),
    )
    for entry in without:
        assert read([report(EARLIER, 3), entry]).repaired.due_at == plain
    on_two = read([report(EARLIER, 2), agreed]).repaired
    assert on_two.due_at == local("2026-03-12 00:00").astimezone(UTC)


def test_what_delays_excuse_is_shown_beside_the_breaches():
    log = [
        report(),
        *paused("2026-03-10 12:00", "2026-03-10 15:00"),
        Repaired(number=20, at=local("2026-03-12 02:00")),
    ]
    clocks = read(log)
    assert clocks.breaches == ()
    assert [(each.target, each.late) for each in clocks.excused] == [
        (Target.REPAIRED, timedelta(hours=2))
    ]


def test_closed_without_help_lapses_and_keeps_its_breach():
    closed = Closed(number=2, at=local("2026-03-10 11:00"))
    early = read([report("2026-03-10 10:00", 1), closed])
    assert (early.on_site.state, early.breaches) == (State.LAPSED, ())
    late = read([report("2026-03-10 10:00", 1), replace(closed, at=local("2026-03-10 12:30"))])
    assert late.on_site.state is State.LAPSED
    assert late.breaches[0].late == timedelta(minutes=30)


def test_visits_and_what_became_of_them():
    first = AppointmentMade(
        number=2,
        at=local("2026-03-09 11:00"),
        window=Window(local("2026-03-10 09:00"), local("2026-03-10 12:00")),
    )
    wide = AppointmentMoved(
        number=3,
        at=local("2026-03-09 16:00"),
        window=Window(local("2026-03-11 09:00"), local("2026-03-11 13:00")),
    )
    late = AppointmentMoved(
        number=4,
        at=local("2026-03-11 15:00"),
        window=Window(local("2026-03-12 09:00"), local("2026-03-12 12:00")),
    )
    log = [report(), first, wide, late]
    clocks = read(log, "2026-03-11 15:30")
    assert [(visit.outcome, visit.too_wide) for visit in clocks.visits] == [
        (Outcome.MOVED, False),
        (Outcome.MISSED, True),
        (Outcome.AWAITED, False),
    ]
    assert clocks.warnings == (
        Risk(Target.REPAIRED, Why.PLANNED_LATE, local("2026-03-12 00:00").astimezone(UTC)),
    )
    came = read([*log, OnSite(number=5, at=local("2026-03-12 10:00"))])
    assert came.visits[-1].outcome is Outcome.KEPT
    by_phone = read([*log, Repaired(number=5, at=local("2026-03-11 16:00"))])
    assert by_phone.visits[-1].outcome is Outcome.NOT_NEEDED


def test_the_share_that_was_kept():
    def on_site_after(minutes: int, postcode4: int = HOORN) -> Clocks:
        first = report("2026-03-10 10:00", 1, postcode4)
        return read([first, OnSite(number=2, at=first.at + timedelta(minutes=minutes))])

    kept = [on_site_after(90)] * 19
    share = attainment([*kept, on_site_after(121)], Target.ON_SITE, TERMS)
    assert (share.kept, share.decided, share.share, share.reached) == (19, 20, 0.95, True)
    share = attainment([*kept, on_site_after(121), on_site_after(300)], Target.ON_SITE, TERMS)
    assert not share.reached
    # Neither promised nor decided: outside the count.
    running = read([report("2026-03-10 10:00", 1)], "2026-03-10 10:30")
    none = attainment([on_site_after(300, TEXEL), running], Target.ON_SITE, TERMS)
    assert (none.decided, none.share, none.reached) == (0, None, True)


def test_a_log_is_gathered_from_pieces_and_refuses_two_tellings():
    log = [report(), OnSite(number=2, at=local("2026-03-10 09:00"))]
    assert gathered(log[1:], log, log[:1]) == tuple(log)
    with pytest.raises(ValueError, match="number 2"):
        gathered(log, [OnSite(number=2, at=local("2026-03-10 10:00"))])


def test_nothing_runs_before_the_report():
    with pytest.raises(NotReported):
        read([report("2026-03-10 10:00")], "2026-03-10 09:59")
    with pytest.raises(LookupError, match="no priority 4"):
        read([report(priority=4)])


def test_moments_need_a_zone_and_windows_an_end_after_their_begin():
    naive = datetime(2026, 3, 10)  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"):
        OnSite(number=2, at=naive)
    with pytest.raises(ValueError, match="window"):
        AppointmentMade(
            number=2,
            at=local(EARLIER),
            window=Window(local("2026-03-10 12:00"), local("2026-03-10 12:00")),
        )


def test_spans_join_where_they_touch():
    a, b, c, d = (local(f"2026-03-10 {hour}:00").astimezone(UTC) for hour in (10, 11, 12, 13))
    assert union([Span(c, d), Span(a, b), Span(b, b)]) == (Span(a, b), Span(c, d))
    assert union([Span(b, c), Span(a, b)]) == (Span(a, c),)
