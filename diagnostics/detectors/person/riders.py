"""Two riders: loads, or ways of getting on, of two kinds that alternate week after week.

What weighs otherwise goes there and comes back: a person does, luggage seldom. One who was ill,
dressed warmly or drives less well than before is one kind of ride that moved, not two.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from diagnostics.detectors.habits.load import PER_DEGREE, WHEELS
from diagnostics.detectors.person.memory import PersonDay
from diagnostics.detectors.person.windows import FIRST_DAYS
from diagnostics.models.features import Bools, Floats
from gateway.protocol.vocabulary import Seat

RECENT_DAYS: Final = 35
GAP_DAYS: Final = 7
BEFORE_DAYS: Final = 84
LEAST_BEFORE_DAYS: Final = 28
WEEK: Final = 7


class Parameters(Struct, frozen=True, kw_only=True):
    """How far apart two riders are; why stands in docs/detectors/person.md.

    All distances are logarithms: 0.065 is 6.7 percent.

    Attributes:
        up: on a rail or lifting, power differs by so much…
        down: …and by so much the other way, where less of it is for the load…
        down_most: …by no more than this part of ``up``: a gain or a weak battery shows alike…
        weighed: …or what a scale weighs, by so much…
        spreads: …and by so many spreads of what is usual.
        near: what is no farther from the usual than this part of that is the usual rider.
        between: rides that are neither, as a part of the other rider's: one kind that strays.
        share: of the rides, each way…
        rides: …at least so many, each way…
        lopsided: …and one way no more than so many times the share of the other.
        usual: share of rides, each way, that go on as ever.
        week_rides, week_share: of each rider, that make a week in which both rode…
        weeks: …of which so many are needed, of five.
        before: of the share now, at most so much before: who always rode is no stranger.
        lighter: less than this is no person any more, but a load or an empty seat.
        least_kg: likewise, where it is weighed.
        empty: so near to what empty rides take it is an empty seat, whatever its sensor says.
        instead: where nearly all rides are of another load: so far off, weighed or not…
        instead_weighed: likewise…
        instead_share: …on so many of the rides, and ``instead_usual`` as ever at most…
        instead_boarding: …by somebody who takes so much less time to get on.
        boarding, boarding_spreads: getting on takes so much longer, or less…
        boarding_share: …on so many rides, of both at least ``boarding_rides``…
        boarding_load: …and the load of these differs by so much from the others' of the same weeks…
        boarding_errors: …and so many standard errors.
        slow_load: who is heavier and slower may carry something: then by so much.
    """

    up: float = 0.065
    down: float = 0.03
    down_most: float = 0.85
    weighed: float = 0.13
    spreads: float = 5.0
    near: float = 0.7
    between: float = 0.35
    share: float = 0.12
    rides: int = 6
    lopsided: float = 2.5
    usual: float = 0.15
    week_rides: int = 3
    week_share: float = 0.08
    weeks: int = 4
    before: float = 0.3
    lighter: float = 0.33
    least_kg: int = 30
    empty: float = 0.15
    instead: float = 0.09
    instead_weighed: float = 0.15
    instead_share: float = 0.8
    instead_usual: float = 0.1
    instead_boarding: float = 0.3
    boarding: float = 0.4
    boarding_spreads: float = 3.0
    boarding_share: float = 0.15
    boarding_rides: int = 8
    boarding_load: float = 0.04
    boarding_errors: float = 3.5
    slow_load: float = 0.1


class Second(NamedTuple):
    """Another rider than the usual one.

    Attributes:
        code: by what: ``second_load`` beside the usual one, ``other_load`` instead of it, or
            ``second_boarding``.
        share: of the recent rides.
        shift: of the load, a logarithm.
        weeks: in which both rode, of five; 0 where the usual one rides no more.
    """

    code: str
    share: float
    shift: float
    weeks: int


class _Columns(NamedTuple):
    on: Floats
    load: Floats  # logarithm; NaN: unknown
    up: Bools
    occupied: Bools  # or nobody knows
    boarding: Floats  # logarithm
    slopes: Floats  # of wheels: what else the load depends on, a row a ride
    weighed: bool
    recent: Bools
    before: Bools
    first: Bools


class _Side(NamedTuple):
    """One way of a rail or hoist, towards heavier or lighter."""

    other: Bools
    usual: Bools
    between: Bools
    rides: int
    before: float  # share of such rides earlier
    shift: float
    spread: float


def second_rider(
    days: Sequence[PersonDay], end: int, kind: str, limits: Parameters
) -> Second | None:
    """Return who rides as well, or instead, by the five weeks up to day ``end``. None: nobody."""
    columns = _columns(days, end, wheels=kind in WHEELS)
    if columns is None:
        return None
    if kind not in WHEELS:
        found = _by_load(columns, end, limits)
        if found is not None:
            return found
    # How long somebody hangs in a hoist is up to who lifts.
    return None if kind == "hoist" else _by_boarding(columns, end, limits, wheels=kind in WHEELS)


def _columns(days: Sequence[PersonDay], end: int, *, wheels: bool) -> _Columns | None:
    rides = [(day.on, *ride) for day in days if day.on <= end for ride in day.rides]
    if not rides:
        return None
    table = np.array(rides, dtype=float)
    on, _, _, up, seat, load, boarding, _, weighed, volts, degrees, speed = table.T
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.log(np.where(load > 0, load, np.nan))
        # At the same power a weak battery gives more current.
        known += np.where((volts > 0) & (weighed == 0), np.log(np.maximum(volts, 1) / 250), 0.0)
        if wheels:
            known += np.log(1 + PER_DEGREE * np.maximum(degrees, 0))
        boards = np.log(np.where(boarding >= 0, np.maximum(boarding, 1.0), np.nan))
    before_until = end - RECENT_DAYS - GAP_DAYS
    slopes = np.column_stack(
        [np.ones(len(on)), np.maximum(degrees, 0), np.log(np.maximum(speed, 1))]
    )
    return _Columns(
        on=on,
        load=known,
        up=up > 0,
        occupied=seat != int(Seat.EMPTY),
        boarding=boards,
        slopes=slopes,
        weighed=bool((weighed > 0).any()),
        recent=on > end - RECENT_DAYS,
        before=(on <= before_until) & (on > before_until - BEFORE_DAYS),
        first=(on <= before_until) & (on < days[0].on + FIRST_DAYS),
    )


def _by_load(columns: _Columns, end: int, limits: Parameters) -> Second | None:
    """Find two loads that alternate, there and back; or another one than ever before."""
    ways = [
        [_side(columns, up=up, sign=sign, limits=limits) for up in (True, False)]
        for sign in (1, -1)
    ]
    empty = _empty(columns)
    for up, down in ways:
        if up is None or down is None:
            continue
        shares = [side.other.sum() / side.rides for side in (up, down)]
        if (
            min(shares) < limits.share
            or max(shares) > limits.lopsided * min(shares)
            or min(up.other.sum(), down.other.sum()) < limits.rides
            or up.before > limits.before * shares[0]
            or down.before > limits.before * shares[1]
        ):
            continue
        if not columns.weighed and abs(down.shift) > limits.down_most * abs(up.shift):
            continue
        middle = float(np.median(columns.load[up.other]))
        if empty is not None and abs(middle - empty) < limits.empty:
            continue
        share = float(sum(side.other.sum() for side in (up, down)) / (up.rides + down.rides))
        weeks = _weeks(columns, up.other | down.other, up.usual | down.usual, end, limits)
        if (
            weeks >= limits.weeks
            and up.usual.sum() >= limits.usual * up.rides
            and down.usual.sum() >= limits.usual * down.rides
            and up.between.sum() <= limits.between * up.other.sum()
            and down.between.sum() <= limits.between * down.other.sum()
        ):
            return Second("second_load", share, up.shift, weeks)
        if _instead(columns, up, down, shares, limits):
            return Second("other_load", share, up.shift, 0)
    return None


def _side(columns: _Columns, *, up: bool, sign: int, limits: Parameters) -> _Side | None:
    load = columns.load
    way = columns.occupied & np.isfinite(load) & (columns.up == up)
    old, new = load[way & columns.before], load[way & columns.recent]
    if len(old) < 12 or len(new) < 10:
        return None
    if np.ptp(columns.on[way & columns.before]) < LEAST_BEFORE_DAYS:
        return None
    usual = float(np.median(old))
    spread = max(_spread(old), 0.004)
    apart = limits.weighed if columns.weighed else limits.up if up else limits.down
    apart = max(apart, limits.spreads * spread)
    near = apart * limits.near
    # Who is the client may have grown a little heavier, in a coat or by and by.
    around = new[np.abs(new - usual) <= near]
    now = float(np.median(around)) if len(around) >= 4 else usual
    off = sign * (load - now)
    person = (
        load > np.log(10 * limits.least_kg)
        if columns.weighed
        else load > now - limits.lighter  # lighter than that is nobody
    )
    other = way & columns.recent & (off > apart) & person
    early = load[way & columns.first]
    return _Side(
        other=other,
        usual=way & columns.recent & (np.abs(load - now) <= near),
        between=way & columns.recent & (off > near) & (off <= apart),
        rides=len(new),
        before=max(
            float((sign * (values - usual) > apart).mean()) if len(values) >= 12 else 0.0
            for values in (old, early)
        ),
        shift=float(np.median(load[other])) - usual if other.any() else 0.0,
        spread=spread,
    )


def _instead(
    columns: _Columns, up: _Side, down: _Side, shares: Sequence[float], limits: Parameters
) -> bool:
    """Tell whether nearly all rides are somebody else's, who also gets on otherwise."""
    usual = (up.usual.sum() + down.usual.sum()) / (up.rides + down.rides)
    least = limits.instead_weighed if columns.weighed else limits.instead
    if (
        usual > limits.instead_usual
        or min(shares) < limits.instead_share
        or abs(up.shift) < least
        or _spread(columns.load[up.other]) > max(0.03, 2.5 * up.spread)
    ):
        return False
    known = columns.occupied & np.isfinite(columns.boarding)
    old, new = columns.boarding[known & columns.before], columns.boarding[known & columns.recent]
    if min(len(old), len(new)) < 10:
        return False
    # Who is slower than the client was may be the client, ill or after an operation.
    return float(np.median(old) - np.median(new)) >= limits.instead_boarding


def _by_boarding(columns: _Columns, end: int, limits: Parameters, *, wheels: bool) -> Second | None:
    """Find two ways of getting on that alternate, each with a load of its own."""
    boards = columns.boarding
    known = columns.occupied & np.isfinite(boards)
    old, new = boards[known & columns.before], boards[known & columns.recent]
    if len(old) < 16 or len(new) < 12:
        return None
    if np.ptp(columns.on[known & columns.before]) < LEAST_BEFORE_DAYS:
        return None
    load = _on_the_flat(columns) if wheels else columns.load
    middle = float(np.median(old))
    apart = max(limits.boarding, limits.boarding_spreads * max(_spread(old), 0.08))
    around = new[np.abs(new - middle) < apart]
    now = float(np.median(around)) if len(around) >= 6 else middle
    early = boards[known & columns.first]
    ways = [np.ones(len(boards), dtype=bool)] if wheels else [columns.up, ~columns.up]
    usually = load[known & columns.recent & np.isfinite(load)]
    if not len(usually):
        return None
    lightest = float(np.median(usually)) - limits.lighter
    empty = None if wheels else _empty(columns)
    lightest = lightest if empty is None else max(lightest, empty + limits.empty)
    for sign in (1, -1):
        other = known & columns.recent & (sign * (boards - now) > apart)
        usual = known & columns.recent & (np.abs(boards - now) <= 0.8 * apart)
        share = float(other.sum() / len(new))
        earlier = max(
            float((sign * (values - middle) > apart).mean()) if len(values) >= 12 else 0.0
            for values in (old, early)
        )
        if (
            share < limits.boarding_share
            or earlier > limits.before * share
            or min(other.sum(), usual.sum()) < limits.boarding_rides
        ):
            continue
        weeks = _weeks(columns, other, usual, end, limits, least=1)
        if weeks < limits.weeks:
            continue
        shifts = [*_apart(load, other, usual, ways, lightest)]
        least = min((abs(shift) for shift, _ in shifts), default=0.0)
        heavier = bool(shifts) and shifts[0][0] > 0
        if (
            least >= (limits.slow_load if heavier and sign > 0 else limits.boarding_load)
            and len({shift > 0 for shift, _ in shifts}) == 1
            and all(errors >= limits.boarding_errors for _, errors in shifts)
        ):
            return Second("second_boarding", share, shifts[0][0], weeks)
    return None


def _apart(
    load: Floats, other: Bools, usual: Bools, ways: Sequence[Bools], least: float
) -> Iterator[tuple[float, float]]:
    """Yield by how much loads differ each way: the logarithm, and in standard errors.

    What is lighter than ``least`` is nobody: nought.
    """
    for way in ways:
        one, two = (load[side & way & np.isfinite(load)] for side in (other, usual))
        if min(len(one), len(two)) < 6:
            continue
        shift = float(one.mean() - two.mean())
        error = float(np.sqrt(one.var() / len(one) + two.var() / len(two)))
        nobody = shift < 0 and float(np.median(one)) < least
        yield (0.0, 0.0) if nobody else (shift, abs(shift) / max(error, 1e-3))


def _empty(columns: _Columns) -> float | None:
    """Return what empty rides upwards take of late; None: there were none."""
    empty = columns.load[~columns.occupied & columns.up & columns.recent]
    empty = empty[np.isfinite(empty)]
    return float(np.median(empty)) if len(empty) else None


def _on_the_flat(columns: _Columns) -> Floats:
    """Return what pushes without what slope and speed explain, as they did before."""
    known = np.isfinite(columns.load)
    learnt = known & columns.before
    if learnt.sum() < 30:
        return columns.load
    weights, *_ = np.linalg.lstsq(columns.slopes[learnt], columns.load[learnt], rcond=None)
    flat: Floats = np.where(known, columns.load - columns.slopes @ weights, np.nan)
    return flat


def _weeks(
    columns: _Columns,
    other: Bools,
    usual: Bools,
    end: int,
    limits: Parameters,
    *,
    least: int | None = None,
) -> int:
    """Return in how many of the recent weeks both rode."""
    found = 0
    for week in range(RECENT_DAYS // WEEK):
        within = (columns.on <= end - WEEK * week) & (columns.on > end - WEEK * (week + 1))
        needed = (
            max(limits.week_rides, limits.week_share * (within & columns.occupied).sum())
            if least is None
            else least
        )
        enough = limits.week_rides if least is None else least
        found += bool((other & within).sum() >= needed and (usual & within).sum() >= enough)
    return found


def _spread(values: NDArray[np.float64]) -> float:
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))
