from random import Random

import pytest

from gateway.hal import Notice
from gateway.protocol.vocabulary import Demand, Landing, Mode
from simulator.clock import ModemClock, VirtualTime
from simulator.controller import HomeController
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Breakdown, Stairlift
from simulator.home import Activity, Home
from simulator.people import rescue, ride


def home() -> Home:
    return Home(Stairlift(Rail.straight(), rng=Random(1)), rng=Random(2))


def test_a_ride_ends_at_the_landing_with_the_joystick_let_go() -> None:
    house = home()
    house.begin(ride(house, Demand.UP))
    house.advance_to(60_000)
    assert house.lift.landing is Landing.TOP
    assert house.lift.joystick is Demand.NONE
    assert house.idle


def test_looking_often_or_seldom_gives_the_same_history() -> None:
    once, often = home(), home()
    for house in (once, often):
        house.begin(ride(house, Demand.UP))
    once.advance_to(30_000)
    for now_ms in range(0, 30_001, 200):
        often.advance_to(now_ms)
    assert often.read() == once.read()


def test_activities_go_on_beside_each_other_in_order() -> None:
    house = home()
    told: list[tuple[str, int]] = []

    def speak(name: str, every_ms: int) -> Activity:
        for _ in range(2):
            told.append((name, house.time_ms))
            yield every_ms

    house.begin(speak("a", 1_000))
    house.begin(speak("b", 1_000))
    house.begin(speak("c", 400))
    house.advance_to(10_000)
    assert told == [("a", 0), ("b", 0), ("c", 0), ("c", 400), ("a", 1_000), ("b", 1_000)]


def test_the_past_stays_as_it_is() -> None:
    house = home()
    house.advance_to(5_000)
    house.advance_to(1_000)
    assert house.time_ms == 5_000


def test_stopping_everybody_leaves_the_lift_as_it_is() -> None:
    house = home()
    house.begin(ride(house, Demand.UP))
    house.advance_to(10_000)
    house.stop_all()
    assert house.idle
    assert house.lift.joystick is Demand.UP


def test_rescue_leaves_an_empty_sound_lift_at_a_landing() -> None:
    house = home()
    lift = house.lift
    lift.seat_load_kg = 80
    house.begin(ride(house, Demand.UP))
    house.advance_to(15_000)
    lift.broken.add(Breakdown.DRIVE)
    lift.sos = True
    house.surroundings.line_up = False
    house.stop_all()
    house.begin(rescue(house))
    house.advance_to(40_000)
    assert house.read().mode is Mode.SERVICE
    house.advance_to(200_000)
    assert house.idle
    assert house.read().mode is Mode.NORMAL
    assert lift.landing is Landing.BOTTOM
    assert lift.seat_load_kg == 0
    assert not lift.sos
    assert not lift.broken
    assert house.surroundings.line_up


def test_the_controller_lets_the_home_catch_up_and_hears_the_notices() -> None:
    time = VirtualTime(start_wall_ms=1_000_000)
    house = home()
    controller = HomeController(house, time)
    house.begin(ride(house, Demand.UP))
    time.move_to(10_000)
    assert controller.read().speed_mm_s == 120
    controller.announce(Notice.HELP_COMING)
    controller.send_fallback("help")
    assert house.notices == [(10_000, Notice.HELP_COMING)]
    assert house.fallbacks == [(10_000, "help")]


@pytest.mark.parametrize(
    ("offset_ms", "at_1970", "expected"),
    [(0, False, 1_005_000), (60_000, False, 1_065_000), (-10_000_000, False, 0), (0, True, 5_000)],
)
def test_a_modem_clock_may_be_wrong(offset_ms: int, at_1970: bool, expected: int) -> None:
    time = VirtualTime(start_wall_ms=1_000_000)
    time.move_to(5_000)
    house = home()
    house.surroundings.clock_offset_ms = offset_ms
    house.surroundings.clock_stopped_at_1970 = at_1970
    clock = ModemClock(time, house.surroundings)
    assert clock.wall_ms() == expected
    assert clock.monotonic_ms() == 5_000
