"""Putting aids into service, and what their certificates let them do at a real broker."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gateway.protocol.topics import Kind, topic_of
from ingest.__main__ import main
from ingest.provisioning.broker import render_configuration
from tests.support import telemetry as say
from tests.support.broker import Broker, free_port, mosquitto_path
from tests.support.worker import WorkerProcess, listening, query, until

AID = {
    "device": say.DEVICE,
    "kind": "stairlift",
    "maker": "Testmaker",
    "model": "T1",
    "serial_number": "1",
    "rail_length_mm": 4_700,
    "municipality_code": "GM0405",
    "postcode4": 1621,
    "client_number": "C-000001",
    "wholly_dependent": True,
    "built_on": "2024-05-06",
    "serviced_on": "2026-01-07",
    "lent_on": "2024-06-01",
    "max_load_kg": 140,
    "max_speed_mm_s": 150,
}


@pytest.fixture
def provisioned(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", database)
    manifest = tmp_path / "fleet.jsonl"
    manifest.write_text(
        "".join(f"{json.dumps(AID | {'device': name})}\n" for name in (say.DEVICE, "sl-000002"))
    )
    certificates = tmp_path / "certificates"
    arguments = ["provision", "--manifest", str(manifest), "--certificates", str(certificates)]
    assert main(arguments) == 0
    assert main(arguments) == 0  # again: the same certificates, the same devices
    return certificates


@pytest.fixture
def secured(provisioned: Path, tmp_path: Path) -> Iterator[Broker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with Broker(folder, certificates=provisioned) as broker:
        yield broker


def publish(
    broker: Broker, certificates: Path, identity: str, topic: str
) -> subprocess.CompletedProcess[bytes]:
    return publish_to(broker.port, certificates, identity, topic)


def publish_to(
    port: int, certificates: Path, identity: str, topic: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [
            *("mosquitto_pub", "-V", "5", "-h", "localhost", "-p", str(port)),
            *("--cafile", str(certificates / "ca.crt")),
            *("--cert", str(certificates / f"{identity}.crt")),
            *("--key", str(certificates / f"{identity}.key")),
            *("-q", "1", "-t", topic, "-m", "{}"),
        ],
        check=False,
        capture_output=True,
    )


def test_devices_are_registered_once_with_their_client(provisioned: Path, database: str) -> None:
    rows = query(
        database,
        "SELECT name, shard, rail_length_mm, client_number, wholly_dependent"
        " FROM device JOIN client USING (client_id) ORDER BY name",
    )
    assert [row[0] for row in rows] == [say.DEVICE, "sl-000002"]
    assert rows[0][1:] == (5, 4_700, "C-000001", True)
    known = "built_on, serviced_on, lent_on, max_load_kg, max_speed_mm_s, max_incline_deg"
    assert query(database, f"SELECT {known} FROM device WHERE NOT test ORDER BY name")[0] == (
        *(date(2024, 5, 6), date(2026, 1, 7), date(2024, 6, 1)),
        *(140, 150, None),
    )
    for name in (say.DEVICE, "sl-000002", "ingest", "diagnostics", "api", "broker", "ca"):
        assert (provisioned / f"{name}.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"device": "ingest"}, "line 1: 'ingest' is reserved"),
        ({"municipality_code": "GM9999"}, "GM9999"),
        ({"postcode4": 5}, "line 1"),
        ({"built_on": "gisteren"}, "line 1"),
        ({"name": "Mrs Jansen"}, "unknown field"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_registered(  # noqa: PLR0917 - fixtures
    change: dict[str, object],
    complaint: str,
    tmp_path: Path,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", database)
    manifest = tmp_path / "fleet.jsonl"
    manifest.write_text(json.dumps(AID | change))
    arguments = ["provision", "--manifest", str(manifest), "--certificates", str(tmp_path / "c")]
    assert main(arguments) == 1
    assert complaint in capsys.readouterr().err
    assert query(database, "SELECT count(*) FROM device") == [(0,)]


def test_a_lift_may_write_on_its_own_topics_only(provisioned: Path, secured: Broker) -> None:
    own = publish(secured, provisioned, say.DEVICE, topic_of(say.DEVICE, Kind.STATUS))
    assert b"Not authorized" not in own.stderr
    for topic in (
        topic_of("sl-000002", Kind.STATUS),
        topic_of(say.DEVICE, Kind.ACK),
        topic_of(say.DEVICE, Kind.COMMAND),
        "liftwacht/probe/x",
    ):
        foreign = publish(secured, provisioned, say.DEVICE, topic)
        assert b"Not authorized" in foreign.stderr, topic


async def test_the_worker_and_a_lift_meet_over_tls(
    provisioned: Path, secured: Broker, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, file in (("CA", "ca.crt"), ("CERT", "ingest.crt"), ("KEY", "ingest.key")):
        monkeypatch.setenv(f"LIFTWACHT_MQTT_{name}", str(provisioned / file))
    with WorkerProcess(secured, database):
        await until(lambda: listening(database), "a worker that listens")
        # Not its own topic: the access list keeps it out, so nothing reaches quarantine.
        publish(secured, provisioned, "sl-000002", topic_of(say.DEVICE, Kind.STATUS))
        publish(secured, provisioned, say.DEVICE, topic_of(say.DEVICE, Kind.STATUS))
        topics = "SELECT topic FROM quarantine"
        await until(lambda: query(database, topics) != [], "the message")
        assert query(database, topics) == [(topic_of(say.DEVICE, Kind.STATUS),)]


def test_mosquitto_takes_the_rendered_configuration(provisioned: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    configuration = tmp_path / "mosquitto.conf"
    port = free_port()
    configuration.write_text(
        render_configuration(
            port=port, platform_port=free_port(), certificates=provisioned, data=data
        )
    )
    with subprocess.Popen([mosquitto_path(), "-c", str(configuration)]) as broker:
        try:
            give_up_at = time.monotonic() + 10
            while publish_to(port, provisioned, say.DEVICE, "x").returncode != 0:
                assert broker.poll() is None
                assert time.monotonic() < give_up_at
        finally:
            broker.terminate()
    assert broker.returncode == 0
