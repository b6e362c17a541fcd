"""Takeovers: how far each is, what is left, and what inspections found."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from api.logbook.schemas import Day, Text
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, row, rows
from api.schema import Input
from api.takeover.progress import Progress, progress
from diagnostics.deliveries.telling import News, tell
from diagnostics.queries import load
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


async def inspection(connection: Connection, number: int) -> tuple[Row, Sequence[Row]]:
    """Return an inspection and the photographs of its visit.

    Raises:
        NotFoundError: there is none.
    """
    found = await row(connection, QUERIES["inspection"], {"number": number})
    if found is None:
        raise NotFoundError(f"There is no inspection {number}.")
    return found, await rows(connection, QUERIES["photos"], {"ticket": found["ticket_id"]})


async def inspect(
    connection: Connection, wanted: NewInspection, *, actor: str, now: datetime
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
        if wanted.ticket is None or not await rows(connection, QUERIES["photos"], said):
            raise InvalidInputError("body", "/ticket", "overdue: a visit with photographs")
    added = await row(connection, QUERIES["inspect"], said | aid | {"actor": actor, "now": now})
    assert added is not None  # noqa: S101 - an insert returns its row
    number = int(added["inspection_id"])
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
