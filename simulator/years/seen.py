"""Faults as a controller shows them, and conditions by day: what the modem reads off the life."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gateway.protocol.vocabulary import AidKind
from simulator.years.calendar import DAY_MS, HOUR_MS
from simulator.years.life import FaultSpell, Life
from simulator.years.power import charging_v, rest_v

NO_CHARGE_AFTER_MS = 60_000  # of ``ControllerParameters.no_charge_after_s``
Column = NDArray[Any]
WARNS_V = 1.5  # assumed: above the voltage at which it gives up
_EDGES = ("footrest_down_edge", "footrest_up_edge", "carriage_down_edge", "carriage_up_edge")


def shown_faults(life: Life) -> list[FaultSpell]:
    """Return all faults that the controller has a code for, in order of their beginning."""
    codes = life.aid.profile.codes
    spells = list(life.faults)
    if life.aid.kind is AidKind.STAIRLIFT:
        spells += _edges(life) + _turned(life) + _uncharged(life)
    spells += _power(life)
    end_ms = life.calendar.end_ms
    shown = [
        one
        for one in spells
        if (one.code in codes or one.maker_code) and life.calendar.midnight_ms[0] < one.from_ms
    ]
    shown = [one for one in shown if one.from_ms < end_ms - 60_000]
    return _apart(sorted(shown, key=lambda one: (one.from_ms, one.code)))


def _apart(spells: list[FaultSpell]) -> list[FaultSpell]:
    """Leave out what begins while the same code is still up."""
    up_until: dict[str, float] = {}
    result = []
    for one in spells:
        if one.from_ms <= up_until.get(one.code, -1.0):
            continue
        up_until[one.code] = float("inf") if one.until_ms is None else one.until_ms
        result.append(one)
    return result


def _ends_ms(life: Life) -> list[int]:
    rides = life.rides
    return (rides.at_ms + (rides.duration_s * 1000).astype(np.int64)).tolist()  # type: ignore[no-any-return]


def _edges(life: Life) -> list[FaultSpell]:
    """One short spell for each edge that tripped on the way."""
    rides, rng = life.rides, life.rng
    tripped = np.flatnonzero(rides.trips > 0)
    usual = _EDGES[life.aid.number % 4]  # each stairs has its own place
    found = []
    for number in tripped.tolist():
        for _ in range(min(int(rides.trips[number]), 5)):
            share = float(rng.uniform(0.15, 0.85))
            at_ms = int(rides.at_ms[number] + rides.duration_s[number] * 1000 * share)
            code = usual if rng.random() < 0.8 else _EDGES[int(rng.integers(4))]
            lasts_ms = int(rng.integers(800, 4_500))
            found.append(FaultSpell(code=code, from_ms=at_ms, until_ms=at_ms + lasts_ms))
    return found


def _turned(life: Life) -> list[FaultSpell]:
    """Getting off with the seat turned, at the top: quite normal."""
    if not life.aid.turns_seat or "seat_turned" not in life.aid.profile.codes:
        return []
    rides, rng = life.rides, life.rng
    seated = rides.up & (rides.load_kg > 0) & rides.landed
    ends = np.array(_ends_ms(life), dtype=np.int64)[seated]
    from_ms = ends + rng.integers(2_500, 6_000, len(ends))
    until_ms = from_ms + rng.integers(5_000, 20_000, len(ends))
    return [
        FaultSpell(code="seat_turned", from_ms=first, until_ms=last)
        for first, last in zip(from_ms.tolist(), until_ms.tolist(), strict=True)
    ]


def _uncharged(life: Life) -> list[FaultSpell]:
    """Parked without charging: beside the contacts, or because charger or mains are dead."""
    rides, days, calendar = life.rides, life.days, life.calendar
    found = []
    ends, starts = _ends_ms(life), [*rides.at_ms[1:].tolist(), calendar.end_ms]
    for number in np.flatnonzero(~life.charged).tolist():
        from_ms = ends[number] + NO_CHARGE_AFTER_MS
        if starts[number] > from_ms:
            found.append(FaultSpell(code="no_charge", from_ms=from_ms, until_ms=starts[number]))
    dead = (days.charger <= 0) | (days.mains < 0.5)
    began = np.flatnonzero(dead & ~np.append([False], dead[:-1]))
    for day in began.tolist():
        before = np.searchsorted(rides.at_ms, calendar.midnight_ms[day])
        if before and not life.charged[before - 1]:
            continue  # shown already
        from_ms = int(calendar.midnight_ms[day]) + NO_CHARGE_AFTER_MS
        until_ms = starts[before - 1] if before else starts[0]
        found.append(FaultSpell(code="no_charge", from_ms=from_ms, until_ms=max(until_ms, from_ms)))
    return found


def _power(life: Life) -> list[FaultSpell]:
    """Voltage too low under load, and currents too high."""
    rides, aid = life.rides, life.aid
    ends = _ends_ms(life)
    found = []
    for number in np.flatnonzero(rides.min_v <= aid.battery.cut_off_v).tolist():
        until_ms = ends[number] + HOUR_MS
        found.append(FaultSpell(code="battery_flat", from_ms=ends[number], until_ms=until_ms))
    sags = rides.min_v <= aid.battery.cut_off_v + WARNS_V
    low = (sags | (rides.after_v <= aid.battery.low_v)) & (rides.min_v > aid.battery.cut_off_v)
    for number in np.flatnonzero(low).tolist():
        until_ms = ends[number] + HOUR_MS // 2
        found.append(FaultSpell(code="battery_low", from_ms=ends[number], until_ms=until_ms))
    for number in np.flatnonzero(rides.peak_a >= aid.over_current_a).tolist():
        at_ms = ends[number] - 2_000
        found.append(FaultSpell(code="over_current", from_ms=at_ms, until_ms=at_ms + 5_000))
    return found


def conditions(life: Life) -> dict[str, list[object]]:
    """Return the columns of one ``Condition`` a day; a value that nobody can tell is None."""
    aid, days, rides, calendar = life.aid, life.days, life.rides, life.calendar
    span, profile = calendar.days, aid.profile
    wheels = aid.kind in (AidKind.SCOOTER, AidKind.WHEELCHAIR)
    fixed = aid.kind is AidKind.STAIRLIFT
    lengths = np.diff(calendar.midnight_ms)

    def per_day(values: Column) -> Column:
        return np.bincount(rides.day, weights=values, minlength=span)

    def all_days(known: bool) -> Column:  # noqa: FBT001 - what else would it be
        return np.full(span, known)

    def maybe(values: Column, known: Column) -> list[object]:
        mask = known.tolist()
        return [value if ok else None for value, ok in zip(values.tolist(), mask, strict=True)]

    step, rested = profile.battery_step_mv, ~np.isnan(life.rested)

    def millivolts(volts: Column) -> Column:
        return np.round(volts * 1000 / step).astype(np.int64) * step

    charging_ms = np.minimum(life.charging_ms, lengths)
    rested_v = rest_v(np.nan_to_num(life.rested)) - days.dropped_v
    lowest_v = np.maximum(rest_v(life.lowest) - days.dropped_v, 0)
    busy_s = rides.duration_s + rides.boarding_s + 5
    seat_ms = per_day(busy_s * (rides.load_kg >= 20) * 1000).astype(np.int64)
    away_ms = per_day(np.where(rides.away, rides.duration_s + 1_500, 0) * 1000)
    away_ms = np.where(days.gone, lengths, np.minimum(away_ms, 16 * HOUR_MS)).astype(np.int64)
    still_ms = (lengths - per_day(rides.duration_s * 1000)).astype(np.int64)
    # What has a plug in is on charge for the modem, though its charger be dead.
    fed_ms = np.maximum(charging_ms, life.plugged_ms) if wheels else charging_ms
    adrift_ms = np.where(still_ms - fed_ms > 120_000, still_ms - fed_ms, 0)
    # A stairlift's charger is always in its socket.
    mains_ms = (days.mains * lengths).astype(np.int64) if fixed else life.plugged_ms
    coldest = np.round(life.seen_c[0] * 10).astype(np.int64)
    warmest = np.round(life.seen_c[1] * 10).astype(np.int64)
    cycles = np.cumsum(per_day(np.ones(len(rides)))).astype(np.int64) + aid.number * 37 % 9_000
    odometer = np.cumsum(per_day(rides.distance_m)).astype(np.int64) + aid.number * 91 % 90_000
    return {
        "period_ms": np.minimum(lengths, 31 * DAY_MS).tolist(),
        "battery_rest_mv": maybe(millivolts(rested_v), rested),
        "battery_min_mv": maybe(millivolts(lowest_v), still_ms - charging_ms > 120_000),
        "battery_max_mv": maybe(
            millivolts(charging_v(life.charge, days.charger_v)), charging_ms > 0
        ),
        "charging_ms": charging_ms.tolist(),
        "mains_ms": np.minimum(mains_ms, lengths).tolist(),
        "off_charge_ms": adrift_ms.tolist(),
        "seat_ms": maybe(np.minimum(seat_ms, lengths), all_days(profile.seat)),
        "away_ms": maybe(away_ms, all_days(wheels)),
        "cell": maybe(
            np.array([_cell(aid.postcode4, place) for place in days.cell]), all_days(wheels)
        ),
        "temperature_min_dc": coldest.clip(-600, 1_500).tolist(),
        "temperature_max_dc": warmest.clip(-600, 1_500).tolist(),
        "restarts": days.restarts.tolist(),
        "openings": days.openings.tolist(),
        "trips": per_day(rides.trips).astype(np.int64).tolist(),
        "cycles": maybe(cycles, all_days(profile.counters)),
        "odometer_m": maybe(odometer, all_days(profile.counters and aid.kind is not AidKind.HOIST)),
        "parameters": [
            f"{aid.number:06x}{value:02x}" if profile.digest else "" for value in days.settings
        ],
        "hardware": [
            f"{profile.maker}-{aid.number:06d}-{value}" if profile.digest else ""
            for value in days.board
        ],
        "signal_dbm": np.round(days.signal_dbm).clip(-200, 0).astype(np.int64).tolist(),
    }


_BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"


def _cell(postcode4: int, place: int) -> str:
    """Return a geohash of five characters: one for each postcode and place; u17 is in Holland."""
    number = (postcode4 * 7 + int(place) * 389) % 1_024
    return "u17" + _BASE32[number // 32] + _BASE32[number % 32]
