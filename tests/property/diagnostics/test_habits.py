"""Detectors of habits: the order in which a day's facts arrive makes no difference."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.detectors.charging import Charging
from diagnostics.detectors.habits import Daily
from diagnostics.detectors.limits import Limits
from diagnostics.detectors.loss import Loss
from diagnostics.detectors.neglect import Neglect
from diagnostics.detectors.nonuse import Nonuse
from diagnostics.detectors.person import Person
from diagnostics.detectors.purpose import Purpose
from diagnostics.detectors.storage import Storage
from diagnostics.detectors.tamper import Tamper
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Edge, Seat
from tests.support.facts import PARKED, Word, aid_of, at
from tests.support.tales.habits import ride

DETECTORS: list[Daily[Any]] = [
    Person(),
    Purpose(),
    Limits(),
    Charging(),
    Storage(),
    Tamper(),
    Neglect(),
    Loss(),
    Nonuse(),
]
maybe = st.none() | st.integers(0, 40_000)


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    """Return facts of one day, some of their values unknown."""
    word, found = Word(), list[Fact]()
    for _ in range(draw(st.integers(1, 14))):
        # Seconds since ten in the morning: all of one day.
        second = draw(st.integers(0, 36_000))
        match draw(st.integers(0, 2)):
            case 0:
                found.append(
                    ride(
                        word,
                        0,
                        10 + second / 3_600,
                        up=draw(st.booleans()),
                        seat=draw(st.sampled_from(Seat)),
                        mean_current_ma=draw(maybe),
                        boarding_ms=draw(maybe),
                        load_kg=draw(st.none() | st.integers(0, 300)),
                        max_speed_mm_s=draw(st.none() | st.integers(0, 9_000)),
                        max_incline_deg=draw(st.none() | st.integers(0, 20)),
                        trips=draw(st.none() | st.integers(0, 3)),
                    )
                )
            case 1:
                found.append(
                    word.condition(
                        second,
                        period_ms=1_000,
                        battery_rest_mv=draw(maybe),
                        battery_min_mv=draw(maybe),
                        charging_ms=draw(maybe),
                        mains_ms=draw(maybe),
                        away_ms=draw(st.none() | st.integers(0, 1_000)),
                        temperature_min_dc=draw(st.none() | st.integers(-300, 300)),
                        parameters=draw(st.sampled_from(["", "a1", "b2"])),
                        cell=draw(st.none() | st.just("u173z")),
                        openings=draw(st.integers(0, 3)),
                    )
                )
            case _:
                edge = draw(st.sampled_from(Edge))
                code = draw(st.sampled_from(["charger", "drive_hot", "overload", "relay"]))
                found.append(word.fault(second, code, edge, PARKED))
    return found


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda each: each.name)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_any_order_gives_the_same_day(detector: Daily[Any], data: st.DataObject) -> None:
    told = data.draw(facts())
    shuffled = data.draw(st.permutations(told))
    aid = aid_of(min(detector.kinds), max_load_kg=140, max_speed_mm_s=4_000, max_incline_deg=8)

    def days(heard: list[Fact]) -> Any:
        outcome = detector.step(None, heard, now=at(40_000), aid=aid, listening_since=at(-60))
        assert outcome.findings == ()
        return None if outcome.state is None else outcome.state.days

    assert days(shuffled) == days(told)
