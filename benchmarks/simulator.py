"""The simulator's figures: lift-days a minute without a broker, and what a live fleet costs.

    python -m benchmarks.simulator [--lifts 1000] [--seconds 60] [--days 20] [--plain] [--ingest]

Ten thousand lifts: --lifts 10000 --connects-per-second 200 --days 0 --tempo 1. With ``--ingest``
what they say is stored and acknowledged as well, and what the database knows of them is told.

Each line is a JSON object: name, value, unit, baseline, ratio (value to baseline). The baseline is
what was asked of the simulator, where something was.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.ingest import cpu_s, database, postmaster, wait_until
from ingest.provisioning.authority import Authority
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from simulator import manifest
from simulator.trace import run_household
from tests.support.broker import Broker
from tests.support.database import register_devices
from tests.support.worker import WorkerProcess, listening, query

LIFTS_ASKED = 10_000
KNOWN = {
    "messages": "SELECT sum(log_no)::int FROM shard",
    "online": "SELECT count(*) FROM device_presence WHERE online",
    "quarantined": "SELECT count(*) FROM quarantine",
}


def report(name: str, value: float, unit: str, baseline: float | None = None) -> None:
    ratio = None if baseline is None else round(value / baseline, 3)
    line = {"name": name, "value": round(value, 3), "unit": unit}
    print(json.dumps(line | {"baseline": baseline, "ratio": ratio}), flush=True)


def accelerated(days: int) -> None:
    """Let a few households live without a broker, on one core."""
    size = 0

    def count(line: bytes) -> None:
        nonlocal size
        size += len(line)

    began = time.process_time()
    for aid in manifest.records(size=days, seed=1):
        run_household(aid, count, days=1, seed=1)
    seconds = time.process_time() - began
    report("simulator.accelerated", days / seconds * 60, "lift-days/min/core")
    report("simulator.trace_size", size / days / 1024, "KiB/lift-day")


def live(
    lifts: int, seconds: float, connects_per_s: float, *, tls: bool, stored: bool, more: list[str]
) -> None:
    """Run a fleet against a mosquitto; measure it once all are up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "broker").mkdir()
        fleet_file = folder / "fleet.jsonl"
        manifest.write(fleet_file, size=lifts, seed=1)
        certificates = _certificates(folder, fleet_file) if tls else None
        with (
            Broker(folder / "broker", certificates=certificates) as broker,
            _storing(broker, certificates, fleet_file) if stored else nullcontext() as storing,
        ):
            command = ["--manifest", str(fleet_file), "--state", str(folder / "state")]
            command += [] if certificates is None else ["--certificates", str(certificates)]
            command += ["--connects-per-second", str(connects_per_s), "--incidents", "30", *more]
            log = folder / "log"
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "simulator", "fleet", *command],
                    env={**os.environ, "LIFTWACHT_MQTT_URL": broker.url},
                    stdout=output,
                    stderr=output,
                )
            try:
                processes = {"fleet": process.pid, "broker": broker.pid}
                if storing is not None:
                    processes |= {"ingest": storing.worker_pid, "database": storing.database_pid}
                _measure(processes, log, lifts=lifts, seconds=seconds, rate=connects_per_s)
                if storing is not None:
                    for what, statement in KNOWN.items():
                        report(f"simulator.{what}", query(storing.url, statement)[0][0], "in all")
            finally:
                began = time.monotonic()
                process.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=120)
                process.kill()
            report("simulator.fleet.stop", time.monotonic() - began, "s")


class _Storing(NamedTuple):
    """Who stores, and where."""

    url: str
    worker_pid: int
    database_pid: int


@contextmanager
def _storing(broker: Broker, certificates: Path | None, fleet_file: Path) -> Iterator[_Storing]:
    """Store and acknowledge what the lifts say."""
    with database() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
        register_devices(url, [aid.device for aid in manifest.read(fleet_file)])
        if certificates is not None:
            for name, file in (("CA", "ca.crt"), ("CERT", "ingest.crt"), ("KEY", "ingest.key")):
                os.environ[f"LIFTWACHT_MQTT_{name}"] = str(certificates / file)
        with WorkerProcess(broker, url) as worker:
            wait_until(lambda: listening(url))
            yield _Storing(url, worker.pid, postmaster(url))


def _certificates(folder: Path, fleet_file: Path) -> Path:
    """Issue a certificate for each aid, and the broker's."""
    certificates = folder / "certificates"
    authority, now = Authority.open(certificates, now=datetime.now(UTC)), datetime.now(UTC)
    authority.issue_server("broker", ("localhost", "127.0.0.1"), now=now)
    authority.issue_client("ingest", now=now)
    for aid in manifest.read(fleet_file):
        authority.issue_client(aid.device, now=now)
    return certificates


def _measure(
    processes: dict[str, int], log: Path, *, lifts: int, seconds: float, rate: float
) -> None:
    began = time.monotonic()
    while f"{lifts} of {lifts} lifts connected" not in log.read_text():
        if time.monotonic() - began > 300 + 2 * lifts / rate:
            sys.exit(f"the fleet does not come up:\n{log.read_text()[-2000:]}")
        time.sleep(0.5)
    up_s = time.monotonic() - began
    report("simulator.fleet.up", up_s, "s")
    report("simulator.fleet.connects", lifts / up_s, "lifts/s", rate)
    report("simulator.fleet.lifts", lifts, "lifts", LIFTS_ASKED)
    time.sleep(10)  # what is in the queues after the start
    running = {name: psutil.Process(pid) for name, pid in processes.items()}
    before, start = {name: cpu_s(pid) for name, pid in processes.items()}, time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - start
    for name, process in running.items():
        share = (cpu_s(process.pid) - before[name]) / elapsed
        report(f"simulator.{name}.cpu", share * 100, "% of a core")
        if name == "database":
            continue  # its processes share what they have in memory
        rss_mib = process.memory_info().rss / 2**20
        report(f"simulator.{name}.rss", rss_mib, "MiB")
        report(f"simulator.{name}.rss_per_lift", rss_mib * 1024 / lifts, "KiB")
        report(f"simulator.{name}.files", process.num_fds(), "open files")
    connected = int(re.findall(r"(\d+) of \d+ lifts connected", log.read_text())[-1])
    report("simulator.fleet.still_connected", connected, "lifts", lifts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lifts", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--connects-per-second", type=float, default=50)
    parser.add_argument("--plain", action="store_true", help="no TLS, no certificates")
    parser.add_argument("--ingest", action="store_true", help="store what they say")
    parser.add_argument("--tempo", type=float, default=10)
    parser.add_argument("--outboxes", choices=["disk", "memory"])
    arguments = parser.parse_args()
    if arguments.days:
        accelerated(arguments.days)
    live(
        arguments.lifts,
        arguments.seconds,
        arguments.connects_per_second,
        tls=not arguments.plain,
        stored=arguments.ingest,
        more=[
            *("--tempo", str(arguments.tempo)),
            *(["--outboxes", arguments.outboxes] if arguments.outboxes else []),
        ],
    )


if __name__ == "__main__":
    main()
