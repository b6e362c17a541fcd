"""When a batch is due, and what it holds."""

from ingest.batch import Batches


def add(
    batches: Batches[str],
    item: str,
    *,
    rows: int = 1,
    urgent: bool = False,
    ahead: bool = False,
    now_s: float = 10.0,
) -> None:
    batches.add(item, rows=rows, urgent=urgent, ahead=ahead, now_s=now_s)


def test_nothing_is_never_due() -> None:
    assert Batches[str]().due_in_s(5.0) is None


def test_the_first_item_sets_the_time() -> None:
    batches = Batches[str](max_age_s=0.05)
    add(batches, "a", now_s=10.0)
    add(batches, "b", now_s=10.04)
    assert batches.due_in_s(10.0) == 10.05 - 10.0
    assert batches.due_in_s(10.06) == 0
    assert batches.take() == ["a", "b"]
    assert batches.due_in_s(11.0) is None


def test_an_urgent_item_makes_it_due_at_once() -> None:
    batches = Batches[str]()
    add(batches, "reading", now_s=10.0)
    add(batches, "call", urgent=True, now_s=10.01)
    assert batches.due_in_s(10.01) == 0


def test_what_goes_ahead_comes_first_in_order_of_arrival() -> None:
    batches = Batches[str](max_rows=4)
    for item in ("reading 1", "birth", "reading 2", "call", "reading 3"):
        add(batches, item, ahead=not item.startswith("reading"))
    assert batches.take() == ["birth", "call"]  # alone: a small batch is quickly stored
    assert batches.take() == ["reading 1", "reading 2", "reading 3"]
    assert not len(batches)


def test_many_rows_make_it_due_and_what_is_left_stays_due() -> None:
    batches = Batches[str](max_rows=10)
    for number in range(15):
        add(batches, str(number), now_s=10.0)
    assert batches.due_in_s(10.0) == 0
    assert len(batches.take()) == 10
    assert batches.due_in_s(10.0) == 0
    assert len(batches.take()) == 5


def test_an_item_larger_than_a_batch_is_one() -> None:
    batches = Batches[str](max_rows=10)
    add(batches, "small")
    add(batches, "large", rows=600)
    assert [batches.take(), batches.take()] == [["small"], ["large"]]
    assert batches.due_in_s(10.0) is None


def test_it_is_full_until_enough_is_taken() -> None:
    batches = Batches[str](max_rows=10, max_waiting_rows=20)
    for number in range(20):
        add(batches, str(number))
    fullness = [batches.full]
    batches.take()
    assert [*fullness, batches.full] == [True, False]
