"""The simulator's figures: lift-days a minute without a broker, and what a live fleet costs.

    python -m benchmarks.simulator [--lifts 1000] [--seconds 60] [--days 20] [--plain]

Ten thousand lifts: --lifts 10000 --connects-per-second 200 --days 0 --tempo 1.

Each line is a JSON object: name, value, unit, baseline, ratio (value to baseline). The baseline is
what was asked of the simulator, where something was.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from ingest.provisioning.authority import Authority
from simulator import manifest
from simulator.trace import run_household
from tests.support.broker import Broker

LIFTS_ASKED = 10_000


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


def live(lifts: int, seconds: float, connects_per_s: float, *, tls: bool, more: list[str]) -> None:
    """Run a fleet against a mosquitto; measure it once all are up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "broker").mkdir()
        fleet_file = folder / "fleet.jsonl"
        manifest.write(fleet_file, size=lifts, seed=1)
        certificates = _certificates(folder, fleet_file) if tls else None
        with Broker(folder / "broker", certificates=certificates) as broker:
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
                _measure(processes, log, lifts=lifts, seconds=seconds, rate=connects_per_s)
            finally:
                began = time.monotonic()
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=120)
                process.kill()
            report("simulator.fleet.stop", time.monotonic() - began, "s")


def _certificates(folder: Path, fleet_file: Path) -> Path:
    """Issue a certificate for each aid, and the broker's."""
    certificates = folder / "certificates"
    authority, now = Authority.open(certificates, now=datetime.now(UTC)), datetime.now(UTC)
    authority.issue_server("broker", ("localhost", "127.0.0.1"), now=now)
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
    before, start = {n: sum(p.cpu_times()[:2]) for n, p in running.items()}, time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - start
    for name, process in running.items():
        share = (sum(process.cpu_times()[:2]) - before[name]) / elapsed
        rss_mib = process.memory_info().rss / 2**20
        report(f"simulator.{name}.cpu", share * 100, "% of a core")
        report(f"simulator.{name}.rss", rss_mib, "MiB")
        report(f"simulator.{name}.rss_per_lift", rss_mib * 1024 / lifts, "KiB")
        report(f"simulator.{name}.files", process.num_fds(), "open files")
    last = [line for line in log.read_text().splitlines() if "lifts connected" in line][-1]
    connected = int(last.split(" lifts connected")[0].rsplit(" ", 3)[1])
    report("simulator.fleet.still_connected", connected, "lifts", lifts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lifts", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--connects-per-second", type=float, default=50)
    parser.add_argument("--plain", action="store_true", help="no TLS, no certificates")
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
        more=[
            *("--tempo", str(arguments.tempo)),
            *(["--outboxes", arguments.outboxes] if arguments.outboxes else []),
        ],
    )


if __name__ == "__main__":
    main()
