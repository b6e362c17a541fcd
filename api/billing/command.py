"""``liftwacht-api billing load``: contracts, assignments, tariffs, service numbers from files."""

import argparse
import asyncio
import sys
from pathlib import Path

import psycopg

from api.billing.loading import Loaded, load
from api.billing.tables import TABLES, BadTableError
from ingest.storage.pool import connect_async


def define(parser: argparse.ArgumentParser) -> None:
    """Add the command."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    about = (
        "Load a CSV or Excel file, as the owner of the database: all rows, or none."
        " Each row that cannot be loaded is named with what is wrong."
    )
    loading = commands.add_parser("load", help=about.partition(",")[0] + ".", description=about)
    loading.add_argument("kind", choices=sorted(TABLES), help="what is in it")
    loading.add_argument("file", type=Path, help="the file")
    loading.add_argument(
        "--dry-run", action="store_true", help="say what would be, and keep nothing"
    )


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Carry out the command and return its exit code."""
    try:
        content = arguments.file.read_bytes()
        found = asyncio.run(_load(database_url, arguments.kind, content, dry_run=arguments.dry_run))
    except (OSError, BadTableError, psycopg.Error) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1
    for fault in found.faults:
        print(f"row {fault.row}: {fault.column}: {fault.text}", file=sys.stderr)
    if found.faults:
        print("liftwacht-api: nothing was loaded", file=sys.stderr)
        return 1
    done = "would be loaded" if arguments.dry_run else "loaded"
    print(f"liftwacht-api: {found.rows} {arguments.kind} {done}", file=sys.stderr)
    return 0


async def _load(database_url: str, kind: str, content: bytes, *, dry_run: bool) -> Loaded:
    async with await connect_async(database_url, application="liftwacht-billing") as connection:
        return await load(connection, kind, content, dry_run=dry_run)
