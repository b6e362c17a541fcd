"""``liftwacht-diagnostics train``: make the models anew from recorded years."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from diagnostics.models.examples import Recording, Window, windows_of
from diagnostics.models.recordings import read
from diagnostics.models.storage import save
from diagnostics.models.variations import varied


def add_to(commands: Any) -> None:
    """Add the subcommand."""
    command = commands.add_parser("train", help="train the models from recorded years")
    command.add_argument(
        "--data",
        type=Path,
        action="append",
        required=True,
        metavar="FOLDER",
        help="with trace.jsonl, register.jsonl and truth.jsonl; may be given more than once",
    )
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--processes", type=int, help="default: one a core")
    command.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Train, write model and card, and print the card.

    Raises:
        ValueError: data that is not what it should be, or too little of it.
        OSError: a file that is not there.
    """
    # scikit-learn takes its time, which the engine need not wait for.
    from diagnostics.models.training import train  # noqa: PLC0415

    recordings = (recording for folder in options.data for recording in read(folder))
    with ProcessPoolExecutor(options.processes) as pool:
        of_aids = pool.map(partial(_windows, options.seed), count(), recordings)
        found = [window for windows in of_aids for window in windows]
    data = ", ".join(folder.name for folder in options.data)
    model = train(found, seed=options.seed, data=f"{data}, with made-up variations")
    save(model, options.out)
    card = msgspec.json.format(msgspec.json.encode(model.card), indent=2)
    sys.stdout.write(card.decode() + "\n")


def _windows(seed: int, group: int, recording: Recording) -> list[Window]:
    return windows_of(group, [recording, *varied(recording, seed=seed)])
