"""When to try again: pure."""

from datetime import datetime, timedelta
from typing import Final

from diagnostics.notifications.channel import Channel
from diagnostics.notifications.message import Outgoing

FIRST_DELAY: Final = timedelta(seconds=1)
URGENT_DELAY: Final = timedelta(seconds=30)  # the longest of an open emergency
LONGEST_ASKED: Final = timedelta(minutes=15)  # for more, receivers ask in vain
GIVE_UP_AFTER: Final = timedelta(days=1)


def next_attempt_at(
    message: Outgoing,
    channel: Channel,
    *,
    now: datetime,
    fraction: float,
    asked: timedelta | None = None,
) -> datetime | None:
    """Return when to try again; None to give up.

    The delay doubles up to the channel's limit, and is spread over its second half by
    ``fraction`` (0 to 1, random), so that many do not come back at once. A channel that insists
    never gives up what belongs to an open ticket.

    Args:
        message: that failed.
        channel: it goes by.
        now: the present.
        fraction: random.
        asked: the time that the receiver asked for.
    """
    keep = channel.insists and message.ticket_open
    if not keep and now - message.created_at >= GIVE_UP_AFTER:
        return None
    longest = min(channel.max_delay, URGENT_DELAY) if message.urgent else channel.max_delay
    doublings = min(message.attempts - 1, 20)
    delay = min(FIRST_DELAY * float(2**doublings), longest) * (0.5 + fraction / 2)
    if asked is not None:
        delay = max(delay, min(asked, LONGEST_ASKED))
    return now + delay
