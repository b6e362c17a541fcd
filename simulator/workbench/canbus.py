"""An aid as a node of a CAN bus: the far end of ``gateway.adapters.can``."""

import asyncio
import logging
import struct
from collections.abc import Callable

import can

from gateway.adapters.can import (
    FALLBACK,
    NOTICE,
    REPEAT_MS,
    TextAssembly,
    frame_of,
    frames_of,
    message_of,
    parse,
)
from gateway.adapters.registers import notice_of
from gateway.hal import Reading
from simulator.workbench.benched import BenchedAid

LOOK_S = 0.02

_log = logging.getLogger(__name__)


class CanNode:
    """Says on the bus how things stand, and hears what the modem says.

    Args:
        aid: whose controller it is.
        bus: opened.
        node: its number.
    """

    def __init__(self, aid: BenchedAid, bus: can.BusABC, node: int) -> None:
        self._aid = aid
        self._bus = bus
        self._node = node
        self._round = 0
        self._last: Reading | None = None
        self._told_ms = 0
        self._text = TextAssembly()

    def look(self) -> None:
        """Hear, then speak if something changed or it is time to. Raises can.CanError."""
        while (message := self._bus.recv(timeout=0)) is not None:
            if (frame := frame_of(message, self._node)) is not None:
                self._hear(frame.function, frame.data)
        self._aid.meet()
        try:
            reading = self._aid.read()
        except OSError:
            self._last = None  # a dead bus says nothing
            return
        now_ms = self._aid.time.monotonic_ms()
        if reading == self._last and now_ms - self._told_ms < REPEAT_MS:
            return
        self._round = (self._round + 1) % 256
        for frame in frames_of(reading, round_=self._round):
            self._bus.send(message_of(frame, self._node))
        self._last, self._told_ms = reading, now_ms

    def _hear(self, function: int, data: bytes) -> None:
        if function == NOTICE and len(data) == 2:
            notice = notice_of(struct.unpack(">H", data)[0])
            if notice is not None:
                self._aid.announce(notice)
        elif function == FALLBACK and (text := self._text.take(data)) is not None:
            self._aid.fall_back(text)


async def serve_can(aid: BenchedAid, address: str, listening: Callable[[str], None]) -> None:
    """Serve until cancelled.

    Nobody can tell whether a modem listens: what is to happen begins at once.

    Raises:
        ValueError: no such address.
        OSError: there is no such interface or channel.
    """
    where = parse(address)
    bus = where.open()
    try:
        node = CanNode(aid, bus, where.node)
        listening(address)
        while True:
            try:
                node.look()
            except can.CanError as error:
                _log.warning("the bus fails: %s", error)
                await asyncio.sleep(1)
            await asyncio.sleep(LOOK_S)
    finally:
        bus.shutdown()
