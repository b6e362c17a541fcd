"""One step of an emergency detector under way: facts and time folded into what is found.

What the facts come to does not depend on how they arrive. Observations wait ``late`` in a window,
sorted by the device's own order, before they are folded into ``Memory.settled``; whatever is late
by less than that finds its place. Decisions that rest on nothing having happened wait as long.
"""

from bisect import insort
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Level, Outcome
from diagnostics.detectors.emergency import calls as calling
from diagnostics.detectors.emergency import findings
from diagnostics.detectors.emergency.calls import CallStage
from diagnostics.detectors.emergency.episodes import Episodes
from diagnostics.detectors.emergency.memory import Memory
from diagnostics.detectors.emergency.rules import Patience, Rules, Silence
from diagnostics.detectors.emergency.seen import AFTER_ALL_SAMPLES, Seen
from diagnostics.detectors.emergency.track import Cause, Stop, Track
from diagnostics.facts import Called, Fact, Order, PresenceChanged

_NOWHERE: Final = Order(0, 0, 0)
# What is older than this as it comes was away for other reasons than a line that stands, or its
# clock is wrong.
_BACKLOG: Final = timedelta(hours=1)
_WINDOW: Final = 128  # a backlog comes in order, so folding it early does no harm


class Judgement:
    """One step under way: the only thing here that changes. Attributes as in ``Memory``."""

    def __init__(
        self, memory: Memory, rules: Rules, aid: Aid, listening_since: datetime | None
    ) -> None:
        self._rules = rules
        self._limits = rules.limits
        self._aid = aid
        self._listening_since = listening_since
        self._settled = memory.settled
        self._window = list(memory.window)
        self._clock = memory.clock
        self._session = memory.session
        self._lost_at = memory.lost_at
        self._head_order = memory.head
        self._born = memory.born
        self._line = memory.line
        self._calls = memory.calls
        self._episodes = Episodes(memory, rules)
        self._all_clear = False
        self._due_at: datetime | None = None
        # The track after each of the window, with the stop that it ended; as far as worked out.
        self._folded: list[tuple[Track, Stop | None]] = []

    def outcome(self) -> Outcome:
        """Return what the step comes to."""
        return Outcome(
            state=Memory(
                settled=self._settled,
                window=tuple(self._window),
                clock=self._clock,
                session=self._session,
                lost_at=self._lost_at,
                head=self._head_order,
                born=self._born,
                line=self._line,
                calls=self._calls,
                stop=self._episodes.stop,
                silence=self._episodes.silence,
                overlong=self._episodes.overlong,
                press=self._episodes.press,
                alarmed=self._episodes.alarmed,
            ),
            findings=self._episodes.findings,
            due_at=self._due_at,
            attentive=self._settled.riding
            or self._episodes.alarmed
            or self._due_at is not None
            or not all(seen.resting for seen in self._window),
            all_clear=self._all_clear,
        )

    # --- taking facts in

    def take(self, fact: Fact) -> None:
        """Take in one fact."""
        seen = self._rules.see(fact, self._aid)
        if self._line.since is None or fact.received_at - fact.measured_at > self._limits.stalled:
            self._line = self._line.heard(fact.received_at, interrupted=fact.age < _BACKLOG)
        if isinstance(fact, Called):
            self._calls = calling.hear(self._calls, fact, self._limits)
        elif isinstance(fact, PresenceChanged):
            self._connect(fact, seen)
        if seen is not None:
            self._observe(seen)

    def _connect(self, fact: PresenceChanged, seen: Seen | None) -> None:
        """Take in a birth or will message; an older session's changes nothing."""
        session = (fact.session, 0 if fact.online else 1)
        if session <= self._session:
            return
        self._session = session
        self._lost_at = None if fact.online else fact.received_at
        if not fact.online:
            return
        if self._born is not None:
            self._line = self._line.heard(fact.received_at, interrupted=True)
        self._born = Order(fact.order.outbox_no, fact.order.seq, AFTER_ALL_SAMPLES)
        if seen is not None and seen.resting and fact.call_id is None:
            self._head_order = max(self._head_order or _NOWHERE, seen.order)
        self._calls = calling.announce(self._calls, fact)

    def _observe(self, seen: Seen) -> None:
        window = self._window
        newest = window[-1] if window else None
        if newest is not None and newest.order < seen.order:
            # As nearly always; the rest is for those that overtook others.
            window.append(seen)
            if seen.sos:
                self._episodes.feel(seen, before=newest)
            return
        if any(known.order == seen.order for known in window):
            return
        settled = self._settled.last
        if settled is not None and seen.order <= settled.order:
            # Too late to change what is settled. A button pressed a moment ago is still pressed.
            if seen.order != settled.order:
                self._episodes.feel(seen, before=None)
            return
        insort(window, seen, key=_order)
        place = window.index(seen)
        del self._folded[place:]
        self._episodes.feel(seen, before=window[place - 1] if place else settled)

    # --- letting time pass

    def catch_up(self, received_at: datetime) -> None:
        """Let time pass until a fact came, unless it came with the one before."""
        if self._clock is None or received_at > self._clock:
            self.pass_time(received_at)

    def pass_time(self, now: datetime) -> None:
        """Decide what ``now`` makes certain, and when to look again if nothing is heard."""
        clock = max(now, self._clock or now)
        self._clock = clock
        self._due_at = None
        if self._calls:
            self._judge_calls(clock)
        head, pending = self._head()
        if head.stop is not None:
            self._judge_stop(head.stop, clock)
        elif not pending:
            self._episodes.end_stop(clock)
        patience = self._patience(head)
        if patience is not None:
            self._judge_silence(head, patience, clock)
        still = head.last if patience is not None else None
        self._episodes.end_silence(clock, unless_of=still)
        self._judge_overlong(head, clock)
        self._settle(clock)
        if self._episodes.alarmed:
            self._judge_rest()

    def _head(self) -> tuple[Track, bool]:
        """Return the track with all we have, and whether a stop ended that is not settled yet."""
        folded = self._fold()
        head = folded[-1][0] if folded else self._settled
        return head, any(ended is not None for _, ended in folded)

    def _fold(self) -> list[tuple[Track, Stop | None]]:
        """Return the track with each observation of the window, and the stop that it ended."""
        folded = self._folded
        if len(folded) < len(self._window):
            track, advance = folded[-1][0] if folded else self._settled, self._rules.advance
            for seen in self._window[len(folded) :]:
                track, ended = advance(track, seen)
                folded.append((track, ended))
        return folded

    def _judge_calls(self, clock: datetime) -> None:
        judged = calling.judge(self._calls, at=clock, rest_since=self._head_order, born=self._born)
        for memo in judged:
            if memo.stage is CallStage.CERTAIN and not memo.reported:
                self._episodes.find(findings.of_call(memo, Level.CERTAIN, self._rules.what))
            elif memo.stage is CallStage.PASSED and not memo.reported:
                self._episodes.find(findings.of_call(memo, Level.PASSED, self._rules.what))
            elif memo.held_until is not None:
                self._wake(memo.held_until, clock)
        decided = (CallStage.CERTAIN, CallStage.PASSED)
        self._calls = tuple(replace(memo, reported=memo.stage in decided) for memo in judged)

    def _judge_stop(self, stop: Stop, clock: datetime) -> None:
        """Judge a stop that goes on, as far as we know."""
        limits = self._limits
        ripe_at = stop.ripe_at or stop.due_at
        certain_at, suspect_at = ripe_at and ripe_at + limits.late, stop.suspect_at
        if ripe_at is not None and stop.last_at < ripe_at:
            # That nothing moved it since is known only while we listen.
            calm = self._line.patience(stop.received_at, limits)
            since, known_until = (
                self._listening_since,
                stop.received_at + max(limits.news, calm / 2),
            )
            certain_at = since and max(ripe_at, since, known_until) + limits.late
            if certain_at is None:
                self._wake(clock + limits.recheck, clock)
        if not stop.fresh:
            # History: the rest of the backlog may show how it ended.
            settled_at = stop.received_at + limits.settle_history
            suspect_at = suspect_at and max(suspect_at, settled_at)
            certain_at = certain_at and max(certain_at, settled_at)
        if certain_at is not None:
            if clock >= certain_at:
                self._episodes.report_stop(stop, Level.CERTAIN)
                return
            self._wake(certain_at, clock)
        if suspect_at is not None:
            if clock >= suspect_at:
                self._episodes.report_stop(stop, Level.SUSPECTED)
            else:
                self._wake(suspect_at, clock)

    def _patience(self, track: Track) -> Patience | None:
        """Return how long nothing may be heard after ``track``; None: as long as it likes."""
        if track.last is None or not (track.riding or track.boarded_at):
            return None
        calm = self._line.patience(track.last.received_at, self._limits)
        return self._rules.silence(track, calm, self._lost_at)

    def _judge_silence(self, head: Track, patience: Patience, clock: datetime) -> None:
        """Judge that nothing is heard of a ride that goes on."""
        limits, last, lost_at = self._limits, head.last, self._lost_at
        if self._listening_since is None or last is None:
            self._wake(clock + limits.recheck, clock)
            return
        heard_at = max(last.at, last.received_at - limits.late)
        quiet_since = max(heard_at, self._listening_since)
        certain_at = quiet_since + patience.certain + limits.late
        suspect_at = quiet_since + patience.suspect
        if lost_at is not None:
            suspect_at = min(suspect_at, lost_at)
        silence = Silence(last, quiet_since, lost_at, patience)
        if clock >= certain_at:
            self._episodes.report_silence(silence, Level.CERTAIN, clock)
            return
        self._wake(certain_at, clock)
        if clock >= suspect_at:
            self._episodes.report_silence(silence, Level.SUSPECTED, clock)
        else:
            self._wake(suspect_at, clock)

    def _judge_overlong(self, head: Track, clock: datetime) -> None:
        """Judge that a ride goes on for longer than this aid's rides ever do."""
        limit = self._rules.overlong(head)
        if limit is None or head.began is None:
            return
        last = head.last
        if last is None or last.received_at - last.at > self._limits.fresh:
            return  # history
        due_at = head.began + limit
        # A ride that nothing is heard of is judged by its silence.
        if last.at >= due_at and clock >= due_at + self._limits.late:
            self._episodes.report_overlong(head, limit)
        elif clock < due_at + self._limits.late:
            self._wake(due_at + self._limits.late, clock)

    def _settle(self, clock: datetime) -> None:
        """Fold what nothing earlier can come before any more, and judge what it ended."""
        window, folded = self._window, self._fold()
        late = self._limits.late
        settled, count = 0, len(window)
        for seen in window:
            if seen.received_at + late > clock and count - settled <= _WINDOW:
                break
            self._judge_gap(self._settled, seen)
            before, (self._settled, ended) = self._settled, folded[settled]
            settled += 1
            if ended is not None:
                self._judge_ended(ended)
            if self._settled.began != before.began:
                self._judge_over(before, seen)
        if settled:
            del window[:settled], folded[:settled]
        resting = not self._settled.riding and all(seen.resting for seen in window)
        if window and (self._episodes.alarmed or not resting):
            self._wake(max(seen.received_at for seen in window) + late, clock)

    def _judge_gap(self, track: Track, seen: Seen) -> None:
        """Judge a silence that ``seen`` ended, just as its timer does if ``seen`` is late."""
        last, since, limits = track.last, self._listening_since, self._limits
        if last is None or since is None:
            return
        heard_at = max(last.at, last.received_at - limits.late)
        quiet = seen.at - heard_at
        if quiet <= limits.late or seen.received_at - seen.at > limits.fresh or since > heard_at:
            return
        patience = self._patience(track)
        if patience is not None and quiet >= patience.certain:
            silence = Silence(last, heard_at, self._lost_at, patience)
            self._episodes.report_silence(silence, Level.CERTAIN, seen.at)
            self._episodes.end_silence(seen.at)

    def _judge_ended(self, stop: Stop) -> None:
        ripe = stop.ripe_at is not None
        if ripe and stop.fresh:
            self._episodes.report_stop(stop, Level.CERTAIN)
        elif ripe or stop.blocked_by or stop.cause is not Cause.NONE or self._episodes.known(stop):
            self._episodes.report_stop(stop, Level.PASSED)

    def _judge_over(self, track: Track, seen: Seen) -> None:
        """Judge a ride that ``seen`` ended, just as its timer does if ``seen`` is late."""
        limit = self._rules.overlong(track)
        if (
            limit is not None
            and track.began is not None
            and track.last is not None
            and track.last.received_at - track.last.at <= self._limits.fresh
            and track.last.at >= track.began + limit
        ):
            self._episodes.report_overlong(track, limit)
        self._episodes.end_overlong(seen.at)

    def _judge_rest(self) -> None:
        calling_on = any(
            memo.stage is CallStage.CERTAIN and not memo.cleared for memo in self._calls
        )
        at_rest = self._settled.at_rest and all(seen.resting for seen in self._window)
        if at_rest and not calling_on:
            self._episodes.alarmed = False
            self._all_clear = True

    # --- timers

    def _wake(self, at: datetime, clock: datetime) -> None:
        """Ask to be called at ``at``, if that is still to come."""
        if at > clock and (self._due_at is None or at < self._due_at):
            self._due_at = at


def _order(seen: Seen) -> Order:
    return seen.order
