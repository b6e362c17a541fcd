"""An indicator, the cases behind it, and its figure. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from api.kpi.periods import Length, Period
from diagnostics.tickets.attainment import Outcome, of_counts


class Definition(Struct, frozen=True, kw_only=True):
    """An indicator as agreed; a row of ``kpi``.

    Attributes:
        query: which cases count, one of ``api.kpi.cases``.
        share_asked: 0 to 1; None: it is shown, without a target.
        measures_nl: to be proposed when the target is at risk.
        contract: whose it is; None: of all.
    """

    key: str
    version: int
    query: str
    parameters: Mapping[str, Any]
    share_asked: float | None
    period: Length
    name_nl: str
    name_en: str
    definition_nl: str
    definition_en: str
    source: str
    measures_nl: tuple[str, ...]
    contract: str | None
    valid_from: date
    valid_through: date | None
    rank: int = 100

    def name(self, language: str) -> str:
        """Its name."""
        return self.name_nl if language == "nl" else self.name_en

    def definition(self, language: str) -> str:
        """What counts."""
        return self.definition_nl if language == "nl" else self.definition_en

    def valid_on(self, day: date) -> bool:
        """Return whether it holds on ``day``."""
        return self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)


class Case(Struct, frozen=True, kw_only=True):
    """One thing that counts, or will.

    Attributes:
        kind: commission, ticket, complaint or answer; with ``number`` what to look up.
        decided_at: when it was certain; it counts in that period and in no other. None: not yet.
        due_at: by when it is decided at the latest.
    """

    kind: str
    number: str
    municipality_code: str
    aid_kind: str
    begun_at: datetime
    outcome: Outcome
    decided_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    label: str = ""


class Month(Struct, frozen=True, kw_only=True):
    """How many cases of a month had an outcome.

    Attributes:
        month: its first day: of when they were decided; of open ones, when they are due.
        lately: how many of them were decided in the year before now.
    """

    month: date
    outcome: Outcome
    number: int
    lately: int = 0


class Figure(Struct, frozen=True, kw_only=True):
    """How an indicator stands in a period.

    Attributes:
        excused: of ``kept``, those that were in time only by evidenced delays that the contractor
            does not answer for.
        pending: not decided yet, and to be decided within the period.
        left_out: withdrawn, or without a promise.
    """

    kept: int = 0
    missed: int = 0
    excused: int = 0
    pending: int = 0
    left_out: int = 0
    asked: float | None = None

    @property
    def decided(self) -> int:
        """The denominator."""
        return self.kept + self.missed

    @property
    def share(self) -> float | None:
        """Numerator over denominator; None: nothing is decided."""
        return self.kept / self.decided if self.decided else None

    @property
    def share_without_excuses(self) -> float | None:
        """The share had no delay excused anybody."""
        return (self.kept - self.excused) / self.decided if self.decided else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None: there is none, or nothing is decided."""
        if self.asked is None or self.share is None:
            return None
        return self.share >= self.asked


def figure_of(months: Iterable[Month], period: Period, asked: float | None) -> Figure:
    """Return the figure of ``period``: a sum of its months."""
    outcomes: Counter[Outcome] = Counter()
    pending = 0
    for each in months:
        if each.outcome is Outcome.OPEN:
            pending += each.number if each.month < period.end else 0
        elif period.begin <= each.month < period.end:
            outcomes[each.outcome] += each.number
    return _figure(outcomes, pending, asked)


def lately(months: Iterable[Month], asked: float | None) -> Figure:
    """Return the figure of the year before now."""
    outcomes: Counter[Outcome] = Counter()
    for each in months:
        outcomes[each.outcome] += each.lately
    return _figure(outcomes, 0, asked)


def _figure(outcomes: Mapping[Outcome, int], pending: int, asked: float | None) -> Figure:
    # The contract's own reckoning, so that no page and no report has another.
    share = of_counts(outcomes, asked=asked or 0)
    return Figure(
        kept=share.kept,
        missed=share.decided - share.kept,
        excused=outcomes[Outcome.EXCUSED],
        pending=pending,
        left_out=outcomes[Outcome.LAPSED] + outcomes[Outcome.NOT_PROMISED],
        asked=asked,
    )


def current(every: Iterable[Definition], contracts: Collection[str], day: date) -> list[Definition]:
    """Return the indicators that hold on ``day``, newest version of each, in order.

    Args:
        every: of all times.
        contracts: whose own indicators count beside those of everybody.
        day: in the Netherlands.
    """
    found: dict[str, Definition] = {}
    for each in sorted(every, key=lambda definition: definition.version):
        if each.valid_on(day) and (each.contract is None or each.contract in contracts):
            found[each.key] = each
    return sorted(found.values(), key=lambda definition: (definition.rank, definition.key))
