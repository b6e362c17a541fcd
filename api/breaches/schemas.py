"""Breaches as told to the outside."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from api.breaches.decisions import BreachKind, Risk, Step
from api.schema import Document, Input, Time

Code = Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]


class Breach(Document):
    """A breach in a list."""

    number: int
    title: str
    kind: BreachKind
    discovered_at: Time
    report_due_at: Annotated[Time, Field(description="72 hours after its discovery.")]
    registered_at: Time
    people: int | None
    risk: Risk
    municipalities: int
    settled: Annotated[bool, Field(description="All have reported it, or decided not to.")]
    closed_at: Time | None


class BreachMunicipality(Document):
    """How far one municipality is."""

    municipality_code: str
    municipality: str
    told_at: Time
    told_whom: int
    report: str | None
    report_reason: str | None
    report_decided_by: str | None
    report_decided_at: Time | None
    reported_at: Time | None
    report_reference: str | None
    tell: str | None
    tell_reason: str | None
    tell_decided_by: str | None
    tell_decided_at: Time | None
    clients_told_at: Time | None
    closed_at: Time | None
    possible: list[Step]


class BreachEvent(Document):
    """An entry of its log."""

    number: int
    municipality_code: str | None
    at: Time
    actor: str
    kind: str
    detail: dict[str, Any]


class BreachDetail(Document):
    """A breach with what each municipality decided, as far as it is for who asks."""

    number: int
    title: str
    description: str
    kind: BreachKind
    began_at: Time | None
    discovered_at: Time
    report_due_at: Time
    registered_at: Time
    registered_by: str
    people: int | None
    data: list[str]
    measures: str
    risk: Risk
    risk_reason: str
    closed_at: Time | None
    version: int
    municipalities: list[BreachMunicipality]
    events: list[BreachEvent]


class Breaches(Document):
    """Breaches, the open ones first."""

    items: list[Breach]


class NewBreach(Input):
    """A breach that was found. Its municipalities are told at once."""

    title: Annotated[str, Field(min_length=3, max_length=200)]
    description: Annotated[str, Field(min_length=3, max_length=8_000)]
    kind: BreachKind
    municipalities: Annotated[list[Code], Field(min_length=1, max_length=50)]
    began_at: AwareDatetime | None = None
    discovered_at: Annotated[
        AwareDatetime | None, Field(description="When it was found; now, if absent.")
    ] = None
    people: Annotated[int | None, Field(ge=0, le=10_000_000, description="About how many.")] = None
    data: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100)]],
        Field(max_length=30, description="Which kinds of data.", default_factory=list),
    ]
    measures: Annotated[str, Field(max_length=8_000)] = ""


class BreachStep(Input):
    """Something that happens to a breach. Every decision needs `text`: why."""

    version: Annotated[int, Field(ge=1, description="The version on which it rests.")]
    do: Step
    text: Annotated[str, Field(min_length=1, max_length=8_000)]
    risk: Annotated[Risk | None, Field(description="Of `assess`.")] = None
    people: Annotated[int | None, Field(ge=0, le=10_000_000, description="Of `assess`.")] = None
    yes: Annotated[
        bool | None, Field(description="Of `decide_report` and `decide_tell`: whether.")
    ] = None
    happened_at: Annotated[
        AwareDatetime | None,
        Field(description="Of `reported` and `clients_told`: when; now, if absent."),
    ] = None
