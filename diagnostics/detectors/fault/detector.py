"""The fault detector: faults that stand, and faults that come and go."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from diagnostics.detectors.baseline import Habit
from diagnostics.detectors.contract import (
    Aid,
    Ask,
    Evidence,
    Finding,
    Level,
    Outcome,
    Reason,
    Unhurried,
)
from diagnostics.detectors.fault.memory import Code, Memory, Raised
from diagnostics.detectors.fault.parameters import NEVER_FLAPPING, POSTURE, WHEELS, Parameters
from diagnostics.facts import Called, Fact, FaultChanged, RideEnded
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    AidKind,
    CallPhase,
    CallReason,
    Edge,
    FaultClass,
    Landing,
    Mode,
    Seat,
    Signals,
    fault_of,
)


class Fault(Unhurried):
    """Finds faults that need a mechanic, and those that come and go."""

    name: str = "fault"
    version: int = 3
    kinds: frozenset[str] = frozenset(str(kind) for kind in AidKind)
    state_type: type = Memory

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def step(
        self,
        state: Memory | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,
        listening_since: datetime | None,  # noqa: ARG002 - a fault stands, heard or not
    ) -> Outcome:
        """Judge ``facts`` on top of ``state``; see the contract."""
        if state is None and not facts:
            return Outcome(state=None)
        case = _Case(state or Memory(), self._limits, aid)
        for fact in facts:
            case.pass_time(fact.received_at)
            case.take(fact)
        case.pass_time(now)
        return Outcome(
            state=case.memory(), findings=tuple(case.found.values()), due_at=case.due_at(now)
        )


class _Case:
    """One step: a memory being changed, and what is found on the way."""

    def __init__(self, memory: Memory, limits: Parameters, aid: Aid) -> None:
        self._limits = limits
        self._aid = aid
        self._codes = dict(memory.codes)
        self._called_at = memory.called_at
        self._since = memory.since
        self._rides = memory.rides
        self._ride = memory.ride
        self.found: dict[str, Finding] = {}

    def memory(self) -> Memory:
        return Memory(
            codes=self._codes,
            called_at=self._called_at,
            since=self._since,
            rides=self._rides,
            ride=self._ride,
        )

    def take(self, fact: Fact) -> None:
        if self._since is None or fact.measured_at < self._since:
            self._since = fact.measured_at
        if isinstance(fact, FaultChanged):
            code = self._codes.get(fact.code, Code())
            if fact.edge is Edge.RAISED:
                self._raise(fact, code)
            else:
                self._clear(fact, code)
        elif isinstance(fact, RideEnded):
            self._count_ride(fact)
        elif (
            isinstance(fact, Called)
            and fact.reason != CallReason.TEST
            and fact.phase is not CallPhase.CLEARED
        ):
            self._called_at = tuple(sorted({*self._called_at, fact.measured_at}))[-4:]

    def pass_time(self, now: datetime) -> None:
        """Find what stands for too long by ``now``."""
        for word, code in self._codes.items():
            raised = code.raised
            if raised is None or code.said:
                continue
            moment = self._certain_at(word, raised)
            if moment is None or moment > now or self._covered(raised):
                continue
            self._codes[word] = replace(code, said=True)
            self._say(self._standing(word, raised, moment))

    def due_at(self, now: datetime) -> datetime | None:
        moments = [
            moment
            for word, code in self._codes.items()
            if code.raised is not None and not code.said
            if (moment := self._certain_at(word, code.raised)) is not None and moment > now
        ]
        return min(moments, default=None)

    def _count_ride(self, fact: RideEnded) -> None:
        order = (fact.order.outbox_no, fact.order.seq)
        if order <= self._ride:
            return
        self._ride = order
        today = fact.measured_at.toordinal()
        if self._rides and self._rides[-1][0] == today:
            self._rides = (*self._rides[:-1], (today, self._rides[-1][1] + 1))
        else:
            self._rides = (*self._rides[1 - self._limits.flap_days :], (today, 1))

    def _raise(self, fact: FaultChanged, code: Code) -> None:
        order = (fact.order.outbox_no, fact.order.seq)
        if order in code.heard:
            return
        code = replace(code, heard=(*code.heard[-11:], order))
        attended = fact.sample.mode is not Mode.NORMAL
        riding = _riding(fact.sample, self._aid.kind)
        if order > code.order:
            raised = Raised(
                at=min(fact.measured_at, fact.received_at),
                heard_at=fact.received_at,
                log_no=fact.log_no,
                maker_code=fact.maker_code,
                attended=attended,
                riding=riding,
                key=f"fault:{fact.code}:{order[0]}-{order[1]}",
            )
            code = replace(code, order=order, raised=raised, said=False)
        fault_class = fault_of(fact.code).fault_class
        counted = fact.code not in NEVER_FLAPPING and fault_class is not FaultClass.INFORMATIVE
        if fact.code == "over_current" and self._aid.kind in WHEELS:
            counted = False  # kerbs and ramps: who drives there is another's question
        if counted and not attended and not riding:
            code = self._counted(fact, code, self_clearing=fault_class is FaultClass.SELF_CLEARING)
        self._codes[fact.code] = code

    def _counted(self, fact: FaultChanged, code: Code, *, self_clearing: bool) -> Code:
        """Return ``code`` with one coming more, and find that it flaps."""
        limits = self._limits
        today = fact.measured_at.toordinal()
        days = dict(code.days)
        days[today] = days.get(today, 0) + 1
        newest = max(days)
        before = code.before
        for day in sorted(days):
            if day > newest - limits.flap_days:
                break
            times = days.pop(day)
            if not code.flapping:
                before += times
        if code.flapping and sum(days.values()) == 1:
            # A week without it: what was found is over, and this is another time.
            self._say(self._flaps(fact, code, Level.PASSED))
            code = replace(code, flapping="", flapping_since=None)
        code = replace(
            code,
            days=tuple(sorted(days.items())),
            before=before,
            log_nos=(*code.log_nos[-5:], fact.log_no),
        )
        if not code.flapping and self._too_often(
            code, self_clearing=self_clearing, posture=fact.code in POSTURE
        ):
            key = f"flapping:{fact.code}:{fact.measured_at:%Y-%m-%d}"
            code = replace(code, flapping=key, flapping_since=fact.measured_at)
            self._say(self._flaps(fact, code, Level.CERTAIN))
        return code

    def _too_often(self, code: Code, *, self_clearing: bool, posture: bool) -> bool:
        limits = self._limits
        newest, on_newest = code.days[-1]
        times = sum(count for _, count in code.days)
        if posture:
            # Once in a ride is how people get on and off.
            rides = dict(self._rides)
            on_newest -= rides.get(newest, 0)
            if times - sum(rides.values()) < limits.flaps_in_day:
                return False
        lasting = len(code.days) >= limits.on_days and times >= limits.flaps_on_days
        if self_clearing:
            if on_newest < limits.flaps_in_day and times < limits.flaps_in_days and not lasting:
                return False
        elif times < limits.flaps:
            return False
        first = newest if self._since is None else self._since.toordinal()
        known = max(0.0, float(newest - first - limits.flap_days))
        habit = Habit(float(code.before), known)
        span = float(min(limits.flap_days, max(1, newest - first + 1)))
        if self_clearing and newest - first < limits.learn_days:
            return False
        if self_clearing and not posture and lasting and times >= limits.flaps_always:
            return True
        few = self_clearing and times < limits.times_habit * habit.rate * span
        return not few and habit.chance(times, span, prior=limits.usual) < limits.chance

    def _clear(self, fact: FaultChanged, code: Code) -> None:
        order = (fact.order.outbox_no, fact.order.seq)
        if order <= code.order:
            return
        raised = code.raised
        if raised is not None and code.said:
            finding = self._standing(fact.code, raised, fact.measured_at)
            self._say(
                replace(
                    finding,
                    level=Level.PASSED,
                    ended_at=max(fact.measured_at, raised.at),
                    reasons=(*finding.reasons, Reason("fault_cleared")),
                )
            )
        self._codes[fact.code] = replace(code, order=order, raised=None, said=False)

    def _say(self, finding: Finding) -> None:
        self.found[finding.key] = finding

    def _certain_at(self, word: str, raised: Raised) -> datetime | None:
        """Return when ``raised`` is a finding if it still stands; None: never by standing."""
        limits = self._limits
        fault = fault_of(word)
        if word in POSTURE or fault.fault_class is FaultClass.INFORMATIVE:
            return None
        if fault.fault_class is FaultClass.SELF_CLEARING:
            stands = limits.self_clearing_stands
        elif word == "battery_flat":
            on_wheels = self._aid.kind in WHEELS
            stands = limits.flat_stands_on_wheels if on_wheels else limits.flat_stands
        elif word in {"power_down", "powered_step", "charger"}:
            stands = limits.switched_off_stands
        else:
            stands = limits.stands
        if raised.attended:
            stands = max(stands, limits.attended_stands)
        if raised.riding:
            stands = max(stands, limits.riding_stands)
        return max(raised.at + stands, raised.heard_at + limits.settles)

    def _covered(self, raised: Raised) -> bool:
        """Tell whether a call for help of the same moment brings the mechanic already."""
        within = self._limits.call_within
        return raised.riding and any(abs(at - raised.at) <= within for at in self._called_at)

    def _standing(self, word: str, raised: Raised, at: datetime) -> Finding:
        reasons = [Reason("fault_stands", {"fault": word})]
        if raised.maker_code:
            reasons.append(Reason("maker_code", {"code": raised.maker_code}))
        if raised.attended:
            reasons.append(Reason("fault_attended"))
        return Finding(
            key=raised.key,
            what="fault",
            asks=Ask.REPAIR,
            level=Level.CERTAIN,
            since=raised.at,
            reasons=tuple(reasons),
            evidence=Evidence((raised.log_no,), raised.at, max(at, raised.at)),
            usable=not fault_of(word).stops_drive,
        )

    def _flaps(self, fact: FaultChanged, code: Code, level: Level) -> Finding:
        at = fact.measured_at
        since = code.flapping_since or at
        times = sum(count for _, count in code.days)
        parameters = {"fault": fact.code, "times": times, "days": self._limits.flap_days}
        return Finding(
            key=code.flapping,
            what="flapping",
            asks=Ask.REPAIR,
            level=level,
            since=min(since, at),
            reasons=(Reason("fault_flaps", parameters),),
            evidence=Evidence(tuple(sorted(set(code.log_nos))), min(since, at), max(at, since)),
            ended_at=at if level is Level.PASSED else None,
        )


def _riding(sample: Sample, kind: str) -> bool:
    """Tell whether somebody may be on the way on it, who is then the emergency's concern."""
    if sample.seat is Seat.EMPTY:
        return False
    if kind == AidKind.STAIRLIFT:
        return sample.landing is Landing.BETWEEN or (sample.moving and not sample.at_landing)
    if kind in WHEELS:
        return bool(sample.signals & Signals.AWAY)
    return sample.seat is Seat.OCCUPIED
