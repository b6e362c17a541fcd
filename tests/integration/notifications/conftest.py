"""An open emergency, and everything that sends, by a clock that stands still."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection

from diagnostics.notifications.dispatcher import Dispatcher
from diagnostics.notifications.distribution import Distributor
from diagnostics.notifications.message import Sender
from diagnostics.tickets import service
from ingest.storage.pool import connect_async
from tests.support.database import register_device

Connection = AsyncConnection[Any]
T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOURCE = "urn:nld:kvknr:12345678.liftwacht"


class Post:
    """Passes on and sends, as often as there is something due at the moment."""

    def __init__(self, url: str, conn: Connection) -> None:
        self.now = T0
        self.conn = conn
        self._url = url
        self._distributor = Distributor(url, now=lambda: self.now)
        self._senders: list[Sender] = []
        self._dispatchers: list[Dispatcher] = []

    def use(self, *senders: Sender) -> None:
        """Send with these from now on."""
        self._senders += senders
        self._dispatchers += [self.dispatcher(sender) for sender in senders]

    def dispatcher(self, sender: Sender) -> Dispatcher:
        """Return another dispatcher by the same clock."""
        return Dispatcher(self._url, sender, now=lambda: self.now, random=lambda: 1.0)

    async def work(self, later: timedelta | float = 0) -> None:
        """Do all that is due, ``later`` (seconds, if a number)."""
        self.now += later if isinstance(later, timedelta) else timedelta(seconds=later)
        while True:
            done = await self._distributor.pass_on_due(self.conn)
            for dispatcher in self._dispatchers:
                done += await dispatcher.send_due(self.conn)
            if not done:
                return

    async def close(self) -> None:
        for sender in self._senders:
            await sender.close()

    async def rows(self, query: str, *parameters: object) -> Sequence[Any]:
        cursor = await self.conn.execute(query.encode(), parameters or None)
        return await cursor.fetchall()


@pytest.fixture
async def post(database: str) -> AsyncIterator[Post]:
    async with await connect_async(database, application="test") as conn:
        # With the rights that it has in earnest, and no more.
        post = Post(database, conn)
        yield post
        await post.close()


@pytest.fixture
def device_id(database: str) -> int:
    return register_device(database)


@pytest.fixture
async def ticket_id(post: Post, device_id: int) -> int:
    return await open_emergency(post.conn, device_id)


async def open_emergency(conn: Connection, device_id: int, now: datetime = T0) -> int:
    async with conn.transaction():
        opening = await service.open_emergency(
            conn,
            device_id,
            actor="system:stuck",
            detail={"reasons": [{"code": "call_sos"}]},
            evidence_at=now,
            since=now,
            now=now,
        )
    return opening.ticket.ticket_id


async def lent_elsewhere(conn: Connection, device_id: int) -> None:
    """Lend an aid anew, as a hand-over in another municipality does."""
    await conn.execute(
        "UPDATE device SET client_id = NULL, municipality_code = 'GM0637', postcode4 = 2711"
        " WHERE device_id = %s",
        (device_id,),
    )


@pytest.fixture
async def as_diagnostics(post: Post) -> AsyncIterator[None]:
    """From here on the connection may do what the process may, and no more."""
    await post.conn.execute("SET ROLE liftwacht_diagnostics")
    yield
    await post.conn.execute("RESET ROLE")
