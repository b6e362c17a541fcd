"""How a stairlift is read and judged."""

from datetime import datetime, timedelta

from diagnostics.detectors.contract import Aid, Level, Reason
from diagnostics.detectors.emergency.rules import Patience, Rules, Silence
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Stop, Track
from diagnostics.detectors.stuck import reasons
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.detectors.stuck.track import advance, longest_ride
from diagnostics.detectors.stuck.view import see
from diagnostics.facts import Fact


class StairliftRules(Rules):
    """Rules for lifts on a rail."""

    what = "stuck"
    limits: Parameters

    def __init__(self, limits: Parameters) -> None:
        self.limits = limits

    def see(self, fact: Fact, aid: Aid) -> Seen | None:
        """Return what ``fact`` shows of the lift."""
        return see(fact, aid, self.limits)

    def advance(self, track: Track, seen: Seen) -> tuple[Track, Stop | None]:
        """Take the next observation."""
        return advance(track, seen, self.limits)

    def silence(self, track: Track, calm: timedelta, lost_at: datetime | None) -> Patience | None:
        """In mid-ride with somebody aboard, or perhaps, silence is dangerous.

        So it is where somebody had just sat down and the line is lost for long: what he did then
        may be what it did not bring.
        """
        limits, last = self.limits, track.last
        if not track.riding and last is not None and track.boarded_at is not None:
            boarding = last.at - track.boarded_at <= limits.boarding
            soon = lost_at is not None and lost_at - last.received_at <= limits.will_after
            certain = limits.certain_lost
            return Patience(certain, certain) if boarding and soon else None
        if not track.riding or track.stop or not track.may_carry:
            return None
        # A battery that was about to give out takes the modem along.
        certain = calm / 2 if track.sagged else calm
        return Patience(min(limits.suspect_silence, certain), certain)

    def overlong(self, track: Track) -> timedelta | None:
        """A ride with somebody aboard ends at a landing before long."""
        return longest_ride(track.habits, self.limits) if track.riding and track.carried else None

    def why_pressed(self, seen: Seen) -> tuple[Reason, ...]:
        """The emergency button is pressed."""
        return reasons.of_press(seen)

    def why_stopped(self, stop: Stop, level: Level) -> tuple[Reason, ...]:
        """The lift stands still between landings, or did."""
        return reasons.of_stop(stop, level)

    def why_silent(self, silence: Silence, level: Level) -> tuple[Reason, ...]:
        """Nothing is heard of a ride that goes on."""
        return reasons.of_silence(silence, level)

    def why_overlong(self, track: Track, limit: timedelta) -> tuple[Reason, ...]:
        """It goes and stops, and gets to no landing."""
        return reasons.of_overlong(track, limit)
