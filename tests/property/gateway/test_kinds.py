"""The watch of every kind of aid on any course of readings whatever."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.hal import ActiveFault, Reading
from gateway.protocol.codec import decode, encode, kind_of
from gateway.protocol.messages import Call, Condition, Usage
from gateway.protocol.vocabulary import AidKind, Contacts, Demand, Landing, Mode, Seat, Signals
from gateway.watch import ConditionSettings, Watch, WatchSettings
from tests.support.lift import identifiers
from tests.support.messages import DEVICE, OUTBOX

NUMBERS = st.none() | st.integers(-(2**40), 2**40) | st.integers(-60, 5_000)
FAULTS = ["brake", "battery_flat", "drive_hot", "emergency_stop", "actuator", "key_off", "overload"]
READINGS = st.builds(
    Reading,
    position_mm=NUMBERS,
    speed_mm_s=st.sampled_from([None, 0, 0, 0, 1_500, -300]) | NUMBERS,
    current_ma=NUMBERS,
    battery_mv=NUMBERS | st.sampled_from([16_000, 25_000]),
    seat=st.sampled_from(Seat),
    demand=st.sampled_from(Demand),
    mode=st.sampled_from([Mode.NORMAL, Mode.NORMAL, *Mode]),
    landing=st.sampled_from(Landing),
    contacts=st.sampled_from([Contacts.NONE, Contacts.FOOTREST_UP]),
    signals=st.integers(0, 127).map(Signals),
    faults=st.lists(st.builds(ActiveFault, st.sampled_from(FAULTS)), max_size=2).map(tuple),
    load_kg=NUMBERS,
    incline_deg=NUMBERS,
    odometer_m=NUMBERS,
    cycles=NUMBERS,
    parameters=st.text(max_size=40),
    hardware=st.text(max_size=40),
    temperature_dc=NUMBERS,
    signal_dbm=NUMBERS,
    cell=st.none() | st.text(max_size=12) | st.text("0123456789bcd", max_size=12),
)
PAUSES_MS = st.sampled_from([1, 250, 1_000, 31_000, 700_000, 50_000_000])
STEPS = st.lists(st.tuples(READINGS, PAUSES_MS, st.booleans()), max_size=30)
KINDS = st.sampled_from(AidKind)
PERIODS = ConditionSettings(period_ms=3_600_000, save_ms=60_000)


def play(kind: AidKind, steps: list[Any], *, repeats: int = 1) -> list[Any]:
    """Have a watch see each reading ``repeats`` times; the last of them is when it changed."""
    ids = identifiers()
    setting = WatchSettings(kind=kind, condition=PERIODS)
    watch = Watch(setting, new_id=ids.__next__)
    now_ms = 1_000
    said: list[Any] = []
    for reading, pause_ms, restarts in steps:
        if restarts:
            watch = Watch(setting, new_id=ids.__next__, memory=watch.memory)
        for _ in range(repeats):
            now_ms += pause_ms
            said += watch.step(reading, wall_ms=now_ms, now_ms=now_ms).messages
    return said


@settings(max_examples=80, deadline=None)
@given(KINDS, STEPS)
def test_whatever_is_said_is_valid(kind: AidKind, steps: list[Any]) -> None:
    for number, message in enumerate(play(kind, steps), 1):
        sent = message.__class__(
            **{name: getattr(message, name) for name in message.__struct_fields__}
            | {"device": DEVICE, "outbox": OUTBOX, "seq": number}
        )
        assert decode(kind_of(sent), encode(sent)) == sent


@settings(max_examples=80, deadline=None)
@given(KINDS, STEPS)
def test_no_part_of_a_period_is_longer_than_the_period(kind: AidKind, steps: list[Any]) -> None:
    for condition in play(kind, steps, repeats=3):
        if not isinstance(condition, Condition):
            continue
        period_ms = condition.period_ms
        for name in ("charging_ms", "mains_ms", "off_charge_ms", "seat_ms", "away_ms"):
            assert (getattr(condition, name) or 0) <= period_ms, name
        assert (condition.charging_ms or 0) + (condition.off_charge_ms or 0) <= period_ms
        lowest, highest = condition.temperature_min_dc, condition.temperature_max_dc
        assert (lowest is None) == (highest is None)
        assert lowest is None or highest is None or lowest <= highest


@settings(max_examples=60, deadline=None)
@given(KINDS, STEPS)
def test_rides_add_up(kind: AidKind, steps: list[Any]) -> None:
    for usage in play(kind, steps, repeats=2):
        if isinstance(usage, Usage):
            assert usage.profile_ma == ()  # no rail length is known here
            assert (usage.away is None) == (kind in (AidKind.STAIRLIFT, AidKind.HOIST))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([AidKind.SCOOTER, AidKind.WHEELCHAIR, AidKind.HOIST]),
    st.lists(
        st.tuples(
            st.lists(st.builds(ActiveFault, st.sampled_from(FAULTS)), max_size=2).map(tuple),
            st.sampled_from([0, 12_000, 25_000]),
            st.sampled_from([0, Signals.CHARGING, Signals.TILTED, Signals.AWAY, Signals.OPENED]),
            PAUSES_MS,
        ),
        max_size=20,
    ),
)
def test_empty_aid_that_nobody_uses_calls_nobody(kind: AidKind, steps: list[Any]) -> None:
    watch = Watch(WatchSettings(kind=kind), new_id=identifiers().__next__)
    now_ms = 0
    for faults, battery_mv, signals, pause_ms in steps:
        now_ms += pause_ms
        reading = Reading(
            speed_mm_s=0,
            seat=Seat.EMPTY,
            battery_mv=battery_mv,
            faults=faults,
            signals=Signals(signals),
        )
        messages = watch.step(reading, wall_ms=now_ms, now_ms=now_ms).messages
        assert not any(isinstance(message, Call | Usage) for message in messages)


@settings(max_examples=80, deadline=None)
@given(KINDS, STEPS)
def test_resting_changes_nothing(kind: AidKind, steps: list[Any]) -> None:
    """Whether a reading that says nothing new is looked into or passed over, all is the same."""
    assert play_on(kind, steps, looks=False) == play_on(kind, steps, looks=True)


def play_on(kind: AidKind, steps: list[Any], *, looks: bool) -> list[Any]:
    """Have each reading seen four times; ``looks``: never pass over one."""
    setting = WatchSettings(kind=kind, condition=PERIODS)
    watch = Watch(setting, new_id=identifiers().__next__)
    now_ms = 1_000
    said: list[Any] = []
    for reading, pause_ms, _ in steps:
        for _ in range(4):
            now_ms += pause_ms
            if looks:
                watch._quiet_until_ms = 0
            said += watch.step(reading, wall_ms=now_ms, now_ms=now_ms).messages
    return said
