"""Who may do what: every endpoint for every role, and what a municipality can see at most."""

import re
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg.types.json import Jsonb

from api.accounts.coverage import Endpoint, require_declarations
from api.accounts.roles import PERMISSIONS, Permission, Role
from api.app import create_app
from api.settings import Settings
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support import contract
from tests.support.accounts import dressed, sign_in
from tests.support.database import register_devices

app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
ENDPOINTS = require_declarations(app, app.state.interface)
NOTHING = "999"  # a number that nothing has
SEEDED = {"/v1/devices/{name}", "/v1/tickets/{number}", "/v1/clients/{number}/contact"}
# Everything under these has its own rows in the test, so that none shows nothing by chance.
ALL_SEEDED = (
    "/portal",
    "/v1/commissions",
    "/v1/complaints",
    "/v1/survey",
    "/v1/rejections",
    "/v1/misuse-cases",
)
# Needed to get past the check of what was sent; that comes after the check of who sends it.
QUERY = {"/v1/clients/{number}/contact": "?reason=emergency"}


class Town(NamedTuple):
    """One municipality's things, each with a name that occurs nowhere else."""

    code: str
    device: str
    ticket: int
    client: str
    commission: int
    complaint: int
    file: int

    def path(self, endpoint: Endpoint) -> str:
        """The path of these things."""
        path = endpoint.path.replace("{name}", self.device).replace("{ticket_id}", str(self.ticket))
        path = path.replace("{case_id}", str(self.ticket))  # numbered alike
        number = self.client if "clients" in path else str(self.ticket)
        path = path.replace("{number}", number).replace("{login}", "nobody")
        for name in ("commission", "complaint", "file", "client"):
            path = path.replace(f"{{{name}}}", str(getattr(self, name)))
        path = re.sub(r"\{\w+\}", NOTHING, path)
        return path + QUERY.get(endpoint.path, "")


def town(database: str, seed: Seed, code: str, postcode4: int, device: str) -> Town:
    """A municipality with an aid in trouble, and somebody to reach."""
    [device_id] = register_devices(
        database, [device], municipality_code=code, postcode4=postcode4
    ).values()
    ticket = seed.ticket(device_id, opened_at=NOW)
    seed.finding(device_id, "other_person", "signal", at=NOW)
    reported_case(seed, device_id, code, device)
    seed.incident(postcode4, [device_id], since=NOW)
    client = f"C-{device.upper()}"
    seed.run(
        "INSERT INTO client_contact (client_id, name) SELECT client_id, %s FROM client"
        " WHERE client_number = %s",
        f"Mevrouw {device}",
        client,
    )
    seed.run(
        "INSERT INTO portal_theme (municipality_code, logo, logo_type)"
        " VALUES (%s, %s, 'image/png')",
        *(code, device.encode()),
    )
    return Town(code, device, ticket, client, *contract.add(seed, code, postcode4, device))


def reported_case(seed: Seed, device_id: int, code: str, device: str) -> None:
    """A signal about its use of which the municipality was told, with a file."""
    number = seed.one(
        "INSERT INTO misuse_case (device_id, client_id, municipality_code, kind, dedup_key,"
        " opened_at, item, since, stage, reported_at, decide_by)"
        " SELECT device_id, client_id, %s, 'unused', 'unused', %s, 'no_use', %s, 'reported', %s, %s"
        " FROM device WHERE device_id = %s RETURNING case_id",
        *(code, NOW, NOW, NOW, NOW, device_id),
    )
    signal = {"source": "desk", "what": "unused", "since": NOW.isoformat(), "text": device}
    report = {"unreviewed": False, "decide_by": NOW.isoformat(), "to": []}
    for event, (kind, detail) in enumerate((("signalled", signal), ("reported", report)), 1):
        seed.run(
            "INSERT INTO misuse_event (case_id, event_no, at, actor, kind, detail)"
            " VALUES (%s, %s, %s, 'desk', %s, %s)",
            *(number, event, NOW, kind, Jsonb(detail)),
        )
    seed.run(
        "INSERT INTO misuse_file (case_id, name, media_type, sha256, bytes, content, attached_at,"
        " actor) VALUES (%s, %s, 'application/pdf', sha256(%s), %s, %s, %s, 'desk')",
        *(number, device, device.encode(), len(device), device.encode(), NOW),
    )
    seed.run(
        "INSERT INTO misuse_terms (municipality_code, valid_from, terms) VALUES (%s, %s, %s)",
        *(code, NOW.date(), Jsonb({"municipality_code": code})),
    )


def number_from(seed: Seed, first: int) -> None:
    """Number what comes from there: what is of one town is known by its number."""
    for table in ("ticket", "commission", "complaint"):
        seed.run(f"ALTER TABLE {table} ALTER COLUMN {table}_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE misuse_case ALTER COLUMN case_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE misuse_file ALTER COLUMN file_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE commission_file ALTER COLUMN file_id RESTART WITH {first}")


@pytest.fixture
def hoorn(database: str, seed: Seed) -> Town:
    seed.healthy(NOW)
    # Numbers far apart, so that one does not happen to be part of another answer.
    number_from(seed, 700001)
    return town(database, seed, "GM0405", 1621, "sl-hoorn")


@pytest.fixture
def medemblik(database: str, seed: Seed, hoorn: Town) -> Town:
    assert hoorn
    number_from(seed, 800001)
    return town(database, seed, "GM0420", 1671, "sl-medemblik")


def test_every_permission_is_somebodys_and_only_machines_do_without_an_account_page() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)
    without = {role for role, all_ in PERMISSIONS.items() if Permission.USE_ACCOUNT not in all_}
    assert without == {Role.MACHINE}


async def test_every_endpoint_for_every_role(database: str, hoorn: Town, seed: Seed) -> None:
    wrong: list[Any] = []
    tried = 0
    async with serve(database, role=None, streams=False) as client:
        for role in (None, *Role):
            who = None if role is None else sign_in(database, role)
            for endpoint in ENDPOINTS:
                if endpoint.path == "/sign-out":
                    continue  # open to all, and would end the session of this test
                dressed(client, who)
                if who is not None and "contact" in endpoint.path:
                    # Some are for whoever is sent there; acknowledging above may have changed that.
                    seed.run("UPDATE ticket SET assigned_to = %s", who.account_id)
                response = await client.request(endpoint.method, hoorn.path(endpoint))
                status = response.status_code
                is_page = not endpoint.path.startswith("/v1")
                if endpoint.permissions is None:
                    right = status < 500
                elif role is None:
                    sent_away = is_page and endpoint.method == "GET"
                    right = status == (303 if sent_away else 401)
                elif endpoint.permissions <= PERMISSIONS[role]:
                    right = status not in (401, 403) and status < 500
                else:
                    right = status == 403
                if not right:
                    wrong.append(
                        (role, endpoint.method, endpoint.path, status, response.text[:200])
                    )
                tried += 1
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 150


async def test_a_municipality_sees_nothing_of_another(
    database: str, hoorn: Town, medemblik: Town
) -> None:
    readable = [
        each
        for each in ENDPOINTS
        if each.method == "GET"
        and each.permissions is not None
        and each.permissions <= PERMISSIONS[Role.MUNICIPALITY]
    ]
    assert len(readable) >= 7
    own = 0
    async with serve(database, role=Role.MUNICIPALITY) as client:
        for endpoint in readable:
            response = await client.get(hoorn.path(endpoint))
            seeded = (
                endpoint.path in SEEDED
                or "{" not in endpoint.path
                or (endpoint.path.startswith(ALL_SEEDED) and "{key}" not in endpoint.path)
            )
            assert response.status_code in ((200,) if seeded else (200, 404)), (
                endpoint,
                response.text,
            )
            own += hoorn.device in response.text or str(hoorn.ticket) in response.text
            foreign = await client.get(medemblik.path(endpoint))
            assert medemblik.device not in response.text, endpoint
            assert str(medemblik.ticket) not in response.text, endpoint
            if "{" in endpoint.path:
                assert foreign.status_code == 404, (endpoint, foreign.text)
        for query in ("devices?municipality=GM0420", "tickets?municipality=GM0420"):
            assert (await client.get(f"/v1/{query}")).json()["items"] == []
    assert own >= 6, "its own must be there, or the test shows nothing"
    with psycopg.connect(database) as connection:
        looks = connection.execute("SELECT count(*) FROM contact_look").fetchone()
    assert looks == (1,)


def test_a_forgotten_filter_shows_nothing(database: str, hoorn: Town, medemblik: Town) -> None:
    """Whatever table the role for municipalities may read, it is its own or nobody's."""
    public = {"municipality", "municipality_postcode", "exempt_postcode"}
    public |= {"municipality_group", "municipality_group_member", "kpi", "report_schedule"}
    public |= {"retention_term", "removal"}
    with psycopg.connect(database) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT DISTINCT table_name FROM information_schema.column_privileges"
                " WHERE grantee = 'liftwacht_municipality' AND privilege_type = 'SELECT'"
            )
        ]
        assert {"client", "device", "ticket", "ticket_event", "finding"} <= set(tables)

        def seen(table: str, role: str | None, code: str) -> set[str]:
            with connection.transaction(force_rollback=True):
                key = {"account": "login", "report": "report_id::text"}.get(table, f"{table}::text")
                if role is not None:
                    connection.execute(f"SET LOCAL ROLE {role}".encode())
                connection.execute("SELECT set_config('liftwacht.municipality', %s, true)", [code])
                statement = f"SELECT {key} FROM {table}"
                return {value for (value,) in connection.execute(statement.encode())}

        for table in set(tables) - public:
            everything = seen(table, None, "")
            ours = seen(table, "liftwacht_municipality", hoorn.code)
            theirs = seen(table, "liftwacht_municipality", medemblik.code)
            assert not ours & theirs, table
            assert ours | theirs <= everything
            assert seen(table, "liftwacht_municipality", "") == set(), table
            if everything and table != "account":
                assert ours, table
                assert theirs, table
