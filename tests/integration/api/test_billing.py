"""A month from what is assigned to the answer, and rejected lines back to work."""

import io
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import Workbook
from psycopg.types.json import Jsonb

from api.accounts.roles import Role
from api.billing.loading import load
from api.billing.tables import BadTableError
from ingest.storage.pool import connect_async
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


HEADING = "gemeente;klantnummer;soort;toewijzingnummer;productcategorie;productcode;eenheid;tarief;"
ASSIGNED = f"""{HEADING}ingangsdatum;einddatum
GM0405;C-SL-1;onderhoud;11;xx;xxxxx;xx;12,50;12-07-2026;
GM0405;C-SL-2;levering;12;xx;yyyyy;xx;1.250,00;20-08-2026;
"""


async def test_what_billing_rests_on_is_loaded_and_declared_by_the_page(  # noqa: PLR0915 - one month, told whole
    database: str, seed: Seed
) -> None:
    register_devices(database, ["sl-1", "sl-2"])

    async def loaded(kind: str, text: str | bytes, *, dry_run: bool = False) -> Any:
        content = text.encode() if isinstance(text, str) else text
        async with await connect_async(database, application="test") as connection:
            return await load(connection, kind, content, dry_run=dry_run)

    bad = await loaded("assignments", ASSIGNED + "GM0405;C-NOBODY;onderhoud;13;x;x;x;1,234;1-1;\n")
    assert [(each.row, each.column) for each in bad.faults] == [(4, "begins_on"), (4, "tariff")]
    strange = ASSIGNED.replace("C-SL-2", "C-NOBODY")
    assert [each.row for each in (await loaded("assignments", strange)).faults] == [3]
    assert (await loaded("assignments", ASSIGNED, dry_run=True)).rows == 2
    assert seed.one("SELECT count(*) FROM billing_assignment") == 0, "all of it, or nothing"
    with pytest.raises(BadTableError, match="tariff"):
        await loaded("assignments", "municipality,client_number\n")
    for _ in range(2):  # the same file again changes nothing
        assert (await loaded("assignments", ASSIGNED)).faults == []
    assert seed.one("SELECT array_agg(tariff_cents ORDER BY number) FROM billing_assignment") == [
        1_250,
        125_000,
    ]
    book = Workbook()
    assert book.active is not None
    for line in (("Klantnummer", "BSN"), ("C-SL-1", 123456782), ("C-SL-2", "111222333")):
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    wrong = await loaded("bsns", "client_number,bsn\nC-SL-1,123456789\n")
    assert "123456789" not in str(wrong.faults), "what is wrong is said without the number"
    assert (await loaded("bsns", file.getvalue())).faults == []
    assert (await loaded("bsns", "client_number,bsn\nC-SL-1,111222333\n")).faults[0].row == 2
    raised = "gemeente;soort;productcategorie;productcode;geldig_vanaf;tarief\n"
    assert (
        await loaded("tariffs", raised + "GM0405;onderhoud;xx;xxxxx;2026-09-01;13,00\n")
    ).faults == []

    async with serve(database, NOW, Role.MANAGER) as client:
        empty = await client.get("/billing")
        assert empty.status_code == 200
        agreed = {"municipality": "GM0405", "agb_code": CONTRACT.agb_code}
        assert (await client.post("/billing/contracts", data=agreed)).status_code == 303
        shown = (await client.get("/billing?municipality=GM0405&month=2026-08")).text
        assert "€ 12,50" in shown, "in August by the assignment's own tariff"
        assert "€ 1.250,00" not in shown, "a delivery in the month after it"
        month = {"municipality": "GM0405", "month": "2026-09"}
        shown = (await client.get("/billing", params=month)).text
        assert "€ 13,00" in shown
        assert "€ 1.263,00" in shown
        assert (await client.post("/billing/declare", data=month)).status_code == 303
        assert (await client.post("/billing/declare", data=month)).status_code == 409
        shown = (await client.get("/billing", params=month)).text
        number = seed.one("SELECT declaration_id FROM billing_declaration")
        assert f"/billing/declarations/{number}/message" in shown
        message = await client.post(f"/billing/declarations/{number}/message")
        assert message.content.count(b"<Bsn>") + message.content.count(b":Bsn>") >= 2
        assert b"1300" in message.content
        seed.run(
            "UPDATE billing_line SET state = 'rejected', return_codes = '{9340}'"
            " WHERE amount_cents = 1300"
        )
        line = seed.one("SELECT line_id FROM billing_line WHERE state = 'rejected'")
        assert "9340" in (await client.get("/billing", params=month)).text
        settled = await client.post(f"/billing/rejected/{line}/settle", data={"how": "gebeld"})
        assert settled.status_code == 303
        assert seed.one("SELECT settled_how FROM billing_line WHERE line_id = %s", line) == "gebeld"
