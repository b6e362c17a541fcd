"""Whatever people and failing parts do to it, a stairlift keeps to physics and its interlocks."""

import math
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.protocol.vocabulary import Contacts, Demand, Mode
from simulator.hardware.board import reading_of
from simulator.hardware.parameters import GRAVITY_M_S2
from simulator.hardware.profile import Quirk
from simulator.hardware.rail import Rail, Segment
from simulator.hardware.safety import permits
from simulator.hardware.stairlift import Breakdown, Stairlift

segments = st.builds(
    Segment,
    length_m=st.floats(0.3, 6),
    incline_deg=st.floats(0, 60),
    bend=st.booleans(),
)
rails = st.lists(segments, min_size=1, max_size=4).map(Rail)
inputs = st.fixed_dictionaries(
    {
        "joystick": st.sampled_from(Demand),
        "remote": st.sampled_from(Demand),
        "hand_wheel": st.sampled_from(Demand),
        "mode": st.sampled_from(Mode),
        "contacts": st.sampled_from(
            [Contacts.NONE, Contacts.NONE, *Contacts, Contacts.FOOTREST_UP | Contacts.CARRIAGE_DOWN]
        ),
        "seat_load_kg": st.floats(0, 160),
        "mains": st.booleans(),
        "broken": st.sets(st.sampled_from(sorted(Breakdown, key=lambda b: b.value)), max_size=2),
    },
)
histories = st.lists(st.tuples(inputs, st.floats(0, 20)), min_size=1, max_size=8)


def made(rail: Rail, start: float, charge: float) -> Stairlift:
    return Stairlift(rail, rng=Random(7), position_m=start * rail.length_m, charge=charge)


@settings(deadline=None)
@given(rails, st.floats(0, 1), st.floats(0, 1), histories)
def test_it_stays_on_the_rail_within_its_speed_and_its_battery(
    rail: Rail, start: float, charge: float, history: list[tuple[dict[str, object], float]]
) -> None:
    lift = made(rail, start, charge)
    for inputs_, duration_s in history:
        vars(lift).update(inputs_)
        for _ in range(math.ceil(duration_s / 0.25)):
            lift.step(0.25)
            assert 0 <= lift.position_m <= rail.length_m
            assert abs(lift.speed_m_s) <= lift.rated_speed_m_s + 1e-12
            assert 0 <= lift.battery.charge <= 1
            assert 0 <= lift.battery_v < 30
            assert math.isfinite(lift.current_a)
            assert lift.current_a >= 0


@settings(deadline=None)
@given(rails, st.floats(0, 1), histories)
def test_the_interlocks_hold(
    rail: Rail, start: float, history: list[tuple[dict[str, object], float]]
) -> None:
    lift = made(rail, start, 1.0)
    for inputs_, _ in history:
        vars(lift).update(inputs_)
        lift.step(0.5)  # the brake needs 0.2 s from full speed
        before_m, direction = lift.position_m, lift.demand
        forbidden = direction is Demand.NONE or not permits(lift.contacts, direction)
        dead = lift.broken & {Breakdown.DRIVE, Breakdown.CONTROLLER, Breakdown.ISOLATOR}
        if lift.mode is not Mode.HAND_WOUND and (forbidden or dead) and lift.speed_m_s == 0:
            lift.step(5)
            assert lift.position_m == before_m
        if direction is not Demand.NONE and (forbidden or dead):
            assert lift.speed_m_s == 0
            assert lift.refused
        if Breakdown.JAM in lift.broken and direction is not Demand.NONE:
            assert lift.speed_m_s == 0


@settings(deadline=None)
@given(rails, st.floats(0, 160))
def test_lifting_takes_more_energy_than_it_stores(rail: Rail, load_kg: float) -> None:
    lift = made(rail, 0.0, 1.0)
    lift.seat_load_kg = load_kg
    lift.joystick = Demand.UP
    lift.step(rail.length_m / 0.02)
    gained_j = lift.mass_kg * GRAVITY_M_S2 * rail.height_m(lift.position_m)
    assert lift.energy_drawn_j >= gained_j


@settings(deadline=None)
@given(rails, st.floats(0, 1), histories)
def test_the_same_inputs_give_the_same_readings(
    rail: Rail, start: float, history: list[tuple[dict[str, object], float]]
) -> None:
    first, second = made(rail, start, 0.9), made(rail, start, 0.9)
    for inputs_, duration_s in history:
        for lift in (first, second):
            lift.broken = set()
            vars(lift).update(inputs_)
            lift.broken = set(lift.broken) - {Breakdown.BUS}
            lift.step(duration_s)
        assert reading_of(first) == reading_of(second)


@settings(deadline=None)
@given(rails, st.floats(0, 1), histories, st.sets(st.sampled_from(sorted(Quirk))))
def test_a_reading_says_what_is_so_or_that_it_cannot_tell(
    rail: Rail,
    start: float,
    history: list[tuple[dict[str, object], float]],
    quirks: set[Quirk],
) -> None:
    lift = made(rail, start, 0.9)
    for inputs_, duration_s in history:
        vars(lift).update(inputs_)
        lift.broken = set(lift.broken) - {Breakdown.BUS}
        lift.step(duration_s)
        reading = reading_of(lift, quirks=frozenset(quirks))
        assert (reading.speed_mm_s is None) == (
            bool({Quirk.NO_POSITION, Quirk.COARSE_POSITION} & quirks)
        )
        if reading.speed_mm_s is not None:
            assert (reading.speed_mm_s != 0) == (lift.speed_m_s != 0)
        assert len(reading.faults) <= 1
