"""Contact data: for those who need it, never without a record."""

import io
import json
from typing import Any

import psycopg
import pytest
from psycopg import errors

from api.accounts.principal import Principal, Via, allowed
from api.accounts.roles import Role
from api.contacts import command, service
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import dressed, sign_in
from tests.support.database import register_device

CLIENT = "C-SL-000001"
PATH = f"/v1/clients/{CLIENT}/contact"
JANSEN = {
    "name": "A. Jansen",
    "street": "Kerkstraat 9001",
    "postcode": "1621XX",
    "phone": "06-00000001",
    "contactPhone": "+31 6 00000002",
    "keySafe": "links, 0000",
}


@pytest.fixture
def device(database: str) -> int:
    return register_device(database)


def change(**fields: Any) -> dict[str, Any]:
    return JANSEN | {"version": 0, "reason": "intake"} | fields


async def test_a_look_is_on_record_and_a_change_with_before_and_after(
    database: str, seed: Seed, device: int
) -> None:
    ticket = seed.ticket(device, opened_at=NOW)
    async with serve(database) as client:
        empty = await client.get(f"{PATH}?reason=emergency")
        assert (empty.json()["version"], empty.json()["name"]) == (0, "")
        assert (await client.put(PATH, json=change())).json()["version"] == 1
        changed = await client.put(PATH, json=change(version=1, phone="06-00000003", reason="rang"))
        assert changed.json()["version"] == 2
        stale = await client.put(PATH, json=change(version=1))
        assert stale.status_code == 409
        found = (await client.get(f"{PATH}?reason=emergency&ticket={ticket}")).json()
        assert found["keySafe"] == "links, 0000"
        assert (await client.get(PATH)).status_code == 400, "nobody looks without a reason"
    assert seed.one(
        "SELECT array_agg(concat_ws(' ', login, reason, ticket_id) ORDER BY look_id)"
        " FROM contact_look JOIN account USING (account_id)"
    ) == ["desk emergency", "desk changed", f"desk emergency {ticket}"], "twice soon is one look"
    before, after, actor = seed.one(
        "SELECT jsonb_build_array(before ->> 'phone', after ->> 'phone', actor)"
        " FROM contact_change WHERE reason = 'rang'"
    )
    assert (before, after, actor) == ("06-00000001", "06-00000003", "desk")
    assert seed.one("SELECT count(*) FROM audit_trail WHERE subject = %s", CLIENT) == 5


async def test_a_mechanic_sees_whom_he_is_sent_to_and_as_long_as_that_lasts(
    database: str, seed: Seed, device: int
) -> None:
    ticket = seed.ticket(device, opened_at=NOW)
    mechanic, other = (sign_in(database, Role.MECHANIC, login=name) for name in ("bram", "kees"))
    async with serve(database, role=None) as client:

        async def status(who: Any) -> int:
            return (await dressed(client, who).get(f"{PATH}?reason=visit")).status_code

        assert await status(mechanic) == 403
        seed.run("UPDATE ticket SET assigned_to = %s", mechanic.account_id)
        assert (await status(mechanic), await status(other)) == (200, 403)
        seed.run("UPDATE ticket SET released_at = now(), closed_at = now(), dedup_key = NULL")
        assert await status(mechanic) == 403
    assert seed.one("SELECT array_agg(account_id) FROM contact_look") == [mechanic.account_id]
    assert ticket


async def test_an_administrator_erases_who_a_client_is_and_nothing_else_goes(
    database: str, seed: Seed, device: int
) -> None:
    await load(database, JANSEN)
    seed.run("UPDATE client_contact SET name = 'A. Jansen-Bakker', version = 2")
    ticket = seed.ticket(device, opened_at=NOW)
    seed.event(ticket, "reported", NOW, "desk", text="piept", caller="dochter 06-9")
    # The aid has gone on to somebody else, whose callers are not this client's.
    seed.run("INSERT INTO client (client_number, municipality_code) VALUES ('C-NEXT', 'GM0405')")
    seed.run(
        "UPDATE device SET client_id ="
        " (SELECT client_id FROM client WHERE client_number = 'C-NEXT')"
    )
    next_one = seed.repair(device, opened_at=NOW)
    seed.event(next_one, "reported", NOW, "desk", caller="buurman 06-8")
    form = {"number": CLIENT, "reason": "verzoek van 20 november", "sure": "yes"}
    async with serve(database, role=Role.DESK) as desk:
        assert (await desk.delete(f"{PATH}?reason=weg")).status_code == 403
    async with serve(database, role=Role.ADMINISTRATOR) as admin:
        page = await admin.get("/contacts/erasure")
        assert "ongedaan" in page.text
        assert (await admin.post("/contacts/erasure", data=form | {"sure": ""})).status_code == 400
        missing = await admin.post("/contacts/erasure", data=form | {"number": "C-NOBODY"})
        assert missing.status_code == 404
        done = await admin.post("/contacts/erasure", data=form)
        assert "zijn gewist" in done.text
        assert (await admin.delete(f"{PATH}?reason=nogmaals")).status_code == 204
    assert seed.one("SELECT count(*) FROM client_contact") == 0
    kept = seed.one("SELECT string_agg(to_jsonb(each)::text, ' ') FROM contact_change AS each")
    assert "Jansen" not in kept
    assert "verzoek van 20 november" in kept
    log = "SELECT array_agg(detail ORDER BY event_no) FROM ticket_event WHERE ticket_id = %s"
    assert seed.one(log, ticket)[1] == {"text": "piept"}
    assert seed.one(log, next_one)[1] == {"caller": "buurman 06-8"}
    trail = "SELECT array_agg(actor) FROM audit_trail WHERE action = 'contact_changed'"
    assert "administrator" in seed.one(trail)
    # Nobody else gets through the same gap, the owner of the tables included.
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in (
            "UPDATE ticket_event SET detail = detail - 'text'",
            "UPDATE ticket_event SET actor = 'x'",
            "UPDATE contact_change SET reason = 'x'",
            "DELETE FROM contact_change",
            "DELETE FROM ticket_event",
        ):
            with pytest.raises(errors.RestrictViolation):
                connection.execute(statement.encode())


@pytest.mark.usefixtures("device")
async def test_the_database_itself_refuses_whatever_the_service_asks(database: str) -> None:
    desk, admin = sign_in(database), sign_in(database, Role.ADMINISTRATOR)
    with psycopg.connect(database, autocommit=True) as connection:
        client_id = connection.execute("SELECT client_id FROM client").fetchone()
        assert client_id is not None
        look = "SELECT look_at_contact(%s, %s, NULL, %s, now())"
        for role in ("liftwacht_api", "liftwacht_diagnostics", "liftwacht_ingest"):
            connection.execute(f"SET ROLE {role}".encode())
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM client_contact")
        connection.execute("SET ROLE liftwacht_api")
        for statement in (
            "UPDATE contact_look SET reason = 'x'",
            "DELETE FROM contact_look",
            "INSERT INTO contact_look VALUES (DEFAULT, now(), 1, 1, NULL, 'x')",
            "SELECT before FROM contact_change",
            "DELETE FROM audit",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(look, [admin.account_id, client_id[0], "curious"])
        with pytest.raises(errors.CheckViolation):
            connection.execute(look, [desk.account_id, client_id[0], ""])
        connection.execute(look, [desk.account_id, client_id[0], "emergency"])
        connection.execute("RESET ROLE")
        for table in ("contact_look", "audit"):
            with pytest.raises(errors.RestrictViolation):
                connection.execute(f"TRUNCATE {table}".encode())
        with pytest.raises(errors.RestrictViolation):
            connection.execute("DELETE FROM contact_look")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"phone": "0031 600000002"}, True),
        ({"phone": "06 0000 0001"}, True),
        ({"phone": "1"}, False),
        ({"postcode": "1621 xx"}, True),
        ({"postcode": ""}, False),
        ({"name": "a. j"}, True),
        ({"name": "%"}, False),
        ({"name": "_."}, False),
    ],
)
@pytest.mark.usefixtures("device")
async def test_clients_are_found_back(
    query: dict[str, Any], found: bool, database: str, seed: Seed
) -> None:
    desk = sign_in(database)
    await load(database, JANSEN)
    who = Principal("desk", "", Role.DESK, None, desk.account_id, Via.SESSION, allowed(Role.DESK))
    async with await connect_async(database, application="test") as connection:
        contacts = await service.find(connection, who, now=NOW, **query)
    assert [each.client_number for each in contacts] == ([CLIENT] if found else [])
    assert seed.one("SELECT count(*) FROM contact_look WHERE reason = 'search'") == int(found)


async def load(database: str, *contacts: dict[str, Any]) -> None:
    lines = "\n".join(json.dumps(each | {"clientNumber": CLIENT}) for each in contacts)
    await command.load(database, io.StringIO(lines))


@pytest.mark.usefixtures("device")
async def test_a_file_is_loaded_whole_or_not_at_all(database: str, seed: Seed) -> None:
    with pytest.raises(command.LoadError, match=r"(?s)line 2.*postcode"):
        await load(database, JANSEN, JANSEN | {"postcode": "nowhere"})
    assert seed.one("SELECT count(*) FROM client_contact") == 0
    await load(database, JANSEN)
    await load(database, JANSEN | {"name": "Somebody else"})
    assert seed.one("SELECT name FROM client_contact") == "A. Jansen"
    assert seed.one("SELECT array_agg(actor) FROM contact_change") == ["system:command"]
