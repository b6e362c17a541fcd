"""Figures, forecasts and warnings, worked by hand."""

from datetime import date

import pytest

from api.kpi import drawing
from api.kpi.forecast import forecast
from api.kpi.model import Definition, Figure, Month, current, figure_of, lately
from api.kpi.periods import Length, named, period_of
from api.kpi.risk import Level, level_of, percent, written
from diagnostics.tickets.attainment import Outcome

Q3 = named("2026-Q3")


def definition(version: int = 1, **changes: object) -> Definition:
    values: dict[str, object] = {
        "key": "delivery_time",
        "version": version,
        "query": "commissions_in_time",
        "parameters": {},
        "share_asked": 0.95,
        "period": Length.QUARTER,
        "name_nl": "Levertijd",
        "name_en": "Delivery time",
        "definition_nl": "Binnen 20 werkdagen.",
        "definition_en": "Within 20 working days.",
        "source": "W 2.2 KPI 1",
        "measures_nl": ("Meer monteurs.",),
        "contract": None,
        "valid_from": date(2026, 1, 1),
        "valid_through": None,
        **changes,
    }
    return Definition(**values)  # type: ignore[arg-type]


def test_a_figure_is_a_sum_of_its_months_and_shows_the_rest_beside_it() -> None:
    months = [
        Month(month=date(2026, month, 1), outcome=outcome, number=number, lately=lately)
        for month, outcome, number, lately in (
            (6, Outcome.KEPT, 40, 30),
            (7, Outcome.KEPT, 2, 2),
            (8, Outcome.EXCUSED, 1, 1),
            (9, Outcome.MISSED, 1, 1),
            (10, Outcome.MISSED, 7, 0),
            (8, Outcome.LAPSED, 1, 1),
            (8, Outcome.NOT_PROMISED, 1, 1),
            (6, Outcome.OPEN, 1, 0),  # paused beyond its term
            (9, Outcome.OPEN, 1, 0),
            (10, Outcome.OPEN, 5, 0),
        )
    ]
    figure = figure_of(months, Q3, 0.95)
    assert (figure.kept, figure.missed, figure.excused) == (3, 1, 1)
    assert (figure.pending, figure.left_out) == (2, 2)
    assert (figure.share, figure.share_without_excuses, figure.reached) == (0.75, 0.5, False)
    assert figure_of([], Q3, 0.95).reached is None
    past = lately(months, 0.95)
    assert (past.kept, past.missed, past.left_out, past.pending) == (33, 1, 2, 0)


def test_the_forecast_is_the_beta_binomial_by_hand() -> None:
    # Two more cases, and a year of 9 in 10 (a = 9.5, b = 1.5): both kept in 9.5 * 10.5 of 11 * 12.
    ahead = forecast(Figure(kept=2, missed=0, asked=0.95), Figure(kept=9, missed=1), expected=2)
    assert ahead is not None
    assert ahead.chance == pytest.approx(9.5 * 10.5 / (11 * 12))
    assert (ahead.low, ahead.likely, ahead.high, ahead.best) == (0.75, 1, 1, 1)
    assert forecast(Figure(), Figure(), expected=0) is None


def test_who_is_warned_and_what_of() -> None:
    year = Figure(kept=96, missed=4)
    figure = Figure(kept=17, missed=2, excused=1, pending=3, asked=0.95)
    ahead = forecast(figure, year, expected=21)
    assert ahead is not None
    assert level_of(figure, year, ahead) is Level.AT_RISK
    assert level_of(figure, Figure(kept=2), ahead) is None  # too little is known
    done = forecast(figure, year, expected=1)
    assert level_of(figure, year, done) is Level.OUT_OF_REACH
    good = Figure(kept=40, missed=0, asked=0.95)
    assert level_of(good, year, forecast(good, year, expected=5)) is None
    free = Figure(kept=1, missed=9)
    assert level_of(free, year, forecast(free, year, expected=5)) is None  # no target
    text = written(
        definition(), "Westfriesland", Q3, figure, ahead, level=Level.AT_RISK, on=date(2026, 9, 1)
    )
    assert text.subject == "Levertijd in gevaar: Westfriesland, 2026-Q3"
    for said in ("95,0", "17 van 19 voldoen (89,4", "1 dankzij", "- Meer monteurs.", "1 september"):
        assert said in text.body.replace("\xa0", " "), text.body


def test_the_newest_agreement_that_holds_counts() -> None:
    every = [
        definition(1),
        definition(2, valid_from=date(2027, 1, 1), share_asked=0.97),
        definition(1, key="own", contract="GM0637"),
    ]
    assert [each.version for each in current(every, {"GM0405"}, date(2026, 9, 1))] == [1]
    assert [each.version for each in current(every, {"GM0405"}, date(2027, 9, 1))] == [2]
    assert len(current(every, {"GM0637"}, date(2026, 9, 1))) == 2


def test_periods() -> None:
    assert [named(name).name for name in ("2026", "2026-Q3", "2026-09")] == [
        "2026",
        "2026-Q3",
        "2026-09",
    ]
    assert named("2026-Q1").before(1).name == "2025-Q4"
    assert period_of(date(2026, 12, 31), Length.QUARTER).end == date(2027, 1, 1)
    for wrong in ("2026-Q5", "2026-13", "soon", "20266-1-1"):
        with pytest.raises(ValueError, match="is no period"):
            named(wrong)


def test_a_share_is_never_written_better_than_it_is() -> None:
    assert percent(0.9499).replace("\xa0", " ") == "94,9 %"
    assert percent(0.95).replace("\xa0", " ") == "95,0 %"


def test_a_drawing_has_its_text_and_no_style() -> None:
    svg = drawing.trend(
        [drawing.Point("Q1", 0.9, "90 %"), drawing.Point("<Q2>", None)], 0.95, text='"Zo"'
    )
    assert 'aria-label="&quot;Zo&quot;"' in svg
    assert "&lt;Q2&gt;" in svg
    assert "style" not in svg
