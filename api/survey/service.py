"""Invitations, answers and figures of the survey."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from psycopg.errors import ForeignKeyViolation

from api.accounts.sessions import digest, new_token
from api.problems import InvalidInputError
from api.queries import Connection, Row, row, rows
from api.survey.schemas import (
    Answers,
    Invitation,
    NewInvitation,
    PaperAnswers,
    SurveyFigures,
    SurveyMonth,
)
from diagnostics.queries import load
from diagnostics.tickets.calendar import dutch_day

QUERIES = load("api.survey")
LASTS: Final = timedelta(days=42)


async def invite(
    connection: Connection, asked: NewInvitation, *, actor: str, now: datetime
) -> Invitation:
    """Return a personal link for a client.

    Raises:
        InvalidInputError: there is no such client.
    """
    token, expires_at = new_token(), now + LASTS
    wanted = asked.model_dump(by_alias=False, mode="json") | {
        "token_hash": digest(token),
        "now": now,
        "expires_at": expires_at,
        "actor": actor,
    }
    try:
        async with connection.transaction():
            added = await row(connection, QUERIES["invite"], wanted)
    except ForeignKeyViolation as error:
        raise InvalidInputError("body", "/", "names a ticket or an order not known here") from error
    if added is None:
        raise InvalidInputError("body", "/clientNumber", "is not known here")
    return Invitation(path=f"/survey/{token}", expires_at=expires_at)


async def invitation(connection: Connection, token: str, now: datetime) -> Row | None:
    """Return what a link is about; None: it cannot be answered, or not any more."""
    asked = {"token_hash": digest(token), "now": now}
    return await row(connection, QUERIES["invitation"], asked)


async def answer(
    connection: Connection, token: str, said: Answers, *, in_file: bool, now: datetime
) -> bool:
    """Keep an answer by link; False if the link cannot be answered any more.

    ``in_file``: whether the client wants the answer in the file of the municipality.
    """
    used = await row(connection, QUERIES["use"], {"token_hash": digest(token), "now": now})
    if used is None:
        return False
    about: dict[str, Any] = {
        "municipality": used["municipality_code"],
        "occasion": used["occasion"],
        "aid_kind": used["aid_kind"],
        "client_id": used["client_id"] if in_file else None,
        "answered_on": dutch_day(now),
        "via": "link",
        "entered_by": None,
    }
    await connection.execute(QUERIES["answer"], said.model_dump(by_alias=False) | about)
    return True


async def enter(
    connection: Connection, said: PaperAnswers, *, actor: str, now: datetime
) -> SurveyFigures:
    """Enter an answer from paper; return the municipality's figures.

    Raises:
        InvalidInputError: the client is not of that municipality, or the day is to come.
    """
    if said.answered_on > dutch_day(now):
        raise InvalidInputError("body", "/answeredOn", "must not be in the future")
    client_id = None
    fields = said.model_dump(by_alias=False, mode="json")
    if said.client_number is not None:
        client = await row(connection, QUERIES["client"], fields)
        if client is None:
            raise InvalidInputError("body", "/clientNumber", "is not known in that municipality")
        client_id = client["client_id"]
    about = {"client_id": client_id, "via": "paper", "entered_by": actor}
    await connection.execute(QUERIES["answer"], fields | about)
    return await figures(connection, said.municipality, since=said.answered_on.replace(day=1))


async def figures(
    connection: Connection, municipality: str | None, *, since: date
) -> SurveyFigures:
    """Return what was answered, by month."""
    asked = {"municipality": municipality, "since": since}
    found = await rows(connection, QUERIES["figures"], asked)
    return SurveyFigures(items=[SurveyMonth.model_validate(each) for each in found])
