"""Takeovers: how far each is, what is left, and what inspections found."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, NamedTuple

from psycopg import errors
from pydantic import Field

from api.logbook.schemas import Day, Text
from api.multipart import Sent
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, row, rows
from api.schema import Input
from api.takeover.progress import Progress, progress
from diagnostics.deliveries.telling import News, tell
from diagnostics.queries import load
from diagnostics.tickets import attachments
from diagnostics.tickets.calendar import dutch_day
from gateway.protocol.topics import DEVICE_NAME_PATTERN

QUERIES = load("api.takeover")
COLUMNS: Final = ("name", "number", "kind", "maker", "model", "client_number", "seen_on", "missing")


class NewInspection(Input):
    """That an aid was seen (*fysieke inspectie*), and what was found."""

    device: Annotated[str, Field(pattern=DEVICE_NAME_PATTERN, max_length=32)]
    inspected_on: Day
    ticket: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None
    overdue: bool = Field(default=False, description="*Achterstallig onderhoud* was found.")
    report: Text = ""
    advice: Text = ""


class NewTakeover(Input):
    """That a park is taken over. ``mail``: of the municipality, for what inspections find."""

    municipality: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]
    contractor: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
    starts_on: Day
    mail: Annotated[str, Field(max_length=120, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None


class Takeover(NamedTuple):
    """One takeover. ``aids``: those that are not done first."""

    head: Row
    aids: Sequence[Row]
    inspected: Progress
    complete: Progress
    overdue: Sequence[Row]

    @property
    def left(self) -> list[Row]:
        """The aids that were not seen yet, or whose logbook lacks something."""
        return [each for each in self.aids if each["seen_on"] is None or each["missing"]]


async def takeovers(connection: Connection) -> Sequence[Row]:
    """Return all takeovers, newest first."""
    return await rows(connection, QUERIES["takeovers"], {"number": None})


async def takeover(connection: Connection, number: int, *, now: datetime) -> Takeover:
    """Return how far a takeover is.

    Raises:
        NotFoundError: there is none.
    """
    head = await row(connection, QUERIES["takeovers"], {"number": number})
    if head is None:
        raise NotFoundError(f"There is no takeover {number}.")
    aids = await rows(connection, QUERIES["aids"], {"number": number})
    today = dutch_day(now)
    starts_on: date = head["starts_on"]
    # A logbook is complete in the administration once the aid was seen and nothing is missing.
    complete = [None if each["missing"] else each["seen_on"] for each in aids]
    return Takeover(
        head,
        aids,
        progress([each["seen_on"] for each in aids], starts_on, head["inspect_by"], today),
        progress(complete, starts_on, head["complete_by"], today),
        await rows(connection, QUERIES["overdue"], {"number": number}),
    )


async def lists(connection: Connection, number: int) -> Sequence[Row]:
    """Return the lists that were read in last, with what was wrong."""
    return await rows(connection, QUERIES["lists"], {"number": number})


async def start(connection: Connection, wanted: NewTakeover, *, actor: str, now: datetime) -> int:
    """Begin a takeover and return its number.

    Raises:
        InvalidInputError: there is no such municipality, or it was begun before.
    """
    if await row(connection, QUERIES["municipality"], {"code": wanted.municipality}) is None:
        raise InvalidInputError("body", "/municipality", "is no municipality")
    asked = wanted.model_dump(by_alias=False) | {"code": wanted.municipality}
    try:
        added = await row(connection, QUERIES["start"], asked | {"now": now, "actor": actor})
    except errors.UniqueViolation as error:
        raise InvalidInputError("body", "/contractor", "was begun before") from error
    assert added is not None  # noqa: S101 - an insert returns its row
    return int(added["takeover_id"])


async def lists_to_come(connection: Connection, number: int) -> dict[str, Sequence[Row]]:
    """Return the lists that wait to be read in, and mappings to choose from."""
    asked = {"number": number}
    return {
        "uploads": await rows(connection, QUERIES["uploads"], asked),
        "mappings": await rows(connection, QUERIES["mappings"], asked),
    }


async def upload(connection: Connection, number: int, which: int) -> Row:
    """Return a list that waits: what it would do.

    Raises:
        NotFoundError: there is none.
    """
    found = await row(connection, QUERIES["upload"], {"number": number, "upload": which})
    if found is None:
        raise NotFoundError(f"There is no list {which} that waits.")
    return found


async def rejected(connection: Connection, number: int, which: int) -> bytes:
    """Return the rows of a list that cannot be read in, as an Excel file.

    Raises:
        NotFoundError: there are none.
    """
    found = await row(connection, QUERIES["rejected"], {"number": number, "upload": which})
    if found is None:
        raise NotFoundError(f"Nothing of list {which} is left out.")
    return bytes(found["rejected"])


async def drop_upload(connection: Connection, number: int, which: int) -> None:
    """Throw a list away that waits.

    Raises:
        NotFoundError: there is none.
    """
    if await row(connection, QUERIES["drop_upload"], {"number": number, "upload": which}) is None:
        raise NotFoundError(f"There is no list {which} that waits.")


async def to_inspect(connection: Connection, device: str) -> bool:
    """Tell whether an aid is of a takeover and was not inspected for it yet."""
    found = await row(connection, QUERIES["to_inspect"], {"device": device})
    return found is not None


async def inspection(connection: Connection, number: int) -> tuple[Row, Sequence[Row]]:
    """Return an inspection and its photographs: of its visit, and those that were sent with it.

    Raises:
        NotFoundError: there is none.
    """
    found = await row(connection, QUERIES["inspection"], {"number": number})
    if found is None:
        raise NotFoundError(f"There is no inspection {number}.")
    asked = {"number": number, "ticket": found["ticket_id"]}
    return found, await rows(connection, QUERIES["photos"], asked)


async def photo(connection: Connection, inspection: int, number: int) -> Row:
    """Return a photograph that was sent with an inspection: name, media_type and content.

    Raises:
        NotFoundError: there is none.
    """
    asked = {"number": inspection, "file": number}
    found = await row(connection, QUERIES["photo"], asked)
    if found is None:
        raise NotFoundError(f"Inspection {inspection} has no photo {number}.")
    return found


async def inspect(
    connection: Connection,
    wanted: NewInspection,
    photos: Sequence[Sent] = (),
    *,
    actor: str,
    now: datetime,
) -> int:
    """Write down an inspection; overdue maintenance is reported to the municipality (Z 84).

    Raises:
        InvalidInputError: there is no such aid or visit, or a report lacks something.
    """
    said = wanted.model_dump(by_alias=False)
    aid = await row(connection, QUERIES["aid_of"], said)
    if aid is None or aid["takeover_id"] is None:
        raise InvalidInputError("body", "/device", "is no aid of a takeover")
    if not aid["visited"]:
        raise InvalidInputError("body", "/ticket", "is no visit to this aid")
    if wanted.inspected_on > dutch_day(now):
        raise InvalidInputError("body", "/inspectedOn", "must not be in the future")
    if wanted.overdue:
        if not wanted.report or not wanted.advice:
            raise InvalidInputError("body", "/report", "overdue: with a report and an advice")
        of_visit = wanted.ticket and await rows(
            connection, QUERIES["photos"], {"number": None, "ticket": wanted.ticket}
        )
        if not photos and not of_visit:
            raise InvalidInputError("body", "/ticket", "overdue: a visit with photographs")
    added = await row(connection, QUERIES["inspect"], said | aid | {"actor": actor, "now": now})
    assert added is not None  # noqa: S101 - an insert returns its row
    number = int(added["inspection_id"])
    await add_photos(connection, number, photos, actor=actor, now=now)
    if wanted.overdue:
        title = f"Achterstallig onderhoud gevonden: {wanted.device}"
        news = News(
            municipality_code=aid["municipality_code"],
            kind="overdue_maintenance",
            key=f"inspection-{number}",
            title=title,
            text=f"{title}. Het verslag met foto's en advies staat in het portaal.",
            path=f"/portal/inspections/{number}",
            number=number,
            mail=aid["mail"],
        )
        await tell(connection, news, now)
    return number


async def add_photos(
    connection: Connection, inspection: int, photos: Sequence[Sent], *, actor: str, now: datetime
) -> None:
    """Keep photographs with an inspection; the same one is kept once.

    Raises:
        InvalidInputError: one is no photograph, is too large, or there are too many.
    """
    for each in photos:
        try:
            attachments.check(each.name[-200:], each.media_type, each.content)
        except attachments.BadAttachment as error:
            raise InvalidInputError("body", "/photos", f"{each.name}: {error}") from error
        if not each.media_type.startswith("image/"):
            raise InvalidInputError("body", "/photos", f"{each.name}: is no photograph")
        asked = {
            "number": inspection,
            "name": each.name[-200:],
            "media_type": each.media_type,
            "sha256": hashlib.sha256(each.content).digest(),
            "bytes": len(each.content),
            "content": each.content,
            "now": now,
            "actor": actor,
        }
        await connection.execute(QUERIES["add_photo"], asked)
