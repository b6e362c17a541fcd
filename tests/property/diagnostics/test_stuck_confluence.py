"""However facts arrive, the stuck detector comes to the same tickets."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.detectors.stuck import Parameters, Stuck
from diagnostics.facts import Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Demand,
    Landing,
    Mode,
    Seat,
    Signals,
)
from tests.support.facts import AID, ARRIVED, EMPTY, PARKED, RIDING, STOPPED, Word, at

LATE_S = Parameters().late.total_seconds()
END_S = 2_000.0

SITUATIONS: dict[str, Sample] = {
    "parked": PARKED,
    "riding": RIDING,
    "riding_unknown": replace(RIDING, seat=Seat.UNKNOWN),
    "riding_blind": replace(
        RIDING, position_mm=None, speed_mm_s=None, landing=Landing.UNKNOWN, seat=Seat.UNKNOWN
    ),
    "sent": replace(RIDING, seat=Seat.EMPTY),
    "stopped": STOPPED,
    "stopped_blind": replace(
        STOPPED, position_mm=None, speed_mm_s=None, landing=Landing.UNKNOWN, seat=Seat.UNKNOWN
    ),
    "empty": EMPTY,
    "edge": replace(STOPPED, fault="footrest_up_edge"),
    "refused": replace(STOPPED, demand=Demand.UP, signals=Signals.REFUSED),
    "flat": replace(STOPPED, battery_mv=16_500),
    "sos": replace(STOPPED, signals=Signals.SOS),
    "service": replace(STOPPED, mode=Mode.SERVICE),
    "arrived": ARRIVED,
}

segment = st.tuples(
    st.sampled_from([*SITUATIONS, "silence"]), st.integers(min_value=1, max_value=80)
)
extra = st.sampled_from(["nothing", "nothing", "nothing", "call", "cleared", "test", "ended"])
plan = st.lists(st.tuples(segment, extra), min_size=1, max_size=7)

# Rides that are over in the end, so that all hangs on what stopped them, and for how long.
interruption = st.one_of(
    st.tuples(
        st.sampled_from(["edge", "refused", "flat", "empty"]),
        st.integers(min_value=1, max_value=15),
    ),
    st.tuples(
        st.sampled_from(["stopped", "stopped_blind"]), st.integers(min_value=52, max_value=64)
    ),
    st.tuples(st.just("silence"), st.integers(min_value=40, max_value=60)),
)
ride = st.tuples(st.sampled_from(["riding", "riding_unknown"]), st.integers(2, 6))
interrupted_ride = st.lists(st.tuples(ride, interruption), min_size=1, max_size=2).map(
    lambda pairs: [
        *((part, "nothing") for pair in pairs for part in pair),
        (("riding", 3), "nothing"),
        (("arrived", 2), "ended"),
    ]
)


def tell(segments: Sequence[tuple[tuple[str, int], str]]) -> list[Fact]:
    """Return what a lift says that lives through ``segments``, each fact at once received."""
    word, facts, now = Word(), list[Fact](), 1.0
    for number, ((situation, seconds), more) in enumerate(segments):
        if situation != "silence":
            sample = SITUATIONS[situation]
            facts.extend(word.samples(now, now + seconds, sample, every=1.0))
            match more:
                case "call":
                    facts.append(word.call(now + seconds, call_id=f"{number:032x}", sample=sample))
                case "cleared":
                    facts.append(
                        word.call(
                            now + seconds,
                            phase=CallPhase.CLEARED,
                            call_id=f"{number:032x}",
                            sample=sample,
                        )
                    )
                case "test":
                    facts.append(
                        word.call(
                            now + seconds, CallReason.TEST, sample=sample, call_id=f"{number:032x}"
                        )
                    )
                case "ended":
                    facts.append(word.ride_ended(now + seconds))
        now += seconds
    return facts


def tickets(
    facts: Sequence[Fact], *, batch: int = 1, restart_every: int = 0, punctual: bool = True
) -> tuple[bool, set[str]]:
    """Play ``facts`` in the order of reception; return whether a ticket opens, and for which calls.

    ``batch`` facts are read at a time; ``restart_every`` steps the state goes through storage;
    a timer that is not ``punctual`` is served only with the next facts, as after an outage.
    """
    detector, state, due_at, certain = Stuck(), None, None, set[str]()
    arrived = sorted(facts, key=lambda fact: fact.received_at)
    steps = 0

    def step(heard: Sequence[Fact], now: datetime) -> None:
        nonlocal state, due_at, steps
        outcome = detector.step(state, heard, now=now, aid=AID, listening_since=at(-60))
        certain.update(f.key for f in outcome.findings if f.level == "certain")
        state, due_at, steps = outcome.state, outcome.due_at, steps + 1
        if restart_every and steps % restart_every == 0:
            state = msgspec.json.decode(msgspec.json.encode(state), type=detector.state_type)

    for start in range(0, len(arrived), batch):
        heard = arrived[start : start + batch]
        while punctual and due_at is not None and due_at < heard[0].received_at:
            step((), due_at)
        step(heard, heard[-1].received_at)
    while due_at is not None and due_at < at(END_S):
        step((), due_at)
    return bool(certain), {key for key in certain if key.startswith("call:")}


@settings(max_examples=120, deadline=None)
@given(plan=st.one_of(interrupted_ride, interrupted_ride, plan), data=st.data())
def test_same_tickets_however_facts_arrive(plan: Any, data: st.DataObject) -> None:
    facts = tell(plan)
    if not facts:
        return
    random = data.draw(st.randoms(use_true_random=False))
    perturbed = []
    for fact in facts:
        for _ in range(1 + (random.random() < 0.15)):  # some come twice
            delay = timedelta(seconds=random.uniform(0, LATE_S * 0.99))
            perturbed.append(replace(fact, received_at=fact.received_at + delay))
    assert tickets(
        perturbed,
        batch=random.choice([1, 1, 3, 20]),
        restart_every=random.choice([0, 1, 2]),
        punctual=random.random() < 0.7,
    ) == tickets(facts)


def test_a_stop_that_is_found_to_be_grave_afterwards_waits_for_what_is_late() -> None:
    """With the fault it would have been due long ago, had nothing moved since."""
    parts = [("riding", 2), ("stopped_blind", 55), ("riding", 2), ("edge", 1), ("riding", 3)]
    facts = tell([*((part, "nothing") for part in parts), (("arrived", 2), "ended")])
    over = [
        replace(fact, received_at=max(fact.received_at, at(61)))
        if at(58) <= fact.measured_at < at(60)
        else fact
        for fact in facts
    ]
    assert over != facts
    assert tickets(over) == tickets(facts) == (False, set())


@settings(max_examples=60, deadline=None)
@given(plan=plan)
def test_a_call_always_opens_a_ticket(plan: Any) -> None:
    facts = tell(plan)
    calls = {
        f"call:{number:032x}"
        for number, ((situation, _), more) in enumerate(plan)
        if more == "call" and situation != "silence"
    }
    assert tickets(facts)[1] == calls


@settings(max_examples=60, deadline=None)
@given(plan=plan, away_s=st.integers(min_value=200, max_value=100_000))
def test_history_that_ended_in_rest_opens_only_what_was_called(plan: Any, away_s: int) -> None:
    """A modem that was away tells of rides that have since ended: only a call still counts."""
    facts = tell(plan)
    word = Word(seq=100_000)
    back = 1_000.0 + away_s
    history = [
        replace(fact, received_at=at(back + 0.01 * number)) for number, fact in enumerate(facts)
    ]
    found = tickets([word.connected(back, 2, ARRIVED), *history])
    assert found[0] == bool(found[1])
