"""However facts arrive, the detectors of wheels and hoists come to the same tickets too."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.detectors.contract import Detector
from diagnostics.detectors.hanging import Hanging
from diagnostics.detectors.stranded import Parameters, Stranded
from diagnostics.facts import Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Demand, Mode, Seat, Signals
from tests.support.facts import (
    AT_HOME,
    DRIVING,
    HALTED,
    HANGING,
    LAID_DOWN,
    LIFTING,
    Word,
    aid_of,
    at,
)

LATE_S = Parameters().late.total_seconds()
AWAY = Signals.AWAY


class World(NamedTuple):
    """A kind of aid, and the situations it may be in."""

    detector: Detector
    kind: str
    situations: dict[str, Sample]


WHEELS = World(
    Stranded(),
    "scooter",
    {
        "home": AT_HOME,
        "driving": DRIVING,
        "driving_weak": replace(DRIVING, battery_mv=22_000),
        "halted": HALTED,
        "left": replace(HALTED, seat=Seat.EMPTY),
        "refused": replace(HALTED, demand=Demand.UP, signals=AWAY | Signals.REFUSED),
        "hot": replace(HALTED, fault="drive_hot"),
        "flat": replace(HALTED, fault="battery_flat"),
        "flat_trying": replace(HALTED, fault="battery_flat", demand=Demand.UP),
        "tipped": replace(HALTED, signals=AWAY | Signals.TILTED),
        "tipped_empty": replace(HALTED, seat=Seat.EMPTY, signals=AWAY | Signals.TILTED),
        "sos": replace(HALTED, signals=AWAY | Signals.SOS),
        "pushed": replace(HALTED, mode=Mode.HAND_WOUND),
        "blind": replace(DRIVING, speed_mm_s=None, battery_mv=None, seat=Seat.UNKNOWN),
    },
)
HOIST = World(
    Hanging(),
    "hoist",
    {
        "down": LAID_DOWN,
        "lifting": LIFTING,
        "hanging": HANGING,
        "hanging_unknown": replace(HANGING, seat=Seat.UNKNOWN),
        "fault": replace(HANGING, fault="actuator"),
        "emergency_stop": replace(HANGING, fault="emergency_stop"),
        "refused": replace(HANGING, demand=Demand.DOWN, signals=Signals.REFUSED),
        "flat": replace(HANGING, battery_mv=18_000),
        "sos": replace(HANGING, signals=Signals.SOS),
        "service": replace(HANGING, mode=Mode.SERVICE),
    },
)
WORLDS = [pytest.param(world, id=world.kind) for world in (WHEELS, HOIST)]


def tell(world: World, segments: Sequence[tuple[str, int]]) -> list[Fact]:
    """Return what an aid says that lives through ``segments``, each fact at once received."""
    word, facts, now = Word(), list[Fact](), 1.0
    for situation, seconds in segments:
        if situation != "silence":
            facts += word.samples(now, now + seconds, world.situations[situation], every=1.0)
        now += seconds
    return facts


def has_ticket(
    world: World, facts: Sequence[Fact], *, batch: int = 1, restart_every: int = 0
) -> bool:
    """Play ``facts`` in the order of reception; return whether a ticket opens."""
    detector, aid, state = world.detector, aid_of(world.kind), None
    due_at: datetime | None = None
    certain, steps = False, 0
    arrived = sorted(facts, key=lambda fact: fact.received_at)

    def step(heard: Sequence[Fact], now: datetime) -> None:
        nonlocal state, due_at, certain, steps
        outcome = detector.step(state, heard, now=now, aid=aid, listening_since=at(-60))
        certain = certain or any(finding.level == "certain" for finding in outcome.findings)
        state, due_at, steps = outcome.state, outcome.due_at, steps + 1
        if restart_every and steps % restart_every == 0:
            state = msgspec.json.decode(msgspec.json.encode(state), type=detector.state_type)

    for start in range(0, len(arrived), batch):
        heard = arrived[start : start + batch]
        while due_at is not None and due_at < heard[0].received_at:
            step((), due_at)
        step(heard, heard[-1].received_at)
    while due_at is not None and due_at < at(10_000):
        step((), due_at)
    return certain


def plan(world: World) -> st.SearchStrategy[list[tuple[str, int]]]:
    situation = st.sampled_from([*world.situations, "silence"])
    return st.lists(st.tuples(situation, st.integers(1, 70)), min_size=1, max_size=7)


@pytest.mark.parametrize("world", WORLDS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_same_tickets_however_facts_arrive(world: World, data: st.DataObject) -> None:
    facts = tell(world, data.draw(plan(world)))
    if not facts:
        return
    random: Any = data.draw(st.randoms(use_true_random=False))
    perturbed = []
    for fact in facts:
        for _ in range(1 + (random.random() < 0.15)):  # some come twice
            delay = timedelta(seconds=random.uniform(0, LATE_S * 0.99))
            perturbed.append(replace(fact, received_at=fact.received_at + delay))
    assert has_ticket(
        world,
        perturbed,
        batch=random.choice([1, 1, 3, 20]),
        restart_every=random.choice([0, 1, 2]),
    ) == has_ticket(world, facts)


@pytest.mark.parametrize("world", WORLDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_history_that_ended_in_rest_opens_nothing(world: World, data: st.DataObject) -> None:
    facts = tell(world, data.draw(plan(world)))
    back = 5_000.0
    rest = AT_HOME if world is WHEELS else LAID_DOWN
    history = [
        replace(fact, received_at=at(back + 0.01 * number)) for number, fact in enumerate(facts)
    ]
    assert not has_ticket(world, [Word(seq=100_000).connected(back, 2, rest), *history])
