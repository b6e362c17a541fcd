"""What people do with tickets over HTTP, and what they see of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.accounts.roles import Role
from api.tickets import service as tickets
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import add_account, sign_in
from tests.support.database import register_device, register_devices

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def iso(hours: float) -> str:
    return (NOW + timedelta(hours=hours)).isoformat()


async def done(
    client: httpx.AsyncClient, path: str, status: int = 200, /, **body: Any
) -> dict[str, Any]:
    response = await client.post(f"/v1/tickets{path}", json=body)
    assert response.status_code == status, response.text
    found: dict[str, Any] = response.json()
    return found


async def phoned(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    said = {"device": "sl-000001", "kind": "repair", "source": "phone", "text": "Hij piept"}
    return await done(client, "", 201, **(said | {"usable": False} | more))


async def test_from_a_telephone_call_to_a_signature(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_device(database)
    mechanic = add_account(database, Role.MECHANIC, login="mechanic", name="Bas de Monteur")
    async with serve(database) as desk:
        ticket = await phoned(desk, caller="dochter, 06-12345678", happenedAt=iso(-0.5))
        number = f"/{ticket['id']}"
        assert (ticket["priority"], ticket["stage"], ticket["unanswered"]) == (1, "reported", True)
        assert ticket["reportedAt"] == "2026-11-21T14:00:00.000+00:00"
        assert ticket["onSiteDueAt"] == "2026-11-21T16:00:00.000+00:00"
        assert ticket["clocks"]["onSite"]["state"] == "running"
        assigned = await done(desk, f"{number}/assign", account=mechanic, version=1)
        assert assigned["assignedTo"] == {
            "account": mechanic,
            "login": "mechanic",
            "name": "Bas de Monteur",
        }
        stale = await desk.post(
            f"/v1/tickets{number}/change-priority",
            json={"priority": 2, "reason": "x", "version": 1},
        )
        assert stale.status_code == 409
        for query, there in (
            ("q=c-sl-0000", 1),
            ("q=1621", 1),
            ("q=SL_000001", 0),
            ("q=9999", 0),
            ("assigned=mechanic&stage=acknowledged", 1),
            ("assigned=anna", 0),
            ("kind=repair&priority=1", 1),
        ):
            for few in (2_000, 0):  # of few aids and of many: found another way, the same
                monkeypatch.setattr(tickets, "_FEW_AIDS", few)
                page = (await desk.get(f"/v1/tickets?{query}")).json()
                assert len(page["items"]) == there, query
        for until, there in ((iso(1.4), 0), (iso(1.6), 1)):
            page = (await desk.get("/v1/tickets", params={"breachBefore": until})).json()
            assert len(page["items"]) == there
    async with serve(database, NOW + timedelta(hours=1), role=Role.MECHANIC) as bas:
        await done(bas, f"{number}/under-way", arrivesAt=iso(1.5))
        # Written down when the line was back; sent twice, for the first answer got lost.
        word = {"happenedAt": iso(0.9), "requestId": str(uuid4())}
        for _ in range(2):
            seen = await done(bas, f"{number}/on-site", **word)
        assert (seen["stage"], seen["onSiteAt"]) == ("on_site", "2026-11-21T15:24:00.000+00:00")
        assert seen["clocks"]["onSite"]["state"] == "met"
        await done(bas, f"{number}/part", part="zekering 10 A", number=2)
        response = await bas.post(
            f"/v1/tickets{number}/attachments?name=voor.png",
            content=PNG,
            headers={"Content-Type": "image/png"},
        )
        assert response.status_code == 201, response.text
        file = response.json()
        got = await bas.get(f"/v1/tickets{number}/attachments/{file['id']}")
        assert (got.content, got.headers["content-type"]) == (PNG, "image/png")
        body = await done(bas, f"{number}/repaired", repairedBy="Bas", version=seen["version"])
        body = await done(bas, f"{number}/sign", by="mevrouw X", attachment=file["id"])
    assert (body["status"], body["clocks"]["repaired"]["state"]) == ("closed", "met")
    assert body["attachments"] == [file]
    kinds = [event["kind"] for event in body["events"]]
    assert kinds == [
        *("reported", "assigned", "under_way", "warned", "on_site", "part_used", "attached"),
        *("repaired", "closed", "signed"),
    ]
    assert body["events"][4]["happenedAt"] == "2026-11-21T15:24:00.000+00:00"
    assert seen["events"][0]["detail"]["caller"].startswith("dochter")
    assert "caller" not in body["events"][0]["detail"], "a mechanic's no more: it is closed"


async def test_a_report_that_is_sent_again_opens_no_second_ticket(
    database: str, client: httpx.AsyncClient
) -> None:
    register_device(database)
    request_id = str(uuid4())
    first = await phoned(client, requestId=request_id)
    body = {"device": "sl-000001", "kind": "repair", "source": "phone", "text": "Hij piept"}
    again = await done(client, "", 200, **body, usable=False, requestId=request_id)
    other = await phoned(client, requestId=str(uuid4()))
    assert first["id"] == again["id"] != other["id"]


async def test_what_is_told_of_an_open_emergency_is_added_to_it(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    number = seed.ticket(register_device(database), opened_at=NOW)
    said = {"device": "sl-000001", "kind": "emergency", "source": "phone", "text": "Zij zit vast"}
    body = await done(client, "", 200, **said, happenedAt=iso(-0.25))
    assert body["id"] == number
    # The client called before the lift did: from then on the terms run.
    assert body["onSiteDueAt"] == "2026-11-21T16:15:00.000+00:00"


async def test_a_defect_found_in_service_is_a_repair_of_priority_3_at_once(
    database: str, client: httpx.AsyncClient
) -> None:
    register_device(database)
    service = await phoned(client, kind="service", usable=None, text="Jaarlijkse beurt")
    assert (service["priority"], service["clocks"]) == (None, None)
    window = {"begin": iso(24), "end": iso(28)}
    planned = await done(client, f"/{service['id']}/appointment", **window)
    assert [each["tooWide"] for each in planned["appointments"]] == [True]
    async with serve(database, role=Role.MECHANIC) as bas:
        me = sign_in(database, Role.MECHANIC).account_id
        await done(client, f"/{service['id']}/assign", account=me)
        defect = await done(bas, f"/{service['id']}/defect", 201, text="Armleuning los")
        assert (defect["kind"], defect["priority"]) == ("repair", 3)
        assert defect["events"][-1]["detail"] == {"ticket": service["id"]}
        closed = await done(bas, f"/{service['id']}/note", text="x")
        assert closed["events"][-2]["kind"] == "linked"
    closed = await done(client, f"/{service['id']}/close", outcome="done")
    assert closed["status"] == "closed"


async def test_a_mechanic_works_on_his_own_tickets_alone(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    number = seed.ticket(register_device(database), opened_at=NOW)
    told: list[tuple[str, dict[str, Any]]] = [
        ("acknowledge", {"version": 1}),
        ("on-site", {}),
        ("note", {"text": "x"}),
        ("confirm-release", {"version": 1, "how": "client_by_phone", "aidWorks": False}),
        ("repaired", {"version": 1, "repairedBy": "Bas"}),
        ("defect", {"text": "x"}),
        ("assign", {"account": sign_in(database, Role.MECHANIC).account_id}),
    ]
    photo = f"/v1/tickets/{number}/attachments?name=x.png"
    png: dict[str, Any] = {"content": PNG, "headers": {"Content-Type": "image/png"}}
    async with serve(database, role=Role.MECHANIC) as bas:
        for act, body in told:
            answer = await bas.post(f"/v1/tickets/{number}/{act}", json=body)
            assert answer.status_code == 403, (act, answer.text)
        assert (await bas.post(photo, **png)).status_code == 403
        assert seed.one("SELECT count(*) FROM ticket_event") == 1
        await done(client, f"/{number}/assign", account=told[-1][1]["account"])
        await done(client, f"/{number}/assign", account=None)
        # Who was on the way may tell what they saw, whoever has it now.
        await done(bas, f"/{number}/on-site")
        assert (await bas.post(photo, **png)).status_code == 201


async def test_merged_and_split_tickets_are_due_from_the_first_report(
    database: str, client: httpx.AsyncClient
) -> None:
    register_device(database)
    early = await phoned(client, usable=True, happenedAt=iso(-24 * 7))
    late = await phoned(client, usable=True)
    assert late["repairedDueAt"] == "2026-11-27T23:00:00.000+00:00"
    merged = await done(client, f"/{early['id']}/merge", ticket=late["id"], version=1)
    assert (merged["id"], merged["repairedDueAt"]) == (late["id"], early["repairedDueAt"])
    gone = (await client.get(f"/v1/tickets/{early['id']}")).json()
    assert (gone["status"], gone["events"][-1]["detail"]["outcome"]) == ("closed", "merged")
    part = await done(client, f"/{late['id']}/split", 201, text="En de voetplank", usable=True)
    assert part["repairedDueAt"] == early["repairedDueAt"]
    assert [event["kind"] for event in part["events"]] == ["reported", "split", "breached"]
    linked = await done(client, f"/{part['id']}/link", ticket=early["id"])
    assert linked["events"][-1]["kind"] == "linked"


async def test_delays_are_shown_with_their_verdict_and_effect(
    database: str, client: httpx.AsyncClient
) -> None:
    register_device(database)
    number = f"/{(await phoned(client, usable=True))['id']}"
    await done(client, f"{number}/pause", pause="a", reason="parts", happenedAt=iso(-1))
    wish = {"reason": "client_wish", "evidence": "gesprek", "attributable": False}
    await done(client, f"{number}/pause", pause="b", **wish)
    await done(client, f"{number}/resume", pause="a")
    later = {"dueAt": iso(24 * 20), "evidence": "brief"}
    body = await done(client, f"{number}/agree-later", **later)
    verdicts = [(each["reason"], each["verdict"]) for each in body["clocks"]["delays"]]
    assert verdicts == [("parts", "not_specified"), ("client_wish", "counts")]
    repaired = body["clocks"]["repaired"]
    assert (repaired["state"], repaired["dueAt"][:10]) == ("paused", "2026-12-11")
    assert repaired["dueWithoutDelayAt"] == "2026-11-27T23:00:00.000+00:00"
    await done(client, f"{number}/offer-swap", device="sl-000002")
    body = await done(client, f"{number}/answer-swap", accepted=False, text="liever wachten")
    assert body["events"][-1]["detail"] == {"accepted": False, "text": "liever wachten"}


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("assign", {"account": 999}, 400),
        ("close", {"outcome": "repaired"}, 400),
        ("change-priority", {"priority": 2, "reason": "x"}, 409),  # nobody is safe yet
        ("close", {"outcome": "withdrawn"}, 409),
        ("resume", {"pause": "none"}, 409),
        ("answer-swap", {"accepted": True}, 409),
        ("appointment", {"begin": "2026-11-22T10:00:00Z", "end": "2026-11-22T09:00:00Z"}, 400),
        ("on-site", {"happenedAt": "2027-01-01T00:00:00Z"}, 400),
        ("on-site", {"happenedAt": "2026-01-01T00:00:00Z"}, 400),
        ("on-site", {"requestId": "one"}, 400),
        ("merge", {"ticket": 1}, 409),
        ("link", {"ticket": 999}, 404),
    ],
)
async def test_what_cannot_be_changes_nothing(
    *, action: str, body: dict[str, Any], status: int, database: str, seed: Seed
) -> None:
    number = seed.ticket(register_device(database), opened_at=NOW)
    assert number == 1
    async with serve(database) as client:
        response = await client.post(f"/v1/tickets/{number}/{action}", json=body)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        events = (await client.get(f"/v1/tickets/{number}")).json()["events"]
        assert [event["kind"] for event in events] == ["opened"]


@pytest.mark.parametrize(
    ("media_type", "content", "wrong"),
    [
        ("image/png", b"MZ\x90", "no image/png"),
        ("text/html", b"<html>", "possible"),
        ("image/png", b"", "empty"),
        ("image/png", PNG + bytes(10 * 1024 * 1024), "at most"),
    ],
)
async def test_what_is_no_photograph_is_not_attached(
    *, media_type: str, content: bytes, wrong: str, database: str, seed: Seed
) -> None:
    number = seed.ticket(register_device(database), opened_at=NOW)
    async with serve(database) as client:
        response = await client.post(
            f"/v1/tickets/{number}/attachments?name=x",
            content=content,
            headers={"Content-Type": media_type},
        )
        assert response.status_code == 400
        assert wrong in response.json()["errors"][0]["detail"]
        for path in (f"/v1/tickets/{number}/attachments/1", "/v1/tickets/7/attachments/1"):
            assert (await client.get(path)).status_code == 404


async def test_a_municipality_sees_the_clocks_of_its_own_tickets(database: str) -> None:
    register_devices(database, ["sl-hoorn"])
    register_devices(database, ["sl-medemblik"], municipality_code="GM0420", postcode4=1671)
    now = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
    async with serve(database, now) as desk:
        mine = await phoned(desk, device="sl-hoorn")
        theirs = await phoned(desk, device="sl-medemblik")
    async with serve(database, now, role=Role.MUNICIPALITY) as hoorn:
        page = (await hoorn.get("/v1/tickets")).json()
        assert [each["id"] for each in page["items"]] == [mine["id"]]
        body = (await hoorn.get(f"/v1/tickets/{mine['id']}")).json()
        assert body["clocks"]["repaired"]["dueAt"] == "2026-11-22T23:00:00.000+00:00"
        assert (await hoorn.get(f"/v1/tickets/{theirs['id']}")).status_code == 404
        refused = await hoorn.post(f"/v1/tickets/{mine['id']}/on-site", json={})
        assert refused.status_code == 403
