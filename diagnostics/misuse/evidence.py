"""What the aid itself told around a signal, by day: kept with the case, which outlives telemetry.

Only what this kind of use can be judged by. Where somebody was is in none of it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics import queries
from diagnostics.tickets.calendar import dutch_day
from gateway.protocol.vocabulary import Seat

Connection = AsyncConnection[Any]

_SQL = queries.load("diagnostics.misuse", "evidence.sql")
# Far enough back to see how it was before: detectors look at up to twelve weeks.
LOOK_BACK: Final = timedelta(days=112)
# By kind of use: the curves of its picture.
CURVES: Final[dict[str, tuple[str, ...]]] = {
    "other_person": ("rides", "boarding_s", "load_kg", "current_a"),
    "goods_transport": ("rides", "empty_rides", "current_a"),
    "play": ("rides", "empty_rides", "boarding_s"),
    "other_purpose": ("rides", "empty_rides"),
    "overload": ("load_kg", "current_a"),
    "duty_cycle": ("ride_minutes", "rides"),
    "too_steep": ("incline_deg",),
    "too_fast": ("speed_kmh",),
    "against_instructions": ("rides", "ride_minutes"),
    "not_charged": ("charging_h", "battery_v", "rides"),
    "unsheltered": ("coldest_c", "warmest_c"),
    "modified": ("openings", "battery_top_v", "speed_kmh", "current_a"),
    "neglected": ("battery_v", "current_a", "edges", "rides"),
    "damaged": ("rides", "edges"),
    "lost": ("away_h", "rides"),
    "unused": ("rides",),
}
# Days on which nothing is counted are days with none, not days of which nothing is known.
_COUNTED: Final = frozenset({"rides", "empty_rides", "ride_minutes"})


class Curve(Struct, frozen=True):
    """A quantity by day: None where nothing is known."""

    name: str
    values: tuple[float | None, ...]


class Evidence(Struct, frozen=True, kw_only=True):
    """What is kept. ``first``: the day of the first value; one a day follows."""

    first: date
    curves: tuple[Curve, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days, in order."""
        length = max((len(each.values) for each in self.curves), default=0)
        return tuple(self.first + timedelta(days=number) for number in range(length))


async def gather(
    conn: Connection, device_id: int, kind: str, *, until: datetime
) -> dict[str, Any] | None:
    """Return the evidence for a signal, as it is stored with the case; None: there is none.

    Args:
        conn: in the caller's transaction.
        device_id: which aid.
        kind: of use.
        until: when it was found.
    """
    span = {
        "device_id": device_id,
        "begin": until - LOOK_BACK,
        "end": until,
        "empty": int(Seat.EMPTY),
    }
    rides = await queries.rows(conn, _SQL["ride_days"], span)
    conditions = await queries.rows(conn, _SQL["condition_days"], span)
    found = drawn_from(CURVES.get(kind, ("rides",)), (*rides, *conditions))
    return None if found is None else msgspec.to_builtins(found)


def drawn_from(wanted: Iterable[str], rows: Iterable[dict[str, Any]]) -> Evidence | None:
    """Return the curves of ``wanted`` of which anything is known. Pure."""
    known: dict[date, dict[str, float]] = {}
    for row in rows:
        values = {name: value for name, value in row.items() if name != "day" and value is not None}
        known.setdefault(row["day"], {}).update(values)
    if not known:
        return None
    first, last = min(known), max(known)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    curves = []
    for name in wanted:
        if any(name in values for values in known.values()):
            otherwise = 0.0 if name in _COUNTED else None
            by_day = (known.get(day, {}).get(name, otherwise) for day in days)
            curves.append(Curve(name, tuple(map(_short, by_day))))
    return Evidence(first=first, curves=tuple(curves)) if curves else None


def read(stored: Any) -> Evidence | None:
    """Return evidence as it was stored with a signal."""
    return None if stored is None else msgspec.convert(stored, Evidence)


def began(signalled: datetime, evidence: Evidence) -> int:
    """Return the place of the day on which it began, as far as the evidence reaches."""
    place = (dutch_day(signalled) - evidence.first).days
    return max(0, min(place, len(evidence.days) - 1))


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
