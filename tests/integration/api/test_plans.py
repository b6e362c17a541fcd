"""No page of the desk reads a whole table that grows, by the plans of what it really asks."""

from datetime import timedelta

import psycopg

from api.accounts.roles import Role
from diagnostics.campaigns import clockwork, service
from diagnostics.campaigns.model import Aids, Plan
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW
from tests.support import full_desk
from tests.support.database import as_user
from tests.support.plans import plan, read_whole, read_whole_by
from tests.support.statements import of_workers, recorded

GROWING = frozenset({
    *("device", "client", "client_contact", "ticket", "ticket_event", "finding", "notification"),
    *("commission", "commission_event", "complaint", "complaint_event", "survey_answer", "letter"),
    *("delivery", "status", "device_latest", "device_fault", "escalation", "quarantine"),
})  # fmt: skip
PORTAL = ("api.portal", "api.deliveries", "api.complaints", "api.survey")
# Each reads the table named, and why.
ALLOWED = {
    # A piece in the middle of a name: names and numbers only, and only when somebody asks for it.
    ("api.tickets.aids_like", "device"),
    ("api.tickets.aids_like", "client"),
    # Numbers alone, in small and capital letters alike, and only when somebody looks for one.
    ("api.deliveries.desk_all", "client"),
    # One aid in twenty has an open ticket: to look all of them up takes no less.
    ("api.map.troubles", "device"),
}
# These look at the whole fleet, or seem dearer so than planned anew each time, which they then are.
ALLOWED_WORKERS = {
    *(("diagnostics.losses", "device"), ("diagnostics.replay_devices", "device")),
    *(("diagnostics.campaigns.aids", "device"), ("diagnostics.notifications.claim", "ticket")),
    ("diagnostics.notifications.next_request", "ticket"),
}


async def test_no_page_reads_a_whole_table(database: str) -> None:
    full_desk.fill(database, aids=20_000, open_tickets=1_000, closed_tickets=40_000, now=NOW)
    with recorded() as statements:  # also what the health monitor asks
        async with serve(database, NOW + timedelta(seconds=1)) as client:
            for path in (*full_desk.pages(database).values(), "/v1/findings", "/v1/devices"):
                answer = await client.get(path)
                assert answer.status_code == 200, (path, answer.text)
    sent = {(each.name, str(each.parameters)): each for each in statements}
    assert len({each.name for each in sent.values()}) > 40

    with psycopg.connect(as_user(database, "liftwacht_api"), autocommit=True) as connection:
        found = read_whole_by(connection, sent.values(), GROWING.__contains__)
    assert found == ALLOWED
    await nor_does_the_portal(database)
    await nor_does_a_campaign(database)
    nor_does_a_worker_once_its_statements_are_prepared(database)


async def nor_does_the_portal(database: str) -> None:
    """Under row-level security, as the municipality's own role."""
    with recorded() as statements:
        later = NOW + timedelta(seconds=1)
        async with serve(database, later, Role.MUNICIPALITY) as client:
            for path in full_desk.portal_pages(database).values():
                answer = await client.get(path)
                assert answer.status_code == 200, (path, answer.text)
    sent = [each for each in statements if each.name.startswith(PORTAL)]
    assert len({each.name for each in sent}) > 15
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE liftwacht_municipality")
        connection.execute("SELECT set_config('liftwacht.municipality', 'GM0405', false)")
        found = read_whole_by(connection, sent, GROWING.__contains__)
    assert found == set()


async def nor_does_a_campaign(database: str) -> None:
    """With all aids in it, as it is looked at every quarter of a minute: not even its members."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO package (version, size, sha256, signature, content, added_at, added_by)"
            " SELECT '9.9.9', 1, repeat('a', 64), decode(repeat('0', 128), 'hex'), '.', now(), 'x'"
        )
    url = as_user(database, "liftwacht_diagnostics")
    async with await connect_async(url, application="test") as conn:
        number, count = await service.begin(
            conn, name="all", what="9.9.9", aids=Aids(), plan=Plan(rings=(100,)), actor="x", now=NOW
        )
        with psycopg.connect(database, autocommit=True) as connection:
            half = connection.execute(
                "UPDATE campaign_member SET state = 'confirmed', installed_at = %s, ended_at = %s"
                " WHERE device_id %% 2 = 0 RETURNING 1", (NOW, NOW)
            )  # fmt: skip
            assert half.rowcount > 9_000
            connection.execute("ANALYZE campaign_member, campaign_tally")
        with recorded() as statements:
            async with conn.transaction():
                await clockwork.look(conn, number, NOW + timedelta(minutes=1))
    assert count > 19_000
    looked = {each.name: each for each in statements}
    assert looked["diagnostics.campaigns.candidates"].rows > 0
    campaigns = {"campaign_member", "device", "device_presence", "ticket", "notification"}
    with psycopg.connect(url, autocommit=True) as connection:
        for each in looked.values():
            found = set(read_whole(plan(connection, each)))
            assert not found & campaigns, each.name


def nor_does_a_worker_once_its_statements_are_prepared(database: str) -> None:
    """Then the database may stop to look at what a statement is about, if that seems no worse."""
    with psycopg.connect(database, autocommit=True) as connection:
        found = read_whole_by(connection, of_workers(), GROWING.__contains__, prepared=True)
    assert found <= ALLOWED_WORKERS
