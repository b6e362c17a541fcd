"""The watch on any course of readings whatever."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gateway.hal import ActiveFault, Reading
from gateway.protocol.codec import decode, encode, kind_of
from gateway.protocol.messages import Call, FaultEdge, Status
from gateway.protocol.vocabulary import (
    CallPhase,
    Contacts,
    Demand,
    Edge,
    Landing,
    Mode,
    Seat,
    Signals,
)
from gateway.watch import Watch, WatchSettings
from tests.support.lift import identifiers
from tests.support.messages import DEVICE, OUTBOX

NUMBERS = st.none() | st.integers(-(2**40), 2**40) | st.integers(-200, 5_000)
READINGS = st.builds(
    Reading,
    position_mm=NUMBERS,
    speed_mm_s=st.sampled_from([None, 0, 0, 120, -120]) | NUMBERS,
    current_ma=NUMBERS,
    battery_mv=NUMBERS | st.sampled_from([16_000, 25_000]),
    seat=st.sampled_from(Seat),
    demand=st.sampled_from(Demand),
    mode=st.sampled_from([Mode.NORMAL, Mode.NORMAL, *Mode]),
    landing=st.sampled_from(Landing),
    contacts=st.sampled_from([Contacts.NONE, Contacts.FOOTREST_UP]),
    signals=st.sampled_from([Signals.NONE, Signals.SOS, Signals.REFUSED, Signals.MAINS]),
    faults=st.lists(
        st.builds(
            ActiveFault,
            st.sampled_from(["footrest_up_edge", "battery_low"]) | st.text(max_size=60),
            st.text(max_size=40),
        ),
        max_size=2,
    ).map(tuple),
)
STEPS = st.lists(
    st.tuples(
        READINGS,
        st.sampled_from([1, 250, 1_000, 31_000, 700_000]),
        st.integers(-(2**33), 2**41),
        st.sampled_from([None, None, "restart", "help_coming", "released"]),
    ),
    max_size=30,
)


def play(steps: list[Any]) -> list[Any]:
    ids = identifiers()
    watch = Watch(WatchSettings(), new_id=ids.__next__)
    now_ms = 0
    said: list[Any] = []
    for reading, pause_ms, wall_ms, event in steps:
        now_ms += pause_ms
        if event == "restart":
            watch = Watch(WatchSettings(), new_id=ids.__next__, memory=watch.memory)
        elif event is not None and watch.call is not None:
            watch.heard(watch.call.call_id, event)
        said += watch.step(reading, wall_ms=wall_ms, now_ms=now_ms).messages
    return said


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_is_said_is_valid_and_consistent(steps: list[Any]) -> None:
    active: set[str] = set()
    open_call: str | None = None
    for number, message in enumerate(play(steps), 1):
        sent = structs.replace(message, device=DEVICE, outbox=OUTBOX, seq=number)
        assert decode(kind_of(sent), encode(sent)) == sent
        if isinstance(sent, Status):
            offsets = [sample.offset_ms for sample in sent.samples]
            assert offsets == sorted(offsets)
        if isinstance(sent, FaultEdge):  # edges alternate
            assert (sent.code in active) == (sent.edge is Edge.CLEARED)
            active ^= {sent.code}
        if isinstance(sent, Call):  # a call begins before it goes on
            if sent.phase is CallPhase.RAISED:
                open_call = sent.call_id
            assert sent.call_id == open_call


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_the_same_readings_say_the_same(steps: list[Any]) -> None:
    assert play(steps) == play(steps)
