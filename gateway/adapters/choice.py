"""Which adapter an address asks for. Those of real buses are imported only then.

They need the extra ``buses``; a modem whose controller is on a socket needs nothing more.
"""

from typing import Protocol
from urllib.parse import urlsplit

from gateway.adapters.lines import LinesBench
from gateway.hal import Clock, Controller, Telephone


class Bench(Controller, Telephone, Protocol):
    """What an adapter is: controller and telephone at one address."""

    def close(self) -> None:
        """Let go of it."""


def open_bench(address: str, clock: Clock) -> Bench:
    """Return the controller at ``address``.

    ``tcp://``, ``unix:`` (``gateway.adapters.lines``), ``modbus+tcp://``, ``modbus+rtu://``
    (``gateway.adapters.modbus``) or ``can://`` (``gateway.adapters.can``).

    Raises:
        ValueError: no adapter knows such an address, or what it needs is not installed.
    """
    scheme = urlsplit(address).scheme
    if not (scheme.startswith("modbus+") or scheme == "can"):
        return LinesBench(address, clock)
    try:
        if scheme == "can":
            from gateway.adapters.can import CanBench  # noqa: PLC0415 - only who has a bus

            return CanBench(address, clock)
        from gateway.adapters.modbus import ModbusBench  # noqa: PLC0415 - likewise

        return ModbusBench(address, clock)
    except ImportError as error:
        raise ValueError(f"{address} needs liftwacht[buses]: {error}") from error
