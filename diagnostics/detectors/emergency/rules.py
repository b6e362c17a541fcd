"""What differs from one kind of aid to another."""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from diagnostics.detectors.contract import Aid, Level, Reason
from diagnostics.detectors.emergency.limits import Limits
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Stop, Track
from diagnostics.facts import Fact


class Patience(NamedTuple):
    """How long something may last until it is suspected, and until it is certain."""

    suspect: timedelta
    certain: timedelta

    def minutes(self, level: Level) -> int:
        """Return how long that is for something so sure, for people to read."""
        lasted = self.certain if level is Level.CERTAIN else self.suspect
        return round(lasted / timedelta(minutes=1))


class Silence(NamedTuple):
    """Nothing was heard after ``last``, or ``since`` we listen.

    ``lost_at``: when the connection was lost, if it was.
    """

    last: Seen
    since: datetime
    lost_at: datetime | None
    patience: Patience


class Rules(ABC):
    """How one kind of aid is read and judged.

    ``what`` is the word of the catalogue that all of it is found as; ``limits`` the numbers.
    """

    what: ClassVar[str]
    limits: Limits

    @abstractmethod
    def see(self, fact: Fact, aid: Aid) -> Seen | None:
        """Return what ``fact`` shows of the aid; None if it shows nothing of it."""

    @abstractmethod
    def advance(self, track: Track, seen: Seen) -> tuple[Track, Stop | None]:
        """Take the next observation; return the new track and the stop that it ended, if any."""

    @abstractmethod
    def silence(self, track: Track, calm: timedelta, lost_at: datetime | None) -> Patience | None:
        """Return how long nothing may be heard of it now; None: silence means nothing.

        ``calm`` is how long its line may well be silent by itself; ``lost_at`` when
        the broker said that the connection is lost, if it is.
        """

    @abstractmethod
    def why_pressed(self, seen: Seen) -> tuple[Reason, ...]:
        """The emergency button is pressed."""

    @abstractmethod
    def why_stopped(self, stop: Stop, level: Level) -> tuple[Reason, ...]:
        """It stands still where nobody can get off, or did."""

    @abstractmethod
    def why_silent(self, silence: Silence, level: Level) -> tuple[Reason, ...]:
        """Nothing is heard of a ride that goes on."""

    def overlong(self, track: Track) -> timedelta | None:  # noqa: ARG002 - for others to use
        """Return how long this ride may last, however it goes; None: as long as it likes."""
        return None

    def why_overlong(
        self,
        track: Track,  # noqa: ARG002 - for others to use
        limit: timedelta,  # noqa: ARG002 - for others to use
    ) -> tuple[Reason, ...]:
        """A ride goes on for longer than it ever does."""
        return ()
