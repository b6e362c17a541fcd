"""GET /v1/health."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import COOKIE
from tests.support.database import register_device
from tests.support.rota import on_call


async def health(client: httpx.AsyncClient) -> tuple[int, dict[str, Any], dict[str, str]]:
    response = await client.get("/v1/health")
    body = response.json()
    found: dict[str, Any] = body.get("health", body)
    return response.status_code, found, {part["name"]: part["state"] for part in found["parts"]}


async def test_all_is_well(seed: Seed, client: httpx.AsyncClient) -> None:
    seed.healthy(NOW - timedelta(seconds=2))
    status, found, parts = await health(client)
    assert status == 200
    assert parts["database"] == parts["ingest"] == parts["engine"] == parts["analysis"] == "ok"
    assert found["engineCycleAgeS"] == 2.0
    assert found["listeners"][0]["connected"] is True
    assert found["listeners"][0]["holder"] is None  # the seed's, which is no process


async def test_a_dead_engine_breaks_the_chain(seed: Seed, client: httpx.AsyncClient) -> None:
    seed.healthy(NOW)
    seed.run(
        "UPDATE diagnosis_cursor SET cycled_at = %s WHERE shard = 7", NOW - timedelta(minutes=2)
    )
    response = await client.get("/v1/health")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert "engine: completed a cycle 120 s ago" in response.json()["detail"]


async def test_an_engine_that_never_ran_breaks_the_chain(
    seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    seed.run("UPDATE diagnosis_cursor SET cycled_at = NULL WHERE shard = 7")
    status, found, parts = await health(client)
    assert (status, parts["engine"], found["engineCycleAgeS"]) == (503, "down", None)
    assert parts["database"] == "ok"


@pytest.mark.parametrize(
    ("change", "state", "status"),
    [
        ("listening_since = NULL", "down", 503),
        ("last_shard = 31", "degraded", 200),
        ("beat_at = beat_at - interval '1 minute'", "down", 503),
    ],
)
async def test_shards_that_nobody_hears_are_told(
    change: str, state: str, status: int, seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    seed.run(f"UPDATE listener SET {change}")
    found_status, _, parts = await health(client)
    assert (parts["ingest"], found_status) == (state, status)


async def test_notifications_that_are_overdue_degrade(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    ticket = seed.ticket(register_device(database), opened_at=NOW)
    seed.run(
        "INSERT INTO notification (dedup_key, ticket_id, channel, recipient, payload, created_at,"
        " next_attempt_at) VALUES ('k', %s, 'webhook', 'x', '{}', %s, %s)",
        ticket,
        NOW,
        NOW - timedelta(minutes=5),
    )
    status, found, parts = await health(client)
    assert (status, parts["notifications"], found["notificationsOverdue"]) == (200, "degraded", 1)


async def test_who_cannot_be_reached_and_which_alarm_centre_is_told(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    on_call(database, {"desk": "anna", "mechanic": "bas"})
    seed.run("UPDATE account SET email = 'anna@work.example' WHERE login = 'anna'")
    seed.run(
        "INSERT INTO alarm_centre (name, host, port, account, link_failing_since)"
        " VALUES ('Zuid', 'localhost', 9, '1234', %s)",
        NOW,
    )
    _, found, parts = await health(client)
    (detail,) = (part["detail"] for part in found["parts"] if part["name"] == "notifications")
    assert parts["notifications"] == "degraded"
    assert "Bas is on call and cannot be reached; the link to alarm centre Zuid fails" in detail
    assert "Anna" not in detail


async def test_without_a_database_it_says_so() -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"
    async with serve(url, role=None) as client:
        status, _, parts = await health(client)
        assert (status, parts["database"]) == (503, "down")
        client.cookies.set(COOKIE, "whose we cannot know now")
        page = await client.get("/")
        assert page.status_code == 503
        assert page.headers["refresh"] == "5"


async def test_a_schema_that_is_too_old_is_told(seed: Seed, client: httpx.AsyncClient) -> None:
    seed.healthy(NOW)
    seed.run("DELETE FROM schema_migration WHERE version > 2")
    status, found, parts = await health(client)
    assert (status, parts["database"], found["schemaVersion"]) == (503, "down", 2)


async def test_a_call_that_nobody_could_judge_is_told(
    seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    quarantine = (
        "INSERT INTO quarantine (received_at, topic, payload, reason, detail)"
        " VALUES (%s, %s, 'x', 'unknown_device', 'no such device')"
    )
    seed.run(quarantine, NOW - timedelta(hours=1), "liftwacht/v1/07/sl-999999/status")
    seed.run(quarantine, NOW - timedelta(days=2), "liftwacht/v1/07/sl-999999/call")
    assert (await health(client))[2]["calls"] == "ok"
    seed.run(quarantine, NOW - timedelta(hours=1), "liftwacht/v1/07/sl-999999/call")
    status, found, parts = await health(client)
    assert (status, parts["calls"], found["callsUnread"]) == (200, "degraded", 1)
    board = await client.get("/", headers={"Accept-Language": "nl"})
    assert "Noodoproepen die niet beoordeeld konden worden" in board.text
    assert "dit hulpmiddel is niet geregistreerd" in board.text


async def test_an_analysis_that_lags_degrades_and_breaks_nothing(
    seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    seed.run(
        "INSERT INTO heartbeat VALUES ('d-analysis', 'analysis', %s, '{\"lag_s\": 1200.5}')", NOW
    )
    status, found, parts = await health(client)
    assert (status, parts["analysis"], found["analysisLagS"]) == (200, "degraded", 1200.5)
    seed.run("DELETE FROM heartbeat WHERE part = 'analysis'")
    seed.run("UPDATE analysis_cursor SET cycled_at = NULL WHERE shard = 9")
    status, _, parts = await health(client)
    assert (status, parts["analysis"], parts["engine"]) == (200, "degraded", "ok")


async def test_the_newest_self_test_and_what_is_ill_are_shown(
    database: str, seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    device = register_device(database, "self-test")
    seed.run("UPDATE device SET test = true")
    ticket = seed.ticket(device, opened_at=NOW)
    told = "SELECT count(*) FROM escalation"
    assert seed.one(told) == 0  # nobody is called for a test
    seed.run(
        "INSERT INTO self_test VALUES (%s, %s, %s, %s, %s)",
        ticket,
        NOW - timedelta(seconds=0.4),
        NOW,
        NOW,
        NOW,
    )
    _, found, parts = await health(client)
    assert (parts["self_test"], parts["escalation"]) == ("ok", "ok")
    assert (found["selfTest"]["passed"], found["selfTest"]["tookS"]) == (True, 0.4)
    board = await client.get("/", headers={"Accept-Language": "nl"})
    assert "Laatste zelftest 15:30: 0,4 s van oproep tot antwoord" in board.text
    assert "4 gaten in het rooster, het eerste: Meldkamer vanaf 15:30" in board.text
    seed.run(
        "INSERT INTO platform_trouble (part, detail, since) VALUES ('self_test', 'late', %s)", NOW
    )
    status, found, parts = await health(client)
    assert (status, parts["self_test"], found["troubles"][0]["part"]) == (
        200,
        "degraded",
        "self_test",
    )


async def test_when_nobody_calls_people_the_chain_is_broken(
    seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    seed.run("UPDATE heartbeat SET beat_at = %s", NOW - timedelta(minutes=2))
    status, _, parts = await health(client)
    assert (status, parts["escalation"]) == (503, "down")


async def test_a_dead_bridge_is_told_with_its_side_whatever_others_bring(
    seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    assert (await health(client))[2]["bridge"] == "ok"  # none is needed
    beat = "INSERT INTO heartbeat (process, part, beat_at, detail) VALUES (%s, %s, %s, %s)"
    sides = '{"broker": {"well": %s, "since": "2026-11-21T14:20:00+00:00"},'
    sides += ' "jetstream": {"well": true, "since": "2026-11-20T08:00:00+00:00"}}'
    seed.run(beat, *["bridge a:8884"] * 2, NOW, sides % "true")
    seed.run(beat, *["bridge b:8884"] * 2, NOW - timedelta(seconds=11), sides % "false")
    status, found, parts = await health(client)
    assert (status, parts["bridge"]) == (200, "degraded")
    (detail,) = (each["detail"] for each in found["parts"] if each["name"] == "bridge")
    assert detail == "bridge b:8884 is not well: broker since 2026-11-21T14:20:00"
    seed.run(
        "UPDATE heartbeat SET beat_at = %s WHERE part = 'bridge a:8884'", NOW - timedelta(hours=1)
    )
    status, found, parts = await health(client)
    assert (status, parts["bridge"]) == (503, "down")
    (detail,) = (each["detail"] for each in found["parts"] if each["name"] == "bridge")
    assert detail.startswith("bridge a:8884 is not well: it is silent since 2026-11-2")
    seed.run(
        "UPDATE heartbeat SET beat_at = %s WHERE part LIKE 'bridge%%'", NOW - timedelta(hours=25)
    )
    assert (await health(client))[2]["bridge"] == "ok"  # taken away on purpose


async def test_what_is_missing_is_told_with_since_when(
    seed: Seed, client: httpx.AsyncClient
) -> None:
    seed.healthy(NOW)
    state = (
        "INSERT INTO objective_state (name, label, value, detail, missed_since, measured_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)"
    )
    books = '{"made": 10, "done": 7, "waiting": 1}'
    since = NOW - timedelta(minutes=9)
    seed.run(state, "accounts", "calls", 2, books, since, NOW)
    seed.run(state, "accounts", "stored", 0, books, None, NOW)
    seed.run(state, "disk_free", "/data", 0.1, "{}", since, NOW)
    seed.run(state, "shard_lag", "emergency", 0.5, "{}", None, NOW)
    status, found, parts = await health(client)
    assert (status, parts["accounts"], parts["surroundings"]) == (200, "degraded", "degraded")
    by_name = {part["name"]: part for part in found["parts"]}
    assert by_name["accounts"]["detail"] == "not to be found: 2 of calls"
    assert "disk_free of /data is 0.1 share" in by_name["surroundings"]["detail"]
    for part in ("accounts", "surroundings"):
        assert by_name[part]["since"].startswith(f"{since:%Y-%m-%dT%H:%M:%S}")
    assert by_name["engine"]["since"].startswith(f"{NOW:%Y-%m-%dT%H:%M:%S}")
    assert {"stage": "calls", "made": 10, "done": 7, "waiting": 1, "missing": 2} in found[
        "accounts"
    ]
    missed = {each["label"]: each["met"] for each in found["objectives"]}
    assert missed == {"calls": False, "stored": True, "/data": False, "emergency": True}

    seed.run("UPDATE objective_state SET measured_at = %s", NOW - timedelta(minutes=6))
    assert (await health(client))[2]["accounts"] == "degraded"  # nobody counts any more
    seed.run("DELETE FROM objective_state")
    assert (await health(client))[2]["accounts"] == "ok"
