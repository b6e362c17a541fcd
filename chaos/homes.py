"""Lifts whose modems are processes of their own: each behind a socket, with its scenario.

    python -m chaos.homes --folder FOLDER --truth FILE sl-000001=sos_pressed …

A lift's scenario begins once its modem has asked for the first time.
"""

import argparse
import asyncio
import signal
import sys
import time
from functools import partial
from pathlib import Path

from simulator.clock import RealTime
from simulator.home import Activity
from simulator.scenarios.loader import library
from simulator.scenarios.player import home_for, play
from simulator.truth import TruthFile, ended, episodes
from simulator.workbench.benched import BenchedAid
from simulator.workbench.lines import serve_lines

# The modem has connected by then.
BEFORE_MS = 8_000
_LIBRARY = library()


def main() -> int:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(prog="chaos.homes")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("homes", nargs="+", metavar="DEVICE=SCENARIO")
    arguments = parser.parse_args()
    homes = dict(each.split("=") for each in arguments.homes)
    asyncio.run(_serve(homes, arguments.folder, TruthFile(arguments.truth)))
    return 0


async def _serve(homes: dict[str, str], folder: Path, truth: TruthFile) -> None:
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    serving = [
        asyncio.create_task(_serve_one(device, name, folder, truth))
        for device, name in homes.items()
    ]
    await stop.wait()
    for task in serving:
        task.cancel()
    await asyncio.gather(*serving, return_exceptions=True)
    truth.close()


async def _serve_one(device: str, name: str, folder: Path, truth: TruthFile) -> None:
    scenario, run_time = _LIBRARY[name], RealTime()
    home = home_for(scenario, start_ms=run_time.monotonic_ms())

    def living() -> Activity:
        yield BEFORE_MS
        found = episodes(scenario, device=device, began_wall_ms=_wall_ms())
        for one in found:
            truth.write(one)
        yield from play(scenario, home)
        for one in found:
            truth.write(ended(one, until_wall_ms=_wall_ms()))

    aid = BenchedAid(home, run_time, begin=living, heard=lambda _: None)
    await serve_lines(aid, f"unix:{folder / device}.sock", partial(print, flush=True))


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
