"""Cases in the database: the only place that knows their SQL.

Nothing here commits: every function runs inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics import queries
from diagnostics.misuse import decisions
from diagnostics.misuse.errors import CaseNotFound
from diagnostics.misuse.items import KINDS
from diagnostics.misuse.model import Case, Change, Event, File, Head
from diagnostics.misuse.terms import MisuseTerms

Connection = AsyncConnection[Any]

_SQL = queries.load("diagnostics.misuse")
_NOBODY: Final = "-"


class Aid(NamedTuple):
    """An aid, who has it, and whose contract it is under."""

    device_name: str
    client_id: int | None
    client_number: str | None
    municipality_code: str


async def aid(conn: Connection, device_id: int) -> Aid:
    """Return who has an aid.

    Raises:
        LookupError: there is no such device.
    """
    row = await queries.row(conn, _SQL["aid"], {"device_id": device_id})
    if row is None:
        raise LookupError(f"there is no device {device_id}")
    return Aid(**row)


async def find_or_open(
    conn: Connection, device_id: int, of: Aid, kind: str, *, since: datetime, now: datetime
) -> File:
    """Return the open case of an aid, its client and a kind of use, locked; open one if need be."""
    key = {"device_id": device_id, "dedup_key": f"{kind}:{of.client_id or _NOBODY}"}
    opened = await queries.row(
        conn,
        _SQL["insert_case"],
        {
            **key,
            "client_id": of.client_id,
            "municipality_code": of.municipality_code,
            "kind": kind,
            "item": KINDS[kind],
            "since": since,
            "now": now,
        },
    )
    found = opened or await queries.row(conn, _SQL["find_open"], key)
    if found is None:  # closed in between
        return await find_or_open(conn, device_id, of, kind, since=since, now=now)
    return await lock(conn, found["case_id"])


async def find_request(conn: Connection, request_id: str) -> int | None:
    """Return the case that a request was written into; others with this id wait."""
    await _run(conn, "one_signal", {"request_id": request_id})
    row = await queries.row(conn, _SQL["find_request"], {"request_id": request_id})
    return row["case_id"] if row else None


async def lock(conn: Connection, case_id: int) -> File:
    """Read all that is written about a case, and lock it until the transaction ends.

    Raises:
        CaseNotFound: there is none with that number.
    """
    if await queries.row(conn, _SQL["lock_case"], {"case_id": case_id}) is None:
        raise CaseNotFound(case_id)
    return await read(conn, case_id)


async def read(conn: Connection, case_id: int) -> File:
    """Read all that is written about a case.

    Raises:
        CaseNotFound: there is none with that number.
    """
    row = await queries.row(conn, _SQL["read_case"], {"case_id": case_id})
    if row is None:
        raise CaseNotFound(case_id)
    terms = row.pop("terms") or ()
    return File(
        head=msgspec.convert(row, Head),
        events=await _events(conn, case_id),
        terms=msgspec.convert(terms, tuple[MisuseTerms, ...]),
    )


async def write(conn: Connection, file: File, events: Iterable[Event], now: datetime) -> Case:
    """Write ``events`` into the log of a case that is locked, with all that follows from them."""
    change = decisions.change(file, events)
    if change.events:
        await apply(conn, change, now=now)
    return change.case


async def apply(conn: Connection, change: Change, *, now: datetime) -> None:
    """Write what was decided: case, events and messages to send; and tell live views."""
    case = change.case
    async with conn.cursor() as cursor:
        await cursor.execute(_SQL["update_case"], msgspec.structs.asdict(case))
        for event in change.events:
            await cursor.execute(
                _SQL["insert_event"],
                {
                    "case_id": case.case_id,
                    "number": event.number,
                    "at": event.at,
                    "actor": event.actor,
                    "kind": event.kind.value,
                    "detail": Jsonb(event.detail),
                    "happened_at": event.happened_at,
                    "request_id": event.request_id,
                },
            )
        for notice in change.notices:
            await cursor.execute(
                _SQL["insert_notification"],
                {
                    "dedup_key": notice.dedup_key,
                    "channel": notice.channel,
                    "recipient": notice.recipient,
                    "payload": Jsonb(notice.payload),
                    "now": now,
                    "municipality": case.municipality_code,
                    "case_id": case.case_id,
                },
            )
        live = {"kind": "device", "device": case.device_name}
        await cursor.execute(_SQL["announce"], {"live": msgspec.json.encode(live).decode()})


async def link_finding(conn: Connection, finding_id: int, case_id: int) -> None:
    """Say which case a finding became."""
    await _run(conn, "link_finding", {"finding_id": finding_id, "case_id": case_id})


async def due_signals(conn: Connection, limit: int, now: datetime) -> Sequence[dict[str, Any]]:
    """Return findings that are to become signals, locked, but for those that were put off."""
    return await queries.rows(conn, _SQL["due_signals"], {"limit": limit, "now": now})


async def signals_over(conn: Connection, limit: int, now: datetime) -> Sequence[dict[str, Any]]:
    """Return findings that ended, of open cases that do not say so yet; the cases are locked."""
    return await queries.rows(conn, _SQL["signals_over"], {"limit": limit, "now": now})


async def postpone_finding(
    conn: Connection, finding_id: int, *, attempts: int, again_at: datetime, error: str
) -> None:
    """Put off a finding of which no case could be made."""
    told = {"finding_id": finding_id, "attempts": attempts, "again_at": again_at, "error": error}
    await _run(conn, "postpone_finding", told)


async def forget_trouble(conn: Connection, finding_id: int) -> None:
    """It is in a case after all."""
    await _run(conn, "forget_trouble", {"finding_id": finding_id})


async def claim_reminder(conn: Connection, now: datetime) -> int | None:
    """Lock the case of which the municipality is to be reminded first, if there is one."""
    row = await queries.row(conn, _SQL["due_reminders"], {"now": now})
    return row["case_id"] if row else None


async def postpone_reminder(conn: Connection, case_id: int, until: datetime) -> None:
    """Look at a case again then, and not before."""
    await _run(conn, "postpone_reminder", {"case_id": case_id, "until": until})


async def terms_of(conn: Connection, municipality: str) -> tuple[MisuseTerms, ...]:
    """Return what a municipality agreed upon, of all times."""
    row = await queries.row(conn, _SQL["terms"], {"municipality": municipality})
    return msgspec.convert((row and row["terms"]) or (), tuple[MisuseTerms, ...])


async def store_terms(conn: Connection, every: Iterable[MisuseTerms]) -> int:
    """Put terms in the place of those that begin on the same day; return how many."""
    stored = list(every)
    for terms in stored:
        await _run(
            conn,
            "store_terms",
            {
                "municipality": terms.municipality_code,
                "valid_from": terms.valid_from,
                "valid_through": terms.valid_through,
                "terms": Jsonb(terms, dumps=msgspec.json.encode),
            },
        )
    return len(stored)


async def _events(conn: Connection, case_id: int) -> tuple[Event, ...]:
    rows = await queries.rows(conn, _SQL["events"], {"case_id": case_id})
    return tuple(msgspec.convert(row, Event) for row in rows)


async def _run(conn: Connection, name: str, parameters: dict[str, Any]) -> None:
    await conn.execute(_SQL[name], parameters)
