"""When a batch is due."""

from ingest.batch import Batch


def test_an_empty_batch_is_never_due() -> None:
    assert Batch[str]().due_in_s(5.0) is None


def test_the_first_item_sets_the_time() -> None:
    batch = Batch[str](max_age_s=0.05)
    assert batch.add("a", rows=1, urgent=False, now_s=10.0)
    assert not batch.add("b", rows=1, urgent=False, now_s=10.04)
    assert batch.due_in_s(10.0) == 10.05 - 10.0
    assert batch.due_in_s(10.06) == 0
    assert batch.take() == ["a", "b"]
    assert batch.due_in_s(11.0) is None


def test_an_urgent_item_makes_it_due_at_once() -> None:
    batch = Batch[str]()
    batch.add("reading", rows=1, urgent=False, now_s=10.0)
    assert batch.add("call", rows=1, urgent=True, now_s=10.01)
    assert batch.due_in_s(10.01) == 0


def test_many_rows_make_it_full_and_due() -> None:
    batch = Batch[str](max_rows=10)
    batch.add("small", rows=4, urgent=False, now_s=10.0)
    fullness = [batch.full]
    assert batch.add("large", rows=600, urgent=False, now_s=10.0)
    fullness.append(batch.full)
    assert batch.due_in_s(10.0) == 0
    batch.take()
    fullness.append(batch.full)
    assert fullness == [False, True, False]
