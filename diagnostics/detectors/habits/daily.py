"""The base of detectors of habits: fold facts into days, judge the days once a day."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Generic

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import (
    Aid,
    Evidence,
    Finding,
    Level,
    Outcome,
    Reason,
    Unhurried,
)
from diagnostics.detectors.habits.calendar import begin_of, day_of, heard_on
from diagnostics.detectors.habits.memory import KEPT_ORDERS, DayT, Memory, Told
from diagnostics.facts import Fact, PresenceChanged

# An episode that no longer shows is over after so many days of which something was heard.
OVER_AFTER = 21
# While it goes on it is told of again with newer evidence.
AGAIN_AFTER = 28
MAX_LOG_NOS = 20


class Case(Struct, frozen=True, kw_only=True):
    """What holds as of the newest day: nothing is told of one that is only suspected.

    Attributes:
        what: word of the catalogue.
        since: first day of the evidence; ``until``: last day of it.
        reasons: what was seen; ``otherwise``: what else could explain it.
        confidence: 0 to 1.
        log_nos: where the evidence lies.
    """

    what: str
    since: int
    until: int
    reasons: tuple[Reason, ...]
    otherwise: tuple[Reason, ...]
    confidence: float
    log_nos: tuple[int, ...]


class Daily(Unhurried, ABC, Generic[DayT]):
    """A detector that judges days.

    It waits for no timer: days are judged when the first fact of a later day is received, so the
    same facts give the same findings in whatever groups, live and in replay. A detector's class
    names which facts it ``heeds``, its ``day_type``, how many days it ``keeps``, and after how many
    days it judges again (``every``).
    """

    name: str
    version: int = 1
    kinds: frozenset[str]
    state_type: type
    heeds: ClassVar[tuple[type[Fact], ...]]
    day_type: ClassVar[type]
    keeps: ClassVar[int]
    every: ClassVar[int] = 1  # days between judgements

    @abstractmethod
    def fold(self, day: DayT, fact: Any, aid: Aid) -> DayT:
        """Return ``day`` with ``fact`` in it. Any order of facts must give the same day."""

    @abstractmethod
    def judge(self, days: tuple[DayT, ...], aid: Aid) -> Sequence[Case]:
        """Return what holds as of the last of ``days``, at most one case a word."""

    def step(
        self,
        state: Memory[DayT] | None,
        facts: Sequence[Fact],
        *,
        now: datetime,  # noqa: ARG002 - the contract's
        aid: Aid,
        listening_since: datetime | None,  # noqa: ARG002 - the contract's
    ) -> Outcome:
        """Judge ``facts`` on top of ``state``; see the contract."""
        memory = state
        findings: list[Finding] = []
        for fact in facts:
            if isinstance(fact, self.heeds):
                memory = memory or Memory(lent_on=aid.lent_on)
                memory = self._take(memory, fact, aid, findings)
        return Outcome(state=memory, findings=tuple(findings))

    def tell(self, memory: Memory[DayT], case: Case) -> tuple[Memory[DayT], Finding]:
        """Return ``memory`` with ``case`` as told, and the finding that tells it."""
        newest = memory.days[-1].on
        since = max(case.since, memory.ended.get(case.what, 0))
        key = f"{case.what}:{date.fromordinal(since)}"
        confidence = round(case.confidence, 2)
        told = Told(case.what, key, since, newest, case.until, confidence)
        return replace(memory, told=(*memory.told, told)), _finding(case, told)

    def _take(
        self, memory: Memory[DayT], fact: Fact, aid: Aid, findings: list[Finding]
    ) -> Memory[DayT]:
        # A connection has the number of another message: taking it in twice must do no harm.
        numbered = not isinstance(fact, PresenceChanged)
        order = (fact.order.outbox_no, fact.order.seq)
        if numbered and order in memory.orders:
            return memory
        if memory.lent_on != aid.lent_on:
            findings.extend(_over(told, fact) for told in memory.told)
            memory = Memory(lent_on=aid.lent_on, orders=memory.orders)
        heard = heard_on(fact)
        if heard >= memory.judged_on + self.every:
            memory = self._judged(memory, heard, fact, aid, findings)
        orders = memory.orders
        if numbered:
            orders = (*orders[-KEPT_ORDERS + 1 :], order)
        on = day_of(fact)
        # Of the day on which it was lent a part is another's, or of who delivered it.
        if aid.lent_on is not None and on <= aid.lent_on.toordinal():
            return replace(memory, orders=orders)
        return replace(memory, orders=orders, days=self._with(memory.days, on, fact, aid))

    def _with(self, days: tuple[DayT, ...], on: int, fact: Fact, aid: Aid) -> tuple[DayT, ...]:
        """Return ``days`` with ``fact`` in the one it belongs to."""
        place = len(days)
        while place and days[place - 1].on > on:
            place -= 1
        known = place > 0 and days[place - 1].on == on
        if not known and place == 0 and len(days) >= self.keeps:
            return days  # too long ago to matter
        day: DayT = days[place - 1] if known else self.day_type(on=on)
        folded = self.fold(day, fact, aid)
        return self.kept((*days[: place - known], folded, *days[place:]))

    def kept(self, days: tuple[DayT, ...]) -> tuple[DayT, ...]:
        """Return the days that are still needed."""
        return days[-self.keeps :]

    def _judged(
        self,
        memory: Memory[DayT],
        heard: int,
        fact: Fact,
        aid: Aid,
        findings: list[Finding],
    ) -> Memory[DayT]:
        if not memory.days:
            return replace(memory, judged_on=heard)
        newest = memory.days[-1].on
        cases = {case.what: case for case in self.judge(memory.days, aid)}
        kept: list[Told] = []
        ended = memory.ended
        for told in memory.told:
            case = cases.pop(told.what, None)
            if case is not None:
                again = newest - told.told_on >= AGAIN_AFTER
                told = replace(  # noqa: PLW2901 - the same episode, a day older
                    told, seen_on=case.until, told_on=newest if again else told.told_on
                )
                if again:
                    findings.append(_finding(case, told))
            elif newest - told.seen_on >= OVER_AFTER:
                findings.append(_over(told, fact))
                ended = {**ended, told.what: newest}
                continue
            kept.append(told)
        memory = replace(memory, judged_on=heard, told=tuple(kept), ended=ended)
        for case in cases.values():
            memory, finding = self.tell(memory, case)
            findings.append(finding)
        return memory


def _finding(case: Case, told: Told) -> Finding:
    return Finding(
        key=told.key,
        level=Level.CERTAIN,
        since=begin_of(told.since),
        reasons=case.reasons,
        evidence=Evidence(
            case.log_nos[-MAX_LOG_NOS:], begin_of(case.since), begin_of(case.until + 1)
        ),
        what=case.what,
        asks=CATALOGUE[case.what].asks,
        confidence=round(case.confidence, 2),
        otherwise=case.otherwise,
    )


def _over(told: Told, fact: Fact) -> Finding:
    """Return the end of an episode: still told, since people may be looking into it."""
    ended_at = begin_of(told.seen_on + 1)
    return Finding(
        key=told.key,
        level=Level.CERTAIN,
        since=begin_of(told.since),
        reasons=(Reason("no_longer_seen"),),
        evidence=Evidence((fact.log_no,), begin_of(told.since), ended_at),
        what=told.what,
        asks=CATALOGUE[told.what].asks,
        ended_at=ended_at,
        confidence=told.confidence,
        otherwise=(Reason("other_over"),),
    )
