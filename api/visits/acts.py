"""What a mechanic tells of a visit: small enough to be kept on a phone, each for itself."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Base64Bytes, Field, TypeAdapter

from api.desk.rendering import ZONE
from api.misuse.schemas import Kind
from api.rota.schemas import WallTime
from api.schema import Input
from api.tickets.inputs import MaybeText, Short, Text
from diagnostics.tickets import commands
from diagnostics.tickets.commands import AnyCommand
from diagnostics.tickets.model import ReleaseHow


class _Act(Input):
    ticket: Annotated[int, Field(ge=1, le=2**63 - 1, description="Number of the ticket.")]
    request_id: Annotated[UUID, Field(description="The phone's: what is sent again is done once.")]
    happened_at: Annotated[
        AwareDatetime | None, Field(description="When it was, by the phone's clock; null: now.")
    ] = None


class VisitAccept(_Act):
    """I go there."""

    do: Literal["accept"]


class VisitUnderWay(_Act):
    """I am under way."""

    do: Literal["under_way"]
    minutes: Annotated[
        Annotated[int, Field(ge=0, le=1_440)] | Literal[""],
        Field(description="Until I arrive; empty: not known."),
    ] = ""


class VisitOnSite(_Act):
    """I am there."""

    do: Literal["on_site"]


class VisitSafe(_Act):
    """The person is safe: I have seen it."""

    do: Literal["safe"]
    aid_works: Annotated[bool, Field(description="Whether the aid works again.")]
    note: MaybeText = ""


class VisitDone(_Act):
    """It is repaired; of a visit of another sort: it is done."""

    do: Literal["done"]
    note: MaybeText = ""


class VisitPart(_Act):
    """I used a part."""

    do: Literal["part"]
    part: Short
    number: Annotated[int, Field(ge=1, le=1_000)] = 1


class VisitSign(_Act):
    """The client confirms: draws a signature, or says something."""

    do: Literal["sign"]
    by: Short
    statement: MaybeText = ""
    drawing: Annotated[
        Base64Bytes, Field(max_length=300_000, description="The signature, a PNG; or empty.")
    ] = b""


class VisitAppoint(_Act):
    """The next visit, as agreed with the client; by the clock on the wall."""

    do: Literal["appoint"]
    day: date
    begin: WallTime
    end: WallTime


class VisitNote(_Act):
    """Something worth knowing."""

    do: Literal["note"]
    text: Text


class VisitDefect(_Act):
    """A defect that I found: a repair of its own."""

    do: Literal["defect"]
    text: Text
    usable: Annotated[bool, Field(description="Whether the aid can still be used safely.")] = True


class VisitUse(_Act):
    """Something that I noticed about the use of the aid: a person at the desk weighs it."""

    do: Literal["use"]
    kind: Kind
    text: Text


class VisitInspect(_Act):
    """I inspected an aid of a takeover; the photos of the visit go with it."""

    do: Literal["inspect"]
    overdue: Annotated[bool, Field(description="*Achterstallig onderhoud* was found.")] = False
    report: MaybeText = ""
    advice: MaybeText = ""


Plain = VisitUnderWay | VisitOnSite | VisitSafe | VisitPart | VisitAppoint | VisitNote
AnyAct = Annotated[
    Plain | VisitAccept | VisitDone | VisitSign | VisitDefect | VisitUse | VisitInspect,
    Field(discriminator="do"),
]
ACT: TypeAdapter[Any] = TypeAdapter(AnyAct)


def command_of(act: Plain, at: datetime) -> AnyCommand:
    """Return what an act asks of its ticket, told at a moment."""
    match act:
        case VisitUnderWay():
            arrives_at = None if act.minutes == "" else at + timedelta(minutes=act.minutes)
            return commands.UnderWay(arrives_at=arrives_at)
        case VisitOnSite():
            return commands.Arrive()
        case VisitSafe():
            return commands.ConfirmRelease(
                how=ReleaseHow.MECHANIC_ON_SITE, aid_works=act.aid_works, note=act.note
            )
        case VisitPart():
            return commands.UsePart(part=act.part, number=act.number)
        case VisitAppoint():
            begin, end = (
                datetime.combine(act.day, clock.replace(tzinfo=None), ZONE)
                for clock in (act.begin, act.end)
            )
            return commands.Appoint(begin=begin, end=end)
        case VisitNote():
            return commands.Note(text=act.text)
