"""Which message a ticket came from, for whoever tells a collector of traces."""

import logging
from datetime import datetime
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics.queries import load
from ingest.tracing import Key, Tracer

logger = logging.getLogger(__name__)

_SQL = load("diagnostics", "tracks.sql")
# What ingest tells of by itself; any other message is told of once it is evidence.
TOLD_BY_INGEST = frozenset({"call", "fault"})


class Origin(Struct, frozen=True):
    """The first message of a ticket's evidence."""

    key: Key
    kind: str
    received_at: datetime


class Tracks:
    """Tells of steps by the number of the ticket that they are about."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    async def opened(
        self, conn: AsyncConnection[Any], ticket_id: int, began_at: datetime, ended_at: datetime
    ) -> None:
        """Tell that a ticket was opened, in a step that lasted from one moment to the other."""
        origin = await self._origin(conn, ticket_id)
        if origin is None:
            return
        if origin.kind not in TOLD_BY_INGEST:
            self._tracer.message(origin.key, origin.kind, origin.received_at, began_at)
        self._tracer.step("open ticket", origin.key, began_at, ended_at, ticket=ticket_id)

    async def sent(
        self,
        conn: AsyncConnection[Any],
        ticket_id: int,
        channel: str,
        began_at: datetime,
        ended_at: datetime,
        **attributes: Any,
    ) -> None:
        """Tell that something was sent about a ticket."""
        origin = await self._origin(conn, ticket_id)
        if origin is not None:
            name = f"send {channel}"
            about = {"ticket": ticket_id, **attributes}
            self._tracer.step(name, origin.key, began_at, ended_at, **about)

    async def _origin(self, conn: AsyncConnection[Any], ticket_id: int) -> Origin | None:
        try:
            cursor = await conn.execute(_SQL["origin"], {"ticket_id": ticket_id})
            row = await cursor.fetchone()
        except psycopg.Error as error:
            # The ticket stands and the message is sent: nothing may suffer from a trace.
            logger.warning("ticket %d has no trace: %s", ticket_id, error)
            return None
        return None if row is None else Origin(Key(*row[:3]), *row[3:])
