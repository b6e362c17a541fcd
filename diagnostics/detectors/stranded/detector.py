"""The stranded detector: emergencies by the rules of scooters and wheelchairs."""

from datetime import datetime, timedelta

from diagnostics.detectors.contract import Aid, Level, Reason
from diagnostics.detectors.emergency import EmergencyDetector, Patience, Rules, Silence
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Stop, Track
from diagnostics.detectors.stranded import reasons
from diagnostics.detectors.stranded.parameters import Parameters
from diagnostics.detectors.stranded.track import advance
from diagnostics.detectors.stranded.view import see
from diagnostics.facts import Fact


class Stranded(EmergencyDetector):
    """Finds clients who cannot get home."""

    name: str = "stranded"
    version: int = 2
    kinds: frozenset[str] = frozenset({"scooter", "wheelchair"})

    def __init__(self, limits: Parameters | None = None) -> None:
        super().__init__(WheelsRules(limits or Parameters()))


class WheelsRules(Rules):
    """How an aid on wheels is read and judged."""

    what = "stranded"
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
        """Silence is dangerous under way with a low battery; else it is a dead spot, or a shop."""
        last = track.last
        under_way = last is not None and track.riding and bool(last.moving) and track.may_carry
        return self._silence if under_way and last is not None and last.weak else None

    def why_pressed(self, seen: Seen) -> tuple[Reason, ...]:
        """The emergency button is pressed."""
        return reasons.of_press(seen)

    def why_stopped(self, stop: Stop, level: Level) -> tuple[Reason, ...]:
        """It cannot go on, away from home; or could not."""
        return reasons.of_stop(stop, level)

    def why_silent(self, silence: Silence, level: Level) -> tuple[Reason, ...]:
        """Nothing is heard of it, under way with a low battery."""
        return reasons.of_silence(silence, level)
