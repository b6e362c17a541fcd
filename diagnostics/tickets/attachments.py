"""Photographs and letters of a ticket: rows, written with their event.

Nothing here commits; see ``service``.
"""

import hashlib
from typing import Final, NamedTuple

from psycopg.rows import class_row

from diagnostics.queries import load
from diagnostics.tickets import repository
from diagnostics.tickets.commands import By
from diagnostics.tickets.errors import NotNow
from diagnostics.tickets.model import Event, EventKind
from diagnostics.tickets.repository import Connection

_SQL = load("diagnostics.tickets", "attachments.sql")
BYTES_AT_MOST: Final = 10 * 1024 * 1024
A_TICKET_AT_MOST: Final = 50
# What a file begins with, so that nothing else hides under its name.
_BEGINNINGS: Final = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF-",),
}
MEDIA_TYPES: Final = tuple(_BEGINNINGS)


class BadAttachment(ValueError):  # noqa: N818 - reads as the fact it states
    """It is too large, empty, or not of the type that it is said to be."""


class Attachment(NamedTuple):
    """A file of a ticket, without its content."""

    attachment_id: int
    ticket_id: int
    name: str
    media_type: str
    sha256: bytes
    bytes: int


async def attach(
    conn: Connection, ticket_id: int, *, name: str, media_type: str, content: bytes, by: By
) -> Attachment:
    """Add a file to a ticket, also a closed one. The same content is attached once.

    Raises:
        TicketNotFound: nothing is changed.
        NotNow: it has too many already.
        BadAttachment: what is wrong with the file.
    """
    check(name, media_type, content)
    dossier = await repository.lock(conn, ticket_id)
    digest = hashlib.sha256(content).digest()
    known = await list_of(conn, ticket_id)
    for each in known:
        if each.sha256 == digest:
            return each
    if len(known) >= A_TICKET_AT_MOST:
        raise NotNow(ticket_id, f"it has {A_TICKET_AT_MOST} attachments already")
    async with conn.cursor() as cursor:
        await cursor.execute(
            _SQL["insert_attachment"],
            {
                "ticket_id": ticket_id,
                "name": name,
                "media_type": media_type,
                "sha256": digest,
                "bytes": len(content),
                "content": content,
                "now": by.now,
                "actor": by.actor,
            },
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an insert returns its row
    detail = {
        "attachment": row[0],
        "name": name,
        "media_type": media_type,
        "sha256": digest.hex(),
    }
    event = Event(EventKind.ATTACHED, by.now, by.actor, detail, by.happened_at, by.request_id)
    await repository.write(conn, dossier, (event,), by.now)
    return Attachment(row[0], ticket_id, name, media_type, digest, len(content))


async def list_of(conn: Connection, ticket_id: int) -> list[Attachment]:
    """Return the files of a ticket, in the order in which they came."""
    async with conn.cursor(row_factory=class_row(Attachment)) as cursor:
        await cursor.execute(_SQL["attachments"], {"ticket_id": ticket_id})
        return await cursor.fetchall()


async def content_of(
    conn: Connection, ticket_id: int, attachment_id: int
) -> tuple[Attachment, bytes] | None:
    """Return a file of a ticket with its content, if there is one."""
    wanted = {"ticket_id": ticket_id, "attachment_id": attachment_id}
    async with conn.cursor() as cursor:
        await cursor.execute(_SQL["content"], wanted)
        row = await cursor.fetchone()
    return None if row is None else (Attachment(*row[:-1]), bytes(row[-1]))


def check(name: str, media_type: str, content: bytes) -> None:
    """Refuse what is no photograph and no letter.

    Raises:
        BadAttachment: what is wrong.
    """
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise BadAttachment("a name has 1 to 200 printable characters")
    if media_type not in _BEGINNINGS:
        raise BadAttachment(f"of {media_type or 'no type'}; possible: {', '.join(MEDIA_TYPES)}")
    if not content:
        raise BadAttachment("it is empty")
    if len(content) > BYTES_AT_MOST:
        raise BadAttachment(f"{len(content)} bytes; at most {BYTES_AT_MOST}")
    if not content.startswith(_BEGINNINGS[media_type]):
        raise BadAttachment(f"its content is no {media_type}")
