"""From a life to what its modem said: numbered messages, presence, and when each was received."""

from collections.abc import Iterator
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Presence,
    Sample,
    Upward,
    Usage,
)
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import (
    AidKind,
    CallPhase,
    CallReason,
    Demand,
    Direction,
    Edge,
    Landing,
    LoadClass,
    Mode,
    Seat,
    Signals,
)
from gateway.watch.settings import RideSettings
from simulator.said import Said
from simulator.years.calendar import DAY_MS, HOUR_MS
from simulator.years.life import Ints, Life, Outage
from simulator.years.line import KEEP_ALIVE_MS, delays_ms, device_ms, merged
from simulator.years.seen import conditions, shown_faults

TEST_EVERY_MS = 72 * HOUR_MS
BOOTED_MS = 60_000  # assumed: from power to the first words
BACKLOG_MS = 40  # between two messages of a backlog
SETTLE_MS = RideSettings().settle_ms


Column = NDArray[Any]


class _Drafts(NamedTuple):
    """Numbered messages that still lack number and time: columns by kind."""

    true_ms: Ints
    kind: Kind
    columns: dict[str, list[Any]]


def tell(life: Life) -> list[Said]:
    """Return all messages of one aid, in order of reception."""
    outages = connection_losses(life)
    drafts = [_usages(life), _conditions(life), *_edges(life), _tests(life, outages)]
    start_ms = int(life.calendar.midnight_ms[0])
    starts = np.array(
        [start_ms - 1, *(one.until_ms for one in outages if not one.on)], dtype=np.int64
    )
    numbered = _numbered(life, drafts, outages, starts)
    said = [*_presences(life, numbered.true_ms, outages, starts), *numbered.said]
    # Presence comes first where both came at once: the sort is stable.
    said.sort(key=lambda one: one.received_ms)
    return said


def _outbox(life: Life) -> str:
    """Return the name of the modem's outbox; none is ever lost here."""
    return f"{life.aid.number:032x}"


def connection_losses(life: Life) -> list[Outage]:
    """Return outages in order, days switched off among them."""
    days, calendar = life.days, life.calendar
    off = np.flatnonzero(~days.on)
    spells = [
        Outage(
            from_ms=int(calendar.midnight_ms[day]),
            until_ms=int(calendar.midnight_ms[day + 1]),
            on=False,
        )
        for day in off.tolist()
    ]
    restarts = [
        Outage(from_ms=at_ms, until_ms=at_ms + 45_000, on=False)
        for day in np.flatnonzero(days.restarts).tolist()
        if days.on[day]
        for at_ms in (life.moment(day, 3.0 + (life.aid.number + day) % 18),)
    ]
    return merged([*life.outages, *spells, *restarts])


class _Numbered(NamedTuple):
    true_ms: Ints
    said: list[Said]


def _numbered(life: Life, drafts: list[_Drafts], outages: list[Outage], starts: Ints) -> _Numbered:
    """Give each message its number, its device time and its time of reception."""
    aid, calendar, rng = life.aid, life.calendar, life.rng
    true_ms = np.concatenate([one.true_ms for one in drafts])
    which = np.concatenate([np.full(len(one.true_ms), n) for n, one in enumerate(drafts)])
    row = np.concatenate([np.arange(len(one.true_ms)) for one in drafts])
    speaks = life.days.speaks[calendar.day_of(true_ms)] & (true_ms < calendar.end_ms)
    alive = np.ones(len(true_ms), dtype=bool)
    lines = np.array([(one.from_ms, one.until_ms, one.on) for one in outages], dtype=np.int64)
    lines = lines.reshape(-1, 3)
    place = np.searchsorted(lines[:, 0], true_ms, side="right") - 1
    cut = (place >= 0) & (true_ms < lines[np.maximum(place, 0), 1] if len(lines) else False)
    if len(lines):
        alive = ~(cut & (lines[np.maximum(place, 0), 2] == 0))
    kept = np.flatnonzero(speaks & alive)
    kept = kept[np.argsort(true_ms[kept], kind="stable")]
    true_ms, which, row = true_ms[kept], which[kept], row[kept]
    cut, place = cut[kept], place[kept]
    received = true_ms + delays_ms(aid.line, len(true_ms), rng)
    if len(lines):
        back_ms = lines[np.maximum(place, 0), 1]
        first = np.searchsorted(true_ms, lines[np.maximum(place, 0), 0])
        queued = back_ms + 2_000 + BACKLOG_MS * (np.arange(len(true_ms)) - first)
        # Under way when the line broke: sent again when it is back.
        received = np.where(cut, queued, received)
        gone = cut & (back_ms >= calendar.end_ms)
    else:
        gone = np.zeros(len(true_ms), dtype=bool)
    shown = device_ms(aid, true_ms, start_ms=int(calendar.midnight_ms[0]), starts_ms=starts)
    made: list[Said | None] = [None] * len(true_ms)
    for number, draft in enumerate(drafts):
        mine = np.flatnonzero(which == number)
        messages = _made(
            draft,
            row[mine],
            device=aid.device,
            outbox=_outbox(life),
            seq=(mine + 1).tolist(),
            time_ms=shown[mine].tolist(),
        )
        for position, at_ms, message in zip(
            mine.tolist(), received[mine].tolist(), messages, strict=True
        ):
            made[position] = Said(at_ms, aid.device, draft.kind, message)
    said = [
        one for one, lost in zip(made, gone.tolist(), strict=True) if one is not None and not lost
    ]
    return _Numbered(true_ms, said)


_TYPES: dict[Kind, Any] = {
    Kind.USAGE: Usage,
    Kind.CONDITION: Condition,
    Kind.FAULT: FaultEdge,
    Kind.CALL: Call,
}


def _made(
    draft: _Drafts, rows: Ints, *, device: str, outbox: str, seq: list[int], time_ms: list[int]
) -> Iterator[Upward]:
    make = _TYPES[draft.kind]
    names = tuple(draft.columns)
    picked = [[column[one] for one in rows.tolist()] for column in draft.columns.values()]
    for number, at_ms, *values in zip(seq, time_ms, *picked, strict=True):
        more = dict(zip(names, values, strict=True))
        yield make(device=device, outbox=outbox, seq=number, time_ms=at_ms, **more)


def _usages(life: Life) -> _Drafts:
    aid, rides, rng = life.aid, life.rides, life.rng
    profile, count = aid.profile, len(life.rides)
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    gain = aid.gain * (1 + rng.normal(0, aid.ripple / 3, count))
    nothing: list[Any] = [None] * count
    step = profile.battery_step_mv

    def millivolts(volts: Column) -> list[Any]:
        return (np.round(volts * 1000 / step).astype(np.int64).clip(0) * step).tolist()  # type: ignore[no-any-return]

    def whole(values: Column) -> list[Any]:
        return np.round(values).astype(np.int64).tolist()  # type: ignore[no-any-return]

    mean_ma = rides.mean_a * gain * 1000
    seats = rides.seat_seen if profile.seat else np.full(count, int(Seat.UNKNOWN))
    start, end = _landings(life)
    lift = aid.kind is AidKind.STAIRLIFT
    parts: list[Any] = [()] * count
    if profile.current and profile.position and lift:
        parts = _parts(rides.profile_a * gain[:, None] * 1000)
    wheels = aid.kind in (AidKind.SCOOTER, AidKind.WHEELCHAIR)
    # Of a hoist: how long somebody hung in it before he was let down.
    boarded = (seats == int(Seat.OCCUPIED)) & ~(rides.up & (aid.kind is AidKind.HOIST))
    columns: dict[str, list[Any]] = {
        "duration_ms": (rides.duration_s * 1000).astype(np.int64).clip(0, DAY_MS).tolist(),
        "distance_mm": whole((rides.distance_m * 1000).clip(0, 10_000_000))
        if profile.position or wheels
        else [0] * count,
        "direction": [Direction.UP if up else Direction.DOWN for up in rides.up.tolist()],
        "start_landing": start,
        "end_landing": end,
        "mean_current_ma": whole(mean_ma) if profile.current else nothing,
        "peak_current_ma": whole(rides.peak_a * gain * 1000) if profile.current else nothing,
        "load_class": _classes(life, mean_ma, seats),
        "seat": [_SEATS[value] for value in seats.tolist()],
        "stops": rides.stops.tolist(),
        "battery_before_mv": millivolts(rides.before_v),
        "battery_after_mv": millivolts(rides.after_v),
        "min_battery_mv": millivolts(rides.min_v),
        "max_speed_mm_s": whole(rides.max_speed_mm_s) if profile.position or wheels else nothing,
        "max_incline_deg": whole(rides.incline_deg.clip(0, 90)) if wheels else nothing,
        "load_kg": whole((rides.load_kg + rng.normal(0, 0.7, count)).clip(0, 1_000))
        if profile.weighs
        else nothing,
        "boarding_ms": [
            round(seconds * 1000) if known else None
            for seconds, known in zip(
                rides.boarding_s.clip(0, 86_000).tolist(),
                boarded.tolist(),
                strict=True,
            )
        ],
        "presses": rides.presses.tolist(),
        "trips": rides.trips.tolist(),
        "away": rides.away.tolist() if wheels else nothing,
        "profile_ma": parts,
    }
    return _Drafts(ends_ms + SETTLE_MS, Kind.USAGE, columns)


_SEATS = {int(one): one for one in Seat}


def _landings(life: Life) -> tuple[list[Landing], list[Landing]]:
    rides, count = life.rides, len(life.rides)
    if not life.aid.at_landings or not life.aid.profile.landings:
        return [Landing.UNKNOWN] * count, [Landing.UNKNOWN] * count
    ends = {True: Landing.TOP, False: Landing.BOTTOM}
    goal = [ends[up] for up in rides.up.tolist()]
    from_there = [ends[not up] for up in rides.up.tolist()]
    back = rides.landed.tolist()
    return from_there, [
        there if landed else here
        for there, here, landed in zip(goal, from_there, back, strict=True)
    ]


def _parts(milliamperes: Column) -> list[Any]:
    whole = np.nan_to_num(milliamperes, nan=-1e6).round().astype(np.int64)
    if (whole > -1_000_000).all():
        return [tuple(row) for row in whole.tolist()]
    return [
        tuple(None if value <= -1_000_000 else value for value in row) for row in whole.tolist()
    ]


def _classes(life: Life, mean_ma: Column, seats: Column) -> list[LoadClass]:
    """Return what the watch says, by ``RideSettings``."""
    count, settings = len(life.rides), RideSettings()
    if life.aid.kind is not AidKind.STAIRLIFT:
        return [LoadClass.UNKNOWN] * count
    found = np.full(count, 2)
    found[mean_ma > settings.heavy_above_ma] = 3
    found[(mean_ma < settings.empty_below_ma) & (seats == int(Seat.UNKNOWN))] = 1
    if not life.aid.profile.current:
        found[:] = 0
    found[~life.rides.up] = 0
    found[seats == int(Seat.EMPTY)] = 1
    names = (LoadClass.UNKNOWN, LoadClass.EMPTY, LoadClass.NORMAL, LoadClass.HEAVY)
    return [names[value] for value in found.tolist()]


def _conditions(life: Life) -> _Drafts:
    ready = life.calendar.midnight_ms[1:] - 60_000 * (1 + life.aid.number % 50)
    return _Drafts(ready.astype(np.int64), Kind.CONDITION, conditions(life))


def _edges(life: Life) -> list[_Drafts]:
    moments: list[int] = []
    columns: dict[str, list[Any]] = {"code": [], "edge": [], "sample": [], "maker_code": []}
    end_ms = life.calendar.end_ms
    samples: dict[tuple[str, bool], Sample] = {}
    for spell in shown_faults(life):
        for at_ms, edge in ((spell.from_ms, Edge.RAISED), (spell.until_ms, Edge.CLEARED)):
            if at_ms is None or at_ms >= end_ms:
                continue
            moments.append(at_ms)
            columns["code"].append(spell.code)
            columns["edge"].append(edge)
            shown = spell.code if edge is Edge.RAISED else ""
            if (shown, spell.service) not in samples:
                sample = _sample(life, shown, service=spell.service)
                samples[shown, spell.service] = sample
            columns["sample"].append(samples[shown, spell.service])
            maker_code = spell.maker_code or life.aid.profile.codes.get(spell.code, "")
            columns["maker_code"].append(maker_code)
    return [_Drafts(np.array(moments, dtype=np.int64), Kind.FAULT, columns)]


def _sample(life: Life, fault: str = "", *, service: bool = False) -> Sample:
    """Return the situation: parked, as a rule; ``service``: with the mechanic's key."""
    profile = life.aid.profile
    return Sample(
        offset_ms=0,
        position_mm=0 if profile.position and life.aid.at_landings else None,
        speed_mm_s=0 if profile.position else None,
        current_ma=40 if profile.current else None,
        battery_mv=26_000,
        seat=Seat.EMPTY if profile.seat else Seat.UNKNOWN,
        demand=Demand.NONE,
        mode=Mode.SERVICE if service else Mode.NORMAL,
        landing=Landing.BOTTOM if life.aid.at_landings and profile.landings else Landing.UNKNOWN,
        signals=int(Signals.MAINS),
        fault=fault or None,
    )


def _tests(life: Life, outages: list[Outage]) -> _Drafts:
    """A test call 72 hours after the last; a modem that is off makes it when it is on again."""
    calendar, rng = life.calendar, life.rng
    start_ms, end_ms = int(calendar.midnight_ms[0]), calendar.end_ms
    off = [one for one in outages if not one.on]
    made: list[int] = []
    at_ms = start_ms + int(rng.integers(60_000, TEST_EVERY_MS))
    while at_ms < end_ms:
        while off and off[0].until_ms <= at_ms:
            del off[0]
        if off and off[0].from_ms <= at_ms:
            at_ms = off[0].until_ms + BOOTED_MS
        made.append(at_ms)
        at_ms += TEST_EVERY_MS
    moments = np.array([one for one in made if one < end_ms], dtype=np.int64)
    works = life.days.tests[calendar.day_of(moments)]
    moments = moments[works]
    count = len(moments)
    starts = np.array([start_ms], dtype=np.int64)
    shown = device_ms(life.aid, moments, start_ms=start_ms, starts_ms=starts)
    ids = [f"{a:016x}{b:016x}" for a, b in rng.integers(2**63, size=(count, 2)).tolist()]
    sample = _sample(life)
    return _Drafts(
        moments,
        Kind.CALL,
        {
            "call_id": ids,
            "reason": list(repeat(str(CallReason.TEST), count)),
            "phase": list(repeat(CallPhase.RAISED, count)),
            "since_ms": shown.tolist(),
            "sample": list(repeat(sample, count)),
        },
    )


def _presences(life: Life, true_ms: Ints, outages: list[Outage], starts: Ints) -> Iterator[Said]:
    """Tell each connection and each loss that the broker noticed."""
    aid, calendar = life.aid, life.calendar
    start_ms, end_ms = int(calendar.midnight_ms[0]), calendar.end_ms
    connected = [(start_ms, False), *((one.until_ms, one.service) for one in outages)]
    at = np.array([moment for moment, _ in connected], dtype=np.int64)
    shown = device_ms(aid, at, start_ms=start_ms, starts_ms=starts).tolist()
    heads = np.searchsorted(true_ms, at, side="right").tolist()
    for number, (moment, by_mechanic) in enumerate(connected):
        if moment >= end_ms:
            break
        online = Presence(
            device=aid.device,
            session=number + 1,
            online=True,
            time_ms=max(int(shown[number]), 0),
            reason="connected",
            outbox=_outbox(life),
            head_seq=int(heads[number]),
            sample=_sample(life, service=by_mechanic),
            firmware="years",
        )
        yield Said(int(moment) + 1_500, aid.device, Kind.PRESENCE, online)
        if number < len(outages):
            lost = outages[number]
            told_ms = lost.from_ms + KEEP_ALIVE_MS
            if told_ms < min(lost.until_ms, end_ms):
                will = Presence(
                    device=aid.device,
                    session=number + 1,
                    online=False,
                    time_ms=online.time_ms,
                    reason="lost",
                )
                yield Said(told_ms, aid.device, Kind.PRESENCE, will)
