"""A neighbour that is away: how long to wait before the next attempt, and one line in the log."""

import logging
from typing import Final

FIRST_DELAY_S: Final = 0.1
MAX_DELAY_S: Final = 5.0


class Trouble:
    """Counts failures in a row; logs only when they begin, change and end."""

    def __init__(self, logger: logging.Logger, what: str) -> None:
        self._logger = logger
        self._what = what
        self._failures = 0
        self._last = ""

    def failed(self, error: Exception) -> float:
        """Take note of a failure, and return after how many seconds to try again."""
        text = f"{type(error).__name__}: {error}".strip()
        if text != self._last:
            self._logger.warning("%s: %s; trying again", self._what, text)
        self._last = text
        self._failures += 1
        return float(min(FIRST_DELAY_S * 2 ** min(self._failures - 1, 10), MAX_DELAY_S))

    def over(self) -> None:
        """Take note of a success."""
        if self._failures:
            self._logger.info("%s: back after %d failures", self._what, self._failures)
        self._failures = 0
        self._last = ""
