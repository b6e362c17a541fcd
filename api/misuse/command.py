"""``liftwacht-api misuse``: what people judged, for the evaluation."""

import argparse
import asyncio
import json
import secrets
import sys

from api.misuse import labels, service
from api.queries import rows
from ingest.storage.pool import connect_async


def define(command: argparse.ArgumentParser) -> None:
    """Add what can be done to a parser."""
    kinds = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    kinds.add_parser(
        "labels", help="print judged signals as rows of the evaluation, one JSON object a line"
    )


def run(database_url: str) -> int:
    """Carry it out; return the exit code."""
    asyncio.run(_print(database_url))
    return 0


async def _print(database_url: str) -> None:
    async with await connect_async(database_url, application="liftwacht-api-misuse") as connection:
        judged = await rows(connection, service.QUERIES["judged"])
    # A key of this export alone: nobody can join it with another.
    for row in labels.rows_of(judged, secrets.token_bytes(32)):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
