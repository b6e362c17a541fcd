"""``liftwacht-api retention``: show what would be removed, or remove it."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg

from api.privacy import removing
from api.privacy.removing import Removed
from api.privacy.retention import BY_NAME
from ingest.storage.pool import connect_async


def define(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    commands.add_parser("show", help="say what would be removed; nothing is (reads whole tables)")
    commands.add_parser("run", help="remove what has been kept long enough")


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Carry out the command and return its exit code."""
    try:
        found = asyncio.run(_run(arguments.what, database_url))
    except psycopg.Error as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1
    print(table(found, "removed" if arguments.what == "run" else "to remove"))
    return 0


def table(found: Sequence[Removed], heading: str) -> str:
    """Return what went, or would, as a table for a terminal."""
    lines = [("kind", "term", "until", heading, "held")]
    for each in found:
        until = "-" if each.until is None else f"{each.until:%Y-%m-%d}"
        term = BY_NAME[each.kind].term or "-"
        lines.append((each.kind, term, until, str(each.removed), str(each.held)))
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


async def _run(what: str, database_url: str) -> list[Removed]:
    async with await connect_async(database_url, application="liftwacht-retention") as connection:
        now = datetime.now(UTC)
        if what == "run":
            return await removing.run(connection, now)
        return await removing.look(connection, now)
