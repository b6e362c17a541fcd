"""The charger detector: reports and rides into what is wrong with the charging."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from diagnostics.detectors import baseline
from diagnostics.detectors.charger import failing
from diagnostics.detectors.charger.memory import Memory, Period, period_of, usual_of
from diagnostics.detectors.charger.parameters import HOUR_MS, Parameters
from diagnostics.detectors.contract import Aid, Ask, Level, Reason
from diagnostics.detectors.daily import Daily, Judgement
from diagnostics.facts import ConditionReported, RideEnded
from gateway.protocol.vocabulary import AidKind

FAILED: Final = "charger_failed"
ADRIFT: Final = "off_charge_point"


class Charger(Daily):
    """Finds chargers that do not charge, and lifts parked beside their charge point."""

    name: str = "charger"
    version: int = 5
    state_type: type = Memory
    reads = (ConditionReported, RideEnded)

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def lent_anew(self, diary: Memory) -> None:
        """Forget how another household parks."""
        diary.usual, diary.early, diary.periods = None, (), ()

    def take(self, diary: Memory, fact: Any, aid: Aid) -> None:  # noqa: ARG002 - the contract's
        """Take in a day's report, or that it was used."""
        if isinstance(fact, RideEnded):
            diary.rides += 1
            if fact.battery_after_mv is not None:
                diary.ends += 1
                diary.on_charge += fact.battery_after_mv >= self._limits.on_charge_mv
            return
        period = period_of(fact, ends=diary.ends, on_charge=diary.on_charge)
        diary.ends = diary.on_charge = 0
        if period.charging_ms:
            diary.charged_days += 1
            diary.rides = 0
        every = sorted((*diary.periods, period), key=lambda each: (each.number, each.log_no))
        gone = every[: -self._limits.window_days]
        diary.periods = tuple(every[-self._limits.window_days :])
        if diary.usual is None:
            diary.early = (*diary.early, *gone)
        diary.note(period.log_no)

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:  # noqa: ARG002
        """Close a day."""
        limits = self._limits
        if diary.usual is None and len(diary.early) >= limits.learn_days:
            diary.usual = usual_of(diary.early)
            diary.early = ()
        on_rail = aid.kind == AidKind.STAIRLIFT
        reason = self._failed(diary, on_rail=on_rail)
        if reason is not None:
            yield Judgement(
                what=FAILED,
                asks=Ask.REPAIR,
                level=Level.CERTAIN,
                reasons=(reason, *self._rest(diary)),
            )
        elif diary.open(FAILED) is not None and self._charges(diary):
            yield Judgement(
                what=FAILED, asks=Ask.REPAIR, level=Level.PASSED, reasons=(Reason("charges_again"),)
            )
        if on_rail:
            yield from self._adrift(diary)

    def _failed(self, diary: Memory, *, on_rail: bool) -> Reason | None:
        limits = self._limits
        nothing = self._without(diary.periods)
        chance_ms = sum(each.chance_ms for each in nothing)
        if len(nothing) >= limits.nothing_days and chance_ms >= limits.nothing_ms:
            falling = self._falls(diary)
            # A full battery that nobody uses takes nothing.
            needed = limits.rides_on_rail if on_rail else limits.rides
            if diary.open(ADRIFT) is not None:
                needed = limits.rides_adrift
            used = diary.rides >= needed
            sure = all(each.sure for each in nothing) or (
                falling and len(nothing) >= limits.unsure_days
            )
            if used and sure and diary.charged_days >= limits.proven_days:
                return Reason("charges_not", {"hours": round(chance_ms / HOUR_MS)})
        return failing.reason(diary.periods, diary.usual, limits, on_rail=on_rail)

    def _without(self, periods: Sequence[Period]) -> list[Period]:
        """Return the newest chances, running, at which it did not charge."""
        limits = self._limits
        nothing: list[Period] = []
        for period in reversed(periods):
            if period.charging_ms is None:
                break
            if period.charging_ms > limits.nothing * max(period.chance_ms, limits.chance_ms):
                break
            if period.chance_ms >= limits.chance_ms:
                nothing.append(period)
        return nothing

    def _falls(self, diary: Memory) -> bool:
        """Tell whether the battery is ever less full."""
        if diary.usual is None or diary.usual.rest_mv is None:
            return False
        rests = [each.rest_mv for each in diary.periods[-3:] if each.rest_mv is not None]
        return (
            bool(rests)
            and baseline.median(rests) <= diary.usual.rest_mv - self._limits.rest_drop_mv
        )

    def _rest(self, diary: Memory) -> tuple[Reason, ...]:
        rest = next((each.rest_mv for each in reversed(diary.periods) if each.rest_mv), None)
        if rest is None or diary.usual is None or diary.usual.rest_mv is None:
            return ()
        if not self._falls(diary):
            return ()
        usual = diary.usual.rest_mv
        return (
            Reason(
                "battery_rest", {"volt": round(rest / 1000, 1), "usual": round(usual / 1000, 1)}
            ),
        )

    def _charges(self, diary: Memory) -> bool:
        limits, usual = self._limits, diary.usual
        newest = diary.periods[-limits.well_days :]
        shares = [each.share for each in newest if each.share is not None]
        if len(shares) < limits.well_days or usual is None or usual.share is None:
            return False
        highest = [each.highest_mv for each in newest if each.highest_mv is not None]
        reached = usual.highest_mv is None or (
            bool(highest) and max(highest) > usual.highest_mv - limits.weak_mv / 2
        )
        return min(shares) > 0.5 * usual.share and reached

    def _adrift(self, diary: Memory) -> Iterable[Judgement]:
        limits = self._limits
        newest = diary.periods[-limits.lately_days :]
        parts = [each.adrift_ms / each.period_ms for each in newest if each.adrift_ms is not None]
        if not parts:
            return
        if self._left(diary, newest, parts):
            reason = Reason("off_charge_point", {"percent": round(100 * sum(parts) / len(parts))})
            yield Judgement(what=ADRIFT, asks=Ask.NOTICE, level=Level.CERTAIN, reasons=(reason,))
        elif diary.open(ADRIFT) is not None and max(parts) < 0.1:
            yield Judgement(
                what=ADRIFT,
                asks=Ask.NOTICE,
                level=Level.PASSED,
                reasons=(Reason("on_charge_point"),),
            )

    def _left(self, diary: Memory, newest: Sequence[Period], parts: Sequence[float]) -> bool:
        """Tell whether it is left off its charge point, and the charger itself is well."""
        limits = self._limits
        if diary.open(FAILED) is not None:
            return False
        adrift = [each for each in newest if each.adrift_ms and each.adrift_ms >= HOUR_MS]
        charged_besides = sum(bool(each.charging_ms) for each in adrift) >= limits.besides_days
        if all(part >= limits.whole_day for part in parts[-limits.whole_days :]):
            # Left standing, or missed again and again: not a charger that gives nothing.
            return len(parts) >= limits.whole_days and (diary.rides == 0 or charged_besides)
        share = sum(parts) / len(parts)
        usual = diary.usual.adrift if diary.usual is not None else 0.0
        return (
            charged_besides
            and len(parts) >= limits.lately_days
            and share >= max(limits.often_share, limits.often_times_habit * usual)
            and sum(part >= limits.often_share / 2 for part in parts) >= limits.often_days
            and max(parts[-2:]) >= limits.often_share / 2
        )
