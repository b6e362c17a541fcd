"""``liftwacht-ingest``: migrate the database, put aids into service, and take their messages in."""

import argparse
import asyncio
import gc
import logging
import re
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from pydantic import ValidationError

from gateway import logs, metrics
from gateway.protocol.topics import SHARD_COUNT
from ingest import statements
from ingest.arguments import moment
from ingest.broker import ALL_SHARDS, Address, Shards, address, context
from ingest.clock import SteadyClock
from ingest.identity import commands as identity
from ingest.identity import statements as identities
from ingest.line import Mqtt, Source
from ingest.packages import commands as packages
from ingest.provisioning.manifest import (
    NODE,
    PLATFORM_IDENTITIES,
    TEST_LIFT,
    ManifestError,
    read_manifest,
)
from ingest.provisioning.registry import UnknownMunicipalityError, register, register_test_lift
from ingest.quarantine import store_again
from ingest.settings import DatabaseSettings, IngestSettings, RegistrarSettings, problems
from ingest.sharing.leases import Leases, unique_name
from ingest.storage.migrate import MigrationError, migrate
from ingest.storage.pool import connect, connect_async
from ingest.tracing import tracer
from ingest.worker import Worker
from ingest.working import Working
from ingest.writer import Outcome

if TYPE_CHECKING:
    from ingest.jetstream.cluster import Nodes

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except ValidationError as error:
        print(*problems(error), sep="\n", file=sys.stderr)
        return 2
    except (
        ManifestError,
        MigrationError,
        UnknownMunicipalityError,
        psycopg.Error,
        OSError,
        ValueError,
    ) as error:
        print(f"liftwacht-ingest: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="liftwacht-ingest", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("migrate", help="bring the database's schema up to date")
    command.set_defaults(command=_migrate)
    command = commands.add_parser("run", help="store what the lifts say, until stopped")
    command.add_argument(
        "--shards",
        type=_shards,
        default=ALL_SHARDS,
        metavar="FIRST-LAST",
        help=f"the shards to take, of 0-{SHARD_COUNT - 1} (default: all)",
    )
    command.add_argument(
        "--shared",
        action="store_true",
        help="share all shards with whoever else runs so, and take over from those that die",
    )
    command.add_argument(
        "--name", default="ingest", help="distinguishes workers that take the same shards"
    )
    command.set_defaults(command=_run)
    command = commands.add_parser(
        "bridge", help="move what the broker has to JetStream, until stopped"
    )
    command.set_defaults(command=_bridge)
    command = commands.add_parser("provision", help="register aids and issue certificates")
    command.add_argument("--manifest", type=Path, required=True, help="JSON lines, one aid each")
    identity.add_folders(command)
    command.add_argument(
        "--broker-host",
        action="append",
        metavar="HOST",
        help="name or address of the broker (default: localhost and 127.0.0.1)",
    )
    command.add_argument(
        "--node-host",
        action="append",
        metavar="HOST",
        help="name or address of a node of JetStream, each (default: none)",
    )
    command.add_argument(
        "--codes",
        action="store_true",
        help="make no keys for aids: print a code for each, with which its modem enrols itself",
    )
    command.set_defaults(command=_provision)
    command = commands.add_parser(
        "recovered", help="after a restore: ask all modems for what they sent last"
    )
    command.set_defaults(command=_recovered)
    command = commands.add_parser(
        "again", help="store what is in quarantine, once what kept it out is mended"
    )
    command.add_argument(
        "--reason", required=True, help="why it is there: defect, storage, unknown_device, ..."
    )
    command.add_argument(
        "--since",
        type=moment,
        required=True,
        metavar="TIME",
        help="received since then, such as 2026-11-20T22:00Z",
    )
    command.set_defaults(command=_again)
    identity.add_to(commands)
    packages.add_to(commands)
    command = commands.add_parser("settings", help="list the variables of the environment")
    command.set_defaults(command=_settings)
    return parser


def _shards(text: str) -> Shards:
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    if match is None or not int(match[1]) <= int(match[2]) < SHARD_COUNT:
        raise argparse.ArgumentTypeError(f"not a range within 0-{SHARD_COUNT - 1}: {text!r}")
    return Shards(int(match[1]), int(match[2]))


def _migrate(_: argparse.Namespace) -> None:
    settings = DatabaseSettings()
    with connect(settings.database_url, application="migrate") as connection:
        for migration in migrate(connection):
            print(f"applied {migration.file}")


def _run(options: argparse.Namespace) -> None:
    settings = IngestSettings()
    logs.configure("ingest", settings.log_level, settings.log_format)
    telling = tracer("ingest", settings.otlp_endpoint)
    source = _source(settings)
    url, host = settings.database_url, socket.gethostname()

    now = SteadyClock()

    def worker() -> Worker:
        leases = None
        if options.shared:
            leases = Leases(url, worker=unique_name(host), host=host)
        return Worker(
            tracer=telling,
            source=source,
            database_url=url,
            shards=options.shards,
            leases=leases,
            now=now,
            name=options.name,
        )

    process = host if options.shared else f"{options.name}-{options.shards}"
    working = Working(worker)
    exposition = metrics.expose(settings.metrics_listen, process=process, sources=[working.figures])
    # Messages come and go by the thousand and hold no cycles: looking for some costs a tenth.
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    asyncio.run(_until_signal(working.run))
    if exposition is not None:
        exposition.close()
    if telling is not None:
        telling.close()


def _broker(settings: IngestSettings) -> Address:
    return address(
        settings.mqtt_url,
        ca=settings.mqtt_ca,
        certificate=settings.mqtt_cert,
        key=settings.mqtt_key,
    )


def _source(settings: IngestSettings) -> Source:
    if settings.nats_url is None:
        return Mqtt(_broker(settings))
    from ingest.jetstream.line import JetStream  # noqa: PLC0415 - an extra, that few have

    return JetStream(_nodes(settings))


def _nodes(settings: IngestSettings) -> "Nodes":
    from ingest.jetstream.cluster import nodes  # noqa: PLC0415 - likewise

    files = (settings.mqtt_ca, settings.mqtt_cert, settings.mqtt_key)
    return nodes(settings.nats_url or "", context(*files) if all(files) else None)


def _bridge(_: argparse.Namespace) -> None:
    from ingest.jetstream.bridge import Bridge  # noqa: PLC0415 - likewise

    settings = IngestSettings()
    logs.configure("bridge", settings.log_level, settings.log_format)
    bridge = Bridge(
        _broker(settings),
        _nodes(settings),
        now=SteadyClock(),
        database_url=settings.database_url,
        replicas=settings.nats_replicas,
    )
    exposition = metrics.expose(settings.metrics_listen, process="bridge", sources=[bridge.figures])
    asyncio.run(_until_signal(bridge.run))
    if exposition is not None:
        exposition.close()


async def _until_signal(run: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_, stop.set)
    await run(stop)


def _provision(options: argparse.Namespace) -> None:
    from ingest.identity import broker_files  # noqa: PLC0415 - `run` signs nothing
    from ingest.provisioning.authority import read_issued  # noqa: PLC0415 - likewise

    settings = RegistrarSettings(mqtt_url="")
    now = datetime.now(UTC)
    folder = options.certificates
    authority = identity.open_authority(options, settings)
    hosts = tuple(options.broker_host or ("localhost", "127.0.0.1"))
    authority.issue_server("broker", hosts, now=now)
    if options.node_host:
        authority.issue_node(NODE, tuple(options.node_host), now=now)
    for each in PLATFORM_IDENTITIES:
        authority.issue_client(each, now=now)
    aids = list(read_manifest(options.manifest))
    names = [TEST_LIFT] if options.codes else [TEST_LIFT, *(aid.device for aid in aids)]
    made = [authority.issue_client(name, now=now) for name in names]
    everybody = [*PLATFORM_IDENTITIES, *names]
    with connect(settings.database_url, application="provision") as connection:
        registered = register(connection, aids)
        register_test_lift(connection)
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(
                identities.RECORD,
                [
                    read_issued(folder / f"{name}.crt")._asdict()
                    | {"origin": "provisioned", "now": now}
                    for name in everybody
                ],
            )
        root = (folder / "ca.crt").read_text(encoding="ascii")
        connection.execute(identities.TRUST, (root, now))
        denied = [name for (name,) in connection.execute(identities.DENIED)]
        revoked = connection.execute(identities.REVOKED, (now,)).fetchall()
        if options.codes:
            identity.print_codes(connection, [aid.device for aid in aids], now=now)
    broker_files.write(folder, broker_files.ACL, broker_files.access_list(denied).encode())
    broker_files.write(folder, broker_files.CRL, authority.revocations(revoked, now=now))
    print(f"{registered} aids registered, {len(made) - made.count(None)} certificates issued")


def _recovered(_: argparse.Namespace) -> None:
    settings = DatabaseSettings()
    recovery = secrets.token_hex(16)
    with connect(settings.database_url, application="recovered") as connection:
        connection.execute(statements.INSERT_RECOVERY, (recovery, datetime.now(UTC)))
    print(f"recovery {recovery}: modems send again what they have of the last days")


def _again(options: argparse.Namespace) -> None:
    async def store() -> Outcome:
        url = DatabaseSettings().database_url
        async with await connect_async(url, application="again") as connection:
            return await store_again(connection, reason=options.reason, since=options.since)

    logs.configure("again", "WARNING")
    outcome = asyncio.run(store())
    print(
        f"{outcome.stored} stored, {outcome.duplicate} were known already, "
        f"{outcome.quarantined} are refused again"
    )


def _settings(_: argparse.Namespace) -> None:
    for name, field in IngestSettings.model_fields.items():
        default = "required" if field.is_required() else f"default {field.default}"
        print(f"LIFTWACHT_{name.upper()}\t{field.description}\t{default}")


if __name__ == "__main__":
    sys.exit(main())
