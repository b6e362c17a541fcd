"""A small fleet against a real broker: every lift its own connection, identity and will."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from gateway.protocol.codec import decode
from gateway.protocol.messages import Call, Message, Presence, Usage
from gateway.protocol.topics import PREFIX, parse_topic
from gateway.protocol.vocabulary import CallPhase, CallReason
from ingest.provisioning.authority import Authority
from simulator import manifest
from simulator.truth import Episode
from tests.support.broker import Broker
from tests.support.platform import eventually

pytestmark = pytest.mark.timeout(180)


class Listening:
    """Everything that a broker carries."""

    def __init__(self, broker: Broker, *, certificates: Path | None = None) -> None:
        self.messages: list[tuple[str, Message]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if certificates is not None:
            self._client.tls_set(
                str(certificates / "ca.crt"),
                str(certificates / "ingest.crt"),
                str(certificates / "ingest.key"),
            )
        self._client.on_connect = lambda client, *_: client.subscribe(f"{PREFIX}/#", qos=1)
        self._client.on_message = self._take
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def _take(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        topic = parse_topic(message.topic)
        self.messages.append((topic.device, decode(topic.kind, bytes(message.payload))))

    def of(self, device: str) -> list[Message]:
        return [message for name, message in list(self.messages) if name == device]

    def presences(self, device: str) -> list[tuple[bool, str]]:
        return [(m.online, m.reason) for m in self.of(device) if isinstance(m, Presence)]

    def calls(self, device: str) -> list[Call]:
        return [m for m in self.of(device) if isinstance(m, Call) and m.reason != CallReason.TEST]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def simulator(*arguments: str, url: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a simulator command; it is ended with SIGTERM, and must then end well."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "simulator", *arguments],
            env={**os.environ, "LIFTWACHT_MQTT_URL": url},
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0, log.read_text()


def fleet_manifest(directory: Path, size: int) -> Path:
    path = directory / "fleet.jsonl"
    manifest.write(path, size=size, seed=1)
    return path


def scenario_file(directory: Path, name: str, *steps: str) -> str:
    """Write a scenario that is over sooner than those of the library."""
    path = directory / f"{name}.yaml"
    path.write_text(
        f"name: {name}\ntitle: a short scenario for a test\nseed: 1\nduration: 30s\n"
        "lift: {rail: [{length_mm: 1500}]}\nexpect: {emergency: false}\nsteps:\n"
        + "".join(f"  - {{{step}}}\n" for step in steps)
    )
    return str(path)


RIDE = ("at: 1s, do: sit_down", "at: 2s, do: ride up")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    (tmp_path / "broker").mkdir()
    with Broker(tmp_path / "broker") as running:
        yield running


@pytest.mark.slow
def test_a_fleet_comes_up_meets_an_incident_and_says_goodbye(
    tmp_path: Path, broker: Broker
) -> None:
    listening = Listening(broker)
    devices = [f"sl-{number:06d}" for number in range(1, 7)]
    state = tmp_path / "state"
    with simulator(
        *("fleet", "--manifest", str(fleet_manifest(tmp_path, 6)), "--state", str(state)),
        *("--tempo", "60"),
        url=broker.url,
        log=tmp_path / "log",
    ):
        for device in devices:
            eventually(lambda d=device: listening.presences(d), what=f"{device} connects")  # type: ignore[misc]
        raised = eventually(
            lambda: [d for d in devices if listening.calls(d)], timeout_s=90, what="a call"
        )
        assert listening.calls(raised[0])[0].reason == CallReason.SOS
    for device in devices:
        eventually(lambda d=device: listening.presences(d)[-1] == (False, "shutdown"))  # type: ignore[misc]
    listening.close()
    (episode,) = [
        msgspec.json.decode(line, type=Episode)
        for line in (state / "truth.jsonl").read_bytes().splitlines()
    ]
    assert episode.device == raised[0]
    assert episode.what == "sos_pressed"


@pytest.mark.slow
def test_scenarios_live_with_wills_for_a_dead_modem_and_a_lost_line(
    tmp_path: Path, broker: Broker
) -> None:
    listening = Listening(broker)
    dies = scenario_file(tmp_path, "dies", *RIDE, "at: 4s, modem: dies")
    offline = scenario_file(
        tmp_path,
        "offline",
        *RIDE,
        "at: 4s, line: down",
        "at: 5s, do: release_joystick",
        "at: 6s, do: press_sos",
        "at: 7s, do: release_sos",
        "at: 14s, line: up",
    )
    sos = scenario_file(tmp_path, "sos", *RIDE, "at: 5s, do: press_sos", "at: 6s, do: release_sos")
    pause = scenario_file(
        tmp_path, "pause", *RIDE, "at: 6s, do: release_joystick", "at: 9s, do: ride up"
    )
    with simulator(
        *("play", "--manifest", str(fleet_manifest(tmp_path, 4))),
        *("--state", str(tmp_path / "state"), "--stay"),
        f"sl-000001={dies}",
        f"sl-000002={offline}",
        f"sl-000003={sos}",
        pause,
        url=broker.url,
        log=tmp_path / "log",
    ):
        assert eventually(lambda: listening.calls("sl-000003"), timeout_s=60)
        eventually(lambda: (False, "lost") in listening.presences("sl-000001"), timeout_s=60)
        eventually(lambda: (False, "lost") in listening.presences("sl-000002"), timeout_s=60)
        assert not listening.calls("sl-000002")
        (call, *_) = eventually(lambda: listening.calls("sl-000002"), timeout_s=90)
        assert call.phase is CallPhase.RAISED
        assert listening.presences("sl-000001") == [(True, "connected"), (False, "lost")]
        rides = eventually(
            lambda: [m for m in listening.of("sl-000004") if isinstance(m, Usage)], timeout_s=90
        )
        assert rides[0].stops == 1
        assert not listening.calls("sl-000004")
    listening.close()


def test_a_fleet_waits_for_its_broker_and_outlives_it(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    broker = Broker(tmp_path / "broker")
    with simulator(
        *("fleet", "--manifest", str(fleet_manifest(tmp_path, 2))),
        *("--state", str(tmp_path / "state"), "--no-incidents"),
        url=broker.url,
        log=tmp_path / "log",
    ) as process:
        eventually(lambda: "0 of" in (tmp_path / "log").read_text(), what="it runs")
        for _ in range(2):  # it appears, dies, and appears again
            broker.start()
            listening = Listening(broker)
            for device in ("sl-000001", "sl-000002"):
                eventually(
                    lambda d=device, heard=listening: (True, "connected") in heard.presences(d),  # type: ignore[misc]
                    timeout_s=60,
                )
            listening.close()
            broker.kill()
        assert process.poll() is None


def test_each_lift_is_who_its_certificate_says(tmp_path: Path) -> None:
    certificates = tmp_path / "certificates"
    now = datetime.now(UTC)
    authority = Authority.open(certificates, now=now)
    authority.issue_server("broker", ("localhost", "127.0.0.1"), now=now)
    authority.issue_client("ingest", now=now)
    authority.issue_client("sl-000001", now=now)
    # The second lift holds a certificate in the name of another.
    authority.issue_client("sl-999999", now=now)
    for ending in ("crt", "key"):
        (certificates / f"sl-999999.{ending}").rename(certificates / f"sl-000002.{ending}")
    (tmp_path / "broker").mkdir()
    with Broker(tmp_path / "broker", certificates=certificates) as broker:
        listening = Listening(broker, certificates=certificates)
        with simulator(
            *("fleet", "--manifest", str(fleet_manifest(tmp_path, 2)), "--no-incidents"),
            *("--state", str(tmp_path / "state"), "--certificates", str(certificates)),
            url=broker.url,
            log=tmp_path / "log",
        ):
            eventually(lambda: listening.presences("sl-000001"), timeout_s=60)
            # By now the other has long tried: both lifts were started before this count.
            eventually(lambda: " of 2 lifts connected" in (tmp_path / "log").read_text())
        eventually(lambda: (False, "shutdown") in listening.presences("sl-000001"))
        listening.close()
        assert not listening.of("sl-000002")


@pytest.mark.slow
def test_a_real_modem_process_on_the_bench_calls_and_is_heard(
    tmp_path: Path, broker: Broker
) -> None:
    log = tmp_path / "bench"
    listening = Listening(broker)
    refused = scenario_file(tmp_path, "refused", *RIDE, "at: 5s, fail: drive")
    with simulator("bench-lift", refused, url=broker.url, log=log):
        address = eventually(
            lambda: next(
                (line.split()[1] for line in log.read_text().splitlines() if "listening" in line),
                None,
            )
        )
        config = tmp_path / "modem.toml"
        config.write_text(
            f'device = "sl-000007"\ncontroller = "{address}"\noutbox = "outbox.db"\n'
            f'[link]\nhost = "{broker.host}"\nport = {broker.port}\n'
        )
        modem = subprocess.Popen([sys.executable, "-m", "gateway", "--config", str(config)])
        try:
            (call, *_) = eventually(lambda: listening.calls("sl-000007"), timeout_s=60)
            assert call.reason == CallReason.REFUSED
            eventually(lambda: "notice calling" in log.read_text(), what="the lift announces it")
        finally:
            modem.terminate()
            assert modem.wait(timeout=10) == 0
    listening.close()
