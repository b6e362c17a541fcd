"""Whether the platform hears the lifts, and how late. Knows no clock and no network.

The worker sends itself a probe through the broker every few seconds. The broker delivers in order,
so when a probe comes back, all that was sent before it has arrived, and nothing that arrives later
is older than it. Silence of a lift means something only while probes come back in time.
"""

from datetime import datetime
from typing import Final

PROBE_INTERVAL_S: Final = 2.0
MAX_DELAY_S: Final = 5.0


class Hearing:
    """Keeps track of probes. Times ``…_s`` are by a clock that does not jump."""

    def __init__(self) -> None:
        self._connection = 0
        self._echo_sent_s: float | None = None
        self._since: datetime | None = None

    def connected(self) -> None:
        """Begin anew: probes of earlier connections tell nothing about this one."""
        self._connection += 1
        self._echo_sent_s = None

    def lost(self) -> None:
        """Nothing is heard now."""
        self._echo_sent_s = None
        self._since = None

    def probe(self, now_s: float) -> bytes:
        """Return the payload of a probe that is sent now."""
        return f"{self._connection} {now_s!r}".encode()

    def echoed(self, payload: bytes) -> None:
        """Take note of a probe that came back. Others than this connection's tell nothing."""
        connection, _, sent = payload.partition(b" ")
        if connection != str(self._connection).encode():
            return
        try:
            sent_s = float(sent)
        except ValueError:
            return
        if self._echo_sent_s is None or sent_s > self._echo_sent_s:
            self._echo_sent_s = sent_s

    def prompt(self, now_s: float) -> bool:
        """Tell whether what arrives now was sent just now, and not out of a queue."""
        return self._echo_sent_s is not None and now_s - self._echo_sent_s <= MAX_DELAY_S

    def lag_s(self, now_s: float) -> float | None:
        """Return how old at most what arrives now may be; None while nothing tells."""
        return None if self._echo_sent_s is None else now_s - self._echo_sent_s

    def listening_since(self, now_s: float, now: datetime) -> datetime | None:
        """Return since when everything has been heard without a break; None if it is not now."""
        if not self.prompt(now_s):
            self._since = None
        elif self._since is None:
            self._since = now
        return self._since
