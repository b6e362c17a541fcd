"""A modem's Modbus adapter against a server of pymodbus, over TCP, in one process."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from gateway.adapters import registers
from gateway.adapters.choice import open_bench
from gateway.adapters.lines import LinesBench
from gateway.adapters.modbus import HUNG_MS, ModbusBench
from gateway.hal import Notice, Reading
from gateway.protocol.vocabulary import Landing


class Clock:
    now_ms = 0

    def wall_ms(self) -> int:
        return self.now_ms

    def monotonic_ms(self) -> int:
        return self.now_ms


class Server:
    """Registers on a TCP port, in a thread of its own; what is written is kept."""

    def __init__(self, values: list[int]) -> None:

        self.values = values
        self.written: list[tuple[int, list[int]]] = []
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()

        async def act(
            _function: int,
            _first: int,
            at: int,
            _count: int,
            present: list[int],
            values: list[int] | list[bool] | None,
        ) -> None:
            if values is not None:
                self.written.append((at, [int(value) for value in values]))
            present[: len(self.values)] = self.values

        async def serve() -> None:
            data = SimData(0, count=300, values=0, datatype=DataType.REGISTERS)
            device = SimDevice(id=1, simdata=[data], action=act)
            self._server = ModbusTcpServer(device, address=("127.0.0.1", 0))
            await self._server.serve_forever(background=True)
            listener: Any = self._server.transport
            self.port = listener.sockets[0].getsockname()[1]
            self._ready.set()
            await self._server.serving

        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(serve(),))
        self._thread.start()
        assert self._ready.wait(10)

    def close(self) -> None:
        stopped = asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop)  # type: ignore[no-untyped-call]
        stopped.result(10)
        self._thread.join(10)
        self._loop.close()


READING = Reading(position_mm=1_200, landing=Landing.BETWEEN, hardware="X-1", cell="u173z")


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(registers.encode(READING, life=1))
    yield running
    running.close()


def test_it_reads_announces_and_telephones(server: Server) -> None:
    modem = open_bench(f"modbus+tcp://127.0.0.1:{server.port}", Clock())
    assert isinstance(modem, ModbusBench)
    assert modem.read() == READING
    modem.announce(Notice.ANSWERED)
    modem.send_fallback("sl-000001 sos")
    assert server.written[0] == (registers.NOTICE_AT, [3])
    at, values = server.written[1]
    assert (at, registers.fallback_of(values)) == (registers.FALLBACK_AT, "sl-000001 sos")
    modem.close()


def test_a_controller_that_says_the_same_for_ever_hangs(server: Server) -> None:
    clock = Clock()
    modem = open_bench(f"modbus+tcp://127.0.0.1:{server.port}", clock)
    modem.read()
    clock.now_ms += HUNG_MS + 1
    with pytest.raises(OSError, match="for ever"):
        modem.read()
    server.values = registers.encode(READING, life=2)
    assert modem.read() == READING
    modem.close()


@pytest.mark.parametrize("wrong", [[0] * 119, [registers.MAGIC, 0, *[0] * 117]])
def test_another_device_is_no_lift(server: Server, wrong: list[int]) -> None:
    server.values = wrong
    modem = open_bench(f"modbus+tcp://127.0.0.1:{server.port}", Clock())
    with pytest.raises(OSError, match=r"no lift|version 0"):
        modem.read()
    modem.close()


def test_a_later_version_of_the_map_only_appends(server: Server) -> None:
    server.values = [registers.MAGIC, registers.VERSION + 1, *registers.encode(READING)[2:]]
    modem = open_bench(f"modbus+tcp://127.0.0.1:{server.port}", Clock())
    assert modem.read() == READING
    modem.close()


def test_a_bus_that_is_down_is_tried_once_a_second_and_found_again() -> None:
    server, clock = Server(registers.encode(READING, life=1)), Clock()
    modem = open_bench(f"modbus+tcp://127.0.0.1:{server.port}", clock)
    assert modem.read() == READING
    server.close()
    for _ in range(3):
        with pytest.raises(OSError, match=r"answer|down|opened|reset|refused"):
            modem.read()
    with pytest.raises(OSError, match="down"):
        modem.announce(Notice.CALLING)
    clock.now_ms += 1_001
    with pytest.raises(OSError, match="cannot be opened"):
        modem.read()
    modem.close()


@pytest.mark.parametrize(
    "address",
    [
        "modbus+tcp://",
        "modbus+rtu://",
        "modbus+udp://host:1",
        "modbus+tcp://host:x",
        "modbus+tcp://host?unit=248",
        "modbus+rtu:///dev/ttyS0?baud=fast",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ValueError, match="not modbus"):
        open_bench(address, Clock())


def test_other_addresses_are_lines() -> None:
    assert isinstance(open_bench("tcp://127.0.0.1:1", Clock()), LinesBench)
    with pytest.raises(ValueError, match="serial:1"):
        open_bench("serial:1", Clock())


def test_a_modem_without_a_bus_imports_no_bus() -> None:
    # The core must stay small enough for a modem.

    code = (
        "import sys, gateway.__main__; "
        "print([m for m in ('pymodbus', 'can', 'serial') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_fallback_of_any_length_is_one_write() -> None:
    for length in (0, 1, 127, 128, 500):
        text = ("abc é" * 100)[:length]
        values = registers.fallback_registers(text)
        assert len(values) == registers.FALLBACK_COUNT
        assert text.startswith(registers.fallback_of(values))
