"""What it costs ingest to be watched: figures read each second, traces told, lines as JSON.

Readings, of which no traces are told, and faults, of which each is one. Rounds with and without
take turns. Processor time a message says more than messages a second where
other things run on the machine as well.
"""

import os
import statistics
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from benchmarks.ingest import (
    DEVICES,
    FIRST_SEQ,
    Load,
    cpu_s,
    database,
    report,
    store,
    wait_until,
)
from gateway.protocol.topics import Kind
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from tests.support.broker import Broker
from tests.support.database import register_devices
from tests.support.publisher import device_name
from tests.support.worker import WorkerProcess, listening

ROUNDS = 3
MESSAGES = 80_000
TOLD = {Kind.STATUS: MESSAGES, Kind.FAULT: MESSAGES // 4}
SCRAPE_EVERY_S = 1.0


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="liftwacht-bench-") as folder, database() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
        register_devices(url, [device_name(number) for number in range(DEVICES)])
        measure(Path(folder), url)


def measure(folder: Path, url: str) -> None:
    first_seq = FIRST_SEQ
    memory_mb = {False: 0.0, True: 0.0}
    for kind, messages in TOLD.items():
        load = Load(kind=kind, messages=messages)
        rates: dict[bool, list[float]] = {False: [], True: []}
        cpu_us: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(ROUNDS):
            for watched in (False, True):
                with (
                    Broker(folder, persistent=False) as broker,
                    environment(watched),
                    WorkerProcess(broker, url) as worker,
                ):
                    wait_until(lambda: listening(url))
                    before = cpu_s(worker.pid)
                    seconds = store(broker, url, first_seq, load)
                    rates[watched].append(messages / seconds)
                    cpu_us[watched].append((cpu_s(worker.pid) - before) / messages * 1e6)
                    held_mb = psutil.Process(worker.pid).memory_info().rss / 2**20
                    memory_mb[watched] = max(memory_mb[watched], held_mb)
                first_seq += messages // DEVICES
        for name, unit, found in (
            (f"ingest of {kind}, watched", "messages/s", rates),
            (f"ingest of {kind}, watched, CPU", "us/message", cpu_us),
        ):
            medians = {watched: statistics.median(values) for watched, values in found.items()}
            report(name, medians[True], unit, baseline=medians[False], spread=found[True])
    report("ingest, watched, memory", memory_mb[True], "MiB", baseline=memory_mb[False])


@contextmanager
def environment(watched: bool) -> Iterator[None]:  # noqa: FBT001 - what the rounds are about
    """Have the next worker be watched, or not."""
    if not watched:
        yield
        return
    with sink() as collector:
        with free_port() as port:
            listen = f"127.0.0.1:{port}"
        added = {
            "LIFTWACHT_METRICS_LISTEN": listen,
            "LIFTWACHT_OTLP_ENDPOINT": collector,
            "LIFTWACHT_LOG_FORMAT": "json",
        }
        os.environ.update(added)
        done = threading.Event()
        scraping = threading.Thread(target=scrape, args=(f"http://{listen}/metrics", done))
        scraping.start()
        try:
            yield
        finally:
            done.set()
            scraping.join()
            for name in added:
                del os.environ[name]


def scrape(url: str, done: threading.Event) -> None:
    while not done.wait(SCRAPE_EVERY_S):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own
                answer.read()
        except OSError:
            continue  # not up yet, or gone


@contextmanager
def sink() -> Iterator[str]:
    """Run a collector that takes everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the figures clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def free_port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        yield server.server_port


if __name__ == "__main__":
    main()
