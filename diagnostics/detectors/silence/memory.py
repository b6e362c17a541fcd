"""What is remembered of an aid's words and silences."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct

from diagnostics.detectors.contract import Finding

_KEPT: Final = 24
_AWAY_KEPT: Final = 48


class Away(NamedTuple):
    """An outage: when it began (seconds since 1970), and how long it was."""

    began_s: int
    lasted_s: int


class Habits(Struct, frozen=True, array_like=True, kw_only=True):
    """The aid's own silences, newest last.

    Attributes:
        away: outages.
        mute_s: how long it had said nothing, connected, whenever that was noted, in seconds.
    """

    away: tuple[Away, ...] = ()
    mute_s: tuple[int, ...] = ()

    def with_outage(self, lost_at: datetime, lasted: timedelta) -> "Habits":
        """Return the habits with one outage more."""
        one = Away(round(lost_at.timestamp()), round(lasted.total_seconds()))
        return Habits(away=(*self.away[1 - _AWAY_KEPT :], one), mute_s=self.mute_s)

    def with_mute(self, lasted: timedelta) -> "Habits":
        """Return the habits with one silence more."""
        mute_s = (*self.mute_s[1 - _KEPT :], round(lasted.total_seconds()))
        return Habits(away=self.away, mute_s=mute_s)


def usual_longest(values_s: tuple[int, ...], enough: int) -> timedelta | None:
    """Return the longest but one: what happened only once is no habit. None: too few."""
    if len(values_s) < enough:
        return None
    return timedelta(seconds=sorted(values_s)[-2])


class Tests(Struct, frozen=True, kw_only=True):
    """Test calls.

    Attributes:
        waited: how long the aid has been connected since the last one, up to ``until``.
        until: up to when ``waited`` is counted; None: it does not run.
        since: when the last one came, or when we began to wait.
        log_no: of the last one.
        newest: of the newest ones, in their order, whether each was missing (1) or came (0).
        heard, missed: how many came, and how many were missing between them, before those.
        often: whether what was found is that too many of them are missing, not a row of them.
    """

    __test__ = False  # not a test case, whatever its name begins with

    waited: timedelta = timedelta()
    until: datetime | None = None
    since: datetime | None = None
    log_no: int = 0
    newest: tuple[int, ...] = ()
    heard: float = 0
    missed: float = 0
    often: bool = False


class Memory(Struct, frozen=True, kw_only=True):
    """What is remembered of a device.

    Attributes:
        clock: the newest platform time that was judged; ``met_at``: the first.
        session: the newest connection, and whether it is up: (number, 0 up or 1 down).
        lost_at: when the connection was lost; None while it is up. ``lost_no``: its log number.
        back_at: since when it is up again after that, for too short a time to count; or None.
        heard_at: when anything was last heard; ``heard_no``: the log number of the last word.
        polled_at: when it was last noted how long nothing was heard.
        offline, mute, missed: what was found last of each.
    """

    clock: datetime
    met_at: datetime | None = None
    session: tuple[int, int] = (0, 0)
    lost_at: datetime | None = None
    lost_no: int = 0
    back_at: datetime | None = None
    heard_at: datetime | None = None
    heard_no: int = 0
    polled_at: datetime | None = None
    habits: Habits = Habits()
    tests: Tests = Tests()
    offline: Finding | None = None
    mute: Finding | None = None
    missed: Finding | None = None

    @property
    def connected(self) -> bool:
        """Whether its line is up, as far as we know."""
        return self.session > (0, 0) and self.lost_at is None
