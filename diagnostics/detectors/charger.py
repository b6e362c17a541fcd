"""Charger: it gives nothing or too little, or the aid is left off its charge point.

See docs/detectors/charger.md.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from diagnostics.detectors import baseline
from diagnostics.detectors.contract import Aid, Ask, Level, Reason
from diagnostics.detectors.daily import Daily, Diary, Judgement
from diagnostics.facts import ConditionReported, FaultChanged, RideEnded
from gateway.protocol.vocabulary import AidKind, Edge, Mode

FAILED: Final = "charger_failed"
ADRIFT: Final = "off_charge_point"
HOUR_MS: Final = 3_600_000


class Parameters(Struct, frozen=True, kw_only=True):
    """What counts as charging, and for how long it may fail. Assumed, with these reasons."""

    # A chance to charge: mains and contact together, long enough that any charger would begin.
    chance_ms: int = 4 * HOUR_MS
    nothing: float = 0.02  # of the chance
    nothing_days: int = 2
    rides: int = 4  # without them there is nothing to charge
    nothing_ms: int = 16 * HOUR_MS  # in those days together
    unsure_days: int = 4  # where mains or contact are not reported
    rest_drop_mv: int = 300  # some tenth of the charge, in days
    proven_days: int = 3  # it must have charged before, or its modem cannot tell
    # A charger that gives too little: voltage or time fell against its own habit.
    weak_days: int = 5
    weak_mv: int = 800  # less than it used to reach; then a battery never fills
    weak_share: float = 0.4  # of the usual part of its chances
    learn_days: int = 10
    fault_stands: timedelta = timedelta(hours=12)  # a fault of the charger, not a socket for hours
    window_days: int = 7
    whole_day: float = 0.8
    whole_days: int = 2  # it has then lost most of a battery's charge to its own electronics
    often_share: float = 0.35
    often_days: int = 4
    often_times_habit: float = 3.0


class Period(Struct, frozen=True, array_like=True):
    """One report: when, how long, and what of it was a chance, charged, off the charge point."""

    number: int
    period_ms: int
    chance_ms: int
    charging_ms: int | None
    adrift_ms: int | None
    rest_mv: int | None
    highest_mv: int | None
    log_no: int
    sure: bool  # whether mains and contact were reported


class Usual(Struct, frozen=True, kw_only=True):
    """Of this aid: charging as a part of its chances, highest voltage, part adrift, rest."""

    share: float | None = None
    highest_mv: float | None = None
    adrift: float = 0.0
    rest_mv: float | None = None


class Memory(Diary, kw_only=True):
    """The newest reports, what was usual before them, and a charger's fault that stands."""

    periods: tuple[Period, ...] = ()
    early: tuple[Period, ...] = ()
    usual: Usual | None = None
    charged_days: int = 0
    rides: int = 0  # since it last charged
    fault_at: datetime | None = None
    fault_code: str = ""
    fault_order: tuple[int, int] = (0, 0)


class Charger(Daily):
    """Finds chargers that do not charge, and lifts parked beside their charge point."""

    name = "charger"
    version = 1
    state_type = Memory
    reads = (ConditionReported, FaultChanged, RideEnded)

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def lent_anew(self, diary: Memory) -> None:
        """Forget how another household parks."""
        diary.usual, diary.early, diary.periods = None, (), ()

    def take(self, diary: Memory, fact: Any, aid: Aid) -> None:  # noqa: ARG002 - the contract's
        """Take in a day's report, or what the controller says of its charger."""
        if isinstance(fact, FaultChanged):
            _take_fault(diary, fact)
            return
        if isinstance(fact, RideEnded):
            diary.rides += 1
            return
        period = _period(fact)
        if period.charging_ms:
            diary.charged_days += 1
            diary.rides = 0
        every = sorted((*diary.periods, period), key=lambda each: (each.number, each.log_no))
        gone = every[: -self._limits.window_days]
        diary.periods = tuple(every[-self._limits.window_days :])
        if diary.usual is None:
            diary.early = (*diary.early, *gone)
        diary.note(period.log_no)

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:
        """Close a day."""
        limits = self._limits
        if diary.usual is None and len(diary.early) >= limits.learn_days:
            diary.usual = _usual(diary.early)
            diary.early = ()
        reason = self._failed(diary, at)
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
        if aid.kind == AidKind.STAIRLIFT:
            yield from self._adrift(diary)

    def _failed(self, diary: Memory, at: datetime) -> Reason | None:
        limits = self._limits
        if diary.fault_at is not None and at - diary.fault_at >= limits.fault_stands:
            return Reason("fault_stands", {"fault": diary.fault_code})
        nothing = self._without(diary.periods)
        chance_ms = sum(each.chance_ms for each in nothing)
        proven = diary.charged_days >= limits.proven_days
        hours = round(chance_ms / HOUR_MS)
        if len(nothing) >= limits.nothing_days and chance_ms >= limits.nothing_ms:
            falling = self._falls(diary)
            # A full battery that nobody uses takes nothing.
            needed = diary.rides >= limits.rides or falling
            sure = proven and needed and all(each.sure for each in nothing)
            if sure or (falling and len(nothing) >= limits.unsure_days):
                return Reason("charges_not", {"hours": hours})
        return self._weak(diary)

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

    def _weak(self, diary: Memory) -> Reason | None:
        """Return a reason if it charges, but far less than it used to, and it shows."""
        limits, usual = self._limits, diary.usual
        newest = diary.periods[-limits.weak_days :]
        if usual is None or len(newest) < limits.weak_days or not self._falls(diary):
            return None
        highest = [each.highest_mv for each in newest if each.highest_mv is not None]
        if (
            usual.highest_mv is not None
            and len(highest) >= limits.weak_days - 1
            and max(highest) <= usual.highest_mv - limits.weak_mv
        ):
            volts = {
                "volt": round(max(highest) / 1000, 1),
                "usual": round(usual.highest_mv / 1000, 1),
            }
            return Reason("charges_weakly", volts)
        shares = _shares(newest, limits.chance_ms)
        if (
            usual.share is not None
            and len(shares) >= limits.weak_days - 1
            and max(shares) <= limits.weak_share * usual.share
        ):
            return Reason("charges_little", {"percent": round(100 * baseline.median(shares))})
        return None

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
        shares = _shares(diary.periods[-2:], self._limits.chance_ms)
        usual = diary.usual.share if diary.usual is not None else None
        return len(shares) == 2 and min(shares) > 0.5 * (usual or 0.5)

    def _adrift(self, diary: Memory) -> Iterable[Judgement]:
        limits = self._limits
        parts = [
            each.adrift_ms / each.period_ms for each in diary.periods if each.adrift_ms is not None
        ]
        if not parts:
            return
        whole = len(parts) >= limits.whole_days and all(
            part >= limits.whole_day for part in parts[-limits.whole_days :]
        )
        share = sum(parts) / len(parts)
        usual = diary.usual.adrift if diary.usual is not None else 0.0
        often = (
            len(parts) >= limits.window_days
            and share >= max(limits.often_share, limits.often_times_habit * usual)
            and sum(part >= limits.often_share / 2 for part in parts) >= limits.often_days
            and parts[-1] >= limits.often_share / 2
        )
        if whole or often:
            reason = Reason("off_charge_point", {"percent": round(100 * share)})
            yield Judgement(what=ADRIFT, asks=Ask.NOTICE, level=Level.CERTAIN, reasons=(reason,))
        elif diary.open(ADRIFT) is not None and max(parts[-3:]) < 0.1:
            yield Judgement(
                what=ADRIFT,
                asks=Ask.NOTICE,
                level=Level.PASSED,
                reasons=(Reason("on_charge_point"),),
            )


def _take_fault(diary: Memory, fact: FaultChanged) -> None:
    """Keep a fault of the charger while it stands. Off the charge point is judged elsewhere."""
    order = (fact.order.outbox_no, fact.order.seq)
    if fact.code != "charger" or order <= diary.fault_order:
        return
    diary.fault_order = order
    if fact.edge is Edge.CLEARED:
        diary.fault_at = None
    elif fact.sample.mode is Mode.NORMAL:
        diary.fault_at, diary.fault_code = fact.measured_at, fact.code
        diary.note(fact.log_no)


def _period(day: ConditionReported) -> Period:
    chance_ms = day.period_ms
    if day.mains_ms is not None:
        chance_ms = min(chance_ms, day.mains_ms)
    if day.off_charge_ms is not None:
        chance_ms = min(chance_ms, max(0, day.period_ms - day.off_charge_ms))
    return Period(
        number=day.measured_at.toordinal(),
        period_ms=day.period_ms,
        chance_ms=chance_ms,
        charging_ms=day.charging_ms,
        adrift_ms=day.off_charge_ms,
        rest_mv=day.battery_rest_mv,
        highest_mv=day.battery_max_mv,
        log_no=day.log_no,
        sure=day.mains_ms is not None and day.off_charge_ms is not None,
    )


def _shares(periods: Sequence[Period], least_ms: int) -> list[float]:
    return [
        each.charging_ms / each.chance_ms
        for each in periods
        if each.charging_ms is not None and each.chance_ms and each.chance_ms >= least_ms
    ]


def _usual(periods: Sequence[Period]) -> Usual:
    def middle(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return baseline.median(known) if known else None

    adrift = [each.adrift_ms / each.period_ms for each in periods if each.adrift_ms is not None]
    return Usual(
        share=middle(_shares(periods, HOUR_MS)),
        highest_mv=middle(each.highest_mv for each in periods),
        adrift=sum(adrift) / len(adrift) if adrift else 0.0,
        rest_mv=middle(each.rest_mv for each in periods),
    )
