"""Mechanics on the road: what they see, and what becomes of what they tell afterwards."""

import base64
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.accounts.roles import Role
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import SignedIn, dressed, sign_in
from tests.support.database import register_devices
from tests.support.rota import add_rotation

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MINUTE = timedelta(minutes=1)
DEVICES = [f"sl-{number:06d}" for number in range(1, 7)]


@pytest.fixture
def devices(database: str, seed: Seed) -> list[int]:
    found = register_devices(database, DEVICES)
    for name in DEVICES:
        seed.run(
            "INSERT INTO client_contact (client_id, name, street, key_safe) SELECT client_id, %s,"
            " 'Kerkstraat 9', 'code 4711' FROM client WHERE client_number = %s",
            f"Mevrouw {name}",
            f"C-{name.upper()}",
        )
    return list(found.values())


@pytest.fixture
def bas(database: str) -> SignedIn:
    return sign_in(database, Role.MECHANIC, login="bas", name="Bas de Monteur")


@asynccontextmanager
async def road(
    database: str, who: SignedIn, now: datetime = NOW
) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(database, now, role=None) as client:
        yield dressed(client, who)


def assign(seed: Seed, ticket: int, who: SignedIn) -> int:
    """Give a ticket to somebody, as the desk does."""
    seed.event(ticket, "assigned", NOW, "desk", account=who.account_id)
    seed.run("UPDATE ticket SET assigned_to = %s WHERE ticket_id = %s", who.account_id, ticket)
    return ticket


def item(ticket: int, do: str, at: timedelta = timedelta(), **fields: Any) -> dict[str, Any]:
    said = {"ticket": ticket, "do": do, "requestId": str(uuid4())}
    return said | {"happenedAt": (NOW + at).isoformat()} | fields


async def sync(
    client: httpx.AsyncClient, *items: dict[str, Any], login: str = "bas", **more: Any
) -> list[dict[str, Any]]:
    body = {"login": login, "items": list(items)} | more
    response = await client.post("/v1/visits/sync", json=body)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["items"]
    assert [each["requestId"] for each in found] == [each.get("requestId") for each in items]
    return found


def log(seed: Seed, ticket: int) -> list[tuple[str, datetime]]:
    """What a ticket's log says, and when each was."""
    rows = seed.one(
        "SELECT jsonb_agg(jsonb_build_array(kind, coalesce(happened_at, at)) ORDER BY event_no)"
        " FROM ticket_event WHERE ticket_id = %s",
        ticket,
    )
    return [(kind, datetime.fromisoformat(at)) for kind, at in rows]


async def test_a_whole_visit_told_afterwards(
    database: str, seed: Seed, devices: list[int], bas: SignedIn
) -> None:
    ticket = assign(seed, seed.ticket(devices[0], opened_at=NOW - timedelta(hours=2)), bas)
    items = [
        item(ticket, "accept", -60 * MINUTE),
        item(ticket, "under_way", -55 * MINUTE, minutes="20"),
        item(ticket, "on_site", -35 * MINUTE),
        item(ticket, "safe", -30 * MINUTE, aidWorks="no", note="zat op de tree"),
        item(ticket, "part", -20 * MINUTE, part="veiligheidsrand", number="2"),
        item(ticket, "defect", -15 * MINUTE, text="rail los", usable="yes"),
        item(ticket, "appoint", -10 * MINUTE, day="2026-11-24", begin="09:00", end="11:00"),
        item(ticket, "done", -5 * MINUTE, note="rand vervangen"),
        item(ticket, "sign", -4 * MINUTE, by="mevrouw", drawing=base64.b64encode(PNG).decode()),
        item(ticket, "note", -3 * MINUTE, text="sleutel teruggehangen"),
    ]
    async with road(database, bas) as client:
        found = await sync(client, *items)
        assert [each["state"] for each in found] == ["done"] * len(items), found
        again = await sync(client, *items)
        assert [each["state"] for each in again] == ["done"] * len(items)
        detail = (await client.get(f"/v1/tickets/{ticket}")).json()
    told = log(seed, ticket)
    assert [kind for kind, _ in told if kind not in ("warned", "breached")] == [
        *("opened", "assigned", "acknowledged", "under_way", "on_site", "released", "part_used"),
        *("linked", "appointment_made", "repaired", "closed", "attached", "signed", "noted"),
    ]
    moments = dict(told)
    assert moments["on_site"] == NOW - 35 * MINUTE
    assert moments["released"] == NOW - 30 * MINUTE
    events = {event["kind"]: event["detail"] for event in detail["events"]}
    assert events["repaired"]["by"] == "Bas de Monteur"
    assert events["under_way"]["arrives_at"] == (NOW - 35 * MINUTE).isoformat()
    assert events["appointment_made"]["begin"] == "2026-11-24T09:00:00+01:00"
    assert events["signed"]["attachment"] == detail["attachments"][0]["id"]
    assert seed.one("SELECT priority FROM ticket WHERE kind = 'repair'") == 3
    assert seed.one("SELECT count(*) FROM ticket") == 2


async def test_each_act_once_and_in_order_whatever_the_line_does(
    database: str, seed: Seed, devices: list[int], bas: SignedIn
) -> None:
    """A phone that sends again whatever it heard no answer to, in batches of any size."""
    choose = random.Random(4)  # noqa: S311 - no secret
    async with road(database, bas) as client:
        for device in devices[:3]:
            ticket = assign(seed, seed.repair(device, opened_at=NOW - timedelta(hours=9)), bas)
            told = [
                item(ticket, "note", (number - 60) * MINUTE, text=f"regel {number}")
                for number in range(14)
            ]
            # One that cannot be taken now and then; it is in nobody's way.
            for place in (3, 8):
                told.insert(place, item(ticket, "safe", -10 * MINUTE, aidWorks=True))
            waiting, refused = list(told), 0
            while waiting:
                batch = waiting[: choose.randint(1, 6)]
                found = await sync(client, *batch)
                if choose.random() < 0.5:
                    continue  # the answer never arrived
                if choose.random() < 0.3:
                    await sync(client, *batch)  # an old message arrives late
                for sent, answer in zip(batch, found, strict=True):
                    assert answer["state"] in ("done", "refused")
                    refused += answer["state"] == "refused"
                    waiting.remove(sent)
            assert refused == 2
            noted = [at for kind, at in log(seed, ticket) if kind == "noted"]
            assert noted == [NOW + (number - 60) * MINUTE for number in range(14)]


async def test_what_cannot_be_taken_says_why_and_holds_nothing_up(
    database: str, seed: Seed, devices: list[int], bas: SignedIn
) -> None:
    emergency = assign(seed, seed.ticket(devices[0], opened_at=NOW - timedelta(hours=1)), bas)
    carla = sign_in(database, Role.MECHANIC, login="carla")
    hers = assign(seed, seed.repair(devices[1], opened_at=NOW), carla)
    nobodys = seed.repair(devices[2], opened_at=NOW, priority=2)
    seed.event(emergency, "called", NOW - 5 * MINUTE, "system:lift", call_id="c1")
    items = [
        item(emergency, "done", note="te vroeg"),
        item(emergency, "safe", -6 * MINUTE, aidWorks=True),
        item(hers, "accept"),
        item(hers, "note", text="mag niet"),
        item(nobodys, "accept"),
        item(987654, "on_site"),
        item(emergency, "dance"),
        {"requestId": "x", "nonsense": [1]},
        item(emergency, "note", text="nul \x00 byte"),
        item(emergency, "sign", by="mevrouw"),
        item(emergency, "on_site", -40 * 24 * 60 * MINUTE),
        item(emergency, "part", part="x" * 201),
        item(emergency, "on_site", -7 * MINUTE),
    ]
    async with road(database, bas) as client:
        found = await sync(client, *items)
        assert [(each["state"], each["why"]) for each in found] == [
            ("refused", "not_safe"),
            ("refused", "newer_alarm"),
            ("refused", "taken"),
            ("refused", "not_yours"),
            ("refused", "not_on_call"),
            ("refused", "unknown"),
            *[("refused", "invalid")] * 6,
            ("done", None),
        ]
        assert all(each["detail"] for each in found[:-1])
        for body in ({"login": "carla", "items": [item(hers, "on_site")]}, {"login": "bas"}):
            refusal = await client.post("/v1/visits/sync", json=body)
            assert refusal.status_code == (409 if "items" in body else 400)
    assert [kind for kind, _ in log(seed, hers)] == ["opened", "assigned"]


async def test_a_phone_whose_clock_is_wrong(
    database: str, seed: Seed, devices: list[int], bas: SignedIn
) -> None:
    ticket = assign(seed, seed.ticket(devices[0], opened_at=NOW - timedelta(hours=1)), bas)
    async with road(database, bas) as client:
        # Twenty minutes ahead, on the way and when it is sent.
        ahead = (NOW + 20 * MINUTE).isoformat()
        [found] = await sync(client, item(ticket, "on_site", 10 * MINUTE), sentAt=ahead)
        assert (found["state"], found["aheadS"]) == ("done", 1200.0)
        assert datetime.fromisoformat(found["happenedAt"]) == NOW - 10 * MINUTE
        # Set meanwhile: nobody knows when the person was safe, and somebody may have called since.
        [found] = await sync(
            client, item(ticket, "safe", 30 * MINUTE, aidWorks=True), sentAt=NOW.isoformat()
        )
        assert (found["state"], found["why"]) == ("refused", "clock")
        [found] = await sync(client, item(ticket, "note", 30 * MINUTE, text="later"))
        assert datetime.fromisoformat(found["happenedAt"]) == NOW
    assert dict(log(seed, ticket))["on_site"] == NOW - 10 * MINUTE
    notes = seed.one("SELECT array_agg(detail ->> 'text') FROM ticket_event WHERE kind = 'noted'")
    assert "De klok van de telefoon liep 20 min voor; de tijd hiervoor is verbeterd." in notes


async def test_whoever_is_on_call_takes_on_what_is_nobodys_and_others_see_none_of_it(
    database: str, seed: Seed, devices: list[int], bas: SignedIn
) -> None:
    add_rotation(database, "mechanic", [bas.account_id])
    carla = sign_in(database, Role.MECHANIC, login="carla")
    emergency = seed.ticket(devices[0], opened_at=NOW - 5 * MINUTE)
    seed.event(emergency, "reported", NOW, "desk", text="zij roept", caller="dochter Anja")
    not_urgent = seed.repair(devices[1], opened_at=NOW)
    hers = assign(seed, seed.repair(devices[2], opened_at=NOW, priority=2), carla)
    async with road(database, bas) as client:
        page = (await client.get("/visits")).text
        assert DEVICES[0] in page
        assert DEVICES[1] not in page
        assert DEVICES[2] not in page
        visit = (await client.get(f"/visits/{emergency}")).text
        assert "zij roept" in visit
        assert "Kerkstraat" not in visit, "no contact before it is theirs"
        for foreign in (not_urgent, hers, 987654):
            assert (await client.get(f"/visits/{foreign}")).status_code == 404
        assert "Anja" not in (await client.get(f"/v1/tickets/{emergency}")).text
        form = {"do": "accept", "request_id": str(uuid4())}
        for _ in range(2):
            taken = await client.post(f"/visits/{emergency}", data=form)
            assert taken.headers["location"] == f"/visits/{emergency}"
        assert [kind for kind, _ in log(seed, emergency)][-2:] == ["assigned", "acknowledged"]
        visit = (await client.get(f"/visits/{emergency}")).text
        assert "Mevrouw sl-000001" in visit
        assert "code 4711" in visit
        assert "geo:0,0?q=Kerkstraat" in visit
        assert "Anja" in (await client.get(f"/v1/tickets/{emergency}")).text
        refused = await client.post(
            f"/visits/{emergency}",
            data=form
            | {
                "do": "done",
                "request_id": str(uuid4()),
            },
        )
        assert refused.headers["location"].endswith("?refused=not_safe")
        paged = await client.get(f"/tickets/{emergency}")
        assert paged.headers["location"] == f"/visits/{emergency}"
        assert (await client.get(f"/tickets/{emergency}?contact=show")).status_code == 200
        dressed(client, carla)
        assert DEVICES[0] not in (await client.get("/visits")).text
        assert (await client.get(f"/visits/{emergency}")).status_code == 404
        late = await sync(client, item(emergency, "accept"), login="carla")
        assert late[0]["why"] == "taken"
    looks = seed.one(
        "SELECT array_agg(concat_ws(' ', account_id, reason, ticket_id)) FROM contact_look"
    )
    assert looks == [f"{bas.account_id} {why} {emergency}" for why in ("visit", "caller", "ticket")]


async def test_who_visits_reads_that_the_clients_data_are_restricted(
    database: str, seed: Seed, devices: list[int], bas: SignedIn
) -> None:
    add_rotation(database, "mechanic", [bas.account_id])
    restricted, other, nobodys = (seed.ticket(each, opened_at=NOW) for each in devices[:3])
    for ticket in (restricted, other):
        assign(seed, ticket, bas)
    seed.run(
        "WITH asked AS ("
        " INSERT INTO subject_request (municipality_code, client_id, kind, via, received_at,"
        "  registered_at, due_at)"
        " SELECT municipality_code, client_id, 'restriction', 'letter', %s, %s, %s"
        " FROM ticket WHERE ticket_id = ANY (%s) RETURNING *)"
        " INSERT INTO client_restriction (client_id, municipality_code, request_id, since)"
        " SELECT client_id, municipality_code, request_id, received_at FROM asked",
        *(NOW, NOW, NOW, [restricted, nobodys]),
    )
    banner = "Verwerking beperkt."
    async with road(database, bas) as client:
        assert banner in (await client.get(f"/visits/{restricted}")).text
        assert banner not in (await client.get(f"/visits/{other}")).text
        assert banner not in (await client.get(f"/visits/{nobodys}")).text, "not before it is his"


async def test_a_photo_is_kept_once_and_of_ones_own_visits_alone(
    database: str, seed: Seed, devices: list[int], bas: SignedIn
) -> None:
    ticket = assign(seed, seed.repair(devices[0], opened_at=NOW), bas)
    carla = sign_in(database, Role.MECHANIC, login="carla")
    query = {"login": "bas", "name": "voor.jpg", "requestId": str(uuid4())}
    query |= {"happenedAt": (NOW - 9 * MINUTE).isoformat(), "sentAt": NOW.isoformat()}
    async with road(database, bas) as client:

        async def send(content: bytes = PNG, **more: str) -> httpx.Response:
            return await client.post(
                f"/v1/visits/{ticket}/photos",
                params=query | more,
                content=content,
                headers={"Content-Type": "image/png"},
            )

        first, second = await send(), await send()
        assert first.json() == second.json()
        assert (await send(b"GIF89a")).status_code == 400
        number = first.json()["id"]
        got = await client.get(f"/v1/tickets/{ticket}/attachments/{number}")
        assert got.content == PNG
        dressed(client, carla)
        assert (await send()).status_code == 409
        assert (await send(login="carla")).status_code == 409
        hidden = await client.get(f"/v1/tickets/{ticket}/attachments/{number}")
        assert hidden.status_code == 404
    assert log(seed, ticket)[-1] == ("attached", NOW - 9 * MINUTE)


async def test_the_worker_may_serve_the_visits(client: httpx.AsyncClient) -> None:
    worker = await client.get("/visits/worker.js")
    assert worker.headers["service-worker-allowed"] == "/visits"
    assert "javascript" in worker.headers["content-type"]
    assert "worker-src 'self'" in worker.headers["content-security-policy"]
