"""When an aid that is away will be missed: by its rhythm, its line, and when people are up.

Who switches an aid off does so at about the same time, every night or every week, for about as
long. A notice is for what breaks such a habit. The rules are in docs/detectors/silence.md.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from diagnostics.detectors.silence.memory import Away, usual_longest
from diagnostics.detectors.silence.parameters import Parameters

_HOME: Final = ZoneInfo("Europe/Amsterdam")
_DAY_S: Final = 86_400
_WEEK_S: Final = 7 * _DAY_S


def patience(
    away: Sequence[Away], lost_at: datetime, limits: Parameters, *, known: bool
) -> tuple[timedelta, timedelta | None]:
    """Return how long an aid lost at ``lost_at`` may be away, and how long it usually is then."""
    lost_s = round(lost_at.timestamp())
    lately = [one for one in away if one.began_s > lost_s - limits.remembered.total_seconds()]
    usual = _rhythm(lately, lost_s, limits)
    least = limits.offline_least if known else limits.offline
    patient = least if usual is None else max(usual + limits.rhythm_slack, least)
    strays = tuple(one.lasted_s for one in lately if not _habitual(one, lately, limits))
    stray = usual_longest(strays, limits.enough)
    if stray is not None and limits.offline_times * stray > patient:
        usual, patient = stray, limits.offline_times * stray
    return min(patient, limits.offline_most), usual


def when_up(moment: datetime, limits: Parameters) -> datetime:
    """Return ``moment``, or the next when people are up: what is off by night is on by then."""
    local = moment.astimezone(_HOME)
    if limits.up_hour <= local.hour < limits.down_hour:
        return moment
    morning = local.replace(hour=limits.up_hour, minute=0, second=0, microsecond=0)
    if local.hour >= limits.down_hour:
        morning += timedelta(days=1)
    return morning.astimezone(moment.tzinfo)


def _rhythm(away: Sequence[Away], lost_s: int, limits: Parameters) -> timedelta | None:
    """Return how long it is away when it is lost at such a time; None: no such habit."""
    by_day = [one.lasted_s for one in away if _same(one.began_s, lost_s, _DAY_S, limits.same_hour)]
    by_week = [
        one.lasted_s for one in away if _same(one.began_s, lost_s, _WEEK_S, limits.same_hour)
    ]
    usual_s = 0
    if len(by_day) >= limits.enough:
        usual_s = sorted(by_day)[-2]  # what happened only once is no habit
    elif len(by_day) >= limits.twice:
        usual_s = max(by_day)
    if by_week:
        usual_s = max(usual_s, by_week[-1])
    return timedelta(seconds=usual_s) if usual_s else None


def _habitual(one: Away, away: Sequence[Away], limits: Parameters) -> bool:
    """Tell whether others began at its time of the day or the week, and were about as long."""

    def alike(period_s: int) -> int:
        return sum(
            other is not one
            and _same(other.began_s, one.began_s, period_s, limits.same_hour)
            and 0.5 < other.lasted_s / max(one.lasted_s, 1) < 2.0
            for other in away
        )

    return alike(_DAY_S) >= limits.twice or alike(_WEEK_S) >= 1


def _same(one_s: int, other_s: int, period_s: int, within: timedelta) -> bool:
    """Tell whether two moments are about the same of the day, or the week, summer time or not."""
    apart_s = (one_s - other_s) % period_s
    return min(apart_s, period_s - apart_s) <= within.total_seconds()
