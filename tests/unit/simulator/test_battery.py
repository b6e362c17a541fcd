import pytest

from simulator.hardware.battery import Battery
from simulator.hardware.parameters import BatteryParameters


def battery(charge: float = 1.0) -> Battery:
    return Battery(BatteryParameters(), charge=charge)


def test_a_full_battery_rests_at_25_6_volts() -> None:
    assert battery(1.0).rest_v == pytest.approx(25.6)


def test_an_empty_battery_still_shows_a_rest_voltage_that_proves_nothing() -> None:
    assert battery(0.0).rest_v > 20


def test_the_voltage_sags_with_the_load_and_more_so_when_empty() -> None:
    full, low = battery(1.0), battery(0.05)
    assert full.rest_v - full.terminal_v(10) == pytest.approx(1.2)
    assert low.rest_v - low.terminal_v(10) > 2


def test_the_current_delivers_the_power_asked_for() -> None:
    source = battery()
    current = source.current_for(250)
    assert current is not None
    assert current * source.terminal_v(current) == pytest.approx(250)


def test_the_voltage_collapses_under_more_than_it_can_give() -> None:
    assert battery(0.0).current_for(600) is None


def test_charging_from_empty_takes_hours_and_ends_full() -> None:
    source = battery(0.0)
    source.recharge(3600)
    assert 0.1 < source.charge < 0.2
    source.recharge(40 * 3600)
    assert source.charge == pytest.approx(1.0, abs=1e-3)


def test_charging_in_one_go_or_in_pieces_comes_to_the_same() -> None:
    once, pieces = battery(0.8), battery(0.8)
    once.recharge(3600)
    for _ in range(360):
        pieces.recharge(10)
    assert once.charge == pytest.approx(pieces.charge)


def test_hard_use_costs_more_than_its_ampere_hours() -> None:
    source = battery()
    source.discharge(10, 360)  # 1 Ah
    assert source.charge < 1 - 1 / 7


def test_a_charge_beyond_full_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        battery(1.1)


def test_an_old_battery_holds_less_and_sags_more() -> None:
    new, old = battery(), Battery(BatteryParameters(), health=0.5)
    assert old.capacity_ah == pytest.approx(new.capacity_ah / 2)
    assert old.rest_v == new.rest_v  # which proves nothing
    assert old.terminal_v(10) < new.terminal_v(10) - 1


def test_the_cold_takes_capacity_and_adds_resistance() -> None:
    warm, cold = battery(), battery()
    cold.temperature_c = -10
    assert cold.capacity_ah < 0.8 * warm.capacity_ah
    assert cold.terminal_v(10) < warm.terminal_v(10)


def test_left_alone_it_loses_a_few_percent_a_month_and_more_when_warm() -> None:
    cool, warm = battery(), battery()
    warm.temperature_c = 30
    for source in (cool, warm):
        source.age(30 * 86_400)
    assert cool.charge == pytest.approx(0.97)
    assert warm.charge == pytest.approx(0.94)
    assert warm.health < cool.health < 1


def test_it_is_worn_out_after_its_years_or_its_cycles_and_sooner_when_starved() -> None:
    by_years, starved, by_cycles = battery(), battery(0.3), battery()
    for _ in range(60):
        by_years.charge = 1.0
        by_years.age(365.25 * 86_400 / 12)
        starved.charge = 0.3
        starved.age(365.25 * 86_400 / 12)
    by_cycles.wear_by_cycles(250)
    assert by_years.health == pytest.approx(0.6, abs=0.01)
    assert by_cycles.health == pytest.approx(0.6)
    assert starved.health < 0.2


def test_the_charging_current_tapers_off_as_it_fills() -> None:
    assert battery(0.5).charging_a == 1.0
    assert battery(0.95).charging_a < 0.5
    assert 0 < battery(1.0).charging_a < 0.05


def test_a_health_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="health"):
        Battery(BatteryParameters(), health=0.0)
