"""Tickets in the database: the columns follow from the log, and the clocks lose nothing."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from psycopg import AsyncConnection

from diagnostics.__main__ import main
from diagnostics.tickets import attachments, contracts, life, relations, repository, service
from diagnostics.tickets.clockwork import tick
from diagnostics.tickets.commands import (
    Acknowledge,
    AnyCommand,
    Appoint,
    Arrive,
    Assign,
    By,
    ConfirmRelease,
    Pause,
    Repair,
    UnderWay,
)
from diagnostics.tickets.entries import DelayReason
from diagnostics.tickets.errors import NotNow
from diagnostics.tickets.model import ReleaseHow, Source, TicketKind
from diagnostics.tickets.opening import Opening
from diagnostics.tickets.terms import PriorityTerms, Term, Terms, Unit
from ingest.storage.migrate import Engine, migrate, migrations
from ingest.storage.pool import connect, connect_async
from tests.support.accounts import add_account
from tests.support.database import register_device

Connection = AsyncConnection[Any]

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
STANDS = ConfirmRelease(how=ReleaseHow.CLIENT_BY_PHONE, aid_works=False)
CLOCKS = (
    "SELECT kind, detail ->> 'target' FROM ticket_event"
    " WHERE kind IN ('warned', 'breached') ORDER BY event_no"
)


def after(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def by(minutes: float, **more: Any) -> By:
    return By(actor="anna", now=after(minutes), **more)


async def rows(conn: Connection, statement: str, *parameters: Any) -> Sequence[Any]:
    cursor = await conn.execute(statement.encode(), parameters or None)
    return await cursor.fetchall()


async def emergency(conn: Connection, device_id: int, minutes: float = 0) -> int:
    opening = await service.open_emergency(
        conn,
        device_id,
        actor="system:stuck",
        detail={},
        evidence_at=after(minutes),
        since=after(minutes),
        now=after(minutes),
    )
    return opening.ticket.ticket_id


async def phoned(conn: Connection, device_id: int, request_id: str) -> Opening:
    async with conn.transaction():
        return await service.report(
            conn,
            device_id,
            kind=TicketKind.REPAIR,
            source=Source.PHONE,
            text="Hij piept",
            usable=True,
            by=by(0, request_id=request_id),
        )


async def test_the_columns_are_what_the_log_says(
    conn: Connection, url: str, device_id: int
) -> None:
    bas = add_account(url, login="bas")
    number = await emergency(conn, device_id)
    commands: tuple[AnyCommand, ...] = (
        *(Acknowledge(), Assign(account=bas), UnderWay(arrives_at=after(90)), STANDS, Arrive()),
        Appoint(begin=after(600), end=after(700)),
        Pause(pause="a", reason=DelayReason.CLIENT_WISH, evidence="x", attributable=False),
    )
    for minute, command in enumerate(commands, start=1):
        await service.carry_out(conn, number, command, by(minute, request_id=str(uuid4())))
        ticket = life.ticket_of(await repository.read(conn, number), after(minute))
        stored = await rows(
            conn,
            "SELECT priority, reported_at, on_site_due_at, repaired_due_at, acknowledged_at,"
            " unanswered, assigned_to, under_way_at, arrives_at, on_site_at, released_at,"
            " repaired_at, closed_at, breach_at, breaches, next_clock_at, version,"
            " dedup_key IS NULL, appointment_begin FROM ticket",
        )
        values = msgspec.structs.asdict(ticket)
        assert list(stored[0][:17]) == [
            values[name]
            for name in (
                *("priority", "reported_at", "on_site_due_at", "repaired_due_at"),
                *("acknowledged_at", "unanswered", "assigned_to", "under_way_at", "arrives_at"),
                *("on_site_at", "released_at", "repaired_at", "closed_at", "breach_at"),
                *("breaches", "next_clock_at", "version"),
            )
        ]
        assert stored[0][17] is (not ticket.active)
        assert stored[0][18] == (ticket.appointment and ticket.appointment.begin)
    # The rider is safe: the next call is another emergency, and this one a repair to be done.
    assert await emergency(conn, device_id, 30) == number + 1
    await service.carry_out(conn, number, Repair(by="Bas"), by(40))
    assert await rows(conn, "SELECT stage FROM ticket ORDER BY ticket_id") == [
        ("closed",),
        ("reported",),
    ]


async def test_a_request_that_is_sent_again_is_carried_out_once(
    conn: Connection, device_id: int
) -> None:
    number = await emergency(conn, device_id)
    for _ in range(2):
        word = by(9, happened_at=after(5), request_id="7f0f3a1e-0000-4000-8000-000000000001")
        ticket = await service.carry_out(conn, number, Arrive(), word, expected_version=1)
    assert (ticket.on_site_at, ticket.version) == (after(5), 2)
    events = "SELECT count(*) FROM ticket_event WHERE kind = 'on_site'"
    assert await rows(conn, events) == [(1,)]


async def test_the_same_report_at_the_same_moment_opens_one_ticket(
    database: str,
) -> None:
    device_id = register_device(database)
    request_id = str(uuid4())
    async with (
        await connect_async(database, application="one") as one,
        await connect_async(database, application="two") as two,
    ):
        openings = await asyncio.gather(
            *(phoned(conn, device_id, request_id) for conn in (one, two))
        )
        assert sorted(opening.created for opening in openings) == [False, True]
        assert len({opening.ticket.ticket_id for opening in openings}) == 1
        assert await rows(one, "SELECT count(*) FROM ticket") == [(1,)]


async def test_tickets_merged_into_each_other_at_once_do_not_wait_for_ever(
    database: str,
) -> None:
    device_id = register_device(database)
    async with (
        await connect_async(database, application="one") as one,
        await connect_async(database, application="two") as two,
    ):
        first = (await phoned(one, device_id, str(uuid4()))).ticket.ticket_id
        second = (await phoned(one, device_id, str(uuid4()))).ticket.ticket_id

        async def merge(conn: Connection, ticket: int, into: int) -> None:
            async with conn.transaction():
                await relations.merge(conn, ticket, into, by(1))

        done = await asyncio.gather(
            merge(one, first, second), merge(two, second, first), return_exceptions=True
        )
        assert [type(each).__name__ for each in done if each] == ["TicketClosed"]
        assert await rows(one, "SELECT count(*) FROM ticket WHERE closed_at IS NULL") == [(1,)]


async def test_no_restart_loses_a_clock_and_no_second_engine_doubles_it(
    database: str,
) -> None:
    devices = [register_device(database, f"sl-{number:06d}") for number in range(6)]
    async with await connect_async(database, application="desk") as conn:
        for device_id in devices:
            await emergency(conn, device_id)
        assert await tick(conn, after(74)) == 0
    for minutes in (76, 121, 60 * 24 * 3):
        # Engines that were started just now, two at a time.
        async with (
            await connect_async(database, application="one") as one,
            await connect_async(database, application="two") as two,
        ):
            looked = await asyncio.gather(*(tick(each, after(minutes)) for each in (one, two)))
            assert sum(looked) == len(devices)
            assert await tick(one, after(minutes)) == 0
    async with await connect_async(database, application="desk") as conn:
        told = await rows(
            conn,
            "SELECT kind, detail ->> 'target', count(*) FROM ticket_event"
            " WHERE kind IN ('warned', 'breached') GROUP BY 1, 2 ORDER BY 1, 2",
        )
        assert told == [
            ("breached", "on_site", 6),
            ("breached", "repaired", 6),
            ("warned", "on_site", 6),
        ]
        assert await rows(conn, "SELECT DISTINCT breaches, next_clock_at FROM ticket") == [
            (2, None)
        ]
        webhooks = "SELECT count(*) FROM notification WHERE payload ->> 'type' LIKE '%breached'"
        assert await rows(conn, webhooks) == [(12,)]


async def test_a_clock_that_leaps_ahead_and_back_harms_none(
    conn: Connection, device_id: int
) -> None:
    await emergency(conn, device_id)
    assert await tick(conn, T0 + timedelta(days=400)) == 1
    assert await rows(conn, "SELECT breaches FROM ticket") == [(2,)]
    assert await tick(conn, after(1)) == 1
    assert await rows(conn, "SELECT breaches, next_clock_at FROM ticket") == [(0, after(75))]
    assert await tick(conn, after(2)) == 0
    await tick(conn, after(80))
    await tick(conn, after(130))
    ran_ahead = [("breached", "on_site"), ("breached", "repaired")]
    assert await rows(conn, CLOCKS) == [
        *ran_ahead,
        ("warned", "on_site"),
        ("breached", "on_site"),
    ]
    # A ticket that was opened while the clock ran ahead can be worked with all the same.
    other = await emergency(conn, register_device(conn.info.dsn, "sl-2"), 10_000)
    ticket = await service.carry_out(conn, other, Acknowledge(), by(131))
    assert ticket.acknowledged_at == after(131)


async def test_one_ticket_that_cannot_be_read_holds_up_no_other(
    conn: Connection, url: str, device_id: int
) -> None:
    odd = await emergency(conn, device_id)
    await emergency(conn, register_device(url, "sl-000002"))
    await conn.execute(
        "INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind)"
        " VALUES (%s, 2, %s, 'x', 'pause_begun')",
        (odd, T0),
    )
    assert await tick(conn, after(80)) == 2
    assert await rows(conn, CLOCKS) == [("warned", "on_site")]
    assert await tick(conn, after(80)) == 0


async def test_terms_are_data_with_their_days(
    conn: Connection, url: str, device_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await emergency(conn, device_id)
    due = "SELECT on_site_due_at FROM ticket"
    assert await rows(conn, due) == [(after(120),)]
    one_hour = PriorityTerms(
        priority=1, on_site=Term(1, Unit.HOURS), repaired=Term(1, Unit.CALENDAR_DAYS)
    )
    old, new = (
        Terms(
            municipality_code="GM0405",
            valid_from=begin,
            valid_through=end,
            priorities=(one_hour,),
            on_site_warning=timedelta(minutes=10),
        )
        for begin, end in (
            (date(2025, 1, 1), date(2026, 11, 19)),
            (date(2026, 11, 20), date(2026, 11, 20)),
        )
    )
    with pytest.raises(ValueError, match="two hold for GM0405"):
        await contracts.store(conn, (new,))
    file = tmp_path / "terms.json"
    file.write_bytes(msgspec.json.encode((old, new)))
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", url)
    # In a thread: the command has a loop of its own.
    assert await asyncio.to_thread(main, ["terms", str(file)]) == 0
    assert await tick(conn, after(30)) == 1
    assert await rows(conn, due) == [(after(60),)]
    # A ticket keeps the terms of the day of its report, also when they have ended.
    assert await tick(conn, after(61)) == 1
    assert await rows(conn, CLOCKS) == [("breached", "on_site")]
    # Where nothing is on record the usual ones hold.
    late = await emergency(conn, register_device(url, "sl-2"), 60 * 24 * 5)
    assert late == number + 1
    assert await rows(conn, f"{due} WHERE ticket_id = %s", late) == [(after(60 * 24 * 5 + 120),)]
    file.write_text('[{"municipality_code": "GM0405"}]')
    assert await asyncio.to_thread(main, ["terms", str(file)]) == 1


async def test_a_file_is_attached_once_and_only_so_many(
    conn: Connection, device_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await emergency(conn, device_id)
    monkeypatch.setattr(attachments, "A_TICKET_AT_MOST", 2)

    async def attach(content: bytes) -> int:
        file = await attachments.attach(
            conn,
            number,
            name="a.pdf",
            media_type="application/pdf",
            content=b"%PDF-" + content,
            by=by(1),
        )
        return file.attachment_id

    first = await attach(b"1")
    assert await attach(b"1") == first != await attach(b"2")
    with pytest.raises(NotNow, match="2 attachments"):
        await attach(b"3")
    assert await rows(conn, "SELECT count(*) FROM ticket_event WHERE kind = 'attached'") == [(2,)]


def test_tickets_of_the_life_before_are_taken_along(empty_database: str, tmp_path: Path) -> None:
    for migration in migrations(Engine.PLAIN)[:12]:
        (tmp_path / migration.file).write_text(migration.sql)
    with connect(empty_database, application="test") as conn:
        migrate(conn, directory=tmp_path)
        first = register_device(empty_database)
        second = register_device(empty_database, "sl-2")
        for ticket, device, kind, closed in (
            (1, first, "emergency", None),
            (2, first, "repair", T0),
            (3, second, "emergency", T0),
        ):
            conn.execute(
                "INSERT INTO ticket (device_id, kind, what, priority, dedup_key, opened_at,"
                " evidence_at, since, repaired_due_at, closed_at, acknowledged_at)"
                " VALUES (%s, %s, %s, 1, %s, %s, %s, %s, %s, %s, %s)",
                (
                    *(device, kind, "fault" if kind == "repair" else None),
                    None if closed else kind,
                    *(T0, T0, T0, T0, closed, closed),
                ),
            )
            ends = {"emergency": "released", "repair": "repaired"}
            for event_no, event in enumerate(("opened", *([ends[kind]] if closed else [])), 1):
                conn.execute(
                    "INSERT INTO ticket_event VALUES (%s, %s, %s, 'anna', %s, '{}')",
                    (ticket, event_no, T0, event),
                )
        migrate(conn)
        stored = conn.execute(
            "SELECT stage, released_at, repaired_at, version FROM ticket ORDER BY ticket_id"
        ).fetchall()
    assert stored == [
        ("reported", None, None, 1),
        ("closed", None, T0, 3),
        ("closed", T0, None, 3),
    ]

    async def derived() -> list[Any]:
        async with await connect_async(empty_database, application="test") as conn:
            await tick(conn, after(80))
            dossiers = [await repository.read(conn, number) for number in (1, 2, 3)]
            return [life.ticket_of(dossier, after(80)) for dossier in dossiers]

    tickets = asyncio.run(derived())
    assert [ticket.closed_at for ticket in tickets] == [None, T0, T0]
    assert [ticket.version for ticket in tickets] == [1, 3, 3]
    assert tickets[0].on_site_due_at == after(120)
