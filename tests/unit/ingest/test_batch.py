"""When a batch is due, and what it holds."""

from typing import NamedTuple

from ingest.batch import Batches


class Item(NamedTuple):
    name: str
    size: int = 1
    urgent: bool = False
    ahead: bool = False


def add(
    batches: Batches[Item],
    name: str,
    *,
    size: int = 1,
    urgent: bool = False,
    ahead: bool = False,
    now_s: float = 10.0,
) -> None:
    batches.add(Item(name, size, urgent, ahead), now_s=now_s)


def taken(batches: Batches[Item]) -> list[str]:
    return [item.name for item in batches.take()]


def test_nothing_is_never_due() -> None:
    assert Batches[Item]().due_in_s(5.0) is None


def test_the_first_item_sets_the_time() -> None:
    batches = Batches[Item](max_age_s=0.05)
    add(batches, "a", now_s=10.0)
    add(batches, "b", now_s=10.04)
    assert batches.due_in_s(10.0) == 10.05 - 10.0
    assert batches.due_in_s(10.06) == 0
    assert taken(batches) == ["a", "b"]
    assert batches.due_in_s(11.0) is None


def test_an_urgent_item_makes_it_due_at_once() -> None:
    batches = Batches[Item]()
    add(batches, "reading", now_s=10.0)
    add(batches, "call", urgent=True, now_s=10.01)
    assert batches.due_in_s(10.01) == 0


def test_what_goes_ahead_comes_first_in_order_of_arrival() -> None:
    batches = Batches[Item](max_bytes=4)
    for item in ("reading 1", "birth", "reading 2", "call", "reading 3"):
        add(batches, item, ahead=not item.startswith("reading"))
    assert taken(batches) == ["birth", "call"]  # alone: a small batch is quickly stored
    assert taken(batches) == ["reading 1", "reading 2", "reading 3"]
    assert not len(batches)


def test_many_bytes_make_it_due_and_what_is_left_stays_due() -> None:
    batches = Batches[Item](max_bytes=10)
    for number in range(15):
        add(batches, str(number), now_s=10.0)
    assert batches.due_in_s(10.0) == 0
    assert len(batches.take()) == 10
    assert batches.due_in_s(10.0) == 0
    assert len(batches.take()) == 5


def test_an_item_larger_than_a_batch_is_one() -> None:
    batches = Batches[Item](max_bytes=10)
    add(batches, "small")
    add(batches, "large", size=600)
    assert [taken(batches), taken(batches)] == [["small"], ["large"]]
    assert batches.due_in_s(10.0) is None


def test_it_is_full_until_enough_is_taken() -> None:
    batches = Batches[Item](max_bytes=10, max_waiting_bytes=20)
    for number in range(20):
        add(batches, str(number))
    fullness = [batches.full]
    batches.take()
    assert [*fullness, batches.full] == [True, False]
