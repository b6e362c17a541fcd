"""GET /v1/tickets, and what people decide about them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.database import register_device, register_devices


@pytest.fixture
def ticket(database: str, seed: Seed) -> int:
    device_id = register_device(database)
    seed.ride(device_id, start=NOW - timedelta(seconds=40), stuck_at_s=20, seconds=40)
    return seed.ticket(device_id, opened_at=NOW)


async def test_open_emergencies_are_listed_newest_first(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    devices = register_devices(database, ["sl-1-a", "sl-1-b", "sl-1-c"])
    first, second, third = (seed.ticket(each, opened_at=NOW) for each in devices.values())
    seed.over(second)

    response = await client.get("/v1/tickets?priority=1&status=open")
    assert [each["id"] for each in response.json()["items"]] == [third, first]
    response = await client.get("/v1/tickets?status=closed")
    assert [each["id"] for each in response.json()["items"]] == [second]
    page = (await client.get("/v1/tickets?limit=2")).json()
    assert [each["id"] for each in page["items"]] == [third, second]
    rest = (await client.get(f"/v1/tickets?limit=2&cursor={page['nextCursor']}")).json()
    assert [each["id"] for each in rest["items"]] == [first]
    assert rest["nextCursor"] is None
    response = await client.get("/v1/tickets?device=sl-1-a")
    assert [each["id"] for each in response.json()["items"]] == [first]


async def test_a_ticket_has_its_log_its_evidence_and_why(
    ticket: int, client: httpx.AsyncClient
) -> None:
    body = (await client.get(f"/v1/tickets/{ticket}")).json()

    assert body["status"] == "open"
    assert body["onSiteDueAt"] == "2026-11-21T16:30:00.000+00:00"
    assert [event["kind"] for event in body["events"]] == ["opened"]
    [finding] = body["findings"]
    assert finding["level"] == "certain"
    blocked, aboard = body["reasons"]
    assert blocked["parameters"] == {"fault": "carriage_up_edge"}
    assert blocked["text"]["en"].startswith("The lift stands still between landings: ")
    assert aboard["text"]["nl"] != aboard["text"]["en"]
    assert any(sample["fault"] == "carriage_up_edge" for sample in body["samples"])


@pytest.mark.parametrize(
    "engine", ["database", pytest.param("timescale_database", marks=pytest.mark.timescale)]
)
async def test_from_acknowledgement_to_release(engine: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(engine)
    seed = Seed(url)
    number = seed.ticket(register_device(url), opened_at=NOW - timedelta(minutes=3))
    seed.close()

    async with serve(url) as client:
        body = await post(client, number, "acknowledge", {"version": 1})
        assert body["acknowledgedBy"] == "desk"
        assert body["acknowledgedAt"] == "2026-11-21T14:30:00.000+00:00"
        body = await post(client, number, "note", {"text": "Sleutel bij buren"})
        assert body["events"][-1]["detail"] == {"text": "Sleutel bij buren"}
        body = await post(
            client,
            number,
            "confirm-release",
            {
                "version": body["version"],
                "how": "client_by_phone",
                "aidWorks": True,
                "note": "Voetenplank vrij gemaakt",
            },
        )
    assert body["status"] == "closed"
    assert [event["kind"] for event in body["events"]] == [
        "opened",
        "acknowledged",
        "noted",
        "released",
        "repaired",
        "closed",
    ]


async def test_a_decision_on_an_old_version_is_refused(
    ticket: int, client: httpx.AsyncClient
) -> None:
    await post(client, ticket, "acknowledge", {"version": 1})
    response = await client.post(
        f"/v1/tickets/{ticket}/confirm-release",
        json={"version": 1, "how": "client_by_phone", "aidWorks": True},
    )
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    body = (await client.get(f"/v1/tickets/{ticket}")).json()
    assert body["status"] == "open"


async def test_a_closed_ticket_cannot_be_released_again(
    ticket: int, client: httpx.AsyncClient
) -> None:
    release = {"how": "client_by_phone", "version": 1, "aidWorks": True}
    body = await post(client, ticket, "confirm-release", release)
    response = await client.post(
        f"/v1/tickets/{ticket}/confirm-release", json=release | {"version": body["version"]}
    )
    assert response.status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status", "location"),
    [
        ("1/acknowledge", {}, 400, "/version"),
        ("1/acknowledge", {"actor": "Eve", "version": 1}, 400, "/actor"),
        ("1/acknowledge", {"version": 1, "force": True}, 400, "/force"),
        ("1/confirm-release", {"version": 1, "aidWorks": True}, 400, "/how"),
        (
            "1/confirm-release",
            {"version": 1, "how": "hope", "aidWorks": True},
            400,
            "/how",
        ),
        (
            "1/confirm-release",
            {"version": 1, "how": "client_by_phone"},
            400,
            "/aidWorks",
        ),
        ("1/note", {"text": ""}, 400, "/text"),
        ("999/note", {"text": "x"}, 404, None),
        ("0/note", {"text": "x"}, 400, "number"),
    ],
)
async def test_bad_decisions_change_nothing(
    *,
    path: str,
    body: dict[str, Any],
    status: int,
    location: str | None,
    ticket: int,
    client: httpx.AsyncClient,
) -> None:
    response = await client.post(f"/v1/tickets/{path}", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    errors = response.json().get("errors", [])
    assert [error["location"] for error in errors] == ([location] if location else [])
    after = (await client.get(f"/v1/tickets/{ticket}")).json()
    assert after["version"] == 1


async def test_other_methods_are_a_problem_too(ticket: int, client: httpx.AsyncClient) -> None:
    response = await client.delete(f"/v1/tickets/{ticket}")
    assert response.status_code == 405
    assert response.headers["content-type"] == "application/problem+json"
    assert "GET" in response.headers["allow"]


async def test_pages_of_other_sites_cannot_decide(ticket: int, client: httpx.AsyncClient) -> None:
    body = {"version": 1}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ):
        response = await client.post(
            f"/v1/tickets/{ticket}/acknowledge", json=body, headers=headers
        )
        assert response.status_code == 403, headers
    response = await client.get("/v1/tickets", headers={"Host": "evil.example"})
    assert response.status_code == 400


async def post(
    client: httpx.AsyncClient, ticket: int, action: str, body: dict[str, Any]
) -> dict[str, Any]:
    response = await client.post(f"/v1/tickets/{ticket}/{action}", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_who_was_called_stands_in_the_log(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    ticket = seed.ticket(register_device(database), opened_at=NOW)
    seed.event(
        ticket, "escalated", NOW, "system:escalation", how="page", layer="mechanic", people=["bas"]
    )
    seed.event(
        ticket, "escalated", NOW, "system:escalation", how="page", layer="backup", nobody=True
    )
    page = await client.get(f"/tickets/{ticket}", headers={"Accept-Language": "nl"})
    assert "opgeroepen: bas" in page.text
    assert "opgeroepen: Achterwacht" in page.text
    assert "niemand bereikbaar" in page.text
