"""Calls of devices that nobody registered."""

from datetime import UTC, datetime, timedelta

from ingest.strangers import Strangers

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_each_is_told_once_a_minute() -> None:
    strangers = Strangers()
    told = [
        strangers.to_tell(["b", "a", "b"], NOW),
        strangers.to_tell(["a", "c"], NOW + timedelta(seconds=59)),
        strangers.to_tell(["a", "c"], NOW + timedelta(seconds=60)),
    ]
    assert told == [["a", "b"], ["c"], ["a"]]
