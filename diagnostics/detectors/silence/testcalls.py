"""How many test calls in a row must be missing. The arithmetic is in docs/detectors/silence.md."""

from datetime import timedelta
from math import ceil, comb, log

from msgspec.structs import replace

from diagnostics.detectors.silence.memory import Tests
from diagnostics.detectors.silence.parameters import Parameters

_YEAR = timedelta(days=365)


def loss(tests: Tests, limits: Parameters) -> float:
    """Return the part of this aid's test calls that is lost, as far as its record tells."""
    missed = tests.missed + sum(tests.newest)
    known = tests.heard + tests.missed + len(tests.newest)
    return (missed + limits.test_loss * limits.test_prior) / (known + limits.test_prior)


def allowed(tests: Tests, limits: Parameters) -> int:
    """Return how many missing in a row are a finding.

    The fewest n at which chance alone gives no more false findings a year than allowed: a run of n
    begins after any call that came, so there are (calls a year) * (1 - p) * p^n of them.
    """
    lost = loss(tests, limits)
    starts = _YEAR / limits.test_interval * (1 - lost)
    count = ceil(log(limits.test_false_a_year / starts) / log(lost))
    return min(max(count, limits.test_least), limits.test_most)


def too_many(tests: Tests, limits: Parameters) -> bool:
    """Tell whether of the newest test calls more are missing than chance explains.

    The loss is that of the calls before these, and never more than is reported of any network:
    what has always lost every other call is not excused by it. Each call that comes ends one such
    row, so chance must be below what is allowed a year by the calls of a year.
    """
    before = replace(tests, newest=())
    lost = min(loss(before, limits), limits.test_loss)
    count, missed = len(tests.newest), sum(tests.newest)
    if missed < limits.share_least:
        return False
    chance = sum(
        comb(count, more) * lost**more * (1 - lost) ** (count - more)
        for more in range(missed, count + 1)
    )
    return chance * (_YEAR / limits.test_interval) <= limits.test_false_a_year


def missing_after(waited: timedelta, limits: Parameters) -> int:
    """Return how many test calls are missing after so long a wait."""
    return max(0, (waited - limits.test_slack) // limits.test_interval)


def due_after(count: int, limits: Parameters) -> timedelta:
    """Return the wait after which so many are missing."""
    return count * limits.test_interval + limits.test_slack
