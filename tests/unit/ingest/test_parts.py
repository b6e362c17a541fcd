"""Who should hold which part."""

from gateway.protocol.topics import SHARD_COUNT
from ingest.sharing.parts import (
    PART_COUNT,
    SHARDS_PER_PART,
    Lease,
    Member,
    able,
    decide,
    part_of,
    quotas,
    shards_of,
)


def leases(*holders: str | None) -> list[Lease]:
    return [Lease(part, holder) for part, holder in enumerate(holders)]


def test_parts_are_all_shards_once() -> None:
    covered = [
        shard
        for part in range(PART_COUNT)
        for shard in range(shards_of(part).first, shards_of(part).last + 1)
    ]
    assert covered == list(range(SHARD_COUNT))
    assert all(shards_of(part_of(shard)).first <= shard for shard in range(SHARD_COUNT))
    assert PART_COUNT * SHARDS_PER_PART == SHARD_COUNT


def test_one_alone_takes_everything() -> None:
    free = leases(*[None] * 4)
    assert decide("a", ["a"], free).take == tuple(free)


def test_who_comes_waits_until_others_give() -> None:
    held = leases("a", "a", "a", "a")
    assert decide("b", ["a", "b"], held) == decide("x", ["x"], [])
    assert decide("a", ["a", "b"], held).give == (2, 3)


def test_parts_of_the_dead_are_dealt_out() -> None:
    held = leases("a", "b", "dead", "dead", None, None)
    mine = decide("a", ["a", "b"], held).take
    others = decide("b", ["a", "b"], held).take
    assert [lease.part for lease in mine] == [2, 3]
    assert [lease.part for lease in others] == [4, 5]


def test_the_odd_part_stays_where_it_is() -> None:
    assert quotas(["a", "b"], leases("b", "b", "a")) == {"b": 2, "a": 1}


def test_who_is_deaf_gives_its_parts_to_those_who_surely_hear() -> None:
    held = leases("a", "a", "b", "b")
    sure, cut = Member("a", reaches=True, for_s=60), Member("b", reaches=False, for_s=11)
    fit = able([sure, cut], held, deaf_after_s=10)
    assert fit == {"a"}
    assert decide("b", ["a", "b"], held, fit).give == (2, 3)
    assert decide("a", ["a", "b"], held, fit) == decide("x", ["x"], [])  # until they are given
    freed = leases("a", "a", None, None)
    assert [lease.part for lease in decide("a", ["a", "b"], freed, fit).take] == [2, 3]
    assert decide("b", ["a", "b"], freed, fit) == decide("x", ["x"], [])


def test_nobody_gives_anything_while_it_may_be_the_broker() -> None:
    held = leases("a", "a", "b", "b")

    def fit(a: Member, b: Member) -> set[str]:
        return able([a, b], held, deaf_after_s=10)

    deaf = Member("b", reaches=False, for_s=60)
    both = {"a", "b"}
    assert fit(Member("a", reaches=False, for_s=60), deaf) == both  # away for all
    assert fit(Member("a", reaches=True, for_s=2), deaf) == both  # it is just back
    assert fit(Member("a"), deaf) == both  # who has just come does not know
    assert fit(Member("a", reaches=True, for_s=60), Member("b", reaches=False, for_s=2)) == both


def test_who_is_deaf_and_has_nothing_gets_nothing_back_before_it_hears() -> None:
    held = leases("a", "a", "a", "a")
    empty_handed = Member("b", reaches=False, for_s=60)
    assert able([Member("a", reaches=False, for_s=60), empty_handed], held, deaf_after_s=10) == {
        "a"
    }
    assert able([empty_handed], leases("dead", None), deaf_after_s=10) == {
        "b"
    }  # better than nobody
