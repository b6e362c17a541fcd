"""What is remembered of an aid's charging."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from diagnostics.detectors import baseline
from diagnostics.detectors.charger.parameters import HOUR_MS
from diagnostics.detectors.daily import Diary
from diagnostics.facts import ConditionReported


class Period(Struct, frozen=True, array_like=True):
    """One report: when, how long, and what of it was a chance, charged, off the charge point."""

    number: int
    log_no: int
    period_ms: int
    chance_ms: int
    sure: bool  # whether mains were reported
    charging_ms: int | None
    adrift_ms: int | None
    rest_mv: int | None
    highest_mv: int | None
    mean_c: float | None = None
    ends: int = 0  # rides; ``on_charge`` of them ended on charge
    on_charge: int = 0

    @property
    def share(self) -> float | None:
        """Which part of the chance was used; None: there was none, or nobody can tell."""
        if self.charging_ms is None or self.chance_ms < HOUR_MS:
            return None
        return self.charging_ms / self.chance_ms


class Usual(Struct, frozen=True, kw_only=True):
    """Of this aid: charging as a part of its chances, highest voltage, part adrift, rest."""

    share: float | None = None
    least_share: float | None = None
    highest_mv: float | None = None
    adrift: float = 0.0
    rest_mv: float | None = None


class Memory(Diary, kw_only=True):
    """The newest reports, what was usual before them, and rides since it last charged."""

    periods: tuple[Period, ...] = ()
    early: tuple[Period, ...] = ()
    usual: Usual | None = None
    charged_days: int = 0
    rides: int = 0  # since it last charged
    ends: int = 0  # of rides since the newest report
    on_charge: int = 0  # so many of them


def period_of(day: ConditionReported, *, ends: int, on_charge: int) -> Period:
    """Return a report as it is remembered."""
    chance_ms = day.period_ms if day.mains_ms is None else min(day.period_ms, day.mains_ms)
    low, high = day.temperature_min_dc, day.temperature_max_dc
    adrift_ms = day.off_charge_ms
    if adrift_ms is not None:
        # Without mains nobody can tell where it stands.
        adrift_ms = max(adrift_ms - (day.period_ms - chance_ms), 0)
    return Period(
        number=day.measured_at.toordinal(),
        log_no=day.log_no,
        period_ms=day.period_ms,
        chance_ms=chance_ms,
        sure=day.mains_ms is not None,
        charging_ms=day.charging_ms,
        adrift_ms=adrift_ms,
        rest_mv=day.battery_rest_mv,
        highest_mv=day.battery_max_mv,
        mean_c=None if low is None or high is None else (low + high) / 20,
        ends=ends,
        on_charge=on_charge,
    )


def usual_of(periods: Sequence[Period]) -> Usual:
    """Return what is usual by these reports."""

    def middle(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return baseline.median(known) if known else None

    shares = [each.share for each in periods if each.share is not None]
    adrift = [each.adrift_ms / each.period_ms for each in periods if each.adrift_ms is not None]
    return Usual(
        share=middle(shares),
        least_share=baseline.quantile(shares, 0.1) if shares else None,
        highest_mv=middle(each.highest_mv for each in periods),
        adrift=sum(adrift) / len(adrift) if adrift else 0.0,
        rest_mv=middle(each.rest_mv for each in periods),
    )
