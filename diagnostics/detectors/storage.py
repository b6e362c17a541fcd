"""Unsheltered: it stands out in the weather when it is at home.

See docs/detectors/storage.md.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import pstdev
from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.facts import ConditionReported, Fact

# Mean lowest temperature of a day by month, De Bilt 1991-2020, rounded [KNMI].
USUAL_LOW_DC: Final = (5, 5, 20, 45, 80, 110, 130, 125, 100, 70, 40, 15)


class Parameters(Struct, frozen=True, kw_only=True):
    """What tells out of doors from a shed; why stands in docs/detectors/storage.md.

    Attributes:
        in_days: looked at together.
        home_ms: away for less than this: what was measured is the place where it is kept.
        known_days: so many such days are needed.
        frost_dc: as cold as this it gets in a shed only in the hardest winter…
        frost_days: …on so many days.
        swing_dc: day and night differ by so much out of doors, by the median…
        swing_frost_dc: …and when it freezes, with the sun low.
        cold_dc: nights are no more than this above those of the open field…
        season_dc: …in a season when nights are no warmer than this: in summer every shed is warm…
        weather_dc: …and differ by so much from one to the other (standard deviation).
        nights_out: in so many such nights, of days that differ by ``night_swing_dc``…
        nights_in: …with so many between them that are milder by ``indoors_dc``, so indoors…
        nights_span: …over so many days it is now out of doors, now in.
        night_swing_dc: see ``nights_out``.
        indoors_dc: see ``nights_in``.
        turns: so often it goes from out to in or back: a thermometer that ages does not.
        off_dc: colder than the open field by this, by the median, it is the thermometer.
        sane_dc: lowest and highest that weather and sun can do here.
        jump_dc: from a day to the next the lowest temperature changes by less.
        jumps: more jumps than this, and it is the sensor.
    """

    in_days: int = 35
    home_ms: int = 90 * 60_000
    known_days: int = 18
    frost_dc: int = -15
    frost_days: int = 5
    swing_dc: int = 75
    swing_frost_dc: int = 45
    cold_dc: int = 25
    season_dc: int = 85
    weather_dc: int = 22
    nights_out: int = 7
    nights_in: int = 7
    nights_span: int = 14
    night_swing_dc: int = 60
    indoors_dc: int = 55
    turns: int = 4
    off_dc: int = -35
    sane_dc: tuple[int, int] = (-250, 650)
    jump_dc: int = 140
    jumps: int = 2


class StorageDay(Day, frozen=True, array_like=True, kw_only=True):
    """Temperatures of a day at home, in tenths of a degree."""

    low_dc: int | None = None
    high_dc: int | None = None
    away_ms: int | None = None


class Storage(Daily[StorageDay]):
    """Finds aids that are kept out of doors."""

    name = "storage"
    version = 3
    kinds = frozenset({"scooter", "wheelchair"})
    state_type: type = Memory[StorageDay]
    heeds: ClassVar = (ConditionReported,)
    day_type = StorageDay
    keeps = 36
    every = 7

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: StorageDay, fact: Fact, aid: Aid) -> StorageDay:  # noqa: ARG002
        """Note temperatures."""
        if not isinstance(fact, ConditionReported):
            return day
        low = [each for each in (day.low_dc, fact.temperature_min_dc) if each is not None]
        high = [each for each in (day.high_dc, fact.temperature_max_dc) if each is not None]
        away = day.away_ms
        if fact.away_ms is not None:
            away = fact.away_ms + (away or 0)
        return replace(
            day,
            low_dc=min(low, default=None),
            high_dc=max(high, default=None),
            away_ms=away,
            log_no=min(day.log_no or fact.log_no, fact.log_no),
        )

    def judge(self, days: tuple[StorageDay, ...], aid: Aid) -> Sequence[Case]:  # noqa: ARG002
        """Judge the last weeks."""
        limits = self._limits
        days = tuple(day for day in days if day.on > days[-1].on - limits.in_days)
        if self._broken(days):
            return ()
        home = [
            (day, day.low_dc, day.high_dc)
            for day in days
            if day.low_dc is not None
            and day.high_dc is not None
            and day.away_ms is not None
            and day.away_ms < limits.home_ms
        ]
        if len(home) < limits.known_days:
            return ()
        lows = [float(low) for _, low, _ in home]
        swing = median([high - low for _, low, high in home])
        usual = median([_usual(day) for day, _, _ in home])
        if median([low - _usual(day) for day, low, _ in home]) < limits.off_dc:
            return ()
        frost = [day for day, low, _ in home if low <= limits.frost_dc]
        reasons = []
        if len(frost) >= limits.frost_days and swing >= limits.swing_frost_dc:
            found = frost
            reasons.append(Reason("frost_at_home", {"days": len(frost), "celsius": min(lows) / 10}))
        elif (
            swing >= limits.swing_dc
            and usual <= limits.season_dc
            and median(lows) <= usual + limits.cold_dc
            and pstdev(lows) >= limits.weather_dc
        ):
            found = [day for day, _, _ in home]
            reasons.append(Reason("nights_at_home", {"celsius": median(lows) / 10}))
        elif out := self._now_and_then(home):
            found = out
            reasons.append(Reason("nights_out", {"nights": len(out), "days": len(home)}))
        else:
            return ()
        reasons.append(Reason("swings_at_home", {"degrees": round(swing / 10, 1)}))
        return (
            Case(
                what="unsheltered",
                since=found[0].on,
                until=found[-1].on,
                reasons=tuple(reasons),
                otherwise=tuple(Reason(code) for code in ("other_open_shed", "other_thermometer")),
                confidence=min(0.7 + 0.02 * len(frost), 0.95),
                log_nos=tuple(day.log_no for day in found if day.log_no),
            ),
        )

    def _now_and_then(self, home: Sequence[tuple[StorageDay, int, int]]) -> list[StorageDay]:
        """Return the nights it was out, if it was indoors in others; none if that is no habit."""
        limits = self._limits
        out: list[StorageDay] = []
        where: list[bool] = []  # out or not, of nights that are one or the other
        for day, low, high in home:
            usual = _usual(day)
            if usual > limits.season_dc:
                continue
            if low >= usual + limits.indoors_dc:
                where.append(False)
            elif low <= usual + limits.cold_dc and high - low >= limits.night_swing_dc:
                where.append(True)
                out.append(day)
        turns = sum(one != other for one, other in pairwise(where))
        indoors = len(where) - len(out)
        if len(out) < limits.nights_out or indoors < limits.nights_in or turns < limits.turns:
            return []
        return out if out[-1].on - out[0].on >= limits.nights_span else []

    def _broken(self, days: Sequence[StorageDay]) -> bool:
        """Return whether the thermometer says what no weather does."""
        least, most = self._limits.sane_dc
        jumps = 0
        before: StorageDay | None = None
        for day in days:
            if day.low_dc is None or day.high_dc is None:
                continue
            if day.low_dc < least or day.high_dc > most:
                return True
            if before is not None and before.low_dc is not None and day.on == before.on + 1:
                jumps += abs(day.low_dc - before.low_dc) > self._limits.jump_dc
            before = day
        return jumps > self._limits.jumps


def _usual(day: StorageDay) -> int:
    """Return the usual low of its month out of doors, in tenths of a degree."""
    return USUAL_LOW_DC[date.fromordinal(day.on).month - 1]
