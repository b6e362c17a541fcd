"""What time it is, though this machine's clock may leap.

A clock that is set, or set wrongly and back, would make every lift under way look silent for as
long as the leap: an emergency each. So a leap is believed only when it has stayed.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from ingest.timing import EPOCH

# Corrections in small steps are no leaps.
LEAP_S: Final = 2.0
BELIEVED_AFTER_S: Final = 60.0

_log = logging.getLogger(__name__)


def _since_boot_s() -> float:
    # Goes on while the machine is suspended: waking up is no leap.
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SteadyClock:
    """The wall clock without its leaps, until they have lasted for ``BELIEVED_AFTER_S``.

    Args:
        wall_s: seconds since 1970, as the machine believes.
        elapsed_s: seconds since whenever; never set.
    """

    def __init__(
        self,
        wall_s: Callable[[], float] = time.time,
        elapsed_s: Callable[[], float] = _since_boot_s,
    ) -> None:
        self._wall_s, self._elapsed_s = wall_s, elapsed_s
        self._offset_s = wall_s() - elapsed_s()
        self._leapt_at_s: float | None = None

    def __call__(self) -> datetime:
        """Return what time it is (UTC)."""
        elapsed_s = self._elapsed_s()
        offset_s = self._wall_s() - elapsed_s
        leap_s = offset_s - self._offset_s
        if abs(leap_s) < LEAP_S:
            self._offset_s, self._leapt_at_s = offset_s, None
        elif self._leapt_at_s is None:
            self._leapt_at_s = elapsed_s
            _log.warning("the clock leapt by %.1f s: not believed yet", leap_s)
        elif elapsed_s - self._leapt_at_s >= BELIEVED_AFTER_S:
            self._offset_s, self._leapt_at_s = offset_s, None
            _log.warning("the clock leapt by %.1f s, and stayed: believed", leap_s)
        return EPOCH + timedelta(seconds=elapsed_s + self._offset_s)
