"""Lost: it stands somewhere else for days, uncharged; or it left and was not heard of again.

See docs/detectors/loss.md. The place is known no closer than a cell of some five kilometres, and is
never told: only that it is another one.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Outcome, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.facts import ConditionReported, Fact, FaultChanged, LastHeard, RideEnded
from gateway.protocol.vocabulary import Mode, Seat


class Parameters(Struct, frozen=True, kw_only=True):
    """How long is long; why stands in docs/detectors/loss.md.

    Attributes:
        away_days: away from home without a break for so long…
        charged_ms: …and in all that time charged for less than this.
        away_share: of a day, to count as away all day.
        home_days: seen at home on so many days before: where home is, is known.
        rides_at_most: occupied rides in that time: somebody who uses it has not lost it.
        silent_days: not heard of for so long after it was last seen away.
        long_days: away for so long without a break, whoever charges and rides it there.
    """

    away_days: int = 8
    charged_ms: int = 60 * 60_000
    away_share: float = 0.9
    home_days: int = 7
    rides_at_most: int = 2
    silent_days: int = 21
    long_days: int = 45


class LossDay(Day, frozen=True, array_like=True, kw_only=True):
    """Where it was in a day."""

    period_ms: int = 0
    away_ms: int | None = None
    charging_ms: int | None = None
    cell: str = ""
    rides: int = 0
    serviced: bool = False
    heard_s: int = 0  # newest reception, seconds since 1970


class Loss(Daily[LossDay]):
    """Finds aids that did not come home."""

    name = "loss"
    version = 1
    kinds = frozenset({"scooter", "wheelchair"})
    state_type: type = Memory[LossDay]
    heeds: ClassVar = (ConditionReported, RideEnded, FaultChanged)
    day_type = LossDay
    keeps = 75

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: LossDay, fact: Fact, aid: Aid) -> LossDay:  # noqa: ARG002
        """Note where it was, and whether anybody used or charged it."""
        day = replace(day, heard_s=max(day.heard_s, int(fact.received_at.timestamp())))
        if isinstance(fact, RideEnded):
            return replace(day, rides=day.rides + (fact.seat is Seat.OCCUPIED))
        if isinstance(fact, FaultChanged):
            return replace(day, serviced=day.serviced or fact.sample.mode is not Mode.NORMAL)
        if not isinstance(fact, ConditionReported):
            return day
        away = day.away_ms
        if fact.away_ms is not None:
            away = (away or 0) + fact.away_ms
        charging = day.charging_ms
        if fact.charging_ms is not None:
            charging = (charging or 0) + fact.charging_ms
        return replace(
            day,
            period_ms=day.period_ms + fact.period_ms,
            away_ms=away,
            charging_ms=charging,
            cell=max(day.cell, fact.cell or ""),
            log_no=max(day.log_no, fact.log_no),
        )

    def judge(self, days: tuple[LossDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the days since it was last at home."""
        limits = self._limits
        away = self._away(days)
        if len(away) < limits.away_days or _serviced(away, aid):
            return ()
        if len(away) >= limits.long_days:
            reason = Reason("away_for_long", {"days": len(away)})
            return (self._case(days, away, reason, 0.75),)
        if sum(day.charging_ms or 0 for day in away) >= limits.charged_ms:
            return ()
        if any(day.charging_ms is None for day in away):
            return ()  # it may be charged there, as on holiday
        rides = sum(day.rides for day in away)
        if rides > limits.rides_at_most:
            return ()
        return (self._case(days, away, Reason("away_uncharged", {"days": len(away)}), 0.85),)

    def step(
        self,
        state: Memory[LossDay] | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,
        listening_since: datetime | None,
    ) -> Outcome:
        """Judge ``facts`` on top of ``state``, and silence after it left."""
        outcome = super().step(state, facts, now=now, aid=aid, listening_since=listening_since)
        memory: Memory[LossDay] | None = outcome.state
        if memory is None or not memory.days or any(t.what == "lost" for t in memory.told):
            return outcome
        away = self._away(memory.days)
        if not away or _serviced(away, aid):
            return outcome
        heard = datetime.fromtimestamp(memory.days[-1].heard_s, UTC)
        for fact in facts:
            if isinstance(fact, LastHeard):
                heard = max(heard, fact.received_at)
        span = timedelta(days=self._limits.silent_days)
        if listening_since is None:
            # Silence means nothing while nobody listens: look again later.
            return replace(outcome, due_at=max(now, heard + span) + timedelta(days=1))
        due_at = max(heard, listening_since) + span
        if now < due_at:
            return replace(outcome, due_at=due_at)
        case = self._case(
            memory.days, away, Reason("silent_since_away", {"days": (now - heard).days}), 0.75
        )
        memory, finding = self.tell(memory, case)
        return replace(outcome, state=memory, findings=(*outcome.findings, finding))

    def _away(self, days: Sequence[LossDay]) -> list[LossDay]:
        """Return the unbroken days away up to the newest; none if home is not known."""
        told = [day for day in days if day.away_ms is not None and day.period_ms]
        away: list[LossDay] = []
        while told and self._was_away(told[-1]):
            away.append(told.pop())
        at_home = [day for day in told if not self._was_away(day)]
        if len(at_home) < self._limits.home_days:
            return []
        home = Counter(day.cell for day in at_home if day.cell).most_common(1)
        # Away, by the modem's own word, in the same cell as home: it may be the yard next door.
        away = [day for day in away if not home or not day.cell or day.cell != home[0][0]]
        return away[::-1]

    def _was_away(self, day: LossDay) -> bool:
        return (day.away_ms or 0) >= self._limits.away_share * day.period_ms

    def _case(
        self, days: Sequence[LossDay], away: Sequence[LossDay], reason: Reason, confidence: float
    ) -> Case:
        return Case(
            what="lost",
            since=away[0].on,
            until=days[-1].on,
            reasons=(reason, Reason("place_not_told")),
            otherwise=tuple(
                Reason(code)
                for code in ("other_holiday", "other_stays_elsewhere", "other_at_workshop")
            ),
            confidence=confidence,
            log_nos=tuple(day.log_no for day in away if day.log_no),
        )


def _serviced(away: Sequence[LossDay], aid: Aid) -> bool:
    """Return whether a mechanic saw it since it left: it stands in a workshop."""
    if any(day.serviced for day in away):
        return True
    return aid.serviced_on is not None and aid.serviced_on.toordinal() >= away[0].on
