"""The rota as told to the outside, and what people ask of it."""

from datetime import date, datetime, time
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema

from api.schema import Document, Input, Time
from diagnostics.escalation.rota import HANDOVER, Layer, Turn

_YEARS: Final = range(2000, 2101)
D = TypeVar("D", date, datetime)


def _near(day: D) -> D:
    """Refuse what nobody plans for; arithmetic with it would leave the calendar."""
    if day.year not in _YEARS:
        raise ValueError(f"the year must be from {_YEARS[0]} to {_YEARS[-1]}")
    return day


def _on_the_wall(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time on the wall in the Netherlands has no time zone")
    return at.replace(microsecond=0)


Day = Annotated[date, AfterValidator(_near)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
WallTime = Annotated[
    time,
    AfterValidator(_on_the_wall),
    WithJsonSchema({"type": "string", "format": "time-local", "examples": ["08:00:00"]}),
]
Login = Annotated[
    str,
    Field(min_length=2, max_length=64, pattern=r"^[^\x00]*$", description="Login of an account."),
]
Reason = Annotated[
    str,
    Field(max_length=200, pattern=r"^[^\x00]*$", description="For whoever looks at it later."),
]


class Person(Document):
    """Somebody who can be on call."""

    login: str
    name: str


class Shift(Document):
    """The same people on a layer for a while; nobody: a gap."""

    layer: Layer
    begin: Time
    end: Time
    people: list[Person]


class OnCall(Document):
    """Who is on call on a layer now."""

    layer: Layer
    people: list[Person]


class Schedule(Document):
    """Who is on call, and the plan of a stretch."""

    begin: Time
    end: Time
    on_call: list[OnCall] = Field(description="Now, whatever stretch was asked for.")
    shifts: list[Shift] = Field(description="By layer, in order of time, without holes.")
    gaps: list[Shift] = Field(description="When nobody is on call, in order of time.")


class Hours(Document):
    """A part of some days, on the wall in the Netherlands; it belongs to the day it begins on."""

    begin: WallTime
    end: WallTime = Field(description="On the next day unless it is after `begin`.")
    weekdays: list[int] = Field(
        default=[0, 1, 2, 3, 4, 5, 6], description="On which it begins; Monday is 0."
    )


class Rotation(Document):
    """People who take turns on a layer."""

    rotation_id: int = Field(alias="id")
    layer: Layer
    turn: Turn
    first_day: date
    handover: WallTime
    last_day: date | None
    hours: Hours | None
    people: list[Person]
    made_by: str
    made_at: Time


class Override(Document):
    """Somebody takes over for a while."""

    override_id: int = Field(alias="id")
    layer: Layer
    begin: Time
    end: Time
    person: Person | None = Field(description="Who takes over; null: nobody does.")
    instead_of: Person | None = Field(description="From whom; null: from everybody.")
    reason: str
    made_by: str
    made_at: Time


class RotationList(Document):
    """All rotations that have not ended."""

    items: list[Rotation]


class OverrideList(Document):
    """All overrides that have not ended, newest first."""

    items: list[Override]


class NewRotation(Input):
    """People who are to take turns."""

    layer: Layer
    turn: Turn = Turn.WEEK
    first_day: Day = Field(description="On which the first person's turn begins.")
    handover: WallTime = Field(default=HANDOVER, description="When turns change, on the wall.")
    last_day: Day | None = Field(default=None, description="At its handover the last turn ends.")
    hours: Hours | None = Field(default=None, description="Null: around the clock.")
    people: Annotated[list[Login], Field(min_length=1, max_length=50)]


class EndOfRotation(Input):
    """When a rotation ends."""

    last_day: Day = Field(description="At its handover the last turn ends.")


class NewOverride(Input):
    """Somebody takes over for a while."""

    layer: Layer
    begin: Moment
    end: Moment
    person: Login | None = Field(default=None, description="Who takes over; null: nobody does.")
    instead_of: Login | None = Field(default=None, description="From whom; null: from everybody.")
    reason: Reason = ""


class Turns(Input):
    """A stretch in which somebody is on call."""

    person: Login
    begin: Moment
    end: Moment


class Swap(Input):
    """Two people take each other's place, each for a stretch."""

    layer: Layer
    first: Turns
    second: Turns
    reason: Reason = ""


class Made(Document):
    """The numbers of what was made."""

    ids: list[int]
