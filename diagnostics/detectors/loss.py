"""Lost: it stands somewhere else for days, uncharged; or it left and was not heard of again.

Or its housing was opened by nobody who may, and it has been silent ever since. See
docs/detectors/loss.md. The place is known no closer than a cell of some five kilometres, and is
never told: only that it is another one.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Outcome, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.mechanic import with_key
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.facts import (
    ConditionReported,
    Fact,
    FaultChanged,
    LastHeard,
    PresenceChanged,
    RideEnded,
)
from gateway.protocol.vocabulary import Seat

ELSEWHERE: Final = ("other_holiday", "other_stays_elsewhere", "other_at_workshop")
UNDER_REPAIR: Final = ("other_service_unregistered", "other_modem_broken", "other_at_workshop")


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
        idle_days: likewise, where nobody rides it: whoever took it along for a stay would.
        opened_days: its housing was opened so shortly before it fell silent…
        opened_dead_days: …or so long before, if nobody rode or charged it any more…
        opened_often: …and on no more days before these: its contact is not a broken one…
        opened_silent_days: …and it has been silent for so long…
        explained_days: …and no mechanic was seen so near.
    """

    away_days: int = 15
    charged_ms: int = 60 * 60_000
    away_share: float = 0.9
    home_days: int = 7
    rides_at_most: int = 2
    silent_days: int = 21
    long_days: int = 84
    idle_days: int = 42
    opened_days: int = 7
    opened_dead_days: int = 28
    opened_often: int = 3
    opened_silent_days: int = 28
    explained_days: int = 14


class LossDay(Day, frozen=True, array_like=True, kw_only=True):
    """Where it was in a day, and who was at it."""

    period_ms: int = 0
    away_ms: int | None = None
    charging_ms: int | None = None
    cell: str = ""
    rides: int = 0
    serviced: bool = False
    openings: int = 0
    heard_s: int = 0  # newest reception, seconds since 1970


class Loss(Daily[LossDay]):
    """Finds aids that did not come home."""

    name = "loss"
    version = 4
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[LossDay]
    heeds: ClassVar = (ConditionReported, RideEnded, FaultChanged, PresenceChanged)
    day_type = LossDay
    keeps = 112

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: LossDay, fact: Fact, aid: Aid) -> LossDay:  # noqa: ARG002
        """Note where it was, and whether anybody used or charged it."""
        if not isinstance(fact, PresenceChanged) or fact.online:
            day = replace(day, heard_s=max(day.heard_s, int(fact.received_at.timestamp())))
        if isinstance(fact, RideEnded):
            return replace(day, rides=day.rides + (fact.seat is not Seat.EMPTY))
        if isinstance(fact, FaultChanged | PresenceChanged):
            return replace(day, serviced=day.serviced or with_key(fact.sample))
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
            openings=day.openings + fact.openings,
            log_no=max(day.log_no, fact.log_no),
        )

    def judge(self, days: tuple[LossDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the days since it was last at home."""
        limits = self._limits
        away = self._away(days)
        if len(away) < limits.away_days or _serviced(away, aid):
            return ()
        idle = sum(day.rides for day in away) <= limits.rides_at_most
        if len(away) >= (limits.idle_days if idle else limits.long_days):
            reason = Reason("away_for_long", {"days": len(away)})
            return (self._case(days, away, reason, 0.75),)
        if sum(day.charging_ms or 0 for day in away) >= limits.charged_ms:
            return ()
        if any(day.charging_ms is None for day in away):
            return ()  # it may be charged there, as on holiday
        rides = sum(day.rides for day in away)
        if rides > limits.rides_at_most:
            return ()
        reason = Reason("away_uncharged", {"days": len(away)})
        return (self._case(days, away, reason, 0.85),)

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
        last = memory.days[-self._limits.opened_dead_days :]
        if not any(self._was_away(day) or day.openings for day in last):
            return outcome  # nearly all, nearly always
        away = self._away(memory.days)
        opened = self._opened(memory.days, aid)
        if away and not _serviced(away, aid):
            span = timedelta(days=self._limits.silent_days)
        elif opened:
            span = timedelta(days=self._limits.opened_silent_days)
        else:
            return outcome
        heard = datetime.fromtimestamp(max(day.heard_s for day in last), UTC)
        for fact in facts:
            if isinstance(fact, LastHeard):
                heard = max(heard, fact.received_at)
        if listening_since is None:
            # Silence means nothing while nobody listens: look again later.
            return replace(outcome, due_at=max(now, heard + span) + timedelta(days=1))
        due_at = max(heard, listening_since) + span
        if now < due_at:
            return replace(outcome, due_at=due_at)
        silent = {"days": (now - heard).days}
        if away:
            case = self._case(memory.days, away, Reason("silent_since_away", silent), 0.75)
        else:
            case = self._case(memory.days, opened, Reason("silent_since_opened", silent), 0.7)
        memory, finding = self.tell(memory, case)
        return replace(outcome, state=memory, findings=(*outcome.findings, finding))

    def _opened(self, days: Sequence[LossDay], aid: Aid) -> list[LossDay]:
        """Return the days it was opened on before it fell silent; none if a mechanic was near.

        That was days before, or longer ago if it has stood without mains and riders ever since.
        """
        limits = self._limits
        newest = days[-1].on
        alive = max(
            (day.on for day in days if day.rides or (day.period_ms and day.charging_ms != 0)),
            default=0,
        )
        since = min(newest - limits.opened_days, max(alive, newest - limits.opened_dead_days) - 1)
        last = [day for day in days if day.on > since and day.openings]
        if not last:
            return []
        recent = newest - last[-1].on < limits.opened_days
        until = newest if recent else last[-1].on
        near = [day for day in days if day.on > until - limits.explained_days]
        often = sum(bool(day.openings) for day in days[: len(days) - len(near)])
        if often > limits.opened_often or _serviced(near, aid):
            return []  # opened ever and again: its contact is broken
        return last

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
        away_ms = day.away_ms or 0
        return away_ms > 0 and away_ms >= self._limits.away_share * day.period_ms

    def _case(
        self, days: Sequence[LossDay], found: Sequence[LossDay], reason: Reason, confidence: float
    ) -> Case:
        if reason.code == "silent_since_opened":
            reasons, otherwise = (reason, Reason("no_service_known")), UNDER_REPAIR
        else:
            reasons, otherwise = (reason, Reason("place_not_told")), ELSEWHERE
        return Case(
            what="lost",
            since=found[0].on,
            until=days[-1].on,
            reasons=reasons,
            otherwise=tuple(Reason(code) for code in otherwise),
            confidence=confidence,
            log_nos=tuple(day.log_no for day in found if day.log_no),
        )


def _serviced(away: Sequence[LossDay], aid: Aid) -> bool:
    """Return whether a mechanic saw it since it left: it stands in a workshop."""
    if any(day.serviced for day in away):
        return True
    return aid.serviced_on is not None and aid.serviced_on.toordinal() >= away[0].on
