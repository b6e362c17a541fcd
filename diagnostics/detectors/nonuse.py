"""Unused: an aid that was used, or was lent out, and has not been used for weeks.

See docs/detectors/nonuse.md. Nobody can know why from here: the signal asks, and says so.
"""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.load import WHEELS
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.facts import ConditionReported, Fact, RideEnded
from gateway.protocol.vocabulary import Seat


class Parameters(Struct, frozen=True, kw_only=True):
    """How long is long; why stands in docs/detectors/nonuse.md.

    Attributes:
        unused_days: not used for so long, one ride more or less.
        tried_days: hardly used for so long: on no more than…
        tried_on: …so many days, with…
        tried_share: …this share of the rides a day that there were before…
        sent_share: …or this, if they are all of an empty seat, which was a rare sight before.
        known_share: of those days this much is vouched for by the aid itself.
        used_days: used on so many days before; fewer, and it was hardly used at all.
        never_days: never used since it was lent.
        stray: so many rides within that time are nobody's use: a cleaner, a try.
        sat_ms: somebody sat on it for longer than this: used, of what one sits on to go about.
        flat_mv: at rest this low the battery is empty…
        flat_days: …and if it was so on most of so many days as use ended, nobody could ride it.
    """

    unused_days: int = 56
    tried_days: int = 84
    tried_on: int = 4
    tried_share: float = 0.1
    sent_share: float = 0.3
    known_share: float = 0.8
    used_days: int = 5
    never_days: int = 63
    stray: int = 1
    sat_ms: int = 60_000
    flat_mv: int = 23_300
    flat_days: int = 14


class NonuseDay(Day, frozen=True, array_like=True, kw_only=True):
    """Whether it was used.

    Attributes:
        rides: all of them; ``empty``: of them with nobody on the seat.
        seat_ms: how long somebody or something was on it.
        reported: whether the aid itself told of the day.
        low_mv: the lowest that it told of its battery.
    """

    rides: int = 0
    seat_ms: int = 0
    reported: bool = False
    empty: int = 0
    low_mv: int | None = None


class Nonuse(Daily[NonuseDay]):
    """Finds aids that are not used."""

    name = "nonuse"
    version = 3
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[NonuseDay]
    heeds: ClassVar = (RideEnded, ConditionReported)
    day_type = NonuseDay
    keeps = 182  # what was usual before, and the time that is judged

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: NonuseDay, fact: Fact, aid: Aid) -> NonuseDay:  # noqa: ARG002
        """Note use."""
        if isinstance(fact, RideEnded):
            return replace(
                day,
                rides=day.rides + 1,
                empty=day.empty + (fact.seat is Seat.EMPTY),
                log_no=max(day.log_no, fact.log_no),
            )
        if isinstance(fact, ConditionReported):
            return replace(
                day,
                seat_ms=day.seat_ms + (fact.seat_ms or 0),
                low_mv=min((mv for mv in (day.low_mv, fact.battery_min_mv) if mv), default=None),
                reported=True,
                log_no=max(day.log_no, fact.log_no),
            )
        return day

    def judge(self, days: tuple[NonuseDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the time since it was last used."""
        found = self._unused(days, aid) or self._tried(days, aid)
        if found is None:
            return ()
        since, reasons, confidence = found
        if self._flat(days, since):
            return ()  # nobody can ride it: see charging
        return (
            Case(
                what="unused",
                since=since,
                until=days[-1].on,
                reasons=(*reasons, Reason("aid_is_well")),
                otherwise=tuple(
                    Reason(code)
                    for code in ("other_ill", "other_stays_elsewhere", "other_walks_again")
                ),
                confidence=confidence,
                log_nos=tuple(day.log_no for day in days[-5:]),
            ),
        )

    def _unused(
        self, days: Sequence[NonuseDay], aid: Aid
    ) -> tuple[int, tuple[Reason, ...], float] | None:
        """Find an aid that is not used at all, or was tried once."""
        limits = self._limits
        newest, span = days[-1].on, limits.unused_days
        recent = [day for day in days if day.on > newest - span]
        strays = sum(day.rides + self._sat(day, aid) for day in recent)
        if strays > limits.stray or not self._vouched(recent, span):
            return None
        used = [day for day in days if self._used(day, aid)]
        before = [day for day in used if day.on <= newest - span]
        if len(before) >= limits.used_days:
            since = before[-1].on + 1
            reason = Reason("unused_for", {"days": newest - since + 1})
        elif self._never(days, used, aid):
            since = aid.lent_on.toordinal() + 1 if aid.lent_on else days[0].on
            reason = Reason("never_used", {"days": newest - since + 1})
        else:
            return None
        return since, (reason,), 0.9 if not strays else 0.8

    def _tried(
        self, days: Sequence[NonuseDay], aid: Aid
    ) -> tuple[int, tuple[Reason, ...], float] | None:
        """Find an aid that is tried now and then, or moved by others, and used no more."""
        limits = self._limits
        newest, span = days[-1].on, limits.tried_days
        recent = [day for day in days if day.on > newest - span]
        before = [day for day in days if day.on <= newest - span]
        if not self._vouched(recent, span):
            return None
        # Where the seat is felt, a chair that is sent out of the way is not used by that. A seat
        # sensor that has died says so of every ride: then there are as many as ever.
        tried = [day for day in recent if day.rides > day.empty or self._sat(day, aid)]
        if len(tried) > limits.tried_on or sum(self._used(d, aid) for d in before) < span / 4:
            return None
        often_before = sum(day.rides for day in before) / (before[-1].on - before[0].on + 1)
        rides = sum(day.rides for day in recent)
        empty_before = sum(day.empty for day in before) / max(sum(d.rides for d in before), 1)
        share = limits.tried_share
        if not tried and empty_before < limits.sent_share:
            share = limits.sent_share
        if rides > share * often_before * span:
            return None
        since = newest - span + 1
        reason = Reason("hardly_used", {"times": len(tried), "days": span})
        return since, (reason,), 0.75

    def _flat(self, days: Sequence[NonuseDay], since: int) -> bool:
        """Return whether its battery was empty as use ended, and so ended it."""
        limits = self._limits
        since = max(since, days[0].on)  # what was before is forgotten
        first = [day for day in days if since <= day.on < since + limits.flat_days]
        empty = [day for day in first if day.low_mv is not None and day.low_mv <= limits.flat_mv]
        return bool(first) and len(empty) > len(first) / 2

    def _vouched(self, days: Sequence[NonuseDay], span: int) -> bool:
        return sum(day.reported for day in days) >= self._limits.known_share * span

    def _sat(self, day: NonuseDay, aid: Aid) -> bool:
        """Return whether somebody sat on it: of a stairlift or hoist that is not yet use."""
        return aid.kind in WHEELS and day.seat_ms > self._limits.sat_ms

    def _used(self, day: NonuseDay, aid: Aid) -> bool:
        return bool(day.rides) or self._sat(day, aid)

    def _never(self, days: Sequence[NonuseDay], used: Sequence[NonuseDay], aid: Aid) -> bool:
        """Return whether it was not used since it was lent, the hand-over left out."""
        if aid.lent_on is None:
            return False
        lent = aid.lent_on.toordinal()
        tried = [day for day in used if day.on > lent + 7]
        return days[-1].on - lent >= self._limits.never_days and len(tried) <= self._limits.stray
