"""How a cycle divides what it takes over shards."""

from datetime import UTC, datetime

from diagnostics.cycle import FEW_NUMBERS, share

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def taken(*backlogs: int, numbers: int) -> list[int]:
    positions = [(shard, 100, T0, 100 + backlog) for shard, backlog in enumerate(backlogs)]
    spans = share(positions, numbers)
    assert [span.drained for span in spans] == [
        span.head - span.after == backlog for span, backlog in zip(spans, backlogs, strict=True)
    ]
    return [span.head - span.after for span in spans]


def test_all_of_it_when_it_fits() -> None:
    assert taken(0, 3, 40, 50, numbers=1_000) == [0, 3, 40, 50]


def test_a_backlog_is_read_shard_by_shard() -> None:
    assert taken(900, 900, 900, numbers=1_000) == [900, 100, 0]


def test_who_has_little_does_not_wait() -> None:
    assert taken(5_000, 5_000, FEW_NUMBERS, 1, numbers=1_000) == [1_000, 0, FEW_NUMBERS, 1]


def test_never_more_than_asked_for_of_one_shard() -> None:
    assert taken(5, 5, numbers=1) == [1, 0]
