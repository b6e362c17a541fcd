"""One way into the database: a connection, the messages that wait for it, and the loop of both.

A worker has several, each for its own shards: while the database stores the batch of one, the
batches of the others are read, worked out and acknowledged. Shards are what writers lock, so
lanes never wait for each other's rows.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from gateway.metrics import Tally
from ingest.batch import Batches
from ingest.decode import Arrived
from ingest.intake import Intake
from ingest.senders import Senders
from ingest.trouble import Trouble
from ingest.writer import Job, Outcome

logger = logging.getLogger(__name__)


Connect = Callable[[str], Awaitable[AsyncConnection[TupleRow]]]


class Lane:
    """Stores what is put into its intake.

    Args:
        connect: opens a connection to the database; is told who connects.
        name: who that is.
        stored: is told of each batch after its commit.
    """

    def __init__(
        self,
        connect: Connect,
        *,
        name: str,
        stored: Callable[[Sequence[Arrived], Outcome], Awaitable[None]],
    ) -> None:
        self.intake: Intake[Arrived] = Intake(Batches())
        self.stored_in = Tally()
        self._connect = connect
        self._name = name
        self._stored = stored
        self._senders = Senders()
        self._database: AsyncConnection[TupleRow] | None = None

    async def run(self) -> None:
        """Store batch after batch, each until the database has it; cancel it to stop."""
        trouble = Trouble(logger, f"database ({self._name})")
        try:
            while True:
                batch = await self.intake.take()
                began_s = _now_s()
                outcome = await self._store(Job(batch, self._senders), trouble)
                self.stored_in.add(_now_s() - began_s)
                self.intake.stored(len(batch))  # counted elsewhere within the same step of the loop
                await self._stored(batch, outcome)
        finally:
            await self._disconnect()

    async def _store(self, job: Job, trouble: Trouble) -> Outcome:
        while True:
            try:
                if self._database is None:
                    self._database = await self._connect(self._name)
                outcome = await job.run(self._database)
            except (psycopg.Error, OSError) as error:
                delay_s = trouble.failed(error)
                await self._disconnect()
                await asyncio.sleep(delay_s)
            else:
                trouble.over()
                return outcome

    def abandon(self) -> None:
        """Give up what the database has not answered: it will be delivered again."""
        if self._database is not None:
            self._database.pgconn.finish()

    async def _disconnect(self) -> None:
        if self._database is not None:
            await self._database.close()
            self._database = None


def _now_s() -> float:
    return asyncio.get_running_loop().time()
