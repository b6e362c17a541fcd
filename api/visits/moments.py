"""When something was, by a phone whose clock may be wrong. Pure."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

# A message may be so long on its way over a poor line: no sign of a clock that is behind.
ON_THE_WAY: Final = timedelta(minutes=2)
# A difference from here on is worth a line in the log.
WORTH_A_LINE: Final = timedelta(minutes=1)


class Moment(NamedTuple):
    """A moment by our clock.

    Attributes:
        at: never later than now.
        ahead: how far the phone's clock was ahead of ours (negative: behind), as far as we know.
        sure: False if the phone's clock was set between then and now: nobody knows when it was.
    """

    at: datetime
    ahead: timedelta
    sure: bool


def moment(
    happened_at: datetime, sent_at: datetime | None, now: datetime, *, never_later: bool = False
) -> Moment:
    """Return when something was.

    Args:
        happened_at: by the phone's clock (aware).
        sent_at: what that clock said when it was sent; None: not told.
        now: by our clock; a message takes its time, so ``sent_at`` is before it if both are right.
        never_later: believe an early moment rather than a late one. Of a person who is said to be
            safe: a call for help that came after it must not be taken for answered.
    """
    ahead = timedelta() if sent_at is None else sent_at - now
    if timedelta() > ahead and (never_later or ahead > -ON_THE_WAY):
        ahead = timedelta()
    at = happened_at - ahead
    if at <= now:
        return Moment(at, ahead, sure=True)
    return Moment(now, ahead + (at - now), sure=False)
