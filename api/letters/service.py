"""Letters: listed, printed for whoever folds them, mailed, and marked as sent."""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from psycopg.types.json import Jsonb

from api.accounts.principal import Principal
from api.contacts import service as contacts
from api.documents.pdf import pdf
from api.letters import paper
from api.problems import NotFoundError, ProblemError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.letters")
A_PAGE = 50


class LetterGoneError(ProblemError):
    """It is sent already, or on its way."""

    status = HTTPStatus.CONFLICT


async def page(
    connection: Connection, *, sent: bool, municipality: str | None, start: int
) -> Sequence[Row]:
    """Return letters that wait, or were sent: one more than ``A_PAGE`` if there are more."""
    asked = {"municipality": municipality, "start": start, "limit": A_PAGE + 1}
    return await rows(connection, QUERIES["sent" if sent else "waiting"], asked)


async def about(
    connection: Connection,
    *,
    commission: int | None = None,
    complaint: int | None = None,
    client: str | None = None,
) -> Sequence[Row]:
    """Return the letters about an order or a complaint, or to a client."""
    asked = {"commission": commission, "complaint": complaint, "client": client, "limit": A_PAGE}
    return await rows(connection, QUERIES["about"], asked)


async def one(connection: Connection, number: int) -> Row:
    """Return a letter.

    Raises:
        NotFoundError: there is none.
    """
    found = await row(connection, QUERIES["one"], {"number": number})
    if found is None:
        raise NotFoundError(f"There is no letter {number}.")
    return found


async def printed(
    connection: Connection, who: Principal, number: int, now: datetime
) -> tuple[str, bytes]:
    """Return the name and content of a letter to be printed: with name and address of the client.

    Call it in a transaction that writes: the look at the address is on record. Nothing is kept.

    Raises:
        NotFoundError: there is no such letter.
    """
    letter = await one(connection, number)
    address: list[str] = []
    if letter["addressee"] == "client" and letter["client_number"]:
        contact = await contacts.contact_of(
            connection, who, letter["client_number"], "letter", now=now
        )
        if contact is not None:
            place = f"{contact.postcode} {contact.town}".strip()
            address = [each for each in (contact.name, contact.street, place) if each]
    return paper.file_name(letter), await _set(letter, address)


async def send(connection: Connection, number: int, *, actor: str, now: datetime) -> None:
    """Mark a letter as posted.

    Raises:
        NotFoundError: there is no such letter.
        LetterGoneError: it was sent before, or is on its way by mail.
    """
    await _require_here(connection, number)
    await connection.execute(QUERIES["send"], {"number": number, "actor": actor, "now": now})


async def mail(connection: Connection, number: int, address: str, *, now: datetime) -> None:
    """Mail a letter as PDF, with its text; it counts as sent when the mail server has taken it.

    Raises:
        NotFoundError: there is no such letter.
        LetterGoneError: it was sent before, or is on its way.
    """
    letter = await _require_here(connection, number)
    content = await _set(letter, ())
    of_client = letter["addressee"] == "client"
    payload: dict[str, Any] = {
        "kind": "letter",
        "letter": number,
        "title": letter["subject"],
        "text": letter["body"],
        "file": paper.file_name(letter),
    }
    if of_client:
        payload["forget"] = True
    asked = {"number": number, "address": address, "pdf": content, "now": now}
    asked |= {"payload": Jsonb(payload), "municipality": letter["municipality_code"]}
    await connection.execute(QUERIES["keep"], asked)
    await connection.execute(QUERIES["mail"], asked)
    await connection.execute(QUERIES["announce"])


async def last_address(connection: Connection, municipality: str, about: str) -> str:
    """Return where letters of this sort to a municipality went last; empty: nowhere yet."""
    asked = {"municipality": municipality, "about": about}
    found = await row(connection, QUERIES["addresses"], asked)
    return found["address"] if found else ""


async def _require_here(connection: Connection, number: int) -> Row:
    await connection.execute(QUERIES["lock"], {"number": number})
    letter = await one(connection, number)
    if letter["sent_at"] is not None or letter["under_way"]:
        raise LetterGoneError("The letter is sent already, or on its way.")
    return letter


async def _set(letter: Row, address: Sequence[str]) -> bytes:
    return await to_thread(pdf, paper.document(letter, address))
