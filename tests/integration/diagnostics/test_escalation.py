"""Escalation as rows: nothing lost, nothing doubled, whatever dies or jumps."""

import asyncio
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from diagnostics.escalation import gaps, repository, service
from diagnostics.escalation.escalator import Escalator
from diagnostics.escalation.policy import EMERGENCY, REPAIRS, Kind
from diagnostics.tickets import service as tickets
from diagnostics.tickets.commands import (
    Acknowledge,
    AnyCommand,
    Appoint,
    Assign,
    By,
    ConfirmRelease,
    NobodyNear,
    Note,
    UnderWay,
)
from diagnostics.tickets.model import ReleaseHow
from ingest.storage.pool import connect, connect_async
from tests.integration.diagnostics.conftest import Connection
from tests.support.broker import Broker
from tests.support.database import register_device
from tests.support.engine import engine_process
from tests.support.lift_log import rows
from tests.support.platform import eventually
from tests.support.rota import add_account, on_call

T0 = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)
EVENTS = (
    "SELECT kind, detail ->> 'how', coalesce(detail -> 'people' ->> 0, '-') FROM ticket_event"
    " WHERE kind IN ('escalated', 'forgotten') ORDER BY ticket_id, event_no"
)
TOLD = (
    "SELECT recipient, payload ->> 'how' FROM notification WHERE channel = 'person'"
    " ORDER BY notification_id"
)

RELEASE_AND_WORKS = ConfirmRelease(how=ReleaseHow.MECHANIC_ON_SITE, aid_works=True)
RELEASE = ConfirmRelease(how=ReleaseHow.MECHANIC_ON_SITE, aid_works=False)


def minutes(count: float) -> datetime:
    return T0 + timedelta(minutes=count)


async def open_emergency(conn: Connection, device_id: int, now: datetime = T0) -> int:
    async with conn.transaction():
        opening = await tickets.open_emergency(
            conn,
            device_id,
            actor="system:stuck",
            detail={"reasons": []},
            evidence_at=now,
            since=now,
            now=now,
        )
    return opening.ticket.ticket_id


async def run_until(conn: Connection, now: datetime) -> None:
    while await service.escalate(conn, now=now):
        pass


async def act(
    conn: Connection, ticket_id: int, what: AnyCommand, now: datetime, actor: str = "anna"
) -> None:
    async with conn.transaction():
        await tickets.carry_out(conn, ticket_id, what, By(actor=actor, now=now))


async def test_policies_in_the_database_are_those_of_the_code(conn: Connection) -> None:
    day = T0.date()
    assert await repository.policy(conn, Kind.EMERGENCY, 1, day) == EMERGENCY
    for priority, policy in REPAIRS.items():
        assert await repository.policy(conn, Kind.REPAIR, priority, day) == policy


async def test_the_ladder_the_acknowledgement_and_the_forgetting(
    conn: Connection, url: str, device_id: int
) -> None:
    on_call(url)
    ticket_id = await open_emergency(conn, device_id)
    for count in (0, 0.5, 1, 2, 4):
        await run_until(conn, minutes(count))
        await run_until(conn, minutes(count))  # as a second engine does
    assert await rows(conn, TOLD) == [("anna", "ring")] * 3 + [("bas", "page")]
    await act(conn, ticket_id, Acknowledge(), minutes(5))
    await run_until(conn, minutes(19.9))
    assert len(await rows(conn, TOLD)) == 4
    await run_until(conn, minutes(20))
    assert (await rows(conn, EVENTS))[4:] == [
        ("forgotten", None, "-"),
        ("escalated", "ring", "anna"),
    ]
    assert (await rows(conn, TOLD))[4:] == [("anna", "ring")]
    assert await rows(conn, "SELECT unanswered FROM ticket") == [(True,)]
    await act(conn, ticket_id, RELEASE_AND_WORKS, minutes(21))
    await run_until(conn, minutes(600))
    ((phase, due),) = await rows(conn, "SELECT phase, next_due FROM escalation")
    assert (phase, due) == ("closed", None)
    assert len(await rows(conn, TOLD)) == 5
    unsent = "SELECT FROM notification WHERE channel = 'person' AND next_attempt_at IS NOT NULL"
    assert await rows(conn, unsent) == []


async def test_after_an_absence_the_newest_of_every_step_is_sent_once(
    conn: Connection, url: str, device_id: int
) -> None:
    on_call(url)
    await open_emergency(conn, device_id)
    await run_until(conn, minutes(8))
    assert await rows(conn, TOLD) == [("anna", "ring"), ("bas", "page")]
    missed = (
        "SELECT detail -> 'missed' FROM ticket_event WHERE kind = 'escalated' ORDER BY event_no"
    )
    assert await rows(conn, missed) == [(2,), (1,)]


async def test_an_answer_during_the_absence_spares_everybody(
    conn: Connection, url: str, device_id: int
) -> None:
    on_call(url)
    ticket_id = await open_emergency(conn, device_id)
    await act(conn, ticket_id, Acknowledge(), minutes(5))
    await run_until(conn, minutes(8))
    assert await rows(conn, TOLD) == []
    assert len(await rows(conn, EVENTS)) == 2


async def test_nobody_on_call_is_written_down_and_the_next_is_called_at_once(
    conn: Connection, url: str, device_id: int
) -> None:
    accounts = on_call(url)
    await rows(
        conn,
        "UPDATE account SET disabled_at = now() WHERE account_id = %s RETURNING 1",
        [accounts["bas"]],
    )
    await open_emergency(conn, device_id)
    for count in range(5):
        await run_until(conn, minutes(count))
    assert (await rows(conn, EVENTS))[3:] == [
        ("escalated", "page", "-"),
        ("escalated", "page", "carla"),
    ]


async def test_clocks_that_jump_neither_call_for_years_nor_wait_for_years(
    conn: Connection, url: str, device_id: int
) -> None:
    on_call(url)
    await open_emergency(conn, device_id)
    await run_until(conn, T0 + timedelta(days=4000))
    ahead = len(await rows(conn, TOLD))
    assert ahead == 8  # one of every step, the suggestion to everybody
    await run_until(conn, minutes(1))  # and back: due years from now, as far as the row knows
    engine = Escalator("", name="engine", now=lambda: minutes(40))
    await engine.step(conn)
    assert len(await rows(conn, TOLD)) > ahead


async def test_a_ticket_that_cannot_be_decided_holds_up_no_other(
    conn: Connection, url: str, device_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    on_call(url)
    other = register_device(url, "sl-000002")
    await open_emergency(conn, device_id)
    await conn.execute("UPDATE escalation SET why = 'no such reason', wait = '1 minute'")
    await open_emergency(conn, other)
    await run_until(conn, minutes(0))
    assert await rows(conn, TOLD) == [("anna", "ring")]
    assert "cannot be escalated" in caplog.text


async def test_a_rota_that_cannot_be_read_ends_no_engine(
    conn: Connection, url: str, device_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert device_id
    on_call(url)
    await conn.execute("""UPDATE rotation SET hours = '{"begin": "early"}'""")
    engine = Escalator(url, name="engine", now=lambda: minutes(600))
    running = asyncio.create_task(engine.run())
    beat = "SELECT FROM heartbeat WHERE part = 'escalation'"
    async with asyncio.timeout(20):
        while "escalation fails" not in caplog.text:  # noqa: ASYNC110 - another task's doing
            await asyncio.sleep(0.01)
        await conn.execute("UPDATE rotation SET hours = NULL")
        while not await rows(conn, beat):  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.01)
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_several_engines_side_by_side_double_nothing(
    conn: Connection, url: str, device_id: int
) -> None:
    on_call(url)
    for number in range(2, 12):
        await open_emergency(conn, register_device(url, f"sl-{number:06d}"))
    await open_emergency(conn, device_id)

    async with AsyncExitStack() as stack:
        engines = [
            await stack.enter_async_context(await connect_async(url, application="engine"))
            for _ in range(3)
        ]
        for count in range(5):
            await asyncio.gather(*(run_until(own, minutes(count)) for own in engines))
    escalated = "SELECT count(*) FROM ticket_event WHERE kind = 'escalated'"
    assert await rows(conn, escalated) == [(44,)]
    assert len(await rows(conn, TOLD)) == 44


async def test_repairs_are_gentle_and_wait_for_the_morning(
    conn: Connection, url: str, device_id: int
) -> None:
    on_call(url)
    await conn.execute("UPDATE client SET wholly_dependent = false")  # else it is of priority 1
    async with conn.transaction():
        await tickets.open_repair(
            conn,
            device_id,
            "battery",
            usable=False,
            actor="system:battery",
            detail={},
            evidence_at=T0,
            since=T0,
            now=T0,
        )
    await run_until(conn, minutes(200))
    assert await rows(conn, TOLD) == []
    await run_until(conn, datetime(2026, 11, 22, 7, 0, tzinfo=UTC))  # 08:00 in the Netherlands
    assert await rows(conn, TOLD) == [("anna", "ring")]


async def test_after_the_release_the_broken_aid_is_a_repair_in_somebodys_hands(
    conn: Connection, url: str, device_id: int
) -> None:
    on_call(url)
    ticket_id = await open_emergency(conn, device_id)
    await run_until(conn, minutes(0))
    await act(conn, ticket_id, RELEASE, minutes(1), "bas")
    await run_until(conn, minutes(1))
    timer = "SELECT kind, phase, next_due FROM escalation"
    assert await rows(conn, timer) == [("repair", "held", minutes(241))]
    assert await rows(conn, TOLD) == [("anna", "ring")]
    # The next call is another emergency, with a ladder of its own.
    assert await open_emergency(conn, device_id, minutes(30)) != ticket_id
    await run_until(conn, minutes(30))
    assert len(await rows(conn, TOLD)) == 2


async def test_what_people_say_is_heard(conn: Connection, url: str, device_id: int) -> None:
    accounts = on_call(url)
    ticket_id = await open_emergency(conn, device_id)
    due = "SELECT phase, next_due FROM escalation"
    await run_until(conn, minutes(0))
    await act(conn, ticket_id, Note(text="nobody answers the telephone"), minutes(0.5))
    await run_until(conn, minutes(0.5))
    assert await rows(conn, due) == [("seeking", minutes(1))]
    await act(conn, ticket_id, Assign(account=accounts["bas"]), minutes(1))
    await run_until(conn, minutes(1))
    assert await rows(conn, due) == [("held", minutes(16))]
    await act(conn, ticket_id, UnderWay(arrives_at=minutes(40)), minutes(2), "bas")
    await run_until(conn, minutes(2))
    assert await rows(conn, due) == [("held", minutes(55))]
    await act(conn, ticket_id, NobodyNear(), minutes(3), "bas")
    await run_until(conn, minutes(3))
    suggested = [told for told in await rows(conn, TOLD) if told[1] == "suggest_fire_brigade"]
    assert [login for login, _ in suggested] == ["anna", "bas", "carla", "dirk"]


async def test_an_appointment_is_awaited(conn: Connection, url: str, device_id: int) -> None:
    on_call(url)
    async with conn.transaction():
        opening = await tickets.open_repair(
            conn,
            device_id,
            "battery",
            usable=True,
            actor="system:battery",
            detail={},
            evidence_at=T0,
            since=T0,
            now=T0,
        )
    number = opening.ticket.ticket_id
    begin = T0 + timedelta(days=4, hours=8)
    visit = Appoint(begin=begin, end=begin + timedelta(hours=2))
    await act(conn, number, visit, minutes(10))
    await run_until(conn, minutes(10))
    ((phase, due),) = await rows(conn, "SELECT phase, next_due FROM escalation")
    assert phase == "held"
    assert due > visit.end


async def test_gaps_are_told_once_a_day_to_managers(
    conn: Connection, url: str, device_id: int
) -> None:
    assert device_id
    on_call(url, {"desk": "anna", "manager": "dirk"})
    add_account(url, "eva", "manager")
    morning = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    await gaps.announce(conn, now=morning - timedelta(hours=1))
    told = "SELECT recipient, payload FROM notification WHERE channel = 'person'"
    assert await rows(conn, told) == []
    for _ in range(2):
        await gaps.announce(conn, now=morning)
    found: list[tuple[str, Any]] = await rows(conn, told)
    assert sorted(login for login, _ in found) == ["dirk", "eva"]
    assert {gap["layer"] for gap in found[0][1]["gaps"]} == {"mechanic", "backup"}


def test_who_made_an_override_cannot_be_changed(database: str) -> None:
    account = add_account(database, "bas", "mechanic")
    with connect(database, application="test") as connection:
        connection.execute(
            "INSERT INTO rota_override (layer, begin_at, end_at, person_id, made_by)"
            " VALUES ('mechanic', now(), now() + interval '1 hour', %s, 'bas')",
            (account,),
        )
        with pytest.raises(Exception, match="append-only"):
            connection.execute("UPDATE rota_override SET made_by = 'dirk'")


def test_a_killed_engine_loses_and_doubles_nothing(database: str, tmp_path: Path) -> None:
    on_call(database)
    devices = [register_device(database, f"sl-{number:06d}") for number in range(1, 6)]

    async def prepare() -> None:
        async with await connect_async(database, application="test") as conn:
            for device in devices:
                await open_emergency(conn, device, datetime.now(UTC))

    asyncio.run(prepare())
    with Broker(tmp_path) as broker, connect(database, application="watcher") as watcher:
        # Slow enough for a kill to meet a transaction half-way.
        watcher.execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$"
        )
        watcher.execute(
            "CREATE TRIGGER slow BEFORE INSERT ON notification FOR EACH ROW"
            " WHEN (NEW.channel = 'person') EXECUTE FUNCTION slow()"
        )
        busy = (
            "SELECT FROM pg_stat_activity WHERE application_name LIKE '%%-escalation'"
            " AND state = 'active' AND query LIKE %s"
        )
        with engine_process(database, broker) as running:
            inserting = ["%INSERT INTO notification%"]
            eventually(lambda: watcher.execute(busy, inserting).fetchall(), what="half-way")
            running.kill()
        eventually(lambda: not watcher.execute(busy, ["%"]).fetchall(), what="it is gone")
        halves = (
            "SELECT ticket_id FROM escalation WHERE attempt <> (SELECT count(*) FROM ticket_event"
            " WHERE ticket_event.ticket_id = escalation.ticket_id AND kind = 'escalated')"
            " OR attempt <> (SELECT count(*) FROM notification"
            " WHERE notification.ticket_id = escalation.ticket_id AND channel = 'person')"
        )
        assert watcher.execute(halves.encode()).fetchall() == []
        rung = "SELECT count(*) FROM notification WHERE recipient = 'anna'"
        with engine_process(database, broker):
            eventually(
                lambda: watcher.execute(rung).fetchone() == (len(devices),), what="all are rung"
            )
        assert watcher.execute(halves.encode()).fetchall() == []
