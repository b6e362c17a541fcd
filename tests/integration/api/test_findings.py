"""GET /v1/findings and /v1/incidents, and what becomes of repairs."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.database import register_device, register_devices

FORECAST = {"at": NOW.isoformat(), "days_low": 10, "days_median": 20.5, "days_high": None}


async def listed(client: httpx.AsyncClient, query: str) -> list[Any]:
    response = await client.get(f"/v1/findings?{query}")
    assert response.status_code == 200, response.text
    return [each["what"] for each in response.json()["items"]]


async def test_findings_are_listed_by_what_they_ask_for(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    one, two = register_devices(database, ["sl-1-a", "sl-1-b"]).values()
    seed.finding(one, "battery_worn", "advice", at=NOW, confidence=0.75, forecast=FORECAST)
    seed.finding(two, "overload", "signal", at=NOW, otherwise=[{"code": "seat_empty"}])
    seed.finding(two, "offline", "notice", at=NOW, ended_at=NOW)
    seed.finding(one, "flapping", "repair", at=NOW, level="passed")
    assert await listed(client, "") == ["flapping", "offline", "overload", "battery_worn"]
    assert await listed(client, "asks=advice") == ["battery_worn"]
    assert await listed(client, "asks=signal&status=open") == ["overload"]
    assert await listed(client, "status=open") == ["overload", "battery_worn"]
    assert await listed(client, "status=ended") == ["flapping", "offline"]
    assert await listed(client, "device=sl-1-a&what=battery_worn") == ["battery_worn"]
    assert await listed(client, "municipality=GM0637") == []
    page = (await client.get("/v1/findings?limit=3")).json()
    assert await listed(client, f"limit=3&cursor={page['nextCursor']}") == ["battery_worn"]


async def test_a_finding_says_why_how_sure_what_else_and_when(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    device_id = register_device(database)
    seed.finding(
        device_id,
        "battery_worn",
        "advice",
        at=NOW,
        confidence=0.75,
        otherwise=[{"code": "seat_empty"}],
        forecast=FORECAST,
    )
    (found,) = (await client.get("/v1/findings")).json()["items"]
    assert (found["device"], found["asks"], found["usable"]) == ("sl-000001", "advice", True)
    assert found["confidence"] == pytest.approx(0.75)
    assert found["forecast"]["daysMedian"] == pytest.approx(20.5)
    assert found["forecast"]["daysHigh"] is None
    assert found["reasons"][0]["text"]["nl"] == "Er zit iemand op de lift."
    assert found["otherwise"][0]["text"]["nl"] == "De stoel is leeg."
    assert found["ticket"] is None


@pytest.mark.parametrize(
    "engine", ["database", pytest.param("timescale_database", marks=pytest.mark.timescale)]
)
async def test_a_repair_is_done(engine: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(engine)
    seed = Seed(url)
    number = seed.repair(register_device(url), opened_at=NOW - timedelta(days=1))
    async with serve(url) as client:
        body = (await client.get(f"/v1/tickets/{number}")).json()
        assert (body["kind"], body["what"], body["priority"]) == ("repair", "fault", 3)
        assert body["onSiteDueAt"] is None
        done = {
            "version": 1,
            "repairedBy": "M. Teur",
            "repairedAt": (NOW - timedelta(hours=1)).isoformat(),
        }
        late = done | {"repairedAt": (NOW + timedelta(hours=1)).isoformat()}
        response = await client.post(f"/v1/tickets/{number}/repaired", json=late)
        assert (response.status_code, response.json()["errors"][0]["location"]) == (
            400,
            "/repairedAt",
        )
        release = {"version": 1, "how": "client_by_phone", "aidWorks": True}
        response = await client.post(f"/v1/tickets/{number}/confirm-release", json=release)
        assert (response.status_code, "another kind: repair" in response.json()["detail"]) == (
            409,
            True,
        )
        body = (await client.post(f"/v1/tickets/{number}/repaired", json=done)).json()
        assert (body["status"], body["closedAt"]) == ("closed", "2026-11-21T14:30:00.000+00:00")
        assert body["events"][-2]["detail"]["by"] == "M. Teur"
        (found,) = body["findings"]
        assert found["endedAt"] is not None
        response = await client.post(f"/v1/tickets/{number}/repaired", json=done | {"version": 2})
        assert response.status_code == 409
    seed.close()


async def test_tickets_are_listed_by_kind(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    device_id = register_device(database)
    emergency = seed.ticket(device_id, opened_at=NOW)
    repair = seed.repair(device_id, opened_at=NOW)
    for kind, number in (("emergency", emergency), ("repair", repair)):
        items = (await client.get(f"/v1/tickets?kind={kind}")).json()["items"]
        assert [each["id"] for each in items] == [number]
    response = await client.post(
        f"/v1/tickets/{emergency}/repaired", json={"version": 1, "repairedBy": "b"}
    )
    assert response.status_code == 409
    device = (await client.get("/v1/devices/sl-000001")).json()
    assert device["openTicket"] == emergency


async def test_an_outage_of_an_area_is_one_incident(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    devices = register_devices(database, ["sl-1-a", "sl-1-b", "sl-1-c"], postcode4=1621)
    number = seed.incident(1621, devices.values(), since=NOW)
    seed.run("UPDATE incident_device SET back_at = %s WHERE device_id = %s", NOW, 1)
    (found,) = (await client.get("/v1/incidents?status=open")).json()["items"]
    assert (found["id"], found["area"], found["municipality"]["name"]) == (number, 1621, "Hoorn")
    assert (found["offline"], found["aids"], len(found["devices"])) == (2, 6, 3)
    seed.run("UPDATE incident SET ended_at = %s", NOW)
    assert (await client.get("/v1/incidents?status=open")).json()["items"] == []
    assert len((await client.get("/v1/incidents")).json()["items"]) == 1
