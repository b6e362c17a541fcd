"""What diagnostics remember and found, in the database: states, findings, positions."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import msgspec
from msgspec import Struct
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics.detectors.contract import Aid, Detector, Finding, Forecast, Reason
from diagnostics.queries import load

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

Statements = Mapping[str, LiteralString]

_SQL: Statements = load("diagnostics")
# As in ``aids``.
_AID_FIELDS = (
    *("kind", "rail_length_mm", "built_on", "serviced_on", "lent_on"),
    *("max_load_kg", "max_speed_mm_s", "max_incline_deg"),
    *("empty_ma", "tested_ma", "tested_kg"),
)
_ENCODER = msgspec.json.Encoder()


class Device(NamedTuple):
    """A device as the engine meets it. ``test``: it is none, and only its calls count."""

    name: str
    shard: int
    aid: Aid
    test: bool = False


class StoredState(Struct, frozen=True):
    """What one detector remembers of one device; ``state`` None: nothing more."""

    device_id: int
    detector: str
    state: Any
    attentive: bool
    due_at: datetime | None


class StoredFinding(NamedTuple):
    """A finding as it stands in the database now."""

    finding_id: int
    level: str
    ticket_id: int | None


class Hearing(Struct, frozen=True):
    """Which shards the platform listens to, and since when."""

    spans: tuple[tuple[int, int, datetime], ...] = ()

    def since(self, shard: int) -> datetime | None:
        """Return since when ``shard`` is heard without a break; None if it is not now."""
        return min((at for low, high, at in self.spans if low <= shard <= high), default=None)


async def devices(conn: Connection, device_ids: Iterable[int]) -> dict[int, Device]:
    """Return what is known of devices, by id."""
    rows = await _rows(conn, "aids", {"devices": list(device_ids)})
    return {row[0]: Device(row[1], row[2], _aid(row[:-1]), test=row[-1]) for row in rows}


async def states(
    conn: Connection,
    device_ids: Iterable[int],
    detectors: Sequence[Detector],
    sql: Statements = _SQL,
) -> dict[int, dict[str, Any]]:
    """Return what detectors remember, by device and name. ``sql`` is that of their lane.

    A state that an older version left and nobody can read any more is forgotten: the detector
    begins anew, as with a device that it never met.
    """
    decoders: dict[str, msgspec.json.Decoder[Any]] = {
        each.name: msgspec.json.Decoder(each.state_type) for each in detectors
    }
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for device_id, detector, state in await _rows(
        conn, "states", {"devices": list(device_ids)}, sql
    ):
        if detector in decoders:
            try:
                found[device_id][detector] = decoders[detector].decode(state)
            except msgspec.MsgspecError as error:
                logger.warning("device %d: state of %s is lost: %s", device_id, detector, error)
    return found


async def save_states(
    conn: Connection, changed: Sequence[StoredState], now: datetime, sql: Statements = _SQL
) -> None:
    """Store what detectors remember now. ``sql`` is that of their lane."""
    kept = [each for each in changed if each.state is not None]
    gone = [each for each in changed if each.state is None]
    if kept:
        await conn.execute(
            sql["save_states"],
            {
                "devices": [each.device_id for each in kept],
                "detectors": [each.detector for each in kept],
                "states": [_ENCODER.encode(each.state).decode() for each in kept],
                "attentive": [each.attentive for each in kept],
                "due": [each.due_at for each in kept],
                "now": now,
            },
        )
    if gone:
        await conn.execute(
            sql["forget_states"],
            {
                "devices": [each.device_id for each in gone],
                "detectors": [each.detector for each in gone],
            },
        )


async def save_finding(
    conn: Connection,
    device: Device,
    finding: Finding,
    *,
    detector: str,
    version: int,
    now: datetime,
) -> StoredFinding:
    """Store an episode, or what is new of it, and tell live views."""
    async with conn.cursor() as cursor:
        await cursor.execute(
            _SQL["save_finding"],
            {
                "device_id": device.aid.device_id,
                "detector": detector,
                "version": version,
                "key": finding.key,
                "level": finding.level.value,
                "since": finding.since,
                "now": now,
                "ended_at": finding.ended_at,
                "reasons": _json(reasons_of(finding)),
                "evidence": _json(evidence_of(finding, device.shard)),
                "what": finding.what,
                "asks": finding.asks.value,
                "usable": finding.usable,
                "confidence": finding.confidence,
                "otherwise": _json(alternatives_of(finding)),
                "forecast": None if finding.forecast is None else _json(forecast_of(finding)),
            },
        )
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - an upsert always returns its row
        live = msgspec.json.encode({"kind": "device", "device": device.name}).decode()
        await cursor.execute(_SQL["announce_device"], {"live": live})
    return StoredFinding(*row)


def reasons_of(finding: Finding) -> list[dict[str, Any]]:
    """Return the reasons as they are stored and shown."""
    return _coded(finding.reasons)


def alternatives_of(finding: Finding) -> list[dict[str, Any]]:
    """Return what else could explain it, as that is stored and shown."""
    return _coded(finding.otherwise)


def forecast_of(finding: Finding) -> dict[str, Any] | None:
    """Return the forecast as it is stored and shown."""
    forecast: Forecast | None = finding.forecast
    if forecast is None:
        return None
    return {**msgspec.structs.asdict(forecast), "at": forecast.at.isoformat()}


def evidence_of(finding: Finding, shard: int) -> dict[str, Any]:
    """Return the evidence as it is stored and shown."""
    return {
        "shard": shard,
        "log_nos": list(finding.evidence.log_nos),
        "from": finding.evidence.first_at.isoformat(),
        "until": finding.evidence.last_at.isoformat(),
    }


async def has_ticket(conn: Connection, device: Device, detector: str, key: str) -> bool:
    """Return whether an episode had its ticket, closed or not."""
    found = await _rows(
        conn,
        "finding_ticket",
        {"device_id": device.aid.device_id, "detector": detector, "key": key},
    )
    return bool(found)


async def call_unread(conn: Connection, device_id: int, shard: int, head: int) -> bool:
    """Return whether a device called for help past ``head`` of its shard's log."""
    where = {"device_id": device_id, "shard": shard, "head": head}
    ((unread,),) = await _rows(conn, "call_unread", where)
    return bool(unread)


async def link_finding(conn: Connection, finding_id: int, ticket_id: int) -> None:
    """Remember which ticket came of a finding."""
    await conn.execute(_SQL["link_finding"], {"finding_id": finding_id, "ticket_id": ticket_id})


async def link_suspicions(conn: Connection, device: Device) -> None:
    """Have what is only suspected of a device belong to its open ticket, if it has one."""
    await conn.execute(_SQL["link_suspicions"], {"device_id": device.aid.device_id})


async def acted_upon(conn: Connection, stored: StoredFinding) -> bool:
    """Return whether a finding opened its ticket or was added as evidence, not just linked."""
    where = {"ticket_id": stored.ticket_id, "finding_id": stored.finding_id}
    ((acted,),) = await _rows(conn, "finding_acted_upon", where)
    return bool(acted)


async def hearing(conn: Connection, *, alive_since: datetime) -> Hearing:
    """Return which shards are listened to, by workers that were alive at ``alive_since``."""
    rows = await _rows(conn, "listeners", {"alive_since": alive_since})
    return Hearing(tuple((low, high, since) for low, high, since in rows))


def _aid(row: Sequence[Any]) -> Aid:
    known = dict(zip(_AID_FIELDS, row[3:], strict=True))
    return Aid(device_id=row[0], **known)


def _json(value: Any) -> Jsonb:
    return Jsonb(value, dumps=_ENCODER.encode)


def _coded(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"code": reason.code, **reason.parameters} for reason in reasons]


async def _rows(
    conn: Connection, name: str, parameters: dict[str, Any], sql: Statements = _SQL
) -> list[Any]:
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(sql[name], parameters)
        return await cursor.fetchall()
