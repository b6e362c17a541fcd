"""How long shards are unheard when a worker that shares them is killed.

    python -m benchmarks.takeover [--rounds 5]

Three workers share; one is killed (-9), and the time taken until all parts have another holder,
and until those hear all of them. Then another is started and the shares are even again.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.ingest import database, report
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from tests.support.broker import Broker
from tests.support.sharing import even, heard
from tests.support.worker import WorkerProcess, until

WORKERS = 3
PATIENCE_S = 120.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory(prefix="liftwacht-bench-") as folder,
        database() as url,
        Broker(Path(folder)) as broker,
    ):
        with connect(url, application="bench") as connection:
            migrate(connection)
        asyncio.run(measure(broker, url, rounds))


async def measure(broker: Broker, url: str, rounds: int) -> None:
    """Kill one worker after the other, each time with all three there."""
    taken_s, heard_s = [], []
    workers = [WorkerProcess(broker, url, "--shared") for _ in range(WORKERS)]
    try:
        for worker in workers:
            worker.start()
        for number in range(rounds):
            await _wait(lambda: even(url, WORKERS) and heard(url), "an even share")
            worker = workers[number % WORKERS]
            worker.kill()
            began_s = time.perf_counter()
            await _wait(lambda: even(url, WORKERS - 1), "others have them")
            taken_s.append(time.perf_counter() - began_s)
            await _wait(lambda: heard(url), "others hear them")
            heard_s.append(time.perf_counter() - began_s)
            worker.start()
    finally:
        for worker in workers:
            worker.kill()
    for what, times in (("have another holder", taken_s), ("are heard again", heard_s)):
        value = sorted(times)[len(times) // 2]
        report(f"takeover, kill -9 until all parts {what}", value, "s", spread=times)
    report("takeover, load of the machine", os.getloadavg()[0], "processes")


async def _wait(condition: Callable[[], bool], what: str) -> None:
    await until(condition, what, deadline_s=PATIENCE_S)


if __name__ == "__main__":
    main()
