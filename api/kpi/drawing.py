"""Draws figures as SVG that pages and documents share: no style sheet, text beside it. Pure.

Colours are those of the documents; on every line and bar there is also a shape or a number, so that
nothing is said by colour alone.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import Final, NamedTuple

WIDTH: Final = 560
HEIGHT: Final = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 34, 30
_INK: Final = "#14202b"
_FAINT: Final = "#51606d"
_LINE: Final = "#b8c3cc"
_BAR: Final = "#2a6f97"
_SECOND: Final = "#8a4b08"
_FONT: Final = "Source Sans Pro, sans-serif"


class Point(NamedTuple):
    """One period: its name and share, 0 to 1; None: nothing is decided."""

    name: str
    share: float | None
    text: str = ""


def trend(
    points: Sequence[Point],
    asked: float | None,
    *,
    text: str,
    asked_text: str = "",
    ahead: tuple[float, float] | None = None,
) -> str:
    """Return shares over time as a line, the target dashed, and the forecast as a bracket.

    Args:
        points: oldest first.
        asked: the target.
        text: what is to be seen, for those who do not see it.
        asked_text: beside the target's line.
        ahead: lowest and highest share at the end of the last period.
    """
    shares = [point.share for point in points if point.share is not None]
    low = min([*shares, *(ahead or ()), *([asked] if asked else []), 0.9], default=0.0)
    floor = max(0.0, int(low * 10 - 0.5) / 10)
    wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def x(index: int) -> float:
        return round(_LEFT + wide * (index + 0.5) / max(1, len(points)), 1)

    def y(share: float) -> float:
        return round(_TOP + high * (1 - (share - floor) / (1 - floor)), 1)

    parts = [_axis(floor, y)]
    if asked is not None:
        parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(asked)}" y2="{y(asked)}"'
            f' stroke="{_SECOND}" stroke-width="1.5" stroke-dasharray="6 4"/>'
            + _word(_LEFT, 14, asked_text, "start", _SECOND)
        )
    known = [(x(at), y(p.share)) for at, p in enumerate(points) if p.share is not None]
    if len(known) > 1:
        line = " ".join(f"{at},{share}" for at, share in known)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{_BAR}" stroke-width="2.5"/>')
    for at, point in enumerate(points):
        parts.append(_word(x(at), HEIGHT - 10, point.name, "middle", _FAINT))
        if point.share is not None:
            parts.append(f'<circle cx="{x(at)}" cy="{y(point.share)}" r="4.5" fill="{_BAR}"/>')
            parts.append(_word(x(at), y(point.share) - 10, point.text, "middle", _INK))
    if ahead is not None and points:
        right = x(len(points) - 1) + 22
        parts.extend(
            f'<line x1="{x1}" x2="{x2}" y1="{y1}" y2="{y2}" stroke="{_FAINT}" stroke-width="2"/>'
            for x1, x2, y1, y2 in (
                (right, right, y(ahead[0]), y(ahead[1])),
                (right - 5, right + 5, y(ahead[0]), y(ahead[0])),
                (right - 5, right + 5, y(ahead[1]), y(ahead[1])),
            )
        )
    return _svg(parts, HEIGHT, text)


def bars(rows: Sequence[tuple[str, Sequence[float]]], names: Sequence[str], *, text: str) -> str:
    """Return numbers as lying bars, one or two series, each with its number.

    Args:
        rows: what each bar is of, with a number for each series.
        names: of the series.
        text: as of ``trend``.
    """
    most: float = max((value for _, values in rows for value in values), default=0) or 1
    thick, left = 15, 170
    step = (thick + 3) * max(1, len(names)) + 9
    parts = []
    for index, (name, values) in enumerate(rows):
        top = 26 + index * step
        parts.append(_word(left - 8, top + 12, name, "end", _INK))
        for at, value in enumerate(values):
            long = round((WIDTH - left - 70) * value / most, 1)
            colour = (_BAR, _SECOND)[at % 2]
            parts.append(
                f'<rect x="{left}" y="{top + at * (thick + 3)}" width="{long}" height="{thick}"'
                f' fill="{colour}"/>'
            )
            said = f"{value:,.0f}".replace(",", ".")
            parts.append(_word(left + long + 5, top + at * (thick + 3) + 12, said, "start", _INK))
    for at, name in enumerate(names):
        begin = left + at * 170
        parts.append(
            f'<rect x="{begin}" y="6" width="11" height="11" fill="{(_BAR, _SECOND)[at % 2]}"/>'
        )
        parts.append(_word(begin + 16, 16, name, "start", _FAINT))
    return _svg(parts, 34 + len(rows) * step, text)


def _axis(floor: float, y: Callable[[float], float]) -> str:
    parts = []
    for share in (floor, (1 + floor) / 2, 1.0):
        at = y(share)
        parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at}" y2="{at}" stroke="{_LINE}"/>'
            + _word(_LEFT - 6, at + 4, f"{share * 100:.0f} %", "end", _FAINT)
        )
    return "".join(parts)


def _word(x: float, y: float, text: str, anchor: str, colour: str) -> str:
    return (
        f'<text x="{x}" y="{round(y, 1)}" text-anchor="{anchor}" font-family="{_FONT}"'
        f' font-size="12" fill="{colour}">{escape(text)}</text>'
    )


def _svg(parts: Sequence[str], height: int, text: str) -> str:
    said = escape(text, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{said}">{"".join(parts)}</svg>'
    )
