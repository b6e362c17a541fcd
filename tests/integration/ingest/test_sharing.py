"""Workers that share the shards: a death, a pause and a departure under load, with known truth."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg
import pytest

from ingest import statements as writing
from ingest.broker import address
from ingest.line import Mqtt
from ingest.sharing.leases import RENEW_S, FencedError, Leases
from ingest.sharing.parts import PART_COUNT
from ingest.worker import Worker
from tests.support.broker import Broker
from tests.support.crowd import DEVICES, Crowd
from tests.support.database import register_devices
from tests.support.engine import engine_process
from tests.support.relay import Relay
from tests.support.sharing import even, heard, holders
from tests.support.worker import WorkerProcess, query, until

SAID_BY_EACH = 60
DEAF_AFTER_S = 3.0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path, persistent=False) as running:
        yield running


# Five processes begin at once, beside whatever else the machine does.
patiently = partial(until, deadline_s=90)


@pytest.mark.slow
async def test_whoever_dies_or_sleeps_under_load_nothing_is_lost_doubled_or_late_for_ever(
    broker: Broker, database: str
) -> None:
    register_devices(database, DEVICES)
    crowd = Crowd(broker, each=SAID_BY_EACH)
    with ExitStack() as stack:
        workers = [WorkerProcess(broker, database, "--shared") for _ in range(3)]
        for worker in workers:
            worker.start()
            stack.callback(worker.kill)
        engines = [stack.enter_context(engine_process(database, broker)) for _ in range(2)]
        await patiently(lambda: even(database, 3) and heard(database), "an even share")
        before = set(holders(database))
        with crowd:
            await patiently(lambda: crowd.said > crowd.total / 6, "some talk")
            workers[0].kill()
            await patiently(lambda: even(database, 2), "the dead one's parts")
            await patiently(lambda: crowd.said > crowd.total / 2, "more talk")
            os.kill(workers[1].pid, signal.SIGSTOP)
            engines[0].kill()
            os.kill(engines[1].pid, signal.SIGSTOP)
            await patiently(lambda: even(database, 1), "the paused one's parts")
            stack.enter_context(engine_process(database, broker))
            os.kill(workers[1].pid, signal.SIGCONT)
            await patiently(lambda: even(database, 2), "the paused one, under another name")
            # On a machine that is far too busy the third may have been taken for dead as well.
            assert set(holders(database)) - before
        await patiently(lambda: crowd.stored(database), "every message")
        calls = [(len(DEVICES),)]
        await patiently(
            lambda: query(database, "SELECT count(DISTINCT device_id) FROM ticket") == calls,
            "a ticket for each call, with one engine dead and one asleep",
        )
        os.kill(engines[1].pid, signal.SIGCONT)
        assert workers[2].stop() == 0
        await patiently(lambda: even(database, 1) and heard(database), "what was given back")
    crowd.assert_stored_once(database)
    assert query(database, "SELECT count(*) FROM ticket") == calls


class There:
    """A broker that is always heard."""

    def hears(self) -> bool:
        return True

    async def knock(self) -> None:
        raise AssertionError


async def test_who_was_kept_from_the_database_itself_takes_nobody_for_dead(database: str) -> None:
    leases, stop = Leases(database, worker="me-1", host="here"), asyncio.Event()
    held: set[int] = set()

    async def give(part: int) -> None:
        held.discard(part)

    def seen(name: str) -> datetime:
        seen_at = query(database, "SELECT seen_at FROM ingest_worker WHERE worker = %s", name)[0][0]
        assert isinstance(seen_at, datetime)
        return seen_at

    def other_lives() -> bool:
        query(
            database,
            "INSERT INTO ingest_worker VALUES ('other-1', 'there', now(), clock_timestamp())"
            " ON CONFLICT (worker) DO UPDATE SET seen_at = excluded.seen_at"
            " RETURNING 1",
        )
        return False

    def a_round_since(moment: datetime) -> bool:
        other_lives()
        return seen("me-1") > moment

    running = asyncio.create_task(leases.run(stop, take=held.add, give=give, broker=There()))
    await until(lambda: len(held) == PART_COUNT, "everything")
    began = seen("me-1")
    free = "SELECT count(*) FROM ingest_part WHERE holder IS NULL"
    await until(
        lambda: a_round_since(began) and query(database, free) == [(PART_COUNT // 2,)], "half of it"
    )
    query(
        database,
        "UPDATE ingest_part SET holder = 'other-1' WHERE holder IS NULL RETURNING part",
    )
    # After a restart of the database nobody is taken for dead for a while.
    young = "SELECT now() - pg_postmaster_start_time() < interval '6 s'"
    await until(lambda: other_lives() or query(database, young) == [(False,)], "an old database")
    # A database that stood still, for all alike; we are the first to reach it again.
    query(database, "UPDATE ingest_worker SET seen_at = now() - interval '1 minute' RETURNING 1")
    old = seen("me-1")
    await until(lambda: seen("me-1") > old, "a round")
    await asyncio.sleep(RENEW_S / 2)  # until it has done whatever it does in it
    for _ in range(2):
        now = seen("me-1")
        await until(partial(a_round_since, now), "another round")
    assert holders(database) == {"me-1": PART_COUNT / 2, "other-1": PART_COUNT / 2}
    stop.set()
    await running


async def test_who_was_paused_in_a_transaction_is_shot_and_writes_nothing_any_more(
    database: str,
) -> None:
    paused = Leases(database, worker="paused-1", host="here")
    other = Leases(database, worker="other-1", host="here")
    stop = asyncio.Event()
    took: dict[str, list[int]] = {"paused": [], "other": []}

    async def give(_: int) -> None:
        raise AssertionError

    there = There()

    first = asyncio.create_task(
        paused.run(stop, take=took["paused"].append, give=give, broker=there)
    )
    await until(lambda: len(took["paused"]) == PART_COUNT, "everything")
    lane = await paused.connect("paused-1/0")
    await lane.execute("BEGIN")
    await lane.execute(writing.LOCK_SHARDS, ([0, 1, 2],))
    first.cancel()  # it renews nothing any more
    query(
        database, "UPDATE ingest_worker SET seen_at = now() - interval '1 minute' RETURNING worker"
    )
    second = asyncio.create_task(
        other.run(stop, take=took["other"].append, give=give, broker=there)
    )
    await until(lambda: len(took["other"]) == PART_COUNT, "everything of the dead one")
    assert other.taken_over == PART_COUNT
    with pytest.raises(psycopg.OperationalError):
        await lane.execute(writing.ADVANCE_SHARDS, ("[]",))
    await lane.close()
    with pytest.raises(FencedError):
        await paused.connect("paused-1/0")
    with pytest.raises(FencedError):  # nor does it come back by itself
        await paused.run(stop, take=took["paused"].append, give=give, broker=there)
    stop.set()
    await second
    await other.leave()
    assert query(database, "SELECT count(*) FROM ingest_part WHERE holder IS NULL") == [
        (PART_COUNT,)
    ]
    assert query(database, "SELECT worker FROM ingest_worker") == [("paused-1",)]


async def test_who_loses_the_broker_alone_gives_its_parts_and_takes_its_share_again(
    broker: Broker, database: str
) -> None:
    def reaches(name: str) -> object:
        said = query(database, "SELECT reaches_broker FROM ingest_worker WHERE worker = %s", name)
        return said[0][0] if said else None

    def moves() -> object:
        return query(database, "SELECT sum(term) FROM ingest_part")

    async with (
        Relay(broker.port) as relay,
        sharing(database, "whole-1", broker.url),
        sharing(database, "cut-1", f"mqtt://127.0.0.1:{relay.port}"),
    ):
        await until(lambda: even(database, 2) and heard(database), "an even share")
        relay.cut()
        await until(lambda: holders(database) == {"whole-1": PART_COUNT}, "all with the other")
        await until(lambda: heard(database), "all are heard")
        await relay.mend()
        await until(lambda: even(database, 2) and heard(database), "its share again")
        # The broker is gone for all: nobody gives or takes, whoever comes back first.
        before = moves()
        broker.stop()
        await until(lambda: not (reaches("whole-1") or reaches("cut-1")), "nobody reaches it")
        deaf = "SELECT min(now() - reaches_since) > make_interval(secs => %s) FROM ingest_worker"
        await until(lambda: query(database, deaf, 1.2 * DEAF_AFTER_S) == [(True,)], "a while")
        broker.start()
        await until(lambda: heard(database), "all are heard again")
        assert moves() == before


@asynccontextmanager
async def sharing(database: str, name: str, url: str) -> AsyncIterator[None]:
    """Run a worker in this loop that shares, and soon finds itself cut off."""
    leases = Leases(database, worker=name, host="here", deaf_after_s=DEAF_AFTER_S)
    worker = Worker(
        source=Mqtt(address(url)),
        database_url=database,
        leases=leases,
        now=lambda: datetime.now(UTC),
    )
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task
