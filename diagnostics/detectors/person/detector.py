"""The person detector: weeks of rides against the client's own history."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from msgspec import Struct

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.detectors.person import riders, windows
from diagnostics.detectors.person.memory import PersonDay, with_ride
from diagnostics.facts import Fact, RideEnded
from diagnostics.models import features
from diagnostics.models.features import Ridden
from diagnostics.models.scoring import WEEKS
from diagnostics.models.storage import Model, shipped


class Parameters(Struct, frozen=True, kw_only=True):
    """How lasting is lasting; why stands in docs/detectors/person.md.

    Attributes:
        agrees: what the model thinks of one window of the last five at least.
        least_confidence: of two riders that are seen, whatever the model thinks.
        shown_boarding: a boarding time that differs by more is put into words (logarithm)…
        shown_rides: …and rides a day.
    """

    agrees: float = 0.5
    least_confidence: float = 0.6
    shown_boarding: float = 0.2
    shown_rides: float = 0.3


class Person(Daily[PersonDay]):
    """Finds aids that somebody else than their client uses lastingly."""

    name = "person"
    version = 3
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[PersonDay]
    heeds: ClassVar = (RideEnded,)
    day_type = PersonDay
    keeps = 10_000  # see ``kept``
    every = 7

    def __init__(
        self,
        limits: Parameters | None = None,
        model: Model | None = None,
        apart: riders.Parameters | None = None,
    ) -> None:
        self._limits = limits or Parameters()
        self._riders = apart or riders.Parameters()
        self._model = model

    def fold(self, day: PersonDay, fact: Fact, aid: Aid) -> PersonDay:
        """Keep the ride, or count it only."""
        return with_ride(day, fact, aid) if isinstance(fact, RideEnded) else day

    def kept(self, days: tuple[PersonDay, ...]) -> tuple[PersonDay, ...]:
        """Return the first weeks and the last months."""
        return windows.kept(days)

    def judge(self, days: tuple[PersonDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the last weeks: two riders must be seen, and the model must not think otherwise."""
        newest = days[-1].on
        second = riders.second_rider(days, newest, aid.kind, self._riders)
        if second is None:
            return ()
        score = self._score(days, newest)
        if score < self._limits.agrees:
            return ()
        since = newest - riders.RECENT_DAYS + 1
        recent = [day for day in days if day.on >= since]
        return (
            Case(
                what="other_person",
                since=since,
                until=newest,
                reasons=self._reasons(days, since, second),
                otherwise=tuple(
                    Reason(code) for code in ("other_guest", "other_health", "other_sensor")
                ),
                confidence=min(max(score, self._limits.least_confidence), 0.98),
                log_nos=tuple(day.log_no for day in recent),
            ),
        )

    def _score(self, days: tuple[PersonDay, ...], newest: int) -> float:
        """Return the highest that the model thinks of one of the recent windows."""
        model = self._model or shipped("person")
        scores = [0.0]
        for week in range(WEEKS):
            compared = windows.rows(days, newest - week * features.WEEK)
            if compared:
                scores.append(float(model.probabilities(np.array(compared)).min()))
        return max(scores)

    def _reasons(
        self, days: Sequence[PersonDay], since: int, second: riders.Second
    ) -> tuple[Reason, ...]:
        limits = self._limits
        before = _ridden(days, 0, since - riders.GAP_DAYS)
        recent = _ridden(days, since, days[-1].on)
        parameters = {"percent": round(100 * abs(np.expm1(second.shift)))}
        if second.weeks and second.code == "second_load":
            parameters["weeks"] = second.weeks
        reasons = [
            Reason(second.code, parameters),
            Reason("second_pattern", {"share": round(100 * second.share)}),
        ]
        times = _shift([ride.boarding_s for ride in before], [ride.boarding_s for ride in recent])
        if times is not None and abs(times[2]) >= limits.shown_boarding:
            reasons.append(
                Reason(
                    "boards_otherwise",
                    {"seconds": round(times[1], 1), "before": round(times[0], 1)},
                )
            )
        old = _a_day([day for day in days if day.on < since - riders.GAP_DAYS])
        new = _a_day([day for day in days if day.on >= since])
        if old and new and abs(np.log(new / old)) >= limits.shown_rides:
            reasons.append(
                Reason("rides_otherwise", {"rides": round(new, 1), "before": round(old, 1)})
            )
        weeks = (days[-1].on - since + 1) // 7
        return (*reasons, Reason("lasts_weeks", {"weeks": weeks}))


def _ridden(days: Sequence[PersonDay], first: int, last: int) -> list[Ridden]:
    return [
        ride
        for day in days
        if first <= day.on <= last
        for ride in (each.ridden(day.on) for each in day.rides)
        if ride.seated is not False
    ]


def _shift(
    before: Sequence[float | None], recent: Sequence[float | None]
) -> tuple[float, float, float] | None:
    """Return the medians before and now, and the logarithm of their ratio."""
    old = [value for value in before if value]
    new = [value for value in recent if value]
    if not old or not new:
        return None
    return median(old), median(new), float(np.log(median(new) / median(old)))


def _a_day(days: Sequence[PersonDay]) -> float:
    if not days:
        return 0.0
    return sum(day.count for day in days) / (days[-1].on - days[0].on + 1)
