"""What ``make chaos`` does is drawn from a seed, and fair."""

from collections import Counter
from itertools import pairwise

import pytest

from chaos.plan import SUBJECTS, Fault, Kind, plan

EVERYTHING = {(kind, subject) for kind in Kind for subject in SUBJECTS[kind]}


def overlaps(one: Fault, other: Fault) -> bool:
    return bool(set(one.holds) & set(other.holds)) and one.until_s > other.at_s


@pytest.mark.parametrize("seed", range(20))
def test_every_kind_befalls_every_subject_and_none_two_at_a_time(seed: int) -> None:
    faults = plan(seed, faults=200, seconds=400, kinds=list(Kind))
    assert len(faults) == 200
    assert [fault.at_s for fault in faults] == sorted(fault.at_s for fault in faults)
    dealt = Counter((fault.kind, fault.subject) for fault in faults)
    assert set(dealt) == EVERYTHING
    for name in {name for fault in faults for name in fault.holds}:
        of_it = [fault for fault in faults if name in fault.holds]
        assert not [pair for pair in pairwise(of_it) if overlaps(*pair)], name


def test_a_seed_gives_the_same_again_and_another_something_else() -> None:
    def drawn(seed: int) -> tuple[Fault, ...]:
        return plan(seed, faults=40, seconds=60, kinds=list(Kind))

    assert drawn(1) == drawn(1) != drawn(2)


def test_what_cannot_be_had_is_not_drawn_and_too_much_is_refused() -> None:
    kinds = [Kind.KILL, Kind.PAUSE]
    assert {fault.kind for fault in plan(1, faults=40, seconds=90, kinds=kinds)} == set(kinds)
    with pytest.raises(ValueError, match="no kind"):
        plan(1, faults=1, seconds=1, kinds=[])
    with pytest.raises(ValueError, match="too many"):
        plan(1, faults=500, seconds=10, kinds=kinds)
