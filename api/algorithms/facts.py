"""What was measured of each detector, and its known limits: from the documents, into the package.

``python -m api.algorithms.facts`` writes ``facts.json`` anew from ``docs/detectors`` and
``docs/evaluation/evaluation.json``; a test fails when it differs from them.
"""

import re
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Ask
from diagnostics.detectors.registry import DETECTORS

FILE: Final = "facts.json"
_LIMITS: Final = re.compile(r"^## Known limits\n(.+?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_EMERGENCY: Final = "emergency"  # emergencies are judged together, whichever detector finds them


class Measured(Struct, frozen=True, kw_only=True):
    """How well one word of the catalogue is found, on simulated aids."""

    what: str
    episodes: int
    found: int
    alarms: int
    false: int
    accused: int
    recall: float | None
    precision: float | None


class Facts(Struct, frozen=True, kw_only=True):
    """All of it, by detector. ``page``: its technical description in the repository."""

    evaluation_version: int
    seed: int
    behaviours: str
    measured: dict[str, tuple[Measured, ...]]
    limits: dict[str, str]
    page: dict[str, str]


@cache
def load() -> Facts:
    """Return what ships with us."""
    return msgspec.json.decode((files("api.algorithms") / FILE).read_bytes(), type=Facts)


def gather(root: Path) -> Facts:
    """Return the same from the documents of a repository."""
    evaluation = msgspec.json.decode((root / "docs/evaluation/evaluation.json").read_bytes())
    rows = {each["what"]: each for each in evaluation["measured"] if not each["baseline"]}
    pages = {each.name: f"docs/detectors/{each.name}.md" for each in DETECTORS}
    texts = {name: (root / page).read_text(encoding="utf-8") for name, page in pages.items()}
    return Facts(
        evaluation_version=evaluation["version"],
        seed=evaluation["seed"],
        behaviours=evaluation["behaviours"],
        measured={each.name: tuple(_measured(each.name, rows)) for each in DETECTORS},
        limits={name: _limits(text) for name, text in texts.items()},
        page=pages,
    )


def _measured(detector: str, rows: dict[str, Any]) -> list[Measured]:
    found = []
    for what, entry in CATALOGUE.items():
        if entry.detector == detector:
            row = rows.get(_EMERGENCY if entry.asks is Ask.EMERGENCY else what)
            if row is not None:
                count = {n: row["count"][n] for n in Measured.__struct_fields__ if n != "what"}
                found.append(Measured(what=what, **count))
    return found


def _limits(text: str) -> str:
    found = _LIMITS.search(text)
    return found[1].strip() if found else ""


def main() -> None:
    """Write the file anew."""
    root = Path(__file__).resolve().parents[2]
    content = msgspec.json.format(msgspec.json.encode(gather(root)), indent=1)
    (root / "api/algorithms" / FILE).write_bytes(content + b"\n")
    sys.stdout.write(f"{FILE} written\n")


if __name__ == "__main__":
    main()
