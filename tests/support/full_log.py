"""A log of some months, of which the end is not read yet; written by the set."""

from datetime import datetime
from typing import Final

from diagnostics.queries import load
from ingest.storage.pool import connect

STATEMENTS: Final = load("tests.support", "full_log.sql")
_SAMPLE: Final = "[0,900,0,0,25100,0,0,1,1,0,2]"


def fill(url: str, *, aids: int, words: int, unread: int, now: datetime) -> None:
    """Fill a migrated, empty database, and let it be analysed.

    Args:
        url: of the database.
        aids: how many there are.
        words: how many messages there are, the last of them just now.
        unread: how many of them diagnostics have not read.
        now: the platform's time.
    """
    sizes = {"aids": aids, "words": words, "unread": unread, "now": now, "sample": _SAMPLE}
    with connect(url, application="seed") as connection, connection.transaction():
        # For this transaction only: a database of the tests may have one session for all.
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in STATEMENTS.values():
            connection.execute(statement, sizes)
