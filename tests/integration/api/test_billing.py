"""A month from what is assigned to the answer, and rejected lines back to work."""

from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from psycopg.types.json import Jsonb

from api.accounts.roles import Role
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.support.database import register_devices
from tests.unit.api.test_billing import CONTRACT, answered, one

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


@pytest.fixture
def assigned(database: str, seed: Seed) -> None:
    register_devices(database, ["sl-1", "sl-2"])
    seed.run(
        "INSERT INTO billing_contract VALUES ('GM0405', %s)", Jsonb({"agb_code": CONTRACT.agb_code})
    )
    for number, (client, kind, begins, cents) in enumerate(
        (
            ("C-SL-1", "maintenance", "2026-07-12", 1_250),
            ("C-SL-2", "maintenance", "2026-09-02", 1_250),  # from October on
            ("C-SL-2", "delivery", "2026-08-20", 5_000),
        ),
        start=1,
    ):
        seed.run(
            "INSERT INTO billing_assignment (municipality_code, client_id, kind, number,"
            " product_category, product_code, unit, tariff_cents, begins_on)"
            " SELECT 'GM0405', client_id, %s, %s, 'xx', 'xxxxx', 'xx', %s, %s FROM client"
            " WHERE client_number = %s",
            *(kind, str(number), cents, begins, client),
        )
    seed.run(
        "INSERT INTO client_bsn SELECT client_id, '99990000' || client_id FROM client"
        " WHERE client_number = 'C-SL-1'"
    )


@pytest.mark.usefixtures("assigned")
async def test_a_month_is_declared_answered_and_declared_again(database: str, seed: Seed) -> None:
    async with serve(database, NOW, Role.MANAGER) as client:

        async def post(path: str, **sent: Any) -> Any:
            return await client.post(f"/v1/billing/{path}", **sent)

        month = {"municipality": "GM0405", "month": "2026-09"}
        proposal = (await client.get("/v1/billing/proposals", params=month)).json()
        assert [(each["kind"], each["amountCents"]) for each in proposal["items"]] == [
            ("maintenance", 1_250),
            ("delivery", 5_000),
        ]
        made = await post("declarations", json=month)
        declaration = made.json()
        assert (declaration["submittedCents"], declaration["dueOn"]) == (6_250, "2026-10-30")
        assert (await post("declarations", json=month)).status_code == 400  # nothing is left

        path = f"declarations/{declaration['id']}/message"
        assert "1 clients have no citizen service number" in (await post(path)).text
        seed.run(
            "INSERT INTO client_bsn SELECT client_id, '999900099' FROM client"
            " WHERE client_number = 'C-SL-2'"
        )
        message = await post(path)
        assert fromstring(message.content).tag.endswith("Bericht")  # noqa: S314 - ours
        looks = seed.one("SELECT count(*) FROM contact_look WHERE reason = 'declaration'")
        assert looks == 2

        number = declaration["number"]
        lines = one(f"{number}00002", "9340")
        content = answered(lines, granted="1250", submitted="6250").replace(
            b"L000001", number.encode()
        )
        settled = (await post("answers?municipality=GM0405", content=content)).json()
        assert settled["rejected"] == {f"{number}00002": ["9340"]}
        again = await post("answers?municipality=GM0405", content=content)
        assert "answered already" in again.text
        [waiting] = (await client.get("/v1/billing/rejected")).json()["items"]
        assert (waiting["clientNumber"], waiting["returnCodes"]) == ("C-SL-2", ["9340"])

        second = await post("declarations", json={**month, "again": [waiting["id"]]})
        assert second.json()["submittedCents"] == 5_000
        assert (await client.get("/v1/billing/rejected")).json()["items"] == []
        assert (
            await post(f"rejected/{waiting['id']}/settle", json={"how": "nog eens"})
        ).status_code == 404
    async with serve(database, NOW, Role.CONTRACT_MANAGER) as client:
        assert (await client.get("/v1/billing/rejected")).status_code == 403
