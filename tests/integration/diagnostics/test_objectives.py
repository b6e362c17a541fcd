"""Objectives and books: what is missing is noticed, on either engine."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection

from diagnostics.objectives import measuring
from diagnostics.objectives.catalogue import BY_NAME, OBJECTIVES
from gateway.protocol.messages import Message
from ingest.decode import decode
from ingest.storage.pool import connect_async
from ingest.writer import Job
from tests.support import telemetry as say
from tests.support.database import register_device

Connection = AsyncConnection[Any]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MESSAGE = (
    "INSERT INTO notification (dedup_key, channel, recipient, payload, created_at,"
    " next_attempt_at, delivered_at) VALUES (%s, 'email', 'anna', '{}', %s, %s, %s)"
)


async def missing(conn: Connection, now: datetime = NOW) -> dict[str, int]:
    """What is missing, by stage; stages where nothing is are left out."""
    measured = await measuring.measure(conn, now)
    assert {each.stage for each in measured.accounts} == {
        *("received", "stored", "judged", "calls", "notifications")
    }
    for each in measured.accounts:
        assert (each.made == each.done + each.waiting) or each.missing, each
    return {each.stage: each.missing for each in measured.accounts if each.missing}


async def lose_a_number(conn: Connection) -> None:
    await conn.execute("UPDATE shard SET log_no = log_no + 2 WHERE log_no > 0")


async def lose_a_connection(conn: Connection) -> None:
    await conn.execute("DELETE FROM presence")


async def count_wrongly(conn: Connection) -> None:
    await conn.execute(
        "INSERT INTO listener (worker, first_shard, last_shard, beat_at, received, stored,"
        " duplicate, quarantined, waiting) VALUES ('w', 0, 63, %s, 10, 5, 2, 1, 1)",
        [NOW],
    )


async def run_beyond_the_log(conn: Connection) -> None:
    await conn.execute("UPDATE diagnosis_cursor SET log_no = log_no + 3 WHERE shard = 1")


async def pass_over_a_shard(conn: Connection) -> None:
    await conn.execute("UPDATE analysis_cursor SET cycled_at = %s", [NOW])
    await conn.execute(
        "UPDATE analysis_cursor SET cycled_at = %s FROM shard"
        " WHERE shard.shard = analysis_cursor.shard AND shard.log_no > 0",
        [NOW - timedelta(minutes=11)],
    )


async def hear_no_call(conn: Connection) -> None:
    for cursor in ("call_cursor", "diagnosis_cursor"):
        await conn.execute(
            f"UPDATE {cursor} SET log_no = shard.log_no FROM shard"
            f" WHERE shard.shard = {cursor}.shard".encode()
        )


async def send_without_a_trace(conn: Connection) -> None:
    await conn.execute(MESSAGE, ["k", NOW, None, NOW])


async def lose_a_message(conn: Connection) -> None:
    await conn.execute("ALTER TABLE notification DROP CONSTRAINT notification_finished")
    await conn.execute(MESSAGE, ["k", NOW, None, None])


BROKEN: dict[str, list[tuple[Callable[[Connection], Awaitable[None]], int]]] = {
    "received": [(count_wrongly, 1)],
    "stored": [(lose_a_number, 2), (lose_a_connection, 1)],
    "judged": [(run_beyond_the_log, 3), (pass_over_a_shard, 4)],
    "calls": [(hear_no_call, 1)],
    "notifications": [(send_without_a_trace, 1), (lose_a_message, 1)],
}


async def test_what_comes_in_is_somewhere_and_what_is_not_is_noticed(either_database: str) -> None:
    register_device(either_database)
    at = NOW - timedelta(minutes=5)
    messages = (say.presence(), say.status(1), say.status(1), say.usage(3), say.call(7))
    async with await connect_async(either_database, application="test") as conn:
        outcome = await Job([decode(say.deliver(each, at)) for each in messages]).run(conn)
        assert (outcome.stored, outcome.duplicate) == (4, 1)
        await conn.execute(MESSAGE, ["waits", NOW, NOW, None])
        assert await missing(conn) == {}
        for stage, ways in BROKEN.items():
            for break_it, lost in ways:
                async with conn.transaction(force_rollback=True):
                    await break_it(conn)
                    assert await missing(conn) == {stage: lost}, break_it.__name__
        assert await missing(conn) == {}

        # Closed books forget nothing: what is lost afterwards is lost all the same.
        later = NOW + timedelta(days=400)
        await measuring.keep(conn, await measuring.measure(conn, later))
        books = await (await conn.execute("SELECT count(DISTINCT at) FROM account_book")).fetchone()
        assert books == (2,)
        assert await missing(conn) == {}
        await lose_a_number(conn)
        assert (await missing(conn, later + timedelta(hours=2))) == {"stored": 2}
        await measuring.keep(conn, await measuring.measure(conn, later + timedelta(hours=2)))
        assert (await missing(conn, later + timedelta(hours=2))) == {"stored": 2}


async def test_a_modem_that_skips_numbers_holds_nobody_up(
    either_database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(measuring, "RANGES_KEPT", 20)
    register_device(either_database)
    at = NOW - timedelta(minutes=5)
    async with await connect_async(either_database, application="test") as conn:

        async def store(*messages: Message) -> tuple[int, int]:
            outcome = await Job([decode(say.deliver(each, at)) for each in messages]).run(conn)
            return outcome.stored, outcome.duplicate

        async def stored() -> str:
            found = await (await conn.execute("SELECT seen::text FROM outbox")).fetchone()
            assert found is not None
            return str(found[0])

        async def keep() -> None:
            await measuring.keep(conn, await measuring.measure(conn, NOW))
            assert await missing(conn) == {}

        await store(*(say.status(seq) for seq in range(1, 38, 2)))
        whole = await stored()
        await keep()
        assert await stored() == whole, "few gaps are nobody's business"

        await store(*(say.status(seq) for seq in range(39, 100, 2)))
        await keep()
        assert (await stored()).startswith("{[1,62),[63,64),")
        assert "sl-000001 skips numbers: 30 gaps were closed" in caplog.text
        # Of what is late from a gap, a reading is lost, and no call is.
        assert await store(say.status(4), say.call(6), say.status(64), say.status(101)) == (3, 1)
        await keep()


async def test_objectives_are_measured_and_dated(either_database: str) -> None:
    device_id = register_device(either_database)
    async with await connect_async(either_database, application="test") as conn:

        async def measured(now: datetime) -> dict[tuple[str, str], Any]:
            found = await measuring.measure(conn, now)
            await measuring.keep(conn, found)
            return {(each.name, each.label): each.value for each in found.readings}

        values = await measured(NOW)
        assert {name for name, _ in values} == BY_NAME.keys() - {
            *("certificate_days", "disk_free", "silence")
        }
        assert all(BY_NAME[name].met(value) for (name, _), value in values.items())

        opened = NOW - timedelta(minutes=10)
        call = decode(say.deliver(say.call(1), opened - timedelta(seconds=3)))
        await Job([call]).run(conn)
        await conn.execute(
            "INSERT INTO ticket (device_id, kind, priority, dedup_key, opened_at, evidence_at,"
            " since, repaired_due_at) VALUES (%s, 'emergency', 1, 'emergency', %s, %s, %s, %s)",
            [device_id, opened, opened - timedelta(seconds=3), opened, NOW],
        )
        await conn.execute(
            "INSERT INTO notification (dedup_key, ticket_id, channel, recipient, payload,"
            " created_at, next_attempt_at)"
            " SELECT 'k', ticket_id, 'email', 'x', '{}', %s, %s FROM ticket",
            [NOW - timedelta(seconds=90), NOW],
        )
        await conn.execute(
            "INSERT INTO quarantine (received_at, topic, payload, reason, detail)"
            " SELECT now(), 't', 'x', 'unreadable', '' FROM generate_series(1, 50)"
        )
        await conn.execute(
            "UPDATE device_latest SET measured_at = received_at - interval '10 minutes'"
        )
        await conn.execute("INSERT INTO heartbeat VALUES ('e', 'diagnostics', %s)", [opened])
        seen = [("disk_free", "/data", 0.02), ("certificate_days", "broker", 12.5)]
        await measuring.note(conn, "e", seen, NOW)
        await conn.execute("UPDATE shard SET log_no = log_no + 9 WHERE log_no > 0")
        await conn.execute(
            "UPDATE diagnosis_cursor SET received_at = %s, cycled_at = %s", [opened, NOW]
        )
        later = await measured(NOW)
        wanted = {
            ("evidence_to_ticket", ""): 3,
            ("calls_unacknowledged", ""): 600,
            ("shard_lag", "emergency"): 600,
            ("notification_delay", ""): 90,
            ("quarantine_share", ""): 0.05,
            ("outbox_age", ""): 600,
            ("silence", "diagnostics"): 600,
            ("disk_free", "/data"): 0.02,
            ("certificate_days", "broker"): 12.5,
            ("accounts", "stored"): 9,
        }
        assert {key: later[key] for key in wanted} == pytest.approx(wanted)
        assert {name for name, _ in wanted} == {each.name for each in OBJECTIVES}
        assert not any(BY_NAME[name].met(later[name, label]) for name, label in wanted)

        await measured(NOW + timedelta(minutes=1))
        since = await (
            await conn.execute(
                "SELECT DISTINCT missed_since FROM objective_state WHERE missed_since IS NOT NULL"
            )
        ).fetchall()
        assert since == [(NOW,)]
        critical = (await measuring.measure(conn, NOW)).critical()
        assert {(each.name, each.label) for each in critical} == {
            ("disk_free", "/data"),
            ("accounts", "stored"),
        }
        history = await (
            await conn.execute("SELECT count(DISTINCT at) FROM objective_reading")
        ).fetchone()
        assert history == (1,)
