r"""A controller that is reached over a TCP or Unix socket and speaks JSON lines.

For test benches, and for controllers that a small converter puts on a socket. The bench listens;
the modem connects, and connects again whenever the line breaks. Address: ``tcp://host:port`` or
``unix:/path``. UTF-8, one JSON object a line, ``\n`` at the end, at most 16 KiB a line.

From the bench, a full reading: on connecting, at every change, and at least once a second (after
``STALE_MS`` without one the controller counts as silent). Every field may be left out; names,
units and numbers are those of ``gateway.hal.Reading``::

    {"position_mm": 1200, "speed_mm_s": 120, "current_ma": 9800, "battery_mv": 25100,
     "seat": 2, "demand": 1, "mode": 0, "landing": 1, "contacts": 0, "signals": 4,
     "faults": [{"code": "footrest_up_edge", "maker_code": "7"}],
     "load_kg": null, "incline_deg": null, "odometer_m": 48900, "cycles": 10400,
     "parameters": "5f1c09", "hardware": "X-104-2231",
     "temperature_dc": 195, "signal_dbm": -97, "cell": "u173z"}

From the modem, what it announces to the rider, and what it would send by telephone::

    {"notice": "help_coming"}
    {"fallback": "sl-000001 ..."}

Lines that either side does not understand are ignored (and logged by the modem).
"""

import logging
import socket
from typing import Final
from urllib.parse import urlsplit

import msgspec

from gateway.hal import Clock, Notice, Reading

STALE_MS: Final = 5_000
RETRY_MS: Final = 1_000
MAX_LINE_BYTES: Final = 16 * 1024

_log = logging.getLogger(__name__)
_decoder = msgspec.json.Decoder(Reading)


class LinesBench:
    """The far end of such a socket: both a ``Controller`` and a ``Telephone``.

    Args:
        address: ``tcp://host:port`` or ``unix:/path``.
        clock: for judging how old a reading is.

    Raises:
        ValueError: the address is of neither form.
    """

    def __init__(self, address: str, clock: Clock) -> None:
        self._family, self._address = _parse(address)
        self._clock = clock
        self._socket: socket.socket | None = None
        self._buffer = b""
        self._reading: Reading | None = None
        self._read_ms = 0
        self._retry_ms: int | None = None

    def read(self) -> Reading:
        """Return the newest reading. Raises ``OSError`` when there is none that is fresh."""
        now_ms = self._clock.monotonic_ms()
        if self._connected(now_ms):
            self._receive(now_ms)
        if self._reading is None or now_ms - self._read_ms > STALE_MS:
            raise TimeoutError("the controller is silent")
        return self._reading

    def announce(self, notice: Notice) -> None:
        """Have ``notice`` spoken. Raises ``OSError`` when the line is down."""
        self._send({"notice": notice.value})

    def send_fallback(self, text: str) -> None:
        """Hand ``text`` to the bench's telephone. Raises ``OSError`` when the line is down."""
        self._send({"fallback": text})

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._buffer = b""

    def _connected(self, now_ms: int) -> bool:
        if self._socket is not None:
            return True
        if self._retry_ms is not None and now_ms < self._retry_ms:
            return False
        self._retry_ms = now_ms + RETRY_MS
        line = socket.socket(self._family, socket.SOCK_STREAM)
        line.settimeout(0.5)  # a bench is near; a modem must not wait for it longer than that
        try:
            line.connect(self._address)
        except OSError as error:
            line.close()
            _log.debug("no connection to the controller: %s", error)
            return False
        line.settimeout(0)
        self._socket = line
        return True

    def _receive(self, now_ms: int) -> None:
        while self._socket is not None:
            try:
                data = self._socket.recv(65_536)
            except BlockingIOError:
                return
            except OSError as error:
                _log.warning("lost the controller: %s", error)
                data = b""
            if not data:
                self.close()
                return
            *lines, self._buffer = (self._buffer + data).split(b"\n")
            if len(self._buffer) > MAX_LINE_BYTES:
                _log.warning("a line from the controller is too long")
                self.close()
            for line in lines:
                self._take(line, now_ms)

    def _take(self, line: bytes, now_ms: int) -> None:
        try:
            self._reading = _decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("a line from the controller is not a reading: %s", error)
            return
        self._read_ms = now_ms

    def _send(self, message: dict[str, str]) -> None:
        if self._socket is None:
            raise ConnectionError("the controller is not connected")
        try:
            self._socket.sendall(msgspec.json.encode(message) + b"\n")
        except OSError:
            self.close()
            raise


def _parse(address: str) -> tuple[socket.AddressFamily, tuple[str, int] | str]:
    parts = urlsplit(address)
    if parts.scheme == "unix" and parts.path:
        return socket.AF_UNIX, parts.path
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return socket.AF_INET, (parts.hostname, parts.port)
    raise ValueError(f"not tcp://host:port or unix:/path: {address!r}")
