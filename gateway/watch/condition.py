"""What the aid lives through, summed up once a day.

So health and habits can be judged without sending readings of a parked aid all day. Time is
counted by the monotonic clock while the modem is on. Sums survive a restart of the modem, but for
what came after they were last kept (``save_ms``).
"""

from typing import Final, TypeVar

from msgspec import Struct, field, structs

from gateway.hal import Reading
from gateway.protocol.messages import Condition
from gateway.protocol.vocabulary import AidKind, Seat, Signals
from gateway.watch.settings import ConditionSettings
from gateway.watch.situation import WHEELS, Situation
from gateway.watch.unnumbered import UNNUMBERED

_CHARGING: Final = int(Signals.CHARGING)
_MAINS: Final = int(Signals.MAINS)
_AWAY: Final = int(Signals.AWAY)
_OPENED: Final = int(Signals.OPENED)
# Whoever sees more places in a day than this has no place where he was for longest.
_MOST_CELLS: Final = 32
_MOST: Final = 100_000
_LONGEST_MS: Final = 31 * 86_400_000
# In motion the battery changes at every reading, and matters at none.
MOVING_LOOK_MS: Final = 1_000
Key = TypeVar("Key", str, int)


class Known(Struct):
    """What has ever been seen, over all periods: what never was may have no sensor."""

    charging: bool = False
    mains: bool = False
    away: bool = False
    seat: bool = False


class Sums(Struct):
    """What has been gathered of the period under way."""

    period_ms: int = 0
    battery_rest_mv: int | None = None
    battery_min_mv: int | None = None
    battery_max_mv: int | None = None
    charging_ms: int = 0
    mains_ms: int = 0
    off_charge_ms: int = 0
    seat_ms: int = 0
    away_ms: int = 0
    cells: dict[str, int] = field(default_factory=dict)
    temperature_min_dc: int | None = None
    temperature_max_dc: int | None = None
    restarts: int = 0
    openings: int = 0
    trips: int = 0
    cycles: int | None = None
    odometer_m: int | None = None
    parameters: str = ""
    hardware: str = ""
    signals_dbm: dict[int, int] = field(default_factory=dict)
    known: Known = field(default_factory=Known)


class Conditions:
    """Gathers one ``Condition`` after another.

    Looks at a reading only when it differs from the last: what did not change is counted by time.

    Args:
        settings: how long a period is.
        kind: what the aid is.
        kept: ``kept`` as it was before the modem restarted; None at its very first start.
    """

    def __init__(
        self, settings: ConditionSettings, kind: AidKind, kept: Sums | None = None
    ) -> None:
        self._settings = settings
        self._wheels = kind in WHEELS
        self._sums = Sums() if kept is None else _copy(kept)
        self._sums.restarts = min(self._sums.restarts + 1, _MOST)
        self.kept = _copy(self._sums)
        self.due_ms = 0  # when there is something to do though nothing changes until then
        self._situation: Situation | None = None
        self._riding = False
        self._counted_ms = 0
        self._end_ms = 0
        self._rest_since_ms: int | None = None

    def step(self, situation: Situation, *, riding: bool) -> Condition | None:
        """Take in a reading. Returns the summary when a period has ended."""
        now_ms, last = situation.now_ms, self._situation
        self._sums.trips += situation.trips
        if last is None:
            self._counted_ms = now_ms
            self._end_ms = now_ms + self._settings.period_ms - self._sums.period_ms
            self._meet(situation.reading)
            self._keep(now_ms)
        elif situation.moving and last.moving and now_ms - self._counted_ms < MOVING_LOOK_MS:
            return None
        elif (
            last.reading != situation.reading
            or last.moving is not situation.moving
            or self._riding is not riding
        ):
            self._count(now_ms)
            self._meet(situation.reading, last.reading)
        if situation.moving or situation.charging:
            self._rest_since_ms = None
        elif self._rest_since_ms is None:
            self._rest_since_ms = now_ms
        self._situation, self._riding = situation, riding
        if now_ms < self.due_ms:
            return None
        self._count(now_ms)
        condition = None
        if now_ms >= self._end_ms:
            condition = self._condition(situation.wall_ms)
            self._sums = Sums(known=self._sums.known)
            self._end_ms = now_ms + self._settings.period_ms
            self._meet(situation.reading)
        self._keep(now_ms)
        return condition

    def _keep(self, now_ms: int) -> None:
        self.kept = _copy(self._sums)
        self.due_ms = min(self._end_ms, now_ms + self._settings.save_ms)

    def _meet(self, reading: Reading, last: Reading | None = None) -> None:
        """Take note of what a new reading says, whatever the time it lasts."""
        sums = self._sums
        dc = reading.temperature_dc
        if dc is not None:
            sums.temperature_min_dc = _lowest(sums.temperature_min_dc, dc)
            sums.temperature_max_dc = _highest(sums.temperature_max_dc, dc)
        if reading.cycles is not None:
            sums.cycles = reading.cycles
        if reading.odometer_m is not None:
            sums.odometer_m = reading.odometer_m
        sums.parameters = reading.parameters or sums.parameters
        sums.hardware = reading.hardware or sums.hardware
        signals, known = int(reading.signals), sums.known
        known.charging = known.charging or bool(signals & _CHARGING)
        known.mains = known.mains or bool(signals & _MAINS)
        known.away = known.away or bool(signals & _AWAY) or reading.cell is not None
        known.seat = known.seat or reading.seat is not Seat.UNKNOWN
        if last is not None and signals & _OPENED and not int(last.signals) & _OPENED:
            sums.openings = min(sums.openings + 1, _MOST)

    def _count(self, now_ms: int) -> None:
        """Count the time since the last count, through which the last reading held."""
        assert self._situation is not None  # noqa: S101 (only called once there is one)
        situation, sums = self._situation, self._sums
        reading, signals = situation.reading, situation.signals
        elapsed_ms, self._counted_ms = now_ms - self._counted_ms, now_ms
        sums.period_ms += elapsed_ms
        if signals & _CHARGING:
            sums.charging_ms += elapsed_ms
        elif not self._riding and not situation.moving and not self._plugged(signals):
            sums.off_charge_ms += elapsed_ms
        if signals & _MAINS:
            sums.mains_ms += elapsed_ms
        if signals & _AWAY:
            sums.away_ms += elapsed_ms
        if reading.seat is Seat.OCCUPIED:
            sums.seat_ms += elapsed_ms
        if reading.cell is not None:
            _add(sums.cells, reading.cell, elapsed_ms)
        if reading.signal_dbm is not None:
            _add(sums.signals_dbm, reading.signal_dbm, elapsed_ms)
        if reading.battery_mv is not None:
            self._count_battery(reading.battery_mv, now_ms, charging=bool(signals & _CHARGING))

    def _plugged(self, signals: int) -> bool:
        """Whether a plug is in, though a full battery takes no more; a stairlift's has contacts."""
        return self._wheels and bool(signals & _MAINS)

    def _count_battery(self, battery_mv: int, now_ms: int, *, charging: bool) -> None:
        sums = self._sums
        if charging:
            sums.battery_max_mv = _highest(sums.battery_max_mv, battery_mv)
        if self._rest_since_ms is None:
            return
        rested_ms = now_ms - self._rest_since_ms
        if rested_ms >= self._settings.settle_ms:
            sums.battery_min_mv = _lowest(sums.battery_min_mv, battery_mv)
        if rested_ms >= self._settings.rest_ms:
            sums.battery_rest_mv = battery_mv

    def _condition(self, wall_ms: int) -> Condition:
        sums, known = self._sums, self._sums.known
        return Condition(
            **UNNUMBERED,
            time_ms=wall_ms,
            period_ms=min(sums.period_ms, _LONGEST_MS),
            battery_rest_mv=sums.battery_rest_mv,
            battery_min_mv=sums.battery_min_mv,
            battery_max_mv=sums.battery_max_mv,
            charging_ms=_time(sums.charging_ms, known=known.charging),
            mains_ms=_time(sums.mains_ms, known=known.mains),
            off_charge_ms=_time(sums.off_charge_ms, known=known.charging),
            seat_ms=_time(sums.seat_ms, known=known.seat),
            away_ms=_time(sums.away_ms, known=known.away),
            cell=max(sums.cells, key=lambda cell: (sums.cells[cell], cell), default=None),
            temperature_min_dc=sums.temperature_min_dc,
            temperature_max_dc=sums.temperature_max_dc,
            restarts=sums.restarts,
            openings=sums.openings,
            trips=min(sums.trips, _MOST),
            cycles=sums.cycles,
            odometer_m=sums.odometer_m,
            parameters=sums.parameters,
            hardware=sums.hardware,
            signal_dbm=_median(sums.signals_dbm),
        )


def _copy(sums: Sums) -> Sums:
    return structs.replace(
        sums,
        cells=dict(sums.cells),
        signals_dbm=dict(sums.signals_dbm),
        known=structs.replace(sums.known),
    )


def _time(ms: int, *, known: bool) -> int | None:
    return min(ms, _LONGEST_MS) if known else None


def _lowest(so_far: int | None, value: int) -> int:
    return value if so_far is None else min(so_far, value)


def _highest(so_far: int | None, value: int) -> int:
    return value if so_far is None else max(so_far, value)


def _add(times_ms: dict[Key, int], key: Key, elapsed_ms: int) -> None:
    if key not in times_ms and len(times_ms) >= _MOST_CELLS:
        del times_ms[min(times_ms, key=times_ms.__getitem__)]
    times_ms[key] = times_ms.get(key, 0) + elapsed_ms


def _median(times_ms: dict[int, int]) -> int | None:
    """Return the value below which half of the time was spent."""
    left_ms = sum(times_ms.values()) / 2
    for value in sorted(times_ms):
        left_ms -= times_ms[value]
        if left_ms <= 0:
            return value
    return None
