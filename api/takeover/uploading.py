"""A list that is sent by page: tried first, and read in when somebody has seen what it would do.

Reading takes its time: it is done in a thread, on a connection of its own, in one transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from api.multipart import Sent
from api.problems import NotFoundError
from api.takeover import mapping as mappings
from api.takeover.importing import (
    MOST_FAULTS,
    QUERIES,
    faults_of,
    read_in,
    rejected_workbook,
    said,
)
from ingest.storage.pool import connect

_APPLICATION: Final = "liftwacht-takeover"
MOST_BYTES: Final = 10 * 1024 * 1024


class Chosen(NamedTuple):
    """A mapping: its name, and what stands in it."""

    name: str
    text: str


def chosen(connection: Connection[Any], choice: str, sent: Sent | None) -> Chosen:
    """Return the mapping that was sent, else the one of a list that was read in before.

    Raises:
        BadMappingError: none was sent or chosen, or it is no text.
    """
    if sent is not None:
        try:
            return Chosen(sent.name, sent.content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise mappings.BadMappingError("not text (UTF-8)") from error
    found = None
    if choice.isdecimal():
        found = _one(connection, "mapping", {"list": int(choice)})
    if found is None:
        raise mappings.BadMappingError("none was sent or chosen")
    return Chosen(found["mapping_name"], found["mapping"])


def check(
    url: str,
    takeover: int,
    file: Sent,
    *,
    choice: str,
    mapping: Sent | None,
    now: datetime,
    actor: str,
) -> int:
    """Say what a list would do, keep it until somebody reads it in, and return its number.

    Raises:
        NotFoundError: there is no such takeover.
        BadMappingError: the mapping cannot be used.
        UnreadableListError: the list cannot be read.
    """
    with connect(url, application=_APPLICATION) as connection:
        head = _takeover(connection, takeover)
        taken = chosen(connection, choice, mapping)
        mapped = mappings.read(taken.text)
        result = read_in(
            connection,
            head,
            mapped,
            file.content,
            file=file.name,
            mapping_file=taken,
            apply=False,
            now=now,
            actor=actor,
        )
        dutch = {each.row: said(each, mapped, "nl") for each in result.rejected}
        found = _one(
            connection,
            "keep_upload",
            {
                "number": takeover,
                "file": file.name[-200:],
                "content": file.content,
                "mapping_name": taken.name[-200:],
                "mapping": taken.text,
                "counts": Jsonb(dict(result.counts)),
                "differences": Jsonb([each._asdict() for each in result.differences[:MOST_FAULTS]]),
                "faults": Jsonb(faults_of(result)),
                "rejected": rejected_workbook(result, dutch) if result.rejected else None,
                "now": now,
                "actor": actor,
            },
        )
        assert found is not None  # noqa: S101 - an insert returns its row
        return int(found["upload_id"])


def read_upload(url: str, takeover: int, upload: int, *, now: datetime, actor: str) -> None:
    """Read in what was sent; once.

    Raises:
        NotFoundError: it is not there, or was read in by somebody else.
        UnreadableListError: the list cannot be read.
    """
    with connect(url, application=_APPLICATION) as connection, connection.transaction():
        found = _one(connection, "lock_upload", {"number": takeover, "upload": upload})
        if found is None:
            raise NotFoundError(f"There is no list {upload} that waits.")
        read_in(
            connection,
            _takeover(connection, takeover),
            mappings.read(found["mapping"]),
            found["content"],
            file=found["file_name"],
            mapping_file=(found["mapping_name"], found["mapping"]),
            apply=True,
            now=now,
            actor=actor,
        )
        connection.execute(QUERIES["drop_upload"], {"number": takeover, "upload": upload})


def _takeover(connection: Connection[Any], number: int) -> Mapping[str, Any]:
    found = _one(connection, "takeovers", {"number": number})
    if found is None:
        raise NotFoundError(f"There is no takeover {number}.")
    return found


def _one(connection: Connection[Any], name: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES[name], asked).fetchone()
