"""What can be asked of a ticket: one frozen value each, and who asks it. Pure.

``service.carry_out`` does them all. Tagged, so that a phone without a line can keep them as JSON.
"""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.tickets.entries import DelayReason
from diagnostics.tickets.model import Outcome, ReleaseHow

# How far a phone's clock may be ahead of ours; what it says is then taken as now.
AHEAD_AT_MOST: Final = timedelta(minutes=5)
# Written down later than this, it is no report of the day any more but a story.
BACK_AT_MOST: Final = timedelta(days=31)


class By(Struct, frozen=True, kw_only=True):
    """Who asks, and when.

    Attributes:
        actor: an account's login, or ``system:<part>``.
        now: the platform's time (aware).
        happened_at: when it was, if not now; a phone's clock may be a little ahead of ours.
        request_id: a UUID of whoever asks: the same request is carried out once.
    """

    actor: str
    now: datetime
    happened_at: datetime | None = None
    request_id: str | None = None

    def checked(self) -> "By":
        """Return it with a moment that is not in the future.

        Raises:
            ValueError: it cannot have happened then, or is too long ago.
        """
        if self.happened_at is None:
            return self
        if self.happened_at > self.now + AHEAD_AT_MOST:
            raise ValueError("what is written down has happened: not in the future")
        if self.happened_at < self.now - BACK_AT_MOST:
            raise ValueError(f"what happened more than {BACK_AT_MOST.days} days ago is a note")
        return replace(self, happened_at=None) if self.happened_at >= self.now else self


class Command(Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """Something to do with a ticket."""


class Acknowledge(Command, frozen=True, kw_only=True, tag="acknowledge"):
    """Take it on. The lift tells its rider that a person has answered."""


class Assign(Command, frozen=True, kw_only=True, tag="assign"):
    """Give it to an account (``account_id``); None: to nobody."""

    account: int | None


class UnderWay(Command, frozen=True, kw_only=True, tag="under_way"):
    """Somebody is going there, and expects to arrive then (None: does not know)."""

    arrives_at: datetime | None = None


class Arrive(Command, frozen=True, kw_only=True, tag="on_site"):
    """Somebody is with the client."""


class NobodyNear(Command, frozen=True, kw_only=True, tag="nobody_near"):
    """Nobody can be there in time."""

    text: str = ""


class Forget(Command, frozen=True, kw_only=True, tag="forgotten"):
    """Of escalation: it was taken on, and no more was heard. Nobody has it again."""


class Escalated(Command, frozen=True, kw_only=True, tag="escalated"):
    """Of escalation: who was called on; nobody, if ``people`` is empty."""

    step: str
    layer: str | None = None
    people: tuple[str, ...] = ()


class Note(Command, frozen=True, kw_only=True, tag="note"):
    """Something worth knowing, also afterwards."""

    text: str


class ConfirmRelease(Command, frozen=True, kw_only=True, tag="released"):
    """The rider is safe: the only thing that ends an emergency.

    If the aid works again its ticket is over too; else it stays, as a repair of priority 1.
    """

    how: ReleaseHow
    aid_works: bool
    note: str = ""


class Repair(Command, frozen=True, kw_only=True, tag="repaired"):
    """The aid works again, by the hands of ``by``: the ticket is over."""

    by: str
    note: str = ""


class Close(Command, frozen=True, kw_only=True, tag="close"):
    """It is over for another reason than a repair."""

    outcome: Outcome
    note: str = ""


class ChangePriority(Command, frozen=True, kw_only=True, tag="priority"):
    """The priority is another one; every term is reckoned anew from the report."""

    priority: int
    reason: str


class Appoint(Command, frozen=True, kw_only=True, tag="appoint"):
    """A visit is agreed with the client, in place of the one that was."""

    begin: datetime
    end: datetime


class AgreeLater(Command, frozen=True, kw_only=True, tag="agree_later"):
    """The client agreed that the repair may be done later; without evidence it does not count."""

    due_at: datetime
    evidence: str = ""


class Pause(Command, frozen=True, kw_only=True, tag="pause"):
    """Work waits. What it lacks (``delays.Verdict``) makes it count for nothing."""

    pause: str
    reason: DelayReason
    evidence: str = ""
    attributable: bool | None = None


class Resume(Command, frozen=True, kw_only=True, tag="resume"):
    """Work goes on."""

    pause: str
    evidence: str = ""
    attributable: bool | None = None


class UsePart(Command, frozen=True, kw_only=True, tag="part"):
    """A part was used, so many of it."""

    part: str
    number: int = 1


class Sign(Command, frozen=True, kw_only=True, tag="sign"):
    """The client confirms, by a signature (an attachment) or in words that somebody took down."""

    by: str
    statement: str = ""
    attachment: int | None = None


class OfferSwap(Command, frozen=True, kw_only=True, tag="offer_swap"):
    """Another aid of equal function is offered meanwhile, by its name if it is known yet."""

    device: str | None = None
    text: str = ""


class AnswerSwap(Command, frozen=True, kw_only=True, tag="answer_swap"):
    """The client takes the offered aid, or does not."""

    accepted: bool
    text: str = ""


class ReportCalamity(Command, frozen=True, kw_only=True, tag="calamity"):
    """A *calamiteit* (Wmo 2015, article 3.4) is reported."""

    text: str


AnyCommand = (
    Acknowledge
    | Assign
    | UnderWay
    | Arrive
    | NobodyNear
    | Forget
    | Escalated
    | Note
    | ConfirmRelease
    | Repair
    | Close
    | ChangePriority
    | Appoint
    | AgreeLater
    | Pause
    | Resume
    | UsePart
    | Sign
    | OfferSwap
    | AnswerSwap
    | ReportCalamity
)
