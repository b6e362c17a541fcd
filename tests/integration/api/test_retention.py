"""What has been kept long enough goes, on either engine; what is needed stays."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest
from msgspec import structs

from api.privacy import catalogue, command, removing
from api.privacy.retention import BY_NAME, KINDS, MEASURED, REMOVED
from diagnostics.detectors.habits.daily import Daily
from diagnostics.detectors.person import windows
from diagnostics.detectors.registry import DETECTORS
from diagnostics.log import MAX_COMMIT_DELAY
from diagnostics.misuse.evidence import LOOK_BACK
from diagnostics.tickets.calendar import ZONE
from gateway.protocol.messages import Message
from ingest.decode import decode
from ingest.storage.pool import connect, connect_async
from ingest.writer import Job
from tests.integration.api.seed import Seed
from tests.support import contract
from tests.support import telemetry as say
from tests.support.database import register_device, register_devices

# The database goes by its own clock, so that nothing goes early: the present is the present.
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
HOURS_ONLINE = timedelta(hours=6)
ALL_THE_TIME = 10_000
AGES = {"new": 3, "old": 150, "older": 450, "oldest": 365 * 6}
TABLES = ("status", "usage", "condition", "fault", "call", "presence")


def ago(days: int) -> datetime:
    """Noon in the Netherlands, so many days ago."""
    return datetime.combine(here(NOW) - days * DAY, time(12), tzinfo=ZONE)


async def say_all(database: str, device: str) -> None:
    """Each kind of message, of each age: one a day."""
    async with await connect_async(database, application="test") as connection:
        for place, days in enumerate(reversed(AGES.values())):
            at = ago(days)
            named: dict[str, Any] = {"device": device, "time_ms": int(at.timestamp() * 1000)}
            seq = 10 * place
            messages: Iterable[Message] = (
                say.status(seq + 1, **named),
                say.usage(seq + 2, stops=2, trips=1, **named),
                say.condition(seq + 3, charging_ms=7_200_000, **named),
                say.fault(seq + 4, **named),
                say.call(seq + 5, since_ms=named["time_ms"], **named),
                say.presence(place + 1, **named),
            )
            decoded = [decode(say.deliver(each, at, live=True)) for each in messages]
            lost = say.presence(place + 1, online=False, device=device)
            await Job([*decoded, decode(say.deliver(lost, at + HOURS_ONLINE))]).run(connection)


def here(at: datetime) -> date:
    """The day it is then in the Netherlands."""
    return at.astimezone(ZONE).date()


def kept(url: str, device: str) -> dict[str, set[int]]:
    """How many days ago what is kept of each table was received."""
    found = {}
    with connect(url, application="test") as connection:
        for table in TABLES:
            statement = f"SELECT received_at FROM {table} JOIN device USING (device_id)"
            rows = connection.execute(f"{statement} WHERE name = %s".encode(), (device,)).fetchall()
            found[table] = {(here(NOW) - here(at)).days for (at,) in rows}
    return found


async def remove(url: str) -> dict[str, removing.Removed]:
    async with await connect_async(url, application="test") as connection:
        await connection.execute("SET ROLE liftwacht_api")
        found = await removing.run(connection, NOW)
        await connection.execute("SELECT pg_advisory_unlock_all()")
    return {each.kind: each for each in found}


async def test_measurements_go_when_their_days_are_counted_and_nobody_needs_them(
    either_database: str,
) -> None:
    names = ("sl-plain", "sl-ticket", "sl-held")
    plain, ticket, held = register_devices(either_database, names).values()
    seed = Seed(either_database)
    # Of what is older, the sums were made long ago.
    seed.run("INSERT INTO aid_day_progress (next_day) VALUES (%s)", ago(460).date())
    for name in names:
        await say_all(either_database, name)
    # An open ticket of long ago needs what led to it; a claim all of it.
    seed.repair(ticket, opened_at=ago(150) + timedelta(hours=2))
    seed.run(
        "INSERT INTO legal_hold (municipality_code, device_id, reason, from_at, placed_at,"
        " placed_by) VALUES ('GM0405', %s, 'rechtszaak', '-infinity', %s, 'hans')",
        *(held, NOW),
    )
    async with await connect_async(either_database, application="test") as connection:
        await connection.execute("SET ROLE liftwacht_api")
        shown = {each.kind: each for each in await removing.look(connection, NOW)}
    everything = set(AGES.values())
    assert kept(either_database, "sl-plain")["status"] == everything, "showing removes nothing"
    assert shown["readings"].removed == 5, "three of one, two of which another needs one"
    assert shown["readings"].held == 4

    done = await remove(either_database)
    left = kept(either_database, "sl-plain")
    assert left["status"] == {3}
    assert left["usage"] == left["condition"] == left["fault"] == {3, 150}
    assert left["call"] == {3, 150, 450}
    assert left["presence"] == {3, 150, 450}, "the last word before says how it was then"
    assert kept(either_database, "sl-ticket")["status"] == {3, 150}
    assert set(map(frozenset, kept(either_database, "sl-held").values())) == {frozenset(everything)}
    assert done["readings"].held == 2

    days = seed.one(
        "SELECT jsonb_agg(to_jsonb(aid_day) - '{device_id,day}'::text[] ORDER BY day) FROM aid_day"
        " WHERE device_id = %s",
        plain,
    )
    expected = {
        "rides": 1, "distance_mm": 4_700, "duration_ms": 39_000, "stops": 2, "trips": 1,
        "faults": 1, "calls": 1, "charging_minutes": 120, "battery_rest_mv": 26_300,
        "peak_current_ma": 14_000,
        "battery_min_mv": None, "connected_minutes": 360,
    }  # fmt: skip
    assert days == [expected] * 2, "of the newest it is too early to say"
    rides = seed.one("SELECT sum(rides) FROM ride_day WHERE device_id = %s", plain)
    assert rides == 3, "the newest is counted where it was measured"

    again = await remove(either_database)
    assert sum(each.removed for each in again.values()) == 0
    log = seed.one("SELECT jsonb_object_agg(kind, removed) FROM removal WHERE removed > 0")
    assert log.keys() == {"readings", "use", "connections", "calls"}
    # The claim is settled: what was waiting goes.
    seed.run("UPDATE legal_hold SET lifted_at = %s, lifted_by = 'hans'", NOW)
    await remove(either_database)
    assert kept(either_database, "sl-held") == left
    seed.close()


def long_ago(seed: Seed, *, device: str, days: int) -> dict[str, Any]:
    """A case of every kind that was over so many days ago."""
    at = ago(days)
    device_id = seed.one("SELECT device_id FROM device WHERE name = %s", device)
    ticket = seed.repair(device_id, opened_at=at)
    seed.run(
        "UPDATE ticket SET closed_at = %s, repaired_at = %s, dedup_key = NULL WHERE ticket_id = %s",
        *(at, at, ticket),
    )
    seed.run(
        "INSERT INTO attachment (ticket_id, name, media_type, sha256, bytes, content, attached_at,"
        " actor) VALUES (%s, 'a', 'image/png', sha256('a'), 1, 'x', %s, 'x')",
        *(ticket, at),
    )
    seed.run(
        "INSERT INTO aid_file (device_id, about, name, media_type, sha256, bytes, content,"
        " stored_at, actor) VALUES (%s, 'x', 'a', 'image/png', sha256('a'), 1, 'x', %s, 'x')",
        *(device_id, at),
    )
    cases = contract.add(seed, "GM0405", 1621, device)
    for table, key, number, column in (
        ("commission", "commission_id", cases.commission, "ended_at = %s, outcome = 'withdrawn'"),
        ("complaint", "complaint_id", cases.complaint, "handled_at = %s, outcome = 'founded'"),
    ):
        seed.run(f"UPDATE {table} SET {column} WHERE {key} = %s", at, number)
    for outcome in ("rejected", "decided"):
        case = seed.one(
            "INSERT INTO misuse_case (device_id, municipality_code, kind, opened_at, item, since,"
            " stage, outcome, closed_at) VALUES (%s, 'GM0405', 'unused', %s, 'no_use', %s,"
            " 'closed', %s, %s) RETURNING case_id",
            *(device_id, at, at, outcome, at),
        )
        seed.run(
            "INSERT INTO misuse_event (case_id, event_no, at, actor, kind)"
            " VALUES (%s, 1, %s, 'x', 'signalled')",
            *(case, at),
        )
    seed.run(
        "INSERT INTO notification (dedup_key, channel, recipient, payload, created_at,"
        " delivered_at) VALUES (%s, 'person', 'x', '{}', %s, %s)",
        *(f"{device}", at, at),
    )
    seed.run(
        "INSERT INTO quarantine (received_at, topic, payload, reason, detail)"
        " VALUES (%s, 'x', 'x', 'x', 'x')",
        at,
    )
    seed.run("INSERT INTO audit (at, actor, action) VALUES (%s, 'x', 'signed_in')", at)
    return {"ticket": ticket} | cases._asdict()


# What is left of each, by how many years ago it was over.
LEFT = {
    "ticket": 3, "attachment": 1, "aid_file": 5, "commission": 3, "complaint": 3, "misuse_case": 4,
    "notification": 1, "quarantine": 0, "audit": 1,
}  # fmt: skip


async def test_cases_go_when_their_time_is_over_with_all_that_belongs_to_them(
    database: str, seed: Seed
) -> None:
    ages = {"sl-one": 200, "sl-two": 800, "sl-four": 1_500, "sl-six": 2_200}
    register_devices(database, ages)
    for device, days in ages.items():
        long_ago(seed, device=device, days=days)
    # In the logs are today's rows: they cannot have been written before.
    for table in ("commission_event", "commission_file", "aid_rejection", "complaint_event"):
        column = "stored_at" if table == "commission_file" else "at"
        seed.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        seed.run(f"UPDATE {table} SET {column} = now() - interval '6 years 10 days'")
        seed.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    # A former client, and one who still has an aid.
    seed.contact("sl-one")
    seed.contact("sl-two", name="De heer Smit")
    seed.run("ALTER TABLE contact_change DISABLE TRIGGER USER")
    seed.run("UPDATE contact_change SET at = %s", ago(200))
    seed.run("ALTER TABLE contact_change ENABLE TRIGGER USER")
    seed.run("UPDATE commission SET done_at = NULL")
    seed.run("UPDATE device SET client_id = NULL WHERE name = 'sl-two'")
    seed.run("ALTER TABLE aid_holding DISABLE TRIGGER USER")
    seed.run("UPDATE aid_holding SET since = %s", ago(200).date())
    seed.run("ALTER TABLE aid_holding ENABLE TRIGGER USER")
    account = seed.one(
        "INSERT INTO account (login, name, role, email, disabled_at)"
        " VALUES ('weg', 'Weg', 'desk', 'weg@x.example', %s) RETURNING account_id",
        ago(100),
    )
    seed.run(
        "INSERT INTO account_session (token_hash, account_id, created_at, seen_at, expires_at,"
        " address, user_agent) VALUES ('x', %s, %s, %s, %s, '::1', 'x')",
        *(account, ago(100), ago(100), ago(99)),
    )
    assert await remove(database)
    counts = {table: seed.one(f"SELECT count(*) FROM {table}") for table in LEFT}
    # Who has an aid follows from an order: it stays with it.
    assert counts == LEFT | {"commission": 4}
    assert seed.one("SELECT array_agg(name) FROM client_contact") == ["Mevrouw Bakker"]
    assert seed.one("SELECT count(*) FROM contact_change WHERE after IS NOT NULL") == 0
    assert seed.one("SELECT email FROM account WHERE login = 'weg'") is None
    assert seed.one("SELECT count(*) FROM account_session") == 0
    assert seed.one("SELECT count(*) FROM misuse_case WHERE outcome = 'rejected'") == 1
    outcomes = await remove(database)
    assert sum(each.removed for each in outcomes.values()) == 0


def test_logs_can_be_shortened_by_nobody_before_their_time(database: str, seed: Seed) -> None:
    ticket = seed.ticket(register_device(database), opened_at=NOW)
    seed.run("INSERT INTO audit (at, actor, action) VALUES (%s, 'x', 'signed_in')", ago(700))
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in (
            "DELETE FROM ticket_event",
            "DELETE FROM audit",
            "UPDATE audit SET actor = 'y'",
            "UPDATE removal SET removed = 0",
        ):
            seed.run(
                "INSERT INTO removal (at, kind, until, removed, held, took_ms)"
                " VALUES (%s, 'use', %s, 1, 0, 0)",
                *(NOW, NOW),
            )
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                connection.execute(statement.encode())
        # A clock that runs ahead removes nothing, and no process may do more than ask for it.
        connection.execute("SET ROLE liftwacht_api")
        for kind in ("tickets", "record"):
            gone = connection.execute(
                "SELECT remove_ended(%s, '2100-01-01', 100)", (kind,)
            ).fetchone()
            assert gone == (0,)
        for statement in ("UPDATE retention_term SET term = '1 day'", "DELETE FROM usage"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    assert ticket


def test_terms_are_declared_as_the_database_has_them(database: str, seed: Seed) -> None:
    declared = {each.name: each.term for each in KINDS if each.term}
    with psycopg.connect(database) as connection:
        for kind, term in declared.items():
            same = connection.execute(
                "SELECT term = %s::interval FROM retention_term WHERE kind = %s", (term, kind)
            ).fetchone()
            assert same == (True,), kind
    assert seed.one("SELECT count(*) FROM retention_term") == len(declared)
    assert set(REMOVED) | set(MEASURED) == set(declared)
    tables = {table for each in KINDS for table in each.tables}
    known = seed.one("SELECT array_agg(relname::text) FROM pg_class WHERE relkind IN ('r', 'p')")
    assert tables <= set(known)


def test_what_detectors_read_is_kept_longer_than_they_read_it() -> None:
    """They remember days themselves; the log is read for what is new, and for evidence."""
    days = {kind: int(str(BY_NAME[kind].term).split()[0]) for kind in ("readings", "use")}
    assert timedelta(days=days["readings"]) > 2 * MAX_COMMIT_DELAY
    assert timedelta(days=days["use"]) > 2 * LOOK_BACK
    # One remembers whatever it counted since an aid was lent, and reads none of it again.
    judged = [e.keeps for e in DETECTORS if isinstance(e, Daily) and e.keeps < ALL_THE_TIME]
    assert len(judged) >= 5
    assert days["use"] > max(*judged, windows.FIRST_DAYS + windows.KEPT_DAYS) + LOOK_BACK.days


def test_it_is_done_at_night_or_when_nights_were_missed() -> None:
    night = datetime(2026, 11, 21, 2, 0, tzinfo=ZONE)
    noon = night + timedelta(hours=10)
    assert removing.is_due(None, night)
    assert not removing.is_due(None, noon)
    assert not removing.is_due(night - timedelta(hours=1), night)
    assert removing.is_due(night - DAY, night)
    assert not removing.is_due(noon - DAY, noon)
    assert removing.is_due(noon - 2 * DAY, noon)


def test_a_terminal_shows_each_kind_with_its_term() -> None:
    found = [removing.Removed(kind="use", until=NOW, removed=7, held=1)]
    lines = command.table(found, "to remove").splitlines()
    assert lines[0].split() == ["kind", "term", "until", "to", "remove", "held"]
    assert lines[1].split() == ["use", "400", "days", f"{NOW:%Y-%m-%d}", "7", "1"]
    assert structs.asdict(found[0])["kind"] == "use"


def test_every_column_of_the_schema_is_in_the_catalogue(either_database: str) -> None:
    """A new one belongs in api/privacy/catalogue.toml: what it is, for what, and how long."""
    schema: dict[str, list[str]] = {}
    with connect(either_database, application="test") as connection:
        for table, column in connection.execute(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND attnum > 0 AND NOT attisdropped"
        ):
            schema.setdefault(table, []).append(column)
    assert catalogue.missing(schema, catalogue.load()) == ([], [])
