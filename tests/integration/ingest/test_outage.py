"""The worker while its neighbours are away, as a process beside real ones that stop and return."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.rows import TupleRow

from gateway.protocol.topics import shard_of
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from tests.support import telemetry as say
from tests.support.broker import Broker
from tests.support.database import database_url, register_device, register_devices
from tests.support.platform import Cluster
from tests.support.publisher import device_name
from tests.support.worker import Lift, WorkerProcess, listening, query, until

STOPS_WITHIN_S = 3.0
DEVICES = 50
FLOOD = 60_000
BACKLOG = 40_000  # more than a worker holds itself
# What waits is bounded by rows and bytes; this is far less than the flood would take.
GROWTH_MIB = 60


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path, persistent=False) as running:
        yield running


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def own_database(cluster: Cluster) -> str:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE liftwacht")
    url = database_url(cluster.url, "liftwacht")
    with connect(url, application="test") as connection:
        migrate(connection)
    return url


def flood(broker: Broker, messages: int = FLOOD) -> subprocess.Popen[bytes]:
    """Start a publisher that sends as fast as the broker takes it."""
    publisher = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.support.publisher", str(broker.port)),
            *(str(DEVICES), "1", str(messages), "0", "1"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert publisher.stdin is not None
    publisher.stdin.write(b"go\n")
    publisher.stdin.flush()
    return publisher


@pytest.mark.slow
async def test_an_outage_of_the_database_costs_no_message_and_bounded_memory(
    broker: Broker, cluster: Cluster, own_database: str
) -> None:
    register_devices(own_database, [device_name(number) for number in range(DEVICES)])
    with WorkerProcess(broker, own_database) as worker:
        await until(lambda: listening(own_database), "a worker that listens")
        process = psutil.Process(worker.pid)
        before = process.memory_info().rss
        cluster.kill()
        publisher = flood(broker)
        await asyncio.to_thread(publisher.communicate, timeout=60)
        after = process.memory_info().rss
        cluster.start()
        stored = "SELECT sum(log_no)::int FROM shard"
        await until(lambda: query(own_database, stored) == [(FLOOD,)], "everything")
        rows = query(own_database, "SELECT count(*), count(DISTINCT (device_id, seq)) FROM status")
        assert rows == [(2 * FLOOD, FLOOD)]
        await until(lambda: listening(own_database), "listening again")
    assert publisher.returncode == 0
    assert (after - before) / 2**20 < GROWTH_MIB


async def test_a_call_does_not_wait_for_readings_that_queued_while_the_worker_was_away(
    broker: Broker, own_database: str
) -> None:
    register_devices(own_database, {say.DEVICE, *(device_name(n) for n in range(DEVICES))})
    with WorkerProcess(broker, own_database):
        await until(lambda: listening(own_database), "a worker that listens")
    with flood(broker, BACKLOG) as publisher:
        await until(lambda: publisher.poll() is not None, "all readings are with the broker")
    with Lift(broker, device=say.DEVICE) as lift:
        lift.send(say.call(1)).wait_for_publish(10)
    with WorkerProcess(broker, own_database):
        stored = "SELECT count(*) FROM status"
        await until(lambda: query(own_database, "SELECT FROM call") != [], "the call is stored")
        ((before,),) = query(own_database, stored)
        assert before < BACKLOG / 2


@pytest.mark.parametrize("away", ["broker", "database", "both"])
async def test_it_ends_in_time_whatever_is_away(
    broker: Broker, cluster: Cluster, own_database: str, away: str
) -> None:
    register_device(own_database)
    with WorkerProcess(broker, own_database) as worker:
        await until(lambda: listening(own_database), "a worker that listens")
        if away != "broker":
            cluster.kill()
        with Lift(broker, device=say.DEVICE) as lift:
            lift.send(say.call(1)).wait_for_publish(5)
            if away != "database":
                broker.stop()
            began = time.monotonic()
            assert worker.stop() == 0
            assert time.monotonic() - began < STOPS_WITHIN_S


async def test_it_ends_in_time_although_the_database_hangs(
    broker: Broker, own_database: str
) -> None:
    register_device(own_database)
    with WorkerProcess(broker, own_database) as worker:
        await until(lambda: listening(own_database), "a worker that listens")
        with connect(own_database, application="test") as locker, locker.transaction():
            locker.execute("SELECT FROM shard WHERE shard = %s FOR UPDATE", (shard_of(say.DEVICE),))
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            with Lift(broker, device=say.DEVICE) as lift:
                lift.send(say.call(1))
                await until(lambda: query(own_database, waiting) == [(1,)], "a batch that hangs")
            server = whole_server(locker)
            for process in server:
                with suppress(psutil.NoSuchProcess):  # some come and go
                    process.suspend()
            try:
                began = time.monotonic()
                assert worker.stop() == 0
                assert time.monotonic() - began < STOPS_WITHIN_S
            finally:
                for process in server:
                    with suppress(psutil.NoSuchProcess):
                        process.resume()


def whole_server(connection: psycopg.Connection[TupleRow]) -> list[psutil.Process]:
    """Return the processes of the server behind ``connection``."""
    postmaster = psutil.Process(connection.info.backend_pid).parent()
    assert postmaster is not None
    return [postmaster, *postmaster.children(recursive=True)]
