"""Figures, forecasts and warnings, worked by hand."""

from datetime import UTC, date, datetime

import pytest

from api.kpi import drawing
from api.kpi.cases import judged
from api.kpi.forecast import forecast
from api.kpi.model import Case, Definition, Figure, current, figure_of
from api.kpi.periods import Length, named, period_of
from api.kpi.risk import Level, level_of, percent, written
from diagnostics.tickets.attainment import Outcome

Q3 = named("2026-Q3")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def case(outcome: Outcome, decided: str | None, due: str = "2026-08-01 12:00") -> Case:
    return Case(
        kind="ticket",
        number="1",
        municipality_code="GM0405",
        aid_kind="stairlift",
        begun_at=at("2026-06-01 12:00"),
        outcome=outcome,
        decided_at=at(decided) if decided else None,
        due_at=at(due),
    )


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


def test_a_figure_counts_what_was_decided_in_its_period_and_shows_the_rest_beside_it() -> None:
    figure = figure_of(
        [
            case(Outcome.KEPT, "2026-07-01 12:00"),
            case(Outcome.KEPT, "2026-06-30 22:30"),  # half past midnight on 1 July in Dutch time
            case(Outcome.KEPT, "2026-06-30 21:30"),
            case(Outcome.EXCUSED, "2026-08-01 12:00"),
            case(Outcome.MISSED, "2026-09-30 21:59"),
            case(Outcome.MISSED, "2026-09-30 22:00"),  # October
            case(Outcome.LAPSED, "2026-08-01 12:00"),
            case(Outcome.NOT_PROMISED, "2026-08-01 12:00"),
            case(Outcome.OPEN, None, due="2026-09-20 12:00"),
            case(Outcome.OPEN, None, due="2026-10-20 12:00"),
        ],
        Q3,
        0.95,
    )
    assert (figure.kept, figure.missed, figure.excused) == (3, 1, 1)
    assert (figure.pending, figure.left_out) == (1, 2)
    assert (figure.share, figure.share_without_excuses, figure.reached) == (0.75, 0.5, False)
    assert figure_of([], Q3, 0.95).reached is None


@pytest.mark.parametrize(
    ("due", "done", "over", "plain", "outcome"),
    [
        ("2026-08-01 12:00", "2026-08-01 12:00", None, None, Outcome.KEPT),
        ("2026-08-01 12:00", "2026-08-01 12:01", None, None, Outcome.MISSED),
        ("2026-08-01 12:00", "2026-07-31 12:00", None, "2026-07-30 12:00", Outcome.EXCUSED),
        ("2026-08-01 12:00", None, "2026-07-31 12:00", None, Outcome.LAPSED),
        ("2026-08-01 12:00", None, "2026-08-02 12:00", None, Outcome.MISSED),
        ("2026-08-01 12:00", None, None, None, Outcome.MISSED),
        ("2026-09-01 12:00", None, None, None, Outcome.OPEN),
        (None, "2026-08-01 12:00", None, None, Outcome.NOT_PROMISED),
    ],
)
def test_what_became_of_a_term(
    due: str | None, done: str | None, over: str | None, plain: str | None, outcome: Outcome
) -> None:
    moments = [at(each) if each else None for each in (due, done, over, plain)]
    found, decided_at = judged(*moments[:3], at("2026-08-15 12:00"), moments[3])  # type: ignore[call-arg,arg-type]
    assert found is outcome
    assert (decided_at is None) == (outcome is Outcome.OPEN)


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
