"""What is written into a ticket's log as far as the clocks read it: frozen values.

The log is append-only. An entry says at which moment something happened, which may lie before the
moment it was written down (a mechanic's phone without a line); ``number`` is its place in the log.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import force_setattr


class DelayReason(StrEnum):
    """Why work on a ticket waits. Whether it excuses anybody is for the contract's terms."""

    CLIENT_WISH = "client_wish"
    FORCE_MAJEURE = "force_majeure"
    MUNICIPALITY = "municipality"  # it has to decide, for instance about a quote
    PARTS = "parts"
    CAPACITY = "capacity"
    UNKNOWN = "unknown"


class Window(NamedTuple):
    """When a mechanic comes, as agreed with the client."""

    begin: datetime
    end: datetime


class Entry(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Something that happened ``at`` a moment (aware; kept in UTC).

    Raises:
        ValueError: a moment has no time zone.
    """

    number: int
    at: datetime

    def __post_init__(self) -> None:
        """Keep ``at`` in UTC."""
        # Two moments of one zone are compared by their wall clocks, which is wrong when the
        # clock is put back: in UTC there is one order.
        force_setattr(self, "at", in_utc(self.at))


class Reported(Entry, frozen=True, kw_only=True, tag="reported"):
    """The report (*melding*) from which every term runs. Of several, the earliest counts."""

    priority: int
    postcode4: int


class PriorityChanged(Entry, frozen=True, kw_only=True, tag="priority_changed"):
    """The priority is another one, and why."""

    priority: int
    reason: str


class _Appointment(Entry, frozen=True, kw_only=True):
    window: Window

    def __post_init__(self) -> None:
        """Keep the window in UTC."""
        super().__post_init__()
        begin, end = in_utc(self.window.begin), in_utc(self.window.end)
        if end <= begin:
            raise ValueError(f"a visit's window ends ({end}) after it begins ({begin})")
        force_setattr(self, "window", Window(begin, end))


class AppointmentMade(_Appointment, frozen=True, kw_only=True, tag="appointment_made"):
    """A visit was agreed with the client."""


class AppointmentMoved(_Appointment, frozen=True, kw_only=True, tag="appointment_moved"):
    """…and then another window. It moves no due moment: only a pause or an agreement does."""


class AgreedLater(Entry, frozen=True, kw_only=True, tag="agreed_later"):
    """The client agreed that the repair may be done later than the term says.

    Attributes:
        due_at: by when, then.
        evidence: where that is written down; without it the agreement does not count.
    """

    due_at: datetime
    evidence: str = ""

    def __post_init__(self) -> None:
        """Keep ``due_at`` in UTC."""
        super().__post_init__()
        force_setattr(self, "due_at", in_utc(self.due_at))


class PauseBegun(Entry, frozen=True, kw_only=True, tag="pause_begun"):
    """Work waits from here.

    Attributes:
        pause: which one, an identifier within the ticket.
        evidence: where the reason is shown: a letter, a call's note, a photo.
        attributable: whether the contractor answers for it; None: not specified, so it does.
    """

    pause: str
    reason: DelayReason
    evidence: str = ""
    attributable: bool | None = None


class PauseEnded(Entry, frozen=True, kw_only=True, tag="pause_ended"):
    """Work goes on. What was not known when it began may be said now."""

    pause: str
    evidence: str = ""
    attributable: bool | None = None


class OnSite(Entry, frozen=True, kw_only=True, tag="on_site"):
    """Somebody of the contractor is with the client."""


class Safe(Entry, frozen=True, kw_only=True, tag="safe"):
    """The client is safe: off the lift, or at home."""


class Repaired(Entry, frozen=True, kw_only=True, tag="repaired"):
    """The aid works again."""


class Closed(Entry, frozen=True, kw_only=True, tag="closed"):
    """The ticket is over. What was not reached by then is not awaited any more."""


AnyEntry = (
    Reported
    | PriorityChanged
    | AppointmentMade
    | AppointmentMoved
    | AgreedLater
    | PauseBegun
    | PauseEnded
    | OnSite
    | Safe
    | Repaired
    | Closed
)


def gathered(*logs: Iterable[AnyEntry]) -> tuple[AnyEntry, ...]:
    """Return the entries of all ``logs`` once each, in the order of their moments.

    Pieces may overlap and come in any order, as after a retry or from a phone that was offline.

    Raises:
        ValueError: two different entries have the same number.
    """
    known: dict[int, AnyEntry] = {}
    for log in logs:
        for entry in log:
            if known.setdefault(entry.number, entry) != entry:
                raise ValueError(f"two different entries have number {entry.number}")
    return tuple(sorted(known.values(), key=lambda entry: (entry.at, entry.number)))


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC.

    Raises:
        ValueError: it has no time zone, so that it is not a moment.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)
