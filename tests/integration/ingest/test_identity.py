"""A modem from its code to its end: real broker over TLS, registrar, service and gateway."""

import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from gateway.config import load
from gateway.enrol import EnrolError, enrol
from gateway.identity import IdentityFile
from gateway.protocol.messages import Presence, Reply
from gateway.protocol.topics import Kind, topic_of
from ingest.__main__ import main
from ingest.broker import address
from ingest.identity import broker_files
from ingest.identity.registrar import Files, Registrar
from ingest.provisioning.authority import Authority
from ingest.provisioning.broker import render_configuration
from ingest.storage.pool import connect
from tests.integration.api.process import service
from tests.integration.ingest.test_provisioning import AID, publish_to
from tests.support.bench import Bench, Platform, eventually
from tests.support.broker import free_port, mosquitto_path
from tests.support.database import as_user
from tests.support.worker import query, until

DEVICE, OTHER = "sl-000001", "sl-000002"
EVENTS = "SELECT kind FROM security_event ORDER BY event_id"


class Place:
    """Certificates and a broker as they are in service: two listeners, lists from the registry."""

    host = "localhost"

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database
        self.certificates = folder / "certificates"
        self.data = folder / "broker"
        self.data.mkdir()
        manifest = folder / "fleet.jsonl"
        manifest.write_text(
            "".join(json.dumps(AID | {"device": each}) + "\n" for each in (DEVICE, OTHER))
        )
        command = [
            "provision",
            "--codes",
            "--manifest",
            str(manifest),
            "-c",
            str(self.certificates),
        ]
        assert main(command) == 0
        self.port, self.platform_port = free_port(), free_port()
        self.log = folder / "broker.log"
        self.printed = ""  # by all processes of ours
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> Path:
        return self.data / "mosquitto.pid"

    def __enter__(self) -> Self:
        configuration = self.folder / "mosquitto.conf"
        configuration.write_text(
            render_configuration(
                port=self.port,
                platform_port=self.platform_port,
                certificates=self.certificates,
                data=self.data,
            )
        )
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [mosquitto_path(), "-c", str(configuration)], stdout=log, stderr=log
            )
        eventually(lambda: self._can_speak("ingest", self.platform_port, "liftwacht/probe/x"))
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=10)

    def _can_speak(self, name: str, port: int, topic: str) -> bool:
        return publish_to(port, self.certificates, name, topic).returncode == 0

    def listener(self) -> Any:
        """What ``tests.support.bench.Platform`` needs to know of a broker."""

        class Listener:
            host = self.host
            port = self.platform_port
            certificates = self.certificates

        return Listener()

    @asynccontextmanager
    async def registrar(self, now: Any = lambda: datetime.now(UTC)) -> AsyncIterator[Registrar]:
        files = {
            name: self.certificates / f"registrar.{end}"
            for name, end in (("certificate", "crt"), ("key", "key"))
        }
        found = Registrar(
            Authority.open(self.certificates, now=datetime.now(UTC)),
            broker=address(
                f"mqtts://{self.host}:{self.platform_port}",
                ca=self.certificates / "ca.crt",
                **files,
            ),
            database_url=as_user(self.database, "liftwacht_registrar"),
            files=Files(self.certificates, self.pid),
            now=now,
        )
        stop = asyncio.Event()
        task = asyncio.create_task(found.run(stop))
        try:
            yield found
        finally:
            stop.set()
            await task

    def code(self, capsys: pytest.CaptureFixture[str], *more: str) -> str:
        self.printed += capsys.readouterr().err
        assert main(["codes", DEVICE, *more]) == 0
        return capsys.readouterr().out.split("\t")[1].strip()

    def modem(self, name: str, bench: Bench) -> Path:
        """Return the configuration of a modem that has no identity yet."""
        folder = self.folder / name
        folder.mkdir()
        file = folder / "modem.toml"
        file.write_text(
            f'device = "{DEVICE}"\nfirmware = "test"\ncontroller = "{bench.address}"\n'
            f'outbox = "outbox.db"\nrenewal_check_s = 1\n'
            f'[link]\nhost = "localhost"\nport = {self.port}\npause_ms = 100\n'
            f"pause_max_ms = 1000\nwill_delay_s = 0\n"
            f'[link.tls]\nca = "ca.crt"\ncertificate = "identity.pem"\n'
        )
        return file


@contextmanager
def running(config: Path) -> Iterator[Path]:
    log = config.with_suffix(".log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "--config", str(config)],
            stderr=output,
            cwd=Path(__file__).parents[3],
        )
    try:
        yield log
    finally:
        process.kill()
        process.wait()
        assert "Traceback" not in log.read_text()


@pytest.fixture
def place(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", database)
    with Place(tmp_path, database) as found:
        yield found


@pytest.mark.slow
async def test_a_modem_enrols_renews_is_replaced_and_ends(  # noqa: PLR0915 - one life
    place: Place, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    days_ago = [100]  # so that the first certificate is past half of its life

    def now() -> datetime:
        return datetime.now(UTC) - timedelta(days=days_ago[0])

    heard: list[Presence]
    with Bench() as bench, service(place.database) as api, Platform(place.listener()) as platform:
        url = api.url
        first = place.modem("first", bench)
        code = place.code(capfd)
        async with place.registrar(now):
            await asyncio.to_thread(enrol, load(first), url=url, code=code.lower())
        identity = IdentityFile(first.with_name("identity.pem"))
        assert identity.path.stat().st_mode & 0o077 == 0
        assert "PRIVATE KEY" in identity.path.read_text()
        days_ago[0] = 0

        # The code is used up for everybody else, and does not work for another aid either.
        second = place.modem("second", bench)
        with pytest.raises(EnrolError, match="403"):
            await asyncio.to_thread(enrol, load(second), url=url, code=code)
        with pytest.raises(EnrolError, match="403"):
            await asyncio.to_thread(enrol, load(second), url=url, code="0000-0000-0000-0000")
        late = place.code(capfd, "--days", "0")
        with pytest.raises(EnrolError, match="403"):
            await asyncio.to_thread(enrol, load(second), url=url, code=late)
        assert query(place.database, EVENTS) == [("enrolled",), ("code_misused",)]

        async with place.registrar(now) as registrar:
            before = identity.path.read_text()
            with running(first) as old_log:
                # It renews over the connection that it has, keeps its outbox, and answers.
                await until(lambda: identity.path.read_text() != before, "another certificate")
                await until(lambda: len(platform.of(Presence)) >= 2, "a second connection")
                await until(lambda: not identity.on_trial, "that it works")
                await until(lambda: platform.of(Reply) != [], "an answer")
                heard = platform.of(Presence)
                assert len({each.outbox for each in heard if each.outbox}) == 1
                assert [each.outcome for each in platform.of(Reply)] == ["done"]
                assert before.split("-----END PRIVATE KEY-----")[0] not in identity.path.read_text()
                origins = query(
                    place.database, "SELECT origin FROM certificate WHERE device_id = 1"
                )
                assert ("renewed",) in origins

                # Another modem takes its place: same aid, and the old one is out at once.
                code = place.code(capfd, "--replaces")
                await asyncio.to_thread(enrol, load(second), url=url, code=code)
                await until(lambda: _states(place, "replaced") == 2, "the old ones revoked")
                await until(lambda: "no connection" in old_log.read_text(), "the old modem out")
            with running(second) as log:
                outboxes = {each.outbox for each in heard if each.outbox}
                await until(
                    lambda: any(
                        each.outbox and each.outbox not in outboxes
                        for each in platform.of(Presence)
                    ),
                    "the new modem",
                )
                assert main(["revoke", DEVICE, "--reason", "stolen"]) == 0
                await until(lambda: "no connection" in log.read_text(), "the stolen one out")
                assert (
                    f"user {DEVICE}\ntopic deny #"
                    in (place.certificates / broker_files.ACL).read_text()
                )
                # Whoever still knocks is on record.
                await until(
                    lambda: ("strange_certificate",) in query(place.database, EVENTS), "the knock"
                )
            # A code lets it back in.
            code = place.code(capfd, "--replaces")
            await asyncio.to_thread(enrol, load(first), url=url, code=code)
            await until(
                lambda: (
                    query(place.database, "SELECT barred_at FROM device WHERE name = %s", DEVICE)
                    == [(None,)]
                ),
                "the aid is itself again",
            )
            assert registrar is not None
        logs = [
            caplog.text,
            place.printed + capfd.readouterr().err,
            place.log.read_text(),
            *(p.read_text() for p in place.folder.glob("*/*.log")),
        ]
    secrets = [code, late, "PRIVATE KEY", identity.path.read_text().split("\n")[1]]
    for text in logs:
        assert not [each for each in secrets if each in text or each.replace("-", "") in text]
    stored = query(place.database, "SELECT code_hash::text FROM enrolment_code")
    assert all(code not in row[0] for row in stored)


def _states(place: Place, reason: str) -> int:
    counted = "SELECT count(*) FROM certificate WHERE reason = %s"
    return int(query(place.database, counted, reason)[0][0])


def test_nobody_can_be_somebody_else(place: Place) -> None:
    """At the broker: own topics only, no wide listening, no taking of another's session."""
    authority = Authority.open(place.certificates, now=datetime.now(UTC))
    for name in (DEVICE, OTHER):
        authority.issue_client(name, now=datetime.now(UTC))
    of_other = topic_of(OTHER, Kind.COMMAND)
    assert (
        publish_to(place.port, place.certificates, DEVICE, topic_of(DEVICE, Kind.STATUS)).stderr
        == b""
    )
    for topic in (topic_of(OTHER, Kind.CALL), of_other, topic_of(DEVICE, Kind.COMMAND)):
        refused = publish_to(place.port, place.certificates, DEVICE, topic)
        assert b"Not authorized" in refused.stderr, topic
    tls = [
        *("--cafile", str(place.certificates / "ca.crt"), "-h", "localhost"),
        *("-p", str(place.port), "-V", "5", "-q", "1"),
    ]

    def mine(name: str) -> list[str]:
        return [
            "--cert",
            f"{place.certificates}/{name}.crt",
            "--key",
            f"{place.certificates}/{name}.key",
        ]

    wide = subprocess.Popen(
        [
            "mosquitto_sub",
            *tls,
            *mine(DEVICE),
            "-t",
            "#",
            "-t",
            "liftwacht/#",
            "-t",
            of_other,
            "-t",
            topic_of(DEVICE, Kind.COMMAND),
            "-C",
            "1",
            "-W",
            "30",
        ],
        stdout=subprocess.PIPE,
    )
    # Its own message comes, and so everything before it would have.
    while wide.poll() is None:  # it gives up by itself
        with Platform(place.listener(), identity="diagnostics") as platform:
            platform._client.publish(of_other, b"secret", 1).wait_for_publish(5)
            platform._client.publish(topic_of(DEVICE, Kind.COMMAND), b"mine", 1).wait_for_publish(5)
        time.sleep(0.2)
    assert wide.communicate()[0] == b"mine\n"
    # Who names itself like the other is itself all the same: the other stays connected.
    with subprocess.Popen(
        ["mosquitto_sub", *tls, *mine(OTHER), "-i", OTHER, "-t", of_other, "-C", "1", "-W", "30"],
        stdout=subprocess.PIPE,
    ) as other:
        for _ in range(3):
            subprocess.run(
                [
                    "mosquitto_pub",
                    *tls,
                    *mine(DEVICE),
                    "-i",
                    OTHER,
                    "-t",
                    topic_of(DEVICE, Kind.STATUS),
                    "-m",
                    "{}",
                ],
                check=True,
            )
        while other.poll() is None:
            with Platform(place.listener(), identity="diagnostics") as platform:
                platform._client.publish(of_other, b"still here", 1).wait_for_publish(5)
            time.sleep(0.1)
        assert other.communicate()[0] == b"still here\n"
    assert "already connected" not in place.log.read_text().replace(f"Client {DEVICE} already", "")


async def test_two_holders_of_one_certificate_are_noticed(place: Place) -> None:
    """A stolen certificate: both push each other away, and that is on record as a doubt."""
    Authority.open(place.certificates, now=datetime.now(UTC)).issue_client(
        DEVICE, now=datetime.now(UTC)
    )

    def holder() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                "mosquitto_sub",
                "--cafile",
                f"{place.certificates}/ca.crt",
                "-h",
                "localhost",
                "-p",
                str(place.port),
                "--cert",
                f"{place.certificates}/{DEVICE}.crt",
                "--key",
                f"{place.certificates}/{DEVICE}.key",
                "-t",
                topic_of(DEVICE, Kind.ACK),
            ],
            stderr=subprocess.DEVNULL,
        )

    async with place.registrar():
        holders = [holder(), holder()]
        try:
            await until(
                lambda: (
                    query(place.database, "SELECT device_id, events FROM doubtful_device")
                    == [(1, 1)]
                ),
                "the doubt",
            )
        finally:
            for each in holders:
                each.kill()
                each.wait()
    with connect(place.database, application="test") as connection:
        assert ("two_places",) in connection.execute(EVENTS).fetchall()
