from datetime import UTC, datetime, timedelta

import pytest

from diagnostics.notifications.channel import CHANNELS
from diagnostics.notifications.message import Outgoing
from diagnostics.notifications.retry import next_attempt_at
from tests.support.notices import outgoing

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def message(attempts: int, *, ticket_open: bool = True, priority: int = 2) -> Outgoing:
    return outgoing(created_at=T0, attempts=attempts, priority=priority, ticket_open=ticket_open)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (400, 300)])
def test_delays_double_up_to_a_limit(attempts: int, seconds: int) -> None:
    due = next_attempt_at(message(attempts), CHANNELS["webhook"], now=T0, fraction=1.0)
    assert due == T0 + timedelta(seconds=seconds)


def test_an_emergency_waits_less() -> None:
    urgent = message(400, priority=1)
    due = next_attempt_at(urgent, CHANNELS["email"], now=T0, fraction=1.0)
    assert due == T0 + timedelta(seconds=30)


def test_a_receiver_may_ask_for_time_but_not_for_ever() -> None:
    asked = [timedelta(minutes=2), timedelta(hours=9), timedelta(0)]
    due = [
        next_attempt_at(message(1), CHANNELS["webhook"], now=T0, fraction=1.0, asked=time)
        for time in asked
    ]
    minutes = [timedelta(minutes=2), timedelta(minutes=15), timedelta(seconds=1)]
    assert due == [T0 + time for time in minutes]


def test_chance_spreads_over_the_second_half() -> None:
    due = next_attempt_at(message(3), CHANNELS["webhook"], now=T0, fraction=0.0)
    assert due == T0 + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("channel", "ticket_open", "again"),
    [
        ("webhook", True, False),
        ("lift", True, True),
        ("lift", False, False),
        ("alarm_centre", True, True),
    ],
)
def test_after_a_day_only_a_rider_in_need_is_still_cared_for(
    channel: str, ticket_open: bool, again: bool
) -> None:
    due = next_attempt_at(
        message(30, ticket_open=ticket_open),
        CHANNELS[channel],
        now=T0 + timedelta(days=1),
        fraction=0.5,
    )
    assert (due is not None) == again


def test_a_dead_process_is_noticed_after_its_last_attempt_can_have_ended() -> None:
    for channel in CHANNELS.values():
        assert channel.lease > channel.timeout
        assert 0 < channel.reserved < channel.slots
