"""The regular test call: every 72 hours the lift shows that it could call for help."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from gateway.watch.settings import CallSettings

# A wall clock that was set anew is noticed within this.
LOOK_MS: Final = 600_000


class TestRecord(Struct, frozen=True, kw_only=True):
    """What must survive a restart.

    ``done_ms``: when the last completed test was confirmed (wall clock); ``seq``: the number of
    the one that the platform has not confirmed yet.
    """

    __test__ = False  # not a test case, whatever its name begins with

    done_ms: int | None = None
    seq: int | None = None


class TestCalls:
    """When to make a test call. ``started_ms`` is the monotonic time of the modem's start."""

    __test__ = False

    def __init__(
        self, settings: CallSettings, record: TestRecord | None, *, started_ms: int
    ) -> None:
        self._settings = settings
        self.record = record or TestRecord()
        self._since_ms = started_ms  # monotonic: of the start or of the last completed test
        self.look_ms = started_ms  # monotonic: before this there is no need to ask

    def due(self, wall_ms: int, now_ms: int) -> bool:
        """Tell whether it is time. Not while an earlier one is still under way."""
        self.look_ms = now_ms + LOOK_MS
        if self.record.seq is not None:
            return False
        elapsed_ms, interval_ms = now_ms - self._since_ms, self._settings.first_test_ms
        if self.record.done_ms is not None:
            # It spans restarts; should it have been set back, the other one still runs.
            elapsed_ms = max(elapsed_ms, wall_ms - self.record.done_ms)
            interval_ms = self._settings.test_interval_ms
        left_ms = interval_ms - elapsed_ms
        self.look_ms = now_ms + min(max(left_ms, 0), LOOK_MS)
        return left_ms <= 0

    def made(self, seq: int) -> None:
        """One was made, with this number."""
        self.record = TestRecord(done_ms=self.record.done_ms, seq=seq)

    def confirmed(self, seqs: Collection[int], wall_ms: int, now_ms: int) -> bool:
        """Take the platform's confirmation. Returns whether that completes a test."""
        if self.record.seq is None or self.record.seq not in seqs:
            return False
        self.record = TestRecord(done_ms=max(wall_ms, 0), seq=None)
        self._since_ms = now_ms
        return True
