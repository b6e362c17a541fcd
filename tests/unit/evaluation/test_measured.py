"""Shares and their intervals."""

import pytest

from evaluation.measured import count, delay, poisson_high, quantile, wilson


def test_wilson_against_published_values() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for found, episodes, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        measured = wilson(found, episodes)
        assert measured == pytest.approx((low, high), abs=5e-4)


def test_nothing_measured_has_no_share() -> None:
    assert wilson(0, 0) == (None, None)
    empty = count(episodes=0, found=0, alarms=0, false=0, aid_days=0)
    assert (empty.recall, empty.precision, empty.false_per_1000_aid_days) == (None, None, None)


def test_no_event_in_three_thousand_days_is_no_proof_of_less_than_one_in_a_thousand() -> None:
    # The rule of three: an upper limit of 95 % of about 3 over what was watched.
    assert poisson_high(0) == pytest.approx(2.9957, abs=1e-3)
    assert poisson_high(3) == pytest.approx(7.7537, abs=1e-3)
    measured = count(episodes=0, found=0, alarms=0, false=0, aid_days=3_000)
    assert measured.false_per_1000_aid_days == 0
    assert measured.false_per_1000_aid_days_high == pytest.approx(0.9986, abs=1e-3)


def test_a_quantile_is_one_of_the_values() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    assert [quantile(values, share) for share in (0.0, 0.25, 0.5, 0.51, 1.0)] == [1, 1, 2, 3, 4]
    assert delay([]) is None
    measured = delay([3.0, 1.0, 2.0])
    assert measured is not None
    assert (measured.p50_s, measured.p95_s, measured.max_s) == (2.0, 3.0, 3.0)
