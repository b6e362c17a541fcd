"""The writer's promises, on both engines: once only, in order, nothing lost, nothing blocks."""

import random
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from gateway.protocol.messages import Message, Usage
from gateway.protocol.vocabulary import Edge
from ingest import rows
from ingest.decode import Accepted, decode
from ingest.senders import REMEMBERED_FOR, Senders
from ingest.storage.pool import connect_async
from ingest.writer import Job, Outcome
from tests.support import telemetry as say
from tests.support.database import register_device

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


class Store:
    def __init__(self, connection: AsyncConnection[TupleRow], device_id: int) -> None:
        self.connection = connection
        self.device_id = device_id
        self._senders = Senders()

    async def store(self, *messages: Message, at: datetime = NOW, live: bool = False) -> Outcome:
        deliveries = [say.deliver(message, at, live=live) for message in messages]
        job = Job([decode(delivery) for delivery in deliveries], self._senders)
        return await job.run(self.connection)

    async def rows(self, statement: str, *parameters: Any) -> list[Any]:
        cursor = await self.connection.execute(statement.encode(), parameters or None)
        return await cursor.fetchall()


@pytest.fixture
async def platform(either_database: str) -> AsyncIterator[Store]:
    device_id = register_device(either_database)
    async with await connect_async(either_database, application="test") as connection:
        yield Store(connection, device_id)


async def test_any_repetition_and_order_stores_each_message_once(platform: Store) -> None:
    kinds = (say.status, say.fault, say.usage, say.call, say.reply, say.condition)
    messages = [kinds[seq % len(kinds)](seq) for seq in range(1, 61)]
    dice = random.Random(7)  # noqa: S311 - one seed, one order
    outcome = Outcome()
    sent = 0
    for _ in range(12):
        part = dice.choices(messages, k=20)
        sent += len(part)
        outcome.add(await platform.store(*part))
    rest = [*messages, *messages]
    dice.shuffle(rest)
    outcome.add(await platform.store(*rest))
    assert outcome.stored == 60
    assert outcome.duplicate == sent + len(rest) - 60
    for table in ("status", "fault", "usage", "call", "reply", "condition"):
        assert await platform.rows(f"SELECT count(*), count(DISTINCT seq) FROM {table}") == [
            (10, 10)
        ]
    assert await platform.rows("SELECT seen::text FROM outbox") == [("{[1,61)}",)]


async def test_rides_and_conditions_are_stored_in_full(platform: Store) -> None:
    ride = {"max_speed_mm_s": 130, "presses": 3, "away": False, "profile_ma": (9_000, None, 8_500)}
    day = {"charging_ms": 31 * 86_400_000, "cell": "u1k0x", "temperature_min_dc": -105}
    await platform.store(
        say.usage(1, **ride), say.usage(2), say.condition(3, **day), say.condition(4)
    )
    assert await platform.rows(
        "SELECT max_speed_mm_s, presses, away, profile_ma FROM usage ORDER BY seq"
    ) == [(130, 3, False, [9_000, None, 8_500]), (None, None, None, None)]
    assert await platform.rows(
        "SELECT period_ms, battery_rest_mv, charging_ms, cell, temperature_min_dc, trips,"
        " parameters FROM condition ORDER BY seq"
    ) == [
        (86_400_000, 26_300, 31 * 86_400_000, "u1k0x", -105, 1, ""),
        (86_400_000, 26_300, None, None, None, 1, ""),
    ]


async def test_writers_that_take_turns_store_once(platform: Store) -> None:
    other = Store(platform.connection, platform.device_id)
    await platform.store(say.usage(1))
    outcomes = [
        await platform.store(say.usage(2)),
        await other.store(say.usage(2), say.usage(3)),
        await platform.store(say.usage(3), say.usage(4)),
        await platform.store(say.usage(2), say.usage(5)),
    ]
    assert [(outcome.stored, outcome.duplicate) for outcome in outcomes] == [
        *((1, 0), (1, 1), (1, 1), (1, 1))
    ]
    assert await platform.rows("SELECT seen::text FROM outbox") == [("{[1,6)}",)]


async def test_log_numbers_have_no_gaps(platform: Store) -> None:
    await platform.store(say.status(1, say.RIDING, say.STUCK), say.usage(2), say.usage(2))
    await platform.store(say.usage(2), say.call(3), say.presence())
    numbers: Iterable[tuple[int]] = await platform.rows(
        "SELECT log_no FROM status UNION SELECT log_no FROM usage UNION SELECT log_no FROM call"
        " UNION SELECT log_no FROM presence ORDER BY log_no"
    )
    assert list(numbers) == [(1,), (2,), (3,), (4,)]
    assert await platform.rows("SELECT log_no FROM shard WHERE log_no > 0") == [(4,)]


async def test_the_same_number_in_a_new_outbox_is_another_message(platform: Store) -> None:
    await platform.store(say.usage(1))
    outcome = await platform.store(say.usage(1, outbox="f" * 32))
    assert outcome.stored == 1


async def test_a_message_that_cannot_be_stored_takes_no_other_with_it(platform: Store) -> None:
    poison = say.fault(5, maker_code="E\0")
    messages = [say.status(seq) if seq != 5 else poison for seq in range(1, 11)]
    outcome = await platform.store(*messages)
    assert (outcome.stored, outcome.quarantined) == (9, 1)
    # The modem may forget it: nobody will ever be able to store it.
    assert [receipt.seq for receipt in outcome.receipts] == [5]
    (row,) = await platform.rows("SELECT reason, payload FROM quarantine")
    assert row == ("storage", say.deliver(poison, NOW).payload)
    assert await platform.rows("SELECT seen::text FROM outbox") == [("{[1,5),[6,11)}",)]


async def test_an_unknown_device_is_put_aside_and_let_go(platform: Store) -> None:
    outcome = await platform.store(say.call(1, device="sl-unknown"), say.call(1))
    assert (outcome.stored, outcome.quarantined) == (1, 1)
    assert {receipt.device for receipt in outcome.receipts} == {"sl-unknown", say.DEVICE}
    assert outcome.strangers == {"sl-unknown"}


async def test_a_retired_device_counts_as_unknown(platform: Store) -> None:
    await platform.rows("UPDATE device SET retired_at = now() RETURNING 1")
    assert (await platform.store(say.usage(1))).quarantined == 1


async def test_a_device_that_is_retired_at_work_is_unknown_soon(platform: Store) -> None:
    await platform.store(say.usage(1))
    await platform.rows("UPDATE device SET retired_at = now() RETURNING 1")
    assert (await platform.store(say.usage(2), at=NOW + REMEMBERED_FOR)).quarantined == 1


@pytest.mark.parametrize("clock_ms", [5_000, NOW_MS - 7_200_000, NOW_MS + 31_536_000_000])
async def test_a_wrong_clock_is_corrected_by_what_the_presence_told(
    platform: Store, clock_ms: int
) -> None:
    await platform.store(say.presence(time_ms=clock_ms), live=True)
    # A ride that ended ten minutes ago, in a backlog.
    await platform.store(say.usage(1, time_ms=clock_ms - 600_000 if clock_ms > 600_000 else 0))
    (row,) = await platform.rows("SELECT measured_at FROM usage")
    expected = NOW - timedelta(minutes=10) if clock_ms > 600_000 else NOW - timedelta(seconds=5)
    assert row == (expected,)
    skew_ms = clock_ms - NOW_MS
    assert await platform.rows("SELECT clock_skew_ms FROM outbox") == [(skew_ms,)]


async def test_a_clock_that_is_set_is_believed_though_the_session_is_known(
    platform: Store,
) -> None:
    await platform.store(say.presence(time_ms=5_000), live=True)
    corrected = say.presence(time_ms=NOW_MS + 200, reason="clock")
    outcome = await platform.store(corrected, live=True)
    assert outcome.duplicate == 1
    assert await platform.rows("SELECT clock_skew_ms FROM outbox") == [(200,)]
    await platform.store(say.usage(1, time_ms=NOW_MS + 200 - 600_000))
    assert await platform.rows("SELECT measured_at FROM usage") == [(NOW - timedelta(minutes=10),)]


async def test_a_presence_out_of_a_queue_tells_nothing_about_the_clock(platform: Store) -> None:
    await platform.store(say.presence(time_ms=NOW_MS - 3_600_000), live=False)
    await platform.store(say.usage(1, time_ms=NOW_MS - 600_000))
    assert await platform.rows("SELECT measured_at FROM usage") == [(NOW - timedelta(minutes=10),)]


async def test_a_clock_in_the_future_does_not_freeze_the_latest(platform: Store) -> None:
    await platform.store(say.status(1, say.PARKED, time_ms=2**53))
    await platform.store(say.status(2, say.STUCK, time_ms=0), at=NOW + timedelta(minutes=1))
    rows = await platform.rows("SELECT seq, position_mm, measured_at FROM device_latest")
    assert rows == [(2, say.STUCK.position_mm, NOW + timedelta(minutes=1))]


async def test_the_latest_is_by_the_devices_own_order(platform: Store) -> None:
    await platform.store(say.status(9, say.STUCK))
    await platform.store(say.status(3, say.PARKED))
    assert await platform.rows("SELECT seq FROM device_latest") == [(9,)]
    # At connect the present situation is told before the backlog, and stays the newest.
    await platform.store(say.presence(head_seq=20))
    await platform.store(say.status(20, say.STUCK))
    latest = "SELECT seq, position_mm FROM device_latest"
    assert await platform.rows(latest) == [(20, say.PARKED.position_mm)]
    await platform.store(say.status(21, say.STUCK))
    assert await platform.rows(latest) == [(21, say.STUCK.position_mm)]


async def test_faults_follow_the_devices_own_order(platform: Store) -> None:
    await platform.store(say.fault(2, Edge.CLEARED))
    await platform.store(say.fault(1, Edge.RAISED))
    state = "SELECT active, seq FROM device_fault"
    assert await platform.rows(state) == [(False, 2)]
    await platform.store(say.fault(3, Edge.RAISED), say.fault(4, Edge.CLEARED))
    assert await platform.rows(state) == [(False, 4)]


@pytest.mark.parametrize("together", [True, False])
async def test_presence_follows_sessions_whatever_comes_late_or_again(
    platform: Store, together: bool
) -> None:
    messages = [
        say.presence(1),
        say.presence(2),
        say.presence(1, online=False),  # the will of the first, late
        say.presence(2),
        say.presence(2, online=False),
        say.presence(2),  # retained, again
    ]
    if together:
        await platform.store(*messages)
    else:
        for message in messages:
            await platform.store(message)
    now = await platform.rows("SELECT session, online, reason FROM device_presence")
    assert now == [(2, False, "lost")]
    assert await platform.rows("SELECT count(*) FROM presence") == [(4,)]


async def test_a_new_memory_counts_its_sessions_anew(platform: Store) -> None:
    await platform.store(say.presence(57))
    await platform.store(say.presence(1, outbox="f" * 32))
    state = "SELECT session, online FROM device_presence"
    assert await platform.rows(state) == [(1, True)]
    await platform.store(say.presence(1, online=False))
    assert await platform.rows(state) == [(1, False)]


async def test_what_is_not_at_rest_wakes_the_engine(platform: Store) -> None:
    shard = decode(say.deliver(say.usage(1), NOW))
    assert isinstance(shard, Accepted)
    await platform.connection.execute("LISTEN liftwacht_log")
    await platform.connection.execute("LISTEN liftwacht_live")
    await platform.store(say.status(1, say.PARKED))
    await platform.store(say.status(2, say.STUCK))
    await platform.store(say.fault(3))
    heard = [
        (notice.channel, notice.payload)
        async for notice in platform.connection.notifies(timeout=2, stop_after=3)
    ]
    assert heard == [
        ("liftwacht_log", str(shard.shard)),
        ("liftwacht_log", str(shard.shard)),
        ("liftwacht_live", f'{{"kind":"device","device":"{say.DEVICE}"}}'),
    ]


async def test_a_call_is_stored_whatever_number_it_comes_under(platform: Store) -> None:
    """A clone may have used the numbers of the modem up: its emergency is not dropped for that."""
    await platform.store(say.status(1), say.call(2), say.usage(3))
    again = say.call(2)
    of_another = structs.replace(say.call(2), call_id="e" * 32)
    in_place_of_usage = structs.replace(say.call(3), call_id="d" * 32)
    outcome = await platform.store(again, of_another, in_place_of_usage, of_another)
    assert (outcome.stored, outcome.duplicate) == (2, 2)
    calls = await platform.rows("SELECT seq > 0, call_id FROM call ORDER BY log_no")
    assert calls == [(True, again.call_id), (False, "e" * 32), (False, "d" * 32)]
    assert [receipt.seq for receipt in outcome.receipts] == [2, 2, 3, 2]
    kinds = "SELECT kind, makes_doubtful FROM security_event"
    assert await platform.rows(kinds) == [("number_twice", True)]


async def test_of_a_revoked_device_only_calls_are_taken(platform: Store) -> None:
    await platform.rows("UPDATE device SET barred_at = now() RETURNING device_id")
    outcome = await platform.store(say.status(1), say.call(2))
    assert (outcome.stored, outcome.quarantined) == (1, 1)
    assert await platform.rows("SELECT reason FROM quarantine") == [("revoked",)]
    assert await platform.rows("SELECT count(*) FROM call") == [(1,)]
    assert await platform.rows("SELECT kind FROM security_event") == [("revoked_speaks",)]


async def test_a_message_that_trips_us_up_does_not_keep_the_others_out(
    platform: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row(place: rows.Place, message: Usage) -> rows.Row:
        return (1 // (message.seq - 3), *usage_row(place, message)[1:])

    usage_row = rows.usage_row
    monkeypatch.setattr(rows, "usage_row", row)
    outcome = await platform.store(say.call(1), say.status(2), say.usage(3), say.fault(4))
    assert (outcome.stored, outcome.quarantined) == (3, 1)
    assert {receipt.seq for receipt in outcome.receipts} == {1, 3, 4}
    assert await platform.rows("SELECT reason, detail FROM quarantine") == [
        ("defect", "ZeroDivisionError('integer division or modulo by zero')")
    ]
    assert await platform.rows("SELECT seen::text FROM outbox") == [("{[1,3),[4,5)}",)]
