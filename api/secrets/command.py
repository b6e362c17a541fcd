"""``liftwacht-api secrets …``: makes keys, and seals what is stored with the first of them."""

import argparse
import asyncio
import sys
from pathlib import Path

import psycopg

from api.accounts import signing
from api.queries import Connection, rows
from diagnostics.queries import load
from diagnostics.sealing import Keyring, UnreadableSecretError, keyring, new_key
from ingest.storage.pool import connect_async

QUERIES = load("api.secrets")


def define(parser: argparse.ArgumentParser) -> None:
    """Add the commands."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    commands.add_parser("new-key", help="Print a new key: a line for the file of keys.")
    commands.add_parser(
        "new-token-key", help="Print a new RSA key, as PEM: for the file of LIFTWACHT_TOKEN_KEYS."
    )
    commands.add_parser(
        "seal",
        help="Seal what is stored with the first key: what is in the clear, and by older keys.",
    )


def run(arguments: argparse.Namespace, database_url: str, keys: Path | None) -> int:
    """Carry a command out; return the exit code."""
    if arguments.action == "new-key":
        print(new_key())
        return 0
    if arguments.action == "new-token-key":
        print(signing.new_key(), end="")
        return 0
    if keys is None:
        print("liftwacht-api: LIFTWACHT_SECRET_KEYS is not set", file=sys.stderr)
        return 2
    try:
        found = keyring(keys)
        print(f"{asyncio.run(_seal(database_url, found))} secrets sealed with the first key")
    except (ValueError, UnreadableSecretError, psycopg.Error) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 2
    return 0


async def seal_all(connection: Connection, keys: Keyring) -> int:
    """Seal every stored secret with the first key; return how many there are.

    Raises:
        UnreadableSecretError: one of them cannot be opened: then nothing is changed.
    """
    done = 0
    for factor in await rows(connection, QUERIES["factors"]):
        sealed = keys.seal(keys.open(factor["secret"]))
        await connection.execute(QUERIES["seal_factor"], factor | {"secret": sealed})
        done += 1
    for each in await rows(connection, QUERIES["subscriptions"]):
        both = {
            name: None if each[name] is None else keys.seal(keys.open(each[name]))
            for name in ("secret", "old_secret")
        }
        await connection.execute(QUERIES["seal_subscription"], each | both)
        done += sum(value is not None for value in both.values())
    return done


async def _seal(url: str, keys: Keyring) -> int:
    connection = await connect_async(url, application="liftwacht-api")
    async with connection, connection.transaction():
        return await seal_all(connection, keys)
