"""GET /v1/devices and what lies under it."""

from datetime import timedelta

import httpx
import pytest

from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.database import register_device, register_devices


async def test_pages_of_devices_follow_each_other_without_gaps(
    database: str, client: httpx.AsyncClient
) -> None:
    names = [f"sl-{number:06d}" for number in range(1, 8)]
    register_devices(database, names)

    found = []
    url: str | None = "/v1/devices?limit=3"
    pages = 0
    while url:
        response = await client.get(url)
        found += [device["name"] for device in response.json()["items"]]
        cursor = response.json()["nextCursor"]
        assert ('rel="next"' in response.headers.get("link", "")) == (cursor is not None)
        url = f"/v1/devices?limit=3&cursor={cursor}" if cursor else None
        pages += 1

    assert found == names
    assert pages == 3


async def test_devices_are_filtered(database: str, seed: Seed, client: httpx.AsyncClient) -> None:
    hoorn = register_devices(database, ["sl-hoorn-1", "sl-hoorn-2"])
    other = register_device(database, "sl-zoet", municipality_code="GM0637", postcode4=2715)
    seed.presence(hoorn["sl-hoorn-1"], online=True, at=NOW)
    seed.presence(other, online=False, at=NOW, reason="lost")
    seed.fault(other, "relay", at=NOW)

    async def names(query: str) -> list[str]:
        response = await client.get(f"/v1/devices?{query}")
        assert response.status_code == 200
        return [device["name"] for device in response.json()["items"]]

    assert await names("municipality=GM0637") == ["sl-zoet"]
    assert await names("state=online") == ["sl-hoorn-1"]
    assert await names("state=offline") == ["sl-zoet"]
    assert await names("state=unknown") == ["sl-hoorn-2"]
    assert await names("fault=any") == ["sl-zoet"]
    assert await names("fault=relay") == ["sl-zoet"]
    assert await names("fault=brake") == []


async def test_a_device_is_told_in_full(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    device_id = register_device(database)
    seed.presence(device_id, online=True, at=NOW - timedelta(hours=1))
    seed.fault(device_id, "carriage_up_edge", at=NOW)
    seed.latest(device_id, at=NOW)
    ticket = seed.ticket(device_id, opened_at=NOW)

    device = (await client.get("/v1/devices/sl-000001")).json()

    assert device["municipality"] == {"code": "GM0405", "name": "Hoorn"}
    assert device["link"]["state"] == "online"
    assert device["link"]["since"] == "2026-11-21T13:30:00.000+00:00"
    assert [fault["code"] for fault in device["faults"]] == ["carriage_up_edge"]
    assert device["latest"]["seat"] == "occupied"
    assert device["latest"]["landing"] == "between"
    assert device["latest"]["contacts"] == ["carriage_up"]
    assert device["latest"]["positionMm"] == 2100
    assert device["openTicket"] == ticket
    assert device["clientNumber"] == "C-SL-000001"


@pytest.mark.parametrize(
    "engine", ["database", pytest.param("timescale_database", marks=pytest.mark.timescale)]
)
async def test_without_an_interval_telemetry_is_the_last_ride(
    engine: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(engine)
    device_id = register_device(url)
    seed = Seed(url)
    seed.ride(device_id, start=NOW - timedelta(hours=5))
    seed.ride(device_id, start=NOW - timedelta(minutes=10), seconds=60, stuck_at_s=20)
    seed.close()

    async with serve(url) as client:
        response = await client.get("/v1/devices/sl-000001/telemetry")

    samples = response.json()["samples"]
    assert samples[0]["landing"] == "bottom"
    assert samples[-1]["fault"] == "carriage_up_edge"
    assert "sos" in samples[-1]["signals"]
    assert samples[0]["measuredAt"] == "2026-11-21T14:19:59.500+00:00"
    assert all(sample["measuredAt"] >= samples[0]["measuredAt"] for sample in samples)


async def test_telemetry_of_an_interval_in_columns(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    device_id = register_device(database)
    seed.ride(device_id, start=NOW - timedelta(minutes=10))

    response = await client.get(
        "/v1/devices/sl-000001/telemetry",
        params={
            "from": (NOW - timedelta(minutes=10)).isoformat(),
            "until": (NOW - timedelta(minutes=9)).isoformat(),
            "layout": "columns",
            "limit": 10,
        },
    )

    body = response.json()
    assert body["truncated"] is True
    assert {len(column) for column in body["columns"].values()} == {10}
    assert body["columns"]["measuredAt"][0] == "2026-11-21T14:20:00.000+00:00"
    assert body["columns"]["speedMmS"][0] == 0
    assert body["from"] == "2026-11-21T14:20:00.000+00:00"


async def test_a_lift_that_never_rode_has_no_ride(database: str, client: httpx.AsyncClient) -> None:
    register_device(database)
    body = (await client.get("/v1/devices/sl-000001/telemetry")).json()
    assert body["samples"] == []
    assert body["from"] is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/devices/sl-unknown", 404),
        ("/v1/devices/Not_A_Name", 400),
        ("/v1/devices?cursor=!!", 400),
        ("/v1/devices?limit=0", 400),
        ("/v1/devices?municipality=Hoorn", 400),
        ("/v1/devices/sl-000001/telemetry?from=yesterday", 400),
        ("/v1/devices/sl-000001/telemetry?from=2026-11-21T14:00:00", 400),
        (
            "/v1/devices/sl-000001/telemetry?from=2026-11-21T14:00:00Z&until=2026-11-21T13:00:00Z",
            400,
        ),
    ],
)
async def test_what_cannot_be_answered_is_a_problem(
    path: str, status: int, database: str, client: httpx.AsyncClient
) -> None:
    register_device(database)
    response = await client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    if status == 400:
        assert body["errors"][0]["location"]
