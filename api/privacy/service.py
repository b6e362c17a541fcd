"""What is kept how long, what went, what is held; who looked at whom, and what is unusual in it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from api.accounts.principal import Principal
from api.privacy.patterns import Look, Pattern, patterns
from api.privacy.removing import QUERIES
from api.privacy.retention import KINDS, Kind
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.escalation import repository as escalation
from diagnostics.escalation.rota import Layer, who_is_on_call
from diagnostics.tickets.calendar import dutch_day

USUAL_WITHIN: Final = timedelta(days=28)
_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def retention(connection: Connection) -> list[tuple[Kind, Row | None]]:
    """Return each kind of data, and what was last removed of it."""
    last = {each["kind"]: each for each in await rows(connection, QUERIES["removals"])}
    return [(kind, last.get(kind.name)) for kind in KINDS]


async def holds(connection: Connection) -> Sequence[Row]:
    """Return what stays whatever its term says."""
    return await rows(connection, QUERIES["holds"])


async def place_hold(
    connection: Connection,
    key: str,
    reason: str,
    from_at: datetime | None,
    *,
    who: Principal,
    now: datetime,
) -> int:
    """Hold what is about a client or an aid; return its number.

    Args:
        connection: in a transaction that writes.
        key: a client's number or an aid's name.
        reason: why.
        from_at: measurements from then on; None: all of them.
        who: places it.
        now: the present.

    Raises:
        NotFoundError: there is neither.
    """
    asked = {
        "key": key,
        "reason": reason,
        "from_at": from_at or _AGO,
        "now": now,
        "actor": who.login,
    }
    placed = await row(connection, QUERIES["place_hold"], asked)
    if placed is None:
        raise NotFoundError(f"There is no client and no aid {key}.")
    number: int = placed["hold_id"]
    return number


async def lift_hold(connection: Connection, number: int, *, who: Principal, now: datetime) -> None:
    """Hold it no longer.

    Raises:
        NotFoundError: there is no such hold that stands.
    """
    asked = {"number": number, "now": now, "actor": who.login}
    if await row(connection, QUERIES["lift_hold"], asked) is None:
        raise NotFoundError(f"There is no hold {number} that stands.")


async def looks(
    connection: Connection,
    *,
    about: str | None,
    begin: datetime,
    end: datetime,
    before: int | None = None,
    limit: int = 100,
) -> Sequence[Row]:
    """Return who looked, the newest first; ``about``: a login or a client's number."""
    asked = {"about": about, "begin": begin, "end": end, "before": before, "limit": limit}
    return await rows(connection, QUERIES["looks"], asked)


async def unusual(
    connection: Connection, as_platform: Connection, *, begin: datetime, end: datetime
) -> list[Pattern]:
    """Return what is unusual in looks of a time, held against the weeks before it.

    Args:
        connection: with the eyes of who asks.
        as_platform: for the rota, which no municipality sees.
        begin: aware.
        end: the first moment after.
    """
    asked = {"begin": begin - USUAL_WITHIN, "end": end}
    found = await rows(connection, QUERIES["looks_for_patterns"], asked)
    every = msgspec.convert(found, list[Look])
    on_call = await _on_call(as_platform, asked["begin"])
    since = dutch_day(begin)
    return [each for each in patterns(every, on_call) if each.day >= since]


async def _on_call(connection: Connection, since: datetime) -> Callable[[str, datetime], bool]:
    rota = await escalation.rota(connection, since)

    def on_call(login: str, at: datetime) -> bool:
        return any(login in who_is_on_call(rota, layer, at) for layer in Layer)

    return on_call


def as_rows(found: Sequence[Row]) -> list[dict[str, Any]]:
    """Return looks as they are exported: nothing but what the page shows."""
    names = ("at", "login", "name", "role", "client_number", "ticket_id", "reason")
    return [{name: each[name] for name in names} for each in found]
