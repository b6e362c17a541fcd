"""Campaigns as administrators see them: the list, the rings, pausing and resuming."""

from datetime import timedelta

from api.accounts.roles import Role
from diagnostics.campaigns import clockwork, service
from diagnostics.campaigns.model import Aids, Plan
from gateway.protocol.messages import RemoteSettings
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW
from tests.support.database import register_device
from tests.support.worker import query


async def test_a_campaign_on_its_page(either_database: str) -> None:
    register_device(either_database)
    query(
        either_database,
        "INSERT INTO device_presence (device_id, session, online, reason, changed_at, firmware)"
        " SELECT device_id, 1, true, 'connected', %s, '1.0.0' FROM device WHERE NOT test"
        " RETURNING 1",
        NOW - timedelta(days=1),
    )
    async with await connect_async(either_database, application="test") as conn:
        async with conn.transaction():
            await service.begin(
                conn,
                name="Eerder bellen",
                what=RemoteSettings(stopped_ms=20_000),
                aids=Aids(kinds=("stairlift",)),
                plan=Plan(rings=(50, 100), rest_h=12),
                actor="system:command",
                now=NOW,
            )
        await clockwork.tick(conn, NOW)
    async with serve(either_database) as desk:
        assert (await desk.get("/campaigns")).status_code == 403
    async with serve(either_database, role=Role.MANAGER) as manager:
        page = (await manager.get("/campaigns/1?lang=nl")).text
        assert "stopped_ms = 20000" in page
        assert "<button" not in page.split('id="main"')[1]  # sees, and does nothing
        refused = await manager.post("/campaigns/1", data={"action": "pause"})
        assert refused.status_code == 403
    async with serve(either_database, role=Role.ADMINISTRATOR) as administrator:
        listed = (await administrator.get("/campaigns?lang=nl")).text
        assert "1. Eerder bellen" in listed
        assert "loopt" in listed
        why = {"action": "pause", "why": "klachten uit Hoorn"}
        assert (await administrator.post("/campaigns/1", data=why)).status_code == 303
        again = await administrator.post("/campaigns/1", data=why)
        assert again.status_code == 409
        page = (await administrator.get("/campaigns/1?lang=nl")).text
        assert "klachten uit Hoorn" in page
        assert "Een ring rust 12 uur zodra 90 % ervan bevestigd is" in page
        assert "gepauzeerd" in page
        assert "Hervatten" in page
        assert "Pauzeren</button>" not in page
        resumed = await administrator.post("/campaigns/1", data={"action": "resume"})
        assert resumed.status_code == 303
        stopped = await administrator.post("/campaigns/1", data={"action": "stop"})
        assert stopped.status_code == 303
        assert (await administrator.get("/campaigns/9")).status_code == 404
    assert query(either_database, "SELECT state FROM campaign") == [("stopped",)]
    kinds = query(either_database, "SELECT kind FROM campaign_event ORDER BY event_id")
    assert [kind for (kind,) in kinds][-3:] == ["paused", "resumed", "stopped"]
