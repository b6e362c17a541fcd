"""``liftwacht-api takeover``: begin one, and read the list of the contractor before in."""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from api.desk.languages import LANGUAGES
from api.takeover.importing import (
    QUERIES,
    UnreadableListError,
    read_in,
    rejected_workbook,
    said,
)
from api.takeover.mapping import BadMappingError, read
from ingest.storage.pool import connect

_ACTOR = "system:command"
_APPLICATION = "liftwacht-takeover"


def define(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    start = commands.add_parser("start", help="a park is taken over")
    start.add_argument("municipality", metavar="GM0000", help="CBS code")
    start.add_argument("contractor", help="from whom")
    start.add_argument("starts_on", type=date.fromisoformat, help="ingangsdatum, 2026-10-01")
    start.add_argument("--mail", help="of the municipality, for what inspections find")
    back = commands.add_parser("import", help="read an Excel list in; shows first what it would do")
    back.add_argument("number", type=int, help="of the takeover")
    back.add_argument("file", type=Path)
    back.add_argument("--mapping", type=Path, required=True, help="TOML; see docs/takeover.md")
    back.add_argument("--apply", action="store_true", help="store what can be read")
    back.add_argument("--rejected", type=Path, help="where to put the rows that cannot, as .xlsx")
    back.add_argument("--language", choices=LANGUAGES, default="en")


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Carry out the command and return its exit code."""
    try:
        with connect(database_url, application=_APPLICATION) as connection:
            if arguments.what == "start":
                return _start(connection, arguments)
            return _import(connection, arguments)
    except (OSError, psycopg.Error, BadMappingError, UnreadableListError) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1


def _start(connection: psycopg.Connection[Any], arguments: argparse.Namespace) -> int:
    asked = {
        "code": arguments.municipality,
        "contractor": arguments.contractor,
        "starts_on": arguments.starts_on,
        "mail": arguments.mail,
        "now": datetime.now(UTC),
        "actor": _ACTOR,
    }
    found = connection.execute(QUERIES["start"], asked).fetchone()
    assert found is not None  # noqa: S101 - an insert returns its row
    print(f"takeover {found[0]}")
    return 0


def _import(connection: psycopg.Connection[Any], arguments: argparse.Namespace) -> int:
    text = arguments.mapping.read_text(encoding="utf-8")
    mapping = read(text)
    with connection.cursor(row_factory=dict_row) as cursor:
        takeover = cursor.execute(QUERIES["takeovers"], {"number": arguments.number}).fetchone()
    if takeover is None:
        print(f"liftwacht-api: there is no takeover {arguments.number}", file=sys.stderr)
        return 1
    result = read_in(
        connection,
        takeover,
        mapping,
        arguments.file.read_bytes(),
        file=arguments.file.name,
        mapping_file=(arguments.mapping.name, text),
        apply=arguments.apply,
        now=datetime.now(UTC),
        actor=_ACTOR,
    )
    for each in result.differences:
        what = "taken" if each.taken else "ours stays"
        print(
            f"row {each.row}, {each.name}, {each.field}: {each.ours!r} -> {each.theirs!r}: {what}"
        )
    for judged in (*result.rejected, *result.odd):
        print(f"row {judged.row}, {said(judged, mapping, arguments.language)}", file=sys.stderr)
    counts = ", ".join(f"{number} {name}" for name, number in sorted(result.counts.items()))
    print(f"{counts or 'nothing'}{'' if arguments.apply else '; nothing was changed, see --apply'}")
    if arguments.rejected is not None and result.rejected:
        dutch = {each.row: said(each, mapping, "nl") for each in result.rejected}
        arguments.rejected.write_bytes(rejected_workbook(result, dutch))
    return 1 if result.rejected else 0
