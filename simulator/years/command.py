"""``python -m simulator years``: let a fleet live for years, and write down what it said."""

import argparse
import json
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours import BEHAVIOURS, Split
from simulator.years.fleet import KINDS, START, At, Fleet
from simulator.years.table import table
from simulator.years.writers import Columns, write_register, write_trace, write_truth


def add_to(commands: Any) -> None:
    """Add the subcommand."""
    years = commands.add_parser("years", help="let a fleet live for years, without a broker")
    years.add_argument("--size", type=int, default=100, metavar="AIDS")
    years.add_argument("--days", type=int, default=365)
    years.add_argument("--seed", type=int, default=1)
    years.add_argument("--start", type=date.fromisoformat, default=START)
    years.add_argument("--kind", choices=[str(kind) for kind in AidKind], help="only this kind")
    years.add_argument("--profile", help="all with this controller")
    years.add_argument("--split", choices=[str(split) for split in Split])
    years.add_argument("--troubled", type=float, default=0.5, help="share with something to find")
    years.add_argument("--look-alikes", type=float, default=0.7, help="mean number of each aid")
    years.add_argument(
        "--behaviour",
        action="append",
        default=[],
        metavar="NAME[=RATE] or NAME@DAY",
        help="by rate of the aids, or at a day for every aid; instead of drawn ones",
    )
    years.add_argument("--list", action="store_true", help="print the behaviours, and end")
    years.add_argument("--table", action="store_true", help="likewise, as a table of the docs")
    years.add_argument("--trace", type=Path, help="every message, JSON lines")
    years.add_argument("--columns", type=Path, metavar="FOLDER", help="rides and conditions")
    years.add_argument("--register", type=Path, help="what the register says, JSON lines")
    years.add_argument("--truth", type=Path, help="what really was the matter, JSON lines")
    years.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Run it. Prints one JSON object: how many aid-days, messages, and how fast."""
    if arguments.table:
        sys.stdout.write(table(Split(arguments.split or Split.TRAIN)))
        return 0
    if arguments.list:
        for name in sorted(BEHAVIOURS):
            one = BEHAVIOURS[name]
            sys.stdout.write(f"{name:36} {one.split:6} {one.text}\n")
        return 0
    fleet = fleet_of(arguments)
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    messages = episodes = 0
    with ExitStack() as stack:
        trace, register, truth = (
            None if path is None else stack.enter_context(path.open("wb"))
            for path in (arguments.trace, arguments.register, arguments.truth)
        )
        columns = None if arguments.columns is None else Columns(arguments.columns)
        if columns is not None:
            stack.callback(columns.close)
        for aid in fleet:
            said = aid.said()
            messages, episodes = messages + len(said), episodes + len(aid.truth)
            if trace is not None:
                write_trace(said, trace)
            if columns is not None:
                columns.write(said)
            if register is not None:
                write_register(aid, register)
            if truth is not None:
                write_truth(aid, truth)
    seconds, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    aid_days = fleet.size * fleet.days
    found = {
        "aids": fleet.size,
        "aid_days": aid_days,
        "messages": messages,
        "episodes": episodes,
        "seconds": round(seconds, 2),
        "aid_days_per_minute_and_core": round(aid_days / cpu_s * 60),
    }
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def fleet_of(arguments: argparse.Namespace) -> Fleet:
    """Return the fleet that was asked for.

    Raises:
        ValueError: a behaviour or a rate that is none.
    """
    rates: dict[str, float] = {}
    moments: list[At] = []
    for text in arguments.behaviour:
        name, at, day = text.partition("@")
        name, _, rate = name.partition("=")
        if name not in BEHAVIOURS:
            raise ValueError(f"no behaviour is called {name!r}; see --list")
        if at:
            moments.append(At(behaviour=name, first=int(day)))
        else:
            rates[name] = float(rate or 1.0)
    kinds = KINDS if arguments.kind is None else {AidKind(arguments.kind): 1.0}
    return Fleet(
        size=arguments.size,
        days=arguments.days,
        seed=arguments.seed,
        start=arguments.start,
        kinds=kinds,
        split=None if arguments.split is None else Split(arguments.split),
        troubled=arguments.troubled,
        look_alikes=arguments.look_alikes,
        rates=rates or None,
        moments=dict.fromkeys(range(1, arguments.size + 1), tuple(moments)) if moments else {},
        profile=arguments.profile,
    )
