"""``liftwacht-api contacts load``: contact data from JSON lines, as the owner of the database."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable

import psycopg
from pydantic import Field, ValidationError

from api.contacts.schemas import ContactInput
from api.contacts.service import QUERIES
from ingest.storage.pool import connect_async

_REASON = "loaded from a file"


class _Line(ContactInput):
    client_number: str
    version: int = 0
    reason: str = Field(default=_REASON)


class LoadError(ValueError):
    """A line that cannot be loaded; nothing was."""


def define(parser: argparse.ArgumentParser) -> None:
    """Add the command."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    about = (
        "Load contacts from standard input, one JSON object a line with clientNumber, name, street,"
        " postcode, town, phone, contactName, contactPhone, keySafe, neighbour, remarks. What is"
        " known already stays as it is; all lines are loaded, or none."
    )
    commands.add_parser("load", help=about.partition(",")[0] + ".", description=about)


def run(database_url: str) -> int:
    """Carry out the command and return its exit code."""
    try:
        loaded = asyncio.run(load(database_url, sys.stdin))
    except (LoadError, psycopg.Error) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1
    print(f"liftwacht-api: {loaded} contacts loaded", file=sys.stderr)
    return 0


async def load(database_url: str, lines: Iterable[str]) -> int:
    """Load ``lines`` and return how many were new.

    Raises:
        LoadError: a line is no contact; then nothing is loaded.
    """
    loaded = 0
    async with (
        await connect_async(database_url, application="liftwacht-contacts") as connection,
        connection.transaction(),
    ):
        await connection.execute(
            "SELECT set_config('liftwacht.actor', 'system:command', true),"
            " set_config('liftwacht.reason', %s, true)",
            (_REASON,),
        )
        for number, line in enumerate(lines, 1):
            try:
                contact = _Line.model_validate(json.loads(line))
            except (ValidationError, ValueError) as error:
                raise LoadError(f"line {number}: {error}") from error
            cursor = await connection.execute(QUERIES["load"], contact.model_dump(by_alias=False))
            loaded += cursor.rowcount
    return loaded
