"""What is remembered of one battery."""

from msgspec import Struct

from diagnostics.detectors.baseline import Point
from diagnostics.detectors.daily import Diary


class Load(Struct, frozen=True, array_like=True):
    """What one ride did to the battery: highest current, sag and lowest voltage (mA, mV)."""

    peak_ma: int
    sag_mv: int
    min_mv: int


class Usual(Struct, frozen=True, kw_only=True):
    """What this battery was like when it was met: mOhm, mV, mV, mV per Ah."""

    resistance: float
    lowest_mv: float
    rest_mv: float | None = None
    drop: float | None = None
    charging: float | None = None  # percent of the time
    best_mv: float | None = None  # the highest that it was without its charger


class Memory(Diary, kw_only=True):
    """The open period, and series of resistance, lowest voltage, rest voltage, drop by charge."""

    loads: tuple[Load, ...] = ()
    drops: tuple[int, ...] = ()  # mV per Ah
    rests: tuple[int, ...] = ()
    emptiest: tuple[int, ...] = ()
    temperatures_dc: tuple[int, ...] = ()
    charging: tuple[int, ...] = ()  # percent of each report's time
    usual_peak_ma: int = 0
    temperature_dc: int | None = None
    resistance: tuple[Point, ...] = ()
    lowest: tuple[Point, ...] = ()
    rest: tuple[Point, ...] = ()
    drop: tuple[Point, ...] = ()
    best_mv: tuple[int, ...] = ()  # of the newest periods
    usual: Usual | None = None
