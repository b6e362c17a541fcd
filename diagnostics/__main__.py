"""``liftwacht-diagnostics``: judge the log as it grows, or any past stretch; train models."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import psycopg
from pydantic import ValidationError

from diagnostics import store
from diagnostics.analyst import Analyst
from diagnostics.campaigns import clockwork as campaigns
from diagnostics.campaigns import command as campaign
from diagnostics.complaints import clockwork as complaints
from diagnostics.deliveries import clockwork as commissions
from diagnostics.engine import Engine
from diagnostics.escalation.escalator import Escalator
from diagnostics.misuse import command as misuse
from diagnostics.misuse.registrar import Registrar
from diagnostics.models import command as models
from diagnostics.notifications import office
from diagnostics.objectives.surroundings import Surroundings
from diagnostics.replay import Found, replay
from diagnostics.right_of_way import RightOfWay
from diagnostics.selftest.probe import Probe
from diagnostics.settings import DiagnosticsSettings, SelfTestSettings
from diagnostics.tickets import contracts
from diagnostics.tickets.clockwork import Clockwork
from diagnostics.tracks import Tracks
from diagnostics.vigil.watch import Vigil
from gateway import logs, metrics
from gateway.mqtt import LinkSettings, Tls
from ingest.arguments import moment
from ingest.broker import address
from ingest.clock import SteadyClock
from ingest.provisioning.manifest import TEST_LIFT
from ingest.settings import DatabaseSettings, problems
from ingest.storage.pool import connect_async
from ingest.tracing import tracer

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except ValidationError as error:
        print(*problems(error), sep="\n", file=sys.stderr)
        return 2
    except (psycopg.Error, OSError, ValueError, LookupError) as error:
        print(f"liftwacht-diagnostics: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="liftwacht-diagnostics", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("run", help="judge what lifts say, until stopped")
    command.add_argument(
        "--name",
        default=f"diagnostics-{socket.gethostname()}",
        help="distinguishes engines in health (default: by host)",
    )
    command.add_argument(
        "--lanes",
        choices=("all", "emergency", "analysis"),
        default="all",
        help="what to judge; large fleets run analysis in processes of its own (default: all)",
    )
    command.set_defaults(command=_run)
    command = commands.add_parser(
        "replay", help="print what is found in what was received in an interval, as JSON lines"
    )
    command.add_argument("--from", dest="since", type=moment, required=True, metavar="TIME")
    command.add_argument("--until", type=moment, required=True, metavar="TIME")
    command.add_argument("--device", metavar="NAME", help="this aid only")
    command.set_defaults(command=_replay)
    command = commands.add_parser(
        "self-test", help="be the test lift: call for help at a set interval, until stopped"
    )
    command.set_defaults(command=_self_test)
    models.add_to(commands)
    contracts.add_to(commands)
    misuse.add_to(commands)
    campaign.add_to(commands)
    return parser


def _run(options: argparse.Namespace) -> None:
    settings = DiagnosticsSettings()
    logs.configure("diagnostics", settings.log_level, settings.log_format)
    asyncio.run(_serve(settings, options.name, options.lanes))


async def _serve(settings: DiagnosticsSettings, name: str, lanes: str) -> None:
    now = SteadyClock()
    way = RightOfWay()
    telling = tracer("diagnostics", settings.otlp_endpoint)
    tracks = None if telling is None else Tracks(telling)
    parts: list[office.Part] = []
    if lanes != "analysis":
        engine = Engine(settings.database_url, name=name, now=now, way=way, tracks=tracks)
        parts.append(engine)
        parts.append(Escalator(settings.database_url, name=name, now=now))
        others = (commissions.tick, complaints.tick, campaigns.tick)
        parts.append(Clockwork(settings.database_url, name=name, now=now, others=others))
        parts.append(Registrar(settings.database_url, name=name, now=now))
        parts.append(_vigil(settings, name, now))
        parts.extend(office.parts(settings, now=now, tracks=tracks))
    if lanes != "emergency":
        parts.append(Analyst(settings.database_url, name=name, now=now, way=way))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_, stop.set)
    exposition = metrics.expose(
        settings.metrics_listen,
        process=name,
        sources=[part.figures for part in parts if isinstance(part, metrics.Telling)],
    )
    logger.info("%s (process %d) judges the log", name, os.getpid())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(part.run()) for part in parts]
        await stop.wait()
        for task in tasks:
            task.cancel()
    if exposition is not None:
        exposition.close()
    if telling is not None:
        telling.close()
    logger.info("stopped")


def _vigil(settings: DiagnosticsSettings, name: str, now: SteadyClock) -> Vigil:
    every_s = settings.self_test_every_s
    return Vigil(
        settings.database_url,
        name=name,
        now=now,
        watchdog_url=settings.watchdog_url,
        test_every=None if every_s is None else timedelta(seconds=every_s),
        surroundings=Surroundings(
            disks=settings.disks,
            files=[path for path in (settings.mqtt_ca, settings.mqtt_cert) if path is not None],
            folder=settings.certificates,
        ),
    )


def _self_test(_: argparse.Namespace) -> None:
    settings = SelfTestSettings()
    logs.configure("self-test", settings.log_level, settings.log_format)
    # Checks the address, and that the files are there.
    broker = address(
        settings.mqtt_url,
        ca=settings.mqtt_ca,
        certificate=settings.mqtt_cert,
        key=settings.mqtt_key,
    )
    tls = None
    if settings.mqtt_ca and settings.mqtt_cert and settings.mqtt_key and broker.tls:
        tls = Tls(ca=settings.mqtt_ca, certificate=settings.mqtt_cert, key=settings.mqtt_key)
    probe = Probe(
        LinkSettings(host=broker.host, port=broker.port, tls=tls, version=settings.mqtt_protocol),
        device=TEST_LIFT,
        every_s=settings.self_test_every_s,
        state=settings.self_test_state,
    )
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: probe.stop())
    logger.info("the test lift calls every %g s", settings.self_test_every_s)
    exposition = metrics.expose(
        settings.metrics_listen, process="self-test", sources=[probe.figures]
    )
    probe.run()
    if exposition is not None:
        exposition.close()


def _replay(options: argparse.Namespace) -> None:
    settings = DatabaseSettings()
    asyncio.run(_print_replay(settings.database_url, options.since, options.until, options.device))


async def _print_replay(
    database_url: str, since: datetime, until: datetime, device: str | None
) -> None:
    async with await connect_async(database_url, application="liftwacht-replay") as conn:
        await conn.set_read_only(True)
        async with conn.transaction():
            async for found in replay(conn, since=since, until=until, device=device):
                print(_line(found))


def _line(found: Found) -> str:
    finding = found.finding
    line = {
        "at": found.at,
        "device": found.device,
        "detector": found.detector,
        "version": found.version,
        "what": finding.what,
        "asks": finding.asks,
        "usable": finding.usable,
        "episode": finding.key,
        "level": finding.level,
        "ticket": found.opens_ticket,
        "since": finding.since,
        "ended_at": finding.ended_at,
        "reasons": store.reasons_of(finding),
        "evidence": store.evidence_of(finding, found.shard),
        "confidence": finding.confidence,
        "otherwise": store.alternatives_of(finding),
        "forecast": store.forecast_of(finding),
    }
    return msgspec.json.encode(line).decode()


if __name__ == "__main__":
    sys.exit(main())
