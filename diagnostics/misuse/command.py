"""``liftwacht-diagnostics misuse-terms``: what a municipality agreed upon, from a file."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from diagnostics.misuse import repository
from diagnostics.misuse.terms import MisuseTerms, decode
from ingest.settings import DatabaseSettings
from ingest.storage.pool import connect_async


def add_to(commands: Any) -> None:
    """Add the command to a parser's."""
    command = commands.add_parser(
        "misuse-terms",
        help="load what municipalities agreed upon about signals of improper use (a JSON list);"
        " as the owner of the database",
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(command=_load)


def _load(options: argparse.Namespace) -> None:
    every = decode(options.file.read_bytes())
    settings = DatabaseSettings()
    count = asyncio.run(_stored(settings.database_url, every))
    sys.stdout.write(f"terms of {count} municipalities loaded\n")


async def _stored(database_url: str, every: tuple[MisuseTerms, ...]) -> int:
    async with (
        await connect_async(database_url, application="liftwacht-misuse-terms") as conn,
        conn.transaction(),
    ):
        return await repository.store_terms(conn, every)
