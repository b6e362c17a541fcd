"""The worker between a real broker and a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.protocol.codec import decode
from gateway.protocol.messages import Ack
from gateway.protocol.topics import Kind, topic_of
from ingest.broker import Shards
from tests.support import telemetry as say
from tests.support.broker import Broker
from tests.support.database import register_device, register_devices
from tests.support.worker import Lift, WorkerProcess, listening, query, running_worker, until


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as running:
        yield running


def count(database: str, table: str) -> int:
    number: int = query(database, f"SELECT count(*) FROM {table}")[0][0]
    return number


def acknowledged(lift: Lift) -> set[int]:
    acks = [decode(Kind.ACK, bytes(m.payload)) for m in lift.received if m.topic.endswith("/ack")]
    return {seq for ack in acks if isinstance(ack, Ack) for seq in ack.seqs}


async def test_each_kind_reaches_its_table_and_the_lift_hears_back(
    broker: Broker, either_database: str
) -> None:
    register_device(either_database)
    async with running_worker(broker, either_database):
        with Lift(broker, device=say.DEVICE) as lift:
            lift.send(say.presence(), retain=True)
            for message in (
                say.status(1, say.RIDING, say.STUCK),
                say.fault(2),
                say.usage(3),
                say.call(4),
                say.reply(5),
            ):
                lift.send(message)
            await until(lambda: acknowledged(lift) == {2, 3, 4, 5}, "acknowledgements")
    stored = {
        table: count(either_database, table)
        for table in ("presence", "status", "fault", "usage", "call", "reply")
    }
    assert stored == {"presence": 1, "status": 2, "fault": 1, "usage": 1, "call": 1, "reply": 1}
    (row,) = query(either_database, "SELECT received, stored, duplicate, quarantined FROM listener")
    assert row == (6, 6, 0, 0)


async def test_after_a_restore_everybody_is_asked_for_what_they_sent_last(
    broker: Broker, database: str
) -> None:
    register_device(database)

    def told(lift: Lift) -> list[tuple[tuple[int, ...], str | None]]:
        acks = (decode(Kind.ACK, bytes(m.payload)) for m in lift.received)
        return [(ack.seqs, ack.recovery) for ack in acks if isinstance(ack, Ack)]

    with Lift(broker, device=say.DEVICE) as lift:
        async with running_worker(broker, database):
            lift.send(say.presence())
            lift.send(say.usage(1))
            await until(lambda: told(lift) == [((1,), None)], "nobody was restored")
        query(database, "INSERT INTO recovery VALUES ($$" + "0a" * 16 + "$$, now()) RETURNING 1")
        query(
            database,
            "INSERT INTO recovery VALUES ($$" + "0b" * 16 + "$$, $$2020-01-01$$) RETURNING 1",
        )
        async with running_worker(broker, database):
            await until(lambda: listening(database), "a heartbeat")
            lift.send(say.presence(2))
            lift.send(say.usage(2))
            await until(
                lambda: sorted(told(lift)[1:]) == [((), "0a" * 16), ((2,), "0a" * 16)], "the newest"
            )


async def test_it_says_since_when_it_listens_and_that_it_left(
    broker: Broker, database: str
) -> None:
    async with running_worker(broker, database):
        broker.stop()
        await until(lambda: not listening(database), "deafness")
        broker.start()
        await until(lambda: listening(database), "listening again")
    assert not listening(database)


async def test_a_worker_takes_its_own_shards_only(broker: Broker, database: str) -> None:
    names = [f"sl-{number:06d}" for number in range(40)]
    register_devices(database, names)
    async with running_worker(broker, database, shards=Shards(0, 31)):
        with Lift(broker, device="any") as lift:
            for name in names:
                lift.send(say.call(1, device=name))
            below = query(database, "SELECT count(*) FROM device WHERE shard < 32")[0][0]
            await until(lambda: count(database, "call") == below, "calls of its shards")
    assert query(database, "SELECT max(shard) < 32 FROM call") == [(True,)]


async def test_two_workers_on_the_same_shards_store_once(broker: Broker, database: str) -> None:
    register_device(database)
    async with (
        running_worker(broker, database, name="one"),
        running_worker(broker, database, name="two", shards=Shards(0, 63)),
    ):
        await until(
            lambda: (
                query(database, "SELECT count(*) FROM listener WHERE listening_since <= now()")
                == [(2,)]
            ),
            "both workers",
        )
        with Lift(broker, device=say.DEVICE) as lift:
            for seq in range(1, 301):
                lift.send(say.status(seq) if seq % 3 else say.usage(seq))
            await until(
                lambda: query(database, "SELECT sum(stored + duplicate) FROM listener") == [(600,)],
                "everything, twice",
            )
    assert count(database, "status") == 200
    assert count(database, "usage") == 100
    assert query(database, "SELECT seen::text FROM outbox") == [("{[1,301)}",)]


async def test_a_call_from_nobody_is_told_to_the_operator_once(
    broker: Broker, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_worker(broker, database):
        with Lift(broker, device="sl-unknown") as lift:
            for seq in range(1, 4):
                lift.send(say.call(seq, device="sl-unknown"))
                await until(lambda seq=seq: acknowledged(lift) >= {seq}, "quarantine")  # type: ignore[misc]
    told = [record for record in caplog.records if "sl-unknown" in record.getMessage()]
    assert [record.levelname for record in told] == ["WARNING"]


async def test_rubbish_is_put_aside_and_does_not_block(broker: Broker, database: str) -> None:
    register_device(database)
    async with running_worker(broker, database):
        with Lift(broker, device=say.DEVICE) as lift:
            lift.send_raw(topic_of(say.DEVICE, Kind.STATUS), b"{not json")
            lift.send_raw("liftwacht/v1/00/sl-000001/status", b"")
            lift.send(say.call(1, device="sl-unknown"))
            lift.send(say.call(2))
            await until(lambda: acknowledged(lift) == {2}, "the good one")
            await until(lambda: count(database, "quarantine") == 3, "quarantine")
    reasons = query(database, "SELECT reason FROM quarantine ORDER BY reason")
    assert reasons == [("payload",), ("topic",), ("unknown_device",)]


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_when_it_is_killed(broker: Broker, database: str) -> None:
    total = 6_000
    register_device(database)
    worker = WorkerProcess(broker, database)
    worker.start()
    try:
        await until(lambda: listening(database), "a worker that listens")
        with Lift(broker, device=say.DEVICE) as lift:
            for seq in range(1, total + 1):
                lift.send(say.status(seq) if seq % 4 else say.fault(seq))
                if seq % 1_500 == 0:
                    await until(lambda: count(database, "status") > 0, "some of it")
                    worker.kill()
                    worker.start()
            seen = [(f"{{[1,{total + 1})}}",)]
            await until(
                lambda: query(database, "SELECT seen::text FROM outbox") == seen, "all of it"
            )
            faults = set(range(4, total + 1, 4))
            await until(lambda: acknowledged(lift) >= faults, "acknowledgements")
        assert worker.stop() == 0
    finally:
        worker.kill()
    for table, expected in (("status", total * 3 // 4), ("fault", total // 4)):
        rows = query(database, f"SELECT count(*), count(DISTINCT seq) FROM {table}")
        assert rows == [(expected, expected)]
    logged = "SELECT log_no FROM status UNION ALL SELECT log_no FROM fault"
    (row,) = query(database, f"SELECT count(DISTINCT log_no), max(log_no) FROM ({logged}) AS log")
    assert row == (total, total)


async def test_broker_and_database_may_go_away(broker: Broker, database: str) -> None:
    register_device(database)
    async with running_worker(broker, database):
        with Lift(broker, device=say.DEVICE) as lift:
            lift.send(say.usage(1))
            await until(lambda: count(database, "usage") == 1, "the first ride")
            terminate = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name LIKE 'ingest%%'"
            )
            assert query(database, terminate)
            lift.send(say.usage(2))
            await until(lambda: count(database, "usage") == 2, "a ride after the database's return")
            broker.stop()
            broker.start()
            lift.send(say.usage(3))
            await until(lambda: count(database, "usage") == 3, "a ride after the broker's return")
            await until(lambda: acknowledged(lift) >= {1, 2}, "acknowledgements")
