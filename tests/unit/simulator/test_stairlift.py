from dataclasses import replace
from random import Random

import pytest

from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode, Seat, Signals
from simulator.hardware.board import Board, reading_of
from simulator.hardware.climate import Climate
from simulator.hardware.makers import FLASH, LAMP, T498, TWO_DIGIT
from simulator.hardware.profile import Quirk
from simulator.hardware.rail import Rail, Segment
from simulator.hardware.stairlift import Breakdown, Stairlift
from simulator.hardware.wear import Wear


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


def climbing_a(aid: Stairlift) -> float:
    aid.seat_load_kg, aid.joystick = 80.0, Demand.UP
    aid.step(5)
    return aid.current_a


def test_wear_and_cold_cost_current_and_a_stiff_place_only_there() -> None:
    new = climbing_a(Stairlift(Rail.straight(), rng=Random(1)))
    worn = climbing_a(Stairlift(Rail.straight(), rng=Random(1), wear=Wear(general=1.5)))
    frozen = Stairlift(Rail.straight(), rng=Random(1), climate=Climate(mean_c=-10.0))
    assert worn > new * 1.05
    assert climbing_a(frozen) > new * 1.02
    dented = Wear()
    dented.dent(0.5, 4.0)
    aid = Stairlift(Rail.straight(), rng=Random(1), wear=dented)
    aid.seat_load_kg, aid.joystick = 80.0, Demand.UP
    stiff: list[float] = []
    elsewhere: list[float] = []
    while aid.position_m < 4:
        aid.step(0.5)
        here = aid.position_m / 4.7
        (stiff if 0.5 <= here < 0.54 else elsewhere).append(aid.current_a)
    assert max(stiff) > 1.15 * max(elsewhere)


def test_rides_wear_the_rail_where_they_pass() -> None:
    aid = lift()
    for direction in (Demand.UP, Demand.DOWN) * 5:
        aid.joystick = direction
        aid.step(60)
    assert min(aid.wear.places) > 0
    assert aid.odometer_m == pytest.approx(47, rel=0.01)
    assert aid.cycles == 10


def test_a_worn_brake_takes_longer_and_lets_it_slide_down() -> None:
    def stopped_at(grip: float) -> tuple[float, float]:
        aid = lift(position_m=1.0)
        aid.brake_grip, aid.joystick = grip, Demand.UP
        aid.step(5)
        aid.contacts = Contacts.FOOTREST_UP
        heights = []
        for _ in range(300):
            aid.step(0.1)
            heights.append(aid.position_m)
        return max(heights), aid.position_m

    good, bad = stopped_at(1.0), stopped_at(0.2)
    assert good[0] == good[1]
    assert bad[0] > good[0]
    assert bad[0] - bad[1] == pytest.approx(0.24, abs=0.03)


def test_parked_short_of_its_contacts_it_is_at_the_landing_and_not_charged() -> None:
    aid = lift(position_m=2.0)
    aid.broken.add(Breakdown.PARKING)
    aid.joystick = Demand.UP
    aid.step(60)
    aid.joystick = Demand.NONE
    aid.step(90)
    assert aid.landing is Landing.TOP
    assert not aid.charging
    assert [fault.maker_code for fault in reading_of(aid).faults] == ["2"]


def test_the_hinge_comes_down_before_the_carriage_does_or_stops_it() -> None:
    def down(*, broken: bool) -> Stairlift:
        aid = Stairlift(Rail.straight(), rng=Random(1), position_m=4.7, hinge_m=0.7)
        assert not aid.hinge.in_use
        if broken:
            aid.broken.add(Breakdown.HINGE)
        aid.joystick = Demand.DOWN
        aid.step(90)
        return aid

    assert down(broken=False).landing is Landing.BOTTOM
    stuck = down(broken=True)
    assert stuck.landing is Landing.BETWEEN
    assert [fault.code for fault in reading_of(stuck, profile=TWO_DIGIT).faults] == ["hinge_rail"]


def test_the_hinge_folds_up_again_behind_the_lift() -> None:
    aid = Stairlift(Rail.straight(), rng=Random(1), hinge_m=0.7)
    aid.joystick = Demand.UP
    aid.step(60)
    assert aid.hinge.in_use
    aid.joystick = Demand.NONE
    aid.step(120)
    assert aid.hinge.place == 0


def test_a_powered_footrest_folds_out_first() -> None:
    aid = Stairlift(Rail.straight(), rng=Random(1), powered_step=True)
    aid.seat_load_kg, aid.joystick = 80.0, Demand.UP
    aid.step(3)
    assert aid.position_m == 0
    assert aid.open_contacts is Contacts.POWERED_STEP
    aid.step(5)
    assert aid.position_m > 0


def test_another_setting_is_another_digest() -> None:
    aid = lift()
    before = reading_of(aid).parameters
    aid.drive = replace(aid.drive, rated_speed_m_s=0.17)
    assert reading_of(aid).parameters != before
    aid.drive = replace(aid.drive, rated_speed_m_s=0.12)
    assert reading_of(aid).parameters == before


def test_an_open_housing_is_seen() -> None:
    aid = lift()
    aid.opened = True
    assert Signals.OPENED in reading_of(aid).signals


def test_a_board_of_two_digits_shows_all_and_a_lamp_hardly_anything() -> None:
    aid = lift(position_m=2.0)
    aid.contacts = Contacts.FOOTREST_UP | Contacts.SEAT_BELT
    aid.broken.add(Breakdown.DRIVE)
    assert [f.maker_code for f in reading_of(aid, profile=TWO_DIGIT).faults] == ["F2", "E1", "E6"]
    lamp = Board(aid, profile=LAMP).read(0)
    assert [(f.code, f.maker_code) for f in lamp.faults] == [("unknown", "SAFETY")]
    assert lamp.position_mm is None
    assert lamp.cycles is None
    assert Contacts.SEAT_BELT not in lamp.contacts


def test_a_slow_bus_answers_anew_every_two_seconds() -> None:
    aid = lift()
    board = Board(aid, quirks=frozenset({Quirk.SLOW_BUS}))
    first = board.read(0)
    aid.sos = True
    assert board.read(1_900) == first
    assert board.read(2_000) != first


def test_a_coarse_position_knows_no_speed() -> None:
    aid = lift(position_m=1.3)
    reading = reading_of(aid, quirks=frozenset({Quirk.COARSE_POSITION}))
    assert (reading.position_mm, reading.speed_mm_s) == (1_250, None)


def test_a_board_belongs_to_its_kind_of_aid() -> None:
    with pytest.raises(ValueError, match="no controller of a stairlift"):
        Board(lift(), profile=FLASH)
