"""One's own ways, other systems that hear of events, and what was delivered."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from py_vapid import Vapid02

from api.accounts.roles import Role
from diagnostics.notifications.vapid import public_key
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.database import register_device

PUSH = json.dumps(
    {"endpoint": "https://push.example/1?k=secret", "keys": {"p256dh": "a", "auth": "b"}}
)
MAIL = {"kind": "email", "address": "anna@home.example", "name": "thuis"}


async def add(client: httpx.AsyncClient, **asked: Any) -> int:
    response = await client.post("/v1/ways", json=asked)
    assert response.status_code == 201, response.text
    return int(response.json()["number"])


async def test_ones_own_ways_and_nobody_elses(database: str, seed: Seed) -> None:
    async with serve(database, role=Role.MECHANIC) as anna, serve(database) as desk:
        first = await add(anna, **MAIL)
        second = await add(anna, kind="push", address=PUSH)
        third = await add(anna, kind="apprise", address="tgram://123:secret/456")
        assert await add(anna, **MAIL) == first  # the same again is the same
        order = {"numbers": [third, first, second]}
        found = (await anna.put("/v1/ways/order", json=order)).json()["items"]
        assert [way["number"] for way in found] == [third, first, second]
        assert [way["address"] for way in found] == [
            "tgram://…",
            "anna@home.example",
            "push.example",
        ]
        changed = await anna.patch(f"/v1/ways/{second}", json={"enabled": False})
        assert changed.json()["enabled"] is False
        for wrong in ({"numbers": [first]}, {"numbers": [first, first, second]}):
            assert (await anna.put("/v1/ways/order", json=wrong)).status_code == 400

        assert (await desk.get("/v1/ways")).json()["items"] == []
        for answer in (
            await desk.patch(f"/v1/ways/{first}", json={"name": "mine"}),
            await desk.delete(f"/v1/ways/{first}"),
            await desk.post(f"/v1/ways/{first}/tests"),
            await anna.post(f"/v1/ways/{second}/tests"),  # it is switched off
        ):
            assert answer.status_code == 404
        assert (await anna.delete(f"/v1/ways/{second}")).status_code == 204
    assert seed.one("SELECT count(*) FROM contact_way") == 2


@pytest.mark.parametrize(
    ("kind", "address", "why"),
    [
        ("email", "anna", "not an e-mail address"),
        ("email", "a@b.nl, c@d.nl", "not an e-mail address"),
        ("push", "{}", "not a push subscription"),
        ("push", PUSH.replace("https", "http"), "not https"),
        ("apprise", "anna@home.example", "not an address of Apprise"),
        ("apprise", "json://10.0.0.1/", "not allowed"),
    ],
)
async def test_an_address_that_cannot_be_one_is_refused(
    client: httpx.AsyncClient, kind: str, address: str, why: str
) -> None:
    response = await client.post("/v1/ways", json={"kind": kind, "address": address})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["location"] == "/address"
    assert why in error["detail"]


async def test_quiet_hours(client: httpx.AsyncClient) -> None:
    night = {"begins": "22:00:00", "ends": "07:00:00"}
    assert (await client.put("/v1/quiet-hours", json=night)).json()["quietHours"] == night
    for begins in ("07:00", "22:00Z", "25:00"):
        never = {"begins": begins, "ends": "07:00"}
        assert (await client.put("/v1/quiet-hours", json=never)).status_code == 400
    assert (await client.delete("/v1/quiet-hours")).status_code == 204
    assert (await client.get("/v1/ways")).json()["quietHours"] is None


async def test_a_test_of_a_way_and_what_became_of_it(
    client: httpx.AsyncClient, database: str, seed: Seed
) -> None:
    way = await add(client, **MAIL)
    sent = [(await client.post(f"/v1/ways/{way}/tests")).json()["message"] for _ in range(2)]
    assert sent[0] == sent[1]  # once a minute
    seed.run(
        "INSERT INTO delivery (notification_id, attempt, at, outcome, proof, took_ms)"
        " VALUES (%s, 1, %s, 'delivered', '{\"answer\": \"queued\"}', 9)",
        sent[0],
        NOW,
    )
    (attempt,) = (await client.get(f"/v1/test-messages/{sent[0]}")).json()["attempts"]
    assert (attempt["outcome"], attempt["proof"]) == ("delivered", {"answer": "queued"})
    async with serve(database, role=Role.MECHANIC) as other:
        assert (await other.get(f"/v1/test-messages/{sent[0]}")).status_code == 404


async def test_administrators_say_which_systems_hear_of_events(database: str, seed: Seed) -> None:
    asked = {
        "name": "Hoorn",
        "url": "https://hoorn.example/events",
        "eventTypes": ["nl.liftwacht.ticket.opened"],
        "municipality": "GM0405",
    }
    async with serve(database, role=Role.ADMINISTRATOR) as admin:
        made = (await admin.post("/v1/webhooks", json=asked)).json()
        assert made["secret"].startswith("whsec_")
        webhook = f"/v1/webhooks/{made['number']}"
        for change, location in (
            ({}, "/name"),
            ({"name": "b", "url": "http://hoorn.example/"}, "/url"),
            ({"name": "b", "municipality": "GM9999"}, "/municipality"),
        ):
            refused = await admin.post("/v1/webhooks", json=asked | change)
            assert refused.status_code == 400
            assert refused.json()["errors"][0]["location"] == location
        other = (await admin.post(f"{webhook}/secrets")).json()["secret"]
        assert seed.one("SELECT secret FROM webhook_subscription") == other
        assert seed.one("SELECT old_secret FROM webhook_subscription") == made["secret"]
        sent = (await admin.post(f"{webhook}/tests")).json()["message"]
        assert (await admin.get(f"/v1/test-messages/{sent}")).json()["attempts"] == []
        assert (await admin.patch(webhook, json={"enabled": False})).json()["enabled"] is False
        listed = (await admin.get("/v1/webhooks")).text
        assert "Hoorn" in listed
        assert "whsec_" not in listed
        assert (await admin.delete(webhook)).status_code == 204
        assert (await admin.delete(webhook)).status_code == 404


async def test_what_was_sent_about_a_ticket(
    client: httpx.AsyncClient, database: str, seed: Seed
) -> None:
    ticket = seed.ticket(register_device(database), opened_at=NOW)
    seed.run(
        "INSERT INTO notification (dedup_key, ticket_id, channel, recipient, payload, created_at,"
        " next_attempt_at) VALUES ('k', %s, 'email', 'desk', '{\"how\": \"ring\"}', %s, %s)",
        ticket,
        NOW,
        NOW,
    )
    (found,) = (await client.get(f"/v1/tickets/{ticket}/deliveries")).json()["items"]
    assert (found["channel"], found["recipient"], found["asks"]) == ("email", "desk", "ring")
    assert found["attempts"] == []
    async with serve(database, role=Role.MECHANIC) as mechanic:
        assert (await mechanic.get(f"/v1/tickets/{ticket}/deliveries")).status_code == 403


async def test_ways_and_quiet_hours_by_page(client: httpx.AsyncClient, seed: Seed) -> None:
    for kind, address, name in (("email", "a@b.nl", "werk"), ("apprise", "tgram://1:x/2", "")):
        form = {"kind": kind, "address": address, "name": name}
        assert (await client.post("/account/ways", data=form)).status_code == 303
    wrong = await client.post("/account/ways", data={"kind": "apprise", "address": "json://x"})
    assert wrong.status_code == 400
    assert "Niet opgeslagen: json:// is not allowed here" in wrong.text
    ways = (await client.get("/v1/ways")).json()["items"]
    second = f"/account/ways/{ways[1]['number']}"
    assert (await client.post(second, data={"action": "up"})).status_code == 303
    moved = (await client.get("/v1/ways")).json()["items"]
    assert [way["kind"] for way in moved] == ["apprise", "email"]
    tested = await client.post(second, data={"action": "test"})
    page = (await client.get(tested.headers["location"])).text
    assert "Onderweg: laad deze pagina zo opnieuw." in page
    assert "tgram://…" in page
    await client.post(second, data={"action": "remove"})
    night = {"begins": "22:00", "ends": "07:00"}
    assert (await client.post("/account/ways/quiet-hours", data=night)).status_code == 303
    assert 'value="22:00"' in (await client.get("/account/ways")).text
    assert seed.one("SELECT count(*) FROM contact_way") == 1


async def test_webhooks_by_page(database: str, seed: Seed) -> None:
    async with serve(database, role=Role.ADMINISTRATOR) as admin:
        form = {"name": "Hoorn", "url": "https://hoorn.example/events", "municipality": "GM0405"}
        made = await admin.post("/webhooks", data=form)
        assert seed.one("SELECT secret FROM webhook_subscription") in made.text
        assert "whsec_" not in (await admin.get("/webhooks")).text
        unknown = await admin.post("/webhooks", data=form | {"name": "b", "municipality": "GM9999"})
        assert unknown.status_code == 400
        number = seed.one("SELECT subscription_id FROM webhook_subscription")
        tested = await admin.post(f"/webhooks/{number}", data={"action": "test"})
        assert (await admin.get(tested.headers["location"])).status_code == 200
        await admin.post(f"/webhooks/{number}", data={"action": "off"})
        assert seed.one("SELECT enabled FROM webhook_subscription") is False
        await admin.post(f"/webhooks/{number}", data={"action": "remove"})
        assert "Nog niemand." in (await admin.get("/webhooks")).text
    async with serve(database) as desk:
        assert (await desk.get("/webhooks")).status_code == 403


def test_the_key_for_browsers(tmp_path: Path) -> None:
    key = Vapid02()
    key.generate_keys()
    key.save_key(str(tmp_path / "push.pem"))
    assert len(public_key(tmp_path / "push.pem")) == 87
    with pytest.raises(ValueError, match="LIFTWACHT_PUSH_KEY"):
        public_key(tmp_path / "nothing.pem")


async def test_administrators_add_alarm_centres_and_never_see_their_keys(
    database: str, seed: Seed
) -> None:
    key = "0123456789abcdef" * 2
    form = {"name": "Zuid", "host": "pac.example", "port": "9000", "account": "00ab12", "key": key}
    async with serve(database, role=Role.ADMINISTRATOR) as admin:
        wrong = ({"port": "0"}, {"account": "xyz"}, {"key": "12"}, {"codes": "QQ"})
        for change in (*wrong, {"municipality": "GM9999"}):
            answer = await admin.post("/alarm-centres", data=form | change)
            assert answer.status_code == 400, change
        assert seed.one("SELECT count(*) FROM alarm_centre") == 0
        assert (await admin.post("/alarm-centres", data=form)).status_code == 303
        taken = await admin.post("/alarm-centres", data=form)
        assert "heeft deze naam al" in taken.text
        assert seed.row("SELECT account, key, codes, enabled FROM alarm_centre") == (
            *("00AB12", key.upper(), ["QA", "QH"], True),
        )
        page = (await admin.get("/alarm-centres")).text
        assert "pac.example:9000" in page
        assert key.upper() not in page.upper()
        number = seed.one("SELECT centre_id FROM alarm_centre")
        assert (
            await admin.post(f"/alarm-centres/{number}", data={"action": "off"})
        ).status_code == 303
        assert seed.one("SELECT enabled FROM alarm_centre") is False
        removed = await admin.post(f"/alarm-centres/{number}", data={"action": "remove"})
        assert removed.status_code == 303
        assert seed.one("SELECT count(*) FROM alarm_centre") == 0
        gone = await admin.post(f"/alarm-centres/{number}", data={"action": "on"})
        assert gone.status_code == 404
    changes = "SELECT array_agg(detail ->> 'change' ORDER BY at, audit_id) FROM audit"
    assert seed.one(changes + " WHERE action = 'centre_changed'") == ["added", "off", "remove"]
