"""Unsheltered: it stands out in the weather when it is at home.

See docs/detectors/storage.md.
"""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.facts import ConditionReported, Fact


class Parameters(Struct, frozen=True, kw_only=True):
    """What tells out of doors from a shed; why stands in docs/detectors/storage.md.

    Attributes:
        in_days: looked at together.
        home_ms: away for less than this: what was measured is the place where it is kept.
        known_days: so many such days are needed.
        frost_dc: as cold as this no shelter gets but in the hardest winter…
        frost_days: …on so many days.
        heat_dc: in the sun only; ``heat_days``: on so many days.
        swing_dc: day and night differ by so much out of doors…
        swing_share: …on so much of the days, a cloudy sky allowed for.
        sane_dc: lowest and highest that the weather of the Netherlands and the sun can do.
        jump_dc: from a day to the next the lowest temperature changes by less.
        jumps: more jumps than this, and it is the sensor.
    """

    in_days: int = 28
    home_ms: int = 60 * 60_000
    known_days: int = 10
    frost_dc: int = -20
    frost_days: int = 5
    heat_dc: int = 380
    heat_days: int = 5
    swing_dc: int = 80
    swing_share: float = 0.5
    sane_dc: tuple[int, int] = (-250, 650)
    jump_dc: int = 130
    jumps: int = 2


class StorageDay(Day, frozen=True, array_like=True, kw_only=True):
    """Temperatures of a day at home, in tenths of a degree."""

    low_dc: int | None = None
    high_dc: int | None = None
    away_ms: int | None = None


class Storage(Daily[StorageDay]):
    """Finds aids that are kept out of doors."""

    name = "storage"
    version = 1
    kinds = frozenset({"scooter", "wheelchair"})
    state_type: type = Memory[StorageDay]
    heeds: ClassVar = (ConditionReported,)
    day_type = StorageDay
    keeps = 28

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
        swung = sum(high - low >= limits.swing_dc for _, low, high in home)
        frost = [day for day, low, _ in home if low <= limits.frost_dc]
        heat = [day for day, _, high in home if high >= limits.heat_dc]
        if swung < limits.swing_share * len(home):
            return ()
        reasons = []
        if len(frost) >= limits.frost_days:
            lowest = min(low for _, low, _ in home) / 10
            reasons.append(Reason("frost_at_home", {"days": len(frost), "celsius": lowest}))
        if len(heat) >= limits.heat_days:
            highest = max(high for _, _, high in home) / 10
            reasons.append(Reason("heat_at_home", {"days": len(heat), "celsius": highest}))
        if not reasons:
            return ()
        swing = round(median([high - low for _, low, high in home]) / 10, 1)
        reasons.append(Reason("swings_at_home", {"degrees": swing}))
        found = sorted({day.on: day for day in (*frost, *heat)}.values(), key=lambda day: day.on)
        return (
            Case(
                what="unsheltered",
                since=found[0].on,
                until=found[-1].on,
                reasons=tuple(reasons),
                otherwise=tuple(Reason(code) for code in ("other_open_shed", "other_thermometer")),
                confidence=min(0.6 + 0.3 * swung / len(home), 0.95),
                log_nos=tuple(day.log_no for day in found if day.log_no),
            ),
        )

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
