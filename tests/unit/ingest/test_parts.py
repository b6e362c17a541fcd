"""Who should hold which part."""

from gateway.protocol.topics import SHARD_COUNT
from ingest.sharing.parts import (
    PART_COUNT,
    SHARDS_PER_PART,
    Lease,
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
