"""What tells one person's rides from another's: windows of rides as one row of numbers.

A ride is compared with how the aid was ridden before, never with other people: a model learns how
far habits stray by themselves, not what sort of person is suspect.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Windows, in days. Guests stay for a week or two; a habit that lasts shows in each of three weeks.
RECENT_DAYS: Final = 21
GAP_DAYS: Final = 7
BEFORE_DAYS: Final = 84
LEAST_RECENT: Final = 10
LEAST_BEFORE: Final = 24
LEAST_BEFORE_DAYS: Final = 28
WEEK: Final = 7
# What a load's or a time's median may stray by itself, as a logarithm: no spread is less.
LOAD_FLOOR: Final = 0.02
BOARDING_FLOOR: Final = 0.12

NAMES: Final = (
    "load_shift",
    "load_shift_abs",
    "load_shift_z",
    "load_distance",
    "load_odd_share",
    "load_odd_least_week",
    "other_way_shift",
    "gain_free_shift",
    "gain_free_shift_abs",
    "empty_shift",
    "boarding_shift",
    "boarding_distance",
    "boarding_short_share",
    "boarding_odd_least_week",
    "both_odd_share",
    "both_odd_least_week",
    "both_odd_before",
    "rides_ratio",
    "presses_shift",
    "hours_distance",
    "load_trend_before",
    "load_known",
    "boarding_known",
)
BASELINE: Final = NAMES.index("load_shift_z")


class Ridden(NamedTuple):
    """One ride, as far as it tells of who rode. None: unknown.

    Attributes:
        on: day, as an ordinal.
        up: which way (of a hoist: lifting).
        seated: False: nobody sat there; None: nobody knows.
        load: what the drive or the scale felt, in any unit above nought.
        boarding_s: from sitting down to leaving.
        presses: of the joystick.
        hour: of the day, local.
    """

    on: int
    up: bool
    seated: bool | None
    load: float | None
    boarding_s: float | None
    presses: int | None
    hour: int


class _Columns(NamedTuple):
    on: Floats
    load: Floats  # logarithm; NaN: unknown
    down: Floats  # likewise, of rides the other way
    boarding: Floats
    presses: Floats
    hour: Floats
    empty: Floats  # loads of empty rides upwards


def row(before: Sequence[Ridden], recent: Sequence[Ridden]) -> Floats | None:
    """Return how ``recent`` rides differ from those ``before``: one number for each of ``NAMES``.

    Nought stands for "no difference" and for what is not known. None: too little to compare.
    """
    old, new = _columns(before), _columns(recent)
    if len(old.on) < LEAST_BEFORE or len(new.on) < LEAST_RECENT:
        return None
    days_before = float(np.ptp(old.on)) + 1
    if days_before < LEAST_BEFORE_DAYS:
        return None
    load_shift, load_z, load_distance, load_odd = _compared(old.load, new.load, LOAD_FLOOR)
    boarding_shift, _, boarding_distance, boarding_odd = _compared(
        old.boarding, new.boarding, BOARDING_FLOOR
    )
    other_way = _shift(old.down, new.down)
    felt = np.isfinite(new.load)
    both = load_odd & boarding_odd
    _, _, _, load_odd_old = _compared(old.load, old.load, LOAD_FLOOR)
    _, _, _, boarding_odd_old = _compared(old.boarding, old.boarding, BOARDING_FLOOR)
    short = (
        float(np.mean(new.boarding < np.nanquantile(old.boarding, 0.02) - BOARDING_FLOOR))
        if np.isfinite(old.boarding).any()
        else 0.0
    )
    rate_old = len(old.on) / days_before
    rate_new = len(new.on) / RECENT_DAYS
    return np.array(
        [
            load_shift,
            abs(load_shift),
            load_z,
            load_distance,
            _share(load_odd, felt),
            _least_week(new.on, load_odd, felt),
            other_way,
            load_shift - other_way,
            abs(load_shift - other_way),
            _shift(old.empty, new.empty),
            boarding_shift,
            boarding_distance,
            short,
            _least_week(new.on, boarding_odd, np.isfinite(new.boarding)),
            _share(both, felt),
            _least_week(new.on, both, felt),
            _share(load_odd_old & boarding_odd_old, np.isfinite(old.load)),
            float(np.log((rate_new + 0.1) / (rate_old + 0.1))),
            _mean(new.presses) - _mean(old.presses),
            _hours_apart(old.hour, new.hour),
            _trend(old.on, old.load),
            float(felt.mean()),
            float(np.isfinite(new.boarding).mean()),
        ]
    )


def _columns(rides: Sequence[Ridden]) -> _Columns:
    ridden = [ride for ride in rides if ride.seated is not False]
    return _Columns(
        on=np.array([ride.on for ride in ridden], dtype=float),
        load=_logs([ride.load if ride.up else None for ride in ridden]),
        down=_logs([None if ride.up else ride.load for ride in ridden]),
        boarding=_logs([ride.boarding_s for ride in ridden]),
        presses=np.array(
            [np.nan if ride.presses is None else ride.presses for ride in ridden], dtype=float
        ),
        hour=np.array([ride.hour for ride in ridden], dtype=float),
        empty=_logs([ride.load for ride in rides if ride.seated is False and ride.up]),
    )


def _logs(values: Sequence[float | None]) -> Floats:
    logs: Floats = np.log(
        np.array([value if value is not None and value > 0 else np.nan for value in values], float)
    )
    return logs


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]


def _shift(old: Floats, new: Floats) -> float:
    old, new = _known(old), _known(new)
    if len(old) < 5 or len(new) < 5:
        return 0.0
    return float(np.median(new) - np.median(old))


def _compared(old: Floats, new: Floats, floor: float) -> tuple[float, float, float, Bools]:
    """Compare values with those before.

    Returns the shift of the median, the same in spreads, the largest distance of the
    distributions, and which of ``new`` lie outside of what was known.
    """
    odd = np.zeros(len(new), dtype=bool)
    known_old, known_new = _known(old), _known(new)
    if len(known_old) < LEAST_BEFORE // 2 or len(known_new) < LEAST_RECENT // 2:
        return 0.0, 0.0, 0.0, odd
    middle = float(np.median(known_old))
    shift = float(np.median(known_new)) - middle
    spread = 1.4826 * float(np.median(np.abs(known_old - middle))) + floor
    grid = np.sort(np.concatenate([known_old, known_new]))
    distance = np.abs(
        np.searchsorted(np.sort(known_old), grid, side="right") / len(known_old)
        - np.searchsorted(np.sort(known_new), grid, side="right") / len(known_new)
    ).max()
    low, high = np.quantile(known_old, [0.02, 0.98])
    odd[np.isfinite(new)] = (known_new < low - floor) | (known_new > high + floor)
    return shift, abs(shift) / spread, float(distance), odd


def _share(odd: Bools, among: Bools) -> float:
    return float(odd[among].mean()) if among.any() else 0.0


def _least_week(on: Floats, odd: Bools, among: Bools) -> float:
    """Return the share of odd rides in that week of the recent ones which has least."""
    newest = on.max()
    shares = []
    for week in range(RECENT_DAYS // WEEK):
        within = among & (on <= newest - WEEK * week) & (on > newest - WEEK * (week + 1))
        shares.append(_share(odd, within))
    return min(shares)


def _mean(values: Floats) -> float:
    known = _known(values)
    return float(known.mean()) if len(known) else 0.0


def _hours_apart(old: Floats, new: Floats) -> float:
    """Return how differently the rides lie in the day: 0 alike, 1 wholly."""
    bins = np.arange(0, 25, 3)
    share_old = np.histogram(old, bins)[0] / len(old)
    share_new = np.histogram(new, bins)[0] / len(new)
    return float(np.abs(share_old - share_new).sum() / 2)


def _trend(on: Floats, load: Floats) -> float:
    """Return what the load of earlier rides drifts by in four weeks."""
    known = np.isfinite(load)
    if known.sum() < LEAST_BEFORE // 2 or np.ptp(on[known]) < WEEK:
        return 0.0
    return float(np.polyfit(on[known], load[known], 1)[0] * 28)
