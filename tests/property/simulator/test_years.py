from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.protocol.messages import Condition, Presence, Usage
from simulator.years import BEHAVIOURS, Fleet

SEEDS = st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=25)
@given(seed=SEEDS, number=st.integers(1, 1_000), days=st.integers(1, 120))
@example(seed=36, number=541, days=1)  # a spell that would begin on the day after
def test_any_aid_speaks_in_order_and_never_of_what_has_not_happened(
    seed: int, number: int, days: int
) -> None:
    aid = Fleet(size=1_000, days=days, seed=seed, troubled=1.0, look_alikes=2.0).aid(number)
    said = aid.said()
    received = [one.received_ms for one in said]
    assert received == sorted(received)
    assert {one.device for one in said} <= {aid.device}
    seqs = [one.message.seq for one in said if not isinstance(one.message, Presence)]
    assert len(seqs) == len(set(seqs))
    sessions = [one.message.session for one in said if isinstance(one.message, Presence)]
    assert sessions == sorted(sessions)
    for one in said:
        if isinstance(one.message, Usage):
            assert one.message.duration_ms > 0
            assert (one.message.mean_current_ma or 0) <= (one.message.peak_current_ma or 10**9)
        if isinstance(one.message, Condition):
            message = one.message
            assert (message.charging_ms or 0) <= message.period_ms
            assert (message.charging_ms or 0) + (message.off_charge_ms or 0) <= message.period_ms
            assert message.temperature_min_dc is not None
            assert message.temperature_max_dc is not None


@settings(deadline=None, max_examples=25)
@given(seed=SEEDS, number=st.integers(1, 1_000))
def test_truth_lies_within_the_run_and_begins_before_it_ends(seed: int, number: int) -> None:
    aid = Fleet(size=1_000, days=200, seed=seed, troubled=1.0, look_alikes=2.0).aid(number)
    for episode in aid.truth:
        assert episode.until is None or episode.began < episode.until
        assert episode.fails is None or episode.began < episode.fails
        assert not set(episode.forbidden) & {*episode.allowed, episode.finding}
        kind = BEHAVIOURS.get(episode.behaviour)
        assert kind is None or kind.finding == episode.finding
