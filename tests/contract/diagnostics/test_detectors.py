"""Every registered detector goes through every generic check."""

import copy
import pickle
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Detector, Outcome
from diagnostics.detectors.registry import DETECTORS
from diagnostics.facts import Called, Fact, FaultChanged, PresenceChanged, Sampled
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Demand,
    Edge,
    Landing,
    Mode,
    Seat,
    Signals,
)
from tests.support.facts import AID, ARRIVED, PARKED, RIDING, STOPPED, Word, at

BLIND = Sample(0, None, None, None, None, Seat.UNKNOWN, Demand.NONE, Mode.NORMAL, Landing.UNKNOWN)


def story() -> list[Fact]:
    """A bit of everything: rides, faults, calls, losses of the line, silence."""
    word = Word()
    return [
        word.connected(0, 1, PARKED),
        *word.samples(1, 11, RIDING),
        word.fault(11, "footrest_up_edge", Edge.RAISED, STOPPED),
        *word.samples(12, 14, replace(STOPPED, fault="footrest_up_edge")),
        word.fault(14, "footrest_up_edge", Edge.CLEARED, STOPPED),
        *word.samples(14, 24, RIDING),
        word.sample(24, ARRIVED),
        word.ride_ended(25),
        word.call(30, CallReason.TEST, sample=ARRIVED, call_id="1" * 32),
        *word.samples(40, 50, RIDING),
        *word.samples(50, 130, STOPPED, every=5),
        word.sample(131, STOPPED, signals=Signals.SOS),
        word.call(131, call_id="2" * 32),
        word.call(200, phase=CallPhase.CLEARED, sample=ARRIVED, call_id="2" * 32),
        word.sample(200, ARRIVED),
        *word.samples(300, 310, RIDING),
        word.lost(312, 1),
        word.connected(600, 2, ARRIVED, call_id="3" * 32),
        word.sample(320, STOPPED, delay=281),
    ]


def run(
    detector: Detector,
    facts: Sequence[Fact],
    *,
    aid: Aid = AID,
    until: float = 2_000,
) -> tuple[dict[str, Any], Any]:
    """Play facts as the engine would, through storage; return the last of each finding."""
    found: dict[str, Any] = {}
    state: Any = None
    due_at: datetime | None = None

    def step(heard: Sequence[Fact], now: datetime) -> None:
        nonlocal state, due_at
        outcome = detector.step(state, heard, now=now, aid=aid, listening_since=at(-60))
        found.update({finding.key: finding for finding in outcome.findings})
        due_at = outcome.due_at
        state = through_storage(detector, outcome)

    for fact in facts:
        while due_at is not None and due_at < fact.received_at:
            step((), due_at)
        step([fact], fact.received_at)
    while due_at is not None and due_at < at(until):
        step((), due_at)
    return found, state


def through_storage(detector: Detector, outcome: Outcome) -> Any:
    if outcome.state is None:
        return None
    return msgspec.json.decode(msgspec.json.encode(outcome.state), type=detector.state_type)


def tickets(found: dict[str, Any]) -> set[str]:
    return {key for key, finding in found.items() if finding.level == "certain"}


@pytest.fixture(params=DETECTORS, ids=lambda detector: detector.name)
def detector(request: pytest.FixtureRequest) -> Detector:
    found: Detector = request.param
    return found


def test_the_story_is_worth_telling(detector: Detector) -> None:
    found, _ = run(detector, story())
    assert tickets(found)


def test_same_facts_same_findings(detector: Detector) -> None:
    assert run(detector, story()) == run(detector, story())


def test_input_is_left_alone(detector: Detector) -> None:
    facts = story()
    before = copy.deepcopy(facts)
    _, state = run(detector, facts)
    kept = copy.deepcopy(state)
    detector.step(state, facts, now=at(3_000), aid=AID, listening_since=at(-60))
    assert facts == before
    assert state == kept


def test_state_goes_through_storage_unchanged(detector: Detector) -> None:
    facts = story()
    for end in range(1, len(facts)):
        outcome = detector.step(
            None, facts[:end], now=facts[end - 1].received_at, aid=AID, listening_since=at(-60)
        )
        assert through_storage(detector, outcome) == outcome.state


def test_duplicates_change_nothing(detector: Detector) -> None:
    twice = [fact for fact in story() for _ in range(2)]
    assert run(detector, twice)[0] == run(detector, story())[0]


@pytest.mark.parametrize("delay", [0, 59, 61, 100_000])
@pytest.mark.parametrize("phase", CallPhase)
@pytest.mark.parametrize("reason", [*CallReason, "smoke"])
def test_a_call_found_at_once_is_found_the_same_by_a_step(
    detector: Detector, reason: str, phase: CallPhase, delay: float
) -> None:
    call = Word().call(0, reason, phase, delay=delay)
    assert isinstance(call, Called)
    finding = detector.at_once(call)
    outcome = detector.step(None, [call], now=call.received_at, aid=AID, listening_since=None)
    of_calls = [each for each in outcome.findings if each.call_id is not None]
    assert of_calls == ([finding] if finding is not None else [])


def test_nothing_in_nothing_out(detector: Detector) -> None:
    outcome = detector.step(None, (), now=at(0), aid=AID, listening_since=None)
    assert outcome == Outcome(state=None)


@pytest.mark.parametrize("rail_length_mm", [None, 4_700])
def test_missing_values_everywhere(detector: Detector, rail_length_mm: int | None) -> None:
    facts: list[Fact] = [
        replace(fact, sample=BLIND)
        if isinstance(fact, Sampled | FaultChanged | PresenceChanged)
        else fact
        for fact in story()
    ]
    found, _ = run(detector, facts, aid=replace(AID, rail_length_mm=rail_length_mm))
    assert all(finding.reasons for finding in found.values())


def test_any_order_is_survived(detector: Detector) -> None:
    facts = story()
    forwards, _ = run(detector, facts)
    backwards = [replace(fact, received_at=at(700)) for fact in reversed(facts)]
    found, _ = run(detector, backwards)
    calls = {key for key in tickets(forwards) if key.startswith("call:")}
    assert calls <= tickets(found)


def test_one_step_or_many(detector: Detector) -> None:
    facts = story()
    state: Any = None
    outcome = detector.step(state, facts, now=at(2_000), aid=AID, listening_since=at(-60))
    at_once = {finding.key: finding for finding in outcome.findings}
    one_by_one, _ = run(detector, facts)
    assert tickets(at_once) == tickets(one_by_one)


def test_it_can_be_pickled(detector: Detector) -> None:
    copied = pickle.loads(pickle.dumps(detector))  # noqa: S301 - our own bytes
    assert run(copied, story()) == run(detector, story())


def test_timers_come_to_an_end(detector: Detector) -> None:
    facts = story()
    for end in range(1, len(facts)):
        now = facts[end - 1].received_at
        outcome = detector.step(None, facts[:end], now=now, aid=AID, listening_since=at(-60))
        for _ in range(50):
            if outcome.due_at is None:
                break
            assert outcome.due_at > now
            now = outcome.due_at
            outcome = detector.step(outcome.state, (), now=now, aid=AID, listening_since=at(-60))
        else:
            pytest.fail(f"after {end} facts the timer never rests")


def test_while_nobody_listens_timers_are_no_busy_loop(detector: Detector) -> None:
    outcome = detector.step(None, story()[:20], now=at(50), aid=AID, listening_since=None)
    now = at(50)
    for _ in range(100):
        if outcome.due_at is None:
            break
        assert outcome.due_at - now >= timedelta(seconds=1) or outcome.due_at < at(80)
        assert outcome.due_at > now
        now = outcome.due_at
        outcome = detector.step(outcome.state, (), now=now, aid=AID, listening_since=None)
