"""``liftwacht-diagnostics terms``: what was promised, from a file into the database."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from diagnostics.queries import load
from diagnostics.tickets.repository import Connection
from diagnostics.tickets.terms import Terms, decode_terms
from ingest.settings import DatabaseSettings
from ingest.storage.pool import connect_async

_SQL = load("diagnostics.tickets", "contracts.sql")


def add_to(commands: Any) -> None:
    """Add the command to a parser's."""
    command = commands.add_parser(
        "terms", help="load contract terms (a JSON list); as the owner of the database"
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(command=_load)


async def store(conn: Connection, every: tuple[Terms, ...]) -> int:
    """Put terms in the place of those that begin on the same day; return how many there are.

    The clocks of the municipality's open tickets are then looked at anew.

    Raises:
        ValueError: with what is on record, two hold for a municipality on one day.
    """
    async with conn.transaction(), conn.cursor() as cursor:
        for terms in every:
            await cursor.execute(
                _SQL["store_terms"],
                {
                    "municipality": terms.municipality_code,
                    "valid_from": terms.valid_from,
                    "valid_through": terms.valid_through,
                    "terms": Jsonb(terms, dumps=msgspec.json.encode),
                },
            )
        codes = sorted({terms.municipality_code for terms in every})
        await cursor.execute(_SQL["all_terms"], {"municipalities": codes})
        decode_terms(msgspec.json.encode([row[0] for row in await cursor.fetchall()]))
        await cursor.execute(_SQL["look_again"], {"municipalities": codes})
    return len(every)


def _load(options: argparse.Namespace) -> None:
    every = decode_terms(options.file.read_bytes())
    settings = DatabaseSettings()
    count = asyncio.run(_stored(settings.database_url, every))
    sys.stdout.write(f"{count} contract terms loaded\n")


async def _stored(database_url: str, every: tuple[Terms, ...]) -> int:
    async with await connect_async(database_url, application="liftwacht-terms") as conn:
        return await store(conn, every)
