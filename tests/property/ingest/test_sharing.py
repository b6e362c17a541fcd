"""Workers that come, go and see the past: parts end up shared, and are never held by two."""

import random

from hypothesis import given
from hypothesis import strategies as st

from ingest.sharing.parts import PART_COUNT, Lease, decide, quotas

NAMES = st.sets(st.sampled_from("abcdefgh"), min_size=1)
HOLDERS = st.lists(
    st.one_of(st.none(), st.sampled_from("abcdefgh")), min_size=PART_COUNT, max_size=PART_COUNT
)


@given(living=NAMES, holders=HOLDERS)
def test_quotas_are_even_and_add_up(living: set[str], holders: list[str | None]) -> None:
    shares = quotas(living, [Lease(part, holder) for part, holder in enumerate(holders)])
    assert shares.keys() == living
    assert sum(shares.values()) == PART_COUNT
    assert max(shares.values()) - min(shares.values()) <= 1


@given(living=NAMES, holders=HOLDERS)
def test_who_sees_the_same_takes_different_parts_and_none_of_the_living(
    living: set[str], holders: list[str | None]
) -> None:
    leases = [Lease(part, holder) for part, holder in enumerate(holders)]
    moves = {name: decide(name, living, leases) for name in living}
    taken = [lease for each in moves.values() for lease in each.take]
    assert len({lease.part for lease in taken}) == len(taken)
    assert not {lease.holder for lease in taken} & living
    for name, each in moves.items():
        assert all(holders[part] == name for part in each.give)
        assert not (each.take and each.give)


class Rows:
    """The lease rows, which change only by comparing first."""

    def __init__(self) -> None:
        self.holders: list[str | None] = [None] * PART_COUNT

    def seen(self) -> list[Lease]:
        return [Lease(part, holder) for part, holder in enumerate(self.holders)]

    def act(self, me: str, living: set[str], seen: list[Lease]) -> None:
        moves = decide(me, living, seen)
        for lease in moves.take:
            if self.holders[lease.part] == lease.holder:
                self.holders[lease.part] = me
        for part in moves.give:
            if self.holders[part] == me:
                self.holders[part] = None


@given(first=NAMES, then=NAMES, seed=st.integers(0, 2**32))
def test_they_settle_whatever_the_order_in_which_they_look(
    first: set[str], then: set[str], seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311
    rows = Rows()
    for living in (first, then):  # some left, some came
        for _ in range(4):
            names = sorted(living)
            draw.shuffle(names)
            stale = rows.seen()  # all of them may look before anybody acts
            for name in names:
                rows.act(name, living, draw.choice([stale, rows.seen()]))
        for _ in range(3):
            for name in sorted(living):
                rows.act(name, living, rows.seen())
        shares = [rows.holders.count(name) for name in living]
        assert sum(shares) == PART_COUNT
        assert max(shares) - min(shares) <= 1
        settled = list(rows.holders)
        for name in living:
            rows.act(name, living, rows.seen())
        assert rows.holders == settled  # nothing moves any more
