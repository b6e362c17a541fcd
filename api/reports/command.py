"""``liftwacht-api reports``: make what is due, make one again, show that one can be made again."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

import psycopg

from api.kpi.periods import named
from api.problems import ProblemError
from api.queries import Connection
from api.reports import service
from ingest.storage.pool import connect_async

_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"


def define(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    commands.add_parser("run", help="make every report that is due and not there")
    make = commands.add_parser("make", help="make a version of one report")
    make.add_argument("contract", help="code of a municipality or group: GM0405, westfriesland")
    make.add_argument("kind", choices=sorted(service.LENGTHS))
    make.add_argument("period", help="2026, 2026-Q3 or 2026-09")
    make.add_argument("--reason", default="", help="why there is another version")
    verify = commands.add_parser(
        "verify", help="make a version again from what is kept, and compare the bytes"
    )
    verify.add_argument("number", type=int)


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Carry out the command and return its exit code."""
    try:
        return asyncio.run(_run(arguments, database_url))
    except (ProblemError, ValueError, psycopg.Error) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1


async def _run(arguments: argparse.Namespace, database_url: str) -> int:
    async with await connect_async(database_url, application="liftwacht-reports") as connection:
        if arguments.what == "run":
            while number := await _one(connection):
                print(f"report {number}")
            return 0
        async with connection.transaction():
            await connection.execute(_ONE_MOMENT)
            if arguments.what == "verify":
                same = await service.verify(connection, arguments.number)
                print("the same, to the byte" if same else "not the same")
                return 0 if same else 1
            number = await service.make(
                connection,
                arguments.contract,
                arguments.kind,
                named(arguments.period),
                now=datetime.now(UTC),
                actor="system:command",
                reason=arguments.reason,
            )
            print(f"report {number}")
            return 0


async def _one(connection: Connection) -> int:
    async with connection.transaction():
        await connection.execute(_ONE_MOMENT)
        return await service.make_due(connection, datetime.now(UTC))
