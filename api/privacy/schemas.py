"""Terms, the catalogue and looks as told to the outside."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from api.schema import Document, Input, Time


class Removal(Document):
    """What was last removed of a kind."""

    at: Time
    until: Annotated[Time, Field(description="What was older went.")]
    removed: Annotated[int, Field(description="Rows, cases or chunks.")]
    held: Annotated[int, Field(description="What would have gone, and is needed still.")]
    altogether: int


class RetentionKind(Document):
    """One kind of data; texts are Dutch."""

    name: str
    what: str
    term: str | None
    term_text: str
    why: str
    basis: str
    tables: list[str]
    last: Removal | None


class Hold(Document):
    """What stays whatever its term says."""

    number: int
    municipality_code: str
    device: str | None
    client_number: str | None
    reason: str
    from_at: Time
    placed_at: Time
    placed_by: str


class Retention(Document):
    """How long each kind of data is kept."""

    items: list[RetentionKind]
    holds: list[Hold]


class NewHold(Input):
    """Something to be held: a client, or an aid."""

    subject: Annotated[
        str,
        Field(pattern=r"^[A-Za-z0-9-]{3,32}$", description="A client's number, or an aid's name."),
    ]
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    from_at: Annotated[
        AwareDatetime | None, Field(description="Measurements from then on; all, if absent.")
    ] = None


class CatalogueField(Document):
    """A column. `class`: personal, pseudonymous or none."""

    name: str
    what: str
    class_: Annotated[str, Field(serialization_alias="class")]


class CatalogueTable(Document):
    """A table; texts are Dutch."""

    name: str
    purpose: str
    basis: str
    kept: Annotated[str, Field(description="Name of the kind in `/privacy/retention`.")]
    term: str
    fields: list[CatalogueField]


class Catalogue(Document):
    """What every table and column is for."""

    items: list[CatalogueTable]


class DataAttribute(Document):
    """One thing that a device tells."""

    name: str
    what: str
    type: str
    unit: str
    optional: bool


class DataProduct(Document):
    """One kind of message of a device (Data Act, article 3); texts are Dutch."""

    kind: str
    about: str
    frequency: str
    message_bytes: int
    day_bytes: int
    on_device: str
    table: str
    kept: str
    access: str
    attributes: list[DataAttribute]


class DataProducts(Document):
    """All that a device tells."""

    items: list[DataProduct]


class LookEntry(Document):
    """Somebody looked at what is about a client."""

    id: int
    at: Time
    login: str
    name: str
    role: str
    client_number: str | None
    ticket: int | None
    reason: str


class UnusualLook(Document):
    """Where to ask, not what to conclude."""

    what: str
    who: Annotated[str, Field(description="A login; of many people at one client, the client.")]
    day: date
    count: int
    usual: float | None


class LookPage(Document):
    """Who looked at whom, newest first, and what is unusual in it."""

    items: list[LookEntry]
    unusual: list[UnusualLook]
    next_cursor: str | None
