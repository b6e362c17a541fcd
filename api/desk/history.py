"""What befell an aid on one axis of time, and what was done to it: pure, but for reading it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from api.desk.service import QUERIES
from api.queries import Connection, Row, rows

SHOWN: Final = timedelta(days=30)
WIDTH: Final = 960
_LEFT: Final = 110  # where the names of the lanes stand
_LANE: Final = 26
_THIN: Final = 3.0  # a moment, to be seen all the same
_MOST: Final = 500
_LOGGED: Final = 50


class Lane(StrEnum):
    """What befell it."""

    OFFLINE = "offline"
    FAULT = "fault"
    CALL = "call"
    TICKET = "ticket"


class Spell(NamedTuple):
    """Something that lasted from ``begin`` to ``end`` (None: it lasts); ``what`` in a word."""

    lane: Lane
    what: str
    begin: datetime
    end: datetime | None
    ticket_id: int | None = None


class Bar(NamedTuple):
    """A spell as drawn, in units of the picture."""

    x: float
    y: float
    width: float
    spell: Spell


class Timeline(NamedTuple):
    """A drawing of spells, and the same as a list, newest first."""

    height: int
    lanes: list[tuple[Lane, float]]
    bars: list[Bar]
    days: list[tuple[float, datetime]]
    spells: list[Spell]


class History(NamedTuple):
    """What befell an aid lately, and what was done to it ever, newest first."""

    timeline: Timeline
    logbook: Sequence[Row]


async def history(connection: Connection, name: str, *, now: datetime) -> History:
    """Return the history of an aid."""
    asked = {"name": name, "after": now - SHOWN, "now": now, "limit": _MOST}
    found = [
        Spell(Lane(each["lane"]), each["what"], each["begin"], each["end"], each["ticket_id"])
        for each in await rows(connection, QUERIES["befell"], asked)
    ]
    logbook = await rows(connection, QUERIES["logbook"], {"name": name, "limit": _LOGGED})
    return History(draw(found, now - SHOWN, now), logbook)


def draw(spells: Iterable[Spell], begin: datetime, end: datetime) -> Timeline:
    """Lay spells out between two moments; what reaches beyond is cut."""
    lanes = {lane: 4.0 + n * _LANE for n, lane in enumerate(Lane)}
    ordered = sorted(spells, key=lambda each: (each.begin, each.lane, each.what), reverse=True)
    scale = (WIDTH - _LEFT) / (end - begin).total_seconds()

    def x(at: datetime) -> float:
        return round(_LEFT + (min(max(at, begin), end) - begin).total_seconds() * scale, 1)

    bars = [
        Bar(
            x=min(x(each.begin), WIDTH - _THIN),
            y=lanes[each.lane],
            width=max(_THIN, round(x(each.end or end) - x(each.begin), 1)),
            spell=each,
        )
        for each in ordered
    ]
    weeks = int((end - begin) / timedelta(days=5))
    days = [
        (x(end - n * timedelta(days=5)), end - n * timedelta(days=5)) for n in range(weeks, 0, -1)
    ]
    return Timeline(len(lanes) * _LANE + 20, list(lanes.items()), bars, days, ordered)
