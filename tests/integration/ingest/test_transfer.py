"""An aid goes to another client: who it is stays, what was learnt of how somebody lives goes."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from diagnostics.tickets.calendar import dutch_day
from ingest.__main__ import main
from ingest.identity.transfer import transfer
from tests.support.database import register_devices
from tests.support.worker import query

HABITS = "SELECT detector FROM analysis_state WHERE device_id = %s ORDER BY detector"


def test_to_another_client_or_to_nobody(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", database)
    ids = register_devices(database, ["sl-000001", "sl-000002"])
    moved, other = ids["sl-000001"], ids["sl-000002"]
    for device in (moved, other):
        for detector in ("person", "charging", "battery"):
            query(
                database,
                "INSERT INTO analysis_state (device_id, detector, state, updated_at)"
                " VALUES (%s, %s, '{}', now()) RETURNING 1",
                *(device, detector),
            )
    before = query(database, "SELECT count(*) FROM certificate")
    assert main(["transfer", "sl-000001", "C-SL-000002"]) == 0
    assert "sl-000001 is with C-SL-000002 now" in capsys.readouterr().out
    assert query(
        database,
        "SELECT client_number, lent_on FROM device JOIN client USING (client_id)"
        " WHERE device_id = %s",
        moved,
    ) == [("C-SL-000002", dutch_day(datetime.now(UTC)))]
    assert query(database, HABITS, moved) == [("battery",)]  # of the aid itself
    assert query(database, HABITS, other) == [("battery",), ("charging",), ("person",)]
    assert query(database, "SELECT count(*) FROM certificate") == before
    [(command, kind)] = query(database, "SELECT command_id, kind FROM device_command")
    assert kind == "forget"
    [(recipient, payload)] = query(database, "SELECT recipient, payload FROM notification")
    assert (recipient, payload["kind"]) == ("sl-000001", "forget")
    assert payload["command_id"] == command

    assert main(["transfer", "sl-000001", "-"]) == 0
    assert query(database, "SELECT client_id FROM device WHERE device_id = %s", moved) == [(None,)]
    # Nobody, or nothing, that there is: nothing changes, and nothing is sent.
    for wrong in (["sl-999999", "C-SL-000002"], ["sl-000002", "C-999"]):
        assert main(["transfer", *wrong]) == 1
    query(database, "UPDATE device SET retired_at = now() WHERE device_id = %s RETURNING 1", other)
    assert main(["transfer", "sl-000002", "C-SL-000001"]) == 1
    assert query(database, "SELECT count(*) FROM notification") == [(2,)]


def test_it_is_lent_on_the_day_that_it_is_in_the_netherlands(database: str) -> None:
    """Whatever zone the database has; on both sides of midnight, in winter and in summer."""
    register_devices(database, ["sl-000001", "sl-000002"])
    moments = {
        datetime(2026, 1, 9, 22, 59, 59, tzinfo=UTC): date(2026, 1, 9),
        datetime(2026, 1, 9, 23, 0, tzinfo=UTC): date(2026, 1, 10),
        datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC): date(2026, 3, 28),
        datetime(2026, 3, 28, 23, 0, tzinfo=UTC): date(2026, 3, 29),  # summer time begins
        datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC): date(2026, 3, 29),
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC): date(2026, 3, 30),
        datetime(2026, 10, 24, 22, 0, tzinfo=UTC): date(2026, 10, 25),  # and ends
        datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC): date(2026, 10, 25),
        datetime(2026, 10, 25, 23, 0, tzinfo=UTC): date(2026, 10, 26),
    }
    for zone in ("UTC", "Europe/Amsterdam", "America/New_York"):
        with psycopg.connect(
            database, autocommit=True, options=f"-c timezone={zone}"
        ) as connection:
            for number, (moment, day) in enumerate(moments.items()):
                client = f"C-SL-00000{1 + number % 2}"
                transfer(connection, "sl-000001", client, now=moment)
                lent = connection.execute(
                    "SELECT lent_on FROM device WHERE name = 'sl-000001'"
                ).fetchone()
                assert lent == (day,), (zone, moment)
