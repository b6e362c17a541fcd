"""``liftwacht-ingest`` about identities: codes, revocation, the broker's lists, the registrar."""

import argparse
import asyncio
import logging
import secrets
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from gateway import logs, metrics
from ingest.broker import address
from ingest.identity import statements
from ingest.identity.codes import VALID_FOR, hash_of, new_code
from ingest.settings import DatabaseSettings, RegistrarSettings
from ingest.storage.pool import connect, connect_async

logger = logging.getLogger(__name__)
REASONS = ("stolen", "lost", "cloned", "retired", "reset", "other")


def add_to(commands: Any) -> None:
    """Add the commands to a parser."""
    command = commands.add_parser("codes", help="print one-time codes to enrol modems with")
    command.add_argument("devices", nargs="+", metavar="DEVICE")
    command.add_argument("--days", type=int, default=VALID_FOR.days, help="how long it is good")
    command.add_argument(
        "--replaces", action="store_true", help="the modem it is for takes another's place"
    )
    command.set_defaults(command=_codes)
    command = commands.add_parser("revoke", help="end the certificates of an aid")
    command.add_argument("device", metavar="DEVICE")
    command.add_argument("--reason", choices=REASONS, required=True)
    command.add_argument("--serial", help="this certificate only (default: all)")
    command.set_defaults(command=_revoke)
    command = commands.add_parser("transfer", help="give an aid to another client; no other data")
    command.add_argument("device", metavar="DEVICE")
    command.add_argument("client", metavar="CLIENT", help="the client's number, or - for nobody")
    command.set_defaults(command=_transfer)
    for name, text, run in (
        ("broker-config", "bring the broker's lists up to date, and have it read them", _lists),
        ("registrar", "sign, renew, keep the broker's lists, look for clones, until stopped", _run),
    ):
        command = commands.add_parser(name, help=text)
        add_folders(command)
        command.add_argument(
            "--lists", type=Path, help="folder of the broker's lists (default: -c)"
        )
        command.add_argument("--broker-pid", type=Path, metavar="FILE", help="its process id")
        command.set_defaults(command=run)


def add_folders(command: argparse.ArgumentParser) -> None:
    """Add the options that say where the authority is."""
    command.add_argument("--certificates", "-c", type=Path, required=True)
    command.add_argument(
        "--authority", type=Path, help="folder of the authority's own keys (default: -c)"
    )


def open_authority(options: argparse.Namespace, settings: RegistrarSettings) -> Any:
    """Open or found the authority that the options name."""
    from ingest.provisioning.authority import Authority  # noqa: PLC0415 - `run` signs nothing

    return Authority.open(
        options.certificates,
        now=datetime.now(UTC),
        keys=options.authority,
        passphrase=settings.passphrase(),
    )


def _codes(options: argparse.Namespace) -> None:
    lasts = timedelta(days=options.days)
    with connect(DatabaseSettings().database_url, application="codes") as connection:
        print_codes(
            connection,
            options.devices,
            now=datetime.now(UTC),
            lasts=lasts,
            replaces=options.replaces,
        )


def print_codes(
    connection: Connection[TupleRow],
    devices: Sequence[str],
    *,
    now: datetime,
    lasts: timedelta = VALID_FOR,
    replaces: bool = False,
) -> None:
    """Make a code for each of ``devices``, and print it: this once, we keep its hash alone.

    Raises:
        ValueError: there is no such aid.
    """
    for device in devices:
        code = new_code(secrets.randbits)
        wanted = {
            "hash": hash_of(code),
            "device": device,
            "replaces": replaces,
            "now": now,
            "by": "system:command",
            "expires": now + lasts,
        }
        if connection.execute(statements.ADD_CODE, wanted).fetchone() is None:
            raise ValueError(f"there is no aid {device!r}")
        print(f"{device}\t{code}")


def _revoke(options: argparse.Namespace) -> None:
    with connect(DatabaseSettings().database_url, application="revoke") as connection:
        asked = {
            "device": options.device,
            "serial": options.serial,
            "reason": options.reason,
            "by": "system:command",
            "now": datetime.now(UTC),
        }
        found = connection.execute(statements.REVOKE, asked).fetchone()
        if found is None:
            raise ValueError(f"there is no aid {options.device!r}")
        print(f"{found[0]} certificates revoked")


def _transfer(options: argparse.Namespace) -> None:
    from ingest.identity.transfer import transfer  # noqa: PLC0415 - for this command alone

    client = None if options.client == "-" else options.client
    with connect(DatabaseSettings().database_url, application="transfer") as connection:
        transfer(connection, options.device, client, now=datetime.now(UTC))
    print(f"{options.device} is with {client or 'nobody'} now")


def _lists(options: argparse.Namespace) -> None:
    settings = RegistrarSettings()

    async def once() -> None:
        async with await connect_async(settings.database_url, application="broker-config") as db:
            await _registrar(options, settings).step(db)

    asyncio.run(once())


def _run(options: argparse.Namespace) -> None:
    settings = RegistrarSettings()
    logs.configure("registrar", settings.log_level, settings.log_format)
    registrar = _registrar(options, settings)
    exposition = metrics.expose(
        settings.metrics_listen, process="registrar", sources=[registrar.figures]
    )

    async def until_signal() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_, stop.set)
        logger.info("the registrar starts")
        await registrar.run(stop)

    asyncio.run(until_signal())
    if exposition is not None:
        exposition.close()


def _registrar(options: argparse.Namespace, settings: RegistrarSettings) -> Any:
    from ingest.identity.registrar import Files, Registrar  # noqa: PLC0415 - likewise

    broker = None
    if settings.mqtt_url:
        broker = address(
            settings.mqtt_url,
            ca=settings.mqtt_ca,
            certificate=settings.mqtt_cert,
            key=settings.mqtt_key,
        )
    return Registrar(
        open_authority(options, settings),
        broker=broker,
        database_url=settings.database_url,
        files=Files(options.lists or options.certificates, options.broker_pid),
        now=lambda: datetime.now(UTC),
    )
