"""The service does all its work as its own role, which may do little else."""

from datetime import timedelta

from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.database import register_device


async def test_everything_works_as_liftwacht_api(database: str, seed: Seed) -> None:
    device_id = register_device(database)
    seed.healthy(NOW)
    seed.ride(device_id, start=NOW - timedelta(minutes=1), stuck_at_s=20)
    ticket = seed.ticket(device_id, opened_at=NOW)

    async with serve(database) as client:
        for path in (
            "/",
            f"/tickets/{ticket}",
            "/devices/sl-000001",
            "/v1/devices",
            "/v1/devices/sl-000001/telemetry",
            "/v1/tickets",
            f"/v1/tickets/{ticket}",
            "/v1/health",
        ):
            response = await client.get(path)
            assert response.status_code == 200, (path, response.text)
        version = 1
        for action, body in (
            ("acknowledge", {"version": version}),
            ("note", {"text": "x"}),
            ("confirm-release", {"how": "client_by_phone", "aidWorks": False}),
        ):
            sent = body | ({"version": version} if "how" in body else {})
            response = await client.post(f"/v1/tickets/{ticket}/{action}", json=sent)
            assert response.status_code == 200, (action, response.text)
            version = response.json()["version"]
        said = {"device": "sl-000001", "kind": "repair", "source": "phone", "text": "x"}
        reported = await client.post("/v1/tickets", json=said | {"usable": True})
        assert reported.status_code == 201, reported.text
        other = reported.json()["id"]
        response = await client.post(
            f"/v1/tickets/{other}/attachments?name=a.pdf",
            content=b"%PDF-",
            headers={"Content-Type": "application/pdf"},
        )
        assert response.status_code == 201, response.text
        split = {"text": "x", "usable": False}
        assert (await client.post(f"/v1/tickets/{other}/split", json=split)).status_code == 201
        assign = {"account": seed.one("SELECT account_id FROM account LIMIT 1")}
        assert (await client.post(f"/v1/tickets/{other}/assign", json=assign)).status_code == 200
        into = {"ticket": ticket}
        assert (await client.post(f"/v1/tickets/{other}/merge", json=into)).status_code == 200
