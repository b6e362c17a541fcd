"""Charger: it gives nothing or too little, or the aid is left off its charge point.

See docs/detectors/charger.md.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct

from diagnostics.detectors import baseline
from diagnostics.detectors.contract import Aid, Ask, Level, Reason
from diagnostics.detectors.daily import Daily, Diary, Judgement
from diagnostics.facts import ConditionReported, RideEnded
from gateway.protocol.vocabulary import AidKind

FAILED: Final = "charger_failed"
ADRIFT: Final = "off_charge_point"
HOUR_MS: Final = 3_600_000


class Parameters(Struct, frozen=True, kw_only=True):
    """What counts as charging, and for how long it may fail. Assumed, with these reasons."""

    # A chance to charge: the charger has mains (and is plugged in), long enough that any charger
    # would begin.
    chance_ms: int = 4 * HOUR_MS
    nothing: float = 0.02  # of the chance
    nothing_days: int = 2
    nothing_ms: int = 16 * HOUR_MS  # in those days together
    # A lift's modem sees the charging current, not the contact. Whoever lets go too early misses
    # the contact often, not always: so many rides, and not once charged, is the charger.
    rides_on_rail: int = 12
    rides_adrift: int = 48  # where it is known to be parked beside its contacts
    rides: int = 4  # elsewhere; without use there is nothing to charge
    rest_drop_mv: int = 300  # some tenth of the charge, in days
    unsure_days: int = 4  # where mains are not reported
    proven_days: int = 3  # it must have charged before, or its modem cannot tell
    # A charger that gives too little: it charges as long as ever, and never reaches its voltage.
    weak_days: int = 5
    weak_mv: int = 800
    # Float voltage of lead-acid is 2.25-2.30 V a cell, 27.0-27.6 V: below this nothing gets full.
    # Above it a battery may just be on its way, after hard use.
    never_full_mv: int = 26_400
    weak_hours: float = 0.6  # of the usual time; less is a matter of parking
    # Contacts that fail: whole days with nothing among days with all, to and fro.
    full: float = 0.85
    turns: int = 5
    partial_days: int = 2
    learn_days: int = 10
    window_days: int = 14
    lately_days: int = 7
    whole_day: float = 0.8
    besides_days: int = 2  # of both: the charger gives, where it is reached
    whole_days: int = 2  # it has then lost most of a battery's charge to its own electronics
    often_share: float = 0.3
    often_days: int = 4
    often_times_habit: float = 3.0


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

    @property
    def share(self) -> float | None:
        """Which part of the chance was used; None: there was none, or nobody can tell."""
        if self.charging_ms is None or self.chance_ms < HOUR_MS:
            return None
        return self.charging_ms / self.chance_ms


class Usual(Struct, frozen=True, kw_only=True):
    """Of this aid: charging as a part of its chances, highest voltage, part adrift, rest."""

    share: float | None = None
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


class Charger(Daily):
    """Finds chargers that do not charge, and lifts parked beside their charge point."""

    name: str = "charger"
    version: int = 1
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

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:  # noqa: ARG002
        """Close a day."""
        limits = self._limits
        if diary.usual is None and len(diary.early) >= limits.learn_days:
            diary.usual = _usual(diary.early)
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
        return self._weak(diary) or self._at_times(diary)

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
        """Return a reason if it charges as long as ever, and never to its voltage."""
        limits, usual = self._limits, diary.usual
        newest = diary.periods[-limits.weak_days :]
        if usual is None or usual.highest_mv is None or usual.share is None:
            return None
        if len(newest) < limits.weak_days:
            return None
        highest = [each.highest_mv for each in newest if each.highest_mv is not None]
        shares = [each.share for each in newest if each.share is not None]
        if (
            len(highest) < limits.weak_days - 1
            or len(shares) < limits.weak_days - 1
            or min(shares) < limits.weak_hours * usual.share
            or max(highest) > min(usual.highest_mv - limits.weak_mv, limits.never_full_mv)
        ):
            return None
        volts = {
            "volt": round(max(highest) / 1000, 1),
            "usual": round(usual.highest_mv / 1000, 1),
        }
        return Reason("charges_weakly", volts)

    def _at_times(self, diary: Memory) -> Reason | None:
        """Return a reason if it charges all day or not at all, to and fro."""
        limits = self._limits
        if diary.usual is None or (diary.usual.share or 0.0) < limits.full:
            return None
        shares = [each.share for each in diary.periods if each.share is not None]
        nothing = [share for share in shares if share <= limits.nothing]
        whole = [share for share in shares if share >= limits.full]
        if len(shares) - len(nothing) - len(whole) > limits.partial_days:
            return None
        sides = [share <= limits.nothing for share in shares if share in nothing or share in whole]
        turns = sum(before is not after for before, after in pairwise(sides))
        if turns < limits.turns:
            return None
        return Reason("charges_little", {"percent": round(100 * sum(shares) / len(shares))})

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
        newest = diary.periods[-limits.weak_days :]
        shares = [each.share for each in newest if each.share is not None]
        if len(shares) < limits.weak_days or usual is None or usual.share is None:
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


def _period(day: ConditionReported) -> Period:
    chance_ms = day.period_ms if day.mains_ms is None else min(day.period_ms, day.mains_ms)
    return Period(
        number=day.measured_at.toordinal(),
        log_no=day.log_no,
        period_ms=day.period_ms,
        chance_ms=chance_ms,
        sure=day.mains_ms is not None,
        charging_ms=day.charging_ms,
        adrift_ms=day.off_charge_ms,
        rest_mv=day.battery_rest_mv,
        highest_mv=day.battery_max_mv,
    )


def _usual(periods: Sequence[Period]) -> Usual:
    def middle(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return baseline.median(known) if known else None

    adrift = [each.adrift_ms / each.period_ms for each in periods if each.adrift_ms is not None]
    return Usual(
        share=middle(each.share for each in periods),
        highest_mv=middle(each.highest_mv for each in periods),
        adrift=sum(adrift) / len(adrift) if adrift else 0.0,
        rest_mv=middle(each.rest_mv for each in periods),
    )
