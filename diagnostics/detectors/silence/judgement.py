"""One step of silence under way: facts and time folded into what is found."""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from diagnostics.detectors.contract import Ask, Evidence, Finding, Level, Outcome, Reason
from diagnostics.detectors.silence import rhythm, testcalls
from diagnostics.detectors.silence.memory import Memory, Tests, usual_longest
from diagnostics.detectors.silence.parameters import Parameters
from diagnostics.facts import Called, Fact, PresenceChanged
from gateway.protocol.vocabulary import CallReason

_RECORD: Final = 30  # test calls; older ones fade


class Judgement:
    """One step under way: the only thing here that changes."""

    def __init__(
        self, memory: Memory, limits: Parameters, listening_since: datetime | None
    ) -> None:
        self._memory = memory
        self._limits = limits
        self._listening_since = listening_since
        self._findings: dict[str, Finding] = {}
        self._due_at: datetime | None = None

    def outcome(self) -> Outcome:
        """Return what the step comes to."""
        findings = tuple(self._findings.values())
        return Outcome(state=self._memory, findings=findings, due_at=self._due_at)

    # --- taking facts in

    def take(self, fact: Fact) -> None:
        """Take in one fact."""
        self._heard(fact)
        match fact:
            case PresenceChanged():
                self._connect(fact)
            case Called(reason=CallReason.TEST):
                self._tested(fact)

    def _heard(self, fact: Fact) -> None:
        memory = self._memory
        if isinstance(fact, PresenceChanged) and not fact.online:
            return  # the broker's word, not the aid's
        if memory.heard_at is not None and fact.received_at <= memory.heard_at:
            return
        self._memory = replace(
            memory, heard_at=fact.received_at, heard_no=fact.log_no or memory.heard_no
        )
        if isinstance(fact, PresenceChanged):
            return  # it connects, time and again, and has still said nothing
        if memory.mute is not None and fact.received_at > memory.mute.since:
            mute = self._end(memory.mute, fact.received_at)
            self._memory = replace(self._memory, mute=mute)

    def _connect(self, fact: PresenceChanged) -> None:
        memory = self._memory
        session = (fact.session, 0 if fact.online else 1)
        if session <= memory.session:
            return
        if not fact.online:
            if memory.back_at is not None:  # for a moment only: the outage goes on
                self._memory = replace(memory, session=session, back_at=None)
                return
            self._memory = replace(
                memory, session=session, lost_at=fact.received_at, lost_no=fact.log_no
            )
            return
        back_at = None if memory.lost_at is None else memory.back_at or fact.received_at
        self._memory = replace(memory, session=session, back_at=back_at)

    def _settle(self, now: datetime) -> None:
        """End an outage once the aid has been back for long enough."""
        memory = self._memory
        lost_at, back_at = memory.lost_at, memory.back_at
        if lost_at is None or back_at is None:
            return
        if now - back_at < self._limits.glimpse:
            self._wake(back_at + self._limits.glimpse)
            return
        habits, lasted = memory.habits, back_at - lost_at
        if self._listened(lost_at) and lasted >= self._limits.flicker:
            habits = habits.with_outage(lost_at, lasted)
        offline = self._end(memory.offline, back_at)
        self._memory = replace(memory, lost_at=None, back_at=None, habits=habits, offline=offline)

    def _tested(self, fact: Called) -> None:
        memory, tests = self._memory, self._memory.tests
        if fact.log_no <= tests.log_no:
            return
        tests = self._counted(tests, fact)
        finding = memory.missed
        found = finding is not None and finding.ended_at is None
        well = not any(tests.newest[-self._limits.share_well :])
        if tests.often and well:
            # What is over says nothing of what comes.
            tests = replace(tests, often=False, newest=tests.newest[-self._limits.share_well :])
        elif not tests.often and testcalls.too_many(tests, self._limits):
            tests = replace(tests, often=True)
        if not tests.often:
            finding = self._end(finding, fact.received_at)
        elif not found:
            finding = self._find(
                "test_calls_missed",
                since=fact.received_at,
                log_no=fact.log_no,
                reasons=(
                    Reason(
                        "tests_often_missing",
                        {"count": sum(tests.newest), "of": len(tests.newest)},
                    ),
                ),
                otherwise=(),
            )
        self._memory = replace(memory, tests=tests, missed=finding)

    def _counted(self, tests: Tests, fact: Called) -> Tests:
        """Return the record with one call that came, and those missing before it."""
        missing = testcalls.missing_after(tests.waited, self._limits)
        newest = (*tests.newest, *[1] * missing, 0)
        heard, missed = tests.heard, tests.missed
        for gone in newest[: -self._limits.share_window]:
            # What is found out to be wrong is nobody's habit.
            missed += 0 if tests.often else gone
            heard += 1 - gone
        if heard + missed > _RECORD:
            heard, missed = heard / 2, missed / 2
        return Tests(
            until=fact.received_at,
            since=fact.received_at,
            log_no=fact.log_no,
            newest=newest[-self._limits.share_window :],
            heard=heard,
            missed=missed,
            often=tests.often,
        )

    # --- letting time pass

    def pass_time(self, now: datetime, *, newest_known: bool = False) -> None:
        """Decide what ``now`` makes certain, and when to look again if nothing is heard.

        ``newest_known``: whether the newest message of any kind was among the facts.
        """
        now = max(now, self._memory.clock)
        self._due_at = None
        self._settle(now)
        self._wait_for_test(now)
        self._memory = replace(self._memory, clock=now)
        if self._memory.session == (0, 0):
            return  # never seen to connect: nothing is known of its line
        if self._listening_since is None:
            self._wake(now + self._limits.recheck)
            return
        self._judge_tests(now)
        if self._memory.back_at is not None:
            return  # back, or not: that is known soon
        if self._memory.lost_at is not None:
            self._judge_offline(self._memory.lost_at, now)
        elif self._memory.heard_at is not None:
            self._judge_mute(now, newest_known=newest_known)

    def _judge_offline(self, lost_at: datetime, now: datetime) -> None:
        limits, memory = self._limits, self._memory
        if memory.offline is not None and memory.offline.ended_at is None:
            return
        met_at = memory.met_at or lost_at
        patience, usual = rhythm.patience(
            memory.habits.away, lost_at, limits, known=lost_at - met_at >= limits.known_after
        )
        due_at = rhythm.when_up(self._since(lost_at) + patience, limits)
        if now < due_at:
            self._wake(due_at)
            return
        finding = self._find(
            "offline",
            since=lost_at,
            log_no=memory.lost_no,
            reasons=(
                Reason("offline_for", {"hours": _hours(due_at - self._since(lost_at))}),
                *_usually(usual),
            ),
            otherwise=(Reason("unplugged"), Reason("power_cut")),
        )
        self._memory = replace(memory, offline=finding)

    def _judge_mute(self, now: datetime, *, newest_known: bool) -> None:
        """Judge a line that is up while nothing comes: known only with the newest message."""
        limits, memory = self._limits, self._memory
        heard_at = memory.heard_at
        assert heard_at is not None  # noqa: S101 - the caller has looked
        usual = usual_longest(memory.habits.mute_s, limits.enough)
        patience = limits.mute
        if usual is not None:
            least, most = limits.mute_least, limits.mute_most
            patience = min(max(limits.mute_times * usual, least), most)
        poll_at = (memory.polled_at or memory.clock) + limits.poll
        if not newest_known:
            # Others of its messages may have come: ask with the timer, soon if it is late.
            self._wake(max(min(poll_at, self._since(heard_at) + patience), now + limits.flicker))
            return
        if memory.mute is not None and memory.mute.ended_at is None:
            self._wake(now + limits.poll_mute)  # its end may be a message that is not read here
            return
        due_at = self._since(heard_at) + patience
        if now >= due_at:
            finding = self._find(
                "mute",
                since=heard_at,
                log_no=memory.heard_no,
                reasons=(Reason("mute_for", {"hours": _hours(patience)}), *_usually(usual)),
                otherwise=(),
            )
            self._memory = replace(memory, mute=finding)
            self._wake(now + limits.poll_mute)
            return
        if now >= poll_at or memory.polled_at is None:
            habits = memory.habits.with_mute(now - self._since(heard_at))
            self._memory = replace(memory, habits=habits, polled_at=now)
            poll_at = now + limits.poll
        self._wake(min(poll_at, due_at))

    def _wait_for_test(self, now: datetime) -> None:
        """Count how long a test call has been waited for: only while it could have come."""
        memory, tests = self._memory, self._memory.tests
        mute = memory.mute is not None and memory.mute.ended_at is None
        if mute or not memory.connected:  # what says nothing at all makes no test call either
            self._memory = replace(memory, tests=replace(tests, until=None))
            return
        waited = tests.waited
        if tests.until is not None and self._listening_since is not None:
            waited += max(now - self._since(tests.until), timedelta())
        self._memory = replace(
            memory, tests=replace(tests, waited=waited, until=now, since=tests.since or now)
        )

    def _judge_tests(self, now: datetime) -> None:
        limits, memory, tests = self._limits, self._memory, self._memory.tests
        if not memory.connected or tests.since is None:
            return
        if memory.missed is not None and memory.missed.ended_at is None:
            return
        count = testcalls.allowed(tests, limits)
        due_after = testcalls.due_after(count, limits)
        if tests.waited < due_after:
            self._wake(now + (due_after - tests.waited))
            return
        finding = self._find(
            "test_calls_missed",
            since=tests.since,
            log_no=tests.log_no,
            reasons=(
                Reason("tests_missing", {"count": count}),
                Reason(
                    "tests_lost_usually", {"percent": round(100 * testcalls.loss(tests, limits))}
                ),
            ),
            otherwise=(),
        )
        self._memory = replace(memory, missed=finding)

    # --- findings

    def _find(
        self,
        what: str,
        *,
        since: datetime,
        log_no: int,
        reasons: tuple[Reason, ...],
        otherwise: tuple[Reason, ...],
    ) -> Finding:
        finding = Finding(
            key=f"{what}:{since:%Y%m%dT%H%M%S}",
            what=what,
            asks=Ask.ADVICE if what == "test_calls_missed" else Ask.NOTICE,
            level=Level.CERTAIN,
            since=since,
            reasons=reasons,
            evidence=Evidence((log_no,) if log_no else (), since, since),
            otherwise=otherwise,
        )
        self._findings[finding.key] = finding
        return finding

    def _end(self, finding: Finding | None, ended_at: datetime) -> Finding | None:
        """Report that something is over, if it was not yet."""
        if finding is None or finding.ended_at is not None:
            return finding
        finding = replace(finding, ended_at=ended_at)
        self._findings[finding.key] = finding
        return finding

    # --- time

    def _since(self, moment: datetime) -> datetime:
        """Return since when silence counts: not before the platform listened."""
        return moment if self._listening_since is None else max(moment, self._listening_since)

    def _listened(self, since: datetime) -> bool:
        return self._listening_since is not None and self._listening_since <= since

    def _wake(self, at: datetime) -> None:
        if self._due_at is None or at < self._due_at:
            self._due_at = at


def _hours(lasted: timedelta) -> float:
    return round(lasted / timedelta(hours=1), 1)


def _usually(usual: timedelta | None) -> tuple[Reason, ...]:
    return () if usual is None else (Reason("silent_usually", {"hours": _hours(usual)}),)
