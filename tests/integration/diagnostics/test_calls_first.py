"""Calls on their own lane, and the cycle behind them: together the same as the cycle alone."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diagnostics import calls
from diagnostics.cycle import cycle
from diagnostics.detectors.stuck import Stuck
from diagnostics.facts import Called
from diagnostics.tickets import service
from gateway.protocol.messages import Message
from gateway.protocol.topics import shard_of
from gateway.protocol.vocabulary import CallPhase, CallReason
from ingest.storage.pool import connect_async
from tests.integration.diagnostics.conftest import Connection
from tests.support.database import register_devices
from tests.support.facts import ARRIVED, PARKED, RIDING, STOPPED
from tests.support.lift_log import Lift, listen, rows, store

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SHARDS = range(64)
NAME = "sl-000001"


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


async def hear(conn: Any, seconds: float, shards: Any = SHARDS, **options: Any) -> calls.Heard:
    return await calls.hear(conn, shards, now=at(seconds), **options)


async def judge(conn: Any, seconds: float, shards: Any = SHARDS, **options: Any) -> Any:
    await listen(conn, at(seconds))
    return await cycle(conn, shards, now=at(seconds), **options)


async def outcome(conn: Any, name: str) -> dict[str, Any]:
    """What people and the lift got to see of a device, whatever the numbers are."""
    device = "device_id = (SELECT device_id FROM device WHERE name = %s)"
    tickets = await rows(
        conn,
        "SELECT closed_at IS NULL, acknowledged_at IS NULL, version, ARRAY(SELECT kind || ' ' ||"
        " coalesce(detail ->> 'call_id', '') FROM ticket_event WHERE ticket_event.ticket_id"
        f" = ticket.ticket_id ORDER BY 1) FROM ticket WHERE {device} ORDER BY ticket_id",
        [name],
    )
    findings = await rows(
        conn,
        "SELECT detector, dedup_key, level, since - %s, reasons, ticket_id IS NULL FROM finding"
        f" WHERE {device} ORDER BY dedup_key",
        [T0, name],
    )
    told = await rows(
        conn,
        "SELECT channel, payload ->> 'call_id', payload ->> 'state', payload ->> 'type'"
        " FROM notification JOIN ticket USING (ticket_id)"
        f" WHERE {device}",
        [name],
    )
    return {"tickets": tickets, "findings": findings, "told": Counter(told)}


@pytest.fixture
def lift() -> Lift:
    return Lift(NAME)


async def test_a_fresh_call_is_a_ticket_before_anything_else_is_read(
    conn: Connection, lift: Lift
) -> None:
    await store(conn, [lift.status(at(-1), RIDING), lift.call(at(0), STOPPED)], at(0.1))
    heard = await hear(conn, 0.2)
    assert heard.opened == 1
    first = await outcome(conn, NAME)
    assert [events for *_, events in first["tickets"]] == [["called " + "c" * 32, "opened "]]
    assert (await judge(conn, 0.3)).opened == 0
    assert await outcome(conn, NAME) == first


async def test_the_evidence_is_the_same_as_the_detectors(conn: Connection, lift: Lift) -> None:
    finding = "SELECT detector, detector_version, level, since, reasons, evidence FROM finding"
    ticket = "SELECT since, evidence_at, opened_at FROM ticket"
    await store(conn, [lift.call(at(0), STOPPED)], at(0.1))
    async with conn.transaction(force_rollback=True):
        await judge(conn, 0.2)
        by_detector = await rows(conn, finding), await rows(conn, ticket)
    await hear(conn, 0.2)
    assert (await rows(conn, finding), await rows(conn, ticket)) == by_detector


async def test_nobody_waits_for_a_lift_that_something_else_works_on(
    database: str, lift: Lift
) -> None:
    register_devices(database, [NAME])
    async with await connect_async(database, application="test") as conn:
        await _nobody_waits(conn, database, lift)


async def _nobody_waits(conn: Connection, database: str, lift: Lift) -> None:
    other = next(f"sl-{n:06d}" for n in range(2, 99) if shard_of(f"sl-{n:06d}") != shard_of(NAME))
    register_devices(database, [other])
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    await hear(conn, 0)
    again = lift.call(at(1), STOPPED, call_id="d" * 32)
    await store(conn, [again], at(1))
    await store(conn, [Lift(other).call(at(2), STOPPED, call_id="e" * 32)], at(2))
    async with await connect_async(database, application="busy") as busy:
        async with busy.transaction():
            await busy.execute("SELECT FROM ticket FOR UPDATE")
            async with asyncio.timeout(10):
                heard = await hear(conn, 2.1)
        assert (heard.opened, heard.missed) == (1, frozenset({shard_of(NAME)}))
    assert (await hear(conn, 2.2)).missed == frozenset()
    events = (await outcome(conn, NAME))["tickets"][0][-1]
    assert "called " + "d" * 32 in events


@pytest.mark.parametrize(
    ("reason", "phase", "delay_s", "opened"),
    [
        (CallReason.SOS, CallPhase.REPEATED, 0, 1),
        ("smoke", CallPhase.RAISED, 59, 1),
        (CallReason.TEST, CallPhase.RAISED, 0, 0),
        (CallReason.SOS, CallPhase.CLEARED, 0, 0),
        (CallReason.SOS, CallPhase.RAISED, 61, 0),
    ],
)
async def test_only_what_is_certain_by_itself_is_heard_at_once(  # noqa: PLR0917
    conn: Connection, lift: Lift, reason: str, phase: CallPhase, delay_s: float, opened: int
) -> None:
    # A message before, which makes the modem's clock known to be right.
    await store(conn, [lift.presence(at(-1), 1, PARKED)], at(-1))
    await store(conn, [lift.call(at(0), STOPPED, reason=reason, phase=phase)], at(delay_s))
    assert (await hear(conn, delay_s)).opened == opened
    assert (await hear(conn, delay_s)).opened == 0
    # An old one is left to the detector, which knows that it was made over this connection.
    old = reason != CallReason.TEST and phase is not CallPhase.CLEARED and not opened
    assert (await judge(conn, delay_s)).opened == old
    assert (await judge(conn, delay_s + 11)).opened == 0


async def test_an_all_clear_of_yesterday_is_not_about_todays_call(
    conn: Connection, lift: Lift
) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    await judge(conn, 0)
    cleared = lift.call(at(5), ARRIVED, phase=CallPhase.CLEARED)
    await store(conn, [cleared, lift.status(at(5), ARRIVED)], at(5))
    await store(conn, [lift.status(at(20), ARRIVED)], at(20))
    await store(conn, [lift.call(at(21), STOPPED, call_id="d" * 32)], at(21))
    await hear(conn, 21)
    for _ in range(3):
        await judge(conn, 21, max_numbers=1)
    assert await rows(conn, "SELECT count(*), max(all_clear_at) FROM ticket") == [(1, None)]


class Deaf(Stuck):
    def at_once(self, call: Called) -> Any:
        raise RuntimeError(call.call_id)


async def test_a_broken_detector_does_not_silence_a_call(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    assert (await hear(conn, 0, detectors=[Deaf()])).opened == 1


async def test_an_aid_without_detector_may_call_as_well(conn: Connection, lift: Lift) -> None:
    await conn.execute("UPDATE device SET kind = 'hoist'")
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    assert (await hear(conn, 0)).opened == 1
    assert (await judge(conn, 0)).opened == 0
    assert await rows(conn, "SELECT count(*) FROM finding") == [(1,)]


async def test_a_call_that_cannot_be_stored_holds_up_no_other(
    conn: Connection, url: str, device_id: int, lift: Lift
) -> None:
    names = (f"sl-{number:06d}" for number in range(2, 2_000))
    neighbour = next(name for name in names if shard_of(name) == shard_of(NAME))
    register_devices(url, [neighbour])
    other = Lift(neighbour)
    function = (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF NEW.device_id = {device_id} THEN RAISE 'no'; END IF; RETURN NEW; END $$"
    )
    await conn.execute(function.encode())
    await conn.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON finding FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    await store(conn, [other.call(at(0), STOPPED, call_id="d" * 32)], at(0))
    heard = await hear(conn, 0)
    assert (heard.opened, heard.failed) == (1, (device_id,))
    await conn.execute("DROP TRIGGER refuse ON finding")
    assert (await judge(conn, 0)).opened == 1  # the cycle has its own chance


def _script(rng: random.Random, lift: Lift) -> list[tuple[str, Message | None]]:
    """What one lift says, and what the desk does, in four seconds."""
    script: list[tuple[str, Message | None]] = []
    ids = [f"{rng.getrandbits(128):032x}" for _ in range(2)]
    for number in range(rng.randint(4, 9)):
        what = rng.choice(
            ["raised", "raised", "repeated", "test", "status", "ack", "release", "release"]
        )
        seconds, call_id = number / 2, rng.choice(ids)
        message: Message | None = None
        if what in {"raised", "repeated"}:
            message = lift.call(
                at(seconds), STOPPED, phase=CallPhase(what), call_id=call_id, attempt=number + 1
            )
        elif what == "test":
            message = lift.call(at(seconds), PARKED, reason=CallReason.TEST, call_id="e" * 32)
        elif what == "status":
            message = lift.status(at(seconds), RIDING)
        script.append((what, message))
    return script


async def _desk(conn: Any, name: str, what: str, now: datetime) -> None:
    found = await rows(
        conn,
        "SELECT ticket_id, version FROM ticket JOIN device USING (device_id)"
        " WHERE name = %s AND closed_at IS NULL",
        [name],
    )
    for ticket, version in found:
        if what == "ack":
            await service.acknowledge(conn, ticket, "desk", now, version)
        else:
            await service.confirm_release(
                conn, ticket, "desk", "client_by_phone", "", now, version, aid_works=True
            )


HEAR, JUDGE, CRASH, AGAIN = "hear", "judge", "crash", "again"
ORDERS = (
    [HEAR],
    [HEAR],
    [HEAR, JUDGE],
    [JUDGE, HEAR],
    [JUDGE],
    [CRASH, HEAR],
    [HEAR, CRASH],
    [HEAR, JUDGE, AGAIN, HEAR, JUDGE],
)
BEHIND = ([HEAR], [CRASH, HEAR], [HEAR, CRASH])


async def _play(
    conn: Any, name: str, script: list[tuple[str, Message | None]], orders: list[list[str]]
) -> dict[str, Any]:
    shards = [shard_of(name)]
    for number, ((what, message), order) in enumerate(zip(script, orders, strict=True)):
        seconds = number / 2
        if message is not None:
            await store(conn, [message], at(seconds))
        else:
            async with conn.transaction():
                await _desk(conn, name, what, at(seconds))
        for step in order:
            if step == HEAR:
                await hear(conn, seconds + 0.1, shards)
            elif step == JUDGE:
                await judge(conn, seconds + 0.1, shards)
            elif step == CRASH:
                async with conn.transaction(force_rollback=True):
                    await hear(conn, seconds + 0.1, shards)
                    await judge(conn, seconds + 0.1, shards)
            else:
                for cursor in (b"diagnosis_cursor", b"call_cursor"):
                    await conn.execute(
                        b"UPDATE " + cursor + b" SET log_no = 0 WHERE shard = %s", shards
                    )
                await conn.execute(
                    "DELETE FROM diagnosis_state USING device"
                    " WHERE device.device_id = diagnosis_state.device_id AND name = %s",
                    [name],
                )
    await hear(conn, 5, shards)
    await judge(conn, 5, shards)
    return await outcome(conn, name)


async def test_in_any_interleaving_all_is_as_by_the_cycle_alone(database: str) -> None:
    rng = random.Random(7)  # noqa: S311
    names = {shard_of(name): name for name in (f"sl-{n:06d}" for n in range(2_000))}
    register_devices(database, list(names.values()))
    pairs = list(zip(*[iter(names.values())] * 2, strict=False))
    async with await connect_async(database, application="test") as conn:
        opened = 0
        for seed, (one, other) in enumerate(pairs):
            alone, both = (
                _script(random.Random(seed), Lift(name))  # noqa: S311
                for name in (one, other)
            )
            expected = await _play(conn, one, alone, [[JUDGE]] * len(alone))
            # Every other time the cycle is far behind, and comes only in the end.
            orders = [rng.choice(ORDERS if seed % 2 else BEHIND) for _ in both]
            assert await _play(conn, other, both, orders) == expected, (both, orders)
            opened += len(expected["tickets"])
        assert opened > len(pairs) / 2  # the stories are worth telling
