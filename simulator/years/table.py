"""The behaviours as a table for ``docs/simulator/years.md``."""

from simulator.years.behaviours import BEHAVIOURS, Split
from simulator.years.behaviours.contract import ALL


def table() -> str:
    """Return all behaviours as rows of Markdown, sorted by name."""
    rows = [
        "| behaviour | what it is | aids | may also be found | must not be found |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(BEHAVIOURS):
        one = BEHAVIOURS[name]
        mark = " **(test)**" if one.split is Split.TEST else ""
        kinds = "all" if one.kinds == ALL else ", ".join(sorted(one.kinds))
        words = (", ".join(one.allowed), ", ".join(one.forbidden))
        rows.append(f"| `{name}`{mark} | {one.text} | {kinds} | {words[0]} | {words[1]} |")
    return "\n".join(rows) + "\n"
