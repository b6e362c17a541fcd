"""Health detectors take whatever aids say: missing, late, in any grouping."""

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.detectors.battery import Battery
from diagnostics.detectors.brake import Brake
from diagnostics.detectors.charger import Charger
from diagnostics.detectors.contract import Detector, Finding
from diagnostics.detectors.drive import Drive
from diagnostics.detectors.edges import Edges
from diagnostics.detectors.fault import Fault
from diagnostics.detectors.service import Service
from diagnostics.detectors.signal import Signal
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import (
    FAULTS,
    AidKind,
    Direction,
    Edge,
    Landing,
    Mode,
    Seat,
)
from tests.support.facts import DAY_S, PARKED, Word, aid_of, at

HEALTH: tuple[Detector, ...] = (
    Fault(),
    Battery(),
    Charger(),
    Drive(),
    Brake(),
    Edges(),
    Signal(),
    Service(),
)
MAX_STATE = 4_096


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


MILLIVOLT = maybe(st.integers(0, 30_000))
MILLIAMPERE = maybe(st.integers(-40_000, 40_000))
SPAN_MS = maybe(st.integers(0, 86_400_000))
RIDES = st.fixed_dictionaries(
    {
        "start_landing": st.sampled_from(Landing),
        "direction": st.sampled_from(Direction),
        "seat": st.sampled_from(Seat),
        "duration_ms": st.integers(0, 200_000),
        "distance_mm": st.integers(0, 10_000),
        "stops": st.integers(0, 3),
        "mean_current_ma": MILLIAMPERE,
        "peak_current_ma": MILLIAMPERE,
        "battery_before_mv": MILLIVOLT,
        "battery_after_mv": MILLIVOLT,
        "min_battery_mv": MILLIVOLT,
        "max_speed_mm_s": maybe(st.integers(0, 4_000)),
        "max_incline_deg": maybe(st.integers(0, 20)),
        "trips": maybe(st.integers(0, 9)),
        "away": maybe(st.booleans()),
        "profile_ma": st.just(()) | st.tuples(*[MILLIAMPERE] * 8) | st.tuples(MILLIAMPERE),
    }
)
CONDITIONS = st.fixed_dictionaries(
    {
        "period_ms": st.integers(1, 31 * 86_400_000),
        "battery_rest_mv": MILLIVOLT,
        "battery_min_mv": MILLIVOLT,
        "battery_max_mv": MILLIVOLT,
        "charging_ms": SPAN_MS,
        "mains_ms": SPAN_MS,
        "off_charge_ms": SPAN_MS,
        "temperature_min_dc": maybe(st.integers(-400, 900)),
        "temperature_max_dc": maybe(st.integers(-400, 900)),
        "restarts": st.integers(0, 50),
        "trips": st.integers(0, 50),
        "cycles": maybe(st.integers(0, 100_000)),
        "signal_dbm": maybe(st.integers(-140, -40)),
    }
)


@st.composite
def lives(draw: st.DrawFn) -> list[Fact]:
    """Months of an aid, with a few sorts of days drawn and told again and again."""
    word, facts = Word(), list[Fact]()
    sorts = draw(st.lists(st.tuples(RIDES, CONDITIONS), min_size=1, max_size=4))
    codes = draw(st.lists(st.sampled_from(sorted(FAULTS)), max_size=2))
    mode = draw(st.sampled_from(Mode))
    delay = draw(st.sampled_from([0, 3, 90_000]))
    for day in range(draw(st.integers(1, 120))):
        ride, condition = sorts[day * len(sorts) // 120 % len(sorts)]
        for number in range(1 + day % 4):
            landing = Landing.TOP if number % 2 else Landing.BOTTOM
            at_s = day * DAY_S + 9_000 * number
            facts.append(word.ride_ended(at_s, landing, delay=delay, **ride))
        for code in codes:
            edge = Edge.RAISED if day % 2 else Edge.CLEARED
            facts.append(word.fault(day * DAY_S + 40_000, code, edge, replace(PARKED, mode=mode)))
        facts.append(word.condition(day * DAY_S + 50_000, delay=delay, **condition))
    return sorted(facts, key=lambda fact: fact.received_at)


def played(
    detector: Detector, facts: list[Fact], kind: str, group: timedelta | None
) -> tuple[dict[str, Finding], Any]:
    """Play facts one by one, or together all that came within ``group``."""
    found: dict[str, Finding] = {}
    state: Any = None
    batch: list[Fact] = []
    for number, fact in enumerate(facts):
        batch.append(fact)
        following = facts[number + 1] if number + 1 < len(facts) else None
        if (
            following is not None
            and group is not None
            and following.received_at - batch[0].received_at <= group
        ):
            continue
        outcome = detector.step(
            state, batch, now=fact.received_at, aid=aid_of(kind), listening_since=at(0)
        )
        found |= {finding.key: finding for finding in outcome.findings}
        packed = msgspec.json.encode(outcome.state)
        assert len(packed) <= MAX_STATE, detector.name
        state = None
        if outcome.state is not None:
            state = msgspec.json.decode(packed, type=detector.state_type)
            assert state == outcome.state
        batch = []
    return found, state


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=lives(), kind=st.sampled_from(sorted(AidKind)), hours=st.sampled_from([1, 30, 9_000]))
def test_any_life_is_taken_in_and_grouping_changes_nothing(
    facts: list[Fact], kind: str, hours: int
) -> None:
    for detector in HEALTH:
        if kind not in detector.kinds:
            continue
        alone, _ = played(detector, facts, kind, None)
        together, _ = played(detector, facts, kind, timedelta(hours=hours))
        levels = {key: finding.level for key, finding in alone.items()}
        assert {key: finding.level for key, finding in together.items()} == levels, detector.name
        for finding in alone.values():
            assert finding.reasons
            assert finding.evidence.first_at <= finding.evidence.last_at
