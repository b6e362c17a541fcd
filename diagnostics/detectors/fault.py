"""Fault: what the controller itself says, by what it asks for. See docs/detectors/fault.md."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
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
from diagnostics.facts import Called, Fact, FaultChanged
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

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WHEELS: Final = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})
# Left so on purpose: seats stay turned, belts and armrests open, keys off and rails folded for
# days. Whoever wants to ride puts them right.
POSTURE: Final = frozenset(
    {"seat_turned", "key_off", "belt_open", "armrest_open", "hinge_rail", "inhibited"}
    | {"emergency_stop"}
)
# Judged by the charger's detector, with more evidence than the code.
OF_CHARGER: Final = frozenset({"charger", "no_charge"})
# A battery that is often flat is worn, or not charged: others judge it, with more evidence.
NEVER_FLAPPING: Final = OF_CHARGER | {"battery_flat", "power_down"}


class Parameters(Struct, frozen=True, kw_only=True):
    """How long a fault must stand, and how often it may come. All assumed, with these reasons."""

    # Longer than a controller's restart or a second try; and the rest of a backlog comes first.
    stands: timedelta = 5 * MINUTE
    settles: timedelta = MINUTE
    # A flat battery on its charger is back within the hours; on wheels, overnight.
    flat_stands: timedelta = 3 * HOUR
    flat_stands_on_wheels: timedelta = 14 * HOUR
    # People switch off the isolator to clean, and move a powered step half way.
    switched_off_stands: timedelta = HOUR
    # What clears by itself has cleared by the next day, or it is broken.
    self_clearing_stands: timedelta = 12 * HOUR
    # While the mechanic works on it, faults are his.
    attended_stands: timedelta = 4 * HOUR
    # Of a ride: time for the rider to be helped first, and for the call that then covers it.
    riding_stands: timedelta = 30 * MINUTE
    call_within: timedelta = 30 * MINUTE

    flaps: int = 4  # within ``flap_days``: once is chance, twice too
    flap_days: int = 7
    # Of faults that clear by themselves, while nobody rides: a loose contact, not an obstacle.
    flaps_at_rest: int = 12
    chance: float = 1e-3  # of so many, by its own habit
    usual: Habit = Habit(0.5, 30.0)  # of any fault: every other month


class Raised(Struct, frozen=True, kw_only=True):
    """A fault that stands.

    Attributes:
        at: since when; ``heard_at``: when we heard of it.
        attended: raised while the mechanic's key or the hand wheel was in use.
        riding: raised on the way, with somebody on it or nobody knows.
        key: of the finding, once there is one.
    """

    at: datetime
    heard_at: datetime
    log_no: int
    maker_code: str
    attended: bool
    riding: bool
    key: str


class Came(Struct, frozen=True, array_like=True):
    """One coming of a fault, to be counted."""

    order: tuple[int, int]
    at: datetime
    log_no: int


class Code(Struct, frozen=True, kw_only=True):
    """What is known of one code: its newest edge, and how it comes and goes.

    ``came`` are those of the last ``flap_days``; ``before`` is how many there were earlier.
    ``said`` tells whether the raising that stands is a finding; ``flapping`` is a finding's key.
    """

    order: tuple[int, int] = (0, 0)
    raised: Raised | None = None
    said: bool = False
    came: tuple[Came, ...] = ()
    before: int = 0
    flapping: str = ""
    flapping_since: datetime | None = None


class Memory(Struct, frozen=True, kw_only=True):
    """Codes by word, when the aid called for help lately, and since when we know it."""

    codes: dict[str, Code] = {}
    called_at: tuple[datetime, ...] = ()
    since: datetime | None = None


class Fault(Unhurried):
    """Finds faults that need a mechanic, and those that come and go."""

    name: str = "fault"
    version: int = 1
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
        self.found: dict[str, Finding] = {}

    def memory(self) -> Memory:
        return Memory(codes=self._codes, called_at=self._called_at, since=self._since)

    def take(self, fact: Fact) -> None:
        if self._since is None or fact.measured_at < self._since:
            self._since = fact.measured_at
        if isinstance(fact, FaultChanged):
            code = self._codes.get(fact.code, Code())
            if fact.edge is Edge.RAISED:
                self._raise(fact, code)
            else:
                self._clear(fact, code)
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

    def _raise(self, fact: FaultChanged, code: Code) -> None:
        order = (fact.order.outbox_no, fact.order.seq)
        if any(each.order == order for each in code.came):
            return
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
        self._codes[fact.code] = code
        needed = self._flaps_needed(fact.code, riding=riding)
        if attended or needed is None:
            return
        self._count(fact, code, Came(order, fact.measured_at, fact.log_no), needed)

    def _count(self, fact: FaultChanged, code: Code, came: Came, needed: int) -> None:
        limits = self._limits
        newest = max([came.at, *(each.at for each in code.came)])
        oldest = newest - limits.flap_days * DAY
        every = sorted([*code.came, came], key=lambda each: each.order)
        kept = tuple(each for each in every if each.at > oldest)[-needed * 2 :]
        code = replace(code, came=kept, before=code.before + len(every) - len(kept))
        if code.flapping and len(code.came) == 1:
            # A week without it: what was found is over, and this is another time.
            self._say(self._flaps(fact.code, code, Level.PASSED, fact.measured_at))
            code = replace(code, flapping="", flapping_since=None)
        if not code.flapping and len(kept) >= needed and self._unusual(code):
            key = f"flapping:{fact.code}:{fact.measured_at:%Y-%m-%d}"
            code = replace(code, flapping=key, flapping_since=kept[0].at)
            self._say(self._flaps(fact.code, code, Level.CERTAIN, fact.measured_at))
        self._codes[fact.code] = code

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
        if word in OF_CHARGER or word in POSTURE or fault.fault_class is FaultClass.INFORMATIVE:
            return None
        if fault.fault_class is FaultClass.SELF_CLEARING:
            stands = limits.self_clearing_stands
        elif word == "battery_flat":
            on_wheels = self._aid.kind in WHEELS
            stands = limits.flat_stands_on_wheels if on_wheels else limits.flat_stands
        elif word in {"power_down", "powered_step"}:
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

    def _flaps_needed(self, word: str, *, riding: bool) -> int | None:
        """Return how many comings are too many; None where they are not counted."""
        if word in NEVER_FLAPPING:
            return None
        match fault_of(word).fault_class:
            case FaultClass.TECHNICIAN:
                return self._limits.flaps
            case FaultClass.SELF_CLEARING if word not in POSTURE and not riding:
                return self._limits.flaps_at_rest
        return None

    def _unusual(self, code: Code) -> bool:
        limits = self._limits
        days = float(limits.flap_days)
        known = (code.came[-1].at - (self._since or code.came[0].at)) / DAY - days
        habit = Habit(float(code.before), max(0.0, known))
        return habit.chance(len(code.came), days, prior=limits.usual) < limits.chance

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

    def _flaps(self, word: str, code: Code, level: Level, at: datetime) -> Finding:
        since = code.flapping_since or at
        log_nos = tuple(sorted({came.log_no for came in code.came}))
        parameters = {"fault": word, "times": len(code.came), "days": self._limits.flap_days}
        return Finding(
            key=code.flapping,
            what="flapping",
            asks=Ask.REPAIR,
            level=level,
            since=since,
            reasons=(Reason("fault_flaps", parameters),),
            evidence=Evidence(log_nos, since, max(at, since)),
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
