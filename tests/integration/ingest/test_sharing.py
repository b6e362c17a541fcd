"""Workers that share the shards: a death, a pause and a departure under load, with known truth."""

import asyncio
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest

from ingest import statements as writing
from ingest.sharing.leases import FencedError, Leases
from ingest.sharing.parts import PART_COUNT
from tests.support import telemetry as say
from tests.support.broker import Broker
from tests.support.database import register_devices
from tests.support.engine import engine_process
from tests.support.worker import Lift, WorkerProcess, query, until

DEVICES = [f"sl-{number:06d}" for number in range(48)]
SAID_BY_EACH = 60  # of which the last is a call for help
PAUSE_S = 0.15


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path, persistent=False) as running:
        yield running


def holders(database: str) -> Counter[str]:
    found = query(
        database,
        "SELECT holder FROM ingest_part JOIN ingest_worker ON worker = holder"
        " WHERE fenced_at IS NULL",
    )
    return Counter(holder for (holder,) in found)


def even(database: str, workers: int) -> bool:
    held = sorted(holders(database).values())
    return len(held) == workers and sum(held) == PART_COUNT and held[-1] - held[0] <= 1


def heard(database: str) -> bool:
    listening = query(
        database,
        "SELECT count(*) FROM listener JOIN ingest_part ON part = first_shard / 4"
        " WHERE listener.holder = ingest_part.holder AND listening_since IS NOT NULL",
    )
    return bool(listening == [(PART_COUNT,)])


# Five processes begin at once, beside whatever else the machine does.
patiently = partial(until, deadline_s=90)


class Crowd:
    """Lifts that all talk at once, a while long, and then all call for help."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._thread = threading.Thread(target=self._talk)
        self.said = 0

    def _talk(self) -> None:
        with Lift(self._broker, device="any", client_id="crowd") as lift:
            sent: list[Any] = []
            for seq in range(1, SAID_BY_EACH + 1):
                for device in DEVICES:
                    if seq == SAID_BY_EACH:
                        message: Any = say.call(
                            seq, device=device, call_id=f"{int(device[3:]):032x}"
                        )
                    else:
                        message = (say.usage if seq % 4 == 0 else say.status)(seq, device=device)
                    sent.append(lift.send(message))
                    self.said += 1
                time.sleep(PAUSE_S)
            for each in sent:
                each.wait_for_publish(30)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(60)


@pytest.mark.slow
async def test_whoever_dies_or_sleeps_under_load_nothing_is_lost_doubled_or_late_for_ever(
    broker: Broker, database: str
) -> None:
    register_devices(database, DEVICES)
    total = len(DEVICES) * SAID_BY_EACH
    with ExitStack() as stack:
        workers = [WorkerProcess(broker, database, "--shared") for _ in range(3)]
        for worker in workers:
            worker.start()
            stack.callback(worker.kill)
        engines = [stack.enter_context(engine_process(database, broker)) for _ in range(2)]
        await patiently(lambda: even(database, 3) and heard(database), "an even share")
        before = set(holders(database))
        with Crowd(broker) as crowd:
            await patiently(lambda: crowd.said > total / 6, "some talk")
            workers[0].kill()
            await patiently(lambda: even(database, 2), "the dead one's parts")
            await patiently(lambda: crowd.said > total / 2, "more talk")
            os.kill(workers[1].pid, signal.SIGSTOP)
            engines[0].kill()
            os.kill(engines[1].pid, signal.SIGSTOP)
            await patiently(lambda: even(database, 1), "the paused one's parts")
            stack.enter_context(engine_process(database, broker))
            os.kill(workers[1].pid, signal.SIGCONT)
            await patiently(lambda: even(database, 2), "the paused one, under another name")
            assert len(set(holders(database)) & before) == 1
        stored = "SELECT count(*) FROM outbox WHERE seen = %s::int8multirange"
        everything = f"{{[1,{SAID_BY_EACH + 1})}}"
        await patiently(
            lambda: query(database, stored, everything) == [(len(DEVICES),)],
            "every message",
        )
        calls = [(len(DEVICES),)]
        await patiently(
            lambda: query(database, "SELECT count(DISTINCT device_id) FROM ticket") == calls,
            "a ticket for each call, with one engine dead and one asleep",
        )
        os.kill(engines[1].pid, signal.SIGCONT)
        assert workers[2].stop() == 0
        await patiently(lambda: even(database, 1) and heard(database), "what was given back")
    rows = {
        table: query(database, f"SELECT count(*), count(DISTINCT (device_id, seq)) FROM {table}")
        for table in ("status", "usage", "call")
    }
    usages = len(DEVICES) * ((SAID_BY_EACH - 1) // 4)
    expected = {"usage": usages, "call": len(DEVICES), "status": total - usages - len(DEVICES)}
    assert rows == {table: [(count, count)] for table, count in expected.items()}
    log = " UNION ALL ".join(f"SELECT shard, log_no FROM {table}" for table in expected)
    gaps = query(
        database,
        f"SELECT shard FROM ({log}) AS log GROUP BY shard"
        " HAVING count(*) <> max(log_no) OR count(DISTINCT log_no) <> count(*)",
    )
    assert gaps == []
    assert query(database, "SELECT count(*) FROM ticket") == calls


async def test_who_was_paused_in_a_transaction_is_shot_and_writes_nothing_any_more(
    database: str,
) -> None:
    paused = Leases(database, worker="paused-1", host="here")
    other = Leases(database, worker="other-1", host="here")
    stop = asyncio.Event()
    took: dict[str, list[int]] = {"paused": [], "other": []}

    async def give(_: int) -> None:
        raise AssertionError

    first = asyncio.create_task(paused.run(stop, take=took["paused"].append, give=give))
    await until(lambda: len(took["paused"]) == PART_COUNT, "everything")
    lane = await paused.connect("paused-1/0")
    await lane.execute("BEGIN")
    await lane.execute(writing.LOCK_SHARDS, ([0, 1, 2],))
    first.cancel()  # it renews nothing any more
    query(
        database, "UPDATE ingest_worker SET seen_at = now() - interval '1 minute' RETURNING worker"
    )
    second = asyncio.create_task(other.run(stop, take=took["other"].append, give=give))
    await until(lambda: len(took["other"]) == PART_COUNT, "everything of the dead one")
    assert other.taken_over == PART_COUNT
    with pytest.raises(psycopg.OperationalError):
        await lane.execute(writing.ADVANCE_SHARDS, ("[]",))
    await lane.close()
    with pytest.raises(FencedError):
        await paused.connect("paused-1/0")
    with pytest.raises(FencedError):  # nor does it come back by itself
        await paused.run(stop, take=took["paused"].append, give=give)
    stop.set()
    await second
    await other.leave()
    assert query(database, "SELECT count(*) FROM ingest_part WHERE holder IS NULL") == [
        (PART_COUNT,)
    ]
    assert query(database, "SELECT worker FROM ingest_worker") == [("paused-1",)]
