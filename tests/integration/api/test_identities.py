"""Doubts, reviews, codes and revocation, as administrators see them; and what tickets say."""

from datetime import timedelta

from api.accounts.roles import Role
from diagnostics.notifications.wording import SENTENCES
from diagnostics.vigil.watch import Vigil
from ingest.identity.codes import hash_of
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import sign_in
from tests.support.database import register_device
from tests.support.worker import query

DOUBT = """
INSERT INTO security_event (dedup_key, at, kind, device_id, makes_doubtful, detail)
SELECT 'x', %s, 'two_places', device_id, true, '{"times": 4}' FROM device WHERE name = %s
RETURNING event_id
"""


async def test_a_call_in_doubt_is_a_ticket_that_says_so(database: str, seed: Seed) -> None:
    ticket = seed.ticket(register_device(database), opened_at=NOW)
    [(event,)] = query(database, DOUBT, NOW, "sl-000001")
    async with serve(database) as desk:
        shown = (await desk.get(f"/v1/tickets/{ticket}")).json()
        assert shown["doubtful"] is True
        for page in ("/?lang=nl", f"/tickets/{ticket}?lang=nl"):
            assert "Twijfel over wie er belt: vraag door, maar ga" in (await desk.get(page)).text
        assert (await desk.get("/security")).status_code == 403
    async with serve(database, role=Role.ADMINISTRATOR) as administrator:
        listed = (await administrator.get("/v1/security-events")).json()["items"]
        assert [(each["kind"], each["device"]) for each in listed] == [("two_places", "sl-000001")]
        page = (await administrator.get("/security?lang=nl")).text
        assert "twee verbindingen met één certificaat verdringen elkaar" in page
        reviewed = await administrator.post(
            f"/security/events/{event}", data={"note": "De oude modem is opgehaald."}
        )
        assert reviewed.status_code == 303
        again = await administrator.post(
            f"/v1/security-events/{event}/reviews", json={"note": "nog eens"}
        )
        assert again.status_code == 404
    async with serve(database) as desk:
        assert (await desk.get(f"/v1/tickets/{ticket}")).json()["doubtful"] is False


async def test_codes_and_revocation_on_the_page(database: str) -> None:
    register_device(database)
    async with serve(database, role=Role.ADMINISTRATOR) as administrator:
        made = await administrator.post(
            "/security/aids/sl-000001/codes?lang=nl", data={"replaces": "yes"}
        )
        code = made.text.split("<strong><code>")[1].split("<")[0]
        stored = query(database, "SELECT code_hash, replaces FROM enrolment_code")
        assert stored == [(hash_of(code), True)]
        unsure = await administrator.post(
            "/security/aids/sl-000001/revocation", data={"reason": "stolen"}
        )
        assert unsure.status_code == 400
        query(
            database,
            "INSERT INTO certificate (serial, name, device_id, origin, key_hash, chain, issued_at,"
            " expires_at) SELECT 'ab', name, device_id, 'enrolled', '\\x00', '', now(), now()"
            " FROM device WHERE name = 'sl-000001' RETURNING serial",
        )
        done = await administrator.post(
            "/security/aids/sl-000001/revocation", data={"reason": "stolen", "sure": "yes"}
        )
        assert done.status_code == 303
        page = (await administrator.get("/security/aids/sl-000001?lang=nl")).text
        assert "Geen certificaat is geldig" in page
        assert (await administrator.get("/security/aids/sl-999999")).status_code == 404
    assert query(database, "SELECT reason FROM certificate") == [("stolen",)]


async def test_administrators_are_told_once_a_day(database: str) -> None:
    register_device(database)
    sign_in(database, Role.ADMINISTRATOR)
    query(database, DOUBT, NOW - timedelta(hours=1), "sl-000001")
    vigil = Vigil(database, name="test", now=lambda: NOW)
    async with await connect_async(database, application="test") as connection:
        await vigil.judge(connection)
        await vigil.judge(connection)
    told = query(
        database,
        "SELECT payload ->> 'path', payload ->> 'text' FROM notification"
        " WHERE payload ->> 'kind' = 'security'",
    )
    assert told == [("/security/aids/sl-000001", "sl-000001 two_places")]
    assert "Something is odd about who a modem is" in SENTENCES


async def test_whom_to_tell_of_a_weakness(database: str) -> None:
    async with serve(database, role=None, security_contact="mailto:veilig@example.nl") as anybody:
        text = (await anybody.get("/.well-known/security.txt")).text
    assert text.startswith("Contact: mailto:veilig@example.nl\nExpires: 2027-05-")
    async with serve(database, role=None) as anybody:
        assert (await anybody.get("/.well-known/security.txt")).status_code == 404
