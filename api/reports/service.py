"""Makes reports, keeps their versions, and knows which are owed."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from api.kpi import service as kpi
from api.kpi.periods import Length, Period
from api.kpi.service import Contract
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, row, rows
from api.reports import loading, schedule, words
from api.reports.loading import QUERIES
from api.reports.model import report_of
from api.reports.schedule import Owed, Rule, State
from api.reports.sheets import sheets
from api.reports.snapshot import Snapshot, packed, unpacked
from api.reports.summary import summary
from api.reports.workbook import workbook
from diagnostics.tickets.calendar import dutch_day

logger = logging.getLogger(__name__)
LENGTHS = {"management": (Length.QUARTER, Length.MONTH), "annual": (Length.YEAR,)}


class Files(NamedTuple):
    """A report as it is handed over."""

    workbook: bytes
    summary: bytes


class Listed(NamedTuple):
    """A report that is owed or made: ``versions``, newest first."""

    contract: str
    name: str
    kind: str
    period: str
    due_on: date | None
    state: State
    versions: tuple[Row, ...]


def files_of(snapshot: Snapshot) -> Files:
    """Return the files that follow from a snapshot. Pure: the same snapshot, the same bytes."""
    report = report_of(snapshot)
    title = f"{words.KINDS_OF_REPORT[snapshot.kind]} {snapshot.name} {snapshot.period}"
    return Files(
        workbook(
            sheets(report),
            title=title,
            made_at=snapshot.cut_off_at,
            chart=("Resultaat", "KPI"),
        ),
        summary(report),
    )


async def make(
    connection: Connection,
    code: str,
    kind: str,
    period: Period,
    *,
    now: datetime,
    actor: str,
    reason: str = "",
    due: date | None = None,
) -> int:
    """Make a version of a report and return its number.

    Args:
        connection: in a transaction that sees one moment (repeatable read).
        code: of the municipality or group.
        kind: management or annual.
        period: that is over.
        now: the cut-off.
        actor: who makes it.
        reason: why there is another version; needed from the second on.
        due: by when it is owed.

    Raises:
        InvalidInputError: the period is not over or not of a length for this kind, or another
            version has no reason.
        NotFoundError: there is no such contract.
    """
    if kind not in LENGTHS or period.length not in LENGTHS[kind]:
        raise InvalidInputError("body", "period", f"A {kind} report is not about {period.name}.")
    if dutch_day(now) < period.end:
        raise InvalidInputError("body", "period", f"{period.name} is not over yet.")
    every = await kpi.contracts(connection)
    contract = kpi.chosen(every, code, None)
    key = {"contract": contract.code, "kind": kind, "begin": period.begin}
    found = await row(connection, QUERIES["newest_version"], key)
    version = (found["version"] if found else 0) + 1
    if version > 1 and not reason.strip():
        raise InvalidInputError("body", "reason", f"Say why there is to be a version {version}.")
    snapshot = await loading.snapshot(
        connection,
        contract,
        kpi.codes(contract, every),
        {each.code: each.name for each in every},
        kind=kind,
        period=period,
        version=version,
        reason=reason.strip(),
        now=now,
    )
    kept, files = packed(snapshot), files_of(snapshot)
    stored = await row(
        connection,
        QUERIES["store"],
        {
            **key,
            "end": period.end,
            "version": version,
            "due_on": due,
            "now": now,
            "actor": actor,
            "reason": snapshot.reason,
            "snapshot": kept,
            "workbook": files.workbook,
            "summary": files.summary,
        },
    )
    if stored is None:
        raise LookupError("a row that was inserted is not there")
    number: int = stored["report_id"]
    logger.info("report %d: %s %s %s, version %d", number, kind, code, period.name, version)
    return number


async def make_due(connection: Connection, now: datetime) -> int:
    """Make the first report that is due and not there; return its number, or 0.

    A transaction for each, so that one that fails takes no other with it.
    """
    await connection.execute(QUERIES["one_at_a_time"], {"name": "liftwacht-reports"})
    for one, made in await owed_now(connection, now):
        if not made and one.makes_on <= dutch_day(now):
            return await make(
                connection,
                one.contract,
                one.kind,
                one.period,
                now=now,
                actor="system:reports",
                due=one.due_on,
            )
    return 0


async def verify(connection: Connection, report_id: int) -> bool:
    """Make a version again from its snapshot; return whether it is the same, to the byte.

    Raises:
        NotFoundError: there is none with that number.
    """
    found = await row(connection, QUERIES["snapshot"], {"report_id": report_id})
    if found is None:
        raise NotFoundError(f"There is no report {report_id}.")
    files = files_of(unpacked(bytes(found["snapshot"])))
    return [hashlib.sha256(content).digest() for content in files] == [
        bytes(found["workbook_sha256"]),
        bytes(found["summary_sha256"]),
    ]


async def owed_now(connection: Connection, now: datetime) -> list[tuple[Owed, bool]]:
    """Return which reports are owed, and whether there is a version of each."""
    contracts = await kpi.contracts(connection)
    rules = [msgspec.convert(each, Rule) for each in await rows(connection, QUERIES["schedule"])]
    made = {
        (each["contract"], each["kind"], each["period_begin"])
        for each in await rows(connection, QUERIES["made"])
    }
    members = {each.code: each.members for each in contracts}
    return [
        (each, (each.contract, each.kind, each.period.begin) in made)
        for each in schedule.owed(rules, members, dutch_day(now))
    ]


async def listed(
    connection: Connection, contract: Contract, every: Sequence[Contract], now: datetime
) -> list[Listed]:
    """Return the reports of a contract, its group's and its members', newest first."""
    whose = {*kpi.codes(contract, every), *contract.members}
    names = {each.code: each.name for each in every}
    versions: dict[tuple[str, str, date], list[Row]] = {}
    for each in await rows(connection, QUERIES["made"]):
        if each["contract"] in whose:
            key = (each["contract"], each["kind"], each["period_begin"])
            versions.setdefault(key, []).append(each)
    found = []
    today = dutch_day(now)
    for one, made in await owed_now(connection, now):
        if one.contract in whose:
            key = (one.contract, one.kind, one.period.begin)
            found.append(
                Listed(
                    one.contract,
                    names[one.contract],
                    one.kind,
                    one.period.name,
                    one.due_on,
                    one.state(made, today),
                    tuple(versions.pop(key, ())),
                )
            )
    for (code, kind, begin), made_ones in versions.items():
        name = _named(kind, begin, made_ones[0]["period_end"])
        found.append(Listed(code, names[code], kind, name, None, State.MADE, tuple(made_ones)))
    return found


def _named(kind: str, begin: date, end: date) -> str:
    for length in LENGTHS[kind]:
        period = Period(length, begin, end)
        if period.before(0).end == end:
            return period.name
    return begin.isoformat()


async def content(connection: Connection, report_id: int, what: str) -> tuple[bytes, str]:
    """Return the content and the name of a file: workbook or summary.

    Raises:
        NotFoundError: there is none with that number that the asker may see.
    """
    found: dict[str, Any] | None = await row(connection, QUERIES[what], {"report_id": report_id})
    if found is None:
        raise NotFoundError(f"There is no report {report_id}.")
    ending = "xlsx" if what == "workbook" else "pdf"
    name = (
        f"{found['kind']}-{found['contract']}-{found['period_begin']}-v{found['version']}.{ending}"
    )
    return bytes(found["content"]), name
