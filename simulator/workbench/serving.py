"""Which bus an aid is put on, by the address. What the buses need is imported only then."""

import asyncio
from collections.abc import Callable

from simulator.workbench.benched import BenchedAid
from simulator.workbench.lines import serve_lines

NO_BUS = "none"
LOOK_S = 0.05


async def serve(aid: BenchedAid, address: str, listening: Callable[[str], None]) -> None:
    """Serve ``aid`` at ``address`` until cancelled; ``none``: on no bus at all, it only lives.

    Raises:
        ValueError: no bus has such an address, or what it needs is not installed.
        OSError: it cannot be had.
    """
    try:
        if address == NO_BUS:
            await _live(aid, listening)
        elif address.startswith("modbus+"):
            from simulator.workbench.modbus import serve_modbus  # noqa: PLC0415

            await serve_modbus(aid, address, listening)
        elif address.startswith("can:"):
            from simulator.workbench.canbus import serve_can  # noqa: PLC0415

            await serve_can(aid, address, listening)
        else:
            await serve_lines(aid, address, listening)
    except ImportError as error:
        raise ValueError(f"{address} needs liftwacht[buses]: {error}") from error


async def _live(aid: BenchedAid, listening: Callable[[str], None]) -> None:
    listening(NO_BUS)
    aid.meet()
    while True:
        aid.catch_up()
        await asyncio.sleep(LOOK_S)
