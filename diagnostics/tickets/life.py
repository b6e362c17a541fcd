"""How a ticket stands, from its log: the columns and the clocks. Pure.

Nothing is counted along: the same log gives the same ticket, in how many pieces it ever came.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from diagnostics.tickets.attainment import standing
from diagnostics.tickets.clocks import Clocks, State, Target, clocks_of
from diagnostics.tickets.dossier import Dossier, window_of
from diagnostics.tickets.entries import gathered, in_utc
from diagnostics.tickets.model import SILENT, WITH_PRIORITY, Event, EventKind, Ticket
from diagnostics.tickets.visits import Visit, visits_of

SYSTEM: Final = "system:clocks"
_A_MOMENT: Final = timedelta(seconds=1)
# Somebody is doing something about it: so it is in somebody's hands.
_ANSWERS: Final = frozenset(
    {
        *(EventKind.ACKNOWLEDGED, EventKind.UNDER_WAY, EventKind.ON_SITE),
        *(EventKind.RELEASED, EventKind.REPAIRED, EventKind.CLOSED),
    }
)
_ALARMS: Final = frozenset(
    {
        *(EventKind.OPENED, EventKind.REPORTED, EventKind.EVIDENCE_ADDED),
        *(EventKind.CALLED, EventKind.ALARM_AGAIN),
    }
)


def ticket_of(dossier: Dossier, now: datetime) -> Ticket:
    """Return how the ticket stands at ``now`` (aware)."""
    head = dossier.head
    ticket = Ticket(
        ticket_id=head.ticket_id,
        device_id=head.device_id,
        device_name=head.device_name,
        kind=head.kind,
        what=head.what,
        priority=dossier.first_priority,
        opened_at=head.opened_at,
        evidence_at=head.evidence_at,
        since=head.since,
        reported_at=dossier.reported_at,
    )
    for event in dossier.events:
        changes = _changes(ticket, event)
        if event.number > 1 and event.kind not in SILENT:
            changes["version"] = ticket.version + 1
        ticket = replace(ticket, **changes) if changes else ticket
    return _clocked(ticket, dossier, now)


def clocks_at(dossier: Dossier, now: datetime) -> Clocks | None:
    """Return the ticket's clocks at ``now``; None: nothing is promised for its kind.

    Should the platform's clock go back before the report, they stand as at the report.
    """
    if dossier.head.kind not in WITH_PRIORITY:
        return None
    return clocks_of(dossier.entries(), dossier.terms, max(in_utc(now), dossier.reported_at))


def visits_at(dossier: Dossier, now: datetime) -> tuple[Visit, ...]:
    """Return the appointments, and what became of them by ``now``; of tickets of every kind."""
    now = max(in_utc(now), dossier.reported_at)
    entries = gathered(entry for entry in dossier.entries() if entry.at <= now)
    return visits_of(entries, dossier.terms, now)


def clock_events(dossier: Dossier, now: datetime) -> tuple[Event, ...]:
    """Return the warnings and breaches that are due by ``now`` and not in the log yet.

    What the log says of later than now was written by a clock that ran ahead, and does not count.
    """
    clocks = clocks_at(dossier, now)
    if clocks is None:
        return ()
    known = [event for event in dossier.events if event.at <= now]
    told = {_told(event) for event in known if event.kind in {EventKind.WARNED, EventKind.BREACHED}}
    events = (*_warnings(clocks, now), *_breaches(clocks, now))
    return tuple(event for event in events if _told(event) not in told)


def _changes(ticket: Ticket, event: Event) -> dict[str, Any]:  # noqa: C901, PLR0912 - one table
    """Return what an event changes, beside the clocks."""
    at, detail = event.moment, event.detail
    changes: dict[str, Any] = {}
    if event.kind in _ANSWERS:
        changes["unanswered"] = False
        if not ticket.acknowledged or ticket.unanswered:
            changes["acknowledged_at"] = at
    if event.kind in _ALARMS:
        changes["alarm_at"] = max(at, ticket.alarm_at or at)
    match event.kind:
        case EventKind.CALLED if detail["call_id"] not in ticket.call_ids:
            changes["call_ids"] = (*ticket.call_ids, detail["call_id"])
        case EventKind.ASSIGNED:
            changes["assigned_to"] = detail["account"]
            # Who gave it to somebody has seen it; the lift hears of a person once one took it on.
            changes["unanswered"] = detail["account"] is None and not ticket.acknowledged
        case EventKind.UNDER_WAY:
            arrives_at = detail.get("arrives_at")
            changes["under_way_at"] = at
            changes["arrives_at"] = datetime.fromisoformat(arrives_at) if arrives_at else None
        case EventKind.NOBODY_NEAR:
            changes |= {"under_way_at": None, "arrives_at": None}
        case EventKind.FORGOTTEN:
            changes |= {"unanswered": True, "under_way_at": None, "arrives_at": None}
        case EventKind.ON_SITE:
            changes["on_site_at"] = min(at, ticket.on_site_at or at)
        case EventKind.ALL_CLEAR:
            changes["all_clear_at"] = at
        case EventKind.ALARM_AGAIN:
            changes["all_clear_at"] = None
        case EventKind.RELEASED:
            changes["released_at"] = min(at, ticket.released_at or at)
        case EventKind.PRIORITY_RAISED | EventKind.PRIORITY_CHANGED:
            changes["priority"] = detail["priority"]
        case EventKind.REPAIRED:
            changes["repaired_at"] = min(at, ticket.repaired_at or at)
        case EventKind.CLOSED:
            changes["closed_at"] = min(at, ticket.closed_at or at)
        case EventKind.APPOINTMENT_MADE | EventKind.APPOINTMENT_MOVED:
            changes["appointment"] = window_of(detail)
        case EventKind.PAUSE_BEGUN:
            changes["pauses"] = (*ticket.pauses, detail["pause"])
        case EventKind.PAUSE_ENDED:
            changes["pauses"] = tuple(p for p in ticket.pauses if p != detail["pause"])
        case EventKind.SWAP_OFFERED | EventKind.SWAP_ANSWERED:
            changes["swap_offered"] = event.kind is EventKind.SWAP_OFFERED
        case _:
            pass
    return changes


def _clocked(ticket: Ticket, dossier: Dossier, now: datetime) -> Ticket:
    clocks = clocks_at(dossier, now)
    if clocks is None:
        return ticket
    both = (clocks.on_site, clocks.repaired)
    running = [clock.due_at for clock in both if clock.state is State.RUNNING and clock.due_at]
    over_at = min(filter(None, (ticket.repaired_at, ticket.closed_at)), default=None)
    on_site, repaired = (standing(clocks, target, over_at) for target in Target)
    return replace(
        ticket,
        on_site_due_at=clocks.on_site.due_at,
        repaired_due_at=clocks.repaired.due_at,
        breach_at=min(running, default=None),
        breaches=len(clocks.breaches),
        on_site_outcome=on_site.outcome.value,
        on_site_certain_at=on_site.certain_at,
        repaired_outcome=repaired.outcome.value,
        repaired_certain_at=repaired.certain_at,
        next_clock_at=None if ticket.closed_at else _later(clocks.next_at, now),
    )


def _later(at: datetime | None, now: datetime) -> datetime | None:
    """At the due moment itself it is in time still: so it is looked at again after it."""
    return at if at is None or at > now else now + _A_MOMENT


def _warnings(clocks: Clocks, now: datetime) -> Iterator[Event]:
    states = {clock.target: clock.state for clock in (clocks.on_site, clocks.repaired)}
    for risk in clocks.warnings:
        # While it is paused its due moment moves along: the warning is for when it runs again.
        if states[risk.target] is State.RUNNING:
            detail = {
                "target": risk.target.value,
                "why": risk.why.value,
                "priority": clocks.priority,
                "due_at": risk.due_at.isoformat(),
            }
            yield Event(EventKind.WARNED, now, SYSTEM, detail)


def _breaches(clocks: Clocks, now: datetime) -> Iterator[Event]:
    for breach in clocks.breaches:
        detail = {
            "target": breach.target.value,
            "priority": breach.priority,
            "due_at": breach.due_at.isoformat(),
            "by_change": breach.by_change,
        }
        # As it is written: late, if the platform was away.
        yield Event(
            EventKind.BREACHED, now, SYSTEM, detail, max(breach.breached_at, clocks.reported_at)
        )


def _told(event: Event) -> tuple[Any, ...]:
    detail = event.detail
    return (event.kind, detail["target"], detail["priority"], detail.get("why"), detail["due_at"])
