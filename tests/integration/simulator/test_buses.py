"""Real modem processes on real buses: a simulated controller, a real broker, a call."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.adapters.can import parse
from gateway.protocol.messages import FaultEdge
from gateway.protocol.vocabulary import CallReason
from tests.integration.simulator.test_fleet import Listening, scenario_file, simulator
from tests.support.broker import Broker, free_port
from tests.support.platform import eventually

pytestmark = pytest.mark.timeout(180)

DEVICE = "sl-000007"
RIDE = ("at: 1s, do: sit_down", "at: 2s, do: ride up")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    (tmp_path / "broker").mkdir()
    with Broker(tmp_path / "broker") as running:
        yield running


def said(log: Path, word: str) -> str:
    """Return what the simulator printed after ``word``, as soon as it has."""

    def look() -> list[str]:
        lines = log.read_text().splitlines()
        return [line.split(" ", 1)[1] for line in lines if line.startswith(word + " ")]

    return eventually(look, timeout_s=60, what=f"it prints {word}")[0]


@contextmanager
def modem(folder: Path, controller: str, broker: Broker) -> Iterator[Path]:
    config, log = folder / "modem.toml", folder / "modem.log"
    config.write_text(
        f'device = "{DEVICE}"\ncontroller = "{controller}"\noutbox = "outbox.db"\n'
        "[watch.calls]\nfallback_ms = 3000\n"
        f'[link]\nhost = "{broker.host}"\nport = {broker.port}\n'
    )
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "--config", str(config)], stderr=output
        )
    try:
        yield log
    finally:
        process.terminate()
        assert process.wait(timeout=10) == 0, log.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("listen", ["modbus+tcp://127.0.0.1:0", "modbus+rtu://pty"])
def test_a_modem_on_modbus_calls_and_is_heard(tmp_path: Path, broker: Broker, listen: str) -> None:
    log = tmp_path / "bench"
    listening = Listening(broker)
    refused = scenario_file(tmp_path, "refused", *RIDE, "at: 5s, fail: drive")
    with simulator("bench-lift", refused, "--listen", listen, url=broker.url, log=log):
        address = said(log, "listening")
        assert address.startswith(listen.split(":", maxsplit=1)[0])
        with modem(tmp_path, address, broker) as modem_log:
            (call, *_) = eventually(lambda: listening.calls(DEVICE), timeout_s=60)
            assert call.reason == CallReason.REFUSED
            eventually(lambda: "notice calling" in log.read_text(), what="the lift announces it")
            # Nobody answers: what goes by telephone goes over the bus as well.
            text = said(log, "fallback")
            assert text.startswith(f"{DEVICE} {CallReason.REFUSED}")
            eventually(lambda: "notice fallback" in log.read_text())
            assert "Traceback" not in modem_log.read_text()
    listening.close()


@pytest.mark.slow
def test_a_modem_on_can_calls_and_is_heard(tmp_path: Path, broker: Broker) -> None:
    log = tmp_path / "bench"
    listening = Listening(broker)
    sos = scenario_file(tmp_path, "sos", *RIDE, "at: 20s, do: press_sos")
    # python-can's frames over multicast: a real bus between two processes without its hardware.
    address = f"can://udp_multicast/239.74.163.2?port={free_port()}&node=5"
    try:
        parse(address).open().shutdown()
    except OSError as error:
        pytest.skip(f"no multicast on this machine: {error}")
    with (
        simulator("bench-lift", sos, "--listen", address, url=broker.url, log=log),
        modem(tmp_path, said(log, "listening"), broker),
    ):
        (call, *_) = eventually(lambda: listening.calls(DEVICE), timeout_s=60)
        assert call.reason == CallReason.SOS
        eventually(lambda: "notice calling" in log.read_text(), what="the lift announces it")
        assert said(log, "fallback").startswith(f"{DEVICE} {CallReason.SOS}")
    listening.close()


@pytest.mark.slow
def test_a_controller_that_is_gone_from_its_bus_is_a_fault(tmp_path: Path, broker: Broker) -> None:
    log = tmp_path / "bench"
    listening = Listening(broker)
    silent = scenario_file(tmp_path, "silent", "at: 2s, fail: bus", "at: 12s, repair: bus")
    command = ("bench-lift", silent, "--listen", "modbus+tcp://127.0.0.1:0")
    with simulator(*command, url=broker.url, log=log):
        address = said(log, "listening")
        with modem(tmp_path, address, broker):

            def edges() -> list[tuple[str, str]]:
                found = [m for m in listening.of(DEVICE) if isinstance(m, FaultEdge)]
                return [(one.maker_code, one.edge) for one in found if one.code == "controller"]

            eventually(lambda: ("no_answer", "raised") in edges(), timeout_s=60)
            eventually(lambda: ("no_answer", "cleared") in edges(), timeout_s=60)
    listening.close()
