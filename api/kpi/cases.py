"""Reads what counts for an indicator: sums by month, and the cases behind them.

What became of each case is kept with it as it is decided (``kept_case``); nothing is judged here
but that time has passed since.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from api.kpi.model import Case, Definition, Month
from api.kpi.periods import Length, Period, period_from
from api.queries import Connection, rows
from diagnostics.queries import load
from diagnostics.tickets.attainment import Outcome

QUERIES = load("api.kpi")
A_YEAR: Final = timedelta(days=365)


class Measured(NamedTuple):
    """Which rows of ``kept_case`` count. ``least``: of marks, the lowest that is good."""

    measure: str
    sorts: Sequence[str]
    least: int | None = None


MEASURES: Final[Mapping[str, Callable[[Mapping[str, Any]], Measured]]] = {
    "tickets_in_time": lambda asked: Measured(
        asked["target"], [str(priority) for priority in asked["priorities"]]
    ),
    "commissions_in_time": lambda asked: Measured("done", asked["kinds"]),
    "complaints_in_time": lambda asked: Measured(asked["step"], ["complaint"]),
    "share_reissued": lambda _: Measured("source", ["delivery", "reissue", "exchange"]),
    "share_satisfied": lambda asked: Measured("mark", ["answer"], asked["least"]),
}


async def definitions(connection: Connection) -> list[Definition]:
    """Return the indicators of all times."""
    found = await rows(connection, QUERIES["definitions"])
    return [msgspec.convert(each, Definition) for each in found]


async def months(
    connection: Connection,
    definition: Definition,
    members: Sequence[str],
    *,
    first: Period,
    last: Period,
    now: datetime,
) -> list[Month]:
    """Return what was decided from ``first`` to ``last`` as sums by month, and what is due by then.

    Args:
        connection: of whoever asks: a municipality sees its own.
        definition: the indicator.
        members: of which municipalities.
        first: the period with which to begin.
        last: the one that is the last.
        now: the moment at which it is looked at.

    Raises:
        LookupError: there is no query of that name.
    """
    month = period_from(first.begin, Length.MONTH)
    every = [month.before()]
    while month.begin < last.end:
        every.append(month)
        month = month.before(-1)
    asked = _asked(definition, members, first, last, now)
    asked["months"] = [each.begins_at for each in every[1:]]
    return [
        Month(
            month=every[each["month"]].begin,
            outcome=Outcome(each["outcome"]),
            number=each["number"],
            lately=each["lately"],
        )
        for each in await rows(connection, QUERIES["months"], asked)
    ]


async def listed(
    connection: Connection,
    definition: Definition,
    members: Sequence[str],
    period: Period,
    now: datetime,
    *,
    at_most: int,
) -> list[Case]:
    """Return the cases behind the figure of ``period``: missed ones first, then open ones.

    Raises:
        LookupError: there is no query of that name.
    """
    asked = _asked(definition, members, period, period, now) | {"limit": at_most}
    found = await rows(connection, QUERIES["listed"], asked)
    return [msgspec.convert(each, Case) for each in found]


def _asked(
    definition: Definition, members: Sequence[str], first: Period, last: Period, now: datetime
) -> dict[str, Any]:
    measured = MEASURES[definition.query](definition.parameters)
    return {
        "measure": measured.measure,
        "sorts": list(measured.sorts),
        "least": measured.least,
        "members": list(members),
        "begin": first.begins_at,
        "end": last.ends_at,
        "since": now - A_YEAR,
        "now": now,
    }
