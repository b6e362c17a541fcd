"""Who is on call, and who takes over: read, changed, and refused with a reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from api.accounts.roles import Role
from diagnostics.tickets.calendar import dutch_day
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.rota import add_account, on_call


def iso(hours: float) -> str:
    return (NOW + timedelta(hours=hours)).isoformat()


def take_over(**changes: Any) -> dict[str, Any]:
    asked = {
        "layer": "mechanic",
        "begin": iso(1),
        "end": iso(3),
        "person": "carla",
        "insteadOf": "bas",
        "reason": "tandarts",
    }
    return asked | changes


async def people(client: httpx.AsyncClient, layer: str) -> list[list[str]]:
    """Return who is on call on a layer, shift by shift."""
    schedule = (await client.get("/v1/rota", params={"days": 1})).json()
    shifts = [each for each in schedule["shifts"] if each["layer"] == layer]
    return [[person["login"] for person in each["people"]] for each in shifts]


async def test_managers_change_the_rota_and_everybody_on_it_sees_it(
    database: str, seed: Seed
) -> None:
    assert seed
    on_call(database)
    async with serve(database, role=Role.MANAGER) as manager:
        made = await manager.post("/v1/rota/overrides", json=take_over())
        assert made.status_code == 200, made.text
        assert await people(manager, "mechanic") == [["bas"], ["carla"], ["bas"]]
        swap = {
            "layer": "mechanic",
            "first": {"person": "carla", "begin": iso(1), "end": iso(2)},
            "second": {"person": "bas", "begin": iso(4), "end": iso(5)},
        }
        assert len((await manager.post("/v1/rota/swaps", json=swap)).json()["ids"]) == 2
        assert await people(manager, "mechanic") == [
            ["bas"],
            ["carla"],
            ["bas"],
            ["carla"],
            ["bas"],
        ]
        nobody = take_over(layer="manager", person=None, insteadOf=None)
        await manager.post("/v1/rota/overrides", json=nobody)
        schedule = (await manager.get("/v1/rota")).json()
        assert [each["layer"] for each in schedule["gaps"]] == ["manager"]
        overrides = (await manager.get("/v1/rota/overrides")).json()["items"]
        assert {each["madeBy"] for each in overrides} == {"manager"}

        rotation = {
            "layer": "desk",
            "turn": "day",
            "firstDay": "2026-11-21",
            "hours": {"begin": "22:00", "end": "07:00", "weekdays": [5]},
            "people": ["dirk", "carla"],
        }
        made = await manager.post("/v1/rota/rotations", json=rotation)
        number = made.json()["ids"][0]
        assert await people(manager, "desk") == [["anna"], ["anna", "dirk"], ["anna"]]
        end = {"lastDay": "2026-11-22"}
        ended = await manager.post(f"/v1/rota/rotations/{number}/end", json=end)
        items = {each["id"]: each["lastDay"] for each in ended.json()["items"]}
        assert items[number] == "2026-11-22"
    async with serve(database, role=Role.MECHANIC) as mechanic:
        assert len(await people(mechanic, "mechanic")) == 5
        page = await mechanic.get("/rota")
        assert page.status_code == 200
        assert 'action="/rota/overrides"' not in page.text
        assert (await mechanic.post("/v1/rota/overrides", json=take_over())).status_code == 403


@pytest.mark.parametrize(
    ("changes", "where", "detail"),
    [
        ({"person": "emma"}, "/person", "nobody is known as 'emma'"),
        ({"person": "bas"}, "/person", "'bas' cannot take over from themselves"),
        ({"end": iso(0.5)}, "/end", "is not after begin"),
        ({"begin": iso(-3), "end": iso(-1)}, "/end", "is in the past"),
        ({"insteadOf": "dirk"}, "/insteadOf", "'dirk' is not on call then, on layer mechanic"),
        ({"begin": "9999-12-31T23:00:00Z"}, "/begin", "the year must be from 2000 to 2100"),
    ],
)
async def test_what_cannot_be_relied_on_is_refused(
    changes: dict[str, Any], where: str, detail: str, database: str, seed: Seed
) -> None:
    on_call(database)
    async with serve(database, role=Role.MANAGER) as client:
        answer = await client.post("/v1/rota/overrides", json=take_over(**changes))
    assert answer.status_code == 400, answer.text
    (error,) = answer.json()["errors"]
    assert error["location"] == where
    assert detail in error["detail"]
    assert seed.one("SELECT count(*) FROM rota_override") == 0


async def test_half_a_swap_is_none(database: str, seed: Seed) -> None:
    on_call(database)
    form = {
        "layer": "mechanic",
        "first": "bas",
        "first_begin": "2026-11-21T18:00",
        "first_end": "2026-11-21T19:00",
        "second": "carla",
        "second_begin": "2026-11-21T20:00",
        "second_end": "2026-11-21T21:00",
    }
    async with serve(database, role=Role.MANAGER) as client:
        answer = await client.post("/rota/swaps", data=form, headers={"Accept-Language": "nl"})
        assert answer.status_code == 400
        assert "staat dan niet op die laag van het rooster" in answer.text
        assert seed.one("SELECT count(*) FROM rota_override") == 0


async def test_who_left_is_missed_and_can_be_replaced(database: str, seed: Seed) -> None:
    on_call(database)
    add_account(database, "emma", "mechanic")
    seed.run("UPDATE account SET disabled_at = now() WHERE login = 'bas'")
    async with serve(database, role=Role.MANAGER) as client:
        schedule = (await client.get("/v1/rota")).json()
        assert {each["layer"] for each in schedule["gaps"]} == {"mechanic"}
        page = await client.get("/rota", headers={"Accept-Language": "nl"})
        assert "Niemand bereikbaar in de komende veertien dagen" in page.text
        asked = take_over(insteadOf=None, person="emma")
        assert (await client.post("/v1/rota/overrides", json=asked)).status_code == 200
        assert await people(client, "mechanic") == [[], ["emma"], []]


def test_until_which_day_somebody_is_on_call_is_a_day_of_the_netherlands(database: str) -> None:
    """Whatever zone the session has: of these two one is always at another date."""
    on_call(database, {"desk": "anja"})
    for days, unreachable in ((0, ["anja"]), (-1, [])):
        last = dutch_day(datetime.now(UTC)) + timedelta(days=days)
        for zone in ("Etc/GMT+12", "Pacific/Kiritimati"):
            with psycopg.connect(database, options=f"-c timezone={zone}") as connection:
                connection.execute("UPDATE rotation SET last_day = %s", (last,))
                found = connection.execute("SELECT login FROM unreachable_on_call").fetchall()
            assert [login for (login,) in found] == unreachable, (zone, last)
