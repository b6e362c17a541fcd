"""What a commission (*opdracht*) is: frozen values; nothing here needs a clock or a database."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from diagnostics.tickets.calendar import Span


class Kind(StrEnum):
    """What a municipality commissions for a client."""

    DELIVERY = "delivery"  # *levering*
    REISSUE = "reissue"  # *herverstrekking*: asked for as such
    EXCHANGE = "exchange"  # *omruil*, within three months, of an aid that does not fit after all
    ADAPTATION = "adaptation"  # *aanpassing*
    COLLECTION = "collection"  # *inname*
    DISMANTLING = "dismantling"  # *demontage* of a stairlift
    STRUCTURAL_WORKS = "structural_works"  # *bouwkundige aanpassing*


# These put an aid into a client's home, and these take one out of it.
SUPPLIES: Final = frozenset({Kind.DELIVERY, Kind.REISSUE, Kind.EXCHANGE})
TAKES_BACK: Final = frozenset({Kind.COLLECTION, Kind.DISMANTLING})


class Source(StrEnum):
    """Where the aid comes from (MIX)."""

    NEW = "new"
    REISSUED = "reissued"
    PARTLY_REISSUED = "partly_reissued"  # a new rail with a chair that was used before


class Outcome(StrEnum):
    """How a commission ended."""

    DONE = "done"
    WITHDRAWN = "withdrawn"


class EventKind(StrEnum):
    """What can happen to a commission; its log is append-only. See docs/deliveries.md."""

    RECEIVED = "received"
    CONTACTED = "contacted"
    FITTED = "fitted"  # measured, or fitted
    CONFIRMED = "confirmed"
    SUPPLIED = "supplied"  # the aid is there to be handed over
    DONE = "done"  # handed over with instruction; collected; adapted; …
    WITHDRAWN = "withdrawn"
    EXPECTED = "expected"  # another day, with the reason: told in writing
    AGREED_LATER = "agreed_later"
    PAUSE_BEGUN = "pause_begun"
    PAUSE_ENDED = "pause_ended"
    LOAN_SIGNED = "loan_signed"
    FILED = "filed"
    NOTED = "noted"
    WRITTEN = "written"  # a letter
    WARNED = "warned"
    BREACHED = "breached"


# Worth knowing, but no reason to decide anew: these leave the version.
SILENT: Final = frozenset(
    {
        *(EventKind.NOTED, EventKind.FILED, EventKind.LOAN_SIGNED),
        *(EventKind.WRITTEN, EventKind.WARNED, EventKind.BREACHED),
    }
)


class Target(StrEnum):
    """What a term is about."""

    CONTACTED = "contacted"
    CONFIRMED = "confirmed"
    DONE = "done"


class Event(Struct, frozen=True):
    """Something that happened to a commission; as an event of a ticket."""

    kind: EventKind
    at: datetime
    actor: str
    detail: dict[str, Any] = {}
    happened_at: datetime | None = None
    request_id: str | None = None
    number: int = 0

    @property
    def moment(self) -> datetime:
        """When it was."""
        return self.happened_at or self.at


class Head(Struct, frozen=True, kw_only=True):
    """What does not follow from a commission's log.

    Attributes:
        exchanged_at: of an exchange: when the aid that does not fit was handed over.
        version: as people were shown it.
    """

    commission_id: int
    municipality_code: str
    kind: Kind
    client_id: int
    client_number: str
    aid_kind: str
    received_at: datetime
    reference: str | None = None
    consultant_mail: str | None = None
    given_device_id: int | None = None
    exchanged_at: datetime | None = None
    version: int = 1


class Clock(Struct, frozen=True, kw_only=True):
    """How one term stands.

    Attributes:
        due_at: None: nothing is promised, or it does not run yet.
        due_without_delay_at: the same, had nothing been delayed or agreed.
        warn_at: from when to warn.
        late: whether ``due_at`` passed before it was reached.
        excused: whether it is in time only thanks to delays that count.
        running: whether it is still awaited, and time passes.
    """

    target: Target
    due_at: datetime | None = None
    warn_at: datetime | None = None
    due_without_delay_at: datetime | None = None
    done_at: datetime | None = None
    late: bool = False
    excused: bool = False
    running: bool = False


class Delay(Struct, frozen=True, kw_only=True):
    """A pause, with whether it counts (``diagnostics.tickets.delays.Verdict``) and why."""

    reason: str
    evidence: tuple[str, ...]
    span: Span
    open: bool
    verdict: str


class Commission(Struct, frozen=True, kw_only=True):
    """How a commission stands: derived from its log (``life.commission_of``).

    Attributes:
        lifetime_left_months: of the aid when it was handed over.
        expected_on: as told last.
        breach_at: the next term that will be broken if nothing happens.
        next_clock_at: when to look at its clocks again.
    """

    commission_id: int
    device_id: int | None = None
    aid_source: Source | None = None
    aid_first_used_on: date | None = None
    lifetime_left_months: int | None = None
    contacted_at: datetime | None = None
    fitted_at: datetime | None = None
    confirmed_at: datetime | None = None
    supplied_at: datetime | None = None
    loan_signed_at: datetime | None = None
    done_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    paused: bool = False
    expected_on: date | None = None
    clocks: tuple[Clock, ...] = ()
    delays: tuple[Delay, ...] = ()
    contact_due_at: datetime | None = None
    confirm_due_at: datetime | None = None
    due_at: datetime | None = None
    due_without_delay_at: datetime | None = None
    breach_at: datetime | None = None
    breaches: int = 0
    next_clock_at: datetime | None = None
    version: int = 1
