"""The registrar: the one process with the authority's key.

It signs what ``api`` let in by a code, keeps the broker's lists as the registry says, and looks
for what cannot be; beside it, ``requests`` answers what modems ask for themselves. No call for help
ever waits for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from psycopg.rows import TupleRow

from gateway.metrics import Family, counter
from ingest.broker import Address
from ingest.identity import broker_files, statements
from ingest.identity.oddities import Connection, Event, Oddity, of_connections
from ingest.identity.records import Db, enter, record, request_of
from ingest.identity.requests import Requests
from ingest.provisioning.authority import Authority, RequestError
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 30.0
# A list that says the same is signed anew now and then, long before it is out of date.
LISTS_EVERY: Final = timedelta(days=1)
EXPIRES_SOON: Final = timedelta(days=30)
EJECT_TIMEOUT_S: Final = 5.0


class Files(NamedTuple):
    """Where the broker's lists are, and its process id."""

    folder: Path
    pid: Path | None


class Registrar:
    """Any number may run; one does the work at a time.

    Args:
        authority: what signs.
        broker: the platform's listener, which lets us take the place of a device.
        database_url: where the registry is.
        files: the broker's.
        now: the platform's clock.
    """

    def __init__(
        self,
        authority: Authority,
        *,
        broker: Address | None,
        database_url: str,
        files: Files,
        now: Callable[[], datetime],
    ) -> None:
        self._authority = authority
        self._broker = broker
        self._database_url = database_url
        self._files = files
        self._now = now
        self._listed_at: datetime | None = None
        self._looked_at = now() - timedelta(hours=1)
        self._steps = self._enrolled = self._refused = 0

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        yield counter("registrar_steps", "How often the registry was looked through.", self._steps)
        yield counter("registrar_enrolled", "Modems that were given a certificate.", self._enrolled)
        yield counter("registrar_refused", "Requests that were not signed.", self._refused)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set. Database and broker may go away and come back."""
        works: list[Any] = [self._keep("database (registrar)", self._follow_registry)]
        if self._broker is not None:
            requests = Requests(
                self._authority,
                broker=self._broker,
                database_url=self._database_url,
                now=self._now,
            )
            works.append(self._keep("broker (registrar)", requests.hear))
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(work) for work in works]
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()  # raises if it ended by a bug
        finally:
            for task in (stopping, *tasks):
                task.cancel()
            await asyncio.gather(stopping, *tasks, return_exceptions=True)

    async def _keep(self, what: str, work: Callable[[Trouble], Awaitable[None]]) -> None:
        trouble = Trouble(logger, what)
        while True:
            try:
                await work(trouble)
            except (psycopg.Error, OSError) as error:
                await asyncio.sleep(trouble.failed(error))

    # -- the registry ---------------------------------------------------------------------------

    async def _follow_registry(self, trouble: Trouble) -> None:
        async with await connect_async(self._database_url, application="registrar") as db:
            await db.execute(f"LISTEN {statements.CHANNEL}")
            while True:
                await self.step(db)
                trouble.over()
                async for _ in db.notifies(timeout=LOOK_EVERY_S, stop_after=1):
                    pass

    async def step(self, db: Db) -> None:
        """Sign what waits, bring the broker's lists up to date, look for what cannot be."""
        while await self._sign_one(db):
            pass
        await self._write_lists(db)
        await self._eject(db)
        await self._look(db)
        self._steps += 1

    async def _sign_one(self, db: Db) -> bool:
        now = self._now()
        async with db.transaction():
            cursor = await db.execute(statements.OPEN_REQUESTS)
            found = await cursor.fetchone()
            if found is None:
                return False
            request_id, csr, device_id, name, replaces, retired = found
            answer: dict[str, Any] = {"request_id": request_id, "serial": None, "refusal": None}
            try:
                request = request_of(csr, name, refusal="the aid is retired" if retired else "")
                issued = self._authority.sign(request, name, now=now)
            except RequestError as error:
                answer["refusal"] = str(error)
                self._refused += 1
                await record(
                    db,
                    Event(
                        key=f"{Oddity.WRONG_REQUEST}:{request_id}",
                        at=now,
                        kind=Oddity.WRONG_REQUEST,
                        device=name,
                        detail={"why": str(error)},
                    ),
                )
            else:
                answer["serial"] = issued.serial
                self._enrolled += 1
                await enter(db, issued, origin="enrolled", now=now)
                await db.execute(statements.UNBAR, (device_id,))
                if replaces:
                    mine = {"device_id": device_id, "serial": issued.serial, "now": now}
                    await db.execute(statements.REPLACE, mine)
                await record(
                    db,
                    Event(
                        key=f"{Oddity.ENROLLED}:{issued.serial}",
                        at=now,
                        kind=Oddity.ENROLLED,
                        device=name,
                        detail={"serial": issued.serial, "replaces": replaces},
                    ),
                )
                logger.info("%s is enrolled, certificate %s", name, issued.serial)
            await db.execute(statements.ANSWER, answer | {"now": now})
            await db.execute("SELECT pg_notify('liftwacht_enrolment', %s)", (str(request_id),))
        return True

    async def _write_lists(self, db: Db) -> None:
        now = self._now()
        denied = [name for (name,) in await _all(db, statements.DENIED)]
        changed = broker_files.write(
            self._files.folder, broker_files.ACL, broker_files.access_list(denied).encode()
        )
        revoked = await _all(db, statements.REVOKED, (now,))
        wanted = "\n".join(serial for serial, _ in revoked).encode()
        # A list that is signed again is another file: what it says tells whether that is needed.
        if broker_files.write(self._files.folder, "revoked", wanted) or self._lists_are_old(now):
            crl = self._authority.revocations(revoked, now=now)
            broker_files.write(self._files.folder, broker_files.CRL, crl)
            self._listed_at = now
            changed = True
        if changed and self._files.pid is not None and not broker_files.reload(self._files.pid):
            logger.info("the broker does not run; it reads its lists when it starts")

    def _lists_are_old(self, now: datetime) -> bool:
        return self._listed_at is None or not timedelta(0) <= now - self._listed_at < LISTS_EVERY

    async def _eject(self, db: Db) -> None:
        """Push out who is connected with a certificate that is revoked: lists stop only newcomers.

        The modem that has taken its place comes back by itself.
        """
        now = self._now()
        names = [name for (name,) in await _all(db, statements.TO_EJECT, (now,))]
        if not names:
            return
        if self._broker is not None:
            await asyncio.sleep(0.2)  # until the broker has read its lists
            try:
                await asyncio.gather(*(asyncio.to_thread(self._take_place, each) for each in names))
            except OSError as error:
                logger.warning("nobody can be disconnected: %s", error)
                return
        await db.execute(statements.EJECTED, (now, names))

    def _take_place(self, name: str) -> None:
        """Connect under a device's name, which ends its connection, and be gone."""
        assert self._broker is not None  # noqa: S101 - the caller has looked
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv311, clean_session=True
        )
        if self._broker.tls is not None:
            client.tls_set_context(self._broker.tls)
        client.connect_timeout = EJECT_TIMEOUT_S
        client.connect(self._broker.host, self._broker.port)
        client.on_connect = _leave
        client.loop_forever(retry_first_connection=False)

    async def _look(self, db: Db) -> None:
        """Look for modems that cannot be one, and for those that will be locked out."""
        now = self._now()
        since, self._looked_at = self._looked_at - timedelta(minutes=1), now
        connections: dict[str, list[Connection]] = {}
        for _, name, outbox_no, session, head_seq, at in await _all(
            db, statements.CONNECTIONS, {"since": since}
        ):
            one = Connection(outbox_no, session, head_seq, at)
            connections.setdefault(name, []).append(one)
        for name, found in connections.items():
            for event in of_connections(name, found):
                await record(db, event)
        for _, name, expires_at in await _all(db, statements.EXPIRING, (now + EXPIRES_SOON,)):
            await record(
                db,
                Event(
                    key=f"{Oddity.EXPIRES}:{name}:{expires_at:%Y%m%d}",
                    at=now,
                    kind=Oddity.EXPIRES,
                    device=name,
                    detail={"expires": expires_at.isoformat()},
                ),
            )


def _leave(client: Client, *_: Any) -> None:
    client.disconnect()


async def _all(db: Db, statement: Any, parameters: Any = None) -> list[TupleRow]:
    cursor = await db.execute(statement, parameters)
    return await cursor.fetchall()
