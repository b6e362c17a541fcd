"""Puts the platform into a situation, as ingest and diagnostics would have written it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from gateway.protocol.vocabulary import Demand, Landing, Mode, Seat, Signals
from ingest.storage.pool import connect

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
BLOCKED = {"code": "blocked", "fault": "carriage_up_edge"}
ABOARD = {"code": "rider_aboard"}

_STATUS = (
    "shard, log_no, device_id, outbox_no, seq, sample_no, device_time, measured_at, received_at,"
    " at_rest, position_mm, speed_mm_s, current_ma, battery_mv, seat, demand, mode, landing,"
    " contacts, signals, fault"
)


class Seed:
    """One connection to a migrated database; every call commits."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url, application="test")

    def close(self) -> None:
        self._connection.close()

    def one(self, statement: str, *parameters: Any) -> Any:
        found = self._connection.execute(statement.encode(), parameters).fetchone()
        return None if found is None else found[0]

    def row(self, statement: str, *parameters: Any) -> Any:
        return self._connection.execute(statement.encode(), parameters).fetchone()

    def run(self, statement: str, *parameters: Any) -> None:
        self._connection.execute(statement.encode(), parameters)

    def notify(self, payload: str) -> None:
        self.run("SELECT pg_notify('liftwacht_live', %s)", payload)

    def ticket(
        self,
        device_id: int,
        *,
        opened_at: datetime,
        reasons: Iterable[dict[str, Any]] = (BLOCKED, ABOARD),
        exempt: bool = False,
        all_clear_at: datetime | None = None,
    ) -> int:
        """An open emergency with its finding and its first event."""
        since = opened_at - timedelta(seconds=20)
        ticket_id: int = self.one(
            "INSERT INTO ticket (device_id, kind, priority, dedup_key, opened_at, reported_at,"
            " evidence_at, since, on_site_due_at, repaired_due_at, all_clear_at)"
            " VALUES (%s, 'emergency', 1, 'emergency', %s, %s, %s, %s, %s, %s, %s)"
            " RETURNING ticket_id",
            device_id,
            *(opened_at, opened_at, opened_at),
            since,
            None if exempt else opened_at + timedelta(hours=2),
            opened_at + timedelta(days=1),
            all_clear_at,
        )
        self.event(ticket_id, "opened", opened_at, "system:stuck", priority=1)
        if all_clear_at is not None:
            self.event(ticket_id, "all_clear", all_clear_at, "system:diagnostics")
        self.run(
            "INSERT INTO finding (device_id, detector, detector_version, dedup_key, level, since,"
            " found_at, reasons, evidence, ticket_id, what, asks)"
            " VALUES (%s, 'stuck', 1, %s, 'certain', %s, %s, %s, %s, %s, 'stuck', 'emergency')",
            device_id,
            f"ride-{ticket_id}",
            since,
            opened_at,
            Jsonb(list(reasons)),
            Jsonb({"shard": 0, "log_nos": [1], "from": since.isoformat()}),
            ticket_id,
        )
        self.notify(f'{{"kind": "ticket", "ticket": {ticket_id}}}')
        return ticket_id

    def over(self, ticket_id: int) -> None:
        """The emergency was released, and the aid repaired."""
        for kind in ("released", "repaired", "closed"):
            self.event(ticket_id, kind, NOW, "desk")
        self.run(
            "UPDATE ticket SET released_at = %s, repaired_at = %s, closed_at = %s,"
            " dedup_key = NULL WHERE ticket_id = %s",
            *(NOW, NOW, NOW, ticket_id),
        )

    def contact(self, device: str, name: str = "Mevrouw Bakker") -> str:
        """Who lends an aid, where, and how to get in."""
        self.run(
            "INSERT INTO client_contact (client_id, name, street, postcode, town, phone, key_safe)"
            " SELECT client_id, %s, 'Dijk 1', '1621AB', 'Hoorn', '06-00000001', 'links'"
            " FROM device WHERE name = %s",
            name,
            device,
        )
        return name

    def event(self, ticket_id: int, kind: str, at: datetime, actor: str, **detail: Any) -> None:
        self.run(
            "INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind, detail)"
            " SELECT %s, coalesce(max(event_no), 0) + 1, %s, %s, %s, %s FROM ticket_event"
            " WHERE ticket_id = %s",
            ticket_id,
            at,
            actor,
            kind,
            Jsonb(detail),
            ticket_id,
        )

    def finding(
        self,
        device_id: int,
        what: str,
        asks: str,
        *,
        at: datetime,
        ticket_id: int | None = None,
        **more: Any,
    ) -> int:
        """A finding of the slow lane; ``more`` are columns."""
        values: dict[str, Any] = {
            "device_id": device_id,
            "detector": "watcher",
            "detector_version": 1,
            "dedup_key": f"{what}:{at.isoformat()}",
            "level": "certain",
            "since": at,
            "found_at": at,
            "reasons": Jsonb([ABOARD]),
            "evidence": Jsonb({"shard": 0, "log_nos": [1], "from": at.isoformat()}),
            "what": what,
            "asks": asks,
            "ticket_id": ticket_id,
            **{
                name: Jsonb(value) if isinstance(value, dict | list) else value
                for name, value in more.items()
            },
        }
        finding_id: int = self.one(
            f"INSERT INTO finding ({', '.join(values)})"
            f" VALUES ({', '.join(['%s'] * len(values))}) RETURNING finding_id",
            *values.values(),
        )
        return finding_id

    def repair(
        self, device_id: int, *, opened_at: datetime, what: str = "fault", priority: int = 3
    ) -> int:
        """An open repair with its finding and its first event."""
        ticket_id: int = self.one(
            "INSERT INTO ticket (device_id, kind, what, priority, dedup_key, opened_at,"
            " reported_at, evidence_at, since, repaired_due_at)"
            " VALUES (%s, 'repair', %s, %s, %s, %s, %s, %s, %s, %s) RETURNING ticket_id",
            device_id,
            what,
            priority,
            f"repair:{what}",
            *(opened_at, opened_at, opened_at, opened_at, opened_at + timedelta(days=5)),
        )
        self.event(ticket_id, "opened", opened_at, "system:watcher", priority=priority)
        self.finding(device_id, what, "repair", at=opened_at, ticket_id=ticket_id)
        return ticket_id

    def incident(self, area: int, devices: Iterable[int], *, since: datetime) -> int:
        """An outage of an area that lasts."""
        members = list(devices)
        incident_id: int = self.one(
            "INSERT INTO incident (key, area, since, aids, found_at)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING incident_id",
            f"area_outage:{area}:{since.isoformat()}",
            *(area, since, len(members) + 3, since),
        )
        for device_id in members:
            self.run(
                "INSERT INTO incident_device (incident_id, device_id, lost_at) VALUES (%s, %s, %s)",
                *(incident_id, device_id, since),
            )
        return incident_id

    def suspicion(self, device_id: int, *, since: datetime) -> None:
        self.run(
            "INSERT INTO finding (device_id, detector, detector_version, dedup_key, level, since,"
            " found_at, reasons, evidence, what, asks) VALUES (%s, 'stuck', 1, 's', 'suspected',"
            " %s, %s, %s, '{}', 'stuck', 'emergency')",
            device_id,
            since,
            since,
            Jsonb([{"code": "stopped"}]),
        )

    def presence(
        self, device_id: int, *, online: bool, at: datetime, reason: str = "connected"
    ) -> None:
        self.run(
            "INSERT INTO device_presence (device_id, session, online, reason, changed_at, firmware)"
            " VALUES (%s, 1, %s, %s, %s, '1.0')",
            device_id,
            online,
            reason,
            at,
        )

    def fault(self, device_id: int, code: str, *, at: datetime, maker_code: str = "9") -> None:
        self.run(
            "INSERT INTO device_fault (device_id, code, maker_code, active, outbox_no, seq,"
            " changed_at) VALUES (%s, %s, %s, true, 1, 1, %s)",
            device_id,
            code,
            maker_code,
            at,
        )

    def ride(
        self,
        device_id: int,
        *,
        start: datetime,
        seconds: int = 40,
        stuck_at_s: int | None = None,
        fault: str = "carriage_up_edge",
    ) -> None:
        """Samples twice a second of a ride upwards, stopped by ``fault`` if ``stuck_at_s``."""
        rows = []
        position = 0.0
        for index in range(-4, seconds * 2):
            at = start + timedelta(seconds=index / 2)
            second = index / 2
            stuck = stuck_at_s is not None and second >= stuck_at_s
            riding = second >= 0 and not stuck
            speed = min(120, max(0, int(60 * second))) if riding else 0
            position += speed / 2
            end = stuck_at_s is None and index == seconds * 2 - 1
            landing = Landing.BOTTOM if second < 0 else Landing.TOP if end else Landing.BETWEEN
            rows.append((
                0, index + 5, device_id, 1, index + 5, 0, at, at, at, second < 0,
                int(position), 0 if end else speed, 8_000 + (index % 5) * 260 if riding else 300,
                24_600, Seat.OCCUPIED, Demand.UP if riding else Demand.NONE, Mode.NORMAL, landing,
                4 if stuck else 0, Signals.SOS if stuck and second > (stuck_at_s or 0) + 8 else 0,
                fault if stuck else None,
            ))  # fmt: skip
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO status ({_STATUS}) VALUES ({', '.join(['%s'] * 21)})".encode(), rows
            )

    def latest(self, device_id: int, *, at: datetime) -> None:
        self.run(
            "INSERT INTO device_latest (device_id, outbox_no, seq, sample_no, measured_at,"
            " received_at, position_mm, speed_mm_s, current_ma, battery_mv, seat, demand, mode,"
            " landing, contacts, signals, fault) VALUES"
            " (%s, 1, 1, 0, %s, %s, 2100, 0, 300, 24600, 2, 0, 0, 1, 4, 0, 'carriage_up_edge')",
            device_id,
            at,
            at,
        )

    def healthy(self, now: datetime) -> None:
        """All parts work at ``now``."""
        self.run("UPDATE diagnosis_cursor SET cycled_at = %s", now)
        self.run("UPDATE analysis_cursor SET cycled_at = %s", now)
        self.run(
            "INSERT INTO listener (worker, first_shard, last_shard, listening_since, beat_at)"
            " VALUES ('ingest-1', 0, 63, %s, %s) ON CONFLICT (worker) DO UPDATE"
            " SET listening_since = excluded.listening_since, beat_at = excluded.beat_at",
            now - timedelta(hours=1),
            now,
        )
        self.run(
            "INSERT INTO heartbeat (process, part, beat_at) VALUES ('engine', 'escalation', %s)"
            " ON CONFLICT (process) DO UPDATE SET beat_at = excluded.beat_at",
            now,
        )


def scalar(connection: psycopg.Connection[Any], statement: str) -> Any:
    """The first column of the first row."""
    found = connection.execute(statement.encode()).fetchone()
    assert found is not None
    return found[0]
