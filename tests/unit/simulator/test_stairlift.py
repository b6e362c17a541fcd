from random import Random

import pytest

from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode, Seat, Signals
from simulator.hardware.board import reading_of
from simulator.hardware.makers import T498
from simulator.hardware.profile import Quirk
from simulator.hardware.rail import Rail, Segment
from simulator.hardware.stairlift import Breakdown, Stairlift


def lift(*, charge: float = 1.0, load_kg: float = 80.0, position_m: float = 0.0) -> Stairlift:
    made = Stairlift(Rail.straight(), rng=Random(1), charge=charge, position_m=position_m)
    made.seat_load_kg = load_kg
    return made


def test_the_standard_rail_takes_about_forty_seconds() -> None:
    aid = lift()
    aid.joystick = Demand.UP
    seconds = 0.0
    while aid.landing is not Landing.TOP or aid.speed_m_s:
        aid.step(0.5)
        seconds += 0.5
    assert 39 <= seconds <= 44  # 39 s at full speed, and a soft start and stop
    assert aid.position_m == pytest.approx(4.7)


def test_it_starts_and_stops_softly() -> None:
    aid = lift()
    aid.joystick = Demand.UP
    aid.step(1.0)
    assert aid.speed_m_s == pytest.approx(0.06)
    aid.step(3.0)
    assert aid.speed_m_s == pytest.approx(0.12)
    aid.joystick = Demand.NONE
    aid.step(0.5)
    assert 0 < aid.speed_m_s < 0.12
    aid.step(1.0)
    assert aid.speed_m_s == 0


def test_the_current_is_what_such_motors_draw_and_grows_with_load_and_slope() -> None:
    def climbing(load_kg: float, incline_deg: float) -> float:
        aid = Stairlift(Rail.straight(incline_deg=incline_deg), rng=Random(1))
        aid.seat_load_kg = load_kg
        aid.joystick = Demand.UP
        aid.step(5)
        return aid.current_a

    assert 10 < climbing(120, 38) < 17
    assert climbing(40, 38) < climbing(80, 38) < climbing(120, 38)
    assert climbing(80, 20) < climbing(80, 45)


def test_going_down_takes_little() -> None:
    aid = lift(position_m=4.7)
    aid.joystick = Demand.DOWN
    aid.step(5)
    assert 1 < aid.current_a < 4


@pytest.mark.parametrize(
    ("contact", "blocked", "free"),
    [
        (Contacts.FOOTREST_UP, Demand.UP, Demand.DOWN),
        (Contacts.CARRIAGE_UP, Demand.UP, Demand.DOWN),
        (Contacts.FOOTREST_DOWN, Demand.DOWN, Demand.UP),
        (Contacts.CARRIAGE_DOWN, Demand.DOWN, Demand.UP),
    ],
)
def test_an_edge_stops_one_direction_and_the_other_frees(
    contact: Contacts, blocked: Demand, free: Demand
) -> None:
    aid = lift(position_m=2.0)
    aid.joystick = blocked
    aid.step(4)
    aid.contacts |= contact
    aid.step(1)
    assert aid.speed_m_s == 0
    assert aid.refused
    aid.joystick = free
    aid.step(3)
    assert aid.speed_m_s != 0
    assert not aid.refused


def test_a_turned_seat_stops_both() -> None:
    aid = lift(position_m=2.0)
    aid.contacts = Contacts.SEAT_SWIVEL
    for direction in (Demand.UP, Demand.DOWN):
        aid.joystick = direction
        aid.step(2)
        assert aid.position_m == 2.0


def test_letting_go_of_the_joystick_stops_it() -> None:
    aid = lift(position_m=2.0)
    aid.joystick = Demand.UP
    aid.step(5)
    aid.joystick = Demand.NONE
    aid.step(2)
    where = aid.position_m
    aid.step(60)
    assert aid.position_m == where


def test_the_joystick_goes_before_the_remote() -> None:
    aid = lift(position_m=2.0)
    aid.remote = Demand.DOWN
    aid.joystick = Demand.UP
    aid.step(3)
    assert aid.speed_m_s > 0


def test_a_worn_out_battery_gives_way_under_load() -> None:
    aid = lift(charge=0.02, load_kg=100)
    aid.joystick = Demand.UP
    aid.step(20)
    assert aid.battery_flat
    assert aid.speed_m_s == 0
    assert aid.landing is Landing.BETWEEN
    assert [fault.code for fault in reading_of(aid).faults] == ["battery_flat"]
    assert aid.battery_v > 20  # at rest it looks well: that proves nothing


def test_it_charges_at_the_landings_and_only_there() -> None:
    parked = lift(charge=0.5)
    between = lift(charge=0.5, position_m=2.0)
    for aid in (parked, between):
        aid.step(3600)
    assert parked.battery.charge > 0.5 > between.battery.charge
    assert Signals.CHARGING in reading_of(parked).signals
    assert [fault.maker_code for fault in reading_of(between).faults] == ["2"]


def test_no_mains_no_charging() -> None:
    aid = lift(charge=0.5)
    aid.mains = False
    aid.step(120)
    reading = reading_of(aid)
    assert Signals.CHARGING not in reading.signals
    assert Signals.MAINS not in reading.signals
    assert [fault.code for fault in reading.faults] == ["no_charge"]


def test_a_jam_trips_the_current_limit_without_a_code() -> None:
    aid = lift(position_m=2.0)
    aid.joystick = Demand.UP
    aid.step(3)
    aid.broken.add(Breakdown.JAM)
    aid.step(0.4)
    assert aid.current_a > 20
    aid.step(2)
    reading = reading_of(aid)
    assert aid.speed_m_s == 0
    assert Signals.REFUSED in reading.signals
    assert reading.faults == ()


def test_the_hand_wheel_moves_it_without_the_drive() -> None:
    aid = lift(position_m=2.0)
    aid.mode = Mode.HAND_WOUND
    aid.joystick = Demand.UP
    aid.step(5)
    assert aid.position_m == 2.0
    aid.hand_wheel = Demand.DOWN
    aid.step(10)
    assert aid.position_m == pytest.approx(1.8)


def test_bends_are_taken_slower() -> None:
    rail = Rail(
        [
            Segment(length_m=1, incline_deg=38),
            Segment(length_m=2, incline_deg=20, bend=True),
            Segment(length_m=1, incline_deg=38),
        ],
    )
    aid = Stairlift(rail, rng=Random(1))
    aid.joystick = Demand.UP
    while aid.position_m < 2:
        aid.step(0.5)
    assert aid.speed_m_s == pytest.approx(0.072)


def test_the_display_shows_one_code_the_most_serious() -> None:
    aid = lift(position_m=2.0)
    aid.contacts = Contacts.FOOTREST_UP | Contacts.OVERSPEED
    assert [(f.code, f.maker_code) for f in reading_of(aid).faults] == [("overspeed_governor", "3")]


def test_quirks_take_away_what_a_controller_does_not_have() -> None:
    aid = lift(position_m=2.0)
    aid.contacts = Contacts.OVERSPEED
    aid.joystick = Demand.UP
    reading = reading_of(aid, profile=T498, quirks=frozenset(Quirk))
    assert reading.seat is Seat.UNKNOWN
    assert reading.landing is Landing.UNKNOWN
    assert reading.position_mm is None
    assert reading.speed_mm_s is None
    assert not reading.contacts
    assert Signals.REFUSED not in reading.signals


def test_a_dead_bus_does_not_answer() -> None:
    aid = lift()
    aid.broken.add(Breakdown.BUS)
    with pytest.raises(OSError, match="does not answer"):
        reading_of(aid)


def test_the_slightest_motion_is_never_shown_as_standing_still() -> None:
    aid = lift(position_m=2.0)
    aid.speed_m_s = -0.0001
    assert reading_of(aid).speed_mm_s == -1


def test_time_does_not_go_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        lift().step(-1)


def test_about_twenty_trips_on_a_battery() -> None:
    aid = lift()
    aid.mains = False
    trips = 0
    while not aid.battery_flat and trips < 100:
        aid.joystick = Demand.UP if trips % 2 == 0 else Demand.DOWN
        for _ in range(200):
            aid.step(0.5)
            if aid.speed_m_s == 0 and (aid.battery_flat or aid.landing is not Landing.BETWEEN):
                break
        trips += 1
    assert 15 <= trips // 2 <= 60  # trips up; the bottom of the range is a worn battery
