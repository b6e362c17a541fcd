"""Looks at contacts, and writes them. The database keeps the record, and has the last word."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from psycopg import errors
from psycopg.types.json import Jsonb

from api.accounts.principal import NotAllowedError, Principal
from api.contacts.schemas import Contact, ContactInput
from api.problems import NotFoundError, ProblemError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.contacts")
_FIELDS = set(ContactInput.model_fields) - {"version", "reason"}


class ContactChangedError(ProblemError):
    """Somebody else changed it meanwhile."""

    status = HTTPStatus.CONFLICT


async def contact_of(
    connection: Connection,
    principal: Principal,
    client_number: str,
    reason: str,
    *,
    now: datetime,
    ticket_id: int | None = None,
) -> Contact | None:
    """Return a client's contact, None if nothing is known; the look is written down.

    Call it in a transaction that writes: without the record there is no contact.

    ``reason`` says why in a word or two, such as "emergency"; ``ticket_id`` for which ticket.

    Raises:
        NotFoundError: there is no such client.
        NotAllowedError: they may not see this client.
    """
    client = await _client(connection, client_number)
    asked = {
        "who": principal.account_id,
        "client_id": client["client_id"],
        "ticket_id": ticket_id,
        "reason": reason,
        "now": now,
    }
    try:
        found = await row(connection, QUERIES["look"], asked)
    except errors.InsufficientPrivilege as error:
        raise NotAllowedError("Your account may not see this client's contact.") from error
    return None if found is None else Contact.model_validate(client | found)


async def find(
    connection: Connection,
    principal: Principal,
    *,
    now: datetime,
    phone: str = "",
    postcode: str = "",
    name: str = "",
    most: int = 10,
) -> Sequence[Contact]:
    """Return the clients of a telephone number, a postcode, or a beginning of a name.

    Each is a look, and written down.

    Raises:
        NotAllowedError: they may not search.
    """
    asked = {"phone": phone, "postcode": postcode, "name": _literal(name), "most": most}
    try:
        found = await rows(
            connection, QUERIES["find"], asked | {"who": principal.account_id, "now": now}
        )
    except errors.InsufficientPrivilege as error:
        raise NotAllowedError("Your account may not search for clients.") from error
    return [Contact.model_validate(each) for each in found]


async def write(
    connection: Connection, principal: Principal, client_number: str, contact: ContactInput
) -> int:
    """Write a client's contact and return its version; before and after are kept.

    Raises:
        NotFoundError: there is no such client.
        NotAllowedError: they may not write contacts.
        ContactChangedError: somebody else changed it meanwhile.
    """
    client = await _client(connection, client_number)
    wanted = contact.model_dump(include=_FIELDS, by_alias=False)
    asked = {
        "who": principal.account_id,
        "client_id": client["client_id"],
        "contact": Jsonb(wanted),
        "version": contact.version,
        "reason": contact.reason,
    }
    try:
        written = await row(connection, QUERIES["write"], asked)
    except errors.InsufficientPrivilege as error:
        raise NotAllowedError("Your account may not change contacts.") from error
    if written is None or written["version"] is None:
        raise ContactChangedError("Somebody else changed it. Read it again, then decide.")
    version: int = written["version"]
    return version


async def erase(
    connection: Connection, principal: Principal, client_number: str, reason: str
) -> bool:
    """Forget a client's contact, all versions of it, and who called; who asked is on record.

    Returns:
        Whether there was anything to forget.

    Raises:
        NotFoundError: there is no such client.
        NotAllowedError: they may not erase.
    """
    client = await _client(connection, client_number)
    asked = {"who": principal.account_id, "client_id": client["client_id"], "reason": reason}
    try:
        found = await row(connection, QUERIES["erase"], asked)
    except errors.InsufficientPrivilege as error:
        raise NotAllowedError("Your account may not erase contacts.") from error
    return found is not None and bool(found["anything"])


async def _client(connection: Connection, number: str) -> Row:
    found = await row(connection, QUERIES["client"], {"number": number})
    if found is None:
        raise NotFoundError(f"There is no client {number}.")
    return found


def _literal(text: str) -> str:
    """Return ``text`` without meaning to LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
