"""Dashboards as code: each query returns to Grafana's role what is drawn, and a push is exact."""

import argparse
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model
from psycopg import Connection
from psycopg.rows import TupleRow

from api.dashboards import building, command, delivery
from api.dashboards.alerts import WORDS
from api.dashboards.boards import BOARDS, Draw, Panel
from api.dashboards.bundle import bundle
from api.dashboards.settings import GrafanaSettings
from diagnostics.objectives.catalogue import BY_NAME, OBJECTIVES
from ingest.storage.pool import connect
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.database import register_device
from tests.support.grafana import TOKEN, grafana

PAGES = Path(__file__).resolve().parents[3] / "docs/runbook"
NUMBER = {
    *(psycopg.adapters.types[name].oid for name in ("int2", "int4", "int8", "float8", "numeric")),
}
WORD = {psycopg.adapters.types[name].oid for name in ("text", "varchar", "name")}
TIME = psycopg.adapters.types["timestamptz"].oid
FILL = """
INSERT INTO ticket (device_id, kind, priority, dedup_key, opened_at, evidence_at, since,
    reported_at, repaired_due_at, on_site_due_at, on_site_at, on_site_outcome, on_site_certain_at)
SELECT device_id, 'emergency', 1, 'emergency', now() - interval '1 hour', now(), now(),
    now() - interval '1 hour', now(), now(), now(), 'kept', now() FROM device;
INSERT INTO ticket (device_id, kind, priority, dedup_key, opened_at, evidence_at, since,
    reported_at, what, repaired_outcome, repaired_certain_at)
SELECT device_id, 'repair', 2, key, now(), now(), now(), now(), 'battery_weak', outcome, certain_at
FROM device, (VALUES
    ('kept', now()), ('excused', now()), ('missed', now()), ('lapsed', now()),
    ('open', now() - interval '1 minute'), ('open ', now() + interval '1 day')
) AS case_ (key, certain_at), LATERAL (SELECT trim(key) AS outcome) AS trimmed
WHERE name = 'sl-hoorn';
INSERT INTO finding (device_id, detector, detector_version, dedup_key, level, since, found_at,
    reasons, evidence, what, asks)
SELECT device_id, 'limits', 1, asks, 'certain', now(), now(), '[]', '{}', 'overload', asks
FROM device, (VALUES ('signal'), ('notice')) AS ask (asks);
INSERT INTO quarantine (received_at, topic, payload, reason, detail)
VALUES (now(), 'liftwacht/v1/07/sl-1/status', 'x', 'unreadable', '');
INSERT INTO device_presence SELECT device_id, NULL, 1, true, '', now(), '1.2' FROM device;
"""


ALARM_TO = "night@example.org;chief@example.org"
LIMIT = "data[1].model.conditions[0].evaluator.params[0]"
PERSONAL = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'dashboard' AND (
    column_name ~ 'client|postcode|login|recipient|payload'
    OR (column_name = 'name' AND table_name NOT IN ('municipality', 'objective', 'objective_state',
                                                    'objective_reading'))
)
"""


def expanded(sql: str, device: str = "sl-hoorn") -> str:
    """What Grafana makes of a query before it asks it."""
    sql = re.sub(
        r"\$__timeFilter\((\w+)\)",
        r"\1 BETWEEN '2020-01-01T00:00:00Z' AND '2100-01-01T00:00:00Z'",
        sql,
    )
    sql = sql.replace("${municipality:sqlstring}", "'GM0405','GM0420'")
    sql = sql.replace("${device:sqlstring}", f"'{device}'")
    assert "$" not in sql, sql
    return sql


@contextmanager
def as_grafana(url: str, role: str = "liftwacht_grafana") -> Iterator[Connection[TupleRow]]:
    """A session of that role. TimescaleDB's server of the tests has one session for all."""
    with connect(url, application="test") as connection:
        (owner,) = connection.execute("SELECT session_user").fetchone() or ("",)
        connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())
        try:
            yield connection
        finally:
            connection.execute(f"SET SESSION AUTHORIZATION {owner}".encode())


def check(connection: Connection[TupleRow], panel: Panel, where: str) -> None:
    """Ask what a panel asks, and see that it can be drawn."""
    cursor = connection.execute(expanded(building.QUERIES[panel.query]).encode())
    assert cursor.description is not None
    columns = {column.name: column.type_code for column in cursor.description}
    assert list(columns) == list(panel.columns), where
    numbers = [name for name, oid in columns.items() if oid in NUMBER]
    match panel.draw:
        case Draw.LINES | Draw.BARS:
            assert columns["time"] == TIME, where
            assert columns.get("metric") in {None, *WORD}, where
            assert columns.keys() - set(numbers) <= {"time", "metric"}, where
            assert numbers, where
        case Draw.NUMBERS:
            assert numbers == list(columns), where
            assert len(cursor.fetchall()) == 1, where
        case Draw.CATEGORIES:
            first, *rest = columns
            assert columns[first] in WORD, where
            assert numbers == rest, where
        case Draw.TABLE:
            assert columns, where


def ask_everything(connection: Connection[TupleRow]) -> None:
    """Ask all panels, variables and rules, and what must not be answered."""
    for board in BOARDS:
        for panel in board.panels:
            check(connection, panel, f"{board.uid}: {panel.title}")
    for query in ("municipalities", "devices"):
        assert len(connection.execute(expanded(building.QUERIES[query]).encode()).fetchall()) > 1
    drawn = {panel.query for board in BOARDS for panel in board.panels}
    assert drawn | {"municipalities", "devices"} == building.QUERIES.keys()
    for objective in OBJECTIVES:
        rows = connection.execute(building.rule_query(objective).encode())
        assert rows.description is not None
        assert [column.name for column in rows.description] == ["label", "value"]
    connection.execute("SET timezone = 'UTC'")
    for query in ("emergencies_by_day", "response_times"):
        asked = expanded(building.QUERIES[query])
        begun = f"SELECT (time AT TIME ZONE 'Europe/Amsterdam')::time::text FROM ({asked})"
        assert connection.execute(begun.encode()).fetchone() == ("00:00:00",), "a day of here"
    found = connection.execute("SELECT count(*), count(DISTINCT device) FROM dashboard.finding")
    assert found.fetchone() == (2, 2)  # no signals about use
    (day,) = connection.execute("SELECT sum(findings) FROM dashboard.detector_day").fetchall()
    assert day == (4,)
    for forbidden in (
        *("client", "ticket", "account", "status", "quarantine", "client_contact"),
        *("dashboard_reader", "device"),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM public.{forbidden}".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO dashboard.municipality VALUES ('GM0001', 'x')")
    assert connection.execute(PERSONAL).fetchall() == []


def test_every_query_returns_what_its_panel_draws_and_nobody_elses(either_database: str) -> None:
    for name, code in (("sl-hoorn", "GM0405"), ("sl-medemblik", "GM0420")):
        register_device(either_database, name, municipality_code=code)
    with connect(either_database, application="test") as owner:
        owner.execute(FILL)
        owner.execute(
            "DO $$ BEGIN CREATE ROLE liftwacht_grafana_hoorn LOGIN;"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        owner.execute("GRANT liftwacht_grafana TO liftwacht_grafana_hoorn")
        owner.execute("INSERT INTO dashboard_reader VALUES ('liftwacht_grafana_hoorn', 'GM0405')")
        owner.execute("INSERT INTO objective_reading VALUES ('shard_lag', '', now(), 1)")
    with as_grafana(either_database) as connection:
        ask_everything(connection)
        figures = connection.execute(expanded(building.QUERIES["municipality_figures"]).encode())
        # Late by nobody's fault is kept, open beyond its term missed; what lapsed counts nowhere.
        assert figures.fetchall() == [
            ("Hoorn", 1, 1, 6, 1.0, 0.5),
            ("Medemblik", 1, 1, 0, 1.0, None),
        ]
    one = "SELECT (SELECT array_agg(device) FROM dashboard.device),"
    one += " (SELECT count(*) FROM dashboard.ticket), (SELECT count(*) FROM dashboard.objective),"
    one += " (SELECT count(*) FROM dashboard.quarantine_hour)"
    with as_grafana(either_database, "liftwacht_grafana_hoorn") as connection:
        assert connection.execute(one.encode()).fetchone() == (["sl-hoorn"], 7, 0, 0)
    # It is lent to Medemblik now: what was in Hoorn stays Hoorn's, and is nobody else's.
    with connect(either_database, application="test") as owner:
        owner.execute("UPDATE device SET municipality_code = 'GM0420'")
    with as_grafana(either_database, "liftwacht_grafana_hoorn") as connection:
        assert connection.execute(one.encode()).fetchone() == (None, 7, 0, 0)
        shares = connection.execute(
            "SELECT municipality_code, count(*) FROM dashboard.outcome GROUP BY 1"
        )
        assert shares.fetchall() == [("GM0405", 5)]


def test_every_alarm_says_what_to_do_and_has_its_page() -> None:
    assert WORDS.keys() == BY_NAME.keys()
    runbook = "https://docs.example/runbook"
    group = building.rule_group(lambda text: text, runbook=runbook, told=True)
    for rule in group["rules"]:
        name = rule["uid"].removeprefix("liftwacht-").replace("-", "_")
        page = PAGES / rule["annotations"]["runbook_url"].rpartition("/")[2]
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {rule['title']}\n"), page
        for heading in ("## Who is hurt", "## First", "## Then", "## Why this target"):
            assert heading in text, (page, heading)
        query, threshold = rule["data"]
        assert query["model"]["rawSql"] == building.rule_query(BY_NAME[name])
        (condition,) = threshold["model"]["conditions"]
        # Nobody is told late of what is urgent, and it comes back until somebody does something.
        told = rule["notification_settings"]
        urgent = BY_NAME[name].urgent
        assert told["receiver"] == building.CONTACT_NAME
        assert (told["group_wait"], told["repeat_interval"]) == (
            ("0s", "30m") if urgent else ("5m", "24h")
        )
        worse = "lt" if BY_NAME[name].least else "gt"
        assert condition["evaluator"] == {"params": [BY_NAME[name].target], "type": worse}
    assert {page.stem for page in PAGES.glob("*.md")} == BY_NAME.keys()


def arguments(action: str, language: str = "nl", **more: object) -> argparse.Namespace:
    return argparse.Namespace(action=action, language=language, **more)


def test_a_push_is_exact_and_drift_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"token": TOKEN, "password": "hunter2"}
    for name, content in files.items():
        (tmp_path / name).write_text(content + "\n")
    with grafana() as there:
        monkeypatch.setenv("LIFTWACHT_GRAFANA_URL", there.url)
        monkeypatch.setenv("LIFTWACHT_GRAFANA_ALARM_TO", ALARM_TO)
        assert command.run(arguments("push")) == 2
        assert "Unauthorized" in capsys.readouterr().err
        monkeypatch.setenv("LIFTWACHT_GRAFANA_TOKEN_FILE", str(tmp_path / "token"))
        monkeypatch.setenv("LIFTWACHT_GRAFANA_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
        assert command.run(arguments("diff")) == 1
        assert "dashboard liftwacht-fleet: is not there" in capsys.readouterr().out
        for _ in range(2):  # once more changes nothing
            there.written.clear()
            assert command.run(arguments("push")) == 0, capsys.readouterr().out
            assert there.written == [
                *("folder", "source", *["board"] * len(BOARDS), "contact", "rules")
            ]
        assert command.run(arguments("diff")) == 0
        assert there.secrets == {"password": "hunter2"}
        fleet = there.boards["liftwacht-fleet"]["dashboard"]
        assert fleet["title"] == "Vloot"
        capsys.readouterr()

        fleet["panels"][0]["title"] = "Mine"
        del there.boards["liftwacht-ingest"]
        there.boards["other"] = {"dashboard": {}, "meta": {"folderUid": "liftwacht"}}
        there.sources["liftwacht-db"]["user"] = "postgres"
        (group,) = there.groups.values()
        group["rules"][0]["data"][1]["model"]["conditions"][0]["evaluator"]["params"] = [99]
        group["rules"].append({"uid": "by-hand"})
        there.contacts["liftwacht-on-call"]["settings"]["addresses"] = "nobody@example.org"
        assert command.run(arguments("diff")) == 1
        told = capsys.readouterr().out.splitlines()
        assert told == [
            "data source: user: 'liftwacht_grafana' here, 'postgres' there",
            "dashboard liftwacht-fleet: panels[0].title: 'Nu verbonden' here, 'Mine' there",
            "dashboard liftwacht-ingest: is not there",
            "dashboard other: is not ours",
            f"contact point: settings.addresses: {ALARM_TO!r} here, 'nobody@example.org' there",
            f"rule liftwacht-evidence-to-ticket: {LIMIT}: 1.0 here, 99 there",
            "rule by-hand: is not ours",
        ]
        assert command.run(arguments("push")) == 1  # what is not ours is left alone, and told
        assert capsys.readouterr().out == "dashboard other: is not ours\n"
        assert command.run(arguments("diff", "en")) == 1
        monkeypatch.delenv("LIFTWACHT_GRAFANA_ALARM_TO")
        made = bundle(GrafanaSettings(grafana_url=there.url), "nl")
        with delivery.connected(there.url, TOKEN) as api:
            assert list(delivery.differences(api, made)) == ["dashboard other: is not ours"]

        assert command.run(arguments("export", folder=tmp_path / "grafana")) == 0
    exported = {
        file: json.loads(file.read_text()) for file in (tmp_path / "grafana").rglob("*.json")
    }
    boards = [each for file, each in exported.items() if file.parent.name == "liftwacht"]
    assert len(boards) == len(BOARDS)
    for board in boards:
        # As the typed model reads it, nothing is unknown to it, and nothing is lost.
        again = json.loads(json.dumps(model.Dashboard.from_json(board), cls=JSONEncoder))
        assert again == board, board["uid"]
    assert not any("hunter2" in file.read_text() for file in exported)


def test_what_compose_provides_is_what_is_built() -> None:
    # ``make docs`` writes it: here it is seen that somebody did.
    folder = PAGES.parents[1] / "deploy/grafana"
    made = bundle(GrafanaSettings(_env_file=None), "nl")  # type: ignore[call-arg]
    kept = {
        file.stem: json.loads(file.read_text())
        for file in (folder / "dashboards/liftwacht").iterdir()
    }
    assert kept == {board["uid"]: board for board in made.boards}
    (group,) = json.loads((folder / "alerting/liftwacht.json").read_text())["groups"]
    assert [rule["uid"] for rule in group["rules"]] == [rule["uid"] for rule in made.rules["rules"]]
    # Grafana puts settings of its own in the place of $NAME, but for annotations.
    for rule in group["rules"]:
        assert "$" not in json.dumps({**rule, "annotations": None})
    (contact,) = json.loads((folder / "alerting/contacts.json").read_text())["contactPoints"]
    assert contact["receivers"][0]["settings"]["addresses"] == "$LIFTWACHT_ALARM_TO"
    assert {rule["notification_settings"]["receiver"] for rule in group["rules"]} == {
        contact["name"]
    }


async def test_the_desk_leads_there_when_there_is_one(database: str, seed: Seed) -> None:
    register_device(database)
    seed.healthy(NOW)
    for address, links in ((None, 0), ("https://grafana.example/", 1)):
        async with serve(database, grafana_url=address) as client:
            board = (await client.get("/")).text
            device = (await client.get("/devices/sl-000001")).text
        assert board.count("https://grafana.example/d/liftwacht-fleet") == links
        way = "https://grafana.example/d/liftwacht-device?var-device=sl-000001"
        assert device.count(way) == links
