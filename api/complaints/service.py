"""Complaints: registered, taken up, handled; and the letters that tell the outcome."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from psycopg.errors import ForeignKeyViolation

from api.complaints.schemas import (
    ComplaintDetail,
    ComplaintFigures,
    ComplaintItem,
    ComplaintMonth,
    ComplaintPage,
    Handling,
    NewComplaint,
    TakeUp,
)
from api.pagination import encode
from api.problems import InvalidInputError, NotFoundError, ProblemError
from api.queries import Connection, row, rows
from diagnostics.complaints import clockwork, letters
from diagnostics.complaints.due import due_of
from diagnostics.deliveries import repository as deliveries
from diagnostics.deliveries.telling import News, tell
from diagnostics.queries import load
from diagnostics.tickets.calendar import dutch_day

QUERIES = load("api.complaints")
_LANGUAGE = "nl"


class ComplaintConflictError(ProblemError):
    """It is further than whoever decides thinks."""

    status = HTTPStatus.CONFLICT


async def register(
    connection: Connection, asked: NewComplaint, *, actor: str, now: datetime
) -> int:
    """Register a complaint and return its number; sent again with its request it is the same one.

    Raises:
        InvalidInputError: the client or the aid is not known here, or it lies in the future.
    """
    request_id = None if asked.request_id is None else str(asked.request_id)
    if request_id is not None:
        known = await row(connection, QUERIES["find_registered"], {"request_id": request_id})
        if known is not None:
            return int(known["complaint_id"])
    client = await row(connection, QUERIES["client"], {"client_number": asked.client_number})
    if client is None:
        raise InvalidInputError("body", "/clientNumber", "is not known here")
    device_id = None
    if asked.device is not None:
        device = await row(connection, QUERIES["device"], {"device": asked.device})
        if device is None:
            raise InvalidInputError("body", "/device", "is not known here")
        device_id = device["device_id"]
    received_at = asked.received_at or now
    if received_at > now:
        raise InvalidInputError("body", "/receivedAt", "must not be in the future")
    terms = await clockwork.terms_of(connection, client["municipality_code"], received_at)
    due = due_of(received_at, terms)
    wanted = (
        asked.model_dump(by_alias=False, mode="json")
        | client
        | {
            "device_id": device_id,
            "received_at": received_at,
            "now": now,
            "take_up_due_at": due.taken_up,
            "handle_due_at": due.handled,
        }
    )
    try:
        async with connection.transaction():
            added = await row(connection, QUERIES["insert"], wanted)
    except ForeignKeyViolation as error:
        raise InvalidInputError("body", "/", "names a ticket or an order not known here") from error
    assert added is not None  # noqa: S101 - an insert returns its row
    number: int = added["complaint_id"]
    detail = {"nature": asked.nature.value, "via": asked.via.value}
    await clockwork.write(
        connection, number, "received", detail, actor=actor, at=now, happened_at=received_at
    )
    await _tell(connection, client["municipality_code"], "received", number, now)
    await clockwork.look(connection, number, now)
    return number


async def take_up(
    connection: Connection, number: int, asked: TakeUp, *, actor: str, now: datetime
) -> None:
    """Somebody looks into it.

    Raises:
        NotFoundError: there is none.
        ComplaintConflictError: it was taken up before, or changed.
        InvalidInputError: that would be in the future, or before it became known.
    """
    stands = await detail(connection, number)
    at = asked.happened_at or now
    if not stands.received_at <= at <= now:
        raise InvalidInputError("body", "/happenedAt", "lies between when it became known and now")
    wanted = {"number": number, "at": at, "version": asked.version}
    if await row(connection, QUERIES["take_up"], wanted) is None:
        raise ComplaintConflictError("It was taken up already, or somebody else changed it.")
    said = {"note": asked.note} if asked.note else {}
    await clockwork.write(
        connection, number, "taken_up", said, actor=actor, at=now, happened_at=asked.happened_at
    )
    await clockwork.look(connection, number, now)


async def handle(
    connection: Connection, number: int, asked: Handling, *, actor: str, now: datetime
) -> None:
    """End a complaint, and write the outcome to client and municipality.

    Raises:
        NotFoundError: there is none.
        ComplaintConflictError: it was handled before, or changed.
    """
    await detail(connection, number)
    wanted = asked.model_dump(by_alias=False, mode="json") | {"number": number, "now": now}
    handled = await row(connection, QUERIES["handle"], wanted)
    if handled is None:
        raise ComplaintConflictError("It was handled already, or somebody else changed it.")
    said: dict[str, Any] = {"outcome": asked.outcome.value}
    await clockwork.write(connection, number, "handled", said, actor=actor, at=now)
    text = letters.outcome(
        received_on=dutch_day(handled["received_at"]),
        outcome_=asked.outcome.value,
        text=asked.text,
        measures=asked.measures,
        language=_LANGUAGE,
    )
    for addressee in ("client", "municipality"):
        await deliveries.one(
            connection,
            "insert_letter",
            {
                "municipality_code": handled["municipality_code"],
                "client_id": handled["client_id"],
                "addressee": addressee,
                "mail": None,
                "about": "complaint_outcome",
                "commission_id": None,
                "complaint_id": number,
                "language": _LANGUAGE,
                "subject": text.subject,
                "body": text.body,
                "dedup_key": f"complaint-{number}-{addressee}",
                "now": now,
                "actor": actor,
            },
        )
    await _tell(connection, handled["municipality_code"], "handled", number, now)
    await clockwork.look(connection, number, now)


async def _tell(connection: Connection, code: str, what: str, number: int, now: datetime) -> None:
    title = {"received": "Klacht {} is geregistreerd", "handled": "Klacht {} is afgehandeld"}[what]
    await tell(
        connection,
        News(
            municipality_code=code,
            kind=f"complaint_{what}",
            key=f"complaint-{number}-{what}",
            title=title.format(number),
            text="",
            path=f"/portal/complaints/{number}",
            number=number,
        ),
        now,
    )


async def page(
    connection: Connection, *, before: int | None, limit: int, **filters: Any
) -> ComplaintPage:
    """Return complaints, newest first."""
    asked = filters | {"before": before, "limit": limit + 1}
    found = await rows(connection, QUERIES["page"], asked)
    items = [ComplaintItem.model_validate(each) for each in found[:limit]]
    more = len(found) > limit
    return ComplaintPage(items=items, next_cursor=encode(items[-1].number) if more else None)


async def detail(connection: Connection, number: int) -> ComplaintDetail:
    """Return a complaint with its log.

    Raises:
        NotFoundError: there is none.
    """
    asked = {"number": number}
    found = await row(connection, QUERIES["one"], asked)
    if found is None:
        raise NotFoundError(f"There is no complaint {number}.")
    return ComplaintDetail.model_validate(
        found
        | {
            "events": await rows(connection, QUERIES["events"], asked),
            "letters": [
                each["letter_id"] for each in await rows(connection, QUERIES["letters"], asked)
            ],
        }
    )


async def figures(
    connection: Connection, municipality: str | None, *, since: datetime, now: datetime
) -> ComplaintFigures:
    """Return what complaints came to, by month."""
    asked = {"municipality": municipality, "since": since, "now": now}
    found = await rows(connection, QUERIES["figures"], asked)
    return ComplaintFigures(items=[ComplaintMonth.model_validate(each) for each in found])
