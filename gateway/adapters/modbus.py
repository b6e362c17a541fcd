"""A controller on Modbus, TCP or RTU, with the register map of ``gateway.adapters.registers``.

Address: ``modbus+tcp://host:port``, ``modbus+rtu:///dev/ttyS0?baud=115200``; ``&unit=1`` (1 to 247)
for another unit than 1. The modem is the client: it reads all registers in one request (function
4) and writes notices and what it would send by telephone (function 16).
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, urlsplit

from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from gateway.adapters import registers
from gateway.hal import Clock, Notice, Reading

TIMEOUT_S: Final = 0.5  # a bus is near; a modem must not wait for it longer than that
RETRY_MS: Final = 1_000
HUNG_MS: Final = 5_000
USUAL_PORT: Final = 502
USUAL_BAUD: Final = 115_200  # at 19200 one reading takes 0.14 s

Client = ModbusTcpClient | ModbusSerialClient


class ModbusBench:
    """The controller, and the telephone if it has one. All errors of the bus are ``OSError``.

    Args:
        address: as above.
        clock: for when to try again, and for how long the controller has said the same.

    Raises:
        ValueError: the address is of neither form.
    """

    def __init__(self, address: str, clock: Clock) -> None:
        self._client, self._unit = _parse(address)
        self._clock = clock
        self._retry_ms: int | None = None
        self._life = -1
        self._lived_ms = 0

    def read(self) -> Reading:
        """Ask for the reading. Raises ``OSError`` when the bus does not answer."""
        answer = self._asked(0, registers.COUNT)
        now_ms = self._clock.monotonic_ms()
        if (life := registers.life_of(answer)) != self._life:
            self._life, self._lived_ms = life, now_ms
        elif now_ms - self._lived_ms > HUNG_MS:
            raise TimeoutError("the controller behind the bus says the same for ever")
        return registers.decode(answer)

    def announce(self, notice: Notice) -> None:
        """Have ``notice`` spoken. Raises ``OSError``."""
        self._write(registers.NOTICE_AT, [registers.notice_number(notice)])

    def send_fallback(self, text: str) -> None:
        """Hand ``text`` to the telephone on the bus. Raises ``OSError`` where there is none."""
        self._write(registers.FALLBACK_AT, registers.fallback_registers(text))

    def close(self) -> None:
        """Let go of the bus."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _asked(self, at: int, count: int) -> Sequence[int]:
        self._connect()
        try:
            answer = self._client.read_input_registers(at, count=count, device_id=self._unit)
        except (ModbusException, OSError) as error:
            raise self._silent(error) from error
        return _checked(answer).registers

    def _write(self, at: int, values: list[int]) -> None:
        self._connect()
        try:
            answer = self._client.write_registers(at, values, device_id=self._unit)
        except (ModbusException, OSError) as error:
            raise self._silent(error) from error
        _checked(answer)

    def _connect(self) -> None:
        if self._client.connected:
            return
        now_ms = self._clock.monotonic_ms()
        if self._retry_ms is not None and now_ms < self._retry_ms:
            raise ConnectionError("the bus is down")
        self._retry_ms = now_ms + RETRY_MS
        if not self._client.connect():
            raise ConnectionError("the bus cannot be opened")

    def _silent(self, error: Exception) -> OSError:
        # The next answer might be the one to this request: begin anew.
        self.close()
        return TimeoutError(f"the controller does not answer: {error}")


def _checked(answer: ModbusPDU) -> ModbusPDU:
    if answer.isError():
        raise OSError(f"the controller refuses: {answer}")
    return answer


def _parse(address: str) -> tuple[Client, int]:
    # pymodbus logs every failed attempt as an error; ours are told once, by who reads.
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    parts = urlsplit(address)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    with suppress(ValueError):
        unit, baud = int(options.get("unit", 1)), int(options.get("baud", USUAL_BAUD))
        if parts.scheme == "modbus+tcp" and parts.hostname and 1 <= unit <= 247:
            port = parts.port or USUAL_PORT
            return ModbusTcpClient(parts.hostname, port=port, timeout=TIMEOUT_S, retries=0), unit
        if parts.scheme == "modbus+rtu" and parts.path and 1 <= unit <= 247:
            serial = ModbusSerialClient(parts.path, baudrate=baud, timeout=TIMEOUT_S, retries=0)
            return serial, unit
    raise ValueError(f"not modbus+tcp://host:port or modbus+rtu:///dev/…?baud=…: {address!r}")
