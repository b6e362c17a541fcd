"""A test bench for modems: one simulated lift behind a socket, speaking JSON lines.

The format is that of ``gateway.adapters.lines``, so that the real ``liftwacht-gateway`` process
talks to it as to a controller. What a scenario does to line, modem and clock has no effect here:
those are outside, and real.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import msgspec

from gateway.hal import Notice, Reading
from simulator.clock import TimeSource
from simulator.home import Activity, Home

LOOK_S = 0.05
REPEAT_S = 1.0
MAX_LINE_BYTES = 16 * 1024

_log = logging.getLogger(__name__)


class _FromModem(msgspec.Struct):
    notice: Notice | None = None
    fallback: str | None = None


class LiftBench:
    """Serves ``home``'s lift to the modems that connect.

    Args:
        home: the lift, and who uses it.
        time: the run's time.
        begin: what happens, begun when the first modem has connected.
        heard: takes a line of text for each thing that the modem announces.
    """

    def __init__(
        self,
        home: Home,
        time: TimeSource,
        *,
        begin: Callable[[], Activity],
        heard: Callable[[str], None],
    ) -> None:
        self._home = home
        self._time = time
        self._begin: Callable[[], Activity] | None = begin
        self._heard = heard

    async def serve(self, address: str, listening: Callable[[str], None]) -> None:
        """Serve until cancelled. ``listening`` is told the address, with the port that was free.

        Raises:
            ValueError: the address is neither ``tcp://host:port`` nor ``unix:/path``.
            OSError: it cannot be listened to.
        """
        parts = urlsplit(address)
        if parts.scheme == "unix" and parts.path:
            server = await asyncio.start_unix_server(self._serve, parts.path, limit=MAX_LINE_BYTES)
            listening(address)
        elif parts.scheme == "tcp" and parts.hostname and parts.port is not None:
            server = await asyncio.start_server(
                self._serve,
                parts.hostname,
                parts.port,
                limit=MAX_LINE_BYTES,
            )
            host, port = server.sockets[0].getsockname()[:2]
            listening(f"tcp://{host}:{port}")
        else:
            raise ValueError(f"not tcp://host:port or unix:/path: {address!r}")
        async with server:
            await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._begin is not None:
            begin, self._begin = self._begin, None
            self._home.advance_to(self._time.monotonic_ms())
            self._home.begin(begin())
        telling = asyncio.create_task(self._tell(writer))
        try:
            while line := await reader.readline():
                self._hear(line)
        except (OSError, ValueError) as error:  # ValueError: a line beyond the limit
            _log.warning("the modem is gone: %s", error)
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await telling
            writer.close()

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        """Send the reading at every change, and at least once a second."""
        last: Reading | None = None
        told_ms = 0
        while True:
            now_ms = self._time.monotonic_ms()
            self._home.advance_to(now_ms)
            try:
                reading = self._home.read()
            except OSError:
                last = None  # a dead bus says nothing
            else:
                if reading != last or now_ms - told_ms >= REPEAT_S * 1000:
                    writer.write(msgspec.json.encode(reading) + b"\n")
                    await writer.drain()
                    last, told_ms = reading, now_ms
            await asyncio.sleep(LOOK_S)

    def _hear(self, line: bytes) -> None:
        try:
            message = msgspec.json.decode(line, type=_FromModem)
        except msgspec.MsgspecError as error:
            _log.warning("a line from the modem is not understood: %s", error)
            return
        if message.notice is not None:
            self._home.hear(message.notice)
            self._heard(f"notice {message.notice}")
        if message.fallback is not None:
            self._home.fall_back(message.fallback)
            self._heard(f"fallback {message.fallback}")
