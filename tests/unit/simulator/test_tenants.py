"""Life with every kind of aid: plausible days, absences, the mechanic, and misuse."""

from dataclasses import replace
from random import Random

import pytest

from gateway.protocol.vocabulary import AidKind, Mode
from simulator import manifest
from simulator.dwelling import home_of
from simulator.hardware.climate import OUTDOORS
from simulator.home import Home
from simulator.living import DAY_MS, HOUR_MS, Events, Living
from simulator.misuse import Misuse
from simulator.outings import Driving
from simulator.tenant import tenant_of

NOTHING = Events(holiday_chance=0, hospital_chance=0, service_every_days=100_000)


def living(
    kind: AidKind, *, seed: int = 1, events: Events = NOTHING, misuse: Misuse | None = None
) -> Living:
    aid = next(iter(manifest.records(size=1, seed=seed, mix={kind: 1.0})))
    house = home_of(aid, seed=seed)
    if misuse is not None:
        house.misuse.add(misuse)
    tenant = tenant_of(house, day_ms=0, events=events)
    if isinstance(tenant, Driving):
        tenant.habits = replace(tenant.habits, outings=2, distance_m=400.0)
    house.begin(tenant.live())
    return tenant


def lived(kind: AidKind, *, days: float = 2, misuse: Misuse | None = None) -> Home:
    house = living(kind, misuse=misuse).home
    house.advance_to(round(days * DAY_MS))
    return house


@pytest.mark.parametrize("kind", AidKind)
def test_days_bring_use_and_end_with_the_aid_at_rest(kind: AidKind) -> None:
    house = lived(kind, days=2.99)
    aid = house.aid
    assert 6 <= aid.cycles <= 200
    assert aid.speed_m_s == 0
    assert aid.seat_load_kg == 0
    assert not aid.battery_flat
    assert aid.battery.charge > 0.3


@pytest.mark.parametrize("kind", AidKind)
def test_nobody_uses_it_at_night(kind: AidKind) -> None:
    assert lived(kind, days=5 / 24).aid.cycles == 0


@pytest.mark.parametrize("kind", AidKind)
def test_the_same_seed_lives_the_same_life(kind: AidKind) -> None:
    first, second = living(kind).home, living(kind).home
    for now_ms in range(0, DAY_MS, HOUR_MS):
        first.advance_to(now_ms)
        second.advance_to(now_ms)
        assert first.read() == second.read()


@pytest.mark.parametrize("kind", AidKind)
def test_on_holiday_nobody_uses_it(kind: AidKind) -> None:
    tenant = living(kind)
    tenant.away_days = 3
    tenant.home.advance_to(round(2.9 * DAY_MS))
    assert tenant.home.aid.cycles == 0
    tenant.home.advance_to(5 * DAY_MS)
    assert tenant.home.aid.cycles > 0


@pytest.mark.parametrize("kind", AidKind)
def test_the_mechanic_comes_with_his_key_opens_it_and_closes_it(kind: AidKind) -> None:
    house = living(kind, events=replace(NOTHING, service_every_days=1)).home
    modes, opened = set(), set()
    for now_ms in range(0, 3 * DAY_MS, 20_000):
        house.advance_to(now_ms)
        modes.add(house.aid.mode)
        if house.aid.opened:
            opened.add(house.aid.mode)
    assert modes == {Mode.NORMAL, Mode.SERVICE}
    assert opened == {Mode.SERVICE}
    assert not house.aid.opened


def test_whoever_plays_or_rides_all_day_uses_it_more() -> None:
    usual = lived(AidKind.STAIRLIFT).aid.cycles
    for misuse in (Misuse.PLAY, Misuse.GOODS, Misuse.DUTY_CYCLE):
        assert lived(AidKind.STAIRLIFT, misuse=misuse).aid.cycles > 1.5 * usual


@pytest.mark.parametrize("kind", AidKind)
def test_who_does_not_charge_runs_it_down(kind: AidKind) -> None:
    starved = lived(kind, days=6, misuse=Misuse.NOT_CHARGED).aid
    assert starved.battery.charge < lived(kind, days=6).aid.battery.charge
    assert not starved.charging


def test_a_scooter_may_be_tuned_left_outdoors_or_taken_away() -> None:
    usual = lived(AidKind.SCOOTER).vehicle
    tuned = lived(AidKind.SCOOTER, misuse=Misuse.TOO_FAST).vehicle
    assert tuned.parameters != usual.parameters
    assert lived(AidKind.SCOOTER, misuse=Misuse.UNSHELTERED).vehicle.climate.mean_c == (
        OUTDOORS.mean_c
    )
    lost = lived(AidKind.SCOOTER, misuse=Misuse.LOST).vehicle
    assert lost.distance_m > 20_000
    assert lost.seat_load_kg == 0
    later = lived(AidKind.SCOOTER, days=6, misuse=Misuse.LOST).vehicle
    assert (later.place, later.odometer_m) == (lost.place, lost.odometer_m), "used no more"


def test_what_nobody_uses_does_not_move() -> None:
    for kind in AidKind:
        assert lived(kind, misuse=Misuse.UNUSED).aid.cycles == 0


def test_an_overloaded_hoist_refuses() -> None:
    house = living(AidKind.HOIST, misuse=Misuse.OVERLOAD).home
    heaviest = 0.0
    for now_ms in range(0, DAY_MS, 10_000):
        house.advance_to(now_ms)
        heaviest = max(heaviest, house.hoist.felt_kg)
    assert heaviest >= 175


def test_whims_come_from_the_seed_alone() -> None:
    assert Random("household/1/x").random() == Random("household/1/x").random()
    houses = [living(AidKind.WHEELCHAIR, seed=seed).home for seed in (1, 2)]
    for house in houses:
        house.advance_to(DAY_MS)
    assert houses[0].aid.odometer_m != houses[1].aid.odometer_m
