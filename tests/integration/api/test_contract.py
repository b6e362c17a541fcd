"""Orders, complaints and the survey through HTTP, as the service's own role; then the portal."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from api.accounts.roles import Role
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.support.accounts import dressed, sign_in
from tests.support.database import as_user, register_devices

MONDAY = datetime(2026, 2, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 9, tzinfo=UTC)  # three days after the term
PDF = b"%PDF-1.7 signed"
ORDER: dict[str, Any] = {"kind": "reissue", "clientNumber": "C-SL-000001", "aidKind": "stairlift"}
USED: dict[str, Any] = {"device": "sl-000002", "source": "reissued", "firstUsedOn": "2023-02-02"}


async def post(client: httpx.AsyncClient, path: str, status: int = 200, **body: Any) -> Any:
    answer = await client.post(f"/v1{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_an_order_from_receipt_to_hand_over(database: str, seed: Seed) -> None:
    register_devices(database, ["sl-000001", "sl-000002"])
    url = as_user(database, "liftwacht_api")
    els = sign_in(database, Role.MUNICIPALITY, login="els")
    async with serve(url, MONDAY, role=None) as client:
        chosen = await dressed(client, els).post(
            "/portal/notices", data={"commission_late": "yes", "everything": "yes"}
        )
        assert chosen.status_code == 303
    async with serve(url, MONDAY) as client:
        request = "0b9f4242-8d1f-4c55-9f0e-6a1f4a3b1c11"
        wanted = ORDER | {"postcode4": 1621, "reference": "WMO-1", "requestId": request}
        wanted |= {"consultantMail": "els@hoorn.example"}
        order = await post(client, "/commissions", 201, **wanted)
        again = await post(client, "/commissions", 201, **wanted)
        number = order["number"]
        assert again["number"] == number, "sent again with its request it is the same"
        assert order["dueAt"] == "2026-03-02T23:00:00.000+00:00"
        await post(client, "/commissions", 400, **wanted | {"requestId": None})
        events = f"/commissions/{number}/events"
        await post(client, events, kind="contacted")
        await post(client, events, 409, kind="contacted", version=1)
        await post(client, events, 409, kind="done", instruction=False, **USED)
        complaint = await post(
            client,
            "/complaints",
            201,
            clientNumber="C-SL-000001",
            nature="delivery_time",
            via="phone",
            text="Ik wacht al weken.",
        )
        assert complaint["takeUpDueAt"] == "2026-02-09T23:00:00.000+00:00"
        link = await post(
            client,
            "/survey/invitations",
            201,
            clientNumber="C-SL-000001",
            occasion="delivery",
            aidKind="stairlift",
        )
    async with serve(url, LATER) as client:
        late = (await client.get("/v1/commissions?open=true&late=true")).json()["items"]
        assert [each["number"] for each in late] == [number]
        said = await post(
            client, events, kind="expected", on="2026-03-12", reason="De rail komt later."
        )
        assert len(said["letters"]) == 2
        signed = await client.post(
            f"/v1/commissions/{number}/files?name=bruikleen.pdf&kind=loan_agreement",
            content=PDF,
            headers={"Content-Type": "application/pdf"},
        )
        assert signed.status_code == 201, signed.text
        done = await post(client, events, kind="done", instruction=True, **USED)
        assert (done["stage"], done["lifetimeLeftMonths"]) == ("done", 84 - 37)
        assert [each["late"] for each in done["clocks"]] == [False, False, True]
        mix = (await client.get("/v1/commissions/mix")).json()["items"]
        assert [(each["new"], each["reissued"]) for each in mix] == [(0, 1)]
        path = f"/complaints/{complaint['number']}"
        handled = await post(
            client, f"{path}/handle", outcome="founded", text="U hebt gelijk.", measures="Bellen."
        )
        assert (handled["stage"], handled["breaches"], len(handled["letters"])) == ("handled", 2, 2)
        await post(client, f"{path}/handle", 409, outcome="founded", text="x")
    letters = dict(seed.row("SELECT jsonb_object_agg(dedup_key, body) FROM letter")[0])
    told = letters[f"commission-{number}-{len(done['events']) - 4}-client"]
    assert "12 maart 2026" in told
    assert "De rail komt later." in told
    assert "C-SL-000001" not in told, "nothing that names the client but what is printed on it"
    lent = "SELECT client_number FROM device JOIN client USING (client_id) WHERE name = 'sl-000002'"
    assert seed.one(lent) == "C-SL-000001", "with the hand-over the aid is that client's"

    await the_survey(url, seed, link["path"])
    who_was_told(seed)
    await the_portal(url, database, number, complaint["number"])


async def the_survey(url: str, seed: Seed, link: str) -> None:
    """Without an account, and once."""
    async with serve(url, LATER, role=None) as anybody:
        assert "cijfer" in (await anybody.get(link)).text
        assert (await anybody.post(link, data={"aid": "5"})).status_code == 400
        answer = {"overall": "9", "people": "5", "remark": "Fijn", "in_file": ""}
        assert "Dank u wel" in (await anybody.post(link, data=answer)).text
        assert (await anybody.post(link, data=answer)).status_code == 404, "once"
    assert seed.row("SELECT overall, client_id, via FROM survey_answer") == (9, None, "link")


def who_was_told(seed: Seed) -> None:
    """Who chose so, systems of the municipality, and the consultant whom the order names."""
    told_to = (
        "SELECT array_agg(channel || ' ' || recipient ORDER BY notification_id) FROM notification"
    )
    of_order = f"{told_to} WHERE dedup_key LIKE 'news:commission%%'"
    assert sorted(seed.one(of_order)) == [
        "email mailbox:els@hoorn.example",
        "person els",
        "webhook webhook",
    ]
    assert seed.one(f"{told_to} WHERE dedup_key LIKE 'news:complaint%%'") == ["webhook webhook"] * 2


async def the_portal(url: str, database: str, order: int, complaint: int) -> None:
    """The consultant of Hoorn sees it all, the one of Medemblik nothing of it."""
    async with serve(url, LATER + timedelta(days=1), role=None) as client:
        dressed(client, sign_in(database, Role.MUNICIPALITY, login="els"))
        found = await client.get("/portal/search?q=c-sl-0000")
        assert "/portal/clients/C-SL-000001" in found.text
        file = await client.get("/portal/clients/C-SL-000001")
        for said in (f"/portal/orders/{order}", f"/portal/complaints/{complaint}", "bruikleen.pdf"):
            assert said in file.text, said
        assert "Fijn" not in file.text, "the client did not want the answer in the file"
        shown = await client.get(f"/portal/orders/{order}")
        assert "overschreden" in shown.text
        package = await client.get("/portal/clients/C-SL-000001/file.zip")
        with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
            names = archive.namelist()
            assert {"aids.csv", "commissions.csv", "complaints.csv"} <= set(names)
            (signed,) = [each for each in names if each.endswith("bruikleen.pdf")]
            assert archive.read(signed) == PDF
        listed = await client.get("/portal/open.csv")
        assert next(csv.reader(io.StringIO(listed.text), delimiter=";"))[1] == "kind"
        for path in ("/portal", "/portal/figures", "/portal/aids/sl-000002", "/portal/theme.css"):
            assert (await client.get(path)).status_code == 200, path

        dressed(client, sign_in(database, Role.CONTRACT_MANAGER, login="frank"))
        ours = {"name": "zaaksysteem", "url": "https://hoorn.example/events"}
        assert "whsec_" in (await client.post("/portal/webhooks", data=ours)).text
        assert "hoorn.example" in (await client.get("/portal/webhooks")).text
        other = sign_in(database, Role.CONTRACT_MANAGER, login="ria", municipality_code="GM0420")
        dressed(client, other)
        assert "hoorn.example" not in (await client.get("/portal/webhooks")).text
        assert (await client.post("/portal/webhooks/1/remove")).status_code == 404
        dressed(client, sign_in(database, Role.AUDITOR, login="gerda"))
        assert (await client.get("/portal/webhooks")).status_code == 403
        assert (await client.get("/portal/clients/C-SL-000001")).status_code == 200
        assert (await client.get("/v1/clients/C-SL-000001/contact?reason=x")).status_code == 403

        theirs = sign_in(database, Role.MUNICIPALITY, login="piet", municipality_code="GM0420")
        dressed(client, theirs)
        for path in (
            f"/portal/orders/{order}",
            "/portal/clients/C-SL-000001",
            "/portal/aids/sl-000002",
        ):
            assert (await client.get(path)).status_code == 404, path
        assert "SL-00" not in (await client.get("/portal/search?q=c-sl")).text


async def test_service_is_overdue_when_its_day_is_over_and_not_when_it_is_announced(
    database: str, seed: Seed
) -> None:
    register_devices(database, ["sl-000001", "sl-000002"])
    for number, (code, day) in enumerate(
        [("service_due", "2026-03-09"), ("service_overdue", "2026-02-01")], start=1
    ):
        device_id = seed.one("SELECT device_id FROM device WHERE name = %s", f"sl-00000{number}")
        reasons = [{"code": code, "date": day}]
        seed.finding(device_id, "service_due", "advice", at=MONDAY, reasons=reasons)
    async with serve(database, MONDAY, Role.MUNICIPALITY) as client:
        rows = re.findall(r"<tr>.*?</tr>", (await client.get("/portal")).text, re.DOTALL)
    announced, overdue = (next(row for row in rows if f"sl-00000{n}" in row) for n in (1, 2))
    assert "uit te voeren" in announced
    assert "ma 9 mrt" in announced
    assert "overschreden" not in announced
    assert "overschreden" in overdue
    assert "zo 1 feb" in overdue
