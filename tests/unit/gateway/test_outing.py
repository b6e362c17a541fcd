"""What an outing on wheels, a hoist's stroke, and the details of a ride came to."""

import pytest

from gateway.protocol.vocabulary import (
    AidKind,
    Contacts,
    Demand,
    Direction,
    Landing,
    LoadClass,
    Seat,
    Signals,
)
from gateway.watch import RideSettings, WatchSettings
from tests.support.aids import WatchedHoist, WatchedScooter
from tests.support.lift import EDGE, RAIL_MM, WatchedLift


def test_outing_goes_on_through_short_stops() -> None:
    scooter = WatchedScooter()
    scooter.stay(20_000, seat=Seat.OCCUPIED)
    scooter.drive(600_000, incline_deg=4)
    scooter.halt(120_000, incline_deg=0)
    scooter.drive(600_000, incline_deg=-7, speed_mm_s=3_000)
    ended_ms = scooter.wall_ms
    scooter.halt(179_000, incline_deg=0)
    assert scooter.usages == []
    scooter.halt(2_000)
    (usage,) = scooter.usages
    assert usage.time_ms == ended_ms
    assert usage.duration_ms == 1_320_000
    assert usage.distance_mm == pytest.approx(3_000_000, rel=0.01)
    assert usage.direction is Direction.UP
    assert (usage.start_landing, usage.end_landing) == (Landing.UNKNOWN, Landing.UNKNOWN)
    assert (usage.stops, usage.presses) == (2, 2)
    assert (usage.max_speed_mm_s, usage.max_incline_deg) == (3_000, 7)
    assert (usage.boarding_ms, usage.away) == (20_000, True)
    assert (usage.load_class, usage.seat) == (LoadClass.UNKNOWN, Seat.OCCUPIED)
    assert (usage.min_battery_mv, usage.battery_before_mv) == (24_900, 25_600)
    assert usage.profile_ma == ()


def test_outing_ends_soon_once_the_rider_got_off() -> None:
    scooter = WatchedScooter()
    scooter.drive(signals=Signals.NONE)
    scooter.halt(2_000)
    scooter.halt(6_000, seat=Seat.EMPTY)
    (usage,) = scooter.usages
    assert (usage.away, usage.seat) == (False, Seat.OCCUPIED)


def test_distance_by_the_odometer_where_there_is_no_speed() -> None:
    scooter = WatchedScooter(speed_mm_s=None)
    for metre in range(1_000, 1_120):
        scooter.drive(1_000, speed_mm_s=None, odometer_m=metre)
    scooter.halt(181_000, speed_mm_s=None)
    assert scooter.usages[0].distance_mm == 119_000


def test_turning_in_the_hall_is_no_outing() -> None:
    scooter = WatchedScooter()
    scooter.drive(3_000, speed_mm_s=400, signals=Signals.NONE)
    scooter.halt(600_000)
    assert scooter.usages == []


def test_data_of_an_outing_is_modest() -> None:
    scooter = WatchedScooter()
    before = len(scooter.statuses)
    scooter.drive(3_600_000)
    statuses = scooter.statuses[before:]
    samples = sum(len(status.samples) for status in statuses)
    assert 700 <= samples <= 740
    assert len(statuses) <= 62


def test_coming_and_going_is_told() -> None:
    scooter = WatchedScooter()
    scooter.drive(60_000, signals=Signals.NONE)
    scooter.halt(600_000)
    before = len(scooter.statuses)
    scooter.halt(60_000, signals=Signals.AWAY)  # pushed
    assert len(scooter.statuses) == before + 1


def test_what_the_bed_still_carries_makes_nobody_lighter() -> None:
    hoist = WatchedHoist()
    hoist.lift_up(3_000, load_kg=0)
    hoist.lift_up(12_000, load_kg=175)
    hoist.hang(60_000)
    hoist.let_down(12_000)
    hoist.let_down(3_000, load_kg=0)
    hoist.put_down()
    assert [usage.load_kg for usage in hoist.usages] == [175, 175]


def test_each_stroke_of_a_hoist_is_one_lift() -> None:
    hoist = WatchedHoist()
    hoist.lift_up(10_000)
    hoist.hang(1_000)
    hoist.lift_up(5_000, load_kg=82)
    hoist.hang(60_000)
    hoist.let_down(15_000)
    hoist.put_down()
    up, down = hoist.usages
    assert (up.direction, down.direction) == (Direction.UP, Direction.DOWN)
    assert up.distance_mm == down.distance_mm == 600
    assert up.load_kg == pytest.approx(79, abs=1)
    assert up.seat is down.seat is Seat.OCCUPIED
    assert (up.stops, up.presses) == (2, 2)
    assert up.mean_current_ma == 6_000
    assert up.away is None


def test_stroke_that_turns_without_a_stop_is_two() -> None:
    hoist = WatchedHoist()
    hoist.lift_up(10_000)
    hoist.let_down(10_000)
    hoist.put_down()
    assert [usage.direction for usage in hoist.usages] == [Direction.UP, Direction.DOWN]


def test_load_that_hangs_still_is_told_every_half_minute() -> None:
    hoist = WatchedHoist()
    hoist.lift_up()
    hoist.hang(30_000)
    before = len(hoist.statuses)
    hoist.hang(300_000)
    assert len(hoist.statuses) - before == 10


class TestDetails:
    """Of a stairlift's ride."""

    def lift(self) -> WatchedLift:
        return WatchedLift(WatchSettings(ride=RideSettings(rail_length_mm=RAIL_MM)))

    def test_current_by_place_on_the_rail(self) -> None:
        lift = self.lift()
        lift.board()
        lift.ride(20_000)
        lift.stay(19_000, current_ma=14_000)
        lift.arrive()
        profile = lift.usages[0].profile_ma
        assert profile[:4] == (10_000,) * 4
        assert profile[5:] == (14_000,) * 3
        assert profile[4] is not None
        assert 10_000 <= profile[4] <= 14_000

    def test_part_of_the_rail_that_was_not_ridden_is_unknown(self) -> None:
        lift = self.lift()
        lift.ride(20_000)
        lift.stand(700_000)
        assert lift.usages[0].profile_ma == (10_000,) * 5 + (None,) * 3

    def test_no_profile_without_length_or_position(self) -> None:
        unmeasured, blind = WatchedLift(), WatchedLift(self.lift().settings, position_mm=None)
        for lift in (unmeasured, blind):
            lift.ride(30_000)
            lift.stand(5_000, landing=Landing.TOP)
            assert lift.usages[0].profile_ma == ()

    def test_how_long_boarding_took(self) -> None:
        lift = self.lift()
        lift.board()
        lift.stay(13_000)
        lift.ride(39_000)
        lift.arrive()
        lift.ride(5_000)  # down again without getting off
        lift.arrive()
        assert [usage.boarding_ms for usage in lift.usages] == [18_000, None]

    @pytest.mark.parametrize("seat", [Seat.EMPTY, Seat.UNKNOWN])
    def test_nobody_boards_an_empty_chair_or_one_that_cannot_tell(self, seat: Seat) -> None:
        lift = self.lift()
        lift.stay(5_000, seat=seat)
        lift.ride(39_000)
        lift.arrive()
        assert lift.usages[0].boarding_ms is None

    def test_presses_and_trips(self) -> None:
        lift = self.lift()
        lift.ride()
        lift.stand(1_000, contacts=Contacts.FOOTREST_UP, faults=EDGE)
        lift.stay(2_000, demand=Demand.DOWN, speed_mm_s=-120)
        lift.stand(1_000, contacts=Contacts.NONE, faults=())
        lift.ride(5_000)
        lift.stand(1_000, faults=EDGE)  # some controllers tell by their code alone
        lift.stand(1_000, faults=())
        lift.ride(20_000)
        lift.stand(1_000, contacts=Contacts.SEAT_BELT)  # no edge
        lift.arrive()
        (usage,) = lift.usages
        assert (usage.presses, usage.trips) == (4, 2)

    def test_press_that_nobody_can_see_is_not_counted(self) -> None:
        lift = self.lift()
        lift.stay(39_000, speed_mm_s=120, landing=Landing.BETWEEN)
        lift.arrive()
        assert lift.usages[0].presses is None

    def test_lowest_voltage_and_highest_speed(self) -> None:
        lift = self.lift()
        lift.ride(20_000)
        lift.stay(1_000, battery_mv=22_900, speed_mm_s=125)
        lift.ride(10_000)
        lift.arrive()
        usage = lift.usages[0]
        assert (usage.min_battery_mv, usage.max_speed_mm_s) == (22_900, 125)
        assert (usage.max_incline_deg, usage.load_kg, usage.away) == (None, None, None)


@pytest.mark.parametrize("kind", AidKind)
def test_sos_on_any_aid_calls(kind: AidKind) -> None:
    aid = WatchedLift(WatchSettings(kind=kind))
    aid.stay(0, signals=Signals.SOS)
    assert aid.reasons == ["sos"]
