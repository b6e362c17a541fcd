"""The modem as a real process: a real broker, a bench for a lift, and a platform in miniature."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chaos.disk import Drag
from gateway.hal import ActiveFault
from gateway.protocol.messages import (
    Call,
    FaultEdge,
    Identify,
    Presence,
    Reply,
    Snapshot,
    Status,
)
from gateway.protocol.vocabulary import Demand, Landing, Seat, Signals
from ingest.provisioning.authority import Authority
from tests.support.bench import Bench, Platform, eventually, write_config
from tests.support.broker import Broker
from tests.support.lift import EDGE

DEVICE = "sl-000001"
STUCK = {
    "speed_mm_s": 0,
    "seat": Seat.OCCUPIED,
    "landing": Landing.BETWEEN,
    "signals": Signals.SOS,
}
QUICK = "[watch.calls]\nrepeat_ms = 300\nfallback_ms = 1500\n"


@contextmanager
def modem(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    log = config.with_suffix(".log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "--config", str(config)],
            stderr=output,
            cwd=Path(__file__).parents[3],
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert "Traceback" not in log.read_text()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with Broker(folder) as running:
        yield running


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench() as lift:
        yield lift


@pytest.fixture
def platform(broker: Broker) -> Iterator[Platform]:
    with Platform(broker) as listening:
        yield listening


def connected(platform: Platform, session: int) -> Presence | None:
    found = [p for p in platform.of(Presence) if p.online and p.session >= session]
    return found[0] if found else None


def test_presence_birth_goodbye_and_will(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform
) -> None:
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
    with modem(config) as process:
        birth = eventually(lambda: connected(platform, 1))
        assert platform.heard[0] == birth
        assert birth.sample is not None
        assert birth.sample.landing is Landing.BOTTOM
        assert birth.firmware == "test"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    goodbye = eventually(lambda: next((p for p in platform.of(Presence) if not p.online), None))
    assert (goodbye.reason, goodbye.session) == ("shutdown", birth.session)

    with modem(config) as process:
        second = eventually(lambda: connected(platform, birth.session + 1))
        process.kill()
        will = eventually(
            lambda: next((p for p in platform.of(Presence) if p.reason == "lost"), None)
        )
    assert (will.online, will.session, will.outbox) == (False, second.session, second.outbox)
    with Platform(broker, "late") as late:
        eventually(lambda: late.retained == [will])


def test_call_is_repeated_until_the_platform_says_that_help_comes(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform
) -> None:
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
    config.write_text(config.read_text() + "[watch.calls]\nrepeat_ms = 300\n")
    with modem(config):
        eventually(lambda: connected(platform, 1))
        bench.set(**STUCK)
        call = eventually(lambda: next(iter(platform.of(Call)), None))
        assert (call.reason, call.phase) == ("sos", "raised")
        eventually(lambda: len(platform.of(Call)) >= 3)
        command = platform.answer(call, "help_coming")
        eventually(lambda: [r for r in platform.of(Reply) if r.command_id == command])
        told = len(platform.of(Call))
        snapshot = platform.command(DEVICE, Snapshot)
        eventually(lambda: [r for r in platform.of(Reply) if r.command_id == snapshot])
        platform.answer(call, "answered")
        eventually(lambda: bench.notices == ["calling", "help_coming", "answered"])
        # Nothing to wait for but that nothing comes: three times the pause between repetitions.
        with pytest.raises(AssertionError):
            eventually(lambda: len(platform.of(Call)) > told, timeout_s=1.0)
        assert bench.texts == []
    calls = platform.of(Call)
    assert [c.attempt for c in calls] == list(range(1, len(calls) + 1))
    assert {c.call_id for c in calls} == {call.call_id}


def test_a_disk_that_hangs_keeps_nobody_from_being_heard(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform
) -> None:
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
    config.write_text(config.read_text() + QUICK)
    with modem(config) as process:
        eventually(lambda: connected(platform, 1))
        with hanging(process):
            bench.set(**STUCK)
            call = eventually(lambda: next(iter(platform.of(Call)), None))
            assert (call.reason, call.phase) == ("sos", "raised")
            eventually(lambda: bench.texts)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@contextmanager
def hanging(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let nothing that a process writes reach its disk."""
    drag = Drag([process.pid], delay_ms=600_000)
    try:
        eventually(lambda: traced(process))
        yield
    finally:
        drag.release()


def traced(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether somebody has hold of all threads of a process."""
    states = Path(f"/proc/{process.pid}/task").glob("*/status")
    return all("TracerPid:\t0\n" not in state.read_text() for state in states)


@pytest.mark.parametrize("acknowledges", [True, False])
def test_nobody_answers_and_the_telephone_is_taken(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform, *, acknowledges: bool
) -> None:
    platform.acknowledges = acknowledges
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
    config.write_text(config.read_text() + QUICK)
    with modem(config):
        bench.set(**STUCK)
        eventually(lambda: bench.texts)
        assert DEVICE in bench.texts[0]
        eventually(lambda: bench.notices == ["calling", "fallback"])


def test_broker_that_swallows_everything_does_not_keep_the_lift_from_calling(
    tmp_path: Path, broker: Broker, bench: Bench
) -> None:
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
    with socket.create_server(("127.0.0.1", 0)) as hole:  # accepts, and never says a word
        text = config.read_text().replace(str(broker.port), str(hole.getsockname()[1]))
        config.write_text(text + QUICK)
        with modem(config):
            bench.set(**STUCK)
            eventually(lambda: bench.notices == ["calling", "fallback"])


def test_nothing_is_lost_when_broker_and_modem_are_killed(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform
) -> None:
    # A broker that was killed has forgotten who listens: what it takes before the platform is
    # back goes nowhere, and only sending it again helps.
    resend = "[dispatch]\nresend_ms = 500\n"
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker, more=resend)
    codes = iter(f"code_{number}" for number in range(100))
    raised: list[str] = []

    def fault() -> None:
        raised.append(next(codes))
        bench.set(faults=tuple(ActiveFault(code) for code in raised))

    def heard() -> bool:
        return {e.code for e in platform.of(FaultEdge)} == set(raised)

    with modem(config):
        eventually(lambda: connected(platform, 1))
        fault()
        eventually(heard)
        for _ in range(2):
            broker.kill()
            fault()
            broker.start()
            eventually(heard)
        platform.acknowledges = False
        fault()
        eventually(heard)
    platform.acknowledges = True
    before = len(platform.of(FaultEdge))
    session = max(p.session for p in platform.of(Presence))
    fault()
    with modem(config):
        eventually(lambda: connected(platform, session + 1))
        eventually(lambda: len(platform.of(FaultEdge)) >= before + 2)
        eventually(heard)
    edges = platform.of(FaultEdge)
    assert len({e.outbox for e in edges}) == 1
    by_seq = {e.seq: e for e in edges}
    assert all(by_seq[e.seq] == e for e in edges)  # what came twice came as it was
    assert sorted(e.code for e in by_seq.values()) == sorted(raised)


def test_commands_wait_for_a_modem_that_is_away(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform
) -> None:
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
    with modem(config):
        eventually(lambda: connected(platform, 1))
        first = platform.command(DEVICE, Snapshot)
        eventually(lambda: [r for r in platform.of(Reply) if r.command_id == first])
    away = platform.command(DEVICE, Identify, duration_ms=500)
    late = platform.command(DEVICE, Identify, expires_ms=1)
    with modem(config):
        # A reply that was not confirmed before the modem stopped is sent again: it counts once.
        eventually(lambda: len({r.command_id for r in platform.of(Reply)}) == 3)
        eventually(lambda: "identify" in bench.notices)
    outcomes = {r.command_id: r.outcome for r in platform.of(Reply)}
    assert outcomes == {first: "done", away: "done", late: "expired"}


def test_mqtt_3_1_1_will_do(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform
) -> None:
    config = write_config(
        tmp_path, device=DEVICE, bench=bench, broker=broker, link='version = "3.1.1"'
    )
    with modem(config) as process:
        eventually(lambda: connected(platform, 1))
        command = platform.command(DEVICE, Snapshot)
        eventually(lambda: [r for r in platform.of(Reply) if r.command_id == command])
        process.kill()
        eventually(lambda: [p for p in platform.of(Presence) if p.reason == "lost"])


def test_tls_certificates_and_access_list(tmp_path: Path, bench: Bench) -> None:
    certificates = tmp_path / "certificates"
    authority = Authority.open(certificates, now=datetime.now(UTC))
    authority.issue_server("broker", ("localhost", "127.0.0.1"), now=datetime.now(UTC))
    for name in (DEVICE, "sl-000002", "ingest", "diagnostics"):
        authority.issue_client(name, now=datetime.now(UTC))
    folder = tmp_path / "broker"
    folder.mkdir()
    with Broker(folder, certificates=certificates) as broker:
        config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
        with Platform(broker) as ingest, Platform(broker, "diagnostics") as diagnostics:
            with modem(config):
                eventually(lambda: connected(ingest, 1))
                bench.set(**STUCK)
                call = eventually(lambda: next(iter(ingest.of(Call)), None))
                diagnostics.answer(call, "help_coming")
                eventually(lambda: "help_coming" in bench.notices)
            # Somebody else's certificate: the access list keeps it off this lift's topics.
            heard = len(ingest.heard)
            impostor = tmp_path / "impostor.toml"
            impostor.write_text(
                config.read_text()
                .replace(f"{DEVICE}.crt", "sl-000002.crt")
                .replace(f"{DEVICE}.key", "sl-000002.key")
                .replace(f"{DEVICE}.db", "impostor.db")
            )
            with modem(impostor):
                eventually(lambda: "no connection" in impostor.with_suffix(".log").read_text())
            assert [m for m in ingest.heard[heard:] if isinstance(m, Call | Status)] == []


def test_wrong_authority_is_no_reason_to_fall_over(tmp_path: Path, bench: Bench) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for directory in (ours, theirs):
        authority = Authority.open(directory, now=datetime.now(UTC))
        authority.issue_server("broker", ("localhost",), now=datetime.now(UTC))
        authority.issue_client(DEVICE, now=datetime.now(UTC))
    folder = tmp_path / "broker"
    folder.mkdir()
    with Broker(folder, certificates=ours) as broker:
        config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
        config.write_text(config.read_text().replace(str(ours), str(theirs)) + QUICK)
        with modem(config) as process:
            bench.set(**STUCK)
            eventually(lambda: bench.texts)
            assert process.poll() is None
            assert "certificate" in config.with_suffix(".log").read_text().lower()


def test_ride_reaches_the_platform_as_it_happens(
    tmp_path: Path, broker: Broker, bench: Bench, platform: Platform
) -> None:
    config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
    with modem(config):
        eventually(lambda: connected(platform, 1))
        bench.set(speed_mm_s=120, landing=Landing.BETWEEN, demand=Demand.UP, faults=EDGE)
        eventually(lambda: platform.of(FaultEdge))
        # The fault overtakes the samples that are its evidence.
        eventually(
            lambda: [s for m in platform.of(Status) for s in m.samples if s.speed_mm_s == 120]
        )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("device = 3", "device"),
        ("nonsense", "Expected"),
        (
            'device="sl-000001"\ncontroller="serial:1"\noutbox="o.db"\n[link]\nhost="x"\nport=1',
            "serial:1",
        ),
        (
            'device="sl-000001"\ncontroller="unix:/x"\noutbox="o.db"\ntypo=1\n[link]\nhost=""',
            "typo",
        ),
    ],
)
def test_configuration_that_is_wrong_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    config = tmp_path / "modem.toml"
    config.write_text(text)
    run = subprocess.run(
        [sys.executable, "-m", "gateway", "--config", str(config)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        env=os.environ,
        check=False,
    )
    assert run.returncode == 2
    assert complaint in run.stderr
    assert "Traceback" not in run.stderr
