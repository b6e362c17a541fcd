"""Removes what has been kept long enough, in small steps, or says what it would remove."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from api.privacy.retention import MEASURED, REMOVED
from api.queries import Connection, row, rows
from diagnostics.queries import load
from diagnostics.tickets.calendar import ZONE

logger = logging.getLogger(__name__)

QUERIES = load("api.privacy")
A_BATCH: Final = 1_000
AIDS_A_BATCH: Final = 50
# Once a night; by day only if nights were missed.
_NIGHT: Final = range(1, 5)
_EVERY: Final = timedelta(hours=20)
_AT_LAST: Final = timedelta(days=2)
# What a batch waits for a lock: somebody's work on a ticket goes first.
_LIMITS: Final = "SET LOCAL lock_timeout = '5s'"


class Removed(Struct, frozen=True, kw_only=True):
    """What went of one kind, or would. ``held``: what is needed still: things, or aids."""

    kind: str
    until: datetime | None
    removed: int
    held: int
    took_ms: int = 0


async def due(connection: Connection, now: datetime) -> bool:
    """Tell whether it is time to remove."""
    found = await row(connection, QUERIES["last_removal"])
    return is_due(None if found is None else found["at"], now)


def is_due(last: datetime | None, now: datetime) -> bool:
    """Tell whether it is time again; ``last``: when it was done, None: never."""
    if last is not None and last <= now - _AT_LAST:
        return True
    night = now.astimezone(ZONE).hour in _NIGHT
    return night and (last is None or last <= now - _EVERY)


async def look(connection: Connection, now: datetime) -> list[Removed]:
    """Return what would be removed; nothing is. Counting reads whole tables."""
    found = []
    for kind in MEASURED:
        until = await _measured_since(connection, kind, now)
        counted = await _row(connection, "count_measured", kind=kind, now=now)
        found.append(
            Removed(kind=kind, until=until, removed=counted["ready"], held=counted["held"])
        )
    terms = await _until(connection, now)
    for kind in dict.fromkeys(REMOVED):
        counted = await _row(connection, "count_ended", kind=kind, now=now)
        found.append(
            Removed(kind=kind, until=terms[kind], removed=counted["ready"], held=counted["held"])
        )
    return found


async def run(
    connection: Connection,
    now: datetime,
    *,
    clock: Callable[[], float] = time.monotonic,
    batch: int = A_BATCH,
) -> list[Removed]:
    """Remove what is due, and return what went; the log of it is written with the removal.

    Args:
        connection: in autocommit: each batch is a transaction, and none is long.
        now: the present; the database takes its own clock, if that is behind.
        clock: seconds, to say how long it took.
        batch: how many things go at once.
    """
    turn = await _row(connection, "turn")
    if not turn["mine"]:
        return []  # another process is at it
    await gather(connection, now)
    kinds = dict.fromkeys(REMOVED)
    found = [await _ended(connection, kind, now, clock, batch) for kind in kinds]
    found += [await _measured(connection, kind, now, clock) for kind in MEASURED]
    for each in found:
        if each.removed or each.held:
            logger.info("%s: %d removed, %d held", each.kind, each.removed, each.held)
    return found


async def gather(connection: Connection, now: datetime) -> int:
    """Add up measurements by aid and day, as far as days are complete; return how many days."""
    days = 0
    while True:
        async with connection.transaction():
            found = await _row(connection, "gather_day", now=now)
        if found["day"] is None:
            return days
        days += 1


async def _ended(
    connection: Connection, kind: str, now: datetime, clock: Callable[[], float], batch: int
) -> Removed:
    began = clock()
    removed = 0
    while True:
        async with connection.transaction():
            await connection.execute(_LIMITS)
            gone = await _row(connection, "remove_ended", kind=kind, now=now, most=batch)
        removed += gone["removed"]
        if gone["removed"] < batch:
            break
    counted = await _row(connection, "count_ended", kind=kind, now=now)
    until = (await _until(connection, now))[kind]
    return await _recorded(
        connection, Removed(kind=kind, until=until, removed=removed, held=counted["held"]), now,
        clock() - began,
    )  # fmt: skip


async def _measured(
    connection: Connection, kind: str, now: datetime, clock: Callable[[], float]
) -> Removed:
    began = clock()
    async with connection.transaction():
        await connection.execute(_LIMITS)
        dropped = await _row(connection, "drop_measured", kind=kind, now=now)
    if dropped["dropped"]:
        logger.info("%s: %d chunks dropped", kind, dropped["dropped"])
    removed, held, after = int(dropped["dropped"]), 0, 0
    while True:
        async with connection.transaction():
            await connection.execute(_LIMITS)
            gone = await _row(
                connection, "remove_measured", kind=kind, now=now, after=after, aids=AIDS_A_BATCH
            )
        removed += gone["removed"]
        held += gone["held"]
        if gone["last"] is None:
            break
        after = gone["last"]
    until = await _measured_since(connection, kind, now)
    done = Removed(kind=kind, until=until, removed=removed, held=held)
    return await _recorded(connection, done, now, clock() - began)


async def _recorded(connection: Connection, done: Removed, now: datetime, took_s: float) -> Removed:
    took_ms = round(took_s * 1000)
    if done.until is not None:
        values = {
            "kind": done.kind,
            "until": done.until,
            "removed": done.removed,
            "held": done.held,
            "now": now,
            "took_ms": took_ms,
        }
        await connection.execute(QUERIES["record_removal"], values)
    return done


async def _until(connection: Connection, now: datetime) -> dict[str, datetime]:
    found = await rows(connection, QUERIES["terms"], {"now": now})
    return {each["kind"]: each["until"] for each in found}


async def _measured_since(connection: Connection, kind: str, now: datetime) -> datetime | None:
    found = await _row(connection, "measured_since", kind=kind, now=now)
    until: datetime | None = found["until"]
    return until


async def _row(connection: Connection, name: str, **asked: Any) -> dict[str, Any]:
    found = await row(connection, QUERIES[name], asked)
    if found is None:
        raise LookupError(f"{name} returned nothing")
    return found
