"""A worker's membership and the parts it holds, as rows.

Who is not seen for some seconds is taken for dead by whoever notices. It is then *fenced*, in this
order: its row says so, its connections to the database are ended, its parts are taken. Each of its
new connections begins with a look at that row. So a worker that was only paused writes nothing any
more when it wakes, and no transaction that it left open holds a shard's row; it begins anew, under
another name, with empty hands.

Who lives and does not reach the broker gives its parts back, as long as others do reach it. Then it
knocks at the broker's door, and takes its share again once it was let in a few times.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from ingest.sharing import statements
from ingest.sharing.parts import Lease, Member, able, decide
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

Connection = AsyncConnection[TupleRow]

RENEW_S: Final = 1.0
# So long a worker may be busy, or its machine, before others take over.
ALIVE_FOR_S: Final = 5.0
LEAVE_TIMEOUT_S: Final = 0.5
# So long a worker may be without the broker before others take its parts: it tries every five
# seconds at least.
DEAF_AFTER_S: Final = 10.0
# Without parts it has no line to lose. It takes some again when it was let in so often in a row.
KNOCKS: Final = 3
# The database cuts names of connections at 63 bytes; a lane's number comes behind ours.
_HOST_LENGTH: Final = 40


class Broker(Protocol):
    """What tells whether we reach the broker."""

    def hears(self) -> bool:
        """Tell whether any line to it is open."""

    async def knock(self) -> None:
        """Connect without taking anything from anybody. Raises OSError: it does not let us in."""


class FencedError(Exception):
    """Others took this worker for dead: what it has in hand is no longer its own."""


def unique_name(host: str) -> str:
    """Return the name of a worker that never was before."""
    return f"{host[:_HOST_LENGTH]}-{secrets.token_hex(4)}"


class Leases:
    """What one worker holds.

    Args:
        database_url: where the rows are.
        worker: its name, which nobody else ever has or had.
        host: where it runs, for people.
        deaf_after_s: how long it may be without the broker before others take its parts.
    """

    def __init__(
        self, database_url: str, *, worker: str, host: str, deaf_after_s: float = DEAF_AFTER_S
    ) -> None:
        self.worker = worker
        self.held: set[int] = set()
        self.taken_over = 0
        self._database_url = database_url
        self._host = host
        self._deaf_after_s = deaf_after_s
        self._reaches: bool | None = None
        self._knocking: asyncio.Task[None] | None = None
        self._joined = asyncio.Event()
        self._renewed_s = float("-inf")
        self._giving: dict[int, asyncio.Task[None]] = {}

    @property
    def valid(self) -> bool:
        """Whether nobody can have taken what we hold: else we take back what is another's."""
        return _now_s() < self._renewed_s + ALIVE_FOR_S

    async def connect(self, application: str) -> Connection:
        """Open a connection to the database for ``application``, once we are among the living.

        Its name begins with ours.

        Raises:
            FencedError: we may not write any more.
            psycopg.OperationalError: the database cannot be reached.
        """
        await self._joined.wait()
        conn = await connect_async(self._database_url, application=application)
        try:
            cursor = await conn.execute(statements.ADMITTED, {"worker": self.worker})
            admitted = await cursor.fetchone() is not None
        except BaseException:
            await conn.close()
            raise
        if not admitted:
            await conn.close()
            raise FencedError
        return conn

    async def run(
        self,
        stop: asyncio.Event,
        *,
        take: Callable[[int], None],
        give: Callable[[int], Awaitable[None]],
        broker: Broker,
    ) -> None:
        """Hold our share until ``stop`` is set.

        Args:
            stop: ends it. What we hold is given back by ``leave``.
            take: is told of a part that is ours now.
            give: is told of a part to give back, and returns when nothing of it is in our hands.
            broker: tells whether we reach it.

        Raises:
            FencedError: begin anew, under another name.
        """
        trouble = Trouble(logger, "leases")
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self._serve(stopping, trouble, take, give, broker)
                except (psycopg.Error, OSError) as error:
                    delay_s = min(trouble.failed(error), RENEW_S)
                    await asyncio.wait({stopping}, timeout=delay_s)
        finally:
            self._knock_no_more()
            for task in (stopping, *self._giving.values()):
                task.cancel()

    async def leave(self) -> None:
        """Give everything back, as far as the database can be told."""
        with suppress(psycopg.Error, OSError, FencedError):
            async with asyncio.timeout(LEAVE_TIMEOUT_S):
                async with await self.connect(f"{self.worker}/leaving") as conn:
                    await self._give_back(conn, self.held)
                    await conn.execute(statements.LEAVE, {"worker": self.worker})

    async def _serve(
        self,
        stopping: "asyncio.Task[bool]",
        trouble: Trouble,
        take: Callable[[int], None],
        give: Callable[[int], Awaitable[None]],
        broker: Broker,
    ) -> None:
        async with await connect_async(
            self._database_url, application=f"{self.worker}/leases"
        ) as conn:
            if self._renewed_s < 0:
                await conn.execute(statements.FORGET)
                await conn.execute(statements.JOIN, {"worker": self.worker, "host": self._host})
                self._joined.set()
            while not stopping.done():
                self._look(broker)
                await self._step(conn, take, give)
                trouble.over()
                await asyncio.wait({stopping}, timeout=RENEW_S)

    async def _step(
        self,
        conn: Connection,
        take: Callable[[int], None],
        give: Callable[[int], Awaitable[None]],
    ) -> None:
        began_s = _now_s()
        values = {
            "worker": self.worker, "reaches": self._reaches, "alive_for_s": ALIVE_FOR_S
        }  # fmt: skip
        renewed = await (await conn.execute(statements.RENEW, values)).fetchone()
        if renewed is None:
            raise FencedError
        self._renewed_s = began_s
        given = {part for part, task in self._giving.items() if task.done()}
        for part in given:
            self._giving.pop(part).result()  # raises if it ended by a bug
        await self._give_back(conn, given)
        leases = await _leases(conn)
        mine = {lease.part for lease in leases if lease.holder == self.worker}
        if self.held - mine:
            raise FencedError  # somebody who can write these rows took them away
        for part in sorted(mine - self.held):  # taken, and the answer was lost
            self._took(part, None, take)
        if renewed == (True,):
            return  # what kept us from the database may have kept others: they get a round too
        members = await _living(conn)
        fit = able(members, leases, deaf_after_s=self._deaf_after_s)
        moves = decide(self.worker, (each.name for each in members), leases, fit)
        for part in moves.give:
            if part not in self._giving:
                self._giving[part] = asyncio.create_task(_until_given(give, part))
        await self._take(conn, moves.take, take, until_s=began_s + RENEW_S)

    async def _take(
        self,
        conn: Connection,
        leases: Sequence[Lease],
        take: Callable[[int], None],
        *,
        until_s: float,
    ) -> None:
        """Take these parts. What is left by then waits: meanwhile others took us for dead."""
        for lease in leases:
            if _now_s() > until_s:
                break
            if await self._free(conn, lease) and await self._won(conn, lease):
                self._took(lease.part, lease.holder, take)

    def _look(self, broker: Broker) -> None:
        """Take note of whether we reach the broker: by our lines, or else by knocking."""
        if self.held:
            self._knock_no_more()
            self._reaches = broker.hears()
        elif self._knocking is not None and self._knocking.done():
            self._knocking.result()  # raises if it ended by a bug
            self._knocking, self._reaches = None, None
        elif self._reaches is False:
            self._knocking = self._knocking or asyncio.create_task(_let_in(broker))
        else:
            self._reaches = None

    def _knock_no_more(self) -> None:
        if self._knocking is not None:
            self._knocking.cancel()
            self._knocking = None

    def _took(self, part: int, holder: str | None, take: Callable[[int], None]) -> None:
        self.held.add(part)
        if holder is not None:
            self.taken_over += 1
            logger.warning("%s takes part %d over from %s", self.worker, part, holder)
        take(part)

    async def _free(self, conn: Connection, lease: Lease) -> bool:
        """Tell whether whoever held it cannot write any more, and see to it."""
        if lease.holder is None:
            return True
        holder = {"worker": lease.holder, "alive_for_s": ALIVE_FOR_S}
        await conn.execute(statements.FENCE, holder)
        fenced = await conn.execute(statements.FENCED, holder)
        if await fenced.fetchone() != (True,):
            return False  # it is alive after all
        shot = await conn.execute(statements.SHOOT, holder)
        return await shot.fetchone() != (False,)

    async def _won(self, conn: Connection, lease: Lease) -> bool:
        """Tell whether it is ours: another may have been faster."""
        values = {"worker": self.worker, "part": lease.part, "expected": lease.holder}
        taken = await conn.execute(statements.TAKE, values)
        return await taken.fetchone() is not None

    async def _give_back(self, conn: Connection, parts: set[int]) -> None:
        if given := sorted(parts):
            self.held.difference_update(given)
            await conn.execute(statements.GIVE, {"worker": self.worker, "parts": given})


async def _let_in(broker: Broker) -> None:
    """Return when the broker let us in ``KNOCKS`` times in a row."""
    answered = 0
    while answered < KNOCKS:
        try:
            await broker.knock()
        except OSError:
            answered = 0
        else:
            answered += 1
        await asyncio.sleep(RENEW_S)


async def _until_given(give: Callable[[int], Awaitable[None]], part: int) -> None:
    await give(part)


async def _leases(conn: Connection) -> list[Lease]:
    cursor = await conn.execute(statements.LEASES)
    return [Lease(part, holder) for part, holder in await cursor.fetchall()]


async def _living(conn: Connection) -> list[Member]:
    cursor = await conn.execute(statements.LIVING, {"alive_for_s": ALIVE_FOR_S})
    return [Member(*row) for row in await cursor.fetchall()]


def _now_s() -> float:
    return asyncio.get_running_loop().time()
