"""Which aids of a long list make up the fleets that are judged.

Aids are drawn one after the other, with what is the matter with them. One is taken if its word
still lacks episodes, or if nothing is the matter with it and such are still wanted. Nothing else is
known of it at that moment: what anybody says of it later does not count.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from simulator.years import BEHAVIOURS, Fleet


def numbers(
    fleet: Fleet, *, usual: int, more: Mapping[str, int], ordinary: int, most: int
) -> Iterator[int]:
    """Yield the numbers of the aids that are taken, in order.

    Args:
        fleet: the long list: some words few aids can show.
        usual: how many episodes of a word; ``more``: of some words.
        more: see ``usual``.
        ordinary: how many aids with nothing to be found.
        most: so many aids in all.
    """
    lacking = Counter(
        {
            one.finding: more.get(one.finding, usual)
            for one in BEHAVIOURS.values()
            if one.finding and one.split is fleet.split
        }
    )
    lacking[""] = ordinary
    for number in range(1, fleet.size + 1):
        if most <= 0 or not any(lacking.values()):
            return
        spells = fleet.aid(number).spells
        word = next((one.behaviour.finding for one in spells if one.behaviour.finding), "")
        if lacking[word]:
            lacking[word] -= 1
            most -= 1
            yield number
