"""Reads what the map shows: places with their aids, and what is wrong there."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from api.map import drawing, places
from api.map.drawing import Map, Marked
from api.map.places import Place
from api.queries import Connection, rows
from diagnostics.queries import load

QUERIES = load("api.map")


class At(NamedTuple):
    """One place in numbers, worst first in ``level``: emergency, outage, ticket, calm."""

    place: Place
    postcodes: tuple[int, ...]
    aids: int
    emergencies: int
    outages: int
    tickets: int

    @property
    def level(self) -> str:
        """What is worst there."""
        if self.emergencies:
            return "emergency"
        if self.outages:
            return "outage"
        return "ticket" if self.tickets else "calm"


class Overview(NamedTuple):
    """All places, worst off first, with a map of each region.

    ``elsewhere``: how many aids are at a place that we do not know.
    """

    places: tuple[At, ...]
    maps: tuple[Map, ...]
    elsewhere: int


async def overview(connection: Connection) -> Overview:
    """Return the map as it is now."""
    aids = await rows(connection, QUERIES["aids"])
    troubles = await rows(connection, QUERIES["troubles"])
    outages = await rows(connection, QUERIES["outages"])
    return arrange(
        Counter({each["postcode4"]: each["aids"] for each in aids}),
        Counter({each["postcode4"]: each["emergencies"] for each in troubles}),
        Counter({each["postcode4"]: each["aids"] for each in outages}),
        Counter({each["postcode4"]: each["tickets"] for each in troubles}),
    )


def arrange(
    aids: Counter[int], emergencies: Counter[int], outages: Counter[int], tickets: Counter[int]
) -> Overview:
    """Put numbers by postcode at their places. Pure."""
    known = places.by_postcode()
    postcodes: dict[Place, list[int]] = defaultdict(list)
    for postcode4 in sorted({*aids, *emergencies, *outages, *tickets}):
        if postcode4 in known:
            postcodes[known[postcode4]].append(postcode4)

    def total(counted: Counter[int], of: Iterable[int]) -> int:
        return sum(counted[postcode4] for postcode4 in of)

    found = [
        At(
            place,
            tuple(here),
            aids=total(aids, here),
            emergencies=total(emergencies, here),
            outages=total(outages, here),
            tickets=total(tickets, here),
        )
        for place, here in postcodes.items()
    ]
    found.sort(key=lambda at: (-at.emergencies, -at.outages, -at.tickets, at.place.name))
    marked = [Marked(at.place, at.aids, at.level, at.emergencies or at.tickets) for at in found]
    return Overview(
        tuple(found),
        tuple(drawing.draw(each, places.outline()) for each in drawing.regions(marked)),
        elsewhere=total(aids, (postcode4 for postcode4 in aids if postcode4 not in known)),
    )
