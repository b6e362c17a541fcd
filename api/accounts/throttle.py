"""How often somebody may try to sign in.

Levels in the database rise with each attempt and sink with time (a leaky bucket): a restart forgets
nothing, several processes count together, and a lock is over within a minute or two by itself.

Three are counted. The pair of account and address stops who guesses at one account. The address
stops who tries many. The account alone stops who guesses from many addresses; it does not count
where the account came in from lately, so that nobody can lock the desk out from elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from api.queries import Connection, row, rows
from diagnostics.queries import load

QUERIES = load("api.accounts", "throttle.sql")
_KNOWN_FOR = timedelta(days=30)
_FORGOTTEN_AFTER = timedelta(hours=1)  # longer than any level takes to sink to nothing


class Level(NamedTuple):
    """``key`` may reach ``limit``, and sinks by one in ``sinks_s`` seconds."""

    key: str
    limit: int
    sinks_s: float


def levels(login: str, address: str, *, known: bool) -> Sequence[Level]:
    """Return what an attempt counts towards, the widest first."""
    network = _network(address)
    found = [Level(f"address {network}", 30, 5.0), Level(f"pair {login} {network}", 5, 60.0)]
    if not known:
        found.insert(1, Level(f"account {login}", 60, 10.0))
    return found


async def admit(
    connection: Connection, login: str, address: str, *, now: datetime
) -> timedelta | None:
    """Count an attempt before it is looked at; return how long to wait, None if it may go on.

    ``connection`` is in autocommit: an attempt counts whatever comes of it.
    """
    known = await row(
        connection,
        QUERIES["came_from"],
        {"login": login, "address": address, "since": now - _KNOWN_FOR},
    )
    return await _rise(connection, levels(login, address, known=known is not None), now)


async def admit_enrolment(
    connection: Connection, address: str, *, now: datetime
) -> timedelta | None:
    """The same for a modem that shows a code. Nobody guesses one; this keeps the noise down."""
    counted = [Level("enrolments", 300, 2.0), Level(f"enrolment {_network(address)}", 10, 30.0)]
    return await _rise(connection, counted, now)


async def _rise(
    connection: Connection, counted: Sequence[Level], now: datetime
) -> timedelta | None:
    for level in counted:
        [found] = await rows(connection, QUERIES["rise"], level._asdict() | {"now": now})
        if found["refused"]:
            return timedelta(seconds=(found["level"] + 1 - level.limit) * level.sinks_s)
    return None


async def succeed(connection: Connection, login: str, address: str, *, now: datetime) -> None:
    """Forget the attempts of somebody who turned out to know the password."""
    pair = levels(login, address, known=True)[-1]
    await connection.execute(QUERIES["forget"], {"key": pair.key, "before": now - _FORGOTTEN_AFTER})


async def admit_visitor(
    connection: Connection, what: str, address: str, *, now: datetime
) -> timedelta | None:
    """Count a look at what is open to everybody; return how long to wait, None if it may go on."""
    level = Level(f"{what} {_network(address)}", 60, 1.0)
    [found] = await rows(connection, QUERIES["rise"], level._asdict() | {"now": now})
    return timedelta(seconds=level.sinks_s) if found["refused"] else None


def _network(address: str) -> str:
    """Return what one person has: an IPv4 address, or a /64 of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
