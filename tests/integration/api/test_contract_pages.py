"""The desk's orders, complaints and letters, by their forms alone, as the service's own role."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from openpyxl import load_workbook

from api.accounts.roles import Role
from diagnostics.notifications.mail import MailSender, mail_server
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.integration.notifications.conftest import Post
from tests.support.accounts import dressed, sign_in
from tests.support.database import as_user, register_devices
from tests.support.receivers import MailServer

MONDAY = datetime(2026, 2, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 9, tzinfo=UTC)  # three days after the term
CLIENT = "C-SL-000001"


async def send(client: httpx.AsyncClient, path: str, *, status: int = 303, **fields: Any) -> str:
    """Send a form; return where it leads, or the page that says why not."""
    answer = await client.post(path, data=fields)
    assert answer.status_code == status, answer.text
    return answer.headers["location"] if status == 303 else answer.text


async def test_an_order_and_a_complaint_at_the_desk(database: str, seed: Seed) -> None:
    register_devices(database, ["sl-000001", "sl-000002"])
    seed.contact("sl-000001")
    url = as_user(database, "liftwacht_api")
    async with serve(url, MONDAY) as client:
        form = (await client.get(f"/orders/new?client={CLIENT}")).text
        assert "sl-000001" in form
        request = re.search(r'name="request_id" value="([0-9a-f-]{36})"', form)
        assert request is not None
        order: dict[str, Any] = {
            "client_number": CLIENT,
            "kind": "reissue",
            "aid_kind": "stairlift",
            "postcode4": "1621",
            "reference": "WMO-1",
            "price": "1.234,50",
            "outside_all_in": "yes",
            "request_id": request[1],
            "device": "sl-000001",  # of a kind that takes none from there
        }
        path = await send(client, "/orders", **order)
        assert await send(client, "/orders", **order) == path, "sent twice it is one"
        assert seed.row("SELECT price_cents, all_in, device_id FROM commission") == (
            123_450,
            False,
            None,
        )
        other = order | {"request_id": "", "postcode4": "1622"}
        assert "is al bekend" in await send(client, "/orders", status=409, **other)
        assert "WMO-1" in (await client.get("/orders?state=new&q=c-sl")).text
        assert "WMO-1" not in (await client.get("/orders?state=late")).text
        await send(client, f"{path}/do", do="contacted", version="1")
        said = await send(client, f"{path}/do", status=409, do="contacted", version="1")
        assert "intussen gewijzigd" in said
        said = await send(
            client, f"{path}/do", status=409, do="done", device="sl-000002", source="new"
        )
        assert "Zonder instructie" in said
        pause: dict[str, Any] = {
            "reason": "client_wish",
            "attributable": "false",
            "evidence": "notitie",
        }
        await send(client, f"{path}/do", do="pause_begun", **pause)
        complaint = await send(
            client,
            "/complaints",
            client_number=CLIENT,
            nature="delivery_time",
            via="phone",
            text="Ik wacht al weken.",
            received_at="2026-02-02",
        )
    async with serve(url, MONDAY + timedelta(hours=1)) as client:
        await send(client, f"{path}/do", do="pause_ended")
        taken = await send(client, f"{complaint}/take-up", note="gebeld")
        assert taken == complaint
    async with serve(url, LATER) as client:
        assert "WMO-1" in (await client.get("/orders?state=late")).text
        await send(
            client, f"{path}/do", do="expected", on="2026-03-12", reason="De rail komt later."
        )
        shown = (await client.get(path)).text
        assert "de cliënt wil dat" in shown
        assert "notitie" in shown
        await letters(client, seed, path)
        await send(
            client,
            f"{complaint}/handle",
            outcome="founded",
            text="U hebt gelijk.",
            measures="Wij bellen voortaan.",
            client_mail="bakker@home.example",
            municipality_mail="klachten@hoorn.example",
        )
        assert "afgehandeld" in (await client.get(complaint)).text.lower()
        client_page = (await client.get(f"/clients/{CLIENT}")).text
        assert path in client_page
        assert complaint in client_page
        for page in ("/devices/sl-000001", f"/clients/{CLIENT}"):
            assert f'href="{path}"' in (await client.get(page)).text, page
    await the_outcome_arrives(database, seed)
    async with serve(url, LATER + timedelta(hours=1)) as client:
        sent = (await client.get("/letters?sent=yes")).text
        assert sent.count("per mail") == 2
        assert (await client.get(complaint)).text.count("klachten@hoorn.example") == 0
        dressed(client, sign_in(database, Role.MUNICIPALITY, login="els"))
        for page in ("/orders", "/complaints", "/letters", "/letters/1", f"/clients/{CLIENT}"):
            assert (await client.get(page)).status_code == 403, page


async def letters(client: httpx.AsyncClient, seed: Seed, order: str) -> None:
    """One to the client, printed with the address, and one to the municipality: posted."""
    waiting = (await client.get("/letters")).text
    assert "Het duurt langer" in waiting
    to_client, to_municipality = (
        seed.one("SELECT letter_id FROM letter WHERE addressee = %s", each)
        for each in ("client", "municipality")
    )
    paper = await client.get(f"/letters/{to_client}")
    assert paper.content.startswith(b"%PDF-")
    looks = seed.one("SELECT count(*) FROM contact_look WHERE reason = 'letter'")
    assert looks == 1, "the look is on record"
    assert seed.one("SELECT count(pdf) FROM letter") == 0, "and the paper is not kept"
    for number in (to_client, to_municipality):
        assert await send(client, f"/letters/{number}/sent", back=order) == order
    said = await send(client, f"/letters/{to_client}/sent", status=409)
    assert "al verstuurd" in said
    assert "Het duurt langer" not in (await client.get("/letters")).text


async def the_outcome_arrives(database: str, seed: Seed) -> None:
    """By SMTP, as a PDF; the client's address is forgotten then, the municipality's is not."""
    held = "SELECT count(*) FROM notification WHERE recipient LIKE '%%bakker%%'"
    assert seed.one(held) == 1
    with MailServer() as server:
        async with await connect_async(database, application="test") as connection:
            post = Post(database, connection)
            post.now = LATER
            post.use(
                MailSender(
                    mail_server(server.url),
                    sender="post@lift.example",
                    public_url="https://l.example",
                )
            )
            await post.work()
            await post.close()
        mails = {mail["To"]: mail for mail in server.mails}
    assert {"bakker@home.example", "klachten@hoorn.example"} <= set(mails)
    mail = mails["bakker@home.example"]
    assert "Uitkomst van uw klacht" in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "U hebt gelijk." in body.get_content()
    assert "https://l.example" not in body.get_content(), "a client has no account"
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content().startswith(b"%PDF-")
    assert seed.one(held) == 0, "forgotten as soon as it is handed in"
    assert seed.one(
        "SELECT jsonb_object_agg(addressee, coalesce(mail, '-') || ' ' || sent_by) FROM letter"
        " WHERE about = 'complaint_outcome'"
    ) == {"client": "- mail", "municipality": "klachten@hoorn.example mail"}


async def test_a_municipality_places_an_order_and_files_a_complaint(
    database: str, seed: Seed
) -> None:
    register_devices(database, ["sl-000001"])
    register_devices(database, ["sl-000002"], municipality_code="GM0420", postcode4=1671)
    url = as_user(database, "liftwacht_api")
    els = sign_in(database, Role.MUNICIPALITY, login="els")
    sign_in(database, Role.CONTRACT_MANAGER, login="frank")
    sign_in(database, Role.MUNICIPALITY, login="piet", municipality_code="GM0420")
    seed.run(
        "INSERT INTO portal_choice (account_id, kind)"
        " SELECT account_id, 'complaint_received' FROM account WHERE login IN ('frank', 'piet')"
    )
    order: dict[str, Any] = {
        "client_number": CLIENT,
        "kind": "collection",
        "aid_kind": "stairlift",
        "postcode4": "1621",
        "device": "sl-000001",
        "reference": "WMO-9",
        "consultant_mail": "els@hoorn.example",
        "received_at": "2020-01-01",  # when it was received is not for them to say
    }
    said: dict[str, Any] = {
        "client_number": CLIENT,
        "nature": "treatment",
        "text": "Onvriendelijk aan de telefoon.",
        "via": "phone",
        "device": "sl-000001",
    }
    async with serve(url, MONDAY, role=None) as client:
        dressed(client, els)
        assert "sl-000001" in (await client.get(f"/portal/orders/new?client={CLIENT}")).text
        path = await send(client, "/portal/orders", **order)
        assert seed.row("SELECT received_at, municipality_code FROM commission") == (
            MONDAY,
            "GM0405",
        )
        complaint = await send(client, "/portal/complaints", **said)
        assert seed.row("SELECT via, received_at FROM complaint") == ("municipality", MONDAY)
        told_to = (
            "SELECT array_agg(recipient ORDER BY 1) FROM notification WHERE channel = 'person'"
        )
        assert seed.one(told_to) == ["frank"], "and nobody of another municipality"
        # Nothing of another municipality: neither its client nor its aid.
        theirs = {"client_number": "C-SL-000002"}
        await send(client, "/portal/orders", status=409, **order | theirs | {"reference": "x"})
        await send(client, "/portal/complaints", status=409, **said | theirs)
        other = order | {"device": "sl-000002", "reference": "y"}
        await send(client, "/portal/orders", status=409, **other)
        listed = await client.get("/portal/open.xlsx")
        sheet = load_workbook(io.BytesIO(listed.content)).active
        assert sheet is not None
        first, *found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        assert first[:4] == ["Groep", "Soort", "Nummer", "Cliëntnummer"]
        assert [(line[1], line[3], str(line[7])[:10]) for line in found] == [
            ("inname", CLIENT, "2026-02-16"),
            ("bejegening", CLIENT, "2026-03-02"),
        ]
        assert sheet.tables
        for page in (path, complaint, "/portal"):
            assert (await client.get(page)).status_code == 200
    async with serve(url, MONDAY + timedelta(days=1)) as client:
        desk = (await client.get("/orders?state=new")).text
        assert "in het portaal gegeven" in desk
        assert "door de gemeente" in (await client.get("/complaints")).text
        dressed(client, sign_in(database, Role.MUNICIPALITY, login="piet"))
        for page in (path, complaint):
            assert (await client.get(page)).status_code == 404
            await send(client, f"{page}/withdraw", status=404, version="1", reason="x")
        dressed(client, sign_in(database, Role.AUDITOR, login="gerda"))
        await send(client, "/portal/orders", status=403, **order)
        dressed(client, els)
        await send(client, f"{path}/withdraw", version="1", reason="De cliënt houdt het toch.")
        await send(client, f"{complaint}/withdraw", version="1", reason="Het is uitgepraat.")
        await send(client, f"{path}/withdraw", status=409, version="1", reason="Nog eens.")
    assert seed.one("SELECT outcome FROM commission") == "withdrawn"
    assert seed.one("SELECT outcome FROM complaint") == "withdrawn"
    assert seed.one("SELECT count(*) FROM letter WHERE about = 'complaint_outcome'") == 2
