"""An aid behind a socket, speaking JSON lines: the far end of ``gateway.adapters.lines``."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import msgspec

from gateway.adapters.lines import MAX_LINE_BYTES
from gateway.hal import Notice, Reading
from simulator.workbench.benched import BenchedAid

LOOK_S = 0.05
REPEAT_S = 1.0

_log = logging.getLogger(__name__)


class _FromModem(msgspec.Struct):
    notice: Notice | None = None
    fallback: str | None = None


async def serve_lines(aid: BenchedAid, address: str, listening: Callable[[str], None]) -> None:
    """Serve until cancelled. ``listening`` is told the address, with the port that was free.

    Raises:
        ValueError: the address is neither ``tcp://host:port`` nor ``unix:/path``.
        OSError: it cannot be listened to.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _serve(aid, reader, writer)

    parts = urlsplit(address)
    if parts.scheme == "unix" and parts.path:
        server = await asyncio.start_unix_server(serve, parts.path, limit=MAX_LINE_BYTES)
        listening(address)
    elif parts.scheme == "tcp" and parts.hostname and parts.port is not None:
        server = await asyncio.start_server(serve, parts.hostname, parts.port, limit=MAX_LINE_BYTES)
        host, port = server.sockets[0].getsockname()[:2]
        listening(f"tcp://{host}:{port}")
    else:
        raise ValueError(f"not tcp://host:port or unix:/path: {address!r}")
    async with server:
        await server.serve_forever()


async def _serve(
    aid: BenchedAid, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    aid.meet()
    telling = asyncio.create_task(_tell(aid, writer))
    try:
        while line := await reader.readline():
            _hear(aid, line)
    except (OSError, ValueError) as error:  # ValueError: a line beyond the limit
        _log.warning("the modem is gone: %s", error)
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await telling
        writer.close()


async def _tell(aid: BenchedAid, writer: asyncio.StreamWriter) -> None:
    """Send the reading at every change, and at least once a second."""
    last: Reading | None = None
    told_ms = 0
    while True:
        now_ms = aid.time.monotonic_ms()
        try:
            reading = aid.read()
        except OSError:
            last = None  # a dead bus says nothing
        else:
            if reading != last or now_ms - told_ms >= REPEAT_S * 1000:
                writer.write(msgspec.json.encode(reading) + b"\n")
                await writer.drain()
                last, told_ms = reading, now_ms
        await asyncio.sleep(LOOK_S)


def _hear(aid: BenchedAid, line: bytes) -> None:
    try:
        message = msgspec.json.decode(line, type=_FromModem)
    except msgspec.MsgspecError as error:
        _log.warning("a line from the modem is not understood: %s", error)
        return
    if message.notice is not None:
        aid.announce(message.notice)
    if message.fallback is not None:
        aid.fall_back(message.fallback)
