"""The hanging detector: emergencies by the rules of patient hoists."""

from datetime import datetime, timedelta

from diagnostics.detectors.contract import Aid, Level, Reason
from diagnostics.detectors.emergency import EmergencyDetector, Patience, Rules, Silence
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Stop, Track
from diagnostics.detectors.hanging import reasons
from diagnostics.detectors.hanging.parameters import Parameters
from diagnostics.detectors.hanging.track import advance
from diagnostics.detectors.hanging.view import see
from diagnostics.facts import Fact


class Hanging(EmergencyDetector):
    """Finds people who hang in a hoist that does not let them down."""

    name: str = "hanging"
    version: int = 2
    kinds: frozenset[str] = frozenset({"hoist"})

    def __init__(self, limits: Parameters | None = None) -> None:
        super().__init__(HoistRules(limits or Parameters()))


class HoistRules(Rules):
    """How a hoist is read and judged."""

    what = "hanging"
    limits: Parameters

    def __init__(self, limits: Parameters) -> None:
        self.limits = limits
        self._silence = Patience(limits.suspect_silence, limits.certain_silence)

    def see(self, fact: Fact, aid: Aid) -> Seen | None:  # noqa: ARG002 - the rules' signature
        """Return what ``fact`` shows of it."""
        return see(fact, self.limits)

    def advance(self, track: Track, seen: Seen) -> tuple[Track, Stop | None]:
        """Take the next observation."""
        return advance(track, seen, self.limits)

    def silence(
        self,
        track: Track,
        calm: timedelta,  # noqa: ARG002 - the rules' signature
        lost_at: datetime | None,  # noqa: ARG002 - the rules' signature
    ) -> Patience | None:
        """Silence is dangerous while it moves a load; one that stands is judged by its stop."""
        hangs = track.riding and track.carried and track.stop is None
        return self._silence if hangs else None

    def why_pressed(self, seen: Seen) -> tuple[Reason, ...]:
        """The emergency button is pressed."""
        return reasons.of_press(seen)

    def why_stopped(self, stop: Stop, level: Level) -> tuple[Reason, ...]:
        """It has stopped with somebody in it; or had."""
        return reasons.of_stop(stop, level)

    def why_silent(self, silence: Silence, level: Level) -> tuple[Reason, ...]:
        """Nothing is heard of it while somebody hangs in it."""
        return reasons.of_silence(silence, level)
