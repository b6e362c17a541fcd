"""What the clocks say of a ticket: delays, warnings, breaches, changes of priority, visits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from diagnostics.tickets.attainment import attainment
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
    PauseEnded,
    PriorityChanged,
    Repaired,
    Safe,
    Window,
    gathered,
)
from diagnostics.tickets.visits import Outcome
from tests.support.tickets import EARLIER, HOORN, TERMS, TEXEL, local, paused, read, report


def test_the_time_until_somebody_is_on_site_is_never_paused() -> None:
    log: list[AnyEntry] = [
        report("2026-03-10 10:00", 1),
        *paused("2026-03-10 10:05", "2026-03-10 18:00"),
    ]
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
def test_only_an_evidenced_delay_that_is_not_the_contractors_counts(
    changes: dict[str, Any], verdict: Verdict
) -> None:
    log: list[AnyEntry] = [report(), *paused("2026-03-10 12:00", "2026-03-10 15:00", **changes)]
    clocks = read(log)
    assert [delay.verdict for delay in clocks.delays] == [verdict]
    hour = 3 if verdict is Verdict.COUNTS else 0
    assert clocks.repaired.due_at == local(f"2026-03-12 {hour:02}:00").astimezone(UTC)


def test_what_a_delay_lacked_may_be_said_when_it_ends() -> None:
    log: list[AnyEntry] = [
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


def test_a_pause_that_ends_before_it_begins_is_none() -> None:
    log: list[AnyEntry] = [report(), *paused("2026-03-10 12:00", "2026-03-10 11:00")]
    clocks = read(log)
    assert clocks.repaired.due_at == local("2026-03-12 00:00").astimezone(UTC)
    [delay] = clocks.delays
    assert not delay.open
    assert delay.span.begin == delay.span.end


def test_while_it_is_paused_the_due_moment_moves_along() -> None:
    log: list[AnyEntry] = [report(), *paused("2026-03-10 12:00")]
    at_three, at_five = read(log, "2026-03-10 15:00"), read(log, "2026-03-10 17:00")
    assert at_three.repaired.state is State.PAUSED
    assert at_three.repaired.due_at == local("2026-03-12 03:00").astimezone(UTC)
    assert at_five.repaired.due_at == local("2026-03-12 05:00").astimezone(UTC)
    assert at_five.next_at is None


def test_the_wadden_have_no_two_hours_but_the_same_repair() -> None:
    clocks = read([report("2026-03-10 10:00", 1, TEXEL)], "2026-03-10 20:00")
    assert clocks.on_site.due_at is None
    assert clocks.on_site.state is State.RUNNING
    assert clocks.breaches == ()
    assert clocks.repaired.due_at == local("2026-03-12 00:00").astimezone(UTC)


def test_from_the_report_to_the_repair() -> None:
    log: list[AnyEntry] = [
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


def test_there_at_the_due_moment_is_in_time_and_a_second_later_is_not() -> None:
    at_due = OnSite(number=2, at=local("2026-03-10 12:00"))
    late = OnSite(number=2, at=local("2026-03-10 12:00:01"))
    assert read([report("2026-03-10 10:00", 1), at_due]).on_site.state is State.MET
    clocks = read([report("2026-03-10 10:00", 1), late], "2026-03-10 13:00")
    assert clocks.on_site.state is State.MISSED
    assert clocks.breaches[0].late == timedelta(seconds=1)


def test_first_a_warning_then_a_breach_that_grows() -> None:
    log: list[AnyEntry] = [report("2026-03-10 10:00", 1)]
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


def test_the_lead_of_a_warning_is_the_contracts() -> None:
    terms = replace(TERMS, repaired_warning=timedelta(hours=24))
    clocks = clocks_of([report()], terms, local("2026-03-11 00:00"))
    assert [risk.why for risk in clocks.warnings] == [Why.NEAR]
    assert read([report()], "2026-03-11 00:00").warnings == ()


def test_a_ticket_that_became_urgent_is_reckoned_from_its_report() -> None:
    log: list[AnyEntry] = [
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


def test_a_term_that_a_change_puts_into_the_past_is_breached_by_the_change() -> None:
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


def test_a_lower_priority_does_not_take_a_breach_back() -> None:
    log: list[AnyEntry] = [
        report("2026-03-10 10:00", 1),
        PriorityChanged(number=2, at=local("2026-03-10 12:30"), priority=3, reason="can wait"),
        OnSite(number=3, at=local("2026-03-10 15:00")),
    ]
    clocks = read(log)
    assert clocks.on_site.due_at is None
    on_site = [breach for breach in clocks.breaches if breach.target is Target.ON_SITE]
    assert [(breach.priority, breach.late) for breach in on_site] == [(1, timedelta(hours=3))]


def test_lowered_in_time_there_is_no_breach() -> None:
    log: list[AnyEntry] = [
        report("2026-03-10 10:00", 1),
        PriorityChanged(number=2, at=local("2026-03-10 11:30"), priority=3, reason="can wait"),
    ]
    assert read(log, "2026-03-11 10:00").breaches == ()


def test_another_repair_day_agreed_with_the_client_in_time_counts_for_priority_3_only() -> None:
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


def test_what_delays_excuse_is_shown_beside_the_breaches() -> None:
    log: list[AnyEntry] = [
        report(),
        *paused("2026-03-10 12:00", "2026-03-10 15:00"),
        Repaired(number=20, at=local("2026-03-12 02:00")),
    ]
    clocks = read(log)
    assert clocks.breaches == ()
    assert [(each.target, each.late) for each in clocks.excused] == [
        (Target.REPAIRED, timedelta(hours=2))
    ]


def test_closed_without_help_lapses_and_keeps_its_breach() -> None:
    closed = Closed(number=2, at=local("2026-03-10 11:00"))
    early = read([report("2026-03-10 10:00", 1), closed])
    assert (early.on_site.state, early.breaches) == (State.LAPSED, ())
    late = read([report("2026-03-10 10:00", 1), replace(closed, at=local("2026-03-10 12:30"))])
    assert late.on_site.state is State.LAPSED
    assert late.breaches[0].late == timedelta(minutes=30)


def test_visits_and_what_became_of_them() -> None:
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
    log: list[AnyEntry] = [report(), first, wide, late]
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


def test_the_share_that_was_kept() -> None:
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


def test_a_log_is_gathered_from_pieces_and_refuses_two_tellings() -> None:
    log: list[AnyEntry] = [report(), OnSite(number=2, at=local("2026-03-10 09:00"))]
    assert gathered(log[1:], log, log[:1]) == tuple(log)
    with pytest.raises(ValueError, match="number 2"):
        gathered(log, [OnSite(number=2, at=local("2026-03-10 10:00"))])


def test_nothing_runs_before_the_report() -> None:
    with pytest.raises(NotReported):
        read([report("2026-03-10 10:00")], "2026-03-10 09:59")
    with pytest.raises(LookupError, match="no priority 4"):
        read([report(priority=4)])


def test_moments_need_a_zone_and_windows_an_end_after_their_begin() -> None:
    naive = datetime(2026, 3, 10)  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"):
        OnSite(number=2, at=naive)
    with pytest.raises(ValueError, match="window"):
        AppointmentMade(
            number=2,
            at=local(EARLIER),
            window=Window(local("2026-03-10 12:00"), local("2026-03-10 12:00")),
        )


def test_who_comes_after_the_repair_was_not_awaited_any_more() -> None:
    log: list[AnyEntry] = [
        report("2026-03-10 10:00", 1),
        Repaired(number=2, at=local("2026-03-10 11:00")),
        OnSite(number=3, at=local("2026-03-10 13:00")),
    ]
    clocks = read(log)
    assert (clocks.on_site.state, clocks.on_site.done_at) == (State.LAPSED, None)
    assert clocks.breaches == ()


def test_a_log_written_as_json_is_read_again_as_it_was() -> None:
    begin = local("2026-10-25 02:30+01:00")
    log: list[AnyEntry] = [
        report(),
        AppointmentMade(number=2, at=begin, window=Window(begin, begin + timedelta(hours=3))),
        *paused("2026-10-25 02:30+02:00", "2026-10-25 02:30+01:00", number=3),
        PriorityChanged(number=5, at=begin, priority=1, reason="worse"),
    ]
    assert json.decode(json.encode(log), type=list[AnyEntry]) == log


def test_back_to_the_priority_under_which_it_was_breached_it_was_breached_then() -> None:
    log: list[AnyEntry] = [
        report("2026-03-10 10:00", 1),
        PriorityChanged(number=2, at=local("2026-03-10 12:30"), priority=3, reason="can wait"),
        PriorityChanged(number=3, at=local("2026-03-10 14:00"), priority=1, reason="cannot"),
    ]
    [breach] = read(log, "2026-03-10 15:00").breaches
    assert breach.breached_at == local("2026-03-10 12:00").astimezone(UTC)
    assert breach.late == timedelta(hours=3)


def test_a_closed_ticket_keeps_the_priority_it_was_closed_with() -> None:
    log: list[AnyEntry] = [
        report(EARLIER, 3),
        Repaired(number=2, at=local("2026-03-12 10:00")),
        PriorityChanged(number=3, at=local("2026-03-12 11:00"), priority=2, reason="was one"),
        Closed(number=4, at=local("2026-03-12 12:00")),
        PriorityChanged(number=5, at=local("2026-03-12 13:00"), priority=1, reason="too late"),
    ]
    clocks = read(log)
    assert clocks.priority == 2
    [breach] = clocks.breaches  # until it is closed, a wrong priority can still be put right
    assert (breach.late, breach.by_change) == (timedelta(hours=10), True)
