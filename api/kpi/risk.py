"""Whether a target is at risk, and what is written about it then. Pure.

Written in Dutch, to the municipality: it is the early warning that the contract asks (W 2, 2.2).
"""

from datetime import date
from enum import StrEnum
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from msgspec import Struct

from api.kpi.forecast import Forecast
from api.kpi.model import Definition, Figure
from api.kpi.periods import Period

# Below this chance of reaching the target people are warned. Ours, to be agreed.
WARN_BELOW: Final = 0.7
_LAST: Final = {"month": "de maand", "quarter": "het kwartaal", "year": "het jaar"}


class Level(StrEnum):
    """How bad it is."""

    AT_RISK = "at_risk"
    OUT_OF_REACH = "out_of_reach"


class Warning_(Struct, frozen=True, kw_only=True):  # noqa: N801 - Warning is Python's
    """A warning in words."""

    level: Level
    subject: str
    body: str


# Fewer cases in a year tell nothing.
ENOUGH: Final = 5


def level_of(figure: Figure, past: Figure, ahead: Forecast | None) -> Level | None:
    """Return whether the target is at risk; None: no, there is none, or too little is known."""
    if figure.asked is None or ahead is None or ahead.chance is None or past.decided < ENOUGH:
        return None
    if ahead.best < figure.asked:
        return Level.OUT_OF_REACH
    return Level.AT_RISK if ahead.chance < WARN_BELOW else None


def written(
    definition: Definition,
    whose: str,
    period: Period,
    figure: Figure,
    ahead: Forecast,
    *,
    level: Level,
    on: date,
) -> Warning_:
    """Put a warning into words."""
    asked = percent(figure.asked)
    what = "niet meer haalbaar" if level is Level.OUT_OF_REACH else "in gevaar"
    span = _LAST[period.length.value]
    lines = [
        (
            f"De norm voor {definition.name_nl.lower()} ({definition.source}) is {what} voor "
            f"{span} {period.name} in {whose}: {asked} van de gevallen."
        ),
        f"Definitie: {definition.definition_nl}",
        f"Stand op {format_date(on, 'd MMMM yyyy', locale='nl')}: {_stand(figure)}.",
        (
            f"Verwachting voor het einde van {span}: {percent(ahead.likely)} "
            f"(in acht van de tien gevallen tussen {percent(ahead.low)} en {percent(ahead.high)}), "
            f"met nog ongeveer {number(ahead.expected)} te beslissen gevallen. "
            f"Als die alle voldoen, wordt het {percent(ahead.best)}."
        ),
    ]
    if definition.measures_nl:
        lines.append("Voorgestelde maatregelen:")
        lines.extend(f"- {measure}" for measure in definition.measures_nl)
    else:
        lines.append("Maatregelen zijn voor deze indicator nog niet vastgelegd.")
    lines.append("De gevallen achter het percentage staan in het portaal onder Prestaties.")
    subject = f"{definition.name_nl} {what}: {whose}, {period.name}"
    return Warning_(level=level, subject=subject, body="\n".join(lines))


def percent(share: float | None) -> str:
    """Write a share as a percentage with one decimal, rounded down: never better than it is."""
    if share is None:
        return "-"
    return format_percent(int(share * 1000 + 1e-9) / 1000, "0.0 %", locale="nl")


def number(value: int) -> str:
    """Write a whole number as the Dutch do."""
    return format_decimal(value, "#,##0", locale="nl")


def _stand(figure: Figure) -> str:
    if not figure.decided:
        return "nog geen beslist geval"
    said = f"{number(figure.kept)} van {number(figure.decided)} voldoen ({percent(figure.share)})"
    if figure.excused:
        said += (
            f", waarvan {number(figure.excused)} dankzij aangetoonde niet-toerekenbare vertraging; "
            f"zonder die zou het {percent(figure.share_without_excuses)} zijn"
        )
    return said
