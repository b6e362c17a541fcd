"""An aid is lent anew in another municipality: what happened before stays where it happened."""

from datetime import timedelta

from api.accounts.roles import Role
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.integration.api.test_contract_figures import order
from tests.support.database import register_devices

HOORN, MEDEMBLIK = "GM0405", "GM0420"
AGO = NOW - timedelta(days=60)


async def test_what_happened_belongs_to_where_the_aid_was(database: str, seed: Seed) -> None:
    (aid,) = register_devices(database, ["sl-1"]).values()
    order(seed, aid, AGO - timedelta(days=30), done=AGO - timedelta(days=20))
    before = seed.ticket(aid, opened_at=AGO)
    seed.over(before)
    seed.run(
        "INSERT INTO misuse_case (device_id, client_id, municipality_code, kind, dedup_key,"
        " opened_at, item, since, stage, reported_at, decide_by)"
        " SELECT device_id, client_id, municipality_code, 'unused', 'unused', %s, 'no_use', %s,"
        " 'reported', %s, %s FROM device",
        *(AGO, AGO, AGO, AGO),
    )
    unfinished = seed.repair(aid, opened_at=AGO, what="battery")
    # As a hand-over in another municipality does it.
    register_devices(database, ["sl-2"], municipality_code=MEDEMBLIK, postcode4=1671)
    seed.run(
        "UPDATE device SET (client_id, municipality_code, postcode4) ="
        " (SELECT client_id, municipality_code, postcode4 FROM device WHERE name = 'sl-2')"
        " WHERE name = 'sl-1'"
    )
    after = seed.repair(aid, opened_at=NOW, what="fault")
    had = "SELECT count(*) FROM lent JOIN client USING (client_id) WHERE device_id = %s AND "
    assert seed.one(f"{had} client_number = 'C-SL-1' AND end_at IS NOT NULL", aid) == 1
    assert seed.one(f"{had} client_number = 'C-SL-2' AND end_at IS NULL", aid) == 1, "by no order"

    for code, own in ((HOORN, {before, unfinished}), (MEDEMBLIK, {after})):
        others = {before, unfinished, after} - own
        async with serve(database, NOW, Role.MUNICIPALITY) as client:
            seed.run("UPDATE account SET municipality_code = %s", code)
            listed = (await client.get("/v1/tickets")).json()["items"]
            assert {each["id"] for each in listed} == own
            assert {each["municipality"]["code"] for each in listed} == {code}
            assert {each["device"] for each in listed} == {"sl-1"}
            for number in own:
                ticket = await client.get(f"/v1/tickets/{number}")
                assert ticket.status_code == 200, ticket.text
                assert ticket.json()["events"]
            for number in others:
                assert (await client.get(f"/v1/tickets/{number}")).status_code == 404
            found = (await client.get("/v1/findings")).json()["items"]
            assert {each["ticket"] for each in found} == own
            portal = (await client.get("/portal")).text
            assert ("sl-1" in portal, "C-SL-2" in portal) == (True, code == MEDEMBLIK)
            assert ("C-SL-1" in portal) == (code == HOORN)
            file = await client.get("/portal/clients/C-SL-1")
            assert file.status_code == (200 if code == HOORN else 404)
            if code == HOORN:
                assert f"/tickets/{before}" in file.text or str(before) in file.text
                assert "sl-1" in file.text
                assert "C-SL-2" not in file.text
                cases = (await client.get("/v1/misuse-cases")).json()["items"]
                assert [each["device"] for each in cases] == ["sl-1"]
            aid_page = await client.get("/v1/devices/sl-1")
            assert aid_page.status_code == (404 if code == HOORN else 200)
