"""The list of the contractor before comes in, again and again; inspections, and how far it is."""

import io
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from api.accounts.roles import Role
from api.takeover import command
from api.takeover.progress import progress
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.integration.api.test_privileges import as_role
from tests.support.accounts import dressed, sign_in
from tests.support.database import register_devices

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
HEADINGS = ("Nr", "Soort", "Merk", "Type", "Serienr", "Bouwjaar", "PC", "Klant", "Zit", "Extra")
MAPPING = """
name = "ov-{number}"
unit = "cm"
dates = ["%m-%Y", "%d-%m-%Y"]
[columns]
number = "Nr"
kind = "Soort"
maker = "Merk"
model = "Type"
serial_number = "Serienr"
built_on = "Bouwjaar"
postcode4 = "PC"
client_number = "Klant"
seat_width_mm = "Zit"
individual_adaptations = "Extra"
[kinds]
Rolstoel = "wheelchair"
Traplift = "stairlift"
"""
CHAIR = [1001, "Rolstoel", "Permobil", "M3", "S-1", "05-2024", "1621 AB", "C-1", 46, "Links; Hoog"]
LIFT = ["A.2", "Traplift", "Otolift", "One", "S-2", date(2023, 4, 1), 1622, "C-2", None, None]


def excel(path: Path, *rows: Sequence[Any]) -> Path:
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    for at, row in enumerate([("Lijst van de vorige",), HEADINGS, *rows]):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(at, column, cell, day)
            else:
                page.write(at, column, cell)
    book.close()
    return path


def test_a_list_is_read_in_once_however_often(
    database: str, seed: Seed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register_devices(database, ["sl-000009"], municipality_code="GM0420", postcode4=1671)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING)
    begin = {"what": "start", "municipality": "GM0405", "contractor": "Vorige BV", "mail": None}
    assert command.run(Namespace(**begin, starts_on=date(2026, 10, 1)), database) == 0

    def read(*rows: Sequence[Any], apply: bool = True, file: Path | None = None) -> tuple[str, str]:
        path = file or excel(tmp_path / "lijst.xlsx", *rows)
        asked = {"what": "import", "number": 1, "file": path, "mapping": mapping, "apply": apply}
        capsys.readouterr()
        command.run(Namespace(**asked, rejected=tmp_path / "mis.xlsx", language="nl"), database)
        found = capsys.readouterr()
        return found.out, found.err

    out, _ = read(CHAIR, LIFT, apply=False)
    assert "2 new; nothing was changed" in out
    assert seed.one("SELECT count(*) FROM device WHERE name LIKE 'ov-%%'") == 0
    bad = ["A.3", "Fiets", "X", "", "", "2099", "16", "C-SL-000009", "breed", None]
    out, err = read(CHAIR, LIFT, CHAIR, bad)
    assert "2 new, 2 rejected" in out
    assert "row 5, Nr: '1001' staat dubbel in de lijst" in err
    for text in ("Soort: 'Fiets'", "Bouwjaar: '2099'", "PC: '16'", "Zit: 'breed'", "C-SL-000009"):
        assert text in err, text
    assert seed.row(
        "SELECT kind, maker, built_on::text, seat_width_mm, postcode4, client_number FROM device"
        " JOIN client USING (client_id) WHERE name = 'ov-1001'"
    ) == ("wheelchair", "Permobil", "2024-05-01", 460, 1621, "C-1")
    assert seed.one("SELECT count(*) FROM aid_adaptation") == 2
    assert seed.one("SELECT count(*) FROM aid_holding WHERE device_id > 1") == 2

    # What was left out is mended in the Excel that came back, and read in.
    book = load_workbook(tmp_path / "mis.xlsx")
    page = book.worksheets[0]
    assert page.cell(1, 11).value == "Wat is er mis"
    assert "geen soort hulpmiddel" in str(page.cell(3, 11).value)
    mended: Any = ["A.3", "Rolstoel", "X", "", "", "03-2020", "1625", "C-3", 40, None]
    page.delete_rows(2)
    for column, cell in enumerate(mended, start=1):
        page.cell(2, column).value = cell
    book.save(tmp_path / "beter.xlsx")
    assert "1 new" in read(file=tmp_path / "beter.xlsx")[0]

    # Again the same: nothing. What people wrote here since stays; what the list changed is taken.
    seed.run("UPDATE device SET model = 'M3 Corpus' WHERE name = 'ov-1001'")
    out, _ = read(CHAIR, LIFT)
    assert "2 same" in out
    later = [*CHAIR[:4], "S-1b", *CHAIR[5:]]
    moved = [*LIFT[:7], "C-9", *LIFT[8:]]
    out, _ = read(later, moved)
    assert "2 changed" in out
    assert "serial_number: 'S-1' -> 'S-1b': taken" in out
    assert seed.row("SELECT model, serial_number FROM device WHERE name = 'ov-1001'") == (
        "M3 Corpus",
        "S-1b",
    )
    conflict = [*later[:3], "M5", *later[4:]]
    assert "'M3 Corpus' -> 'M5': ours stays" in read(conflict)[0]
    assert seed.one("SELECT count(*) FROM device WHERE name LIKE 'ov-%%'") == 3, "none twice"
    assert seed.one(
        "SELECT array_agg(client_number ORDER BY holding_id) FROM aid_holding"
        " JOIN device USING (device_id) JOIN client ON client.client_id = aid_holding.client_id"
        " WHERE name = 'ov-a-2'"
    ) == ["C-2", "C-9"]
    empty = ["Rolstoel", "X", "", "", "", "1621", "", "", ""]
    assert "1 rejected" in read(["B7", *empty], ["b-7", *empty], ["b7", *empty])[0]


async def test_inspections_and_how_far_it_is(database: str, seed: Seed) -> None:
    ids = register_devices(database, ["rs-000001", "rs-000002", "rs-000003"])
    number = seed.one(
        "INSERT INTO takeover (municipality_code, contractor, starts_on, inspect_by, complete_by,"
        " mail, at, actor) VALUES ('GM0405', 'Vorige BV', '2026-10-01', '2027-04-01', '2028-04-01',"
        " 'wmo@hoorn.example', %s, 'x') RETURNING takeover_id",
        NOW,
    )
    for name, device_id in ids.items():
        seed.run(
            "INSERT INTO takeover_aid (takeover_id, number, device_id, told, at)"
            " VALUES (%s, %s, %s, '{}', %s)",
            *(number, name, device_id, NOW),
        )
    ticket = seed.ticket(ids["rs-000001"], opened_at=NOW)
    async with serve(as_role(database, "liftwacht_api"), NOW) as client:
        said: dict[str, Any] = {"device": "rs-000001", "inspectedOn": "2026-10-20", "overdue": True}
        said |= {"report": "Accu's kapot", "advice": "Vervangen", "ticket": ticket}
        path = "/v1/inspections"
        assert "photographs" in (await client.post(path, json=said)).text, "Z 84 asks for photos"
        photo = {"content": b"\xff\xd8\xff x", "headers": {"Content-Type": "image/jpeg"}}
        at = f"/v1/tickets/{ticket}/attachments?name=accu.jpg"
        assert (await client.post(at, **photo)).status_code == 201  # type: ignore[arg-type]
        assert (await client.post(path, json=said | {"advice": ""})).status_code == 400
        other = said | {"device": "rs-000002"}
        assert (await client.post(path, json=other)).status_code == 400, "no visit to that one"
        done = await client.post(path, json=said)
        assert done.status_code == 201, done.text
        form = {"device": "rs-000002", "inspected_on": "2026-10-28"}
        sent = await client.post(f"/takeovers/{number}/inspections", data=form)
        assert sent.status_code == 303, sent.text
        shown = (await client.get(f"/takeovers/{number}")).text
        assert "2 van 3" in shown
        assert "Accu&#39;s kapot" in shown
    told = "SELECT array_agg(channel || ' ' || recipient) FROM notification"
    news = seed.one(f"{told} WHERE dedup_key LIKE 'news:inspection%%'")
    assert sorted(news) == ["email mailbox:wmo@hoorn.example", "webhook webhook"]

    async with serve(as_role(database, "liftwacht_api"), NOW, role=None) as client:
        dressed(client, sign_in(database, Role.MUNICIPALITY, login="els"))
        assert "Vorige BV" in (await client.get("/portal/takeovers")).text
        portal = (await client.get(f"/portal/takeovers/{number}")).text
        assert "2 van 3" in portal
        report = (await client.get(f"/portal/inspections/{done.json()['number']}")).text
        assert "Vervangen" in report
        picture = f"/v1/tickets/{ticket}/attachments/1"
        assert picture in report
        assert (await client.get(picture)).status_code == 200
        left = (await client.get(f"/portal/takeovers/{number}/left.csv")).text
        assert "rs-000003" in left
        assert "provision" in left
        ria = sign_in(database, Role.MUNICIPALITY, login="ria", municipality_code="GM0420")
        dressed(client, ria)
        assert "Vorige BV" not in (await client.get("/portal/takeovers")).text
        for page in (f"takeovers/{number}", "inspections/1", f"takeovers/{number}/left.csv"):
            assert (await client.get(f"/portal/{page}")).status_code == 404
    assert io.StringIO(left).readline().startswith("\ufeffname;")


def test_the_forecast_goes_on_at_the_pace_of_late() -> None:
    begin, due = date(2026, 10, 1), date(2027, 4, 1)
    half = [date(2026, 10, 20)] * 5 + [None] * 5
    found = progress(half, begin, due, date(2026, 10, 31))
    assert (found.done, found.total, found.expected_on) == (5, 10, date(2026, 11, 30))
    assert not found.at_risk
    assert progress([None], begin, due, date(2026, 10, 2)).at_risk, "nothing done tells nothing"
    late = progress([None, due], begin, due, date(2027, 4, 2))
    assert (late.late, late.at_risk) == (1, True)
    slow = progress([begin.replace(day=9)] + [None] * 40, begin, due, date(2026, 10, 31))
    assert slow.at_risk
    assert not progress([due], begin, due, due).at_risk
