"""A controller over JSON lines, on a real socket."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.adapters.lines import MAX_LINE_BYTES, RETRY_MS, STALE_MS, LinesBench
from gateway.hal import ActiveFault, Notice, Reading
from gateway.protocol.vocabulary import Contacts, Landing, Seat

LINE = (
    b'{"position_mm": 1200, "seat": 2, "landing": 1, "contacts": 1,'
    b' "faults": [{"code": "footrest_up_edge", "maker_code": "7"}], "load_kg": 78,'
    b' "incline_deg": -4, "odometer_m": 48900, "cycles": 10400, "parameters": "5f1c09",'
    b' "hardware": "X1", "temperature_dc": -35, "signal_dbm": -97, "cell": "u173z"}\n'
)
READING = Reading(
    position_mm=1_200,
    seat=Seat.OCCUPIED,
    landing=Landing.BETWEEN,
    contacts=Contacts.FOOTREST_UP,
    faults=(ActiveFault("footrest_up_edge", "7"),),
    load_kg=78,
    incline_deg=-4,
    odometer_m=48_900,
    cycles=10_400,
    parameters="5f1c09",
    hardware="X1",
    temperature_dc=-35,
    signal_dbm=-97,
    cell="u173z",
)


class SetClock:
    now_ms = 0

    def wall_ms(self) -> int:
        return 0

    def monotonic_ms(self) -> int:
        return self.now_ms


class Far:
    """The bench's end."""

    def __init__(self, server: socket.socket) -> None:
        self.server = server
        self.clock = SetClock()
        host, port = server.getsockname()
        self.near = LinesBench(f"tcp://{host}:{port}", self.clock)
        self.line: socket.socket | None = None

    def accept(self) -> socket.socket:
        with pytest.raises(TimeoutError):
            self.near.read()  # connects
        self.line, _ = self.server.accept()
        return self.line

    def reads(self, expected: Reading) -> None:
        """What was written arrives, on a real socket, a little later."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                if self.near.read() == expected:
                    return
            except TimeoutError:
                continue
        raise AssertionError("did not arrive")


@pytest.fixture
def far() -> Iterator[Far]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        far = Far(server)
        yield far
        far.near.close()
        if far.line is not None:
            far.line.close()


def test_reads_the_newest_line_however_it_is_cut(far: Far) -> None:
    line = far.accept()
    line.sendall(LINE[:20])
    line.sendall(LINE[20:] + b'{"position_mm": 7}\n{"position')
    far.reads(Reading(position_mm=7))
    line.sendall(b'_mm": 8}\n')
    far.reads(Reading(position_mm=8))
    line.sendall(LINE)
    far.reads(READING)


def test_line_that_is_no_reading_is_passed_over(far: Far) -> None:
    far.accept().sendall(b'nonsense\n{"seat": 9}\n\xff\n[]\n' + LINE + b'{"seat": "x"}\n')
    far.reads(READING)


def test_silence_is_an_error_and_not_an_old_reading(far: Far) -> None:
    far.accept().sendall(LINE)
    far.reads(READING)
    far.clock.now_ms += STALE_MS
    assert far.near.read() == READING
    far.clock.now_ms += 1
    with pytest.raises(TimeoutError):
        far.near.read()


def test_connects_again(far: Far) -> None:
    far.accept().close()
    far.clock.now_ms += RETRY_MS
    while True:  # until it has noticed
        with pytest.raises(TimeoutError):
            far.near.read()
        if far.near._socket is None:
            break
    far.clock.now_ms += RETRY_MS
    far.accept().sendall(LINE)
    far.reads(READING)


def test_endless_line_is_cut_off(far: Far) -> None:
    line = far.accept()
    line.sendall(b"x" * (MAX_LINE_BYTES + 1))
    deadline = time.monotonic() + 5
    while far.near._socket is not None and time.monotonic() < deadline:
        with pytest.raises(TimeoutError):
            far.near.read()
    assert far.near._socket is None


def test_tells_the_bench(far: Far) -> None:
    line = far.accept()
    far.near.announce(Notice.HELP_COMING)
    far.near.send_fallback("sl-000001 sos")
    with line.makefile("rb") as lines:
        assert lines.readline() == b'{"notice":"help_coming"}\n'
        assert lines.readline() == b'{"fallback":"sl-000001 sos"}\n'


def test_unix_socket_and_nobody_there(tmp_path: Path) -> None:
    near = LinesBench(f"unix:{tmp_path / 'lift.sock'}", SetClock())
    with pytest.raises(TimeoutError):
        near.read()
    with pytest.raises(ConnectionError):
        near.announce(Notice.CALLING)


@pytest.mark.parametrize("address", ["", "serial:/dev/ttyS0", "tcp://host", "unix:"])
def test_address_of_no_known_form(address: str) -> None:
    with pytest.raises(ValueError, match="tcp://host:port"):
        LinesBench(address, SetClock())
