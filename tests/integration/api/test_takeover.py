"""The list of the contractor before comes in, again and again; inspections, and how far it is."""

import io
import re
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import xlsxwriter
from openpyxl import load_workbook

from api.accounts.roles import Role
from api.takeover import command, mapping, plausible
from api.takeover.progress import progress
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
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
    toml = tmp_path / "mapping.toml"
    toml.write_text(MAPPING)
    begin = {"what": "start", "municipality": "GM0405", "contractor": "Vorige BV", "mail": None}
    assert command.run(Namespace(**begin, starts_on=date(2026, 10, 1)), database) == 0

    def read(*rows: Sequence[Any], apply: bool = True, file: Path | None = None) -> tuple[str, str]:
        path = file or excel(tmp_path / "lijst.xlsx", *rows)
        asked = {
            "what": "import",
            "number": 1,
            "file": path,
            "mapping": toml,
            "apply": apply,
        }
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


async def test_a_manager_reads_a_list_in_by_page(database: str, seed: Seed, tmp_path: Path) -> None:
    """Begun, sent, looked at, mended, read in: as the service's own role, and once."""
    register_devices(database, ["sl-000009"], municipality_code="GM0420", postcode4=1671)
    bad = ["A.3", "Fiets", "X", "", "", "2099", "16", "C-SL-000009", "breed", None]
    wide = ["A.4", "Rolstoel", "X", "", "", "03-2020", "1625", "C-4", 9999, None]
    odd = [*CHAIR[:8], 95, CHAIR[9]]
    list_ = excel(tmp_path / "lijst.xlsx", odd, LIFT, bad, wide).read_bytes()
    async with serve(database, NOW, Role.MANAGER) as client:
        begin = {"municipality": "GM0405", "contractor": "Vorige BV", "starts_on": "2026-10-01"}
        begun = await client.post("/takeovers", data=begin)
        assert begun.headers["location"] == "/takeovers/1", begun.text
        assert (await client.post("/takeovers", data=begin)).status_code == 400, "once"
        example = (await client.get("/takeovers/mapping.toml")).text
        assert mapping.read(example).columns["number"] == "Hulpmiddelnr"

        async def send(list_: bytes, choice: str = "", text: str | None = MAPPING) -> Any:
            sent = {"file": ("lijst.xlsx", list_)}
            sent |= {} if text is None else {"mapping": ("vorige.toml", text.encode())}
            return await client.post("/takeovers/1/lists", data={"choice": choice}, files=sent)

        for answer, why in (
            (await send(b"x"), "Dit is geen Excel-bestand"),
            (await send(list_, text="a ="), "De vertaaltabel is niet bruikbaar"),
            (await send(list_, text=None), "De vertaaltabel is niet bruikbaar"),
            (await send(list_, text=MAPPING.replace('"Nr"', '"Id"')), "Geen rij heeft de kopjes"),
        ):
            assert answer.status_code == 400
            assert why in answer.text, why
        checked = (await send(list_)).headers["location"]
        assert checked == "/takeovers/1/lists/1"
        page = (await client.get(checked)).text
        for text in (
            "nieuw: 2",
            "overgeslagen: 2",
            "kan niet (10-120 cm)",
            "is ongebruikelijk: klopt het? (25-80 cm)",
            "Soort (soort)",
            "Fiets",
            "C-SL-000009",
            "2099",
        ):
            assert text in page, text
        assert seed.one("SELECT count(*) FROM device WHERE name LIKE 'ov-%%'") == 0, "tried only"
        rejected = await client.get(f"{checked}/rejected.xlsx")
        book = load_workbook(io.BytesIO(rejected.content))
        assert "geen soort hulpmiddel" in str(book.worksheets[0].cell(2, 11).value)
        assert "'9999' kan niet" in str(book.worksheets[0].cell(3, 11).value)
        assert book.worksheets[0].max_row == 3, "what is odd is read in"
        assert (await client.post(checked)).headers["location"] == "/takeovers/1"
        assert (await client.post(checked)).status_code == 404, "read in once"
        assert seed.one("SELECT count(*) FROM device WHERE name LIKE 'ov-%%'") == 2
        shown = (await client.get("/takeovers/1")).text
        for text in ("0 van 2", "vorige.toml", "lijst.xlsx"):
            assert text in shown, text
        # Again, by the mapping of before: what changed is told, and what is thrown away stays so.
        changed = [*CHAIR[:4], "S-1b", *CHAIR[5:]]
        again = excel(tmp_path / "weer.xlsx", changed, LIFT).read_bytes()
        known = re.search(r'<option value="(\d+)" selected>vorige.toml', shown)
        assert known, shown
        checked = (await send(again, choice=known[1], text=None)).headers["location"]
        assert "S-1b" in (await client.get(checked)).text
        assert (await client.post(f"{checked}/remove")).status_code == 303
        assert (await client.get(checked)).status_code == 404
        assert seed.one("SELECT count(*) FROM device WHERE serial_number = 'S-1b'") == 0
    for role in (Role.DESK, Role.MUNICIPALITY):
        async with serve(database, NOW, role) as client:
            refused = await client.post("/takeovers/1/lists", files={"file": ("a", b"x")})
            assert refused.status_code == 403


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
    async with serve(database, NOW) as client:
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
        await by_hand(client, b"\xff\xd8\xff x")
        shown = (await client.get(f"/takeovers/{number}")).text
        assert "2 van 3" in shown
        assert "Accu&#39;s kapot" in shown
    told = "SELECT array_agg(channel || ' ' || recipient) FROM notification"
    news = seed.one(f"{told} WHERE dedup_key LIKE 'news:inspection-1%%'")
    assert sorted(news) == ["email mailbox:wmo@hoorn.example", "webhook webhook"]

    async with serve(database, NOW, role=None) as client:
        dressed(client, sign_in(database, Role.MUNICIPALITY, login="els"))
        assert "Vorige BV" in (await client.get("/portal/takeovers")).text
        portal = (await client.get(f"/portal/takeovers/{number}")).text
        assert "2 van 3" in portal
        report = (await client.get(f"/portal/inspections/{done.json()['number']}")).text
        assert "Vervangen" in report
        picture = f"/v1/tickets/{ticket}/attachments/1"
        assert picture in report
        assert (await client.get(picture)).status_code == 200
        sent_with_it = (await client.get("/portal/inspections/3")).text
        assert 'href="/portal/inspections/3/photos/1"' in sent_with_it
        stored = await client.get("/portal/inspections/3/photos/1")
        assert (stored.content, stored.headers["content-type"]) == (
            photo["content"],
            "image/jpeg",
        )
        left = (await client.get(f"/portal/takeovers/{number}/left.csv")).text
        assert "rs-000003" in left
        assert "provision" in left
        ria = sign_in(database, Role.MUNICIPALITY, login="ria", municipality_code="GM0420")
        dressed(client, ria)
        assert "Vorige BV" not in (await client.get("/portal/takeovers")).text
        of_others = ("inspections/1", "inspections/3", "inspections/3/photos/1")
        for page in (f"takeovers/{number}", *of_others, f"takeovers/{number}/left.csv"):
            assert (await client.get(f"/portal/{page}")).status_code == 404
    await on_the_road(database, seed, ids["rs-000003"])
    assert io.StringIO(left).readline().startswith("\ufeffname;")


async def by_hand(client: httpx.AsyncClient, photo: bytes) -> None:
    """Somebody of the desk writes an inspection down, with its photographs; adds one later."""
    form = {"device": "rs-000002", "inspected_on": "2026-10-28", "overdue": "yes"}
    form |= {"report": "Zitting los", "advice": "Vastzetten"}
    none = {"photos": ("", b"", "application/octet-stream")}
    wrong = {"photos": ("a.jpg", b"GIF89a", "image/jpeg")}
    right = {"photos": ("zitting.jpg", photo, "image/jpeg")}
    for photos, status in ((none, 400), (wrong, 400), (right, 303)):
        sent = await client.post("/inspections", data=form, files=photos)
        assert sent.status_code == status, sent.text
    assert sent.headers["location"] == "/inspections/3", "what was refused has a number too"
    more = {"photos": ("later.png", b"\x89PNG\r\n\x1a\n x", "image/png")}
    for _ in "twice":
        assert (await client.post("/inspections/3/photos", files=more)).status_code == 303
    seen = (await client.get("/inspections/3")).text
    assert seen.count('href="/inspections/3/photos/') == 2


async def on_the_road(database: str, seed: Seed, device_id: int) -> None:
    """A mechanic inspects during a visit; without a photo overdue maintenance is no report."""
    visit = seed.repair(device_id, opened_at=NOW)
    async with serve(database, NOW, Role.MECHANIC) as client:
        account, login = seed.row("SELECT account_id, login FROM account WHERE role = 'mechanic'")
        seed.event(visit, "assigned", NOW, "desk", account=account)
        seed.run("UPDATE ticket SET assigned_to = %s WHERE ticket_id = %s", account, visit)
        assert "Inspectie voor de overname" in (await client.get(f"/visits/{visit}")).text

        async def tell(request: str) -> Any:
            item = {"do": "inspect", "ticket": visit, "requestId": request, "overdue": True}
            item |= {"report": "Rail los", "advice": "Vastzetten"}
            batch = {"login": login, "sentAt": NOW.isoformat(), "items": [item]}
            return (await client.post("/v1/visits/sync", json=batch)).json()["items"][0]

        first, second = str(UUID(int=1)), str(UUID(int=2))
        assert (await tell(first))["why"] == "report"
        query = f"login={login}&name=rail.jpg&requestId={UUID(int=3)}"
        sent = await client.post(
            f"/v1/visits/{visit}/photos?{query}",
            content=b"\xff\xd8\xff y",
            headers={"Content-Type": "image/jpeg"},
        )
        assert sent.status_code == 201, sent.text
        assert [(await tell(second))["state"] for _ in range(2)] == ["done", "done"]
        assert "Inspectie voor de overname" not in (await client.get(f"/visits/{visit}")).text
    found = "SELECT count(*) FROM aid_inspection WHERE ticket_id = %s AND overdue"
    assert seed.one(found, visit) == 1, "told twice, done once"


def test_a_number_that_cannot_be_is_wrong_and_an_odd_one_is_told() -> None:
    """Each column of numbers, at its bounds; one of another unit is never taken in silence."""
    assert set(plausible.RANGES) == {*mapping.SIZES, "max_load_kg"}
    for unit, times in mapping.UNITS.items():
        for field, limits in plausible.RANGES.items():
            factor = times if field in mapping.SIZES else 1
            mapped = mapping.Mapped(columns={field: "d"}, unit=unit)
            bounds = (limits.least, limits.usual_least, limits.usual_most, limits.most)
            assert sorted(bounds) == list(bounds), field

            def judged(value: Any, mapped: Any = mapped, field: str = field) -> list[Any]:
                told, faults = mapping.convert(mapped, {field: value}, NOW.date())
                assert (field in told) is all(each.odd for each in faults), (field, value)
                return [(each.what, each.odd) for each in faults]

            for value in (bounds[1] / factor, bounds[2] / factor):
                assert judged(value) == [], (field, unit, value)
            for value in (bounds[0] / factor, bounds[3] / factor):
                assert judged(value) == [("odd_number", True)], (field, unit, value)
            for value in ((bounds[0] - 1) / factor, (bounds[3] + 1) / factor, -4, 0):
                assert judged(value) == [("impossible", False)], (field, unit, value)
            for text in ("nan", "inf", "1e999", "breed", True):
                assert judged(text) == [("no_number", False)], (field, unit, text)
    mapped = mapping.Mapped(columns={"seat_width_mm": "d"}, unit="cm")
    for cell, said in ((9999, "10-120 cm"), (460, "10-120 cm"), ("4,6", "10-120 cm")):
        _, (fault,) = mapping.convert(mapped, {"seat_width_mm": cell}, NOW.date())
        assert (fault.what, fault.about) == ("impossible", said)


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
