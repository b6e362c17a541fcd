"""How right detectors are in the field: from what people judged of their signals.

``liftwacht-api misuse labels > judged.jsonl``, then ``python -m evaluation.field judged.jsonl``.
Only what was signalled is judged: it says how often a signal is right, and nothing of what was
missed.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from evaluation.measured import wilson
from evaluation.rows import AlarmRow, Row


def read(path: Path) -> Iterator[AlarmRow]:
    """Yield the alarms of a file of rows, one JSON object a line.

    Raises:
        ValueError: a line is no row; says which, and why.
    """
    decoder = msgspec.json.Decoder(Row)
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = decoder.decode(line)
        except msgspec.MsgspecError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
        if isinstance(row, AlarmRow):
            yield row


def table(alarms: Iterable[AlarmRow]) -> Iterator[str]:
    """Yield a Markdown table: for each word how many were right, and what explained the others."""
    yield "| what | judged | right | precision | 95 % | explained by |"
    yield "|---|---|---|---|---|---|"
    judged = [alarm for alarm in alarms if alarm.right is not None]
    for what in sorted({alarm.what for alarm in judged}):
        of_it = [alarm for alarm in judged if alarm.what == what]
        right = sum(alarm.right is True for alarm in of_it)
        low, high = wilson(right, len(of_it))
        why = Counter(alarm.behaviour for alarm in of_it if not alarm.right)
        explained = ", ".join(f"{behaviour} {count}" for behaviour, count in why.most_common())
        yield (
            f"| `{what}` | {len(of_it)} | {right} | {right / len(of_it):.2f} |"
            f" {low:.2f} to {high:.2f} | {explained} |"
        )


def main(arguments: list[str]) -> int:
    """Print the table; return the exit code."""
    if len(arguments) != 1:
        print("usage: python -m evaluation.field FILE", file=sys.stderr)
        return 2
    try:
        print(*table(read(Path(arguments[0]))), sep="\n")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
