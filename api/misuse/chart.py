"""Draws what an aid told, by day: for pages and documents, and the same in words. Pure."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from itertools import groupby
from typing import Final, NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal

from api.desk.languages import catalogue
from api.misuse import words

WIDTH: Final = 680
HEIGHT: Final = 176
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 26, 34
_TICKS: Final = 3
# What is counted or adds up begins at zero, and is drawn as bars.
BARS: Final = frozenset(
    {"rides", "empty_rides", "ride_minutes", "charging_h", "away_h", "openings", "edges"}
)
_INK, _FAINT, _GRID, _BAND = "#14202b", "#51606d", "#b8c3cc", "#f3e2c2"
_DATA: Final = "#0b5768"


class Texts(NamedTuple):
    """The words that a drawing needs, in the reader's language."""

    name: str
    since: str  # over the part from which the signal says that it has been so
    language: str


class Summary(NamedTuple):
    """A curve in three numbers and two: before, and since."""

    before: float | None
    since: float | None
    lowest: float
    highest: float


def svg(
    days: Sequence[date], values: Sequence[float | None], began: int, name: str, texts: Texts
) -> str:
    """Return a drawing, complete in itself: its colours are attributes, which pages may override.

    Args:
        days: in order, without a gap.
        values: one a day; None where nothing is known.
        began: the place of the day from which the signal says that it has been so.
        name: of the curve.
        texts: what is written into it.
    """
    known = [value for value in values if value is not None]
    low = 0.0 if name in BARS else min(known)
    high = max(*known, low)
    step = _nice((high - low or 1.0) / _TICKS)
    low, high = low // step * step, -(-high // step) * step
    high = high if high > low else low + step
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    wide = (right - _LEFT) / len(days)

    def x(place: float) -> float:
        return round(_LEFT + place * wide, 1)

    def y(value: float) -> float:
        return round(bottom - (value - low) / (high - low) * (bottom - _TOP), 1)

    band = x(began)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
            f' role="img" aria-label="{escape(described(days, values, began, texts))}"'
            ' font-family="Source Sans Pro, system-ui, sans-serif" font-size="12">'
        ),
        (
            f'<rect class="evidence-band" x="{band}" y="{_TOP}" width="{round(right - band, 1)}"'
            f' height="{bottom - _TOP}" fill="{_BAND}"/>'
        ),
        _text(_LEFT, _TOP - 10, texts.name, _INK, weight="bold"),
        _text(right - 18, _TOP - 10, texts.since, _FAINT, anchor="end"),
        (
            f'<rect class="evidence-band" x="{right - 12}" y="{_TOP - 20}" width="12" height="12"'
            f' fill="{_BAND}" stroke="{_FAINT}" stroke-width="0.7"/>'
        ),
    ]
    for number in range(round((high - low) / step) + 1):
        value = low + step * number
        parts.append(
            f'<line class="evidence-grid" x1="{_LEFT}" x2="{right}" y1="{y(value)}"'
            f' y2="{y(value)}" stroke="{_GRID}" stroke-width="0.7"/>'
        )
        label = format_decimal(round(value, 3), locale=texts.language)
        parts.append(_text(_LEFT - 6, y(value) + 4, label, _FAINT, anchor="end"))
    for place, day in _marks(days):
        label = format_date(day, "d MMM", locale=texts.language)
        parts.append(_text(x(place), bottom + 16, label, _FAINT))
    parts.extend(_bars(values, x, y, bottom, wide) if name in BARS else _lines(values, x, y))
    return "".join((*parts, "</svg>"))


def described(
    days: Sequence[date], values: Sequence[float | None], began: int, texts: Texts
) -> str:
    """Return what the drawing shows, in words, for those who do not see it."""
    found = summary(values, began)
    from_, until = (
        format_date(day, "d MMMM yyyy", locale=texts.language) for day in (days[0], days[-1])
    )
    before, since, low, high = (
        "-" if value is None else format_decimal(round(value, 2), locale=texts.language)
        for value in found
    )
    begins = format_date(days[began], "d MMMM yyyy", locale=texts.language)
    return str(catalogue(texts.language).gettext(words.DESCRIBED)) % {
        "name": texts.name,
        "first": from_,
        "last": until,
        "begins": begins,
        "before": before,
        "since": since,
        "low": low,
        "high": high,
    }


def summary(values: Sequence[float | None], began: int) -> Summary:
    """Return means before and since, and the extremes."""
    known = [value for value in values if value is not None]
    return Summary(_mean(values[:began]), _mean(values[began:]), min(known), max(known))


def weeks(days: Sequence[date], values: Sequence[float | None]) -> list[tuple[date, float | None]]:
    """Return the mean of each week, by its first day: the drawing as a table."""
    return [(days[at], _mean(values[at : at + 7])) for at in range(0, len(days), 7)]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _bars(
    values: Sequence[float | None],
    x: Callable[[float], float],
    y: Callable[[float], float],
    bottom: float,
    wide: float,
) -> list[str]:
    return [
        f'<rect class="evidence-bar" x="{x(place + 0.12)}" y="{y(value)}"'
        f' width="{round(wide * 0.76, 1)}" height="{round(bottom - y(value), 1)}"'
        f' fill="{_DATA}"/>'
        for place, value in enumerate(values)
        if value
    ]


def _lines(
    values: Sequence[float | None], x: Callable[[float], float], y: Callable[[float], float]
) -> list[str]:
    drawn, place = [], 0
    for unknown, group in groupby(values, key=lambda value: value is None):
        stretch = list(group)
        if not unknown:
            points = [
                f"{x(place + at + 0.5)},{y(value)}"
                for at, value in enumerate(stretch)
                if value is not None
            ]
            if len(points) == 1:  # a day alone would be no line
                cx, cy = points[0].split(",")
                drawn.append(
                    f'<circle class="evidence-dot" cx="{cx}" cy="{cy}" r="2" fill="{_DATA}"/>'
                )
            else:
                drawn.append(
                    f'<polyline class="evidence-line" points="{" ".join(points)}" fill="none"'
                    f' stroke="{_DATA}" stroke-width="1.8"/>'
                )
        place += len(stretch)
    return drawn


def _marks(days: Sequence[date]) -> list[tuple[int, date]]:
    step = max(1, len(days) // 6)
    return [(place, days[place]) for place in range(0, len(days), step)][:6]


def _text(
    x: float, y: float, text: str, ink: str, *, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text class="evidence-text" x="{x}" y="{y}" fill="{ink}" text-anchor="{anchor}"'
        f' font-weight="{weight}">{escape(text)}</text>'
    )


def _nice(rough: float) -> float:
    """Return a round step at least as large as ``rough``."""
    size = 1.0
    while size > rough:
        size /= 10
    while size * 10 <= rough:
        size *= 10
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
