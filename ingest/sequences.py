"""Sets of sequence numbers, as PostgreSQL writes them: ``{[1,4),[7,8)}``."""

import re
from collections.abc import Iterable

_RANGE = re.compile(r"\[(\d+),(\d+)\)")


def to_multirange(numbers: Iterable[int]) -> str:
    """Return ``numbers`` as the text of an ``int8multirange``."""
    ranges: list[str] = []
    start = end = None
    for number in sorted(set(numbers)):
        if number != end:
            if start is not None:
                ranges.append(f"[{start},{end})")
            start = number
        end = number + 1
    if start is not None:
        ranges.append(f"[{start},{end})")
    return "{" + ",".join(ranges) + "}"


def from_multirange(text: str) -> set[int]:
    """Return the numbers in the text of a small ``int8multirange`` with both ends in each range."""
    return {number for first, end in _RANGE.findall(text) for number in range(int(first), int(end))}
