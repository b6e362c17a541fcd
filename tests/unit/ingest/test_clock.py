"""A clock that leaps is not believed at once."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.clock import SteadyClock

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.elapsed_s = 5_000.0
        self.set_by_s = 0.0

    def wall_s(self) -> float:
        return NOON.timestamp() + self.elapsed_s - 5_000 + self.set_by_s


@pytest.fixture
def machine() -> Machine:
    return Machine()


def clock_of(machine: Machine) -> SteadyClock:
    return SteadyClock(machine.wall_s, lambda: machine.elapsed_s)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize("leap_s", [81.0, -81.0, 86_400.0])
def test_a_leap_that_is_taken_back_never_was(machine: Machine, leap_s: float) -> None:
    now = clock_of(machine)
    machine.set_by_s = leap_s
    for seconds in (1, 2, 59):
        machine.elapsed_s = 5_000.0 + seconds
        assert now() == after(seconds)
    machine.set_by_s = 0.0
    machine.elapsed_s = 5_100.0
    assert now() == after(100)
    machine.set_by_s = leap_s
    machine.elapsed_s = 5_101.0
    assert now() == after(101), "how long it stays is counted anew"


def test_a_leap_that_stays_is_believed_after_a_minute(machine: Machine) -> None:
    now = clock_of(machine)
    machine.set_by_s = 600.0
    machine.elapsed_s = 5_001.0
    assert now() == after(1)
    machine.elapsed_s = 5_062.0
    assert now() == after(662)
    machine.elapsed_s = 5_063.0
    assert now() == after(663)


def test_small_corrections_are_followed_at_once(machine: Machine) -> None:
    now = clock_of(machine)
    for second in range(1, 20):
        machine.elapsed_s, machine.set_by_s = 5_000.0 + second, -0.5 * second
        assert now() == after(second - 0.5 * second)


def test_the_machines_own_clock() -> None:
    assert abs(SteadyClock()() - datetime.now(UTC)) < timedelta(seconds=1)
