"""How long an SOS takes from being published to its committed ticket.

Idle, under load, and under load just after the engine was away.

Real broker, database, ingest and diagnostics as processes. The load is that of
``benchmarks.ingest``: lifts that ride, at the rate that is given (messages a second).
The database has been in service for a while: files of its log are there to be used again, as
docker-compose.yml has it. To make a new one holds up all who commit.

Memory of every process is read at the end of the loaded run.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import psutil
import psycopg
from paho.mqtt.enums import CallbackAPIVersion

from gateway.protocol.codec import encode
from gateway.protocol.messages import Call, Sample
from gateway.protocol.topics import Kind, topic_of
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Demand,
    Landing,
    Mode,
    Seat,
    Signals,
)
from tests.support.platform import REPOSITORY, Platform
from tests.support.publisher import device_name

CALLS = 200
LOAD_DEVICES = 1_000
PUBLISHERS = 2
PAUSE_S = 0.1
LIMIT_MS = 250.0
DEFAULT_LOAD_PER_S = 9_000
SETTLE_S = 3.0
OUTAGE_S = 15.0
LOG_SIZES = {"min_wal_size": "2GB", "max_wal_size": "4GB"}

STUCK = Sample(
    offset_ms=0,
    position_mm=2_000,
    speed_mm_s=0,
    current_ma=0,
    battery_mv=25_000,
    seat=Seat.OCCUPIED,
    demand=Demand.NONE,
    mode=Mode.NORMAL,
    landing=Landing.BETWEEN,
    signals=int(Signals.SOS),
)


def main() -> None:
    load_per_s = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_LOAD_PER_S
    names = [device_name(number) for number in range(LOAD_DEVICES + 3 * CALLS)]
    callers = names[LOAD_DEVICES:]
    with tempfile.TemporaryDirectory(prefix="liftwacht-bench-") as folder:
        manifest = [_aid(name) for name in names]
        settings = {"LIFTWACHT_LOG_LEVEL": "ERROR"}
        with Platform(Path(folder), manifest, settings, tls=False) as platform:
            _let_serve(platform)
            report("idle", _calls(platform, callers[:CALLS]), load_per_s=0)
            seconds = 2 * CALLS * (PAUSE_S + 0.2) + 4 * SETTLE_S + OUTAGE_S
            with _load(platform, load_per_s, seconds):
                time.sleep(SETTLE_S)
                delays = _calls(platform, callers[CALLS : 2 * CALLS])
                memory = _memory(platform)
                report("under load", delays, load_per_s=load_per_s)
                platform.processes["diagnostics"].stop()
                time.sleep(OUTAGE_S)
                platform.processes["diagnostics"].start()
                time.sleep(SETTLE_S)
                delays = _calls(platform, callers[2 * CALLS :])
            report("after an outage under load", delays, load_per_s=load_per_s)
            for name, megabytes in memory.items():
                print(json.dumps({"name": f"memory of {name}", "value": megabytes, "unit": "MB"}))


def _let_serve(platform: Platform) -> None:
    """Let the database write so much log that it need make no new file of it in this run."""
    with psycopg.connect(platform.cluster.url, autocommit=True) as database:
        for name, size in LOG_SIZES.items():
            database.execute(f"ALTER SYSTEM SET {name} = '{size}'".encode())
        database.execute(b"SELECT pg_reload_conf()")
        database.execute(
            b"SELECT count(pg_logical_emit_message(false, 'bench', repeat('.', 1000000)))"
            b" FROM generate_series(1, 2000)"
        )
        database.execute(b"CHECKPOINT")
        database.execute(b"SELECT pg_switch_wal()")
        database.execute(b"CHECKPOINT")


def report(what: str, delays_ms: list[float], *, load_per_s: int) -> None:
    cuts = statistics.quantiles(delays_ms, n=100)
    for name, value in (("p50", cuts[49]), ("p99", cuts[98])):
        line = {
            "name": f"SOS to ticket, {what}, {name}",
            "value": round(value, 1),
            "unit": "ms",
            "baseline": LIMIT_MS,
            "ratio": round(value / LIMIT_MS, 3),
            "load_per_s": load_per_s,
            "calls": len(delays_ms),
        }
        print(json.dumps(line), flush=True)


def _calls(platform: Platform, callers: list[str]) -> list[float]:
    """Let one lift after the other call; return how long each waited for its ticket, in ms."""
    rng = random.Random(1)  # noqa: S311
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-calls")
    client.connect(platform.broker.host, platform.broker.port)
    client.loop_start()
    delays = []
    connect = psycopg.connect
    with (
        connect(platform.database_url, autocommit=True) as ears,
        connect(platform.database_url, autocommit=True) as database,
    ):
        ears.execute("LISTEN liftwacht_live")
        for name in callers:
            time.sleep(PAUSE_S * rng.uniform(0.5, 1.5))
            call = _call(name, rng)
            began = time.perf_counter()
            client.publish(topic_of(name, Kind.CALL), encode(call), qos=1)
            for notice in ears.notifies(timeout=30):
                if json.loads(notice.payload)["kind"] != "ticket":
                    continue
                row = database.execute(
                    "SELECT 1 FROM ticket JOIN device USING (device_id) WHERE name = %s", [name]
                ).fetchone()
                if row is not None:
                    break
            else:
                raise AssertionError(f"no ticket for {name} within 30 s")
            delays.append((time.perf_counter() - began) * 1000)
    client.disconnect()
    client.loop_stop()
    return delays


def _call(name: str, rng: random.Random) -> Call:
    now_ms = int(time.time() * 1000)
    return Call(
        device=name,
        outbox=f"{rng.getrandbits(128):032x}",
        seq=1,
        time_ms=now_ms,
        call_id=f"{rng.getrandbits(128):032x}",
        reason=CallReason.SOS,
        phase=CallPhase.RAISED,
        since_ms=now_ms,
        sample=STUCK,
    )


@contextmanager
def _load(platform: Platform, per_s: int, seconds: float) -> Iterator[None]:
    """Have lifts ride at that rate, from processes of their own."""
    each = int(per_s * seconds / PUBLISHERS)
    publishers = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.support.publisher", str(platform.broker.port)),
                *map(str, (LOAD_DEVICES, 1, each, number, PUBLISHERS)),
                *("--per-second", str(per_s / PUBLISHERS)),
            ],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PUBLISHERS)
    ]
    try:
        for publisher in publishers:
            assert publisher.stdout is not None
            publisher.stdout.readline()
        for publisher in publishers:
            assert publisher.stdin is not None
            publisher.stdin.write("go\n")
            publisher.stdin.flush()
        yield
    finally:
        for publisher in publishers:
            publisher.terminate()
            publisher.wait()


def _memory(platform: Platform) -> dict[str, float]:
    pids = {"broker": platform.broker.pid}
    pids |= {name: process.pid for name, process in platform.processes.items()}
    return {
        name: round(psutil.Process(pid).memory_info().rss / 2**20, 1) for name, pid in pids.items()
    }


def _aid(name: str) -> dict[str, Any]:
    return {
        "device": name,
        "kind": "stairlift",
        "maker": "T498",
        "model": "straight",
        "serial_number": name,
        "rail_length_mm": 4_700,
        "municipality_code": "GM0405",
        "postcode4": 1_621,
        "client_number": f"C-{name[3:]}",
        "wholly_dependent": True,
    }


if __name__ == "__main__":
    main()
