"""What became of tickets' terms, worked out from their logs: to fill what is missing, and to check.

Each event of a ticket writes what became of its terms with it. Here the same is reckoned anew, from
the log alone, for tickets of before that was kept, and to show that nothing else is kept.
"""

import logging
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from api.kpi.cases import QUERIES
from api.queries import Connection, Row, rows
from diagnostics.tickets.attainment import Outcome, Standing
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.life import ticket_of
from diagnostics.tickets.model import Event, Head, Ticket
from diagnostics.tickets.terms import Terms

logger = logging.getLogger(__name__)

AT_ONCE: Final = 500
_COLUMNS: Final = (
    "on_site_outcome",
    "on_site_certain_at",
    "repaired_outcome",
    "repaired_certain_at",
)


Kept = tuple[Standing, Standing]  # of being on site, of being repaired


class Difference(NamedTuple):
    """A ticket of which something else is kept than its log says."""

    ticket_id: int
    kept: Kept | None
    reckoned: Kept | None


async def dossiers(connection: Connection, tickets: Iterable[int]) -> dict[int, Dossier]:
    """Return all that is written about some tickets, by number."""
    asked = {"tickets": list(tickets)}
    if not asked["tickets"]:
        return {}
    events: dict[int, list[Event]] = {}
    for each in await rows(connection, QUERIES["logs"], asked):
        events.setdefault(each.pop("ticket_id"), []).append(msgspec.convert(each, Event))
    terms = tuple(
        msgspec.convert(each["terms"], Terms) for each in await rows(connection, QUERIES["terms"])
    )
    return {
        each["ticket_id"]: Dossier(
            head=msgspec.convert(each, Head),
            events=tuple(events.get(each["ticket_id"], ())),
            contracts=terms,
        )
        for each in await rows(connection, QUERIES["heads"], asked)
    }


async def keep(
    connection: Connection, now: datetime, *, after: int = 0, at_most: int = AT_ONCE
) -> int | None:
    """Fill in what is missing, of so many tickets behind one; return the last, None: none was left.

    In the caller's transaction; tickets that somebody works on are left to them.
    """
    missing = await rows(connection, QUERIES["missing"], {"after": after, "limit": at_most})
    found = await _reckoned(connection, missing, now)
    filled = [
        dict(zip(_COLUMNS, (*on_site, *repaired), strict=True)) | {"ticket_id": number}
        for number, (on_site, repaired) in found.items()
    ]
    await connection.cursor().executemany(QUERIES["keep"], filled)
    return missing[-1]["ticket_id"] if missing else None


async def differences(
    connection: Connection, now: datetime, *, since: datetime
) -> AsyncIterator[tuple[int, list[Difference]]]:
    """Compare what is kept with the logs of all tickets reported from ``since`` on.

    Yields how many were looked at, and where they differ, some hundreds at a time.
    """
    after = 0
    while some := await rows(
        connection, QUERIES["kept"], {"since": since, "after": after, "limit": AT_ONCE}
    ):
        found = await _reckoned(connection, some, now)
        every = [
            Difference(each["ticket_id"], _kept(each, now), found.get(each["ticket_id"]))
            for each in some
        ]
        yield len(some), [each for each in every if each.kept != each.reckoned]
        after = some[-1]["ticket_id"]


def _kept(row: Row, now: datetime) -> Kept | None:
    if row["repaired_outcome"] is None:
        return None
    on_site, repaired = (
        Standing(Outcome(row[f"{name}_outcome"]), row[f"{name}_certain_at"]).at(now)
        for name in ("on_site", "repaired")
    )
    return on_site, repaired


async def _reckoned(
    connection: Connection, tickets: Iterable[Row], now: datetime
) -> dict[int, Kept]:
    numbers = [each["ticket_id"] for each in tickets]
    found = {}
    for number, dossier in (await dossiers(connection, numbers)).items():
        try:
            found[number] = outcomes_of(ticket_of(dossier, now))
        except (LookupError, ValueError):
            # One that cannot be read, without terms say, must not keep the others from it.
            logger.exception("ticket %d: what became of its terms cannot be worked out", number)
    return found


def outcomes_of(ticket: Ticket) -> Kept:
    """Return what became of a ticket's terms, of one of which something is promised."""
    on_site, repaired = (
        Standing(Outcome(what or Outcome.NOT_PROMISED), at)
        for what, at in (
            (ticket.on_site_outcome, ticket.on_site_certain_at),
            (ticket.repaired_outcome, ticket.repaired_certain_at),
        )
    )
    return on_site, repaired
