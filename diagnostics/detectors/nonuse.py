"""Unused: an aid that was used, or was lent out, and has not been used for weeks.

See docs/detectors/nonuse.md. Nobody can know why from here: the signal asks, and says so.
"""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.facts import ConditionReported, Fact, RideEnded


class Parameters(Struct, frozen=True, kw_only=True):
    """How long is long; why stands in docs/detectors/nonuse.md.

    Attributes:
        unused_days: not used for so long.
        known_share: of those days this much is vouched for by the aid itself.
        used_days: used on so many days before; fewer, and it was hardly used at all.
        never_days: never used since it was lent.
        stray: so many rides within that time are nobody's use: a cleaner, a try.
    """

    unused_days: int = 56
    known_share: float = 0.8
    used_days: int = 5
    never_days: int = 63
    stray: int = 1


class NonuseDay(Day, frozen=True, array_like=True, kw_only=True):
    """Whether it was used."""

    rides: int = 0
    seat_ms: int = 0
    reported: bool = False
    moved: bool = False  # the drive's own counter says so


class Nonuse(Daily[NonuseDay]):
    """Finds aids that are not used."""

    name = "nonuse"
    version = 1
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[NonuseDay]
    heeds: ClassVar = (RideEnded, ConditionReported)
    day_type = NonuseDay
    keeps = 84

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: NonuseDay, fact: Fact, aid: Aid) -> NonuseDay:  # noqa: ARG002
        """Note use."""
        if isinstance(fact, RideEnded):
            return replace(day, rides=day.rides + 1, log_no=max(day.log_no, fact.log_no))
        if isinstance(fact, ConditionReported):
            return replace(
                day,
                seat_ms=day.seat_ms + (fact.seat_ms or 0),
                reported=True,
                log_no=max(day.log_no, fact.log_no),
            )
        return day

    def judge(self, days: tuple[NonuseDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the time since it was last used."""
        limits = self._limits
        newest = days[-1].on
        used = [day for day in days if day.rides or day.seat_ms > 60_000]
        span = limits.unused_days
        recent = [day for day in days if day.on > newest - span]
        rides = sum(day.rides for day in recent) + sum(day.seat_ms > 60_000 for day in recent)
        vouched = sum(day.reported for day in recent)
        if rides > limits.stray or vouched < limits.known_share * span:
            return ()
        before = [day for day in used if day.on <= newest - span]
        if len(before) >= limits.used_days:
            since = before[-1].on + 1
            reason = Reason("unused_for", {"days": newest - since + 1})
        elif self._never(days, used, aid):
            since = aid.lent_on.toordinal() if aid.lent_on else days[0].on
            reason = Reason("never_used", {"days": newest - since + 1})
        else:
            return ()
        return (
            Case(
                what="unused",
                since=since,
                until=newest,
                reasons=(reason, Reason("aid_is_well")),
                otherwise=tuple(
                    Reason(code)
                    for code in ("other_ill", "other_stays_elsewhere", "other_walks_again")
                ),
                confidence=0.9 if not rides else 0.8,
                log_nos=tuple(day.log_no for day in recent[-5:]),
            ),
        )

    def _never(self, days: Sequence[NonuseDay], used: Sequence[NonuseDay], aid: Aid) -> bool:
        """Return whether it was not used since it was lent, the hand-over left out."""
        if aid.lent_on is None:
            return False
        lent = aid.lent_on.toordinal()
        tried = [day for day in used if day.on > lent + 7]
        return days[-1].on - lent >= self._limits.never_days and len(tried) <= self._limits.stray
