"""The sheet of a ticket, reports by telephone, search, the map, and orders to aids."""

import uuid
from datetime import timedelta

import httpx
import pytest

from api.accounts.roles import Role
from api.map.service import QUERIES as MAP
from ingest.storage.pool import connect
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import add_account, sign_in
from tests.support.database import register_device
from tests.support.rota import add_rotation

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def device_id(database: str) -> int:
    return register_device(database)


@pytest.fixture
def ticket(seed: Seed, device_id: int) -> int:
    return seed.ticket(device_id, opened_at=NOW)


async def do(client: httpx.AsyncClient, ticket: int, **fields: str) -> int:
    fields.setdefault("back", f"/tickets/{ticket}")
    answer = await client.post(f"/tickets/{ticket}/do", data=fields, headers=OURS)
    return answer.status_code


async def test_a_night_from_its_page(
    database: str, seed: Seed, client: httpx.AsyncClient, ticket: int
) -> None:
    bas = add_account(database, Role.MECHANIC, login="bas", name="Bas Visser")
    seed.run("INSERT INTO mechanic VALUES (%s, 1601)", bas)
    page = (await client.get(f"/tickets/{ticket}")).text
    assert "Bas Visser" in page
    assert "ongeveer 40 min" in page
    assert await do(client, ticket, do="acknowledge") == 303
    assert await do(client, ticket, do="assign", account=str(bas)) == 303
    # As the field of a form says it: on the wall in the Netherlands.
    assert await do(client, ticket, do="under_way", arrives_at="2026-11-21T16:05") == 303
    assert await do(client, ticket, do="on_site") == 303
    found = "SELECT stage, assigned_to, arrives_at FROM ticket"
    assert seed.row(found) == ("on_site", bas, NOW + timedelta(minutes=35))
    page = (await client.get(f"/tickets/{ticket}")).text
    assert "Monteur: Bas Visser" in page
    released = {"do": "released", "how": "client_by_phone", "aid_works": "true"}
    assert await do(client, ticket, **released) == 303
    assert seed.one("SELECT closed_at FROM ticket") == NOW


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": "fly"}, 400),
        ({"do": "under_way", "arrives_at": "soon"}, 400),
        ({"do": "priority", "priority": "x", "reason": "x"}, 400),
        ({"do": "assign", "account": "999"}, 400),
        ({"do": "forgotten"}, 403),
        ({"do": "repaired", "by": "Bas"}, 409),  # first the rider
    ],
)
async def test_what_makes_no_sense_is_said_and_changes_nothing(
    seed: Seed, client: httpx.AsyncClient, ticket: int, fields: dict[str, str], status: int
) -> None:
    assert await do(client, ticket, **fields) == status
    assert seed.one("SELECT count(*) FROM ticket_event") == 1


async def test_a_mechanic_on_call_takes_a_ticket_on_but_gives_it_to_nobody_else(
    database: str, seed: Seed, ticket: int
) -> None:
    other = add_account(database, Role.MECHANIC, login="other")
    async with serve(database, role=Role.MECHANIC) as client:
        me = sign_in(database, Role.MECHANIC).account_id
        assert await do(client, ticket, do="assign", account=str(other)) == 403
        assert await do(client, ticket, do="assign", account=str(me)) == 403
        assert await do(client, ticket, do="acknowledge") == 403
        add_rotation(database, "mechanic", [me])
        assert await do(client, ticket, do="assign", account=str(me)) == 303
        assert await do(client, ticket, do="acknowledge") == 303
    assert seed.one("SELECT assigned_to FROM ticket") == me


async def test_when_a_repair_was_done_is_by_the_clock_on_the_wall(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    ticket = seed.repair(device_id, opened_at=NOW - timedelta(hours=3))
    done = {"do": "repaired", "by": "Bas", "version": "1"}
    assert await do(client, ticket, **done, at="2026-11-21T17:30") == 400  # not yet
    assert await do(client, ticket, **done, at="2026-11-21T14:45") == 303
    assert seed.one("SELECT closed_at FROM ticket") == NOW
    assert seed.one("SELECT repaired_at FROM ticket") == NOW - timedelta(minutes=45)


async def test_a_report_by_telephone_opens_one_ticket_however_often_it_is_sent(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    assert device_id
    page = await client.get("/report?device=sl-000001")
    assert "Nieuwe melding: sl-000001" in page.text
    form = {
        "device": "sl-000001",
        "said": "defect",
        "text": "De stoel draait niet meer.",
        "request": str(uuid.uuid4()),
    }
    answer = await client.post("/report", data=form, headers=OURS)
    assert answer.status_code == 400
    assert "/usable" in answer.text
    for _ in range(2):
        answer = await client.post("/report", data=form | {"usable": "no"}, headers=OURS)
    assert answer.headers["location"] == f"/tickets/{seed.one('SELECT ticket_id FROM ticket')}"
    assert seed.row("SELECT kind, priority FROM ticket") == ("repair", 1)
    page = await client.get(answer.headers["location"])
    assert "De stoel draait niet meer." in page.text


async def test_somebody_stuck_by_telephone_is_an_emergency(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    assert device_id
    form = {"device": "sl-000001", "said": "stuck", "text": "Zij zit vast."}
    await client.post("/report", data=form | {"request": str(uuid.uuid4())}, headers=OURS)
    assert seed.row("SELECT kind, dedup_key FROM ticket") == ("emergency", "emergency")


async def test_an_emergency_is_linked_with_what_is_open_of_its_aid_and_waits_for_nobody(
    database: str, seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    repair = seed.repair(device_id, opened_at=NOW - timedelta(days=1), priority=1)
    other = seed.repair(device_id, opened_at=NOW, what="charger_failed", priority=3)
    over = seed.repair(device_id, opened_at=NOW, what="brake_worn", priority=3)
    seed.over(over)
    form = {"device": "sl-000001", "said": "stuck", "text": "Zij zit vast.", "caller": "Anja 06-1"}
    with connect(database, application="test") as busy, busy.transaction():
        # Somebody writes in one of them just now.
        busy.execute("SELECT FROM ticket WHERE ticket_id = %s FOR UPDATE", [other])
        answer = await client.post(
            "/report", data=form | {"request": str(uuid.uuid4())}, headers=OURS
        )
    emergency = int(answer.headers["location"].rpartition("/")[2])
    links = seed.one(
        "SELECT jsonb_agg(jsonb_build_array(ticket_id, detail -> 'ticket') ORDER BY ticket_id,"
        " event_no) FROM ticket_event WHERE kind = 'linked' AND actor = 'system:tickets'"
    )
    assert links == [[repair, emergency], [emergency, repair], [emergency, other]]
    assert seed.one("SELECT version FROM ticket WHERE ticket_id = %s", repair) == 1
    for one, shown in ((emergency, {repair, other}), (repair, {emergency}), (other, {emergency})):
        page = (await client.get(f"/tickets/{one}")).text
        assert "Hoort bij" in page
        found = {n for n in (repair, other, over, emergency) if f'href="/tickets/{n}"' in page}
        assert found == shown
    # Who called is seen of the emergency at once, and the look is on record, once.
    assert "Anja 06-1" in (await client.get(f"/tickets/{emergency}")).text
    assert seed.row(
        "SELECT count(*), min(ticket_id) FROM contact_look WHERE reason = 'caller'"
    ) == (
        1,
        emergency,
    )


async def test_what_was_typed_comes_back_beside_what_changed_meanwhile(
    seed: Seed, client: httpx.AsyncClient, ticket: int
) -> None:
    seed.event(ticket, "on_site", NOW, "bas")
    seed.run("UPDATE ticket SET version = 2")
    sent = {"do": "released", "how": "client_by_phone", "aid_works": "false", "version": "1"}
    sent |= {"note": "zij zit <beneden>", "back": f"/tickets/{ticket}"}
    answer = await client.post(f"/tickets/{ticket}/do", data=sent, headers=OURS)
    assert answer.status_code == 409
    assert "zij zit &lt;beneden&gt;</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert answer.text.count('<li class="on_site">') == 1
    assert '<li class="opened">' not in answer.text, "that was seen"
    assert await do(client, ticket, **(sent | {"version": "2"})) == 303
    assert await do(client, ticket, do="close", outcome="withdrawn", note="x") == 303
    answer = await client.post(f"/tickets/{ticket}/do", data=sent | {"do": "pause"}, headers=OURS)
    assert answer.status_code == 400, "a pause of what reason?"


async def test_tickets_are_linked_merged_and_split_from_the_page(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    one = seed.repair(device_id, opened_at=NOW - timedelta(hours=2))
    other = seed.repair(device_id, opened_at=NOW, what="charger_failed")

    async def join(**fields: str) -> httpx.Response:
        form = {"version": "1", "request": str(uuid.uuid4())} | fields
        return await client.post(f"/tickets/{one}/join", data=form, headers=OURS)

    page = (await client.get(f"/tickets/{one}")).text
    assert f'id="join-{one}"' in page
    assert f'<option value="{other}">' in page
    assert (await join(do="link", ticket="9999")).status_code == 400
    assert (await join(do="merge", ticket="")).status_code == 400
    assert (await join(do="split", text="voetplank los")).status_code == 400
    linked = await join(do="link", ticket=f"#{other}")
    assert linked.headers["location"] == f"/tickets/{one}"
    split = await join(do="split", text="voetplank los", usable="yes")
    assert "voetplank los" in (await client.get(split.headers["location"])).text
    late = await join(do="merge", ticket=str(other), version="1")
    assert late.status_code == 409
    assert f'name="ticket" value="{other}"' in late.text
    merged = await join(do="merge", ticket=str(other), version="2")
    assert merged.headers["location"] == f"/tickets/{other}"
    assert seed.one("SELECT closed_at FROM ticket WHERE ticket_id = %s", one) == NOW


async def test_the_page_of_an_aid_has_its_history_and_its_logbook(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    day = timedelta(days=1)
    for edge, at in (("raised", NOW - 4 * day), ("cleared", NOW - 3 * day)):
        seed.run(
            "INSERT INTO fault VALUES (0, %s, %s, 1, %s, %s, %s, %s, 'battery_low', 'E7', %s,"
            " '{}')",
            *(int(edge == "raised"), device_id, int(edge == "raised"), at, at, at, edge),
        )
    ticket = seed.repair(device_id, opened_at=NOW - 2 * day, what="charger_failed")
    for told in (
        {"do": "on_site"},
        {"do": "part", "part": "lader 24 V", "number": "1"},
        {"do": "repaired", "by": "Bas Visser", "note": "lader vervangen"},
    ):
        assert await do(client, ticket, **told) == 303
    page = (await client.get("/devices/sl-000001")).text
    assert page.count('<rect class="spell') == 2
    assert '<rect class="spell fault"' in page
    logbook = page.partition('id="logbook"')[2].partition("</section>")[0]
    assert "lader 24 V" in logbook
    assert "lader vervangen" in logbook
    assert logbook.index("lader vervangen") < logbook.index("lader 24 V")  # newest first
    assert "Bas Visser" in logbook


async def test_who_called_is_a_look_at_a_person(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    ticket = seed.repair(device_id, opened_at=NOW)
    seed.event(ticket, "reported", NOW, "desk", text="piept", caller="buurman 06-2")
    looks = "SELECT array_agg(ticket_id::text || reason) FROM contact_look"
    seed.run("UPDATE device SET client_id = NULL")
    assert "06-2" not in (await client.get(f"/tickets/{ticket}")).text
    assert seed.one(looks) is None
    assert "06-2" in (await client.get(f"/tickets/{ticket}?contact=show")).text
    assert "06-2" in (await client.get(f"/v1/tickets/{ticket}")).text
    assert seed.one(looks) == [f"{ticket}caller"]
    trail = "SELECT detail FROM audit_trail WHERE action = 'contact_seen'"
    assert seed.one(trail) == {"ticket": ticket, "reason": "caller"}


@pytest.mark.parametrize("typed", ["sl-0000", "SL-000001", "c-sl-0", "1621", "1621 AB"])
async def test_an_aid_is_found_by_what_is_typed(
    client: httpx.AsyncClient, device_id: int, typed: str
) -> None:
    assert device_id
    page = (await client.get("/search", params={"q": typed})).text
    assert 'href="/devices/sl-000001"' in page


@pytest.mark.parametrize("typed", ["sl-1%", "sl_000001", "\\", "#9999", "2000"])
async def test_nothing_is_found_by_what_is_not_there(
    client: httpx.AsyncClient, device_id: int, typed: str
) -> None:
    assert device_id
    answer = await client.get("/search", params={"q": typed})
    assert answer.status_code == 200
    assert 'href="/devices/sl-000001"' not in answer.text


async def test_a_ticket_is_found_by_its_number(client: httpx.AsyncClient, ticket: int) -> None:
    answer = await client.get("/search", params={"q": f"#{ticket}"})
    assert answer.headers["location"] == f"/tickets/{ticket}"


@pytest.fixture
def contact(seed: Seed, device_id: int) -> str:
    assert device_id
    return seed.contact("sl-000001")


async def test_of_an_emergency_the_contact_is_there_at_once_and_reading_on_is_one_look(
    seed: Seed, client: httpx.AsyncClient, contact: str, ticket: int
) -> None:
    for _ in range(3):
        page = (await client.get(f"/tickets/{ticket}")).text
        assert contact in page
        assert "links" in page
    assert seed.row("SELECT count(*), min(ticket_id) FROM contact_look") == (1, ticket)
    assert await do(client, ticket, do="released", how="client_by_phone", aid_works="false") == 303
    assert contact not in (await client.get(f"/tickets/{ticket}")).text
    assert contact in (await client.get(f"/tickets/{ticket}?contact=show")).text


async def test_a_mechanic_sees_the_client_only_of_his_own_ticket(
    database: str, contact: str, ticket: int
) -> None:
    async with serve(database, role=Role.MECHANIC) as client:
        me = sign_in(database, Role.MECHANIC).account_id
        answer = await client.get(f"/tickets/{ticket}")
        assert answer.status_code == 200
        assert contact not in answer.text
        add_rotation(database, "mechanic", [me])
        assert await do(client, ticket, do="assign", account=str(me)) == 303
        # From then on it is a visit of theirs.
        page = await client.get(f"/tickets/{ticket}", follow_redirects=True)
        assert contact in page.text


@pytest.mark.parametrize("typed", ["06 00000001", "1621 ab", "mevrouw bak"])
async def test_a_caller_is_found_and_the_look_is_on_record(
    seed: Seed, client: httpx.AsyncClient, contact: str, typed: str
) -> None:
    assert contact
    for _ in range(2):
        page = (await client.get("/search", params={"q": typed})).text
        assert 'href="/devices/sl-000001"' in page
    assert seed.row("SELECT reason, count(*) FROM contact_look GROUP BY 1") == ("search", 1)


async def test_an_emergency_is_on_the_map(client: httpx.AsyncClient, ticket: int) -> None:
    assert ticket
    assert set(MAP) == {"aids", "troubles", "outages"}
    page = (await client.get("/map")).text
    assert 'class="spot at-emergency"' in page
    assert "Hoorn" in page


async def test_another_desk_sees_who_looks(database: str, ticket: int) -> None:
    async with serve(database) as client:
        page = f"/tickets/{ticket}"
        await client.post(f"{page}/presence", data={}, headers=OURS)
        assert "Kijkt ook mee" not in (await client.get(page)).text  # that is oneself
        other = sign_in(database, Role.DESK, login="bram", name="Bram")
        mine = client.cookies.get("liftwacht_session")
        client.cookies.update(other.cookies)
        await client.post(f"{page}/presence", data={}, headers=OURS)
        client.cookies.update({"liftwacht_session": mine or ""})
        assert "Kijkt ook mee: Bram" in (await client.get(page)).text
        client.cookies.update(other.cookies)
        await client.post(f"{page}/presence", data={"state": "gone"}, headers=OURS)
        client.cookies.update({"liftwacht_session": mine or ""})
        assert "Bram" not in (await client.get(page)).text


async def test_an_order_is_given_and_shown_until_it_is_too_late(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    assert device_id
    given = await client.post("/v1/devices/sl-000001/orders", json={"kind": "identify"})
    assert given.status_code == 201
    assert given.json()["actor"] == "desk"
    form = {"kind": "set_sampling", "back": "/devices/sl-000001"}
    answer = await client.post("/devices/sl-000001/orders", data=form, headers=OURS)
    assert answer.headers["location"] == "/devices/sl-000001"
    listed = (await client.get("/v1/devices/sl-000001/orders")).json()["items"]
    assert {each["kind"] for each in listed} == {"identify", "set_sampling"}
    assert seed.one("SELECT count(*) FROM notification WHERE channel = 'lift'") == 2
    wrong = await client.post(
        "/v1/devices/sl-000001/orders", json={"kind": "identify", "durationMs": 1}
    )
    assert wrong.status_code == 400
    assert "duration_ms" in wrong.text
    assert (
        await client.post("/v1/devices/sl-9/orders", json={"kind": "identify"})
    ).status_code == 404


async def test_tickets_are_listed_by_a_filter_that_can_be_kept(
    seed: Seed, client: httpx.AsyncClient, ticket: int
) -> None:
    assert f"#{ticket}" in (await client.get("/tickets?kind=emergency&priority=1&q=sl-00")).text
    for query in ("kind=repair", "status=closed", "assigned=me", "municipality=GM0388", "q=zz"):
        page = await client.get(f"/tickets?{query}")
        assert page.status_code == 200, query
        assert f"#{ticket}" not in page.text, query
    assert (await client.get("/tickets?kind=wedding")).status_code == 400
    kept = {"name": "Spoed", "query": "kind=emergency&soon=True"}
    answer = await client.post("/tickets/views", data=kept, headers=OURS)
    assert answer.headers["location"] == "/tickets?kind=emergency&soon=True"
    page = await client.get(answer.headers["location"])
    assert ">Spoed</a>" in page.text
    await client.post("/tickets/views", data={"name": "Spoed", "forget": "true"}, headers=OURS)
    assert seed.one("SELECT count(*) FROM desk_view") == 0


async def test_a_repair_that_is_late_stands_on_the_board(
    seed: Seed, client: httpx.AsyncClient, device_id: int
) -> None:
    assert "Termijnen die overschreden" not in (await client.get("/")).text
    number = seed.repair(device_id, opened_at=NOW - timedelta(days=9), what="flapping")
    seed.run("UPDATE ticket SET breach_at = NULL, breaches = 1 WHERE ticket_id = %s", number)
    assert "Termijnen die overschreden" in (await client.get("/")).text


async def test_a_manager_says_where_a_mechanic_starts_from(database: str, seed: Seed) -> None:
    add_account(database, Role.MECHANIC, login="bas", name="Bas Visser")
    async with serve(database, role=Role.MANAGER) as client:
        form = {"login": "bas", "postcode4": "1601"}
        for _ in range(2):
            answer = await client.post("/mechanics", data=form, headers=OURS)
            assert answer.status_code == 303
        assert "Enkhuizen" in (await client.get("/mechanics")).text
        wrong = [form | {"postcode4": "12"}, form | {"login": "nobody"}]
        answers = [await client.post("/mechanics", data=each, headers=OURS) for each in wrong]
    assert [answer.status_code for answer in answers] == [400, 404]
    assert seed.row("SELECT count(*), min(postcode4) FROM mechanic") == (1, 1601)
