"""Reads a package into the database: all of it, or nothing."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from psycopg import Connection, Rollback, sql
from psycopg.rows import TupleRow, dict_row
from psycopg.types.json import Jsonb

from api.handover import exporting
from api.handover.checking import MOST_FAULTS, Description, Fault, check, describe
from api.handover.package import DESCRIPTION, Source
from api.handover.tables import AIDS, CLIENTS, CONTACTS, DOCUMENTS, Table
from diagnostics.queries import load as load_sql
from diagnostics.tickets import attachments
from gateway.protocol.topics import shard_of
from ingest.provisioning.manifest import RESERVED

QUERIES = load_sql("api.handover", "loading.sql")
_ACTOR: Final = "system:handover"
_IMPORTED: Final = "park_imported"
_A_PIECE: Final = 1 << 20
_INSERTS: Final = (
    *("insert_clients", "insert_aids", "insert_holders", "lend", "insert_adaptations"),
    *("insert_removals", "insert_maintenance", "insert_remarks"),
)


class Outcome(NamedTuple):
    """What came of it: rows by table, and what is wrong. With a fault nothing is stored."""

    municipality: str
    counts: Mapping[str, int]
    faults: list[Fault]


def load(
    connection: Connection[TupleRow], source: Source, *, apply: bool, now: datetime
) -> Outcome:
    """Check a package, and store it if ``apply`` and nothing is wrong.

    Args:
        connection: in autocommit, as the owner of the tables.
        source: the package.
        apply: else all is tried, and undone.
        now: the moment that it is dated by.

    Raises:
        UnreadablePackageError: it is no package of this kind.
    """
    description = describe(source)
    faults = list(islice(check(source, description), MOST_FAULTS))
    if faults:
        return Outcome(description.municipality, {}, faults)
    counts: dict[str, int] = {}
    with connection.transaction() as transaction:
        connection.execute("SET LOCAL datestyle = 'ISO'")
        for table in description.tables:
            counts[table.name] = _stage(connection, source, table)
        faults = list(islice(_faults(connection, description), MOST_FAULTS))
        if not faults:
            faults = _store(connection, source, description, counts, now)
        if faults or not apply:
            raise Rollback(transaction)
    return Outcome(description.municipality, counts, faults)


def _stage(connection: Connection[TupleRow], source: Source, table: Table) -> int:
    """Copy a file into a table of the session as it is, its rows numbered; return how many."""
    name = sql.Identifier(f"stage_{table.name}")
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    typed = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(c)) for c in table.columns)
    connection.execute(
        sql.SQL(
            "CREATE TEMP TABLE {} (row_ bigint GENERATED ALWAYS AS IDENTITY (START WITH 2), {})"
            " ON COMMIT DROP"
        ).format(name, typed)
    )
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER true)").format(name, columns)
    with source.open(table.path) as file, connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            while piece := file.read(_A_PIECE):
                copy.write(piece)
        connection.execute(
            sql.SQL("CREATE INDEX ON {} ({})").format(name, sql.Identifier(table.key[0]))
        )
        connection.execute(sql.SQL("ANALYZE {}").format(name))
        return cursor.rowcount


def _faults(connection: Connection[TupleRow], description: Description) -> Iterator[Fault]:
    """Yield what is wrong with the tables together, and with what is here already."""
    asked = {"most": MOST_FAULTS, "code": description.municipality}
    if connection.execute(exporting.QUERIES["municipality"], asked).fetchone() is None:
        what = f"there is no municipality {description.municipality} here"
        yield Fault(DESCRIPTION, None, "", what)
    for table in description.tables:
        name = sql.Identifier(f"stage_{table.name}")
        key = sql.SQL(", ").join(map(sql.Identifier, table.key))
        twice = sql.SQL(QUERIES["duplicates"]).format(table=name, key=key)
        yield from _found(connection, table, twice, asked)
        for column, other in table.refers.items():
            strange = sql.SQL(QUERIES["strangers"]).format(
                table=name, column=sql.Identifier(column), other=sql.Identifier(f"stage_{other}")
            )
            named = asked | {"column": column, "other": f"{other}.csv"}
            yield from _found(connection, table, strange, named)
    yield from _found(connection, AIDS, sql.SQL(QUERIES["known_aids"]), asked)
    yield from _found(connection, CLIENTS, sql.SQL(QUERIES["known_clients"]), asked)


def _found(
    connection: Connection[TupleRow], table: Table, statement: sql.Composable, asked: Any
) -> Iterator[Fault]:
    for row, column, text in connection.execute(sql.Composed([statement]), asked).fetchall():
        yield Fault(table.path, row, column, text)


def _store(
    connection: Connection[TupleRow],
    source: Source,
    description: Description,
    counts: Mapping[str, int],
    now: datetime,
) -> list[Fault]:
    """Store what is staged; return what the database could not take."""
    asked = {"code": description.municipality, "now": now, "actor": _ACTOR}
    faults = _shards(connection)
    if faults:
        return faults
    connection.execute(QUERIES["act_as"], asked)
    for name in _INSERTS:
        connection.execute(QUERIES[name], asked)
    if CONTACTS in description.tables:
        connection.execute(QUERIES["insert_contacts"], asked)
    faults = _documents(connection, source)
    connection.execute(
        exporting.QUERIES["record"],
        asked | {"action": _IMPORTED, "detail": Jsonb({"rows": dict(counts)})},
    )
    return faults


def _shards(connection: Connection[TupleRow]) -> list[Fault]:
    """Work out where the messages of each aid will come in; return the names that cannot be."""
    connection.execute("CREATE TEMP TABLE stage_shards (aid text, shard smallint) ON COMMIT DROP")
    rows = connection.execute("SELECT row_, aid FROM stage_aids ORDER BY row_").fetchall()
    with connection.cursor() as cursor, cursor.copy("COPY stage_shards FROM STDIN") as copy:
        for _, aid in rows:
            copy.write_row((aid, shard_of(aid)))
    return [
        Fault(AIDS.path, row, "aid", f"{aid} is reserved") for row, aid in rows if aid in RESERVED
    ]


def _documents(connection: Connection[TupleRow], source: Source) -> list[Fault]:
    faults = []
    with connection.cursor("staged_documents", row_factory=dict_row) as cursor:
        cursor.execute(QUERIES["documents"])
        for each in cursor:
            with source.open(each["path"]) as file:
                content = file.read(attachments.BYTES_AT_MOST + 1)
            try:
                attachments.check(each["name"], each["media_type"], content)
            except attachments.BadAttachment as error:
                faults.append(Fault(DOCUMENTS.path, each["row_"], "path", str(error)))
                continue
            each |= {"content": content, "bytes": len(content), "actor": _ACTOR}
            each["sha256"] = hashlib.sha256(content).digest()
            connection.execute(QUERIES["insert_document"], each)
    return faults
