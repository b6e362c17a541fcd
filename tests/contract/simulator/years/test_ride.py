"""One ride of the ticking stairlift, through the gateway's own watch, and the ride as a whole."""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest

from gateway.protocol.messages import Usage
from gateway.protocol.vocabulary import AidKind, Demand
from gateway.watch import Watch, WatchSettings
from gateway.watch.settings import RideSettings
from simulator.hardware.stairlift import Stairlift
from simulator.home import Home
from simulator.people import ride
from simulator.years import stairlift
from simulator.years.aids import Aid, draw_aid
from simulator.years.calendar import Calendar
from simulator.years.life import Life, Rides, Who, rides_of
from simulator.years.living import registered_at_first, usual_days
from simulator.years.power import load_voltages
from simulator.years.telling import tell

TICK_MS = 250


def ticked(aid: Aid, load_kg: float, *, up: bool) -> Usage:
    """Let the hardware ride once, and return what the watch says of it."""
    assert aid.rail is not None
    lift = Stairlift(
        aid.rail,
        rng=Random(1),
        drive=aid.drive,
        battery=aid.battery,
        position_m=0.0 if up else aid.rail.length_m,
    )
    home = Home(lift, rng=Random(2))
    settings = WatchSettings(ride=RideSettings(rail_length_mm=round(aid.rail.length_m * 1000)))
    watch = Watch(settings, new_id=lambda: "0" * 32)
    lift.seat_load_kg = load_kg
    home.advance_to(TICK_MS)
    watch.step(home.read(), wall_ms=1_780_000_000_000, now_ms=TICK_MS)
    home.begin(ride(home, Demand.UP if up else Demand.DOWN))
    for now_ms in range(2 * TICK_MS, 600_000, TICK_MS):
        home.advance_to(now_ms)
        outcome = watch.step(home.read(), wall_ms=1_780_000_000_000 + now_ms, now_ms=now_ms)
        for message in outcome.messages:
            if isinstance(message, Usage):
                return message
    pytest.fail("the ride did not end")


def whole(aid: Aid, load_kg: float, *, up: bool) -> Usage:
    """Return what the years say of the same ride, of a battery as good as new."""
    calendar, rng = Calendar(date(2025, 6, 1), 1, seed=1), np.random.default_rng(1)
    aid = replace(aid, aged=0.0, gain=1.0, parks_well=1.0)
    days = usual_days(aid, calendar, rng)
    assert aid.rail is not None
    rides: Rides = rides_of(
        np.array([calendar.midnight_ms[0] + 40_000_000]),
        np.array([0]),
        np.array([up]),
        Who.CLIENT,
        load_kg=load_kg,
        length_m=aid.rail.length_m,
    )
    life = Life(
        aid=aid,
        calendar=calendar,
        rng=rng,
        days=days,
        rides=rides,
        register=[registered_at_first(aid, calendar, rng)],
        temperature_c=(np.array([20.0]), np.array([20.0])),
        seen_c=(np.array([20.0]), np.array([20.0])),
    )
    days.slip_mm[:] = 0.0
    load_voltages(life, stairlift.drive(life))
    rides.seat_seen = np.array([2])
    found = [one.message for one in tell(life) if isinstance(one.message, Usage)]
    assert len(found) == 1
    message = found[0]
    assert isinstance(message, Usage)
    return message


def lifts() -> list[Aid]:
    drawn = [draw_aid(number, AidKind.STAIRLIFT, seed=5)[0] for number in range(1, 80)]
    whole_sight = [one for one in drawn if one.profile.name in {"t498", "duo"}]
    bent = [one for one in whole_sight if one.rail is not None and one.rail.length_m > 7]
    straight = [one for one in whole_sight if one not in bent]
    return [*straight[:3], *bent[:3]]


@pytest.mark.parametrize("up", [True, False])
@pytest.mark.parametrize("load_kg", [0.0, 55.0, 110.0])
@pytest.mark.parametrize("aid", lifts(), ids=lambda aid: str(aid.device))
def test_a_ride_as_a_whole_is_the_ride_that_ticks(aid: Aid, load_kg: float, up: bool) -> None:
    tick, sum_ = ticked(aid, load_kg, up=up), whole(aid, load_kg, up=up)
    assert sum_.direction == tick.direction
    assert (sum_.start_landing, sum_.end_landing) == (tick.start_landing, tick.end_landing)
    assert sum_.duration_ms == pytest.approx(tick.duration_ms, rel=0.06, abs=1_500)
    assert sum_.distance_mm == pytest.approx(tick.distance_mm, abs=60)
    for name, tolerance in (("mean_current_ma", 0.08), ("peak_current_ma", 0.12)):
        ours, theirs = getattr(sum_, name), getattr(tick, name)
        assert ours == pytest.approx(theirs, rel=tolerance, abs=300), name
    assert sum_.min_battery_mv == pytest.approx(tick.min_battery_mv, abs=350)
    assert sum_.max_speed_mm_s == pytest.approx(tick.max_speed_mm_s, rel=0.06)
    assert sum_.battery_before_mv == pytest.approx(tick.battery_before_mv, abs=400)
    if tick.profile_ma and sum_.profile_ma:
        inner = slice(1, -1)  # starting and stopping take less, and are not told apart
        theirs = np.array(tick.profile_ma[inner], dtype=float)
        ours = np.array(sum_.profile_ma[inner], dtype=float)
        assert ours == pytest.approx(theirs, rel=0.2, abs=500)
