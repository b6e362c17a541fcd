"""Pure: lays out a ride as a drawing. Everything in user units of the SVG's view box."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from api.devices.schemas import Reading

WIDTH = 1_320
LEFT = 64
RIGHT = 12
_TOP = 22
_CURVE_HEIGHT = 110
_BAND_HEIGHT = 22
_SPACE = 26
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 3_600, 7_200, 14_400, 43_200, 86_400)


class Tick(NamedTuple):
    """A mark on an axis."""

    at: float
    label: str


class Curve(NamedTuple):
    """A quantity over time; ``lines`` are the points of polylines, broken where it is unknown."""

    name: str
    top: float
    bottom: float
    lines: list[str]
    ticks: list[Tick]


class Span(NamedTuple):
    """A stretch of time with one value."""

    x: float
    width: float
    value: str


class Band(NamedTuple):
    """A state over time."""

    name: str
    top: float
    spans: list[Span]


class Chart(NamedTuple):
    """The drawing."""

    width: int
    height: int
    left: int
    right: int
    curves: list[Curve]
    bands: list[Band]
    time_ticks: list[Tick]
    from_: datetime
    until: datetime


def draw(samples: Sequence[Reading], local: Callable[[datetime], datetime]) -> Chart | None:
    """Lay out ``samples`` (in order); None if there are too few to see anything.

    ``local`` turns a time into that of the reader's wall clock.
    """
    if len(samples) < 2 or samples[0].measured_at == samples[-1].measured_at:
        return None
    from_, until = samples[0].measured_at, samples[-1].measured_at
    scale = (WIDTH - LEFT - RIGHT) / (until - from_).total_seconds()

    def x(at: datetime) -> float:
        return round(LEFT + (at - from_).total_seconds() * scale, 1)

    y = _TOP
    curves = []
    for name, value in (
        ("position", lambda sample: _thousandth(sample.position_mm)),
        ("current", lambda sample: _thousandth(sample.current_ma)),
    ):
        curves.append(_curve(name, samples, x, value, y))
        y += _CURVE_HEIGHT + _SPACE
    bands = []
    for name, state in (
        ("seat", lambda sample: sample.seat),
        ("fault", lambda sample: sample.fault or next(iter(sample.contacts), "")),
        ("sos", lambda sample: "sos" if "sos" in sample.signals else ""),
    ):
        spans = _spans(samples, x, state)
        if spans:
            bands.append(Band(name, y, spans))
            y += _BAND_HEIGHT + _SPACE
    return Chart(
        width=WIDTH,
        height=y + 4,
        left=LEFT,
        right=WIDTH - RIGHT,
        curves=curves,
        bands=bands,
        time_ticks=_time_ticks(from_, until, x, local),
        from_=from_,
        until=until,
    )


def thin(samples: Sequence[Reading], most: int) -> Sequence[Reading]:
    """Return about ``most`` of ``samples``, and each one where seat, fault or contacts change."""
    step = max(1, len(samples) // most)
    return [
        sample
        for index, sample in enumerate(samples)
        if index % step == 0
        or index == len(samples) - 1
        or _situation(sample) != _situation(samples[index - 1])
    ]


def _situation(sample: Reading) -> tuple[object, ...]:
    return sample.seat, sample.fault, sample.contacts, sample.signals, sample.landing


def _thousandth(value: int | None) -> float | None:
    return None if value is None else value / 1_000


def _curve(
    name: str,
    samples: Sequence[Reading],
    x: Callable[[datetime], float],
    value: Callable[[Reading], float | None],
    top: float,
) -> Curve:
    points = [(x(sample.measured_at), value(sample)) for sample in samples]
    known = [found for _, found in points if found is not None]
    low, high = min(0.0, *known, 0.0), max(1.0, *known, 1.0)
    step = _nice((high - low) / 3)
    high = -(-high // step) * step
    low = low // step * step
    bottom = top + _CURVE_HEIGHT

    def y(found: float) -> float:
        return round(bottom - (found - low) / (high - low) * _CURVE_HEIGHT, 1)

    lines = [
        " ".join(f"{at},{y(found)}" for at, found in group if found is not None)
        for is_known, group in groupby(points, key=lambda point: point[1] is not None)
        if is_known
    ]
    count = round((high - low) / step)
    ticks = [Tick(y(low + step * each), f"{low + step * each:g}") for each in range(count + 1)]
    return Curve(name, top, bottom, lines, ticks)


def _nice(rough: float) -> float:
    """Return a round step at least as large as ``rough``."""
    size = 1.0
    while size > rough:
        size /= 10
    while size * 10 <= rough:
        size *= 10
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)


def _spans(
    samples: Sequence[Reading],
    x: Callable[[datetime], float],
    state: Callable[[Reading], str],
) -> list[Span]:
    spans = []
    index = 0
    for value, group in groupby(samples, key=state):
        length = len(list(group))
        start = x(samples[index].measured_at)
        index += length
        end = x(samples[min(index, len(samples) - 1)].measured_at)
        if value:
            spans.append(Span(start, max(2.0, round(end - start, 1)), value))
    return spans


def _time_ticks(
    from_: datetime,
    until: datetime,
    x: Callable[[datetime], float],
    local: Callable[[datetime], datetime],
) -> list[Tick]:
    length_s = (until - from_).total_seconds()
    step_s = next((step for step in _STEPS_S if length_s / step <= 8), _STEPS_S[-1])
    start = local(from_)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    passed_s = (start - midnight).total_seconds()
    at = from_ + timedelta(seconds=-passed_s % step_s)
    ticks = []
    while at <= until:
        written = local(at)
        ticks.append(Tick(x(at), f"{written:%H:%M:%S}" if step_s < 60 else f"{written:%H:%M}"))
        at += timedelta(seconds=step_s)
    return ticks
