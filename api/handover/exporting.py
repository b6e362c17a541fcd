"""Writes the park of a municipality as a package: streamed, however many aids there are."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from api.handover import readme
from api.handover.package import DESCRIPTION, Sink, Target, Written, target
from api.handover.tables import DOCUMENTS, EXTENSIONS, FORMAT, VERSION, Table, chosen
from diagnostics.queries import load

QUERIES = load("api.handover")
_ONE_MOMENT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL datestyle = 'ISO'"
_EXPORTED: Final = "park_exported"


class NoSuchMunicipalityError(LookupError):
    """There is no such municipality."""


class DamagedError(ValueError):
    """A document in the database is not what its checksum says."""


def export(
    connection: Connection[TupleRow], code: str, path: Path, *, contacts: bool, now: datetime
) -> Mapping[str, int]:
    """Write the park of a municipality to ``path``, a folder or a zip; return how many rows.

    Args:
        connection: in autocommit, as the owner of the tables.
        code: CBS code of the municipality.
        path: where to; nothing may be there.
        contacts: whether names and addresses of clients go along.
        now: the moment that it is dated by.

    Raises:
        NoSuchMunicipalityError: there is none.
        DamagedError: a document is not what it was.
        OSError: it cannot be written.
    """
    with connection.transaction():
        connection.execute(_ONE_MOMENT)
        found = connection.execute(QUERIES["municipality"], {"code": code}).fetchone()
        if found is None:
            raise NoSuchMunicipalityError(f"there is no municipality {code}")
        tables = list(chosen(contacts=contacts))
        with target(path) as package:
            counts: dict[str, int] = {}
            resources = []
            for table in tables:
                counts[table.name], written = _table(connection, package, table, code)
                resources.append(_resource(table, written))
            _documents(connection, package, code)
            with package.file("README.md") as sink:
                sink.write(readme.text(found[0], code, tables, counts, now).encode())
            # Last: without it nobody takes what is there for a package.
            with package.file(DESCRIPTION) as sink:
                sink.write(_description(code, found[0], resources, now))
        detail = {"rows": counts, "contacts": contacts}
        connection.execute(
            QUERIES["record"],
            {"now": now, "action": _EXPORTED, "code": code, "detail": Jsonb(detail)},
        )
    return counts


def _table(
    connection: Connection[TupleRow], package: Target, table: Table, code: str
) -> tuple[int, Written]:
    statement = f"COPY ({QUERIES[table.name].rstrip(';')}) TO STDOUT (FORMAT csv, HEADER true)"
    with package.file(table.path) as sink, connection.cursor() as cursor:
        with cursor.copy(statement.encode(), {"code": code}) as copy:
            for piece in copy:
                sink.write(piece)
        return cursor.rowcount, sink.written


def _documents(connection: Connection[TupleRow], package: Target, code: str) -> None:
    seen: set[bytes] = set()
    with connection.cursor("documents") as cursor:
        cursor.itersize = 1  # each may have ten megabytes
        cursor.execute(QUERIES["contents"], {"code": code})
        for sha256, media_type, content in cursor:
            if bytes(sha256) in seen:
                continue
            seen.add(bytes(sha256))
            name = document_path(sha256.hex(), media_type)
            sink: Sink
            with package.file(name) as sink:
                sink.write(content)
            if sink.written.sha256 != sha256.hex():
                raise DamagedError(f"{name}: its content has another checksum")


def document_path(sha256: str, media_type: str) -> str:
    """Return where a document is in a package."""
    return f"{DOCUMENTS.name}/{sha256[:2]}/{sha256}.{EXTENSIONS[media_type]}"


def _resource(table: Table, written: Written) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": table.path,
        "title": table.title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "doubleQuote": True, "header": True},
        "bytes": written.bytes,
        "hash": f"sha256:{written.sha256}",
        "schema": table.schema(),
    }


def _description(code: str, name: str, resources: Iterable[dict[str, Any]], now: datetime) -> bytes:
    described = {
        "profile": "tabular-data-package",
        "name": f"overdracht-{code.lower()}",
        "title": f"Overdracht hulpmiddelenpark {name}",
        "created": now.isoformat(timespec="seconds"),
        "format": FORMAT,
        "formatVersion": VERSION,
        "municipality": code,
        "resources": list(resources),
    }
    return json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"
