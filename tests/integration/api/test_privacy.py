"""Requests about data, breaches and looks, as the people who answer for them use them."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb
from pypdf import PdfReader

from api.accounts.roles import Role
from api.breaches import service as breaches
from api.privacy.patterns import Look, Unusual, patterns
from api.sampling.drawing import Item, allot, draw
from api.subjects import decisions
from api.subjects import service as subjects
from api.subjects.decisions import Decision, Kind, Request, Step
from diagnostics.tickets.calendar import ZONE
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support import contract
from tests.support.accounts import add_account
from tests.support.database import register_device

CLIENT = "C-SL-000001"
MARK = "[gewist, verzoek 1]"
HOUR = timedelta(hours=1)


def lived(database: str, seed: Seed) -> int:
    """A client with a past: a ticket with texts and a photo, an order, a complaint, an aid back."""
    device = register_device(database)
    seed.contact("sl-000001")
    ticket = seed.ticket(device, opened_at=NOW - 30 * timedelta(days=1))
    seed.event(ticket, "reported", NOW, "desk", text="Mevrouw viel", caller="dochter 06-9")
    seed.event(ticket, "priority_changed", NOW, "desk", priority=1, reason="is bang")
    seed.event(
        ticket, "pause_begun", NOW, "desk", pause="1", reason="client_wish", evidence="brief"
    )
    seed.over(ticket)
    seed.run(
        "INSERT INTO attachment (ticket_id, name, media_type, sha256, bytes, content, attached_at,"
        " actor) VALUES (%s, 'huis.png', 'image/png', sha256('a'), 1, 'x', %s, 'x')",
        *(ticket, NOW),
    )
    cases = contract.add(seed, "GM0405", 1621, "sl-000001")
    seed.run(
        "UPDATE commission SET ended_at = %s, outcome = 'done', done_at = %s, kind = 'collection',"
        " description = 'zware mevrouw'",
        *(NOW, NOW - HOUR),
    )
    seed.run("UPDATE complaint SET handled_at = %s, outcome = 'founded', text = 'boos'", NOW)
    seed.run("UPDATE letter SET sent_at = %s, sent_by = 'desk'", NOW)
    seed.run(
        "INSERT INTO usage (shard, log_no, device_id, outbox_no, seq, device_time, measured_at,"
        " received_at, duration_ms, distance_mm, direction, start_landing, end_landing, load_class,"
        " seat, stops) SELECT 0, n, %s, 1, n, t, t, t, 1, 1, 'up', 1, 1, 'normal', 1, 0"
        " FROM (VALUES (1, %s::timestamptz), (2, %s::timestamptz)) AS said (n, t)",
        *(device, NOW - timedelta(days=5), NOW + HOUR),  # the second when it was somebody else's
    )
    seed.run("UPDATE device SET client_id = NULL")
    # Brought back on the day of that order.
    seed.run("ALTER TABLE aid_holding DISABLE TRIGGER USER")
    seed.run(
        "UPDATE aid_holding SET since = CASE WHEN client_id IS NULL THEN %s::date"
        " ELSE '2026-01-01' END",
        NOW.date(),
    )
    seed.run("ALTER TABLE aid_holding ENABLE TRIGGER USER")
    for days in (-3, 2):  # while it was theirs, and after
        day, text = NOW + timedelta(days=days), f"mevrouw Bakker {days}"
        seed.run(
            "INSERT INTO aid_remark (device_id, remark, noted_on, at, actor)"
            " VALUES (%s, %s, %s, %s, 'x')",
            *(device, text, day.date(), day),
        )
        seed.run(
            "INSERT INTO aid_maintenance (device_id, sort, done_on, work, parts, at, actor)"
            " VALUES (%s, 'corrective', %s, %s, 'zekering', %s, 'x')",
            *(device, day.date(), text, day),
        )
        seed.run(
            "INSERT INTO aid_file (device_id, about, name, media_type, sha256, bytes, content,"
            " stored_at, actor) VALUES (%s, '', %s, 'image/png', sha256(%s), 1, 'x', %s, 'x')",
            *(device, f"gang{days}.png", text.encode(), day),
        )
    assert cases
    return ticket


async def step(client: Any, number: int, do: str, **more: Any) -> Any:
    path = f"/v1/subject-requests/{number}"
    version = (await client.get(path)).json()["version"]
    body = {"version": version, "do": do, "text": "omdat"} | more
    return await client.post(f"{path}/events", json=body)


async def test_a_client_gets_everything_and_nothing_of_others(database: str, seed: Seed) -> None:
    lived(database, seed)
    async with serve(database, role=Role.PRIVACY_OFFICER) as officer:
        asked = {"clientNumber": CLIENT, "kind": "access", "via": "letter"}
        made = (await officer.post("/v1/subject-requests", json=asked)).json()
        assert made["dueAt"].startswith("2026-12-21T23:00"), "a month, to the end of that day"
        assert made["possible"] == ["decide", "extend", "identify", "note"]
        refused = await step(officer, 1, "decide", decision="granted")
        assert refused.status_code == 409, "nothing is granted to who may be somebody else"
        assert (await officer.post("/v1/subject-requests/1/package")).status_code == 409
        assert (await step(officer, 1, "identify", text="")).status_code == 400
        for do, more in (("identify", {}), ("decide", {"decision": "granted"})):
            assert (await step(officer, 1, do, **more)).status_code == 200
        sent = await officer.post("/v1/subject-requests/1/package")
        assert sent.status_code == 200, sent.text
        assert (await step(officer, 1, "answer")).json()["answeredAt"] is not None
        assert (await officer.post("/v1/subject-requests/1/package")).status_code == 409
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        names = archive.namelist()
        found = json.loads(archive.read("gegevens.json"))
        text = "".join(
            p.extract_text() for p in PdfReader(io.BytesIO(archive.read(names[0]))).pages
        )
    assert any("huis.png" in name for name in names)
    assert [name for name in names if "gang" in name] == ["bestanden/sl-000001/2-gang-3.png"]
    assert [each["remark"] for each in found["aid_remarks"]] == ["mevrouw Bakker -3"]
    assert [each["work"] for each in found["aid_maintenance"]] == ["mevrouw Bakker -3"]
    assert found["contact"][0]["name"] == "Mevrouw Bakker"
    assert [each["seq"] for each in found["rides"]] == [1], "of the time when it was theirs"
    assert "Mevrouw viel" in json.dumps(found["ticket_log"])
    assert {each["text"] for each in found["complaints"]} == {"boos"}
    assert "actor" not in json.dumps(found["ticket_log"]), "people of the contractor are not named"
    assert "Mevrouw Bakker" in text
    assert "AVG art. 15" not in text, "what the officer is to look at is no part of it"
    assert seed.one("SELECT count(*) FROM contact_look WHERE reason = 'subject request 1'") == 1


async def test_erasing_reaches_texts_and_photos_and_says_what_stays(
    database: str, seed: Seed
) -> None:
    ticket = lived(database, seed)
    with psycopg.connect(database, autocommit=True) as connection:
        forged = Jsonb({"text": MARK, "redacted": 1})
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE ticket_event SET detail = %s", (forged,))
    async with serve(database, role=Role.PRIVACY_OFFICER) as officer:
        asked = {"clientNumber": CLIENT, "kind": "erasure", "via": "email"}
        assert (await officer.post("/v1/subject-requests", json=asked)).status_code == 201
        assert (await step(officer, 1, "erase")).status_code == 409, "nothing was decided"
        await step(officer, 1, "identify")
        await step(officer, 1, "decide", decision="partly")
        seed.run(
            "INSERT INTO legal_hold (municipality_code, client_id, reason, from_at, placed_at,"
            " placed_by) SELECT municipality_code, client_id, 'claim', now(), now(), 'x'"
            " FROM client"
        )
        held = (await step(officer, 1, "erase")).json()["events"][-1]["detail"]["report"]
        assert held == [{"what": "everything", "erased": 0, "kept": 1, "why": "legal_hold"}]
        seed.run("UPDATE legal_hold SET lifted_at = now(), lifted_by = 'x'")
        done = (await step(officer, 1, "erase")).json()
        report = {each["what"]: each for each in done["events"][-1]["detail"]["report"]}
        page = await officer.get("/portal/requests/1")
        pdf = await officer.get("/portal/requests/1/report")
    assert report["contact"]["erased"] == 1
    assert report["photos"]["erased"] == 1
    assert report["measurements"]["erased"] == 1
    assert report["ticket_facts"] | {"kept": 1, "why": "contract"} == report["ticket_facts"]
    log = seed.one(
        "SELECT jsonb_agg(detail ORDER BY event_no) FROM ticket_event WHERE ticket_id = %s", ticket
    )
    assert log[1] == {"text": MARK, "redacted": 1}, "and no caller"
    assert log[2] == {"priority": 1, "reason": MARK, "redacted": 1}
    assert (log[3]["reason"], log[3]["evidence"]) == ("client_wish", MARK), "terms stay reckoned"
    assert seed.one("SELECT count(*) FROM attachment") == 0
    assert seed.one("SELECT text FROM complaint") == MARK
    assert seed.one("SELECT description FROM commission") == MARK
    assert seed.one("SELECT body FROM letter") == MARK
    for column, table in (("remark", "aid_remark"), ("work", "aid_maintenance")):
        left = seed.one(f"SELECT array_agg({column} ORDER BY at) FROM {table}")
        assert left == [MARK, "mevrouw Bakker 2"], "while it was theirs, and no more"
    assert report["aid_texts"]["erased"] == 2
    assert report["aid_files"]["erased"] == 2
    assert seed.one("SELECT string_agg(name, ' ') FROM aid_file") == "gang2.png"
    assert seed.one("SELECT array_agg(seq) FROM usage") == [2], "what is another's stays"
    everything = seed.one(
        "SELECT string_agg(t::text, ' ') FROM (SELECT to_jsonb(e) FROM ticket_event e UNION ALL"
        " SELECT to_jsonb(c) FROM contact_change c UNION ALL SELECT to_jsonb(l) FROM letter l) AS t"
    )
    for word in ("Bakker", "viel", "bang", "06-9"):
        assert word not in everything
    assert "verantwoording over de uitvoering" in page.text
    assert "gewist" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in (
            'UPDATE ticket_event SET detail = detail || \'{"text": "x"}\'',
            "UPDATE survey_answer SET remark = 'x'",
            "UPDATE aid_remark SET remark = '[gewist, verzoek 2]'",
            "UPDATE aid_maintenance SET work = 'x'",
            "DELETE FROM aid_remark",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement.encode())


async def test_a_restriction_holds_until_it_is_lifted(database: str) -> None:
    register_device(database)
    asked = {"clientNumber": CLIENT, "kind": "restriction", "via": "phone"}
    survey = {"clientNumber": CLIENT, "occasion": "repair", "aidKind": "stairlift"}
    async with serve(database, role=Role.ADMINISTRATOR) as admin:
        await admin.post("/v1/subject-requests", json=asked)
        for do, more in (
            ("identify", {}), ("decide", {"decision": "granted"}), ("restrict", {}), ("answer", {}),
        ):  # fmt: skip
            assert (await step(admin, 1, do, **more)).status_code == 200, do
        async with serve(database, role=Role.DESK) as desk:
            invited = await desk.post("/v1/survey/invitations", json=survey)
            assert invited.status_code == 400, "nobody asks them anything"
            lifted = await step(admin, 1, "lift")
            assert lifted.json()["possible"] == []
            assert (await desk.post("/v1/survey/invitations", json=survey)).status_code == 201


def test_a_request_has_the_clock_of_the_law() -> None:
    def due(year: int, month: int, day: int) -> str:
        at = datetime(year, month, day, 15, tzinfo=ZONE)
        return f"{decisions.due_of(at):%Y-%m-%d} {decisions.due_of(at, extended=True):%Y-%m-%d}"

    assert due(2026, 11, 10) == "2026-12-11 2027-02-11"
    assert due(2027, 1, 31) == "2027-03-02 2027-05-01", "the 28th is a Sunday: until Monday"
    request = Request(
        kind=Kind.ERASURE, received_at=NOW, due_at=NOW, extended=False, identified_at=NOW,
        decision=Decision.GRANTED, done_at=None, answered_at=None,
    )  # fmt: skip
    assert Step.ANSWER not in decisions.possible(request, NOW), "first it is done"
    assert Step.EXTEND not in decisions.possible(request, NOW + timedelta(days=40)), "too late"


async def test_requests_and_breaches_remind_who_decides(database: str, seed: Seed) -> None:
    register_device(database)
    add_account(database, Role.PRIVACY_OFFICER, login="hans")
    async with serve(database, role=Role.DESK) as desk:
        found = {
            "title": "Tas met werkbonnen kwijt", "description": "In de trein", "kind": "lost",
            "municipalities": ["GM0405"], "people": 12, "data": ["naam", "adres"],
        }  # fmt: skip
        made = (await desk.post("/v1/breaches", json=found)).json()
        wrong = await desk.post("/v1/breaches", json=found | {"municipalities": ["GM9999"]})
        assert wrong.status_code == 400
        body = {"version": 1, "do": "decide_report", "text": "x", "yes": True}
        assert (await desk.post("/v1/breaches/1/events", json=body)).status_code == 403
        body = {"version": 1, "do": "assess", "text": "adressen", "risk": "high"}
        assert (await desk.post("/v1/breaches/1/events", json=body)).status_code == 200
    assert made["reportDueAt"].startswith("2026-11-24T14:30")
    told = "SELECT payload ->> 'text' FROM notification WHERE recipient = 'hans' ORDER BY 1"
    assert "24-11-2026 15:30" in seed.one(told), "at once"
    async with await connect_async(database, application="test") as connection:
        for hours in (1, 25, 26, 73, 74):
            await breaches.remind(connection, NOW + hours * HOUR)
    assert seed.one("SELECT count(*) FROM notification WHERE recipient = 'hans'") == 3
    async with serve(database, now=NOW + 80 * HOUR, role=Role.PRIVACY_OFFICER) as officer:
        page = await officer.get("/portal/breaches/1")
        assert "onverwijld" in page.text
        for do, more in (
            ("decide_report", {"yes": True}), ("reported", {}), ("decide_tell", {"yes": True}),
            ("clients_told", {}), ("close_own", {}),
        ):  # fmt: skip
            now = (await officer.get("/v1/breaches/1")).json()
            body = {"version": now["version"], "do": do, "text": "omdat"} | more
            answer = await officer.post("/v1/breaches/1/events", json=body)
            assert answer.status_code == 200, (do, answer.text)
        form = await officer.get("/v1/breaches/1/report-form")
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(form.content)).pages)
    assert "Tas" in text or "In de trein" in text
    assert "Gemeente Hoorn" in text
    async with await connect_async(database, application="test") as connection:
        await breaches.remind(connection, NOW + 500 * HOUR)
        seed.run(
            "INSERT INTO subject_request (municipality_code, client_id, kind, via, received_at,"
            " registered_at, due_at) SELECT municipality_code, client_id, 'access', 'letter', %s,"
            " %s, %s FROM client",
            *(NOW, NOW, NOW + 24 * HOUR),
        )
        for hours in (1, 2, 30):
            await subjects.remind(connection, NOW + hours * HOUR)
    assert seed.one("SELECT count(*) FROM notification WHERE recipient = 'hans'") == 5


def test_unusual_looks_are_found_and_usual_ones_are_not() -> None:
    monday = datetime(2026, 11, 16, 10, tzinfo=ZONE)

    def look(login: str, client: int, at: datetime) -> Look:
        return Look(at=at, login=login, role="desk", client=f"C-{client}", ticket=None)

    usual = [look("anja", n, monday + timedelta(days=d)) for d in range(4) for n in range(5)]
    busy = [look("anja", n, monday + timedelta(days=4)) for n in range(16)]
    night = [look("bram", 1, monday.replace(hour=3)), look("carla", 1, monday.replace(hour=3))]
    crowd = [look(f"p{n}", 77, monday) for n in range(5)]

    found = patterns([*usual, *busy, *night, *crowd], lambda login, _: login == "carla")
    assert {(each.what, each.who) for each in found} == {
        (Unusual.MANY_CLIENTS, "anja"),
        (Unusual.OUTSIDE_SHIFT, "bram"),
        (Unusual.MANY_PEOPLE, "C-77"),
    }
    assert next(each.usual for each in found if each.who == "anja") == 5


def test_a_sample_is_drawn_again_the_same_and_spread() -> None:
    items = [Item(n, "a" if n % 10 else "b") for n in range(1, 201)]
    drawn = draw(items, 20, "vooraf")
    assert drawn == draw(list(reversed(items)), 20, "vooraf")
    assert drawn != draw(items, 20, "anders")
    assert [each.stratum for each in drawn].count("b") == 2
    # Known beforehand to whoever has any SHA-256: not to change with a version.
    assert [each.key for each in draw([Item(n, "") for n in range(1, 101)], 3, "1")] == KNOWN
    assert allot({"a": 1, "b": 98, "c": 1}, 10) == {"a": 1, "b": 8, "c": 1}
    assert allot({"a": 3}, 10) == {"a": 3}
    assert allot({}, 10) == {}


KNOWN = [30, 72, 100]


async def test_who_looked_is_shown_and_exported(database: str, seed: Seed) -> None:
    register_device(database)
    seed.contact("sl-000001")
    async with serve(database, role=Role.MUNICIPALITY) as consultant:
        assert (await consultant.get(f"/portal/clients/{CLIENT}")).status_code == 200
    async with serve(database, role=Role.PRIVACY_OFFICER) as officer:
        page = await officer.get(f"/portal/looks?about={CLIENT.lower()}")
        assert "cliëntdossier" in page.text
        assert "client file" in (await officer.get("/portal/looks.csv")).text
        listed = (await officer.get("/v1/privacy/looks?limit=1")).json()
        assert listed["items"][0]["clientNumber"] == CLIENT
        kinds = (await officer.get("/v1/privacy/retention")).json()["items"]
        assert {"readings", "looks", "backups"} <= {each["name"] for each in kinds}
        hold = {"subject": "sl-000001", "reason": "rechtszaak"}
        placed = (await officer.post("/v1/privacy/holds", json=hold)).json()["holds"]
        assert placed[0]["device"] == "sl-000001"
        number = placed[0]["number"]
        assert (await officer.delete(f"/v1/privacy/holds/{number}")).status_code == 204
