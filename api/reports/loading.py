"""Reads what a report is made from, in one transaction that sees one moment."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, LiteralString

from msgspec.structs import replace

from api.kpi import cases as kpi
from api.kpi.keeping import dossiers
from api.kpi.model import current, figure_of
from api.kpi.periods import Length, Period, period_from
from api.kpi.service import Contract
from api.queries import Connection, row
from api.reports import counting, words
from api.reports.counting import Counts
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
from diagnostics.tickets.attainment import Outcome
from diagnostics.tickets.calendar import dutch_day
from diagnostics.tickets.clocks import Clocks
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


def _asked(members: Sequence[str], period: Period, now: datetime) -> dict[str, Any]:
    return {
        "members": list(members),
        "begin": period.begins_at,
        "end": period.ends_at,
        "first_day": period.begin,
        "after": period.end,
        "now": now,
    }


async def rows_of(
    connection: Connection,
    members: Sequence[str],
    period: Period,
    now: datetime,
    *,
    apart: bool = True,
) -> Rows:
    """Return all rows of ``period``; unless ``apart`` without those of which there are most."""
    asked = _asked(members, period, now)

    async def all_(name: str, of: type[Any]) -> list[Any]:
        return [of(*each) async for each in _stream(connection, QUERIES[name], asked)]

    return Rows(
        aids=await all_("aids", Aid) if apart else (),
        orders=[_order(each) async for each in _stream(connection, QUERIES["orders"], asked)],
        works=await _works(connection, asked, now) if apart else (),
        complaints=await all_("complaints", Complaint),
        answers=await all_("answers", Answer),
        rejections=await all_("rejections", Rejection),
        billed=await all_("billed", Billed),
    )


async def _works(connection: Connection, asked: Mapping[str, Any], now: datetime) -> list[Work]:
    found: list[Work] = []
    delayed: list[tuple[int, int]] = []
    async for each in _stream(connection, QUERIES["works"], asked):
        *plain, on_site, repaired, calamity, has_delays = each
        if has_delays:
            delayed.append((plain[0], len(found)))
        outcomes = (on_site and Outcome(on_site), repaired and Outcome(repaired))
        fields: tuple[Any, ...] = (*plain, *outcomes, calamity, "")
        found.append(Work(*fields))
    for begin in range(0, len(delayed), _AT_ONCE):
        part = dict(delayed[begin : begin + _AT_ONCE])
        for number, dossier in (await dossiers(connection, part)).items():
            clocks = clocks_at(dossier, now)
            if clocks is not None:
                found[part[number]] = replace(found[part[number]], delays=_delays(clocks))
    return found


def _delays(clocks: Clocks) -> str:
    return "; ".join(
        f"{words.DELAYS.get(delay.reason, delay.reason)}"
        f" ({'niet toerekenbaar' if delay.counts else 'toerekenbaar'})"
        + (f": {', '.join(delay.evidence)}" if delay.evidence else "")
        for delay in clocks.delays
    )


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
        months = await kpi.months(
            connection, definition, contract.members, first=earlier[0], last=period, now=now
        )
        asked = definition.share_asked
        figures = [figure_of(months, each, asked) for each in (*earlier, period)]
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
        counts = await total_of(connection, members, before, now)
        found.append(Earlier(year, dict(sorted(counts.items()))))
    return found


async def total_of(
    connection: Connection, members: Sequence[str], period: Period, now: datetime
) -> Counts:
    """Return the same as counting ``rows_of`` in all, with what there is most of summed first."""
    rows = await rows_of(connection, members, period, now, apart=False)
    asked = _asked(members, period, now)
    total = counting.total(counting.count(rows, period))
    async for number, first, later in _stream(connection, QUERIES["aids_alike"], asked):
        total.update({"outstanding": number, "works_first": first, "works_later": later})
    async for kind, priority, reported, on_site, repaired, calamity, number in _stream(
        connection, QUERIES["works_alike"], asked
    ):
        one = counting.of_work(
            kind,
            priority,
            calamity=calamity,
            reported=reported,
            on_site=on_site,
            repaired=repaired,
        )
        total.update(dict.fromkeys(one, number))
    return total


async def _stream(
    connection: Connection, sql: LiteralString, parameters: Mapping[str, Any]
) -> AsyncIterator[tuple[Any, ...]]:
    """Yield rows without holding all of them: there may be hundreds of thousands."""
    async with connection.cursor("report") as cursor:
        cursor.itersize = _AT_ONCE
        await cursor.execute(sql, parameters)
        async for each in cursor:
            yield each
