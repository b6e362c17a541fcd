"""Requests of clients about their data, as told to the outside."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from api.schema import Document, Input, Time
from api.subjects.decisions import Decision, Kind, Step, Via

_Text = Annotated[str, Field(max_length=4_000)]


class SubjectRequest(Document):
    """A request, as it stands."""

    number: int
    municipality_code: str
    client_number: str
    kind: Kind
    received_at: Time
    due_at: Annotated[Time, Field(description="A month after its receipt; three, if extended.")]
    extended: bool
    identified_at: Time | None
    decision: Decision | None
    done_at: Time | None
    answered_at: Time | None


class SubjectEvent(Document):
    """An entry of its log."""

    number: int
    at: Time
    actor: str
    kind: str
    detail: dict[str, Any]


class SubjectRequestDetail(SubjectRequest):
    """A request with its log, and what can be done with it now."""

    via: Via
    text: str
    registered_at: Time
    decided_at: Time | None
    restricted: Annotated[bool, Field(description="The client's data may not be used.")]
    version: int
    possible: list[Step]
    gathers: Annotated[bool, Field(description="Whether `…/package` can be had now.")]
    events: list[SubjectEvent]


class SubjectRequests(Document):
    """Requests: the open ones first, by when they are due."""

    items: list[SubjectRequest]


class NewSubjectRequest(Input):
    """A request that came."""

    client_number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,32}$")]
    kind: Kind
    via: Via
    text: _Text = ""
    received_at: Annotated[
        AwareDatetime | None, Field(description="When it came; now, if absent.")
    ] = None


class SubjectStep(Input):
    """Something that happens to a request.

    `identify` needs `text`: how it was made sure who asks. `extend` and `decide` need `text`: why.
    `answer` needs `text`: how the client was told. `rectify` needs `text`: what was corrected.
    """

    version: Annotated[int, Field(ge=1, description="The version on which it rests.")]
    do: Step
    text: _Text = ""
    decision: Annotated[Decision | None, Field(description="Of `decide`.")] = None
