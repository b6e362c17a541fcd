"""Mechanics in the order in which they could be at an aid."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from api.dispatch.travel import travel_time
from api.map import places
from api.queries import Connection, Row, rows
from diagnostics.escalation import repository
from diagnostics.escalation.rota import Layer, who_is_on_call
from diagnostics.queries import load

QUERIES = load("api.dispatch")


class Mechanic(NamedTuple):
    """One mechanic, seen from an aid.

    ``travel``: None if we do not know where they are. ``busy_with``: the ticket they are at, or on
    their way to; less urgent work than an emergency can wait, so they are listed all the same.
    """

    account_id: int
    login: str
    name: str
    on_call: bool
    busy_with: int | None
    busy_priority: int | None
    place: str | None
    travel: timedelta | None


async def nearest(connection: Connection, postcode4: int, *, now: datetime) -> list[Mechanic]:
    """Return who could be at ``postcode4``, the best first."""
    plan = await repository.present_rota(connection, now)
    on_call = {
        login
        for layer in (Layer.MECHANIC, Layer.BACKUP)
        for login in who_is_on_call(plan, layer, now)
    }
    return rank(await rows(connection, QUERIES["mechanics"]), postcode4, on_call=on_call)


def rank(found: Sequence[Row], postcode4: int, *, on_call: Collection[str]) -> list[Mechanic]:
    """Put mechanics in order: on call and free, then near; whoever helps in an emergency last."""
    known = places.by_postcode()
    there = known.get(postcode4)
    mechanics = []
    for each in found:
        here = known.get(each["at"] or each["base"] or 0)
        mechanics.append(
            Mechanic(
                account_id=each["account_id"],
                login=each["login"],
                name=each["name"],
                on_call=each["login"] in on_call,
                busy_with=each["ticket_id"],
                busy_priority=each["priority"],
                place=here.name if here else None,
                travel=travel_time(here, there) if here and there else None,
            )
        )
    return sorted(mechanics, key=_order)


def _order(mechanic: Mechanic) -> tuple[bool, bool, bool, timedelta, str]:
    return (
        mechanic.busy_priority == 1,
        not mechanic.on_call,
        mechanic.busy_with is not None,
        mechanic.travel if mechanic.travel is not None else timedelta.max,
        mechanic.login,
    )
