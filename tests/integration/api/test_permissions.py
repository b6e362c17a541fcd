"""Who may do what: every endpoint for every role, and what a municipality can see at most."""

import re
from datetime import timedelta
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from psycopg.types.json import Jsonb

from api.accounts import tokens
from api.accounts.coverage import Endpoint, require_declarations
from api.accounts.people import AccountError
from api.accounts.roles import MUNICIPAL_MACHINE, OF_MUNICIPALITY, PERMISSIONS, Permission, Role
from api.app import create_app
from api.privacy.looking import LooksAt
from api.settings import Settings
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support import contract
from tests.support.accounts import add_account, dressed, sign_in
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
    "/v1/subject-requests",
    "/v1/breaches",
    "/v1/privacy",
    "/v1/samples",
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
    takeover: int
    inspection: int
    photo: int

    def path(self, endpoint: Endpoint) -> str:
        """The path of these things."""
        path = endpoint.path.replace("{name}", self.device).replace("{ticket_id}", str(self.ticket))
        path = path.replace("{case_id}", str(self.ticket))  # numbered alike
        number = self.client if "clients" in path else str(self.ticket)
        path = path.replace("{number}", number).replace("{login}", "nobody")
        for name in (
            "commission",
            "complaint",
            "file",
            "client",
            "takeover",
            "inspection",
            "photo",
        ):
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
    about_data(seed, code, client, device)
    seed.run(
        "INSERT INTO portal_theme (municipality_code, logo, logo_type)"
        " VALUES (%s, %s, 'image/png')",
        *(code, device.encode()),
    )
    return Town(code, device, ticket, client, *contract.add(seed, code, postcode4, device))


def about_data(seed: Seed, code: str, client: str, device: str) -> None:
    """A request of the client to see everything, that may be carried out; a breach; a hold."""
    request = seed.one(
        "INSERT INTO subject_request (municipality_code, client_id, kind, via, text, received_at,"
        " registered_at, due_at, identified_at, decision, decided_at)"
        " SELECT municipality_code, client_id, 'access', 'letter', %s, %s, %s, %s, %s, 'granted',"
        " %s"
        " FROM client WHERE client_number = %s RETURNING request_id",
        *(device, NOW, NOW, NOW, NOW, NOW, client),
    )
    breach = seed.one(
        "INSERT INTO breach (title, description, kind, discovered_at, registered_at, registered_by)"
        " VALUES (%s, %s, 'lost', %s, %s, 'desk') RETURNING breach_id",
        *(device, device, NOW, NOW),
    )
    seed.run(
        "INSERT INTO breach_municipality (breach_id, municipality_code, told_at, told_whom)"
        " VALUES (%s, %s, %s, 1)",
        *(breach, code, NOW),
    )
    for table, key, number in (
        ("subject_event", "request_id", request),
        ("breach_event", "breach_id", breach),
    ):
        kind = "received" if table == "subject_event" else "registered"
        seed.run(
            f"INSERT INTO {table} ({key}, event_no, at, actor, kind) VALUES (%s, 1, %s, 'x', %s)",
            *(number, NOW, kind),
        )
    seed.run(
        "INSERT INTO client_restriction (client_id, municipality_code, request_id, since)"
        " SELECT client_id, municipality_code, %s, %s FROM client WHERE client_number = %s",
        *(request, NOW, client),
    )
    seed.run(
        "INSERT INTO legal_hold (municipality_code, client_id, reason, from_at, placed_at,"
        " placed_by) SELECT municipality_code, client_id, %s, %s, %s, 'x' FROM client"
        " WHERE client_number = %s",
        *(device, NOW, NOW, client),
    )


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
    for table in ("ticket", "commission", "complaint", "takeover"):
        seed.run(f"ALTER TABLE {table} ALTER COLUMN {table}_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE subject_request ALTER COLUMN request_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE breach ALTER COLUMN breach_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE legal_hold ALTER COLUMN hold_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE misuse_case ALTER COLUMN case_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE aid_inspection ALTER COLUMN inspection_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE misuse_file ALTER COLUMN file_id RESTART WITH {first}")
    seed.run(f"ALTER TABLE aid_file ALTER COLUMN file_id RESTART WITH {first}")
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


@pytest.mark.slow
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
    """Whoever of a municipality asks for whatever they may read, and a system of it."""
    for role in sorted(OF_MUNICIPALITY):
        await sees_its_own(database, hoorn, medemblik, role)
    add_account(database, Role.MACHINE, municipality_code=hoorn.code)
    async with await connect_async(database, application="test") as connection:
        made: dict[str, Any] = {"name": "x", "lasts": timedelta(days=1), "actor": "x", "now": NOW}
        token = await tokens.add(connection, "machine", scope=MUNICIPAL_MACHINE, **made)
        with pytest.raises(AccountError):
            await tokens.add(connection, "machine", scope=[Permission.WORK_TICKETS], **made)
    await sees_its_own(database, hoorn, medemblik, Role.MACHINE, token)
    with psycopg.connect(database) as connection:
        looks = connection.execute(
            "SELECT array_agg(DISTINCT client_number)"
            " FROM contact_look JOIN client USING (client_id)"
        ).fetchone()
    assert looks == ([hoorn.client],), "what was not for them, they did not see"


async def sees_its_own(
    database: str, hoorn: Town, medemblik: Town, role: Role, token: str = ""
) -> None:
    may = MUNICIPAL_MACHINE if token else PERMISSIONS[role]
    everything = role is Role.MUNICIPALITY or token
    readable = [
        each
        for each in ENDPOINTS
        if each.method == "GET"
        and each.permissions is not None
        and each.permissions <= may
        # What everybody may, one role has shown.
        and (everything or not each.permissions <= PERMISSIONS[Role.MUNICIPALITY])
        and not (token and each.path.startswith("/portal"))
    ]
    own = 0
    async with serve(database, role=None if token else role) as client:
        client.headers.update({"Authorization": f"Bearer {token}"} if token else {})
        for endpoint in readable:
            response = await client.get(hoorn.path(endpoint))
            seeded = (
                endpoint.path in SEEDED
                or "{" not in endpoint.path
                or (endpoint.path.startswith(ALL_SEEDED) and "{key}" not in endpoint.path)
            ) and not endpoint.path.endswith("/report")  # nothing was erased
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
        if everything:
            assert own >= 6, "its own must be there, or the test shows nothing"
            for query in ("devices?municipality=GM0420", "tickets?municipality=GM0420"):
                assert (await client.get(f"/v1/{query}")).json()["items"] == []


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

        for role in ("liftwacht_municipality", "liftwacht_municipality_writing"):
            for table in set(tables) - public:
                everything = seen(table, None, "")
                ours = seen(table, role, hoorn.code)
                theirs = seen(table, role, medemblik.code)
                assert not ours & theirs, table
                assert ours | theirs <= everything
                assert seen(table, role, "") == set(), table
                if everything and table != "account":
                    assert ours, table
                    assert theirs, table


UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# What each page that changes something is sent, so that a request is refused for whose it is and
# not for what is in it; a new page must be named here.
FORMS: dict[str, dict[str, str]] = {
    "/portal/misuse/{case_id}/do": {
        "do": "decide", "decision": "no_action", "reason": "x", "person": "x", "version": "2",
        "request": "00000000-0000-4000-8000-000000000001",
    },
    "/portal/notices": {"commission_late": "yes"},
    "/portal/webhooks": {"name": "x", "url": "https://hook.example/x"},
    "/portal/webhooks/{number}/remove": {},
    "/portal/holds": {"subject": "C-SL-MEDEMBLIK", "reason": "claim"},
    "/portal/holds/{number}/lift": {},
    "/portal/requests": {
        "number": "C-SL-MEDEMBLIK", "kind": "access", "via": "letter", "received": "2026-11-20",
    },
    "/portal/requests/{number}": {"version": "1", "do": "note", "text": "x"},
    "/portal/requests/{number}/package": {},
    "/portal/breaches/{number}": {
        "version": "1", "do": "decide_report", "text": "x", "yes": "yes",
    },
    "/portal/samples/comparison": {},
    "/portal/webhooks/{number}/test": {},
    "/portal/webhooks/{number}/secret": {},
    "/portal/webhooks/{number}/events": {},
    "/portal/webhooks/keys/{login}/revoke": {},
    "/portal/orders": {
        "kind": "collection", "client_number": "C-SL-MEDEMBLIK", "aid_kind": "stairlift",
        "postcode4": "1671",
    },
    "/portal/orders/{commission}/withdraw": {"version": "1", "reason": "x"},
    "/portal/complaints": {
        "client_number": "C-SL-MEDEMBLIK", "nature": "aid", "text": "x", "via": "municipality",
    },
    "/portal/complaints/{complaint}/withdraw": {"version": "1", "reason": "x"},
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "/v1/misuse-cases/{number}/client-side": {"text": "x"},
    "/v1/misuse-cases/{number}/note": {"text": "x"},
    "/v1/misuse-cases/{number}/decide": {
        "version": 2, "decision": "no_action", "reason": "x", "person": "x",
    },
    "/v1/misuse-cases/{number}/close": {"text": "x"},
    "/v1/privacy/holds": {"subject": "C-SL-MEDEMBLIK", "reason": "claim"},
    "/v1/subject-requests": {"clientNumber": "C-SL-MEDEMBLIK", "kind": "access", "via": "letter"},
    "/v1/subject-requests/{number}/events": {"version": 1, "do": "note", "text": "x"},
    "/v1/breaches/{number}/events": {
        "version": 1, "do": "decide_report", "text": "x", "yes": True,
    },
}  # fmt: skip
# A file in its body, or nothing at all.
BARE = {
    "/v1/subject-requests/{number}/package",
    "/v1/misuse-cases/{number}/files", "/v1/samples/comparisons", "/v1/privacy/holds/{number}",
}  # fmt: skip
# Of one's own account, whatever municipality it is of.
OWN_ACCOUNT = ("/v1/ways", "/v1/quiet-hours", "/account")
# What may change by looking and trying.
NOT_COUNTED = {"contact_look", "audit", "account", "account_session", "heartbeat"}


def fingerprint(database: str) -> dict[str, str]:
    """What every table holds, as a number."""
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        found = {}
        for (table,) in tables:
            if table not in NOT_COUNTED:
                statement = f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
                row = connection.execute(statement.encode()).fetchone()
                found[table] = str(row)
    return found


async def send(client: httpx.AsyncClient, endpoint: Endpoint, whose: Town) -> httpx.Response:
    """Send what changes something, with something that makes sense."""
    path = whose.path(endpoint)
    if endpoint.path in FORMS:
        return await client.request(endpoint.method, path, data=FORMS[endpoint.path])
    if endpoint.path in BODIES:
        return await client.request(endpoint.method, path, json=BODIES[endpoint.path])
    query = "?name=a.pdf" if endpoint.path.endswith("/files") else ""
    kind = {"Content-Type": "application/pdf"}
    return await client.request(endpoint.method, path + query, content=b"%PDF-", headers=kind)


async def test_nobody_writes_into_another_municipality(
    database: str, hoorn: Town, medemblik: Town
) -> None:
    """Every way to change something, tried on what is another municipality's: nothing changes."""
    ways = [
        each
        for each in ENDPOINTS
        if each.method in UNSAFE
        and each.path.startswith(("/portal", "/v1"))
        and each.permissions is not None
        and not each.path.startswith(OWN_ACCOUNT)
    ]
    before = fingerprint(database)
    tried = 0
    for role in sorted(OF_MUNICIPALITY):
        may = [e for e in ways if e.permissions and e.permissions <= PERMISSIONS[role]]
        nameless = {each.path for each in may} - set(FORMS) - set(BODIES) - BARE
        assert not nameless, "say in this file what they are sent"
        async with serve(database, role=role) as client:
            for endpoint in ways:
                names_one = "{" in endpoint.path or "C-SL-MEDEMBLIK" in str(
                    FORMS.get(endpoint.path, BODIES.get(endpoint.path))
                )
                if endpoint in may and not names_one:
                    continue  # about nobody's case
                response = await send(client, endpoint, medemblik)
                right = (400, 403, 404, 409) if "{" not in endpoint.path else (403, 404)
                assert response.status_code in right, (role, endpoint, response.text)
            assert fingerprint(database) == before, role
    # The same of one's own is no mistake in what was sent: else all this would show nothing.
    for role in sorted(OF_MUNICIPALITY):
        async with serve(database, role=role) as client:
            for endpoint in ways:
                may_it = endpoint.permissions and endpoint.permissions <= PERMISSIONS[role]
                if may_it and "{" in endpoint.path and endpoint.path not in BARE:
                    response = await send(client, endpoint, hoorn)
                    assert response.status_code != 400, (endpoint, response.text)
                    tried += response.status_code in (200, 201, 204, 303, 409)
    assert tried >= 8, "its own can be changed"


async def test_an_auditor_changes_nothing(database: str, hoorn: Town) -> None:
    """Every way to change something, tried by an auditor on their own municipality's cases."""
    before = fingerprint(database)
    allowed, refused = [], 0
    async with serve(database, role=Role.AUDITOR, streams=False) as client:
        for endpoint in ENDPOINTS:
            if endpoint.method not in UNSAFE or endpoint.permissions is None:
                continue
            if endpoint.path.startswith(OWN_ACCOUNT):
                continue  # password, second factor, ways to be told
            response = await send(client, endpoint, hoorn)
            if response.status_code == 403:
                refused += 1
            else:
                allowed.append(endpoint.path)
        assert sorted(allowed) == ["/portal/samples/comparison", "/v1/samples/comparisons"]
        assert refused > 80
        for path in ("samples?kind=tickets", "samples/workbook?kind=orders&strata=kind"):
            assert (await client.get(f"/v1/{path}")).status_code == 200
    assert fingerprint(database) == before


def test_the_role_that_reads_for_a_municipality_cannot_write(database: str) -> None:
    """An auditor's transactions have that role, whatever the service asks of the database."""
    with psycopg.connect(database) as connection:
        rights = connection.execute(
            "SELECT table_name, privilege_type FROM information_schema.column_privileges"
            " WHERE grantee IN ('liftwacht_municipality', 'PUBLIC') AND table_schema = 'public'"
            " AND privilege_type <> 'SELECT'"
            " UNION SELECT table_name, privilege_type FROM information_schema.table_privileges"
            " WHERE grantee IN ('liftwacht_municipality', 'PUBLIC') AND table_schema = 'public'"
            " AND privilege_type <> 'SELECT'"
        ).fetchall()
        assert rights == [], "grant it to liftwacht_municipality_writing"
        named = connection.execute(
            "SELECT viewname FROM pg_views WHERE schemaname = 'public'"
            " AND strpos(definition, quote_literal('liftwacht_municipality')) > 0"
        ).fetchall()
        assert named == [], "ask is_municipality(): there are two such roles"


# Names of parameters that lead to what is about one client.
ABOUT_SOMEBODY = {"client", "complaint", "commission", "case_id", "ticket_id", "name"}
# By number and aid alone: who a client is stands apart there, and showing that is a look.
NO_LOOK = (
    *("/tickets/{", "/devices/{", "/v1/devices/{", "/visits/{", "/v1/tickets/{", "/sign-in/"),
)


def test_every_page_about_somebody_writes_a_look() -> None:
    """From the routes: whatever shows one case says whose look it is, but for what is listed."""
    shown = 0
    missing = []
    for prefix, of in (("", app), ("/v1", app.state.interface)):
        for route in iter_route_contexts(of.routes):
            if "GET" not in (route.methods or ()) or not isinstance(route.original_route, APIRoute):
                continue
            path = f"{prefix}{route.path}"
            about = set(re.findall(r"{(\w+)}", path)) & ABOUT_SOMEBODY or any(
                word in path for word in ("clients/{", "misuse-cases/{", "requests/{")
            )
            if not about or path.startswith(NO_LOOK):
                continue
            looks = [d for d in route.dependant.dependencies if isinstance(d.call, LooksAt)]
            shown += len(looks)
            if not looks and "contact" not in path:  # that writes its own
                missing.append(path)
    assert missing == []
    assert shown > 12
