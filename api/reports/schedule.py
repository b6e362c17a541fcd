"""Which reports are owed, and by when. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from api.kpi.periods import Length, Period, last_day_of_month, period_of

# What phones without a line and people write down late is in it, and there is time to look at it.
SETTLE: Final = timedelta(days=5)
# So long before the deadline somebody is told that a report is not there.
LAST_CALL: Final = timedelta(days=3)


class Rule(Struct, frozen=True, kw_only=True):
    """That a report is owed; a row of ``report_schedule``."""

    contract: str
    kind: str
    period: Length
    due_days: int | None
    due_month: int | None
    source: str
    valid_from: date
    valid_through: date | None


class State(StrEnum):
    """How a report stands that is owed."""

    RUNNING = "running"  # its period is not over
    TO_MAKE = "to_make"
    LATE = "late"
    MADE = "made"


class Owed(NamedTuple):
    """A report that is owed. ``contract``: of a group also each of its municipalities."""

    contract: str
    kind: str
    period: Period
    due_on: date
    source: str

    @property
    def makes_on(self) -> date:
        """The day on which it is made."""
        return min(self.period.end + SETTLE, self.due_on)

    def state(self, made: bool, today: date) -> State:  # noqa: FBT001 - it is made or it is not
        """Return how it stands."""
        if made:
            return State.MADE
        if today < self.period.end:
            return State.RUNNING
        return State.LATE if today > self.due_on else State.TO_MAKE


def owed(rules: Iterable[Rule], members: Mapping[str, Sequence[str]], today: date) -> list[Owed]:
    """Return what is owed for all periods that have begun, those with the nearest deadline last.

    Args:
        rules: of all contracts.
        members: of each contract the municipalities; a group's get their own report beside it.
        today: in the Netherlands.
    """
    found = [each for rule in rules for each in _of_rule(rule, members, today)]
    return sorted(found, key=lambda each: (each.due_on, each.contract, each.kind), reverse=True)


def due_on(rule: Rule, period: Period) -> date:
    """Return by which day a report is to be there."""
    if rule.due_month is not None:
        return last_day_of_month(period.end.year, rule.due_month)
    return period.end - timedelta(days=1) + timedelta(days=rule.due_days or 0)


def _of_rule(rule: Rule, members: Mapping[str, Sequence[str]], today: date) -> Iterator[Owed]:
    period = period_of(rule.valid_from, rule.period)
    whose = dict.fromkeys([rule.contract, *members.get(rule.contract, ())])
    while period.begin <= min(today, rule.valid_through or today):
        for contract in whose:
            yield Owed(contract, rule.kind, period, due_on(rule, period), rule.source)
        period = period_of(period.end, rule.period)
