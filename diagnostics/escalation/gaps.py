"""Who is missing on the rota, or cannot be reached: told once a day, to whoever can mend it.

Gaps are told a fortnight beforehand.
"""

from datetime import datetime, time, timedelta
from typing import Final

from diagnostics.escalation import repository
from diagnostics.escalation.hours import local_day, moment
from diagnostics.escalation.repository import Connection
from diagnostics.escalation.rota import Shift, gaps

AHEAD: Final = timedelta(days=14)
TOLD_AT: Final = time(8)  # on the wall: a matter for office hours
TOLD: Final = frozenset({"manager"})
MOST: Final = 20


async def coming(conn: Connection, *, now: datetime) -> tuple[Shift, ...]:
    """Return the gaps of the coming fortnight, in order of time."""
    return gaps(await repository.present_rota(conn, now), now, now + AHEAD)


async def announce(conn: Connection, *, now: datetime) -> None:
    """Tell managers today's gaps, if there are any and nobody told them yet."""
    today = local_day(now)
    if now < moment(today, TOLD_AT):
        return
    async with conn.transaction():
        if not await repository.check_day(conn, today):
            return
        found = await coming(conn, now=now)
        unreachable = await repository.unreachable(conn)
        if not found and not unreachable:
            return
        payload = {
            "ticket": None,
            "kind": "rota",
            "gaps": [
                {
                    "layer": each.layer.value,
                    "begin": each.begin.isoformat(),
                    "end": each.end.isoformat(),
                }
                for each in found[:MOST]
            ],
            "more": max(len(found) - MOST, 0),
            "unreachable": unreachable,
        }
        for login in await repository.people_of(conn, TOLD):
            key = f"rota:{today}"
            await repository.tell(conn, login, dedup_key=key, payload=payload, now=now)
