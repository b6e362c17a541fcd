"""Each process may do its own work and nothing else; a municipality sees its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from ingest.decode import decode
from ingest.storage.pool import connect, connect_async
from ingest.writer import Job
from tests.integration.ingest.test_writer import NOW
from tests.support import telemetry as say
from tests.support.database import register_device

TICKET = """
INSERT INTO ticket (device_id, kind, priority, dedup_key, opened_at, evidence_at, since,
    repaired_due_at)
VALUES (%s, 'emergency', 1, 'emergency', now(), now(), now(), now()) RETURNING ticket_id
"""
EVENT = "INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind) VALUES (%s, 1, now(), 'x', 'x')"  # noqa: E501

ATTACHMENT = """
INSERT INTO attachment (ticket_id, name, media_type, sha256, bytes, content, attached_at, actor)
VALUES (%s, 'a.png', 'image/png', %s, 1, 'x', now(), 'anna')
"""


@contextmanager
def acting_as(url: str, role: str) -> Iterator[Connection[TupleRow]]:
    with connect(url, application="test") as connection:
        connection.execute(f"SET ROLE {role}".encode())
        try:
            yield connection
        finally:
            connection.execute("RESET ROLE")


def open_ticket(url: str, device_id: int) -> int:
    with acting_as(url, "liftwacht_diagnostics") as connection:
        row = connection.execute(TICKET, (device_id,)).fetchone()
        assert row is not None
        connection.execute(EVENT, row)
        return int(row[0])


async def test_ingest_can_do_its_work(either_database: str) -> None:
    register_device(either_database)
    messages = (say.presence(), say.status(1), say.fault(2), say.usage(3), say.call(4))
    others = (
        *(say.reply(5), say.condition(7), say.presence(online=False)),
        say.fault(6, maker_code="\0"),
    )
    decoded = [decode(say.deliver(m, NOW, live=True)) for m in (*messages, *others)]
    async with await connect_async(either_database, application="test") as connection:
        await connection.execute("SET ROLE liftwacht_ingest")
        outcome = await Job(decoded).run(connection)
        await connection.execute("RESET ROLE")
    assert (outcome.stored, outcome.quarantined) == (8, 1)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("liftwacht_ingest", "SELECT 1 FROM ticket"),
        ("liftwacht_ingest", "SELECT 1 FROM client"),
        ("liftwacht_ingest", "SELECT client_id FROM device"),
        ("liftwacht_ingest", "DELETE FROM status"),
        ("liftwacht_diagnostics", "INSERT INTO status DEFAULT VALUES"),
        ("liftwacht_diagnostics", "UPDATE ticket_event SET actor = 'somebody else'"),
        ("liftwacht_api", "INSERT INTO call DEFAULT VALUES"),
        ("liftwacht_api", "UPDATE device_latest SET seq = 1"),
        ("liftwacht_api", "DELETE FROM ticket"),
        ("liftwacht_api", "DELETE FROM ticket_event"),
        ("liftwacht_api", "UPDATE attachment SET content = ''"),
        ("liftwacht_api", "UPDATE contract_terms SET valid_through = now()"),
        ("liftwacht_municipality", "SELECT 1 FROM status"),
        ("liftwacht_municipality", "UPDATE device SET maker = 'x'"),
    ],
)
def test_nobody_can_do_what_is_not_his(either_database: str, role: str, statement: str) -> None:
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with acting_as(either_database, role) as connection, refused:
        connection.execute(statement.encode())


def test_what_happened_to_a_ticket_cannot_be_changed_even_by_the_owner(
    either_database: str,
) -> None:
    open_ticket(either_database, register_device(either_database))
    with connect(either_database, application="test") as connection:
        for statement in (b"UPDATE ticket_event SET actor = 'y'", b"DELETE FROM ticket_event"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                connection.execute(statement)


def test_a_municipality_sees_its_own_aids_clients_and_tickets(either_database: str) -> None:
    for name, code in (("sl-hoorn", "GM0405"), ("sl-medemblik", "GM0420")):
        device_id = register_device(either_database, name, municipality_code=code)
        ticket_id = open_ticket(either_database, device_id)
        with acting_as(either_database, "liftwacht_api") as connection:
            connection.execute(ATTACHMENT, (ticket_id, bytes(32)))
    seen = """
        SELECT (SELECT array_agg(name) FROM device), (SELECT count(*) FROM client),
            (SELECT count(*) FROM ticket), (SELECT count(*) FROM ticket_event),
            (SELECT count(*) FROM attachment),
            (SELECT array_agg(municipality_code) FROM contract_terms)
    """
    with acting_as(either_database, "liftwacht_municipality") as connection:
        assert connection.execute(seen).fetchone() == (None, 0, 0, 0, 0, None)
        with connection.transaction():
            connection.execute("SELECT set_config('liftwacht.municipality', 'GM0405', true)")
            assert connection.execute(seen).fetchone() == (["sl-hoorn"], 1, 1, 1, 1, ["GM0405"])
    with acting_as(either_database, "liftwacht_api") as connection:
        assert connection.execute("SELECT count(*) FROM device").fetchone() == (2,)
