"""What is remembered of an aid's drive."""

from datetime import datetime

from msgspec import Struct, field

from diagnostics.detectors.baseline import Point
from diagnostics.detectors.daily import Diary


class Group(Struct, frozen=True, array_like=True):
    """What rides of one sort take, learnt once: count, currents, duration, parts (mA, ms)."""

    count: int
    mean_ma: float
    peak_ma: float
    duration_ms: float
    incline_deg: float
    speed_mm_s: float
    parts_ma: tuple[float | None, ...]


class Strand(Struct, frozen=True, array_like=True):
    """One thing that is followed: the open period, its series, and what was usual (thousandths)."""

    held: tuple[int, ...] = ()
    points: tuple[Point, ...] = ()
    usual: float | None = None


class Memory(Diary, kw_only=True):
    """What is usual, the open period as parts of it (thousandths), and two series.

    ``local`` is how much more than the whole ride each part of the rail takes, running. ``stood``
    follows rides after hours of rest, ``starts`` the highest current beside the mean of its ride.
    """

    groups: dict[str, Group] = field(default_factory=dict)
    ratios: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()
    slower: tuple[int, ...] = ()
    peaks: tuple[int, ...] = ()
    temperatures_dc: tuple[int, ...] = ()
    temperature_dc: int | None = None
    local: tuple[int, ...] = ()
    local_rides: int = 0
    ratio: tuple[Point, ...] = ()
    peak: tuple[Point, ...] = ()
    empty_ratio: tuple[Point, ...] = ()
    slow_ratio: tuple[Point, ...] = ()
    usual: float | None = None
    ended_at: datetime | None = None
    stood: Strand = Strand()
    starts: Strand = Strand()
    hardest: Strand = Strand()
