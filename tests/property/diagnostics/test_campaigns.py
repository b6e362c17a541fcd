"""Campaigns over fleets that answer as they like: what never happens, whatever they do."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from diagnostics.campaigns import decisions
from diagnostics.campaigns.decisions import Ring, Seen
from diagnostics.campaigns.model import ENDED, Answer, Member, MemberState, Plan, State, ring_of

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
PLANS = st.builds(
    Plan,
    rings=st.sampled_from([(1, 10, 50, 100), (100,), (20, 100), (10, 30, 60, 100)]),
    done_percent=st.sampled_from([50, 90, 100]),
    rest_h=st.sampled_from([0, 1, 24]),
    max_failure_percent=st.sampled_from([0, 5, 100]),
    min_failures=st.integers(1, 3),
    outstanding=st.integers(1, 12),
)
ANSWERS = (
    *(Answer("done", "", ""), Answer("done", "downloaded", ""), Answer("done", "installed", "")),
    *(Answer("done", "started", ""), Answer("done", "confirmed", ""), Answer("expired", "", "")),
    *(Answer("refused", "", "busy"), Answer("refused", "refused", "not newer: 2 runs")),
    *(Answer("refused", "refused", "digest"), Answer("done", "rolled_back", "exit code 3")),
)


def stands(members: list[Member], rings: list[Ring]) -> list[Ring]:
    """Count the rings anew."""
    found = []
    for ring in rings:
        counted = {
            state.value: sum(m.state is state and m.ring == ring.number for m in members)
            for state in MemberState
            if state is not MemberState.PASSED_OVER
        }
        found.append(structs.replace(ring, **counted))
    return found


@settings(max_examples=60, deadline=None)
@given(plan=PLANS, random=st.randoms(use_true_random=False), aids=st.integers(1, 40))
def test_whatever_aids_answer(  # noqa: C901, PLR0912 - one campaign, from end to end
    plan: Plan, random: Random, aids: int
) -> None:
    members = [
        Member(device_id=n, name=f"sl-{n}", ring=ring_of(7, f"sl-{n}", plan.rings))
        for n in range(aids)
    ]
    rings = [Ring(number=n) for n in range(len(plan.rings))]
    state, now, confirmed_of = State.RUNNING, T0, dict.fromkeys(range(aids), 0)
    for step in range(60):
        now += timedelta(minutes=random.choice([1, 30, 90, 600, 3000]))
        for n, member in enumerate(members):
            known = member
            if member.state is MemberState.ORDERED and random.random() < 0.7:
                known = decisions.answered(
                    member, random.choice(ANSWERS), now, settings=random.random() < 0.2
                )
            known = decisions.overdue(known, now)
            confirmed_of[n] += known.state is MemberState.CONFIRMED and known != member
            if member.state in ENDED:
                assert known == member  # what has ended stays so
            members[n] = known
        rings = stands(members, rings)
        seen = Seen(
            confirmed=sum(ring.confirmed for ring in rings),
            failed=sum(ring.failed for ring in rings),
        )
        decision = decisions.decide(state, plan, rings, seen, now)
        free = [member for member in members if random.random() < 0.6]
        chosen = decisions.choose(free, decision, now)

        if state is not State.RUNNING or decision.pause is not None:
            assert chosen == []
            assert decision.begin is None
        if decision.pause is not None:
            assert seen.failed >= plan.min_failures
            state = State.PAUSED
        elif state is State.PAUSED and random.random() < 0.3:
            state = State.RUNNING
            plan = structs.replace(plan, max_failure_percent=100)
        if decision.reached is not None:
            rings[decision.reached] = structs.replace(rings[decision.reached], reached_at=now)
        if decision.begin is not None:
            for before in rings[: decision.begin]:
                assert before.begun_at is not None
                assert before.reached_at is not None
            if decision.begin and rings[decision.begin - 1].members:
                reached_at = rings[decision.begin - 1].reached_at
                assert reached_at is not None
                assert now - reached_at >= timedelta(hours=plan.rest_h)
            rings[decision.begin] = structs.replace(rings[decision.begin], begun_at=now)
        may = {member.device_id for member in free}
        for member in chosen:
            assert member.state is MemberState.WAITING
            assert member.device_id in may
            assert rings[member.ring].begun_at is not None
            members[member.device_id] = decisions.ordered(member, f"{step}", now)
        under_way = sum(member.state is MemberState.ORDERED for member in members)
        assert under_way <= plan.outstanding
        if decision.finish:
            assert {member.state for member in members} <= ENDED
    assert max(confirmed_of.values()) <= 1


@given(st.lists(st.integers(0, 10**6), unique=True, min_size=300, max_size=600), st.integers(1, 99))
@settings(max_examples=10, deadline=None)
def test_rings_are_the_same_whenever_asked_and_near_their_size(
    numbers: list[int], key: int
) -> None:
    names = [f"sl-{number:06d}" for number in numbers]
    rings = [ring_of(key, name, (10, 50, 100)) for name in names]
    assert rings == [ring_of(key, name, (10, 50, 100)) for name in names]
    assert 0.02 < rings.count(0) / len(names) < 0.2
    assert 0.28 < rings.count(1) / len(names) < 0.52


def test_what_is_chance_and_what_is_not() -> None:
    plan = Plan(rings=(100,), min_failures=3)
    ring = [Ring(number=0, waiting=5, ordered=1, begun_at=T0)]

    def pauses(**seen: float) -> str | None:
        trouble = decisions.decide(State.RUNNING, plan, ring, Seen(**seen), T0).pause  # type: ignore[arg-type]
        return None if trouble is None else str(trouble)

    assert pauses(confirmed=97, failed=2) is None  # few
    assert pauses(confirmed=147, failed=3) is None  # not more than 2 %
    assert pauses(confirmed=146, failed=4) == "failures: 4 of 150"
    assert pauses(emergencies=3, emergencies_expected=2.5) is None
    assert pauses(emergencies=3, emergencies_expected=0.1) is not None
    assert pauses(silent=9, silent_expected=8) is None
    assert pauses(silent=9, silent_expected=1) == "silent aids: 9 where 1.0 were expected"
    assert abs(decisions.at_least(3, 2.5) - 0.4562) < 1e-4  # R: ppois(2, 2.5, lower=FALSE)
