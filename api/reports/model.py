"""What a report consists of, whoever writes it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from api.kpi.periods import Period, named
from api.reports import counting, words
from api.reports.counting import Counted, Counts
from api.reports.snapshot import Snapshot
from api.reports.words import word
from diagnostics.tickets.calendar import ZONE

Cell = str | int | float | date | datetime | None


class Column(NamedTuple):
    """A column. ``kind``: text, number, decimal, percent, money (in cents), date or moment."""

    label: str
    kind: str = "text"


class Sheet(NamedTuple):
    """A sheet. ``total``: the columns that are summed under it."""

    name: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: bool = False


class Report(NamedTuple):
    """A report that is counted: whatever is written of it follows from this.

    ``counted``: by client in the report of one municipality, else by subcategory.
    """

    snapshot: Snapshot
    period: Period
    counted: Counted
    total: Counts
    by_municipality: dict[tuple[str, ...], Counts]
    by_category: dict[tuple[str, ...], Counts]


def report_of(snapshot: Snapshot) -> Report:
    """Return the report that follows from a snapshot."""
    period = named(snapshot.period)
    counted = counting.count(snapshot.rows, period, by_client=not snapshot.is_group)
    return Report(
        snapshot=snapshot,
        period=period,
        counted=counted,
        total=counting.total(counted),
        by_municipality=counting.summed(counted, lambda key: (key.municipality,)),
        by_category=counting.summed(counted, lambda key: (key.municipality, key.category)),
    )


def ratio(counts: Counts, above: Iterable[str], below: Iterable[str]) -> float | None:
    """Return one sum of counts over another; None: over nothing."""
    under = sum(counts[name] for name in below)
    return sum(counts[name] for name in above) / under if under else None


def aid_word(category: str) -> str:
    """Return a subcategory as people read it."""
    return word(words.AIDS, category)


def day_of(moment: datetime | None) -> date | None:
    """Return the day in the Netherlands."""
    return None if moment is None else moment.astimezone(ZONE).date()


def moment_of(moment: datetime | None) -> datetime | None:
    """Return the moment as on a Dutch wall; Excel knows no time zones."""
    return None if moment is None else moment.astimezone(ZONE).replace(tzinfo=None)


def outcome_word(outcome: str | None) -> str:
    """Return what became of a term, in Dutch."""
    return word(words.OUTCOMES, outcome)
