"""``python -m simulator replay``: a recording played again."""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from msgspec import structs

from gateway.clock import SystemClock
from gateway.link import LinkSettings, Tls
from gateway.loop import Loop
from gateway.protocol.topics import is_device_name
from simulator.replay.player import Player
from simulator.replay.rebase import Plan, rebased
from simulator.replay.recordings import CSV_FIELDS, RecordingError, parse_column, read
from simulator.said import Said
from simulator.years.writers import line_of

SLOWEST, FASTEST = 1.0, 100.0
HELPERS = 4


def add_to(commands: Any) -> None:
    """Add the subcommand."""
    replay = commands.add_parser("replay", help="play a recording again: JSONL, Parquet or CSV")
    replay.add_argument("recording", type=Path, metavar="FILE")
    replay.add_argument("--speed", type=speed, default=1.0, help="1 to 100, or max")
    replay.add_argument("--broker", metavar="URL", help="mqtt(s)://host:port; default: printed")
    replay.add_argument("--certificates", type=Path, help="needed for mqtts")
    replay.add_argument("--device", help="of a CSV without that column")
    replay.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=NAME[*FACTOR]",
        help=f"of a CSV; fields: {', '.join(CSV_FIELDS)}",
    )
    replay.add_argument("--keep-times", action="store_true", help="in the messages")
    replay.add_argument("--keep-ids", action="store_true", help="of outboxes and calls")
    replay.set_defaults(command=run)


def speed(text: str) -> float | None:
    """Read ``max`` (None) or a number. Raises ArgumentTypeError."""
    if text == "max":
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not SLOWEST <= factor <= FASTEST:
        raise argparse.ArgumentTypeError(f"{SLOWEST:g} to {FASTEST:g}, or max, not {text!r}")
    return factor


def run(arguments: argparse.Namespace) -> int:
    """Play it. Raises RecordingError, ValueError, OSError for input that is wrong."""
    if arguments.device is not None and not is_device_name(arguments.device):
        raise RecordingError(f"not a device's name: {arguments.device!r}")
    recording = read(
        arguments.recording,
        columns=dict(parse_column(text) for text in arguments.column),
        device=arguments.device,
    )
    if not recording:
        raise RecordingError(f"{arguments.recording}: nothing to play")
    plan = Plan(
        from_ms=recording[0].received_ms,
        to_ms=recording[-1].received_ms,
        start_ms=time.time_ns() // 1_000_000,
        speed=arguments.speed,
        keep_times=arguments.keep_times,
        run="" if arguments.keep_ids else uuid4().hex,
    )
    if arguments.broker is None:
        return _print(recording, plan)
    return _publish(recording, plan, link_of(arguments.broker), arguments.certificates)


def link_of(url: str) -> LinkSettings:
    """Return where the broker is.

    Raises:
        ValueError: not ``mqtt(s)://host:port``, or LIFTWACHT_MQTT_PROTOCOL is wrong.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise ValueError(f"--broker must be mqtt(s)://host:port, not {url!r}")
    port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
    link = LinkSettings(host=parts.hostname, port=port)
    if os.environ.get("LIFTWACHT_MQTT_PROTOCOL", "5") == "3.1.1":
        link = structs.replace(link, version="3.1.1")
    return link


def _print(recording: Sequence[Said], plan: Plan) -> int:
    stopping = threading.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: stopping.set())
    for said in recording:
        wait_ms = plan.due_ms(said.received_ms) - time.time_ns() // 1_000_000
        if stopping.wait(max(0, wait_ms) / 1000):
            break
        sys.stdout.buffer.write(line_of(rebased(said, plan)))
        if wait_ms > 0:
            sys.stdout.buffer.flush()
    sys.stdout.buffer.flush()
    return 0


def _publish(
    recording: Sequence[Said], plan: Plan, link: LinkSettings, certificates: Path | None
) -> int:
    loop = Loop(SystemClock(), helpers=HELPERS)
    devices = sorted({said.device for said in recording})
    links = {device: _own(link, device, certificates) for device in devices}
    player = Player(recording, plan, links, loop=loop)
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: player.stop())
    began_s = time.perf_counter()
    try:
        player.run()
    finally:
        loop.close()
    seconds = time.perf_counter() - began_s
    found = {
        "devices": len(devices),
        "messages": player.played,
        "of": player.total,
        "seconds": round(seconds, 2),
        "messages_per_s": round(player.played / seconds),
    }
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def _own(link: LinkSettings, device: str, certificates: Path | None) -> LinkSettings:
    if certificates is None:
        return link
    return structs.replace(
        link,
        tls=Tls(
            ca=certificates / "ca.crt",
            certificate=certificates / f"{device}.crt",
            key=certificates / f"{device}.key",
        ),
    )
