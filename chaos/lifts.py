"""A fleet in one process: households that ride, and lifts on which, one by one, something happens.

python -m chaos.lifts --households FILE --manifest FILE --certificates … --state … --truth FILE
    --every S
"""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

from chaos.scenarios import NAMES, drawn
from gateway import logs
from simulator import manifest
from simulator.__main__ import link_settings
from simulator.fleet import Fleet, FleetSettings
from simulator.scenarios.loader import library

TEMPO = 60.0


def main() -> int:
    """Run until a signal."""
    parser = argparse.ArgumentParser(prog="chaos.lifts")
    for name in ("households", "manifest", "certificates", "state", "truth"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--every", type=float, required=True, help="seconds between two scenarios")
    arguments = parser.parse_args()
    logs.configure("lifts", "INFO", "text")
    logging.getLogger("gateway").setLevel(logging.ERROR)
    settings = FleetSettings(
        link=link_settings(os.environ),
        certificates=arguments.certificates,
        state=arguments.state,
        truth=arguments.truth,
        seed=arguments.seed,
        tempo=TEMPO,
        incident_mean_ms=None,
        outboxes="disk",
    )
    fleet = Fleet(settings, manifest.read(arguments.households))
    aids = iter(manifest.read(arguments.manifest))
    scenarios, names = library(), drawn(f"lifts/{arguments.seed}", NAMES)

    def next_one() -> None:
        if (aid := next(aids, None)) is not None:
            due_ms = fleet.loop.clock.monotonic_ms() + round(arguments.every * 1000)
            fleet.loop.call_at(due_ms, next_one)  # first: to add one fails while the disk is full
            fleet.add_scenario(aid, scenarios[next(names)])

    fleet.loop.call_soon(next_one)
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: fleet.stop())
    try:
        fleet.run()
    finally:
        fleet.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
