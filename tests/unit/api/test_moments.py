"""When something was, by a phone whose clock may be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.visits.moments import ON_THE_WAY, moment

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
SPAN = st.integers(-100_000, 100_000).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("happened", "sent", "at", "ahead", "sure"),
    [
        (-10, 0, -10, 0, True),
        (-10, None, -10, 0, True),
        (10, None, 0, 10, False),
        (10, 20, -10, 20, True),  # ahead, then and now
        (-10, -1, -10, 0, True),  # a minute on its way
        (-40, -30, -10, -30, True),  # behind, then and now
        (5, 0, 0, 5, False),  # set between then and now
    ],
)
def test_the_moment_by_our_clock(
    happened: float, sent: float | None, at: float, ahead: float, sure: bool
) -> None:
    sent_at = None if sent is None else NOW + timedelta(minutes=sent)
    found = moment(NOW + timedelta(minutes=happened), sent_at, NOW)
    assert found == (NOW + timedelta(minutes=at), timedelta(minutes=ahead), sure)


def test_nobody_is_said_to_be_safe_later_than_the_phone_said() -> None:
    told, sent = NOW - timedelta(minutes=40), NOW - timedelta(minutes=30)
    assert moment(told, sent, NOW, never_later=True).at == told


@given(first=SPAN, later=SPAN, sent=SPAN, never_later=st.booleans())
def test_never_in_the_future_and_in_the_order_of_the_phone(
    first: timedelta, later: timedelta, sent: timedelta, never_later: bool
) -> None:
    before, after = sorted((first, later))
    one = moment(NOW + before, NOW + sent, NOW, never_later=never_later)
    two = moment(NOW + after, NOW + sent, NOW, never_later=never_later)
    assert one.at <= two.at <= NOW
    if never_later:
        assert one.at <= NOW + before


@given(true=st.integers(0, 100_000), wrong=SPAN, way=st.integers(0, 110))
def test_a_clock_that_was_as_wrong_then_as_now_does_no_harm(
    true: int, wrong: timedelta, way: int
) -> None:
    happened = NOW - timedelta(seconds=true + way)
    found = moment(happened + wrong, NOW - timedelta(seconds=way) + wrong, NOW)
    assert abs(found.at - happened) <= ON_THE_WAY
