"""What a writer may remember, and when it has to ask."""

from datetime import UTC, datetime, timedelta

from ingest.senders import REMEMBERED_FOR, Sender, Senders

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEY = ("sl-000001", "a" * 32)
SENDER = Sender(device_id=1, outbox_no=2, skew_ms=None, top=7)


def remembering() -> Senders:
    senders = Senders()
    senders.check({5: 0}, NOW)
    senders.committed({5: 3}, [(5, KEY, SENDER)])
    return senders


def test_numbers_above_the_highest_are_new_and_others_are_asked_for() -> None:
    senders = remembering()
    senders.check({5: 3}, NOW)
    assert senders.find(5, KEY, [9, 8]) == SENDER
    assert senders.find(5, KEY, []) == SENDER
    assert senders.find(5, KEY, [9, 7]) is None
    assert senders.find(5, ("sl-000002", "a" * 32), [9]) is None


def test_another_writer_of_the_shard_makes_it_ask() -> None:
    senders = remembering()
    senders.check({5: 4}, NOW)
    assert senders.find(5, KEY, [9]) is None


def test_a_transaction_that_failed_makes_it_ask() -> None:
    senders = remembering()
    senders.forget()
    senders.check({5: 3}, NOW)
    assert senders.find(5, KEY, [9]) is None


def test_it_asks_again_after_a_while_since_devices_retire() -> None:
    senders = remembering()
    senders.check({5: 3}, NOW + REMEMBERED_FOR - timedelta(seconds=1))
    assert senders.find(5, KEY, [9]) == SENDER
    senders.check({5: 3}, NOW + REMEMBERED_FOR)
    assert senders.find(5, KEY, [9]) is None
