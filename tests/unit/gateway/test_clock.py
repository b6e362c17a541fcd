"""Clocks that are wrong, and what is made of them."""

from gateway.clock import CorrectedClock
from tests.support.lift import START_WALL_MS


class SetClock:
    def __init__(self, wall: int) -> None:
        self.wall = wall
        self.mono = 0

    def wall_ms(self) -> int:
        return self.wall

    def monotonic_ms(self) -> int:
        return self.mono


def test_clock_that_was_never_set_is_corrected() -> None:
    clock = CorrectedClock(SetClock(1_000))
    clock.hear(START_WALL_MS)
    assert clock.is_due
    assert clock.wall_ms() == 1_000  # until nothing is under way that it would tear apart
    clock.set_right()
    assert clock.wall_ms() == START_WALL_MS
    clock.hear(START_WALL_MS)
    assert not clock.is_due


def test_word_that_waited_is_a_lower_bound() -> None:
    clock = CorrectedClock(SetClock(1_000))
    clock.hear(START_WALL_MS)
    clock.set_right()
    clock.hear(START_WALL_MS - 60_000)
    assert not clock.is_due
    clock.hear(START_WALL_MS + 60_000)
    clock.hear(START_WALL_MS + 30_000)
    clock.set_right()
    assert clock.wall_ms() == START_WALL_MS + 60_000


def test_plausible_clock_is_left_alone_but_commands_expire_by_the_platforms() -> None:
    clock = CorrectedClock(SetClock(START_WALL_MS))
    clock.hear(START_WALL_MS + 3_600_000)
    assert not clock.is_due
    assert clock.wall_ms() == START_WALL_MS
    assert clock.platform_ms() == START_WALL_MS + 3_600_000


def test_clock_set_by_other_means_needs_no_correction_any_more() -> None:
    own = SetClock(1_000)
    clock = CorrectedClock(own)
    clock.hear(START_WALL_MS)
    clock.set_right()
    own.wall = START_WALL_MS + 5
    assert clock.wall_ms() == START_WALL_MS + 5


def test_nonsense_from_the_platform_corrects_nothing() -> None:
    clock = CorrectedClock(SetClock(1_000))
    clock.hear(2_000_000)
    assert not clock.is_due
    assert clock.wall_ms() == 1_000
