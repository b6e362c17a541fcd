"""A signal from its finding to the decision, by real mail and webhook; and who sees what."""

import json
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile
from zlib import compress, crc32

import httpx
import msgspec
import psycopg
import pytest
from psycopg.types.json import Jsonb
from pypdf import PdfReader
from standardwebhooks.webhooks import Webhook

from api.accounts.roles import Role
from api.misuse import labels
from api.misuse.service import QUERIES
from diagnostics.detectors.habits.calendar import HOME, begin_of
from diagnostics.misuse import registrar
from diagnostics.notifications.dispatcher import Dispatcher
from diagnostics.notifications.distribution import Distributor
from diagnostics.notifications.mail import MailSender, mail_server
from diagnostics.notifications.webhook import WebhookSender
from evaluation.rows import AlarmRow, Row
from ingest.identity.transfer import transfer
from ingest.storage.pool import connect, connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.integration.api.test_contract_figures import order
from tests.support.accounts import dressed, sign_in
from tests.support.database import register_device
from tests.support.people import subscribe
from tests.support.receivers import MailServer, WebReceiver

# A Monday; receivers of webhooks look at the time, so the story's clock is the world's.
NOW = datetime.now(UTC).replace(microsecond=0)
SECRET = "whsec_" + "QUJD" * 11
BROKEN = b"\x89PNG\r\n\x1a\n but no more"


def png() -> bytes:
    """A picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


PNG = png()
REASONS = [{"code": "not_charged_after_use", "times": 9, "days": 12}]
OTHERWISE = [{"code": "other_cannot_plug"}]


def use(seed: Seed, device_id: int, days: int = 60) -> None:
    """Rides and conditions of so many days: charged at first, then not."""
    for ago in range(days, 0, -1):
        at = NOW - timedelta(days=ago)
        seed.run(
            "INSERT INTO usage (shard, log_no, device_id, outbox_no, seq, device_time, measured_at,"
            " received_at, duration_ms, distance_mm, direction, start_landing, end_landing,"
            " load_class, seat, stops) VALUES (0, %s, %s, 1, %s, %s, %s, %s, 600000, 1000, 'up',"
            " 0, 2, 'normal', 2, 0)",
            *(ago, device_id, ago, at, at, at),
        )
        seed.run(
            "INSERT INTO condition (shard, log_no, device_id, outbox_no, seq, device_time,"
            " measured_at, received_at, period_ms, battery_rest_mv, charging_ms, restarts,"
            " openings, trips, parameters, hardware) VALUES (0, %s, %s, 1, %s, %s, %s, %s,"
            " 86400000, %s, %s, 0, 0, 0, 'a', 'b')",
            *(1000 + ago, device_id, 1000 + ago, at, at, at),
            *((24_000, 0) if ago < 20 else (25_600, 14_400_000)),
        )


def terms(seed: Seed, municipality: str = "GM0405", **more: Any) -> None:
    agreed = {
        "municipality_code": municipality,
        "access_team": "toegang@hoorn.example",
        "contract_manager": "contract@hoorn.example",
        "articles": {"basic_care": "artikel 5, tweede lid"},
        "vat_labour": "21",
        **more,
    }
    seed.run(
        "INSERT INTO misuse_terms (municipality_code, valid_from, terms) VALUES (%s, %s, %s)",
        *(municipality, "2025-01-01", Jsonb(agreed)),
    )


def finding(seed: Seed, device_id: int, what: str = "not_charged", **more: Any) -> int:
    return seed.finding(
        device_id,
        what,
        "signal",
        at=NOW - timedelta(days=15),
        reasons=REASONS,
        otherwise=OTHERWISE,
        confidence=0.93,
        **{"detector": "charging", **more},
    )


@pytest.fixture
def scooter(database: str, seed: Seed) -> int:
    seed.healthy(NOW)
    device_id = register_device(database, "sc-000001", kind="scooter", rail_length_mm=None)
    use(seed, device_id)
    return device_id


@pytest.fixture
async def desk(database: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(database, NOW) as client:
        yield client


async def register(database: str, at: datetime = NOW) -> int:
    async with await connect_async(database, application="test") as conn:
        await conn.execute("SET ROLE liftwacht_diagnostics")
        count = await registrar.register(conn, now=at)
        await registrar.remind(conn, now=at)
        return count


async def send(database: str, mail: MailServer, at: datetime = NOW) -> None:
    """Pass on and send all that is due, with the rights that it has in earnest."""
    server = MailSender(
        mail_server(mail.url), sender="Liftwacht <l@liftwacht.example>", public_url="https://lw.nl"
    )
    hooks = WebhookSender(source="urn:nld:kvknr:12345678.liftwacht")
    async with await connect_async(database, application="test") as conn:
        await conn.execute("SET ROLE liftwacht_diagnostics")
        await Distributor(database, now=lambda: at).pass_on_due(conn)
        for sender in (server, hooks):
            await Dispatcher(database, sender, now=lambda: at, random=lambda: 1.0).send_due(conn)
            await sender.close()


async def test_from_the_finding_to_the_decision(  # noqa: PLR0915 - one story
    database: str, seed: Seed, scooter: int, desk: httpx.AsyncClient
) -> None:
    terms(seed)
    finding(seed, scooter)
    assert await register(database) == 1
    assert await register(database) == 0, "once"
    (waiting,) = (await desk.get("/v1/misuse-cases?stage=signalled")).json()["items"]
    number = waiting["id"]
    case = (await desk.get(f"/v1/misuse-cases/{number}")).json()
    assert (case["kind"], case["item"]) == ("not_charged", "basic_care")
    assert case["requirement"]["article"] == "artikel 5, tweede lid"
    (signal,) = case["signals"]
    assert signal["confidence"] == pytest.approx(0.93)
    assert "niet opgeladen" in signal["reasons"][0]["text"]["nl"]
    assert signal["otherwise"][0]["code"] == "other_cannot_plug"
    curves = {each["name"]: each["values"] for each in case["evidence"]["curves"]}
    assert curves["charging_h"][0] == 4.0
    assert curves["charging_h"][-1] == 0.0

    municipality = sign_in(database, Role.MUNICIPALITY)
    async with serve(database, NOW, role=None) as hoorn:
        dressed(hoorn, municipality)
        assert (await hoorn.get(f"/v1/misuse-cases/{number}")).status_code == 404
        assert (await hoorn.get("/v1/misuse-cases")).json()["items"] == []
        assert (await hoorn.get("/v1/findings?asks=signal")).json()["items"] == []

        with MailServer() as mail, WebReceiver() as own, WebReceiver() as every:
            async with await connect_async(database, application="test") as conn:
                await subscribe(conn, own.url, secret=SECRET, municipality_code="GM0405")
                await subscribe(conn, every.url, name="all")
            accepted = await desk.post(
                f"/v1/misuse-cases/{number}/accept",
                json={"item": "basic_care", "text": "gebeld", "version": case["version"]},
            )
            assert accepted.status_code == 200, accepted.text
            await send(database, mail)
            assert sorted(each["To"] for each in mail.mails) == [
                *("contract@hoorn.example", "toegang@hoorn.example"),
            ]
            body = mail.mails[0].get_body(("plain",))
            assert body is not None
            text = body.get_content()
            assert f"https://lw.nl/portal/misuse/{number}" in text
            assert "Cliëntnummer: C-SC-000001" in text
            assert "beschuldigt niemand" in text
            assert "opgeladen" not in text, "what was seen stays behind the sign-in"
            ((headers, event_body),) = own.taken
            body_text = event_body.decode()
            # Not ``verify``: that looks at the real clock, which this story has left behind.
            signed = Webhook(SECRET).sign(headers["webhook-id"], NOW, body_text)
            assert (headers["webhook-timestamp"], headers["webhook-signature"]) == (
                str(int(NOW.timestamp())),
                signed,
            )
            event = json.loads(body_text)
            assert event["type"] == "nl.liftwacht.misuse.reported"
            assert event["data"]["case"] == number
            assert every.seen == 0, "others must ask for this by name"

            # A reminder, since it does not decide.
            later = NOW + timedelta(days=16)
            await register(database, later)
            await send(database, mail, later)
            assert len(mail.mails) == 4
            assert "afgewacht" in mail.mails[-1]["Subject"]

            assert [e["text"] for e in await _findings(hoorn)] == ["niet opgeladen"]
            page = await hoorn.get(f"/portal/misuse/{number}")
            assert page.status_code == 200, page.text
            assert "Uw besluit" in page.text
            assert "<svg" in page.text
            told = {
                "do": "client",
                "text": "de stekker past niet",
                "teller": "client",
                "way": "talk",
                "version": "1",
                "request": str(uuid4()),
            }
            answer = await hoorn.post(f"/portal/misuse/{number}/do", data=told)
            assert answer.status_code == 303, answer.text
            seen = (await hoorn.get(f"/v1/misuse-cases/{number}")).json()
            decision = {"decision": "talk", "reason": "kan de lader niet aan", "person": "Els"}
            stale = decision | {"version": seen["version"] - 1}
            url = f"/v1/misuse-cases/{number}/decide"
            assert (await hoorn.post(url, json=stale)).status_code == 409
            fresh = decision | {"version": seen["version"]}
            decided = await hoorn.post(url, json=fresh)
            assert decided.status_code == 200, decided.text
            closed = await hoorn.post(f"/v1/misuse-cases/{number}/close", json={"text": "gedaan"})
            assert closed.json()["outcome"] == "decided"
            await send(database, mail, later)
            types = [each["type"].rpartition(".")[2] for each in own.bodies]
            assert types[0] == "reported"
            assert set(types) >= {"reminded", "client_said", "decided", "closed"}
        logged = (await desk.get(f"/v1/misuse-cases/{number}")).json()["events"]
        assert [each["kind"] for each in logged][-3:] == ["client_said", "decided", "closed"]
        assert logged[-2]["detail"]["client_heard"] is True
    figures = (await desk.get("/v1/misuse-cases/figures")).json()["items"]
    assert figures[0] | {"cases": 1, "upheld": 1, "falseShare": 0.0} == figures[0]


async def _findings(client: httpx.AsyncClient) -> list[dict[str, str]]:
    items = (await client.get("/v1/findings?asks=signal")).json()["items"]
    return [{"text": "niet opgeladen"} for each in items if each["what"] == "not_charged"]


async def test_a_rejected_signal_is_counted_and_goes_back_to_the_evaluation(
    database: str, seed: Seed, scooter: int, desk: httpx.AsyncClient
) -> None:
    finding(seed, scooter)
    await register(database)
    number = (await desk.get("/v1/misuse-cases")).json()["items"][0]["id"]
    asked = await desk.post(
        f"/v1/misuse-cases/{number}/visit", json={"text": "kijk naar de lader", "version": 1}
    )
    assert asked.status_code == 200, asked.text
    visit = asked.json()["visit"]
    assert (await desk.get(f"/v1/tickets/{visit}")).json()["kind"] == "inspection"
    rejected = await desk.post(
        f"/v1/misuse-cases/{number}/reject",
        json={"reason": "explained", "text": "geen stopcontact", "version": 2},
    )
    assert rejected.json()["outcome"] == "rejected"
    again = finding(seed, scooter, dedup_key="later")
    await register(database)
    assert seed.one("SELECT misuse_case_id FROM finding WHERE finding_id = %s", again) != number
    (figure,) = (await desk.get("/v1/misuse-cases/figures")).json()["items"]
    assert (figure["source"], figure["rejected"], figure["waiting"]) == ("charging", 1, 1)
    assert figure["falseShare"] == 1.0
    with psycopg.connect(database, row_factory=psycopg.rows.dict_row) as connection:
        judged = connection.execute(QUERIES["judged"]).fetchall()
    (row,) = labels.rows_of(judged, b"key")
    read = msgspec.json.decode(json.dumps(row), type=Row)
    assert isinstance(read, AlarmRow)
    assert (read.what, read.right, read.behaviour) == ("not_charged", False, "rejected_explained")
    assert "sc-000001" not in json.dumps(row)


@pytest.mark.usefixtures("scooter")
async def test_a_repair_quote_and_the_support_file(seed: Seed, desk: httpx.AsyncClient) -> None:
    terms(seed)
    said = {"device": "sc-000001", "kind": "damaged", "text": "brandvlekken op de zitting"}
    signalled = await desk.post("/v1/misuse-cases", json=said | {"requestId": str(uuid4())})
    assert signalled.status_code == 201, signalled.text
    number = signalled.json()["id"]
    again = await desk.post("/v1/misuse-cases", json=said)
    assert again.json()["id"] == number, "it joins the open case"
    base = f"/v1/misuse-cases/{number}"
    photo = await desk.post(
        f"{base}/files?name=zitting.png", content=PNG, headers={"Content-Type": "image/png"}
    )
    assert photo.status_code == 201, photo.text
    broken: dict[str, Any] = {"content": BROKEN, "headers": {"Content-Type": "image/png"}}
    assert (await desk.post(f"{base}/files?name=stuk.png", **broken)).status_code == 201
    lines: list[dict[str, Any]] = [
        {"kind": "part", "text": "Zitting", "amount": 1, "price": "180.50", "vat": "21"},
        {"kind": "labour", "text": "Arbeid", "amount": "1.5", "price": "62.00"},
    ]
    quote = {"lines": lines, "explanation": "De zitting is verbrand.", "advice": "Niet roken."}
    assert (await desk.post(f"{base}/quote", json=quote)).status_code == 409
    await desk.post(f"{base}/accept", json={"item": "neglect", "version": 2})
    quoted = await desk.post(f"{base}/quote", json=quote)
    assert quoted.status_code == 200, quoted.text
    detail = quoted.json()["events"][-1]["detail"]
    # 180.50 + 93.00 = 273.50; 21 % of it is 57.435.
    assert (detail["net"], detail["gross"]) == ("273.50", "330.94")
    bare = {"lines": [{**lines[0], "vat": None}], "explanation": "x"}
    refused = await desk.post(f"{base}/quote", json=bare)
    assert refused.status_code == 400
    assert "no usual rate" in refused.text
    document = await desk.get(f"{base}/files/{detail['file']}")
    words = " ".join(PdfReader(BytesIO(document.content)).pages[0].extract_text().split())
    assert sum(len(page.images) for page in PdfReader(BytesIO(document.content)).pages) == 1
    for piece in ("Reparatieofferte", "330,94", "brandvlekken", "C-SC-000001", "nog niet gehoord"):
        assert piece in words + " ".join(
            each.extract_text() for each in PdfReader(BytesIO(document.content)).pages
        )
    archive = await desk.get(f"{base}/support-file")
    with ZipFile(BytesIO(archive.content)) as packed:
        names = set(packed.namelist())
        assert {"LEESMIJ.txt", "tijdlijn.pdf", "zaak.json", "metingen.csv", "SHA256SUMS"} <= names
        assert len([name for name in names if name.startswith("bestanden/")]) == 3
        assert packed.read("SHA256SUMS").count(b"\n") == len(names) - 1
    assert (await desk.get(f"{base}/support-file")).content == archive.content


async def test_the_wrong_municipality_finds_nothing_and_changes_nothing(
    database: str, seed: Seed, scooter: int, desk: httpx.AsyncClient
) -> None:
    terms(seed, unreviewed=["not_charged"])
    finding(seed, scooter)
    await register(database)
    (case,) = (await desk.get("/v1/misuse-cases")).json()["items"]
    assert (case["stage"], case["unreviewed"]) == ("reported", True)
    number = case["id"]
    kept = await desk.post(
        f"/v1/misuse-cases/{number}/files?name=a.png",
        content=PNG,
        headers={"Content-Type": "image/png"},
    )
    other = sign_in(database, Role.MUNICIPALITY, login="medemblik", municipality_code="GM0420")
    before = seed.one("SELECT count(*) FROM misuse_event")
    form = {"version": "1", "request": str(uuid4()), "do": "note", "text": "x"}
    base = f"/v1/misuse-cases/{number}"
    async with serve(database, NOW, role=None) as foreign:
        dressed(foreign, other)
        for path in (base, f"{base}/support-file", f"{base}/files/{kept.json()['id']}"):
            assert (await foreign.get(path)).status_code == 404, path
        assert (await foreign.get(f"/portal/misuse/{number}")).status_code == 404
        assert "sc-000001" not in (await foreign.get("/portal/misuse?which=all")).text
        assert (await foreign.get("/v1/misuse-cases")).json()["items"] == []
        for path, body in (
            ("decide", {"decision": "talk", "reason": "x", "person": "x", "version": 1}),
            ("close", {}),
            ("note", {"text": "x"}),
            ("client-side", {"text": "x"}),
        ):
            assert (await foreign.post(f"{base}/{path}", json=body)).status_code == 404, path
        sent = await foreign.post(f"/portal/misuse/{number}/do", data=form)
        assert sent.status_code == 404
        photo: dict[str, Any] = {"content": PNG, "headers": {"Content-Type": "image/png"}}
        assert (await foreign.post(f"{base}/files?name=a.png", **photo)).status_code == 404
        # What is the desk's own is not even the right municipality's.
        for path in ("/misuse", f"/misuse/{number}", "/v1/misuse-cases/figures"):
            assert (await foreign.get(path)).status_code == 403, path
        accept = {"item": "loss", "version": 1}
        assert (await foreign.post(f"{base}/accept", json=accept)).status_code == 403
    assert seed.one("SELECT count(*) FROM misuse_event") == before


@pytest.mark.usefixtures("scooter")
async def test_the_pages_of_the_desk(desk: httpx.AsyncClient) -> None:
    form = {
        "device": "sc-000001",
        "kind": "unused",
        "text": "staat in de schuur",
        "request": str(uuid4()),
    }
    assert (await desk.get("/misuse/signal?device=sc-000001")).status_code == 200
    signalled = await desk.post("/misuse/signal", data=form)
    assert signalled.status_code == 303, signalled.text
    page = signalled.headers["location"]
    number = page.rpartition("/")[2]
    assert f"/misuse/{number}" in (await desk.get("/misuse")).text
    shown = (await desk.get(page)).text
    assert "staat in de schuur" in shown
    assert "Normale slijtage" in shown

    async def do(**fields: str) -> httpx.Response:
        return await desk.post(f"{page}/do", data={"request": str(uuid4()), **fields})

    assert (await do(do="accept", version="1", item="no_use")).status_code == 303
    assert (await do(do="reject", version="1", reason="wear", text="x")).status_code == 409
    line = {"kind_1": "part", "text_1": "Accu", "amount_1": "2", "price_1": "99,95", "vat_1": "21"}
    quoted = await do(do="quote", version="3", explanation="leeg", **line)
    assert quoted.status_code == 303, quoted.text
    assert "241,88" in (await desk.get(page)).text
    bad = await do(do="quote", version="3", explanation="leeg", **(line | {"price_1": "veel"}))
    assert (bad.status_code, "price_1" in bad.text) == (400, True)
    assert (await do(do="note", version="1", text="gebeld")).status_code == 303
    assert (await do(do="close", version="1")).status_code == 409
    assert (await do(do="dance", version="1")).status_code == 400
    assert (await desk.get("/misuse/figures")).status_code == 200
    assert "/misuse/signal?device=sc-000001" in (await desk.get("/devices/sc-000001")).text


@pytest.mark.usefixtures("scooter")
async def test_a_mechanic_passes_on_what_he_saw(database: str, desk: httpx.AsyncClient) -> None:
    said = {"device": "sc-000001", "kind": "repair", "source": "phone", "text": "rijdt niet"}
    ticket = (await desk.post("/v1/tickets", json=said | {"usable": True})).json()["id"]
    mechanic = sign_in(database, Role.MECHANIC)
    assign = {"account": mechanic.account_id}
    assert (await desk.post(f"/v1/tickets/{ticket}/assign", json=assign)).status_code == 200
    form = {"do": "use", "kind": "modified", "text": "stickers over het typeplaatje"}
    form |= {"request_id": str(uuid4()), "login": mechanic.login}
    async with serve(database, NOW, role=None) as phone:
        dressed(phone, mechanic)
        assert "Wat u opviel" in (await phone.get(f"/visits/{ticket}")).text
        for _ in range(2):  # a phone without a line may send it twice
            told = await phone.post(f"/visits/{ticket}", data=form)
            assert (told.status_code, told.headers["location"]) == (303, f"/visits/{ticket}")
        assert (await phone.get("/misuse")).status_code == 403
    (case,) = (await desk.get("/v1/misuse-cases")).json()["items"]
    assert (case["stage"], case["item"]) == ("signalled", "unauthorised_change")
    (signal,) = (await desk.get(f"/v1/misuse-cases/{case['id']}")).json()["signals"]
    assert (signal["source"], signal["ticket"]) == ("mechanic", ticket)


async def test_nothing_is_made_of_a_signal_while_processing_is_restricted(
    database: str, seed: Seed, scooter: int
) -> None:
    """Nor of one more for a case that is open; when it is lifted, what lasts counts again."""
    ticket = seed.repair(scooter, opened_at=NOW)
    seed.run(
        "INSERT INTO subject_request (municipality_code, client_id, kind, via, received_at,"
        " registered_at, due_at) SELECT municipality_code, client_id, 'restriction', 'letter',"
        " %s, %s, %s FROM client",
        *(NOW, NOW, NOW),
    )
    restrict = (
        "INSERT INTO client_restriction SELECT client_id, municipality_code, request_id, now()"
        " FROM subject_request"
    )
    pages = ("/clients/C-SC-000001", f"/tickets/{ticket}")
    theirs = tuple(f"/portal{page}" for page in (*pages, "/aids/sc-000001"))
    finding(seed, scooter)
    for restricted in (True, False):
        if restricted:
            seed.run(restrict)
        else:
            seed.run("DELETE FROM client_restriction")
        async with serve(database, NOW) as desk, serve(database, NOW, Role.AUDITOR) as auditor:
            for client, paths in ((desk, pages), (auditor, theirs)):
                for path in paths:
                    shown = await client.get(path)
                    assert shown.status_code == 200, path
                    assert ("Verwerking beperkt." in shown.text) is restricted, path
        assert await register(database) == (0 if restricted else 1)
        assert seed.one("SELECT count(*) FROM misuse_case") == (0 if restricted else 1)
    seed.run(restrict)
    finding(seed, scooter, dedup_key="more")
    assert await register(database) == 0, "an open case gets no more signals either"


async def test_what_was_before_the_present_client_is_nothing_about_them(
    database: str, seed: Seed, scooter: int
) -> None:
    finding(seed, scooter, dedup_key="before")
    seed.run("INSERT INTO client (client_number, municipality_code) VALUES ('C-NEXT', 'GM0405')")
    with connect(database, application="test") as connection:
        transfer(connection, "sc-000001", "C-NEXT", now=NOW)
    finding(seed, scooter, dedup_key="found later", found_at=NOW)
    assert await register(database) == 0, "found before, or begun before"
    assert seed.one("SELECT count(*) FROM misuse_case") == 0
    later = NOW + timedelta(days=2)
    finding(seed, scooter, dedup_key="theirs", since=later, found_at=later)
    assert await register(database, later) == 1
    newest = (
        "SELECT client_number FROM misuse_case JOIN client USING (client_id)"
        " ORDER BY case_id DESC LIMIT 1"
    )
    assert seed.one(newest) == "C-NEXT"
    # By an order it is theirs from the moment on at which it was delivered.
    delivered = later + timedelta(days=2)
    seed.run(
        "UPDATE device SET lent_on = (%s AT TIME ZONE 'Europe/Amsterdam')::date, client_id ="
        " (SELECT client_id FROM client WHERE client_number = 'C-SC-000001')",
        delivered,
    )
    order(seed, scooter, later, done=delivered)
    before, since = delivered - timedelta(seconds=1), delivered + timedelta(seconds=1)
    finding(seed, scooter, dedup_key="a moment before", since=before, found_at=since)
    midnight = begin_of(delivered.astimezone(HOME).toordinal())
    finding(seed, scooter, dedup_key="of a day that is half theirs", since=midnight, found_at=since)
    assert await register(database, since) == 0
    finding(seed, scooter, dedup_key="theirs too", since=since, found_at=since)
    assert await register(database, since) == 1
    assert seed.one(newest) == "C-SC-000001"


async def test_a_finding_that_cannot_be_read_waits_and_is_seen(
    database: str, seed: Seed, scooter: int
) -> None:
    seed.finding(scooter, "of_no_known_kind", "signal", at=NOW - timedelta(days=1))
    finding(seed, scooter)
    moments = [timedelta(0), timedelta(seconds=10), timedelta(seconds=61), timedelta(seconds=90)]
    found = [await register(database, NOW + later) for later in moments]
    assert found == [1, 0, 0, 0], "the other one is a case all the same"
    tried = "SELECT attempts, extract(epoch FROM again_at - %s)::int FROM misuse_trouble"
    assert seed.row(tried, NOW) == (2, 61 + 120), "tried twice, and twice as long after that"
    waits = [registrar.postponed_by(attempts) for attempts in (1, 2, 3, 40)]
    assert waits == [timedelta(minutes=each) for each in (1, 2, 4, 360)]
    async with serve(database, NOW) as client:
        health = (await client.get("/v1/health")).json()
    (part,) = (each for each in health["parts"] if each["name"] == "analysis")
    assert (part["state"], part["detail"].partition("; ")[2]) == (
        "degraded",
        "1 signals about use cannot be brought into a case",
    )
    seed.run("UPDATE finding SET what = 'unused' WHERE what = 'of_no_known_kind'")
    assert await register(database, NOW + timedelta(hours=1)) == 1
    assert seed.one("SELECT count(*) FROM misuse_trouble") == 0
