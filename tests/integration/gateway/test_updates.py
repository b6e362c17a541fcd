"""A modem replaces its own programme: the real launcher and gateway, a broker, signed packages."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.protocol.messages import Fetch, Presence, Reply, Update
from ingest.__main__ import main
from ingest.packages.signing import Signed
from tests.support.bench import Bench, Platform, eventually, write_config
from tests.support.broker import Broker
from tests.support.packages import Maker

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
def test_a_modem_takes_a_signed_programme_and_gives_up_one_that_crashes(  # noqa: PLR0915
    tmp_path: Path,
) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    maker = Maker(tmp_path)
    with Broker(folder) as broker, Bench() as bench, Platform(broker) as platform:
        config = write_config(tmp_path, device=DEVICE, bench=bench, broker=broker)
        text = config.read_text().replace('firmware = "test"', 'firmware = "1.0.0"')
        config.write_text(text + MORE)
        log = tmp_path / "modem.log"

        def start() -> subprocess.Popen[bytes]:
            with log.open("ab") as output:
                return subprocess.Popen(
                    [sys.executable, "-m", "gateway.launcher", "--config", str(config)],
                    stderr=output,
                )

        launcher = start()
        try:

            def runs(version: str, since: int = 0) -> bool:
                heard = [one for one in platform.of(Presence)[since:] if one.online]
                return bool(heard) and heard[-1].firmware == version

            def ends(command_id: str, stage: str) -> list[tuple[str, str]]:
                eventually(
                    lambda: [each for each in stages(platform, command_id) if each[0] == stage]
                )
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

            # The real one: fetched in pieces, tried, and kept.
            platform.packages[signed.sha256] = content
            done = ends(order(platform, signed), "confirmed")
            assert [stage for stage, _ in done] == [
                *("done", "downloaded", "installed", "started", "confirmed")
            ]
            assert runs("1.1.0")
            asked = [fetch.offset for fetch in platform.of(Fetch)]
            assert len(set(asked)) == -(-signed.size // (32 * 1024)) > 1

            # One that does not even start: the one before is back, by itself.
            path, crashing = maker.package("1.2.0", "raise SystemExit(3)")
            platform.packages[crashing.sha256] = path.read_bytes()
            since = len(platform.of(Presence))
            back = ends(order(platform, crashing), "rolled_back")
            assert back[-1] == ("rolled_back", "exit code 3")
            eventually(lambda: runs("1.1.0", since))

            # A launcher that is killed takes its programme with it; the next one waits for that.
            since = len(platform.of(Presence))
            launcher.kill()
            launcher.wait()
            launcher = start()
            eventually(lambda: runs("1.1.0", since))
            assert platform.of(Presence)[since].reason == "shutdown"
            launcher.terminate()
            assert launcher.wait(timeout=20) == 0
        finally:
            launcher.kill()
            launcher.wait()
        assert "Traceback" not in log.read_text()
