"""What was found of an aid: an episode keeps its name while it grows and ends."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from diagnostics.detectors.contract import Evidence, Finding, Level
from diagnostics.detectors.emergency.memory import Episode, Memory, Press
from diagnostics.detectors.emergency.rules import Rules, Silence
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Stop, Track
from diagnostics.facts import Order


class Episodes:
    """Those of one step under way. Attributes as in ``Memory``."""

    def __init__(self, memory: Memory, rules: Rules) -> None:
        self._rules = rules
        self._limits = rules.limits
        self._found: dict[str, Finding] = {}
        self.stop = memory.stop
        self.silence = memory.silence
        self.overlong = memory.overlong
        self.press = memory.press
        self.alarmed = memory.alarmed

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is new or has changed."""
        return tuple(self._found.values())

    def feel(self, seen: Seen, before: Seen | None) -> None:
        """Judge the emergency button: certain at once, wherever the lift stands."""
        if not seen.sos or seen.attended or seen.received_at - seen.at > self._limits.fresh:
            return
        press = self.press
        if press is not None and (
            (before is not None and before.sos)
            or press.first - self._limits.same_press
            <= seen.at
            <= press.last + self._limits.same_press
        ):
            self.press = replace(
                press, first=min(press.first, seen.at), last=max(press.last, seen.at)
            )
            return
        self.press = Press(key=f"sos:{_name(seen.order)}", first=seen.at, last=seen.at)
        self.find(
            Finding(
                key=self.press.key,
                what=self._rules.what,
                level=Level.CERTAIN,
                since=seen.at,
                reasons=self._rules.why_pressed(seen),
                evidence=Evidence((seen.log_no,), seen.at, seen.at),
            )
        )

    def known(self, stop: Stop) -> Episode | None:
        """Return the episode that was found of this stop: the one that overlaps it in time."""
        known = self.stop
        if known is None:
            return None
        begun, over = known.finding.since, stop.until or stop.last_at
        return known if stop.since <= known.until and begun <= over else None

    def report_stop(self, stop: Stop, level: Level) -> None:
        """Tell of a stop."""
        known = self.known(stop)
        until = stop.until or stop.last_at
        finding = Finding(
            key=known.finding.key if known else f"stop:{_name(stop.order)}",
            what=self._rules.what,
            level=level,
            since=stop.since,
            reasons=self._rules.why_stopped(stop, level),
            evidence=Evidence(stop.log_nos, stop.since, until),
            ended_at=stop.until,
        )
        self.stop = Episode(finding=self._update(known, finding), until=until)

    def report_silence(self, silence: Silence, level: Level, clock: datetime) -> None:
        """Tell of a silence; it is what it is at ``clock``."""
        last = silence.last
        finding = Finding(
            key=f"silence:{_name(last.order)}",
            what=self._rules.what,
            level=level,
            since=last.at,
            reasons=self._rules.why_silent(silence, level),
            evidence=Evidence((last.log_no,), last.at, last.at),
        )
        self.silence = Episode(finding=self._update(self.silence, finding), until=clock)

    def report_overlong(self, track: Track, limit: timedelta) -> None:
        """Tell of a ride that lasts for longer than it may."""
        began, last = track.began, track.last
        assert began is not None and last is not None  # noqa: S101, PT018 - callers have looked
        finding = Finding(
            key=f"ride:{began:%Y%m%dT%H%M%S.%f}",
            what=self._rules.what,
            level=Level.CERTAIN,
            since=began,
            reasons=self._rules.why_overlong(track, limit),
            evidence=Evidence((last.log_no,), began, last.at),
        )
        self.overlong = Episode(finding=self._update(self.overlong, finding), until=last.at)

    def _update(self, known: Episode | None, finding: Finding) -> Finding:
        """Report what is new of an episode; one that was certain stays so, for its own reasons."""
        if known is None or known.finding.key != finding.key:
            return self.find(finding)
        before = known.finding
        if before.level is Level.CERTAIN:
            newer = finding.evidence.last_at - before.evidence.last_at
            evidence = finding.evidence if newer >= self._limits.refresh else before.evidence
            finding = replace(before, evidence=evidence, ended_at=finding.ended_at)
        elif finding.level is before.level:
            if finding.reasons == before.reasons:
                finding = replace(before, ended_at=finding.ended_at)
        elif before.level is Level.PASSED and finding.level is Level.SUSPECTED:
            return before
        return finding if finding == before else self.find(finding)

    def end_stop(self, clock: datetime) -> None:
        """A stop that was reported turns out not to have been one: say so."""
        self.stop = self._ended(self.stop, clock)

    def end_silence(self, clock: datetime, unless_of: Seen | None = None) -> None:
        """Tell that a silence is over, unless it still goes on after this observation."""
        known = self.silence
        goes_on = (
            known is not None
            and unless_of is not None
            and known.finding.key == f"silence:{_name(unless_of.order)}"
        )
        if not goes_on:
            self.silence = self._ended(known, clock)

    def end_overlong(self, clock: datetime) -> None:
        """Tell that a ride that was too long is over."""
        self.overlong = self._ended(self.overlong, clock)

    def _ended(self, known: Episode | None, clock: datetime) -> Episode | None:
        """Report that what was found of an episode is over, if it was not yet."""
        if known is None or known.finding.ended_at is not None:
            return known
        level = Level.CERTAIN if known.finding.level is Level.CERTAIN else Level.PASSED
        finding = self.find(replace(known.finding, level=level, ended_at=clock))
        return replace(known, finding=finding)

    def find(self, finding: Finding) -> Finding:
        """Tell of ``finding``."""
        self._found[finding.key] = finding
        if finding.level is Level.CERTAIN:
            self.alarmed = True
        return finding


def _name(order: Order) -> str:
    return ":".join(map(str, order))
