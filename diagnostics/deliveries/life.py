"""How a commission stands, from its log: columns and clocks. Pure.

Nothing is counted along: the same log gives the same commission, in how many pieces it ever came.
Terms, working days, pauses and what excuses are those of tickets (docs/tickets/clocks.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.deliveries import lifetime
from diagnostics.deliveries.model import (
    SILENT,
    SUPPLIES,
    Clock,
    Commission,
    Delay,
    Event,
    EventKind,
    Head,
    Outcome,
    Source,
    Target,
)
from diagnostics.tickets import sla
from diagnostics.tickets.calendar import dutch_day
from diagnostics.tickets.delays import agreed, delays_of
from diagnostics.tickets.entries import (
    AgreedLater,
    AnyEntry,
    DelayReason,
    PauseBegun,
    PauseEnded,
    in_utc,
)
from diagnostics.tickets.terms import Term, Terms, terms_on

SYSTEM: Final = "system:clocks"
_A_MOMENT: Final = timedelta(seconds=1)
_STAGES: Final = {
    EventKind.CONTACTED: "contacted_at",
    EventKind.FITTED: "fitted_at",
    EventKind.CONFIRMED: "confirmed_at",
    EventKind.SUPPLIED: "supplied_at",
    EventKind.LOAN_SIGNED: "loan_signed_at",
}


class Dossier(Struct, frozen=True, kw_only=True):
    """All that is written about a commission. ``events``: as written, numbered."""

    head: Head
    events: tuple[Event, ...] = ()
    contracts: tuple[Terms, ...] = ()

    def plus(self, events: Iterable[Event]) -> "Dossier":
        """Return it with ``events`` written at its end."""
        written = list(self.events)
        for event in events:
            written.append(replace(event, number=len(written) + 1))
        return replace(self, events=tuple(written))

    def wrote(self, request_id: str | None) -> bool:
        """Return whether this request was written down before."""
        return request_id is not None and any(e.request_id == request_id for e in self.events)

    @property
    def terms(self) -> Terms:
        """What holds for it: the terms of the day on which it was received."""
        head = self.head
        return terms_on(self.contracts, head.municipality_code, dutch_day(head.received_at))


def commission_of(dossier: Dossier, now: datetime) -> Commission:
    """Return how the commission stands at ``now`` (aware)."""
    head = dossier.head
    stands = Commission(commission_id=head.commission_id, device_id=head.given_device_id)
    for event in dossier.events:
        changes = _changes(stands, event)
        if event.number > 1 and event.kind not in SILENT:
            changes["version"] = stands.version + 1
        stands = replace(stands, **changes) if changes else stands
    if stands.done_at and head.kind in SUPPLIES:
        left = lifetime.months_left(
            dossier.terms, head.aid_kind, stands.aid_first_used_on, dutch_day(stands.done_at)
        )
        stands = replace(stands, lifetime_left_months=left)
    return _clocked(stands, dossier, max(in_utc(now), in_utc(head.received_at)))


def clock_events(dossier: Dossier, now: datetime) -> tuple[Event, ...]:
    """Return the warnings and breaches that are due by ``now`` and not in the log yet."""
    stands = commission_of(dossier, now)
    told = {_told(event) for event in dossier.events if event.at <= now}
    events = [
        Event(kind, now, SYSTEM, {"target": clock.target.value, "due_at": clock.due_at.isoformat()})
        for clock in stands.clocks
        if clock.due_at is not None
        for kind in _due_words(clock, now)
    ]
    return tuple(event for event in events if _told(event) not in told)


def _due_words(clock: Clock, now: datetime) -> Iterator[EventKind]:
    if clock.running and clock.warn_at is not None and clock.warn_at <= now:
        yield EventKind.WARNED
    if clock.late:
        yield EventKind.BREACHED


def _changes(stands: Commission, event: Event) -> dict[str, Any]:
    """Return what an event changes, beside the clocks; of a stage told twice the first."""
    at, detail = event.moment, event.detail
    changes: dict[str, Any] = {}
    if event.kind in _STAGES:
        column = _STAGES[event.kind]
        changes[column] = min(at, getattr(stands, column) or at)
    if event.kind in {EventKind.SUPPLIED, EventKind.DONE}:
        changes |= _aid(detail)
    match event.kind:
        case EventKind.DONE:
            done_at = min(at, stands.done_at or at)
            changes |= {"done_at": done_at, "ended_at": done_at, "outcome": Outcome.DONE}
        case EventKind.WITHDRAWN:
            changes |= {"ended_at": at, "outcome": Outcome.WITHDRAWN}
        case EventKind.EXPECTED:
            changes["expected_on"] = date.fromisoformat(detail["on"])
        case _:
            pass
    return changes


def _aid(detail: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of the aid itself."""
    said: dict[str, Any] = {}
    if detail.get("device") is not None:
        said["device_id"] = detail["device"]
    if detail.get("source") is not None:
        said["aid_source"] = Source(detail["source"])
    if detail.get("first_used_on") is not None:
        said["aid_first_used_on"] = date.fromisoformat(detail["first_used_on"])
    return said


def _clocked(stands: Commission, dossier: Dossier, now: datetime) -> Commission:
    terms = dossier.terms
    promised = terms.of_commission(dossier.head.kind, dossier.head.aid_kind)
    until = min(stands.ended_at or now, now)
    entries = tuple(entry for entry in _entries(dossier.events) if entry.at <= now)
    delays = delays_of(entries, terms, until=until)
    reading = _Reading(stands, delays, entries, now, until, terms.commission_warning)
    done = reading.clock(
        Target.DONE,
        promised.done,
        dossier.head.received_at,
        stands.done_at,
        may_agree=promised.may_agree_later,
    )
    contacted = reading.clock(
        Target.CONTACTED, promised.contacted, dossier.head.received_at, _contact(stands)
    )
    confirmed = reading.clock(
        Target.CONFIRMED, promised.confirmed, stands.fitted_at, stands.confirmed_at
    )
    clocks = (contacted, confirmed, done)
    running = [clock.due_at for clock in clocks if clock.running and clock.due_at]
    paused = stands.ended_at is None and any(delay.open for delay in delays)
    return replace(
        stands,
        paused=paused,
        clocks=clocks,
        delays=tuple(
            Delay(
                reason=each.reason.value,
                evidence=each.evidence,
                span=each.span,
                open=each.open,
                verdict=each.verdict.value,
            )
            for each in delays
        ),
        contact_due_at=contacted.due_at,
        confirm_due_at=confirmed.due_at,
        due_at=done.due_at,
        due_without_delay_at=done.due_without_delay_at,
        breach_at=min(running, default=None),
        breaches=sum(clock.late for clock in clocks),
        next_clock_at=None if stands.ended_at else _next(clocks, now),
    )


def _contact(stands: Commission) -> datetime | None:
    """Who was measured or was handed something has been spoken to, whatever was written down."""
    said = (stands.contacted_at, stands.fitted_at, stands.done_at)
    return min(filter(None, said), default=None)


class _Reading(Struct, frozen=True):
    """What all clocks of a commission read."""

    stands: Commission
    delays: Sequence[Any]
    entries: tuple[AnyEntry, ...]
    now: datetime
    until: datetime
    lead: timedelta

    def clock(
        self,
        target: Target,
        term: Term | None,
        begin: datetime | None,
        done_at: datetime | None,
        *,
        may_agree: bool = False,
    ) -> Clock:
        if term is None or begin is None:
            return Clock(target=target, done_at=done_at)
        pauses = [each.span for each in self.delays if each.counts]
        plain = sla.due_at(term, begin)
        due = sla.due_at(term, begin, paused=pauses)
        if may_agree:
            due = agreed(due, [e for e in self.entries if isinstance(e, AgreedLater)])
        reached = min(done_at or self.until, self.until)
        halted = any(each.counts and each.open for each in self.delays)
        awaited = done_at is None and self.stands.ended_at is None
        return Clock(
            target=target,
            due_at=due,
            # Of a short term half is over before anybody is warned.
            warn_at=due - min(self.lead, (due - in_utc(begin)) / 2),
            due_without_delay_at=plain,
            done_at=done_at,
            late=due < reached,
            excused=plain < reached <= due,
            running=awaited and not halted and self.now <= due,
        )


def _entries(events: Iterable[Event]) -> Iterator[AnyEntry]:
    """Yield what delays and agreements are read from, in order of time."""
    found: list[AnyEntry] = []
    for event in events:
        where: dict[str, Any] = {"number": event.number, "at": event.moment}
        detail = event.detail
        match event.kind:
            case EventKind.PAUSE_BEGUN:
                found.append(
                    PauseBegun(
                        **where,
                        pause=detail["pause"],
                        reason=DelayReason(detail["reason"]),
                        evidence=detail.get("evidence", ""),
                        attributable=detail.get("attributable"),
                    )
                )
            case EventKind.PAUSE_ENDED:
                found.append(
                    PauseEnded(
                        **where,
                        pause=detail["pause"],
                        evidence=detail.get("evidence", ""),
                        attributable=detail.get("attributable"),
                    )
                )
            case EventKind.AGREED_LATER:
                due_at = datetime.fromisoformat(detail["due_at"])
                found.append(
                    AgreedLater(**where, due_at=due_at, evidence=detail.get("evidence", ""))
                )
            case _:
                pass
    yield from sorted(found, key=lambda entry: (entry.at, entry.number))


def _next(clocks: Iterable[Clock], now: datetime) -> datetime | None:
    """Return when something changes by itself; at a due moment itself it is in time still."""
    moments = [
        at
        for clock in clocks
        if clock.running and clock.due_at and clock.warn_at
        for at in (clock.warn_at, clock.due_at + _A_MOMENT)
        if now < at
    ]
    return min(moments, default=None)


def _told(event: Event) -> tuple[Any, ...]:
    return (event.kind, event.detail.get("target"), event.detail.get("due_at"))
