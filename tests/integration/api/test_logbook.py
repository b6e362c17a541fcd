"""The logbook of an aid: from its register, orders, tickets and what people write, through HTTP."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from pypdf import PdfReader

from api.accounts.roles import Role
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.support.accounts import dressed, sign_in
from tests.support.database import as_user, register_devices

BEGIN = datetime(2026, 2, 2, 9, tzinfo=UTC)
AID = "/v1/devices/rs-000001"
TIMES = "\N{MULTIPLICATION SIGN}"


async def send(
    client: httpx.AsyncClient, path: str, status: int = 201, how: str = "POST", **body: Any
) -> Any:
    answer = await client.request(how, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def order(url: str, day: int, kind: str, **body: Any) -> None:
    """Something is commissioned, and done a week later."""
    at = BEGIN + timedelta(days=day)
    asked: dict[str, Any] = {"kind": kind, "aidKind": "wheelchair", "postcode4": 1621} | body
    async with serve(url, at) as client:
        number = (await send(client, "/v1/commissions", **asked))["number"]
    async with serve(url, at + timedelta(days=7)) as client:
        done: dict[str, Any] = {"kind": "done", "instruction": True}
        if kind != "collection":
            done |= {"device": "rs-000001", "source": "new"}
        await send(client, f"/v1/commissions/{number}/events", 200, **done)


async def test_everything_that_the_contract_asks_is_in_the_logbook(
    database: str, seed: Seed
) -> None:
    register_devices(database, ["rs-000002", "rs-000003"], kind="wheelchair", rail_length_mm=None)
    seed.run(
        "INSERT INTO device (name, shard, kind, municipality_code, postcode4)"
        " VALUES ('rs-000001', 1, 'wheelchair', 'GM0405', 1621)"
    )
    url = as_user(database, "liftwacht_api")
    await order(url, 0, "delivery", clientNumber="C-RS-000002")
    await order(url, 30, "collection", clientNumber="C-RS-000002", device="rs-000001")
    await order(url, 60, "delivery", clientNumber="C-RS-000003")

    now = BEGIN + timedelta(days=100)
    async with serve(url, now) as client:
        await write(client)
        book = (await client.get(f"{AID}/logbook")).json()
        page = (await client.get("/devices/rs-000001/logbook")).text
        form = {"maker": "Permobil", "model": "", "serial_number": "S-9", "built_in": "2025-10"}
        sent = await client.post("/devices/rs-000001/logbook/register", data=form)
        assert sent.status_code == 303, sent.text
        changed = (await client.get("/devices/rs-000001/logbook")).text

    in_the_logbook(book)
    for text in ("Elektrische rolstoel", "C-RS-000002", "46,0 cm", "Zekering doorgebrand"):
        assert text in page, text
    assert "bouwjaar en bouwmaand: 2025-11-01 → 2025-10-01" in changed
    assert seed.one("SELECT lent_on::text FROM device WHERE name = 'rs-000001'") == "2026-04-10"
    async with serve(url, now, role=None) as client:
        await the_municipalities(client, database, seed)
    # The time of its tickets is over: what was done to the aid stays, without them.
    told = "SELECT array_agg((done_on, work, parts) ORDER BY reference) FROM aid_work"
    before = seed.one(f"{told} WHERE ticket_id IS NOT NULL")
    seed.run("ALTER TABLE ticket_event DISABLE TRIGGER ticket_event_append_only")
    seed.run("DELETE FROM ticket_event")
    assert seed.one(f"{told} WHERE ticket_id IS NULL AND reference LIKE 'T%%-%%'") == before
    assert len(before) == 2


async def write(client: httpx.AsyncClient) -> None:
    """What people of the desk write down, and a repair and a service that were done."""
    book = (await client.get(f"{AID}/logbook")).json()
    assert book["missing"] == [
        *("provision", "maker", "model", "seat_width_mm", "seat_depth_mm", "seat_height_mm"),
        "built_on",
    ], "what Z 23 asks and nobody has written down"
    change: dict[str, Any] = {
        "provision": "Elektrische rolstoel",
        "maker": "Permobil",
        "model": "M3",
    }
    change |= {"seatWidthMm": 460, "seatDepthMm": 480, "seatHeightMm": 450}
    await send(client, f"{AID}/register", 200, "PATCH", **change, builtIn="2025-11")
    await send(client, f"{AID}/register", 400, "PATCH", firstUsedOn="2027-01-01")
    await send(client, f"{AID}/register", 400, "PATCH", colour="red")
    left: dict[str, Any] = {
        "sort": "individual",
        "description": "Besturing links",
        "fittedOn": "2026-04-01",
    }
    await send(client, f"{AID}/adaptations", **left, fittedBy="Bram")
    plain = await send(client, f"{AID}/adaptations", sort="standard", description="Hoofdsteun")
    head = next(each for each in plain["adaptations"] if each["sort"] == "standard")
    off = f"{AID}/adaptations/{head['number']}/removal"
    await send(client, off, 200, removedOn="2026-05-01")
    await send(client, off, 404, removedOn="2026-05-02")
    await send(client, f"{AID}/remarks", remark="Sleutel bij de cliënt.")
    await send(
        client,
        f"{AID}/maintenance",
        sort="corrective",
        doneOn="2026-03-20",
        work="Band vervangen",
        parts=f"1 {TIMES} band",
    )
    for kind in ("repair", "service"):
        said: dict[str, Any] = {"device": "rs-000001", "kind": kind, "source": "phone", "text": "x"}
        said |= {"usable": True} if kind == "repair" else {}
        ticket = await send(client, "/v1/tickets", **said)
        number = f"/v1/tickets/{ticket['id']}"
        await send(client, f"{number}/part", 200, part="zekering", number=2)
        if kind == "repair":
            done: dict[str, Any] = {"repairedBy": "Bram", "note": "Zekering doorgebrand"}
            await send(client, f"{number}/repaired", 200, **done, version=ticket["version"])
        else:
            closed: dict[str, Any] = {"outcome": "done", "note": "Nagekeken en gesmeerd"}
            await send(client, f"{number}/close", 200, **closed, version=ticket["version"])


def in_the_logbook(book: Any) -> None:
    """Every field of Z 23."""
    assert (book["missing"], book["builtIn"]) == ([], "2025-11")
    assert (book["firstUsedOn"], book["deliveredOn"]) == ("2026-02-09", "2026-04-10")
    assert (book["servicedOn"], book["serviceDueOn"]) == ("2026-05-13", "2027-05-13")
    assert book["clientNumber"] == "C-RS-000003"
    assert [tuple(each.values()) for each in book["holders"]] == [
        ("C-RS-000003", "2026-04-10", None),
        ("C-RS-000002", "2026-02-09", "2026-03-11"),
    ], "who had it, also before, and the days in the store are nobody's"
    assert [(each["description"], each["public"], each["removedOn"])
            for each in book["adaptations"]] == [
        ("Besturing links", False, None), ("Hoofdsteun", True, "2026-05-01"),
    ]  # fmt: skip
    assert [
        (each["sort"], each["doneOn"], each["work"], each["parts"])
        for each in sorted(book["maintenance"], key=lambda each: (each["doneOn"], each["sort"]))
    ] == [
        ("corrective", "2026-03-20", "Band vervangen", f"1 {TIMES} band"),
        ("corrective", "2026-05-13", "Zekering doorgebrand", f"2 {TIMES} zekering"),
        ("preventive", "2026-05-13", "Nagekeken en gesmeerd", f"2 {TIMES} zekering"),
    ]
    assert [each["remark"] for each in book["remarks"]] == ["Sleutel bij de cliënt."]


async def the_municipalities(client: httpx.AsyncClient, database: str, seed: Seed) -> None:
    """Its own reads it all; another one, to which the aid goes, not who had it."""
    dressed(client, sign_in(database, Role.MUNICIPALITY, login="els"))
    shown = await client.get("/portal/aids/rs-000001/logbook")
    assert "C-RS-000002" in shown.text
    assert (await client.get("/portal/aids/rs-000001/logbook.json")).json()["holders"]
    document = await client.get("/portal/aids/rs-000001/logbook.pdf")
    pages = PdfReader(io.BytesIO(document.content)).pages
    text = " ".join(" ".join(each.extract_text() for each in pages).split())
    for said in ("C-RS-000002", "oktober 2025", "9 februari 2026", "Zekering doorgebrand"):
        assert said in text, said
    assert (await client.get("/devices/rs-000001/logbook")).status_code == 403
    assert (await client.patch(f"{AID}/register", json={"maker": "x"})).status_code == 403

    # It goes to another municipality, which does not learn who had it here, nor what was said.
    seed.run("SELECT set_config('liftwacht.on', '2026-05-20', false)")
    seed.run(
        "UPDATE device SET client_id = NULL, municipality_code = 'GM0420', postcode4 = 1671"
        " WHERE name = 'rs-000001'"
    )
    assert (await client.get("/portal/aids/rs-000001/logbook")).status_code == 404
    ria = sign_in(database, Role.MUNICIPALITY, login="ria", municipality_code="GM0420")
    dressed(client, ria)
    theirs = (await client.get("/portal/aids/rs-000001/logbook")).text
    for said in ("een cliënt van een andere gemeente", "zekering", "Band vervangen"):
        assert said in theirs, said
    for said in ("Zekering doorgebrand", "Nagekeken en gesmeerd", "Sleutel bij"):
        assert said not in theirs, "words that were written while it was with a client there"
    assert "C-RS-" not in theirs
