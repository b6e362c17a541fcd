"""What an aid told, drawn and in words."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from api.misuse import chart

DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(10)]
TEXTS = chart.Texts("Ritten <per> dag", "sinds het begin", "nl")
SVG = "{http://www.w3.org/2000/svg}"


def test_a_count_is_drawn_as_bars_from_zero() -> None:
    values = [4.0, 4, 4, 4, 0, 0, None, 0, 0, 2]
    drawn = ET.fromstring(chart.svg(DAYS, values, 4, "rides", TEXTS))  # noqa: S314 - our own
    bars = [each for each in drawn.iter(f"{SVG}rect") if each.get("class") == "evidence-bar"]
    assert len(bars) == 5, "a day without rides has no bar"
    heights = {float(each.get("height") or 0) for each in bars}
    assert max(heights) == pytest.approx(2 * min(heights), abs=0.2)
    bands = [each for each in drawn.iter(f"{SVG}rect") if each.get("class") == "evidence-band"]
    band, legend = bands
    assert legend.get("width") == "12"
    assert float(band.get("x") or 0) == pytest.approx(48 + 4 * 62, abs=0.2)


def test_a_line_breaks_where_nothing_is_known() -> None:
    values = [24.0, 24.2, None, 23.9, 23.5, 23.4, None, 23.0, None, None]
    drawn = ET.fromstring(chart.svg(DAYS, values, 3, "battery_v", TEXTS))  # noqa: S314 - our own
    assert len(list(drawn.iter(f"{SVG}polyline"))) == 2
    assert len(list(drawn.iter(f"{SVG}circle"))) == 1, "a day alone"


def test_words_say_what_the_drawing_shows() -> None:
    said = chart.described(DAYS, [4.0] * 4 + [1.0] * 6, 4, TEXTS)
    assert "van 1 november 2026 tot en met 10 november 2026" in said
    assert "gemiddeld 4 vóór 5 november 2026 en 1 daarna; laagste 1, hoogste 4." in said
    english = chart.described(DAYS, [None, *[2.5] * 9], 0, TEXTS._replace(language="en"))
    assert "- on average before 1 November 2026 and 2.5 since" in english


def test_weeks_are_means_of_what_is_known() -> None:
    assert chart.weeks(DAYS, [7.0, None, *[1.0] * 5, None, None, None]) == [
        (DAYS[0], pytest.approx(2.0)),
        (DAYS[7], None),
    ]


@pytest.mark.parametrize("value", [0.0, 3.0, -4.5])
def test_a_curve_that_never_changes_can_be_drawn(value: float) -> None:
    for name in ("rides", "coldest_c"):
        ET.fromstring(chart.svg(DAYS, [value] * 10, 0, name, TEXTS))  # noqa: S314 - our own
