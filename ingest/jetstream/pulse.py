"""How a bridge does: which side of it is well, and since when. Knows no network.

A probe goes to the broker and comes back in the bridge's own queue there, behind all that waited in
it; the streams are asked whether they have a leader. A bridge is well while both answer in time. It
says so in ``heartbeat``, under its broker's name: another bridge's word is no word about this one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from ingest.hearing import MAX_DELAY_S, Hearing

# Of an answer; who does not get in tries again within five seconds.
LATELY_S: Final = 2 * MAX_DELAY_S

BEAT: Final = """
INSERT INTO heartbeat AS known (process, part, beat_at, detail)
VALUES (%(process)s, %(process)s, %(now)s, %(detail)s)
ON CONFLICT (process) DO UPDATE SET
    -- Who is not well has not been heard of, whatever it says.
    beat_at = CASE WHEN %(well)s THEN excluded.beat_at ELSE known.beat_at END,
    detail = excluded.detail
"""


class Pulse:
    """What a bridge knows of itself. Times ``…_s`` are by a clock that does not jump.

    Args:
        now: the platform's clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._hearing = Hearing()
        self._reached_s: float | None = None
        self._answered_s: float | None = None
        began = now()
        self._since: dict[str, tuple[bool, datetime]] = {
            "broker": (False, began),
            "jetstream": (False, began),
        }

    def connected(self) -> None:
        """Both sides let us in: from here on probes count."""
        self._hearing.connected()
        self._reached_s = None

    def lost(self) -> None:
        """A connection broke."""
        self._hearing.lost()

    def reached(self, now_s: float) -> None:
        """Take note that the broker let us in while JetStream did not."""
        self._reached_s = now_s

    def probe(self, now_s: float) -> bytes:
        """Return the payload of a probe that is sent to the broker now."""
        return self._hearing.probe(now_s)

    def echoed(self, payload: bytes) -> None:
        """Take note of a probe that the broker gave back."""
        self._hearing.echoed(payload)

    def answered(self, now_s: float) -> None:
        """Take note that each stream has a leader."""
        self._answered_s = now_s

    def look(self, now_s: float) -> dict[str, tuple[bool, datetime]]:
        """Return of each side whether it is well, and since when that is so."""
        sides = {
            "broker": self._hearing.prompt(now_s) or _lately(self._reached_s, now_s),
            "jetstream": _lately(self._answered_s, now_s),
        }
        for side, well in sides.items():
            if self._since[side][0] != well:
                self._since[side] = (well, self._now())
        return dict(self._since)

    def detail(self, now_s: float) -> dict[str, Any]:
        """Return the same for the database."""
        return {
            side: {"well": well, "since": since.isoformat()}
            for side, (well, since) in self.look(now_s).items()
        }


def _lately(at_s: float | None, now_s: float) -> bool:
    return at_s is not None and now_s - at_s <= LATELY_S
