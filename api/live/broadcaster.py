"""One connection that listens to the database, any number of pages that hear of it."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import NamedTuple
from uuid import uuid4

import psycopg

from api.live.schemas import Change, EventName
from api.queries import Connection
from gateway.metrics import Family, counter, gauge

logger = logging.getLogger(__name__)

CHANNEL = "liftwacht_live"
_REMEMBERED = 1_000
_QUEUED = 200
_PROBE_S = 10.0
_LONGEST_WAIT_S = 5.0


class Event(NamedTuple):
    """One event of the stream; ``id`` is empty for those that are not worth resuming from."""

    id: str
    name: EventName
    change: Change


class Broadcaster:
    """Passes on what the database says, remembers a little of it, and says when it cannot."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        """``connect`` opens the one connection, and raises psycopg.Error while it cannot."""
        self._connect = connect
        self._boot = uuid4().hex[:12]
        self._number = 0
        self._past: deque[Event] = deque(maxlen=_REMEMBERED)
        self._queues: set[asyncio.Queue[Event | None]] = set()
        self._closed = False
        self._connected: bool | None = None  # None: not tried yet

    @property
    def connected(self) -> bool:
        """Whether changes reach us now."""
        return bool(self._connected)

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        yield gauge("live_streams", "Pages that hear of changes.", len(self._queues))
        yield gauge("live_connected", "Whether changes reach us.", self.connected)
        yield counter("live_events", "Changes passed on.", self._number)

    async def run(self) -> None:
        """Listen, and reconnect for ever, until cancelled."""
        wait_s = 0.1
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    wait_s = 0.1
                    self._set_connected(connected=True)
                    await self._relay(connection)
            except (psycopg.Error, OSError) as error:
                self._set_connected(connected=False, why=error)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    def publish(self, name: EventName, change: Change | None = None) -> None:
        """Tell all open streams."""
        self._number += 1
        event = Event(f"{self._boot}-{self._number}", name, change or Change())
        self._past.append(event)
        for queue in self._queues:
            if queue.full():
                # It lags behind: one word that it must read everything again says more.
                while not queue.empty():
                    queue.get_nowait()
                event = event._replace(name=EventName.REFRESH, change=Change())
            queue.put_nowait(event)

    async def stream(self, last_id: str | None, *, alive_s: float = 10.0) -> AsyncIterator[Event]:
        """Yield what happens from now on, after what was missed since ``last_id``.

        If that is not known any more, or nothing is known of the reader, the first event is
        ``refresh``. Ends when the process does.
        """
        if self._closed:
            return
        queue: asyncio.Queue[Event | None] = asyncio.Queue(_QUEUED)
        missed = self._missed(last_id)
        self._queues.add(queue)
        try:
            for event in missed:
                yield event
            if not self.connected:
                yield Event("", EventName.INTERRUPTED, Change())
            while True:
                try:
                    event_or_end = await asyncio.wait_for(queue.get(), alive_s)
                except TimeoutError:
                    yield Event("", EventName.ALIVE, Change())
                    continue
                if event_or_end is None:
                    return
                yield event_or_end
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """End all streams: the process stops."""
        self._closed = True
        for queue in self._queues:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    def _missed(self, last_id: str | None) -> list[Event]:
        boot, _, number = (last_id or "").rpartition("-")
        if boot == self._boot and number.isdecimal():
            missed = self._number - int(number)
            if 0 <= missed <= len(self._past):
                return list(self._past)[len(self._past) - missed :]
        return [Event(f"{self._boot}-{self._number}", EventName.REFRESH, Change())]

    async def _relay(self, connection: Connection) -> None:
        while True:
            async for notify in connection.notifies(timeout=_PROBE_S):
                self._pass_on(notify.payload)
            # Nothing heard for a while: is anybody there?
            await connection.execute(b"SELECT 1")

    def _pass_on(self, payload: str) -> None:
        with suppress(ValueError, KeyError, TypeError):
            said = json.loads(payload)
            name = EventName(said["kind"])
            if name in (EventName.TICKET, EventName.DEVICE):
                self.publish(name, Change.model_validate({name.value: said[name.value]}))
                return
        logger.warning("not a notification of ours: %.200r", payload)

    def _set_connected(self, *, connected: bool, why: Exception | None = None) -> None:
        if connected is self._connected:
            return
        self._connected = connected
        if connected:
            logger.info("listening to changes")
            self.publish(EventName.REFRESH)
        else:
            logger.warning("cannot listen to changes, trying again: %s", why)
            self.publish(EventName.INTERRUPTED)
