"""Reports against figures worked by hand on the fixed quarter of ``tests/support/quarter.py``."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from api.kpi.periods import Length, period_of
from api.reports.counting import Span, durations
from api.reports.model import report_of
from api.reports.schedule import Rule, State, owed
from api.reports.service import Files, files_of
from api.reports.snapshot import packed, unpacked
from tests.support.quarter import HOORN, MEDEMBLIK, STRAIGHT, quarter, year

BY_HAND = {
    "outstanding": (2, 1),
    "ordered": (6, 1),  # H-5 was ordered before the quarter
    "delivered": (3, 1),
    "delivered_new": (1, 1),
    "delivered_reissued": (1, 0),
    "delivered_partly": (1, 0),
    "delivered_in_time": (2, 1),
    "delivered_excused": (1, 0),
    "delivered_late": (1, 0),
    "delivery_days": (13 + 25 + 25, 13),  # working days, the day of the order not counted
    "collected": (1, 0),
    "collection_days": (9, 0),
    "dismantled": (0, 0),  # was done after the quarter
    "structural_works": (1, 0),
    "outside_all_in": (1, 0),
    "cost_outside_all_in": (95_000, 0),
    "emergencies": (2, 0),
    "repairs": (1, 1),
    "services": (1, 0),
    "p1": (2, 0),
    "on_site_in_time": (1, 0),
    "on_site_late": (1, 0),
    "repaired_in_time": (3, 0),
    "repaired_excused": (1, 0),
    "calamities": (1, 0),
    "complaints": (1, 0),  # the other came in June
    "complaints_handled": (2, 0),
    "complaints_in_time": (1, 0),
    "complaint_days": (20 + 42, 0),
    "works_first": (7, 0),
    "works_later": (5, 0),
    "answers": (2, 1),
    "marks": (15, 8),
    "rejected_early": (1, 0),
    "cost_outstanding": (1_250, 1_575),
    "cost_delivered": (250_000, 0),
    "cost_total": (251_250, 1_575),
}


@pytest.fixture(scope="module")
def hoorn() -> Files:
    return files_of(year())


@pytest.mark.parametrize(("name", "counted"), BY_HAND.items())
def test_figures_worked_by_hand(name: str, counted: tuple[int, int]) -> None:
    report = report_of(quarter())
    found = [report.by_municipality[code,][name] for code in (HOORN, MEDEMBLIK)]
    assert found == list(counted)
    assert report.total[name] == sum(counted)


def test_durations_by_month_subcategory_and_sort() -> None:
    found = durations(quarter().rows, period_of(date(2026, 7, 1), Length.QUARTER))
    assert found["2026-07", STRAIGHT, "delivery"] == Span(13, 1)
    assert found["2026-09", STRAIGHT, "delivery"] == Span(25, 1)
    assert found["2026-07", STRAIGHT, "collection"] == Span(9, 1)
    assert ("2026-10", STRAIGHT, "collection") not in found


def test_the_same_snapshot_gives_the_same_bytes_also_when_it_was_kept() -> None:
    snapshot = quarter()
    kept = packed(snapshot)
    assert packed(unpacked(kept)) == kept
    assert files_of(unpacked(kept)) == files_of(snapshot)


def test_a_group_never_shows_a_client_and_a_municipality_shows_its_own(hoorn: Files) -> None:
    group = load_workbook(BytesIO(files_of(quarter()).workbook))
    assert not {"Cliënten", "Uitstaand", "Opdrachten", "Klachten"} & set(group.sheetnames)
    assert not any("C-1" in str(cell) for page in group for row in page.values for cell in row)
    own = load_workbook(BytesIO(hoorn.workbook))
    assert "C-1" in [row[1] for row in rows(own["Cliënten"])]
    assert "C-1" in [row[1] for row in rows(own["Uitstaand"])]


def test_the_workbook_has_tables_with_filters_formats_and_a_chart_with_its_text(
    hoorn: Files,
) -> None:
    book = load_workbook(BytesIO(hoorn.workbook))
    for page in book:
        [table] = page.tables.values()
        assert table.autoFilter is not None
    orders = {row[2]: row for row in rows(book["Opdrachten"])}
    assert orders["H-2"][10] == "Te laat"
    assert orders["H-3"][10] == "Op tijd dankzij niet-toerekenbare vertraging"
    assert (orders["H-1"][8], orders["H-1"][12]) == (13, 2500)
    cell = book["Opdrachten"].cell(5, 7)
    assert cell.data_type == "d"
    assert cell.number_format == "[$-413]dd-mm-yyyy"
    sums = [cell.value for cell in list(book["Gemeenten"])[-1]]
    assert sums[0] == "Totaal"
    [labels] = list(book["Eerdere jaren"].iter_rows(4, 4, values_only=True))
    assert labels == ("Gegeven", "2026", "2025", "2024")
    assert "Levertijd: 75.0%" in _described(hoorn.workbook)


def test_the_summary_can_be_read_out(hoorn: Files) -> None:
    reader = PdfReader(BytesIO(hoorn.summary))
    text = " ".join(page.extract_text() for page in reader.pages)
    for said in ("Jaarrapportage 2026", "75,0 %", "3 / 4", "€ 2.528,25", "Vergelijking met"):
        assert said in text.replace("\xa0", " "), said
    assert b"Lijndiagram" in hoorn.summary or len(reader.pages) >= 3


def test_what_is_owed_and_when() -> None:
    rules = [
        Rule(
            contract="westfriesland",
            kind=kind,
            period=length,
            due_days=days,
            due_month=month,
            source="W 4",
            valid_from=begin,
            valid_through=None,
        )
        for kind, length, days, month, begin in (
            ("management", Length.QUARTER, 14, None, date(2026, 10, 1)),
            ("annual", Length.YEAR, None, 2, date(2026, 1, 1)),
        )
    ]
    members = {"westfriesland": [HOORN]}
    found = {(each.contract, each.kind): each for each in owed(rules, members, date(2026, 12, 1))}
    assert len(found) == 4
    assert found[HOORN, "annual"].due_on == date(2027, 2, 28)
    one = found["westfriesland", "management"]
    assert (one.period.name, one.due_on, one.makes_on) == (
        "2026-Q4",
        date(2027, 1, 14),
        date(2027, 1, 6),
    )
    states = [
        one.state(made, day)
        for made, day in (
            (False, date(2026, 12, 31)),
            (False, date(2027, 1, 14)),
            (False, date(2027, 1, 15)),
            (True, date(2027, 2, 1)),
        )
    ]
    assert states == [State.RUNNING, State.TO_MAKE, State.LATE, State.MADE]


def rows(page: Worksheet) -> list[Any]:
    return list(page.iter_rows(5, values_only=True))


def _described(content: bytes) -> str:
    from zipfile import ZipFile  # noqa: PLC0415

    with ZipFile(BytesIO(content)) as file:
        drawings = [name for name in file.namelist() if "drawings/drawing" in name]
        return "".join(file.read(name).decode() for name in drawings if name.endswith(".xml"))
