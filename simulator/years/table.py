"""The behaviours as tables for ``docs/simulator``: those to train with, those held out."""

from simulator.years.behaviours import BEHAVIOURS, Split
from simulator.years.behaviours.contract import ALL


def table(split: Split) -> str:
    """Return the behaviours of one part as rows of Markdown, sorted by name."""
    rows = [
        "| behaviour | what it is | aids | may also be found | must not be found |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(BEHAVIOURS):
        one = BEHAVIOURS[name]
        if one.split is not split:
            continue
        kinds = "all" if one.kinds == ALL else ", ".join(sorted(one.kinds))
        words = (", ".join(one.allowed), ", ".join(one.forbidden))
        rows.append(f"| `{name}` | {one.text} | {kinds} | {words[0]} | {words[1]} |")
    return "\n".join(rows) + "\n"
