"""A ticket's log as it is stored, and what the clocks read in it: the one mapping. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.tickets.calendar import dutch_day
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
    in_utc,
)
from diagnostics.tickets.model import WITH_PRIORITY, Event, EventKind, Head, TicketKind
from diagnostics.tickets.terms import EMERGENCY, Terms, terms_on

_REPORTS = frozenset({EventKind.OPENED, EventKind.REPORTED})
_LOWEST_PRIORITY = 3


class Dossier(Struct, frozen=True, kw_only=True):
    """All that is written about a ticket.

    Attributes:
        events: in the order in which they were written, numbered.
        contracts: the terms of the municipality, of all times.
    """

    head: Head
    events: tuple[Event, ...] = ()
    contracts: tuple[Terms, ...] = ()

    def plus(self, events: Iterable[Event]) -> "Dossier":
        """Return it with ``events`` written at its end."""
        written = list(self.events)
        for event in events:
            written.append(replace(event, number=len(written) + 1))
        return replace(self, events=tuple(written))

    @property
    def first_priority(self) -> int | None:
        """The priority at the report; None: tickets of this kind have none."""
        if self.head.kind not in WITH_PRIORITY:
            return None
        usual = EMERGENCY if self.head.kind is TicketKind.EMERGENCY else _LOWEST_PRIORITY
        return int(self._said("priority", usual))

    @property
    def postcode4(self) -> int:
        """Where it was reported."""
        return int(self._said("postcode4", self.head.postcode4))

    @property
    def municipality_code(self) -> str:
        """Whose contract counts: that of the report, also if the aid moves."""
        return str(self._said("municipality", self.head.municipality_code))

    @property
    def reported_at(self) -> datetime:
        """From when the terms run: the earliest report."""
        return min(self._reports(), default=self.head.opened_at)

    @property
    def terms(self) -> Terms:
        """What holds for it: the terms of the day of the report, also when they end meanwhile."""
        return terms_on(self.contracts, self.municipality_code, dutch_day(self.reported_at))

    def entries(self) -> tuple[AnyEntry, ...]:
        """Return what the clocks read, in the order in which it was written."""
        return tuple(entry for event in self.events for entry in self._entries(event))

    def wrote(self, request_id: str | None) -> bool:
        """Return whether this request was written down before."""
        return request_id is not None and any(e.request_id == request_id for e in self.events)

    def _said(self, name: str, otherwise: Any) -> Any:
        return self.events[0].detail.get(name, otherwise) if self.events else otherwise

    def _reports(self) -> Iterator[datetime]:
        for event in self.events:
            if event.kind in _REPORTS:
                yield event.moment
            elif event.kind is EventKind.MERGED and "reported_at" in event.detail:
                yield datetime.fromisoformat(event.detail["reported_at"])

    def _entries(self, event: Event) -> Iterator[AnyEntry]:  # noqa: C901, PLR0912 - one table
        where: dict[str, Any] = {"number": event.number, "at": event.moment}
        detail = event.detail
        priority = self.first_priority or _LOWEST_PRIORITY
        match event.kind:
            case EventKind.OPENED | EventKind.REPORTED:
                yield Reported(**where, priority=priority, postcode4=self.postcode4)
            case EventKind.MERGED if "reported_at" in detail:
                where["at"] = datetime.fromisoformat(detail["reported_at"])
                yield Reported(**where, priority=priority, postcode4=self.postcode4)
            case EventKind.PRIORITY_RAISED | EventKind.PRIORITY_CHANGED:
                reason = detail.get("reason", "")
                yield PriorityChanged(**where, priority=detail["priority"], reason=reason)
            case EventKind.APPOINTMENT_MADE:
                yield AppointmentMade(**where, window=window_of(detail))
            case EventKind.APPOINTMENT_MOVED:
                yield AppointmentMoved(**where, window=window_of(detail))
            case EventKind.AGREED_LATER:
                due_at = datetime.fromisoformat(detail["due_at"])
                yield AgreedLater(**where, due_at=due_at, evidence=detail.get("evidence", ""))
            case EventKind.PAUSE_BEGUN:
                yield PauseBegun(
                    **where,
                    pause=detail["pause"],
                    reason=DelayReason(detail["reason"]),
                    evidence=detail.get("evidence", ""),
                    attributable=detail.get("attributable"),
                )
            case EventKind.PAUSE_ENDED:
                yield PauseEnded(
                    **where,
                    pause=detail["pause"],
                    evidence=detail.get("evidence", ""),
                    attributable=detail.get("attributable"),
                )
            case EventKind.ON_SITE:
                yield OnSite(**where)
            case EventKind.RELEASED:
                yield Safe(**where)
            case EventKind.REPAIRED:
                yield Repaired(**where)
            case EventKind.CLOSED:
                yield Closed(**where)
            case _:
                pass


def window_of(detail: dict[str, Any]) -> Window:
    """Return the window of an appointment's event."""
    begin, end = (in_utc(datetime.fromisoformat(detail[name])) for name in ("begin", "end"))
    return Window(begin, end)
