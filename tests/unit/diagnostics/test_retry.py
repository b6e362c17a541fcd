from datetime import UTC, datetime, timedelta

import pytest

from diagnostics.notifications.message import Outgoing
from diagnostics.notifications.retry import next_attempt_at

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def message(attempts: int, *, ticket_open: bool = True) -> Outgoing:
    return Outgoing(
        notification_id=1,
        dedup_key="webhook:1",
        recipient="default",
        payload={},
        created_at=T0,
        attempts=attempts,
        ticket_open=ticket_open,
    )


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (400, 300)])
def test_delays_double_up_to_a_limit(attempts: int, seconds: int) -> None:
    due = next_attempt_at(message(attempts), "webhook", now=T0, fraction=1.0)
    assert due == T0 + timedelta(seconds=seconds)


def test_chance_spreads_over_the_second_half() -> None:
    due = next_attempt_at(message(3), "webhook", now=T0, fraction=0.0)
    assert due == T0 + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("channel", "ticket_open", "again"),
    [("webhook", True, False), ("lift", True, True), ("lift", False, False)],
)
def test_after_a_day_only_a_rider_in_need_is_still_told(
    channel: str, ticket_open: bool, again: bool
) -> None:
    due = next_attempt_at(
        message(30, ticket_open=ticket_open), channel, now=T0 + timedelta(days=1), fraction=0.5
    )
    assert (due is not None) == again
