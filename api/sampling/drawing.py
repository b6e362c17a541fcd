"""Draws a sample that anybody can draw again. Pure.

Each item's place is a hash of the seed and its number: the same seed gives the same sample,
whatever draws it, and whoever knows the numbers can check it with any SHA-256.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Strata(StrEnum):
    """By what a sample is spread."""

    NONE = "none"
    KIND = "kind"
    MONTH = "month"


class Item(NamedTuple):
    """One thing that can be drawn. ``stratum``: which part of the whole it is of."""

    key: int
    stratum: str


def draw(items: Iterable[Item], size: int, seed: str) -> list[Item]:
    """Return ``size`` of ``items``, of each stratum in proportion, in the order of their numbers.

    Args:
        items: each number once.
        size: how many; all, if there are no more.
        seed: any text: what is agreed beforehand, so that nobody can choose.
    """
    strata: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        strata[item.stratum].append(item)
    shares = allot({name: len(members) for name, members in strata.items()}, size)
    drawn = [
        item
        for name, members in strata.items()
        for item in sorted(members, key=lambda item: place(item.key, seed))[: shares[name]]
    ]
    return sorted(drawn)


def place(key: int, seed: str) -> str:
    """Return where an item comes in the order of a seed: the lowest are drawn."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def allot(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many are drawn of each stratum: in proportion, by largest remainder.

    Of each there is at least one, where there are enough to go round.
    """
    total = sum(sizes.values())
    size = min(size, total)
    if not total:
        return {}
    names = sorted(sizes)
    least = 1 if size >= len(names) else 0
    shares = {name: max(least, size * sizes[name] // total) for name in names}
    by_rest: Sequence[str] = sorted(names, key=lambda name: (-(size * sizes[name] % total), name))
    while sum(shares.values()) < size:
        for name in by_rest:
            if shares[name] < sizes[name] and sum(shares.values()) < size:
                shares[name] += 1
    while sum(shares.values()) > size:
        largest = max(names, key=lambda name: (shares[name], name))
        shares[largest] -= 1
    return shares
