"""What a phone sends when there is a line, and what it hears."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from api.schema import Document, Input, Time
from api.visits.acts import AnyAct
from api.visits.errors import Why

MOST = 50


class Batch(Input):
    """What was told while there was no line, in the order of the phone."""

    login: Annotated[
        str, Field(min_length=1, max_length=64, description="Whose it is: who told it.")
    ]
    sent_at: Annotated[
        AwareDatetime | None,
        Field(description="Now by the phone's clock, which may be wrong; null: it is right."),
    ] = None
    items: Annotated[
        list[Annotated[AnyAct | dict[str, Any], Field(union_mode="left_to_right")]],
        Field(
            min_length=1,
            max_length=MOST,
            description="What cannot be read is refused by itself; the others are not held up.",
        ),
    ]


class SyncState(StrEnum):
    """What became of it. ``later``: nothing yet, send it again."""

    DONE = "done"
    REFUSED = "refused"
    LATER = "later"


class Answer(Document):
    """What became of one item."""

    request_id: str | None
    state: SyncState
    why: Why | None = Field(default=None, description="Of what is refused: a word for it.")
    detail: str = ""
    happened_at: Time | None = Field(
        default=None, description="When it was, by the platform's clock."
    )
    ahead_s: float = Field(
        default=0, description="How far the phone's clock was ahead, as far as we know."
    )


class Answers(Document):
    """One for each item, in the same order."""

    now: Time
    items: list[Answer]
