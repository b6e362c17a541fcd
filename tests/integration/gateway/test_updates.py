"""A modem replaces its own programme: the real launcher and gateway, a broker, signed packages."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from diagnostics.__main__ import main as diagnostics
from gateway.protocol.messages import Fetch, Presence, Reply, Update
from ingest.__main__ import main
from ingest.packages.signing import Signed
from tests.integration.ingest.test_provisioning import AID
from tests.support.bench import Bench, Platform, eventually, write_config
from tests.support.broker import Broker
from tests.support.database import as_user
from tests.support.packages import Maker
from tests.support.platform import Process
from tests.support.worker import query

DEVICE = "sl-000001"
MORE = """
[update]
folder = "programmes"
key = "packages.pub"
silent_s = 30
[trial]
settle_s = 0.5
patience_s = 60
"""


class Modem:
    """The launcher, as an init system runs it, with a programme that the factory installed."""

    def __init__(self, folder: Path, bench: Bench, broker: Broker) -> None:
        self._config = write_config(folder, device=DEVICE, bench=bench, broker=broker)
        text = self._config.read_text().replace('firmware = "test"', 'firmware = "1.0.0"')
        self._config.write_text(text + MORE)
        self._log = folder / "modem.log"
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._launcher = subprocess.Popen(
                [sys.executable, "-m", "gateway.launcher", "--config", str(self._config)],
                stderr=output,
            )

    def kill(self) -> None:
        self._launcher.kill()
        self._launcher.wait()

    def stop(self) -> int:
        self._launcher.terminate()
        return self._launcher.wait(timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        assert "Traceback" not in self._log.read_text()


def order(platform: Platform, signed: Signed, **changes: Any) -> str:
    fields = {
        "version": signed.version,
        "size": signed.size,
        "sha256": signed.sha256,
        "signature": signed.signature,
    }
    return platform.command(DEVICE, Update, **(fields | changes))


def stages(platform: Platform, command_id: str) -> list[tuple[str, str]]:
    """What the modem said of an order, each once, in order."""
    said = {
        reply.seq: (reply.stage or reply.outcome, reply.detail)
        for reply in platform.of(Reply)
        if reply.command_id == command_id
    }
    return [said[seq] for seq in sorted(said)]


@pytest.mark.slow
def test_a_modem_takes_no_other_programme_and_gives_up_one_that_crashes(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    maker = Maker(tmp_path)
    with (
        Broker(folder) as broker,
        Bench() as bench,
        Platform(broker) as platform,
        Modem(tmp_path, bench, broker) as modem,
    ):

        def runs(version: str, since: int = 0) -> bool:
            heard = [one for one in platform.of(Presence)[since:] if one.online]
            return bool(heard) and heard[-1].firmware == version

        def ends(command_id: str, stage: str) -> list[tuple[str, str]]:
            eventually(lambda: [each for each in stages(platform, command_id) if each[0] == stage])
            return stages(platform, command_id)

        eventually(lambda: runs("1.0.0"))
        path, signed = maker.package("1.1.0")
        assert main(["packages", "verify", str(path), "--key", str(maker.public)]) == 0
        content = path.read_bytes()

        # Somebody else's word; an older one, though signed; bytes that are not those signed.
        forged = ends(order(platform, signed, version="9.0.0"), "refused")
        assert forged[0] == ("done", "")
        assert forged[1][1].startswith("signature: ")
        assert not platform.of(Fetch)  # not even asked for
        old = ends(order(platform, maker.package("0.9.0", "")[1]), "refused")
        assert old == [("refused", "not newer: 1.0.0 runs")]
        platform.packages[signed.sha256] = content[:-1] + bytes([content[-1] ^ 1])
        assert ends(order(platform, signed), "refused") == [("done", ""), ("refused", "digest")]
        assert not (tmp_path / "programmes" / "a").exists()  # nothing was unpacked
        path.write_bytes(content + b"x")
        assert main(["packages", "verify", str(path), "--key", str(maker.public)]) == 1

        # One that does not even start: the one before is back, by itself.
        path, crashing = maker.package("1.2.0", "raise SystemExit(3)")
        platform.packages[crashing.sha256] = path.read_bytes()
        since = len(platform.of(Presence))
        back = ends(order(platform, crashing), "rolled_back")
        assert back[-1] == ("rolled_back", "exit code 3")
        eventually(lambda: runs("1.0.0", since))

        # A launcher that is killed takes its programme with it; the next one waits for that.
        since = len(platform.of(Presence))
        modem.kill()
        modem.start()
        eventually(lambda: runs("1.0.0", since))
        assert platform.of(Presence)[since].reason == "shutdown"
        assert modem.stop() == 0


@contextmanager
def part(name: str, *arguments: str, broker: Broker, database: str, folder: Path) -> Iterator[None]:
    """A part of the platform, with its own certificate and its own rights in the database."""
    environment = {
        "LIFTWACHT_DATABASE_URL": as_user(database, f"liftwacht_{name}"),
        "LIFTWACHT_MQTT_URL": broker.url,
        "LIFTWACHT_MQTT_CA": f"{broker.certificates}/ca.crt",
        "LIFTWACHT_MQTT_CERT": f"{broker.certificates}/{name}.crt",
        "LIFTWACHT_MQTT_KEY": f"{broker.certificates}/{name}.key",
    }
    process = Process(name, arguments, environment=environment, log=folder / f"{name}.log")
    process.start()
    try:
        yield
    except BaseException:
        sys.stderr.write(process.log)  # pytest shows it beside the failure
        raise
    finally:
        process.stop()
    assert "Traceback" not in process.log


@pytest.mark.slow
def test_a_campaign_brings_a_programme_to_a_modem(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every part real, from the package on the platform to the modem that keeps it."""
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", database)
    certificates, folder = tmp_path / "certificates", tmp_path / "broker"
    folder.mkdir()
    fleet, plan = tmp_path / "fleet.jsonl", tmp_path / "plan.json"
    fleet.write_text(json.dumps(AID))
    plan.write_text('{"rings": [100]}')
    assert main(["provision", "--manifest", str(fleet), "-c", str(certificates)]) == 0
    maker = Maker(tmp_path)
    package, _ = maker.package("1.1.0")
    assert main(["packages", "add", str(package), "--key", str(maker.public)]) == 0

    with ExitStack() as stack:
        broker = stack.enter_context(Broker(folder, certificates=certificates))
        where: dict[str, Any] = {"broker": broker, "database": database, "folder": tmp_path}
        registrar = ["ingest", "registrar", "-c", str(certificates)]
        stack.enter_context(part("registrar", *registrar, **where))
        stack.enter_context(part("ingest", "ingest", "run", **where))
        stack.enter_context(part("diagnostics", "diagnostics", "run", **where))
        stack.enter_context(Modem(tmp_path, stack.enter_context(Bench()), broker))
        runs = "SELECT firmware FROM device_presence WHERE online"
        eventually(lambda: query(database, runs) == [("1.0.0",)])
        # Who has never been there has no queue at the broker: a modem would ask again in 30 s.
        there = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'registrar-renewals'"
        eventually(lambda: query(database, there))
        begin = ["campaigns", "begin", "voor iedereen", "--package", "1.1.0", "--plan", str(plan)]
        assert diagnostics(begin) == 0
        said = (
            "SELECT reply.stage FROM reply JOIN campaign_member USING (command_id) ORDER BY log_no"
        )
        eventually(lambda: ("confirmed",) in query(database, said))
        assert [stage for (stage,) in query(database, said)] == [
            *("", "downloaded", "installed", "started", "confirmed")
        ]
        eventually(lambda: query(database, runs) == [("1.1.0",)])
        # It would be looked at again within a quarter of a minute.
        query(database, "UPDATE campaign SET next_look_at = now() RETURNING 1")
        state = (
            "SELECT campaign.state, campaign_member.state, attempts FROM campaign, campaign_member"
        )
        eventually(lambda: query(database, state) == [("finished", "confirmed", 1)])
    slots = json.loads((tmp_path / "programmes" / "state.json").read_text())
    assert (slots["slot"], slots["version"]) == ("a", "1.1.0")
