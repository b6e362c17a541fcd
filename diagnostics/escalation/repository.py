"""Rota, policies and timers in the database: the only place that knows their SQL.

Nothing here commits: every function runs inside the caller's transaction.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics import queries
from diagnostics.escalation.policy import Kind, Policy
from diagnostics.escalation.rota import Layer, Override, Rota, Rotation
from diagnostics.escalation.timers import CATCH_UP, Phase, State

Connection = AsyncConnection[Any]

_SQL = queries.load("diagnostics.escalation")
# Whoever left is on call no more, whatever rotations and overrides say: that is a gap to be seen.
_EVER: Final = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


class MissingPolicy(LookupError):  # noqa: N818 - named for what is the matter
    """There is no policy for such tickets."""


class Timer(NamedTuple):
    """A ticket's timer, and what the ticket is now.

    Attributes:
        state: as it was stored; of a ticket that nobody looked at yet: without its first wait.
        begun: whether somebody has.
    """

    state: State
    begun: bool
    kind: Kind
    priority: int
    closed: bool


class Entry(NamedTuple):
    """An event of a ticket's log."""

    event_no: int
    kind: str
    at: datetime
    actor: str
    detail: dict[str, Any]


async def claim(conn: Connection, now: datetime) -> int | None:
    """Lock the ticket that is due first; None: nothing is due that nobody else works on."""
    row = await queries.row(conn, _SQL["claim"], {"now": now})
    return row["ticket_id"] if row else None


async def timer(conn: Connection, ticket_id: int) -> Timer:
    """Return the timer of a ticket that is claimed."""
    (row,) = await queries.rows(conn, _SQL["timer"], {"ticket_id": ticket_id})
    begun = row["wait"] is not None
    return Timer(
        state=msgspec.convert({**row, "wait": row["wait"] or timedelta(0)}, State),
        begun=begun,
        kind=Kind(row["ticket_kind"]),
        priority=row["ticket_priority"],
        closed=row["closed_at"] is not None,
    )


async def news(conn: Connection, ticket_id: int, after: int) -> list[Entry]:
    """Return what happened to a ticket after event ``after``, in order."""
    where = {"ticket_id": ticket_id, "after": after}
    return [Entry(**row) for row in await queries.rows(conn, _SQL["news"], where)]


async def policy(conn: Connection, kind: Kind, priority: int, day: date) -> Policy:
    """Return the policy that holds on ``day``.

    Raises:
        MissingPolicy: there is none.
    """
    row = await queries.row(conn, _SQL["policy"], {"kind": kind, "priority": priority, "day": day})
    if row is None:
        raise MissingPolicy(f"no policy for {kind} of priority {priority} on {day}")
    return msgspec.convert(row["policy"], Policy)


async def rota(conn: Connection, since: datetime) -> Rota:
    """Return the schedule, with all that counts from ``since`` on."""
    where = {"since": since}
    overrides = [
        msgspec.convert(row, Override) for row in await queries.rows(conn, _SQL["overrides"], where)
    ]
    begin, end = _EVER
    left = [
        Override(layer=layer, begin=begin, end=end, person=None, instead_of=row["login"])
        for row in await queries.rows(conn, _SQL["gone"])
        for layer in Layer
    ]
    rotations = [
        msgspec.convert(row, Rotation) for row in await queries.rows(conn, _SQL["rotations"], where)
    ]
    return Rota(rotations=tuple(rotations), overrides=(*overrides, *left))


async def present_rota(conn: Connection, now: datetime) -> Rota:
    """Return the schedule for whatever may be decided now."""
    return await rota(conn, now - 2 * CATCH_UP)


async def save(conn: Connection, state: State, next_due: datetime | None) -> None:
    """Remember how a timer stands, and when it is due."""
    await conn.execute(_SQL["save"], {**msgspec.structs.asdict(state), "next_due": next_due})


async def snooze(conn: Connection, ticket_id: int, later: datetime) -> None:
    """Put off a ticket that cannot be decided."""
    await conn.execute(_SQL["snooze"], {"ticket_id": ticket_id, "later": later})


async def close(conn: Connection, state: State, now: datetime) -> None:
    """End a timer; who was to hear of it need not any more."""
    await save(conn, msgspec.structs.replace(state, phase=Phase.CLOSED), None)
    where = {"ticket_id": state.ticket_id, "now": now}
    await conn.execute(_SQL["drop_unsent"], where)


async def earliest(conn: Connection) -> datetime | None:
    """Return when something is due next."""
    cursor = await conn.execute(_SQL["earliest"])
    row = await cursor.fetchone()
    return row[0] if row else None


async def check_day(conn: Connection, day: date) -> bool:
    """Return whether the rota was not looked at on ``day`` yet; it is from now on."""
    return await queries.row(conn, _SQL["check_day"], {"day": day}) is not None


async def people_of(conn: Connection, roles: Collection[str]) -> Sequence[str]:
    """Return the logins of everybody with one of ``roles``."""
    return [
        row["login"] for row in await queries.rows(conn, _SQL["people"], {"roles": sorted(roles)})
    ]


async def unreachable(conn: Connection) -> list[str]:
    """Return the names of those who may be called on and have no way to be told."""
    return [row["name"] for row in await queries.rows(conn, _SQL["unreachable"], {})]


async def tell(
    conn: Connection, login: str, *, dedup_key: str, payload: dict[str, Any], now: datetime
) -> None:
    """Store a message to a person that is about no ticket, once."""
    message = {
        "dedup_key": f"{dedup_key}:{login}",
        "recipient": login,
        "payload": Jsonb(payload),
        "now": now,
    }
    await conn.execute(_SQL["tell"], message)
    await conn.execute(_SQL["wake_senders"])
