"""The municipality's list against ours, row by row."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from api.reports.comparison import Ours, compare, sheets
from api.reports.municipal_list import Line, Trouble, UnreadableListError, read

HEAD = ("Klantnummer", "ID-nummer", "Soort hulpmiddel", "Leverdatum", "Bedrag per maand")


def excel(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_list_is_read_with_a_title_above_it_and_bad_rows_are_named() -> None:
    lines, troubles = read(
        excel(
            ("Lijst van 1 oktober",),
            (),
            HEAD,
            ("c-1", "SL-1", "Traplift, recht", "20-07-2026", "€ 1.012,50"),
            (1234567.0, "sl-2", "Stoellift", datetime.fromisoformat("2023-02-01"), 12.5),
            ("C-3", "sc-1", "Vliegtuig", None, None),
            ("C-4", "sc-2", "Scootmobiel", "31-02-2026", None),
            (None, None, "Tillift", None, 3),
            ("C-5", "sc-3", "Scootmobiel", None, "gratis"),
            (None, None, None, None, None),
        )
    )
    assert lines == [
        Line(
            row=4,
            client="C-1",
            aid="sl-1",
            kind="stairlift",
            delivered_on=date(2026, 7, 20),
            monthly_cents=101_250,
        ),
        Line(
            row=5,
            client="1234567",
            aid="sl-2",
            kind="stairlift",
            delivered_on=date(2023, 2, 1),
            monthly_cents=1_250,
        ),
    ]
    assert troubles == [
        Trouble(6, "soort", "'Vliegtuig' is geen bekende soort hulpmiddel"),
        Trouble(7, "leverdatum", "'31-02-2026' is geen datum"),
        Trouble(8, "klantnummer", "klantnummer en identificatienummer ontbreken"),
        Trouble(9, "maandbedrag", "'gratis' is geen bedrag"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"klantnummer;id", "geen Excel"),
        (excel(("Klantnummer", "Naam")), "ontbreekt de kolom identificatienummer"),
        (excel(), "klantnummer en identificatienummer"),
    ],
)
def test_what_is_no_list_is_said(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableListError, match=said):
        read(content)


def test_differences_are_explained_by_kind() -> None:
    ours = [
        Ours(
            aid="sl-1",
            client="C-1",
            kind="stairlift",
            delivered_on=date(2026, 7, 20),
            monthly_cents=1_250,
        ),
        Ours(
            aid="sl-2",
            client="C-2",
            kind="stairlift",
            delivered_on=date(2026, 1, 1),
            monthly_cents=1_250,
        ),
        Ours(aid="sl-3", client="", kind="stairlift", ended="ingenomen op 01-09-2026"),
        Ours(aid="sc-1", client="C-3", kind="scooter", delivered_on=date(2026, 9, 29)),
        Ours(aid="sc-2", client="C-9", kind="scooter"),
    ]
    lines = [
        Line(
            row=2,
            client="C-1",
            aid="sl-1",
            kind="stairlift",
            delivered_on=date(2026, 7, 22),
            monthly_cents=1_250,
        ),
        Line(
            row=3,
            client="C-7",
            aid="sl-2",
            kind="scooter",
            delivered_on=date(2026, 2, 1),
            monthly_cents=1_300,
        ),
        Line(row=4, client="C-4", aid="sl-3", kind="stairlift"),
        Line(row=5, client="C-5", aid="xx-1"),
        Line(row=6, client="C-1", aid="sl-1"),
        Line(row=7, client="C-9", aid="", kind="scooter"),
    ]
    found = compare(lines, [Trouble(8, "soort", "?")], ours)
    assert found.same == 2  # row 2: two days are no difference; row 7: by client and kind
    assert [(each.kind, each.row) for each in found.differences] == [
        ("other_client", 3),
        ("other_kind", 3),
        ("other_date", 3),
        ("other_amount", 3),
        ("only_theirs", 4),
        ("only_theirs", 5),
        ("twice", 6),
        ("only_ours", None),
    ]
    said = [each.explanation for each in found.differences]
    assert "31 dagen verschil" in said[2]
    assert "ingenomen op 01-09-2026" in said[4]
    assert "kennen wij niet" in said[5]
    assert found.differences[-1].aid == "sc-1"
    rows = {row[0]: row[1] for row in sheets(found)[0].rows}
    assert (rows["Gelijk"], rows["Alleen bij de gemeente"], rows["Regels gelezen"]) == (2, 2, 6)
