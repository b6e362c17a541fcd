"""Photographs and letters of a case: rows, written with their event. Nothing here commits."""

import hashlib
from datetime import datetime
from typing import Final, NamedTuple

from psycopg.rows import class_row

from diagnostics.misuse import repository
from diagnostics.misuse.errors import CaseNotNow
from diagnostics.misuse.model import Event, EventKind
from diagnostics.misuse.repository import Connection
from diagnostics.queries import load
from diagnostics.tickets.attachments import check
from diagnostics.tickets.commands import By

_SQL = load("diagnostics.misuse")
A_CASE_AT_MOST: Final = 50


class CaseFile(NamedTuple):
    """A file of a case, without its content."""

    file_id: int
    case_id: int
    name: str
    media_type: str
    sha256: bytes
    bytes: int
    attached_at: datetime
    actor: str


async def attach(
    conn: Connection, case_id: int, *, name: str, media_type: str, content: bytes, by: By
) -> CaseFile:
    """Add a file to a case, also a closed one. The same content is attached once.

    Raises:
        CaseNotFound: nothing is changed.
        CaseNotNow: it has too many already.
        BadAttachment: what is wrong with the file.
    """
    check(name, media_type, content)
    file = await repository.lock(conn, case_id)
    digest = hashlib.sha256(content).digest()
    known = await list_of(conn, case_id)
    for each in known:
        if each.sha256 == digest:
            return each
    if len(known) >= A_CASE_AT_MOST:
        raise CaseNotNow(case_id, f"it has {A_CASE_AT_MOST} files already")
    stored = CaseFile(0, case_id, name, media_type, digest, len(content), by.now, by.actor)
    async with conn.cursor() as cursor:
        await cursor.execute(
            _SQL["insert_file"], stored._asdict() | {"content": content, "now": by.now}
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an insert returns its row
    detail = {"file": row[0], "name": name, "media_type": media_type, "sha256": digest.hex()}
    event = Event(EventKind.ATTACHED, by.now, by.actor, detail, by.happened_at, by.request_id)
    await repository.write(conn, file, (event,), by.now)
    return stored._replace(file_id=row[0])


async def list_of(conn: Connection, case_id: int) -> list[CaseFile]:
    """Return the files of a case, in the order in which they came."""
    async with conn.cursor(row_factory=class_row(CaseFile)) as cursor:
        await cursor.execute(_SQL["files"], {"case_id": case_id})
        return await cursor.fetchall()


async def content_of(conn: Connection, case_id: int, file_id: int) -> tuple[CaseFile, bytes] | None:
    """Return a file of a case with its content, if there is one."""
    async with conn.cursor() as cursor:
        await cursor.execute(_SQL["content"], {"case_id": case_id, "file_id": file_id})
        row = await cursor.fetchone()
    return None if row is None else (CaseFile(*row[:-1]), bytes(row[-1]))
