"""Reads what a report is made from, in one transaction that sees one moment."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, LiteralString

from api.kpi import cases as kpi
from api.kpi.cases import dossiers, judged
from api.kpi.model import current, figure_of
from api.kpi.periods import Length, Period, period_from
from api.kpi.service import Contract
from api.queries import Connection, row
from api.reports import counting, words
from api.reports.snapshot import (
    Aid,
    Answer,
    Billed,
    Complaint,
    Earlier,
    Indicator,
    Order,
    Rejection,
    Rows,
    Snapshot,
    Work,
)
from diagnostics.queries import load
from diagnostics.tickets.attainment import Outcome, outcome
from diagnostics.tickets.calendar import dutch_day
from diagnostics.tickets.clocks import Clocks, Target
from diagnostics.tickets.life import clocks_at

QUERIES = load("api.reports")
_AT_ONCE: Final = 5_000
_YEARS_BEFORE: Final = 5
_BEFORE: Final = {Length.MONTH: 5, Length.QUARTER: 3, Length.YEAR: 3}


async def snapshot(
    connection: Connection,
    contract: Contract,
    codes: frozenset[str],
    names: Mapping[str, str],
    *,
    kind: str,
    period: Period,
    version: int,
    reason: str,
    now: datetime,
) -> Snapshot:
    """Return everything that a report tells.

    Args:
        connection: in a transaction that sees one moment (repeatable read).
        contract: whose.
        codes: whose agreements hold for it.
        names: of municipalities, by code.
        kind: management or annual; an annual one has earlier years beside it.
        period: of the report.
        version: from 1.
        reason: why there is another one.
        now: the cut-off.
    """
    return Snapshot(
        contract=contract.code,
        name=contract.name,
        municipalities={code: names[code] for code in contract.members},
        is_group=contract.is_group,
        kind=kind,
        period=period.name,
        cut_off_at=now,
        version=version,
        reason=reason,
        rows=await rows_of(connection, contract.members, period, now),
        indicators=await _indicators(connection, contract, codes, period, now),
        earlier=await _earlier(connection, contract.members, period, now)
        if kind == "annual"
        else (),
    )


async def rows_of(
    connection: Connection, members: Sequence[str], period: Period, now: datetime
) -> Rows:
    """Return all rows of ``period``."""
    asked = {
        "members": list(members),
        "begin": period.begins_at,
        "end": period.ends_at,
        "first_day": period.begin,
        "after": period.end,
    }

    async def all_(name: str, of: type[Any]) -> list[Any]:
        return [of(*each) async for each in _stream(connection, QUERIES[name], asked)]

    return Rows(
        aids=await all_("aids", Aid),
        orders=[_order(each) async for each in _stream(connection, QUERIES["orders"], asked)],
        works=await _works(connection, asked, now),
        complaints=await all_("complaints", Complaint),
        answers=await all_("answers", Answer),
        rejections=await all_("rejections", Rejection),
        billed=await all_("billed", Billed),
    )


async def _works(connection: Connection, asked: Mapping[str, Any], now: datetime) -> list[Work]:
    found: list[Work] = []
    doubtful: list[tuple[int, int]] = []
    async for each in _stream(connection, QUERIES["works"], asked):
        *plain, on_site_due, repaired_due, calamity, asks_log = each
        number, priority, on_site_at, repaired_at, closed_at = (
            plain[at] for at in (0, 7, 10, 11, 12)
        )
        if asks_log and priority is not None:
            doubtful.append((number, len(found)))
        over_at = min(filter(None, (repaired_at, closed_at)), default=None)
        there_at = None if over_at and on_site_at and over_at < on_site_at else on_site_at
        on_site = judged(on_site_due, there_at, over_at, now)[0] if priority == 1 else None
        repaired = judged(repaired_due, repaired_at, over_at, now)[0] if priority else None
        fields: tuple[Any, ...] = (*plain, on_site, repaired, calamity, "")
        found.append(Work(*fields))
    for begin in range(0, len(doubtful), _AT_ONCE):
        part = dict(doubtful[begin : begin + _AT_ONCE])
        for number, dossier in (await dossiers(connection, list(part))).items():
            clocks = clocks_at(dossier, now)
            if clocks is not None:
                found[part[number]] = _by_log(found[part[number]], clocks)
    return found


def _by_log(work: Work, clocks: Clocks) -> Work:
    fields: list[Any] = [getattr(work, name) for name in work.__struct_fields__]
    on_site = outcome(clocks, Target.ON_SITE)
    fields[-4] = None if on_site is Outcome.NOT_PROMISED and clocks.priority != 1 else on_site
    fields[-3] = outcome(clocks, Target.REPAIRED)
    fields[-1] = "; ".join(
        f"{words.DELAYS.get(delay.reason, delay.reason)}"
        f" ({'niet toerekenbaar' if delay.counts else 'toerekenbaar'})"
        + (f": {', '.join(delay.evidence)}" if delay.evidence else "")
        for delay in clocks.delays
    )
    return Work(*fields)


def _order(each: Sequence[Any]) -> Order:
    *plain, said = each
    fields: tuple[Any, ...] = (*plain, "; ".join(_delay(line) for line in said.splitlines()))
    return Order(*fields)


def _delay(line: str) -> str:
    reason, attributable, evidence = (*line.split("|"), "", "")[:3]
    whose = "niet toerekenbaar" if attributable == "false" and evidence else "toerekenbaar"
    return f"{words.DELAYS.get(reason, reason)} ({whose})" + (f": {evidence}" if evidence else "")


async def _indicators(
    connection: Connection,
    contract: Contract,
    codes: frozenset[str],
    period: Period,
    now: datetime,
) -> list[Indicator]:
    found = []
    earlier = [period.before(count) for count in range(_BEFORE[period.length], 0, -1)]
    definitions = current(await kpi.definitions(connection), codes, period.before(0).begin)
    for definition in definitions:
        figures = []
        for each in (*earlier, period):
            # One period at a time: years of cases are not held together.
            every = await kpi.cases(connection, definition, each, each, now)
            own = (case for case in every if case.municipality_code in contract.members)
            figures.append(figure_of(own, each, definition.share_asked))
        *past, figure = figures
        found.append(
            Indicator(
                definition.name_nl,
                definition.definition_nl,
                definition.source,
                definition.share_asked,
                figure.kept,
                figure.missed,
                figure.excused,
                figure.left_out,
                tuple(
                    (each.name, one.kept, one.decided)
                    for each, one in zip(earlier, past, strict=True)
                ),
            )
        )
    return found


async def _earlier(
    connection: Connection, members: Sequence[str], period: Period, now: datetime
) -> list[Earlier]:
    begun = await row(connection, QUERIES["first_year"], {"members": list(members)})
    if begun is None or begun["at"] is None:
        return []
    first = max(dutch_day(begun["at"]).year, period.begin.year - _YEARS_BEFORE)
    found = []
    for year in range(period.begin.year - 1, first - 1, -1):
        before = period_from(period.begin.replace(year=year), Length.YEAR)
        # One year at a time: only its sums are kept.
        counted = counting.count(await rows_of(connection, members, before, now), before)
        found.append(Earlier(year, dict(sorted(counting.total(counted).items()))))
    return found


async def _stream(
    connection: Connection, sql: LiteralString, parameters: Mapping[str, Any]
) -> AsyncIterator[tuple[Any, ...]]:
    """Yield rows without holding all of them: there may be hundreds of thousands."""
    async with connection.cursor("report") as cursor:
        cursor.itersize = _AT_ONCE
        await cursor.execute(sql, parameters)
        async for each in cursor:
            yield each
