"""An indicator as a page or the interface shows it. Pure."""

from typing import NamedTuple

from babel.numbers import format_percent
from markupsafe import Markup

from api.kpi import drawing
from api.kpi.model import Figure
from api.kpi.service import Standing


class Tile(NamedTuple):
    """One indicator: its figure, the trend as a drawing with its text, and where it is going."""

    standing: Standing
    name: str
    definition: str
    drawn: Markup
    text: str


def tile(standing: Standing, language: str, asked: str, nothing: str) -> Tile:
    """Return how to show ``standing``.

    Args:
        standing: as it is now.
        language: of the reader.
        asked: the word for what is asked.
        nothing: what to say of a period in which nothing was decided.
    """
    definition = standing.definition
    points = [
        drawing.Point(period.name, figure.share, percent(figure.share, language))
        for period, figure in standing.trend
    ]
    said = "; ".join(f"{point.name} {point.text or nothing}" for point in points)
    text = f"{definition.name(language)}: {said}."
    goal = ""
    if definition.share_asked is not None:
        goal = f"{asked} {percent(definition.share_asked, language)}"
        text += f" {goal}."
    ahead = standing.forecast
    drawn = drawing.trend(
        points,
        definition.share_asked,
        text=text,
        asked_text=goal,
        ahead=(ahead.low, ahead.high) if ahead is not None and ahead.expected else None,
    )
    safe = Markup(drawn)  # noqa: S704 - what comes from the database is escaped in it
    return Tile(standing, definition.name(language), definition.definition(language), safe, text)


def percent(share: float | None, language: str) -> str:
    """Write a share with one decimal, rounded down: never better than it is; "" for None."""
    if share is None:
        return ""
    return str(format_percent(int(share * 1000 + 1e-9) / 1000, "0.0 %", locale=language))


def state(figure: Figure, level: str | None) -> str:
    """Return in one word how an indicator stands: good, risk, bad or unknown."""
    if level is not None:
        return "bad" if level == "out_of_reach" else "risk"
    return "unknown" if figure.reached is None else "good" if figure.reached else "risk"
