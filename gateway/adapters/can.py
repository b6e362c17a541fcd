"""A controller on CAN, in frames after CANopen's predefined connection set.

Address: ``can://virtual/0``, ``can://socketcan/can0``, or any other interface of python-can with
its channel; ``?node=1`` (1 to 127) for another node, ``&bitrate=250000`` and the like as the
interface wants them. See ``docs/simulator/workbench.md`` for what CiA 417, the lift profile, has
that this has not.

From the controller (node n), big-endian, at every change and at least four times a second:

========== ===== ==================================================================
0x180 + n  PDO 1 position_mm (i), speed_mm_s (h), seat and demand, mode and landing (4 bits each)
0x280 + n  PDO 2 current_ma (i), battery_mv (i)
0x380 + n  PDO 3 contacts (I), signals (I)
0x480 + n  PDO 4 the rest of the register map, in segments: number, round, six bytes
0x700 + n        heartbeat: 5, operational
========== ===== ==================================================================

From the modem: 0x200 + n, PDO 1, the number of a notice (H); 0x300 + n, PDO 2, what goes by
telephone, in segments: number, length in bytes, six bytes.
"""

import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

import can

from gateway.adapters import registers
from gateway.hal import Clock, Notice, Reading

FAST_MOTION: Final = 0x180
FAST_POWER: Final = 0x280
FAST_INPUTS: Final = 0x380
SEGMENT: Final = 0x480
HEARTBEAT: Final = 0x700
NOTICE: Final = 0x200
FALLBACK: Final = 0x300
OPERATIONAL: Final = 5

STALE_MS: Final = 2_000
RETRY_MS: Final = 1_000
REPEAT_MS: Final = 250
SEGMENT_BYTES: Final = 6
_SEGMENT: Final = struct.Struct(f">BB{SEGMENT_BYTES}s")
_MOTION: Final = struct.Struct(">ihBB")
_POWER: Final = struct.Struct(">ii")
_INPUTS: Final = struct.Struct(">II")

_AT: Final = {field.name: field.at for field in registers.NUMBERS}
_SLOW_AT: Final = _AT["load_kg"]  # what is not in the fast frames
_SLOW_BYTES: Final = (registers.COUNT - _SLOW_AT) * 2
_SLOW_SEGMENTS: Final = -(-_SLOW_BYTES // SEGMENT_BYTES)


class Frame(NamedTuple):
    """One CAN frame. ``function`` is its COB-ID without the node."""

    function: int
    data: bytes


def frames_of(reading: Reading, *, round_: int = 0) -> list[Frame]:
    """Return ``reading`` as frames; ``round_`` (modulo 256) marks segments that belong together."""
    body = registers.bytes_of(registers.encode(reading))
    field = {one.name: registers.number(one, getattr(reading, one.name)) for one in _FAST}
    slow = body[_SLOW_AT * 2 :]
    return [
        Frame(
            FAST_MOTION,
            _MOTION.pack(
                field["position_mm"],
                field["speed_mm_s"],
                field["seat"] << 4 | field["demand"],
                field["mode"] << 4 | field["landing"],
            ),
        ),
        Frame(FAST_POWER, _POWER.pack(field["current_ma"], field["battery_mv"])),
        Frame(FAST_INPUTS, _INPUTS.pack(field["contacts"], field["signals"])),
        *(Frame(SEGMENT, data) for data in segments_of(slow, round_ & 0xFF)),
        Frame(HEARTBEAT, bytes([OPERATIONAL])),
    ]


_FAST: Final = tuple(field for field in registers.NUMBERS if field.at < _SLOW_AT)


def segments_of(body: bytes, mark: int) -> Iterator[bytes]:
    """Cut ``body`` into segments: their number, ``mark`` in each, six bytes."""
    for place in range(0, len(body), SEGMENT_BYTES):
        piece = body[place : place + SEGMENT_BYTES]
        yield _SEGMENT.pack(place // SEGMENT_BYTES, mark, piece)


class Assembly:
    """Puts a reading together again from the frames of one node."""

    def __init__(self) -> None:
        self._fast: dict[int, bytes] = {}
        self._round = -1
        self._segments: dict[int, bytes] = {}
        self._slow: bytes | None = None

    def take(self, frame: Frame) -> None:
        """Take a frame; of what is malformed nothing is kept."""
        if frame.function in _LENGTH and len(frame.data) == _LENGTH[frame.function]:
            self._fast[frame.function] = frame.data
        elif frame.function == SEGMENT and len(frame.data) == _SEGMENT.size:
            self._take_segment(*_SEGMENT.unpack(frame.data))

    def reading(self) -> Reading | None:
        """Return the reading; None before every part of it was there once."""
        if self._slow is None or len(self._fast) < len(_LENGTH):
            return None
        position, speed, low, high = _MOTION.unpack(self._fast[FAST_MOTION])
        current, battery = _POWER.unpack(self._fast[FAST_POWER])
        contacts, signals = _INPUTS.unpack(self._fast[FAST_INPUTS])
        values = (position, speed, current, battery, low >> 4, low & 15, high >> 4, high & 15)
        fast = struct.pack(">" + "".join(field.form for field in _FAST), *values, contacts, signals)
        header = struct.pack(">3H", registers.MAGIC, registers.VERSION, 0)
        return registers.decode(registers.registers_of(header + fast + self._slow))

    def _take_segment(self, number: int, round_: int, piece: bytes) -> None:
        if round_ != self._round:
            self._round, self._segments = round_, {}
        self._segments[number] = piece
        if all(place in self._segments for place in range(_SLOW_SEGMENTS)):
            body = b"".join(self._segments[place] for place in range(_SLOW_SEGMENTS))
            self._slow = body[:_SLOW_BYTES]
            self._segments = {}


_LENGTH: Final = {
    FAST_MOTION: _MOTION.size,
    FAST_POWER: _POWER.size,
    FAST_INPUTS: _INPUTS.size,
}


class CanBench:
    """The controller, and the telephone if it has one. All errors of the bus are ``OSError``.

    Args:
        address: as above.
        clock: for judging how old a reading is.

    Raises:
        ValueError: the address is of another form.
    """

    def __init__(self, address: str, clock: Clock) -> None:
        self._address = parse(address)
        self._clock = clock
        self._bus: can.BusABC | None = None
        self._retry_ms: int | None = None
        self._assembly = Assembly()
        self._heard_ms: int | None = None

    def read(self) -> Reading:
        """Return the newest reading. Raises ``OSError`` when there is none that is fresh."""
        bus = self._opened()
        now_ms = self._clock.monotonic_ms()
        try:
            while (message := bus.recv(timeout=0)) is not None:
                self._take(message, now_ms)
        except (can.CanError, OSError) as error:
            raise self._lost(error) from error
        reading = self._assembly.reading()
        if reading is None or self._heard_ms is None or now_ms - self._heard_ms > STALE_MS:
            raise TimeoutError("the controller is silent")
        return reading

    def announce(self, notice: Notice) -> None:
        """Have ``notice`` spoken. Raises ``OSError``."""
        self._send(NOTICE, [struct.pack(">H", registers.notice_number(notice))])

    def send_fallback(self, text: str) -> None:
        """Hand ``text`` to the telephone on the bus. Raises ``OSError``.

        Nobody confirms a frame: where the controller has no telephone this goes unnoticed.
        """
        length, *rest = registers.fallback_registers(text)
        body = registers.bytes_of(rest)[:length]
        self._send(FALLBACK, list(segments_of(body, length)))

    def close(self) -> None:
        """Leave the bus."""
        if self._bus is not None:
            self._bus.shutdown()
            self._bus = None

    def _opened(self) -> can.BusABC:
        if self._bus is None:
            now_ms = self._clock.monotonic_ms()
            if self._retry_ms is not None and now_ms < self._retry_ms:
                raise ConnectionError("the bus is down")
            self._retry_ms = now_ms + RETRY_MS
            self._bus = self._address.open()
        return self._bus

    def _lost(self, error: Exception) -> OSError:
        self.close()
        return OSError(f"the bus fails: {error}")

    def _take(self, message: can.Message, now_ms: int) -> None:
        frame = frame_of(message, self._address.node)
        if frame is None:
            return
        self._assembly.take(frame)
        # The inputs alone prove that the controller still says how things stand.
        if frame.function == FAST_INPUTS:
            self._heard_ms = now_ms

    def _send(self, function: int, frames: Sequence[bytes]) -> None:
        bus = self._opened()
        try:
            for data in frames:
                bus.send(message_of(Frame(function, data), self._address.node), timeout=0.1)
        except (can.CanError, OSError) as error:
            raise self._lost(error) from error


class Address(NamedTuple):
    """Where the controller is: python-can's interface and channel, and its node."""

    interface: str
    channel: str
    node: int = 1
    options: tuple[tuple[str, int], ...] = ()

    def open(self) -> can.BusABC:
        """Open the bus. Raises ``OSError``: there is no such interface or channel."""
        options: dict[str, Any] = dict(self.options)
        try:
            return can.Bus(self.channel, interface=self.interface, **options)
        except (can.CanError, OSError, ValueError, TypeError, ImportError) as error:
            raise OSError(f"{self.interface}, {self.channel}: {error}") from error


def parse(address: str) -> Address:
    """Take an address apart. Raises ValueError: not ``can://interface/channel?node=1``."""
    parts = urlsplit(address)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    channel = parts.path.strip("/")
    with suppress(ValueError):
        numbers = {name: int(value) for name, value in options.items()}
        node = numbers.pop("node", 1)
        if parts.scheme == "can" and parts.hostname and channel and 1 <= node <= 127:
            return Address(parts.hostname, channel, node, tuple(numbers.items()))
    raise ValueError(f"not can://interface/channel?node=1: {address!r}")


def frame_of(message: can.Message, node: int) -> Frame | None:
    """Return the frame if it is one of ``node``'s."""
    if message.is_extended_id or message.is_error_frame or message.is_remote_frame:
        return None
    if message.arbitration_id & 0x7F != node:
        return None
    return Frame(message.arbitration_id & 0x780, bytes(message.data))


def message_of(frame: Frame, node: int) -> can.Message:
    """Return ``frame`` as python-can sends it."""
    return can.Message(arbitration_id=frame.function | node, data=frame.data, is_extended_id=False)


class TextAssembly:
    """Puts what goes by telephone together again, at the controller's end."""

    def __init__(self) -> None:
        self._pieces: dict[int, bytes] = {}

    def take(self, data: bytes) -> str | None:
        """Take a segment. Returns the text once it is whole."""
        with suppress(struct.error):
            number, length, piece = _SEGMENT.unpack(data)
            if number == 0:
                self._pieces = {}
            self._pieces[number] = piece
            count = -(-length // SEGMENT_BYTES)
            if all(place in self._pieces for place in range(count)):
                body = b"".join(self._pieces[place] for place in range(count))
                self._pieces = {}
                return body[:length].decode(errors="replace")
        return None
