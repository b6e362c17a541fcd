"""Outages of areas in the database: losses in, incidents out. The rule is ``incidents.group``."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics import store
from diagnostics.cycle import LISTENER_ALIVE
from diagnostics.incidents import Incident, Loss, Member, group
from diagnostics.queries import load

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics", "outages.sql")
# Losses older than this begin no incident by themselves: an engine that was away for a while still
# sees what happened meanwhile.
RECENT: Final = timedelta(hours=1)


class Watched(Struct, frozen=True):
    """What a look at the areas came to: incidents that began, and that ended."""

    opened: int = 0
    ended: int = 0


async def watch(conn: Connection, *, now: datetime) -> Watched:
    """Group losses into incidents, unless another engine does just now, in one transaction."""
    async with conn.transaction():
        ((mine,),) = await _rows(conn, "turn", {})
        if not mine:
            return Watched()
        known = await _open(conn)
        losses = await _losses(conn, now, known)
        if not losses and not known:
            return Watched()
        areas = {loss.area for loss in losses} | {incident.area for incident in known}
        counts: dict[int, int] = dict(await _rows(conn, "areas", {"areas": sorted(areas)}))
        changed = group(losses, counts, known, now)
        keys = {incident.key for incident in known}
        for incident in changed:
            await _save(conn, incident, now)
            if incident.key not in keys:
                logger.warning(
                    "area %d: %d of %d aids lost their connection together",
                    *(incident.area, incident.offline, incident.aids),
                )
        return Watched(
            opened=sum(incident.key not in keys for incident in changed),
            ended=sum(incident.ended_at is not None for incident in changed),
        )


async def _open(conn: Connection) -> list[Incident]:
    return [
        Incident(
            key=key,
            area=area,
            since=since,
            aids=aids,
            members=msgspec.json.decode(members, type=tuple[Member, ...]),
        )
        for _, key, area, since, aids, members in await _rows(conn, "open_incidents", {})
    ]


async def _losses(conn: Connection, now: datetime, known: list[Incident]) -> list[Loss]:
    """Return the newest loss of each aid, of those that the platform was there to see."""
    hearing = await store.hearing(conn, alive_since=now - LISTENER_ALIVE)
    members = {member.device_id: member for incident in known for member in incident.members}
    losses = []
    for device_id, shard, area, online, changed_at, lost_at in await _rows(
        conn, "losses", {"recent": now - RECENT}
    ):
        if online:
            member = members[device_id]
            back_at = changed_at if changed_at >= member.lost_at else None
            losses.append(Loss(device_id=device_id, area=area, lost_at=lost_at, back_at=back_at))
            continue
        listening_since = hearing.since(shard)
        if listening_since is not None and listening_since <= changed_at:
            losses.append(Loss(device_id=device_id, area=area, lost_at=changed_at))
    return losses


async def _save(conn: Connection, incident: Incident, now: datetime) -> None:
    ((incident_id,),) = await _rows(
        conn,
        "save_incident",
        {
            "key": incident.key,
            "area": incident.area,
            "since": incident.since,
            "aids": incident.aids,
            "ended_at": incident.ended_at,
            "now": now,
        },
    )
    await conn.execute(
        _SQL["save_members"],
        {
            "incident_id": incident_id,
            "devices": [member.device_id for member in incident.members],
            "lost": [member.lost_at for member in incident.members],
            "back": [member.back_at for member in incident.members],
        },
    )


async def _rows(conn: Connection, name: str, parameters: dict[str, Any]) -> list[Any]:
    cursor = await conn.execute(_SQL[name], parameters)
    return await cursor.fetchall()
