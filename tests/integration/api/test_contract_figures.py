"""Indicators, warnings and reports on a real database."""

from argparse import ArgumentParser
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import psycopg
import pytest
from openpyxl import Workbook, load_workbook

from api.accounts.roles import Role
from api.dashboards import building
from api.kpi import cases as reading
from api.kpi import command as figures
from api.kpi import keeping
from api.kpi import service as kpi
from api.kpi.periods import named
from api.problems import InvalidInputError
from api.reports import loading
from api.reports import service as reports
from api.reports.clerk import look
from api.reports.counting import count, total
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.integration.api.test_dashboards import as_grafana, expanded
from tests.support.accounts import add_account, dressed, sign_in
from tests.support.database import register_devices

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
Q4 = named("2026-Q4")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def connection(database: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """As the service: what is not granted to it fails."""
    async with await connect_async(database, application="test") as found:
        await found.execute("SET ROLE liftwacht_api")
        yield found


def order(
    seed: Seed, device: int, received: datetime, *, done: datetime | None, **more: Any
) -> int:
    values: dict[str, Any] = {
        "municipality_code": "GM0405",
        "kind": "delivery",
        "client_id": seed.one("SELECT client_id FROM device WHERE device_id = %s", device),
        "postcode4": 1621,
        "aid_kind": "stairlift",
        "aid_type": "Rechte trap",
        "received_at": received,
        "registered_at": received,
        "device_id": device,
        "aid_source": "new",
        "done_at": done,
        "ended_at": done,
        "outcome": done and "done",
        "due_at": received + timedelta(days=28),
        "due_without_delay_at": received + timedelta(days=28),
        **more,
    }
    names, places = ", ".join(values), ", ".join(["%s"] * len(values))
    number: int = seed.one(
        f"INSERT INTO commission ({names}) VALUES ({places}) RETURNING commission_id",
        *values.values(),
    )
    return number


@pytest.fixture
async def contract(database: str, seed: Seed) -> None:
    """Two lifts in Hoorn and one in Medemblik; some in time, some not."""
    devices = register_devices(database, ["sl-1", "sl-2"])
    devices |= register_devices(database, ["sl-3"], municipality_code="GM0420", postcode4=1671)
    for age, days in ((40, 10), (41, 11), (45, 44), (46, 12), (47, 13), (30, None)):
        received = NOW - timedelta(days=age)
        done = None if days is None else received + timedelta(days=days)
        order(seed, devices["sl-1"], received, done=done)
    order(
        seed,
        devices["sl-3"],
        NOW - timedelta(days=40),
        done=NOW - timedelta(days=5),
        municipality_code="GM0420",
        due_at=NOW - timedelta(days=2),
        due_without_delay_at=NOW - timedelta(days=12),
    )
    for name, hours in (("sl-1", 1), ("sl-2", 3)):
        opened = NOW - timedelta(days=9)
        ticket = seed.ticket(devices[name], opened_at=opened)
        there = opened + hours * HOUR
        for kind in ("on_site", "released", "repaired", "closed"):
            seed.event(ticket, kind, there, "desk")
        seed.run(
            "UPDATE ticket SET on_site_at = %s, released_at = %s, repaired_at = %s, closed_at = %s,"
            " dedup_key = NULL WHERE ticket_id = %s",
            *(there, there, there, there, ticket),
        )
    late = seed.repair(devices["sl-2"], opened_at=NOW - timedelta(days=20))
    begun = NOW - timedelta(days=19)
    pause = {"pause": "p", "reason": "client_wish", "attributable": False, "evidence": "brief"}
    seed.event(late, "pause_begun", begun, "desk", **pause)
    seed.event(late, "pause_ended", begun + timedelta(days=10), "desk", pause="p")
    seed.event(late, "repaired", NOW - timedelta(days=8), "desk")
    seed.event(late, "calamity_reported", NOW - timedelta(days=8), "desk", text="Gevallen")
    seed.event(late, "closed", NOW - timedelta(days=8), "desk")
    seed.run(
        "UPDATE ticket SET repaired_at = %s, closed_at = %s, dedup_key = NULL WHERE ticket_id = %s",
        *(NOW - timedelta(days=8), NOW - timedelta(days=8), late),
    )
    async with await connect_async(database, application="test") as found:
        # Of what was written by other ways than the service's.
        assert await keeping.keep(found, NOW) == late


@pytest.mark.usefixtures("contract")
async def test_figures_follow_from_the_rows_and_agree_with_the_logs(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    every = await kpi.contracts(connection)
    region = kpi.chosen(every, "westfriesland", None)
    assert len(region.members) == 7
    found = {
        each.definition.key: each.figure
        for each in await kpi.overview(connection, region, every, NOW)
    }
    delivered, response, repaired = (
        found[key] for key in ("delivery_time", "response_time", "repair_time")
    )
    # Of Hoorn's six one took 44 days, one is open since 30: both missed; Medemblik's is excused.
    assert (delivered.kept, delivered.missed, delivered.excused) == (5, 2, 1)
    assert (response.kept, response.missed) == (1, 1)
    assert (repaired.kept, repaired.missed, repaired.excused) == (1, 0, 1)
    assert (found["reissued_share"].kept, found["reissued_share"].missed) == (0, 6)
    # Municipalities see the same in their dashboard: all these cases are Hoorn's.
    with as_grafana(database) as grafana:
        asked = expanded(building.QUERIES["municipality_figures"])
        drawn = {row[0]: row[-2:] for row in grafana.execute(asked.encode()).fetchall()}
    assert drawn == {"Hoorn": (response.share, repaired.share), "Medemblik": (None, None)}

    async for number, different in keeping.differences(connection, NOW, since=NOW - 99 * DAY):
        assert (number, different) == (3, [])

    hoorn = kpi.chosen(every, "GM0405", None)
    _, figure, shown = await kpi.behind(connection, "delivery_time", Q4, hoorn, NOW)
    assert (figure.kept, figure.missed, len(shown)) == (4, 2, 6)
    assert [each.outcome for each in shown[:2]] == ["missed", "missed"]
    # The sums of an earlier year are the same counted one by one, and summed first.
    for period in (named("2026"), Q4, named("2025")):
        async with connection.transaction():
            rows = await loading.rows_of(connection, region.members, period, NOW)
            summed_first = await loading.total_of(connection, region.members, period, NOW)
        one_by_one = total(count(rows, period))
        assert +one_by_one == +summed_first
        assert (one_by_one["repairs"] > 0) == (period.name != "2025")


def test_what_became_of_a_term_to_the_moment(seed: Seed) -> None:
    day = "2026-08-{} 12:00+00"
    for due, done, over, plain, outcome, certain in (
        ("10", "10", None, None, "kept", "10"),
        ("10", "11", None, None, "missed", "10"),
        ("10", "09", None, "08", "excused", "09"),
        ("10", None, "09", None, "lapsed", "09"),
        ("10", None, "11", None, "missed", "10"),
        ("10", None, None, None, "open", "10"),
        (None, "10", "11", None, "not_promised", "10"),
        (None, None, None, None, "not_promised", None),
    ):
        given = [each and day.format(each) for each in (due, done, over, plain)]
        found = seed.row(
            "SELECT term_outcome(%s, %s, %s, %s), term_certain_at(%s, %s, %s)", *given, *given[:3]
        )
        at = None if certain is None else datetime.fromisoformat(day.format(certain))
        assert found == (outcome, at), (due, done, over, plain)


async def test_months_are_dutch_and_what_is_kept_follows_every_event(
    database: str, connection: psycopg.AsyncConnection[Any], seed: Seed, capsys: Any
) -> None:
    register_devices(database, ["sl-000001"])
    every = await kpi.contracts(connection)
    hoorn = kpi.chosen(every, "GM0405", None)
    definitions = {each.key: each for each in await reading.definitions(connection)}

    async def months(now: datetime) -> list[tuple[str, str, int]]:
        found = await reading.months(
            connection,
            definitions["repair_time"],
            hoorn.members,
            first=named("2026-11"),
            last=named("2026-12"),
            now=now,
        )
        return sorted((f"{each.month:%Y-%m}", each.outcome.value, each.number) for each in found)

    def post(path: str, hours: float, **body: Any) -> dict[str, Any]:
        return {"path": path, "now": reported + hours * HOUR, "body": body}

    reported = datetime(2026, 11, 23, 9, tzinfo=UTC)  # priority 3: due at the end of 30 November
    said = {"device": "sl-000001", "kind": "repair", "source": "phone", "text": "x", "usable": True}
    one = post("", 0, **said)
    late = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)
    ago = {"happenedAt": (reported + HOUR).isoformat()}
    granted = {"reason": "client_wish", "evidence": "brief", "attributable": False, "pause": "a"}
    steps = [
        # In the Netherlands it is December then, in UTC not yet.
        (one, [("2026-12", "open", 1)]),
        # Nobody has written anything: time alone goes on.
        (None, [("2026-12", "missed", 1)]),
        (post("/1/pause", 200, **granted, **ago), [("2026-12", "open", 1)]),
        (post("/1/resume", 201, pause="a"), None),
        (post("/1/repaired", 202, repairedBy="x", version=3), [("2026-12", "excused", 1)]),
    ]
    for step, expected in steps:
        now = late if step is None else step["now"]
        if step is not None:
            async with serve(database, now) as desk:
                answer = await desk.post(f"/v1/tickets{step['path']}", json=step["body"])
                assert answer.status_code in (200, 201), answer.text
        found = await months(now)
        assert expected is None or found == expected, (step, found)
        async for _, different in keeping.differences(connection, now, since=reported):
            assert different == []
    arguments = ["figures", "verify", "--since", "2026-11-01"]
    now = steps[-1][0]["now"]  # type: ignore[index]
    assert command(database, arguments, now) == 0
    seed.run("UPDATE ticket SET repaired_outcome = 'kept'")
    assert command(database, arguments, now) == 1
    assert "ticket 1: kept" in capsys.readouterr().out
    seed.run("UPDATE ticket SET repaired_outcome = NULL")
    assert command(database, ["figures", "keep"], now) == 0
    assert command(database, arguments, now) == 0
    assert await months(now) == [("2026-12", "excused", 1)]


def command(database: str, arguments: list[str], now: datetime) -> int:
    parser = ArgumentParser()
    figures.define(parser)
    with ThreadPoolExecutor(1) as pool:  # a loop of its own
        asked = parser.parse_args(arguments[1:])
        return pool.submit(figures.run, asked, database, now=now).result()


@pytest.mark.usefixtures("contract")
async def test_a_risk_is_told_once_to_those_who_must_know(
    database: str, connection: psycopg.AsyncConnection[Any], seed: Seed
) -> None:
    add_account(database, Role.MANAGER)
    add_account(database, Role.CONTRACT_MANAGER, municipality_code="GM0420")
    add_account(database, Role.CONTRACT_MANAGER, login="elders", municipality_code="GM0637")
    for moment in (NOW, NOW + HOUR):
        async with connection.transaction():
            await look(connection, moment)
    warned = seed.row(
        "SELECT key, contract, level, body FROM kpi_warning WHERE key = 'delivery_time'"
    )
    assert warned[:2] == ("delivery_time", "westfriesland")
    assert "5 van 7 voldoen" in warned[3].replace("\xa0", " ")
    assert "Voorgestelde maatregelen:" in warned[3]
    told = seed.one(
        "SELECT array_agg(recipient ORDER BY recipient) FROM notification"
        " WHERE payload ->> 'title' LIKE 'Levertijd%%'"
    )
    assert told == ["contract_manager", "manager"]
    with pytest.raises(psycopg.errors.RestrictViolation):
        seed.run("DELETE FROM kpi_warning")


@pytest.mark.usefixtures("contract")
async def test_reports_are_versions_that_can_be_made_again_and_are_its_owners_alone(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    january = datetime(2027, 1, 6, 6, tzinfo=UTC)

    async def made(code: str, reason: str = "") -> int:
        async with connection.transaction():
            return await reports.make(
                connection, code, "management", Q4, now=january, actor="t", reason=reason
            )

    first = await made("GM0405")
    with pytest.raises(InvalidInputError, match="version 2"):
        await made("GM0405")
    second = await made("GM0405", "Aanvulling")
    group = await made("westfriesland")
    async with connection.transaction():
        assert await reports.verify(connection, second)
        content, _ = await reports.content(connection, group, "workbook")
        own, _ = await reports.content(connection, first, "workbook")
    book = load_workbook(BytesIO(content))
    delivered = {row[0]: row[1] for row in book["Totaaloverzicht"].iter_rows(5, values_only=True)}
    assert (delivered["Leveringen"], delivered["Calamiteiten"]) == (6, 1)
    assert "C-SL-1" in str([*load_workbook(BytesIO(own))["Opdrachten"].values])

    for code, seen in (("GM0405", [first, second, group]), ("GM0420", [group]), ("GM0637", [])):
        async with connection.transaction():
            await connection.execute("SET LOCAL ROLE liftwacht_municipality")
            await connection.execute(
                "SELECT set_config('liftwacht.municipality', %s, true)", [code]
            )
            cursor = await connection.execute("SELECT report_id FROM report ORDER BY report_id")
            assert [row[0] for row in await cursor.fetchall()] == seen
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute("SELECT snapshot FROM report")

    async with connection.transaction():
        owed = await reports.owed_now(connection, january)
    mine = {(each.contract, each.kind): made for each, made in owed if each.period == Q4}
    assert mine["westfriesland", "management"]
    assert not mine["GM0637", "management"]
    async with connection.transaction():
        assert await reports.make_due(connection, january) > group


@pytest.mark.usefixtures("contract")
async def test_pages_show_everybody_their_own(database: str, seed: Seed) -> None:
    seed.healthy(NOW)
    async with serve(database, NOW, Role.CONTRACT_MANAGER) as client:
        own = await client.get("/portal/performance")
        assert own.status_code == 200
        assert "Levertijd" in own.text
        assert "4 van 6" in own.text  # of Hoorn alone
        assert 'aria-label="Levertijd: ' in own.text
        cases = await client.get("/portal/performance/delivery_time?contract=GM0420&lang=en")
        assert "too late" in cases.text
        assert "Medemblik" not in cases.text
        found = (await client.get("/v1/indicators?contract=westfriesland")).json()
        assert found["contract"] == "GM0405"
        assert (await client.get("/portal/reports")).status_code == 200
        assert (await client.post("/reports", data={})).status_code == 403
    async with serve(database, NOW, Role.MANAGER) as client:
        all_ = await client.get("/performance?contract=westfriesland")
        assert "5 van 7" in all_.text
        data = {"contract": "GM0405", "kind": "management", "period": "2026-Q3"}
        assert (await client.post("/reports", data=data)).status_code == 303
        again = await client.post("/reports", data=data)
        assert (again.status_code, "version 2" in again.text) == (400, True)
        [version] = next(
            each["versions"]
            for each in (await client.get("/v1/reports?contract=GM0405")).json()["items"]
            if each["versions"]
        )
        file = await client.get(f"/v1/reports/{version['id']}/workbook")
        assert sha256(file.content).hexdigest() == version["workbookSha256"]
        wrong = await client.get("/v1/indicators/delivery_time/cases?period=soon")
        assert wrong.status_code == 400
    async with serve(database, NOW, Role.AUDITOR) as client:
        assert (await client.get(f"/v1/reports/{version['id']}/summary")).status_code == 200


@pytest.mark.usefixtures("contract")
async def test_a_municipalitys_list_is_compared_and_what_came_out_is_its_own(
    database: str, seed: Seed
) -> None:
    seed.healthy(NOW)
    book = Workbook()
    for line in (
        ("Klantnummer", "Identificatienummer", "Maandbedrag"),
        ("C-SL-1", "sl-1", 12.5),
        ("C-SL-2", "sl-2", 12.5),
        ("C-9", "sl-9", None),
    ):
        book.worksheets[0].append(line)
    # What is paid counts through its last day, and no longer: of the day that it is in the test.
    for aid, ends_on in (("sl-1", NOW.date()), ("sl-2", NOW.date() - timedelta(days=1))):
        seed.run(
            "INSERT INTO billing_assignment (municipality_code, client_id, device_id, kind, number,"
            " product_category, product_code, unit, tariff_cents, begins_on, ends_on)"
            " SELECT 'GM0405', client_id, device_id, 'maintenance', device_id::text, 'x', 'x', 'x',"
            " 1300, '2026-01-01', %s FROM device WHERE name = %s",
            *(ends_on, aid),
        )
    file = BytesIO()
    book.save(file)
    path = "/v1/file-comparisons?municipality=GM0405&name=lijst.xlsx"
    async with serve(database, NOW, Role.MANAGER) as client:
        sent = await client.post(path, content=file.getvalue())
        assert sent.status_code == 201
        found = sent.json()
        assert (found["rows"], found["same"]) == (3, 1)
        assert found["counts"] == {"other_amount": 1, "only_theirs": 1}
        refused = await client.post(path, content=b"no")
        assert "geen Excel-bestand" in refused.text
        assert "lijst.xlsx" in (await client.get("/file-comparisons?contract=GM0405")).text
    result = f"/v1/file-comparisons/{found['id']}/workbook"
    async with serve(database, NOW, Role.CONTRACT_MANAGER) as client:
        own = await client.get(result)
        assert load_workbook(BytesIO(own.content)).sheetnames[1] == "Verschillen"
    elsewhere = sign_in(database, Role.CONTRACT_MANAGER, login="elders", municipality_code="GM0420")
    async with serve(database, NOW, None) as client:
        dressed(client, elsewhere)
        assert (await client.get(result)).status_code == 404
        assert "lijst.xlsx" not in (await client.get("/portal/file-comparisons")).text
