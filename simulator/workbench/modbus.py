"""An aid as a Modbus server, on TCP or RTU: the far end of ``gateway.adapters.modbus``.

RTU needs a serial port: ``modbus+rtu:///dev/ttyUSB0?baud=115200``, or ``modbus+rtu://pty`` for a
pair of pseudo-terminals, of which the modem gets the other end.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from gateway.adapters import registers
from gateway.adapters.modbus import USUAL_BAUD
from simulator.workbench.benched import BenchedAid
from simulator.workbench.pseudo import PtyPair

WRITES = frozenset({6, 16})

_log = logging.getLogger(__name__)


async def serve_modbus(aid: BenchedAid, address: str, listening: Callable[[str], None]) -> None:
    """Serve until cancelled. ``listening`` is told where the modem is to connect.

    Raises:
        ValueError: no such address.
        OSError: it cannot be listened to.
    """
    parts = urlsplit(address)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    unit, baud = int(options.get("unit", 1)), int(options.get("baud", USUAL_BAUD))
    # pymodbus has a word for every connection made and lost.
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    device = device_of(aid, unit=unit)
    if parts.scheme == "modbus+tcp" and parts.hostname and parts.port is not None:
        await _serve_tcp(device, parts.hostname, parts.port, listening)
    elif parts.scheme == "modbus+rtu" and parts.netloc == "pty":
        with PtyPair(asyncio.get_running_loop()) as pair:
            port = f"modbus+rtu://{pair.modem}?baud={baud}"
            await _serve_rtu(device, pair.bench, baud, lambda: listening(port))
    elif parts.scheme == "modbus+rtu" and parts.path:
        await _serve_rtu(device, parts.path, baud, lambda: listening(address))
    else:
        raise ValueError(f"not modbus+tcp://host:port, modbus+rtu://pty or …:///dev/…: {address!r}")


def device_of(aid: BenchedAid, *, unit: int) -> SimDevice:
    """Return ``aid`` as pymodbus serves it: registers that are read when they are asked for."""
    life = 0

    async def act(
        function: int,
        first: int,
        at: int,
        _count: int,
        present: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        nonlocal life
        aid.meet()
        if values is not None:
            return _written(aid, at, list(values)) if function in WRITES else _REFUSED
        try:
            reading = aid.read()
        except OSError:
            return ExcCodes.DEVICE_FAILURE
        life += 1
        present[0 - first : registers.COUNT - first] = registers.encode(reading, life=life)
        return None

    return SimDevice(
        id=unit,
        simdata=[
            SimData(0, count=registers.COUNT, values=0, datatype=DataType.REGISTERS),
            SimData(
                registers.NOTICE_AT,
                count=1 + registers.FALLBACK_COUNT,
                values=0,
                datatype=DataType.REGISTERS,
            ),
        ],
        action=act,
    )


_REFUSED = ExcCodes.ILLEGAL_FUNCTION


def _written(aid: BenchedAid, at: int, values: list[int]) -> ExcCodes | None:
    """Take what the modem writes: a notice, or the text for the telephone as a whole."""
    if at == registers.NOTICE_AT and len(values) == 1:
        notice = registers.notice_of(values[0])
        if notice is None:
            return ExcCodes.ILLEGAL_VALUE
        aid.announce(notice)
        return None
    if at == registers.FALLBACK_AT and len(values) == registers.FALLBACK_COUNT:
        aid.fall_back(registers.fallback_of(values))
        return None
    return ExcCodes.ILLEGAL_ADDRESS


async def _serve_tcp(
    device: SimDevice, host: str, port: int, listening: Callable[[str], None]
) -> None:
    server = ModbusTcpServer(device, address=(host, port))
    try:
        await _began(server)
        listener: Any = server.transport  # asyncio's server, whatever pymodbus declares
        own = listener.sockets[0].getsockname()[1]
        listening(f"modbus+tcp://{host}:{own}")
        await server.serving
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]


async def _serve_rtu(
    device: SimDevice, port: str, baud: int, listening: Callable[[], None]
) -> None:
    server = ModbusSerialServer(device, port=port, baudrate=baud)
    try:
        await _began(server)
        listening()
        await server.serving
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]


async def _began(server: ModbusTcpServer | ModbusSerialServer) -> None:
    try:
        await server.serve_forever(background=True)
    except RuntimeError as error:  # pymodbus' word for an address that cannot be had
        raise OSError(str(error)) from error
