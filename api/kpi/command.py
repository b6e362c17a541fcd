"""``liftwacht-api figures``: fill in what is not kept yet of decided terms, and check what is."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

import psycopg

from api.kpi import keeping
from ingest.storage.pool import connect_async

_SHOWN = 20


def define(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    commands.add_parser("keep", help="work out from the logs what became of terms, where missing")
    verify = commands.add_parser("verify", help="work all out again and compare")
    verify.add_argument(
        "--since",
        type=lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
        default=datetime(1970, 1, 1, tzinfo=UTC),
        metavar="DAY",
        help="only tickets reported from this day on",
    )


def run(arguments: argparse.Namespace, database_url: str, *, now: datetime | None = None) -> int:
    """Carry out the command as of ``now`` (None: the present) and return its exit code."""
    try:
        return asyncio.run(_run(arguments, database_url, now or datetime.now(UTC)))
    except (ValueError, psycopg.Error) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1


async def _run(arguments: argparse.Namespace, database_url: str, now: datetime) -> int:
    done = wrong = 0
    async with await connect_async(database_url, application="liftwacht-figures") as connection:
        if arguments.what == "keep":
            last: int | None = 0
            while last is not None:
                async with connection.transaction():
                    last = await keeping.keep(connection, now, after=last)
            return 0
        done = wrong = 0
        async with connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            async for some, different in keeping.differences(
                connection, now, since=arguments.since
            ):
                done += some
                for each in different:
                    wrong += 1
                    if wrong <= _SHOWN:
                        print(f"ticket {each.ticket_id}: kept {each.kept}, log {each.reckoned}")
    print(f"{done} tickets, {wrong} of which something else is kept than their log says")
    return 1 if wrong else 0
