"""What people send about a ticket, and the command that it stands for."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.schema import Input
from api.tickets.schemas import DelayReason, Outcome, Source, TicketKind
from diagnostics.tickets import commands
from diagnostics.tickets.commands import AnyCommand
from diagnostics.tickets.entries import DelayReason as Why
from diagnostics.tickets.model import Outcome as Ended

Text = Annotated[str, Field(min_length=1, max_length=4_000)]
MaybeText = Annotated[str, Field(max_length=4_000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Evidence = Annotated[
    str,
    Field(max_length=4_000, description="Where it is shown: a call, a letter, a photo."),
]


class Told(Input):
    """What somebody tells, and when it was."""

    happened_at: Annotated[
        AwareDatetime | None,
        Field(description="When it was, if it is written down afterwards; null: now."),
    ] = None
    request_id: Annotated[
        UUID | None, Field(description="Yours: what is sent again with it is done once.")
    ] = None


class Act(Told):
    """Something done with a ticket."""

    version: Annotated[
        int | None,
        Field(ge=1, description="The version on which it rests; null: it is so, whatever else."),
    ] = None

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        raise NotImplementedError


class Assign(Act):
    """Somebody gets it, or nobody."""

    account: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="Number of the account.")]

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.Assign(account=self.account)


class UnderWay(Act):
    """Somebody is going there."""

    arrives_at: Annotated[
        AwareDatetime | None, Field(description="When they expect to arrive; null: not known.")
    ] = None

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.UnderWay(arrives_at=self.arrives_at)


class OnSite(Act):
    """Somebody is there."""

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.Arrive()


class NobodyNear(Act):
    """Nobody can be there in time."""

    text: MaybeText = ""

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.NobodyNear(text=self.text)


class Close(Act):
    """It is over, without a repair."""

    outcome: Outcome
    note: MaybeText = ""

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.Close(outcome=Ended(self.outcome.value), note=self.note)


class ChangePriority(Act):
    """Another priority, and why."""

    priority: Annotated[int, Field(ge=1, le=3)]
    reason: Text

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.ChangePriority(priority=self.priority, reason=self.reason)


class Appointment(Act):
    """The window in which somebody comes, as agreed with the client."""

    begin: AwareDatetime
    end: AwareDatetime

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.Appoint(begin=self.begin, end=self.end)


class AgreeLater(Act):
    """The client agrees to a later repair."""

    due_at: AwareDatetime
    evidence: Evidence = ""

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.AgreeLater(due_at=self.due_at, evidence=self.evidence)


class Resume(Act):
    """Work goes on."""

    pause: Short
    evidence: Evidence = ""
    attributable: Annotated[
        bool | None, Field(description="Whether the contractor answers for it; null: not said.")
    ] = None

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.Resume(
            pause=self.pause, evidence=self.evidence, attributable=self.attributable
        )


class Pause(Resume):
    """Work waits."""

    reason: DelayReason

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.Pause(
            pause=self.pause,
            reason=Why(self.reason.value),
            evidence=self.evidence,
            attributable=self.attributable,
        )


class UsePart(Act):
    """A part was used."""

    part: Short
    number: Annotated[int, Field(ge=1, le=1_000)] = 1

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.UsePart(part=self.part, number=self.number)


class Sign(Act):
    """The client confirms."""

    by: Short
    statement: MaybeText = ""
    attachment: Annotated[int | None, Field(ge=1, description="The picture of a signature.")] = None

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.Sign(by=self.by, statement=self.statement, attachment=self.attachment)


class OfferSwap(Act):
    """Another aid of equal function is offered."""

    device: Annotated[str | None, Field(max_length=32, description="Its name, if known.")] = None
    text: MaybeText = ""

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.OfferSwap(device=self.device, text=self.text)


class AnswerSwap(Act):
    """What the client says to that."""

    accepted: bool
    text: MaybeText = ""

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.AnswerSwap(accepted=self.accepted, text=self.text)


class Calamity(Act):
    """A calamity (Wmo 2015, article 3.4)."""

    text: Text

    def command(self) -> AnyCommand:
        """Return what is asked for."""
        return commands.ReportCalamity(text=self.text)


class Report(Told):
    """What somebody tells of an aid."""

    device: Annotated[str, Field(min_length=1, max_length=32, description="Name of the aid.")]
    kind: TicketKind
    source: Source
    text: Text
    caller: Annotated[
        str, Field(max_length=200, description="Who called, as far as needed to call back.")
    ] = ""
    usable: Annotated[
        bool | None,
        Field(description="Of a repair: whether the aid can still be used safely."),
    ] = None


class Defect(Told):
    """A defect that was found during a visit."""

    text: Text
    usable: Annotated[
        bool | None, Field(description="Whether the aid can still be used safely; null: it can.")
    ] = None


class Split(Told):
    """A defect that becomes a repair of its own."""

    version: Annotated[int | None, Field(ge=1)] = None
    text: Text
    usable: bool


class Other(Told):
    """Another ticket."""

    version: Annotated[int | None, Field(ge=1)] = None
    ticket: Annotated[int, Field(ge=1, le=2**63 - 1, description="Its number.")]
