"""When to try again: pure."""

from datetime import datetime, timedelta
from typing import Final

from diagnostics.notifications.message import Outgoing

FIRST_DELAY: Final = timedelta(seconds=1)
MAX_DELAY: Final = {"webhook": timedelta(minutes=5), "lift": timedelta(seconds=15)}
GIVE_UP_AFTER: Final = timedelta(days=1)


def next_attempt_at(
    message: Outgoing, channel: str, *, now: datetime, fraction: float
) -> datetime | None:
    """Return when to try again; None to give up.

    The delay doubles up to the channel's limit, and is spread over its second half by
    ``fraction`` (0 to 1, random), so that many do not come back at once. What the rider of an
    open emergency is to hear is never given up.
    """
    keep = channel == "lift" and message.ticket_open
    if not keep and now - message.created_at >= GIVE_UP_AFTER:
        return None
    doublings = min(message.attempts - 1, 20)
    delay = min(FIRST_DELAY * float(2**doublings), MAX_DELAY[channel])
    return now + delay * (0.5 + fraction / 2)
