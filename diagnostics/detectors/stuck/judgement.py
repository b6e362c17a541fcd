"""One step of stuck under way: facts and time folded into what is found.

What the facts come to does not depend on how they arrive. Observations wait ``late`` in a window,
sorted by the device's own order, before they are folded into ``Memory.settled``; whatever is late
by less than that finds its place. Decisions that rest on nothing having happened wait as long.
"""

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Evidence, Finding, Level, Outcome
from diagnostics.detectors.stuck import calls as calling
from diagnostics.detectors.stuck import findings, reasons
from diagnostics.detectors.stuck.calls import CallStage
from diagnostics.detectors.stuck.memory import Episode, Memory, Press, connected
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.detectors.stuck.track import Cause, Stop, Track, advance
from diagnostics.detectors.stuck.view import Seen, see
from diagnostics.facts import Called, Fact, Order, PresenceChanged

_WINDOW: Final = 128  # a backlog comes in order, so folding it early does no harm


class Judgement:
    """One step under way: the only thing here that changes."""

    def __init__(
        self, memory: Memory, limits: Parameters, aid: Aid, listening_since: datetime | None
    ) -> None:
        self._memory = memory
        self._limits = limits
        self._aid = aid
        self._listening_since = listening_since
        self._findings: dict[str, Finding] = {}
        self._all_clear = False
        self._due_at: datetime | None = None
        self._folded: list[tuple[Track, Stop | None]] | None = None  # with each of the window

    def outcome(self) -> Outcome:
        """Return what the step comes to."""
        memory = self._memory
        concerned = (
            memory.settled.riding
            or not all(seen.resting for seen in memory.window)
            or memory.alarmed
            or self._due_at is not None
        )
        return Outcome(
            state=memory,
            findings=tuple(self._findings.values()),
            due_at=self._due_at,
            attentive=concerned,
            all_clear=self._all_clear,
        )

    # --- taking facts in

    def take(self, fact: Fact) -> None:
        """Take in one fact."""
        memory = self._memory
        match fact:
            case Called():
                memory = replace(memory, calls=calling.hear(memory.calls, fact, self._limits))
            case PresenceChanged():
                memory = connected(memory, fact, self._aid, self._limits)
        self._memory = memory
        seen = see(fact, self._aid, self._limits)
        if seen is not None:
            self._observe(seen)

    def _observe(self, seen: Seen) -> None:
        memory = self._memory
        newest = memory.window[-1] if memory.window else None
        if newest is not None and newest.order < seen.order:
            # As nearly always; the rest is for those that overtook others.
            self._memory = replace(memory, window=(*memory.window, seen))
            if self._folded is not None:
                self._folded.append(advance(self._folded[-1][0], seen, self._limits))
            self._feel(seen, before=newest)
            return
        if any(known.order == seen.order for known in memory.window):
            return
        settled = memory.settled.last
        if settled is not None and seen.order <= settled.order:
            # Too late to change what is settled. A button pressed a moment ago is still pressed.
            if seen.order != settled.order:
                self._feel(seen, before=None)
            return
        window = tuple(sorted((*memory.window, seen), key=lambda known: known.order))
        place = window.index(seen)
        self._memory = replace(memory, window=window)
        self._folded = None
        self._feel(seen, before=window[place - 1] if place else settled)

    def _feel(self, seen: Seen, before: Seen | None) -> None:
        """Judge the emergency button: certain at once, wherever the lift stands."""
        if not seen.sos or seen.attended or seen.received_at - seen.at > self._limits.fresh:
            return
        press = self._memory.press
        if press is not None and (
            (before is not None and before.sos)
            or press.first - self._limits.same_press
            <= seen.at
            <= press.last + self._limits.same_press
        ):
            press = replace(press, first=min(press.first, seen.at), last=max(press.last, seen.at))
            self._memory = replace(self._memory, press=press)
            return
        press = Press(key=f"sos:{_name(seen.order)}", first=seen.at, last=seen.at)
        self._memory = replace(self._memory, press=press)
        self._find(
            Finding(
                key=press.key,
                level=Level.CERTAIN,
                since=seen.at,
                reasons=reasons.of_press(seen),
                evidence=Evidence((seen.log_no,), seen.at, seen.at),
            )
        )

    # --- letting time pass

    def catch_up(self, received_at: datetime) -> None:
        """Let time pass until a fact came, unless it came with the one before."""
        if self._memory.clock is None or received_at > self._memory.clock:
            self.pass_time(received_at)

    def pass_time(self, now: datetime) -> None:
        """Decide what ``now`` makes certain, and when to look again if nothing is heard."""
        clock = max(now, self._memory.clock or now)
        self._memory = replace(self._memory, clock=clock)
        self._due_at = None
        self._judge_calls(clock)
        head, pending = self._head()
        if head.stop is not None:
            self._judge_stop(head.stop, clock)
        silent = head.riding and head.stop is None and head.may_carry
        if silent:
            self._judge_silence(head, clock)
        self._end_silence(head, clock, silent=silent)
        if head.stop is None and not pending:
            self._end_stop(clock)
        self._settle(clock)
        self._judge_rest()

    def _head(self) -> tuple[Track, bool]:
        """Return the track with all we have, and whether a stop ended that is not settled yet."""
        folded = self._fold()
        head = folded[-1][0] if folded else self._memory.settled
        return head, any(ended is not None for _, ended in folded)

    def _fold(self) -> list[tuple[Track, Stop | None]]:
        """Return the track with each observation of the window, and the stop that it ended."""
        if self._folded is None:
            track, self._folded = self._memory.settled, []
            for seen in self._memory.window:
                track, ended = advance(track, seen, self._limits)
                self._folded.append((track, ended))
        return self._folded

    def _judge_calls(self, clock: datetime) -> None:
        memory = self._memory
        if not memory.calls:
            return
        judged = calling.judge(memory.calls, at=clock, rest_since=memory.head)
        for memo in judged:
            if memo.stage is CallStage.CERTAIN and not memo.reported:
                self._find(findings.of_call(memo, Level.CERTAIN))
            elif memo.stage is CallStage.PASSED and not memo.reported:
                self._find(findings.of_call(memo, Level.PASSED))
            elif memo.held_until is not None:
                self._wake(memo.held_until, clock)
        decided = (CallStage.CERTAIN, CallStage.PASSED)
        judged = tuple(replace(memo, reported=memo.stage in decided) for memo in judged)
        self._memory = replace(self._memory, calls=judged)

    def _judge_stop(self, stop: Stop, clock: datetime) -> None:
        """Judge a stop that goes on, as far as we know."""
        limits = self._limits
        ripe_at = stop.ripe_at or stop.due_at(limits)
        certain_at: datetime | None = ripe_at + limits.late
        if stop.last_at < ripe_at:
            # That nothing moved it since is known only while we listen.
            since = self._listening_since
            certain_at = max(ripe_at, since) + limits.late if since is not None else None
        suspect_at = stop.since
        if stop.cause is Cause.NONE:
            suspect_at += limits.suspect_stop
        if not stop.fresh:
            # History: the rest of the backlog may show how it ended.
            settled_at = stop.received_at + limits.settle_history
            suspect_at = max(suspect_at, settled_at)
            certain_at = max(certain_at, settled_at) if certain_at is not None else None
        if certain_at is not None and clock >= certain_at:
            self._report_stop(stop, Level.CERTAIN)
            return
        self._wake(certain_at or clock + limits.recheck, clock)
        if clock >= suspect_at:
            self._report_stop(stop, Level.SUSPECTED)
        else:
            self._wake(suspect_at, clock)

    def _judge_silence(self, head: Track, clock: datetime) -> None:
        """Judge that nothing is heard of a ride that goes on."""
        limits, last, lost_at = self._limits, head.last, self._memory.lost_at
        if self._listening_since is None or last is None:
            self._wake(clock + limits.recheck, clock)
            return
        heard_at = max(last.at, last.received_at - limits.late)
        quiet_since = max(heard_at, self._listening_since)
        certain_at = quiet_since + limits.certain_silence + limits.late
        suspect_at = quiet_since + limits.suspect_silence
        if lost_at is not None:
            suspect_at = min(suspect_at, lost_at)
        if clock >= certain_at:
            self._report_silence(last, Level.CERTAIN, clock, quiet_since)
            return
        self._wake(certain_at, clock)
        if clock >= suspect_at:
            self._report_silence(last, Level.SUSPECTED, clock, quiet_since)
        else:
            self._wake(suspect_at, clock)

    def _settle(self, clock: datetime) -> None:
        """Fold what nothing earlier can come before any more, and judge the stops it ended."""
        track, window, folded = self._memory.settled, self._memory.window, self._fold()
        settled = 0
        for seen in window:
            if seen.received_at + self._limits.late > clock and len(window) - settled <= _WINDOW:
                break
            self._judge_gap(track, seen)
            track, ended = folded[settled]
            settled += 1
            if ended is not None:
                self._judge_ended(ended)
        if settled:
            window = window[settled:]
            del folded[:settled]
            self._memory = replace(self._memory, settled=track, window=window)
        if window and (
            track.riding or not all(seen.resting for seen in window) or self._memory.alarmed
        ):
            newest = max(seen.received_at for seen in window)
            self._wake(newest + self._limits.late, clock)

    def _judge_gap(self, track: Track, seen: Seen) -> None:
        """Judge a silence that ``seen`` ended, just as its timer does if ``seen`` is late."""
        last, since, limits = track.last, self._listening_since, self._limits
        if last is None or since is None or not track.riding or track.stop or not track.may_carry:
            return
        heard_at = max(last.at, last.received_at - limits.late)
        lived = seen.received_at - seen.at <= limits.fresh and since <= heard_at
        if lived and seen.at - heard_at >= limits.certain_silence:
            self._report_silence(last, Level.CERTAIN, seen.at, heard_at)
            known = self._memory.silence
            if known is not None and known.finding.ended_at is None:
                finding = self._end(known.finding, seen.at)
                self._memory = replace(self._memory, silence=replace(known, finding=finding))

    def _judge_ended(self, stop: Stop) -> None:
        ripe = stop.ripe_at is not None
        if ripe and stop.fresh:
            self._report_stop(stop, Level.CERTAIN)
        elif ripe or stop.blocked_by or stop.cause is not Cause.NONE or self._known(stop):
            self._report_stop(stop, Level.PASSED)

    def _judge_rest(self) -> None:
        memory = self._memory
        calling_on = any(
            memo.stage is CallStage.CERTAIN and not memo.cleared for memo in memory.calls
        )
        at_rest = memory.settled.at_rest and all(seen.resting for seen in memory.window)
        if memory.alarmed and at_rest and not calling_on:
            self._memory = replace(memory, alarmed=False)
            self._all_clear = True

    # --- findings

    def _known(self, stop: Stop) -> Episode | None:
        """Return the episode that was found of this stop: the one that overlaps it in time."""
        known = self._memory.stop
        if known is None:
            return None
        begun, over = known.finding.since, stop.until or stop.last_at
        return known if stop.since <= known.until and begun <= over else None

    def _report_stop(self, stop: Stop, level: Level) -> None:
        known = self._known(stop)
        until = stop.until or stop.last_at
        finding = Finding(
            key=known.finding.key if known else f"stop:{_name(stop.order)}",
            level=level,
            since=stop.since,
            reasons=reasons.of_stop(stop, level),
            evidence=Evidence(stop.log_nos, stop.since, until),
            ended_at=stop.until,
        )
        finding = self._update(known, finding)
        self._memory = replace(self._memory, stop=Episode(finding=finding, until=until))

    def _report_silence(self, last: Seen, level: Level, clock: datetime, since: datetime) -> None:
        key = f"silence:{_name(last.order)}"
        known = self._memory.silence
        finding = Finding(
            key=key,
            level=level,
            since=last.at,
            reasons=reasons.of_silence(last, since, level, self._memory.lost_at, self._limits),
            evidence=Evidence((last.log_no,), last.at, last.at),
        )
        same = known if known is not None and known.finding.key == key else None
        finding = self._update(same, finding)
        self._memory = replace(self._memory, silence=Episode(finding=finding, until=clock))

    def _update(self, known: Episode | None, finding: Finding) -> Finding:
        """Report what is new of an episode; one that was certain stays so, for its own reasons."""
        if known is None:
            return self._find(finding)
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
        return finding if finding == before else self._find(finding)

    def _end_stop(self, clock: datetime) -> None:
        """A stop that was reported turns out not to have been one: say so."""
        known = self._memory.stop
        if known is not None and known.finding.ended_at is None:
            finding = self._end(known.finding, clock)
            self._memory = replace(self._memory, stop=replace(known, finding=finding))

    def _end_silence(self, head: Track, clock: datetime, *, silent: bool) -> None:
        known = self._memory.silence
        if known is None or known.finding.ended_at is not None:
            return
        unbroken = head.last is not None and known.finding.key.endswith(_name(head.last.order))
        if not (silent and unbroken):
            finding = self._end(known.finding, clock)
            self._memory = replace(self._memory, silence=replace(known, finding=finding))

    def _end(self, finding: Finding, clock: datetime) -> Finding:
        level = Level.CERTAIN if finding.level is Level.CERTAIN else Level.PASSED
        return self._find(replace(finding, level=level, ended_at=clock))

    def _find(self, finding: Finding) -> Finding:
        self._findings[finding.key] = finding
        if finding.level is Level.CERTAIN:
            self._memory = replace(self._memory, alarmed=True)
        return finding

    def _wake(self, at: datetime, clock: datetime) -> None:
        """Ask to be called at ``at``, if that is still to come."""
        if at > clock and (self._due_at is None or at < self._due_at):
            self._due_at = at


def _name(order: Order) -> str:
    return ":".join(map(str, order))
