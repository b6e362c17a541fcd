"""A recording into a real broker, as the devices that are named in it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.protocol.messages import Call, Presence, Status
from simulator.replay.recordings import read
from simulator.scenarios.loader import find
from simulator.trace import run_scenario
from tests.integration.simulator.test_fleet import Listening
from tests.support.broker import Broker
from tests.support.platform import eventually

pytestmark = pytest.mark.timeout(180)


def replay(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simulator", "replay", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
        timeout=120,
    )


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "two.jsonl"
    with path.open("wb") as output:
        for device in ("sl-000001", "sl-000002"):
            run_scenario(find("sos_pressed"), output.write, device=device)
    return path


def test_it_all_arrives_in_order_as_the_named_devices(tmp_path: Path, trace: Path) -> None:
    (tmp_path / "broker").mkdir()
    recording = read(trace)
    with Broker(tmp_path / "broker") as broker:
        listening = Listening(broker)
        runs = [
            replay(str(trace), "--speed", speed, "--broker", broker.url) for speed in ("max", "100")
        ]
        for run in runs:
            assert run.returncode == 0, run.stderr
            assert json.loads(run.stdout)["messages"] == len(recording)
        now_ms = time.time_ns() // 1_000_000
        for device in ("sl-000001", "sl-000002"):
            expected = [type(one.message) for one in recording if one.device == device]
            count = 2 * (len(expected) + 1)  # each run, and its goodbye
            eventually(lambda d=device, n=count: len(listening.of(d)) == n)  # type: ignore[misc]
            heard = listening.of(device)
            assert [type(one) for one in heard] == [*expected, Presence] * 2
            assert listening.presences(device)[-1] == (False, "shutdown")
            calls = [one for one in heard if isinstance(one, Call)]
            assert len({one.call_id for one in calls}) == 2  # another run, another call
            statuses = [one for one in heard if isinstance(one, Status)]
            assert len({one.outbox for one in statuses}) == 2
            assert all(abs(now_ms - one.time_ms) < 3_600_000 for one in statuses)
        listening.close()


def test_without_a_broker_it_is_a_trace(tmp_path: Path, trace: Path) -> None:
    run = replay(str(trace), "--speed", "max", "--keep-times", "--keep-ids")
    assert run.returncode == 0, run.stderr
    (tmp_path / "again.jsonl").write_text(run.stdout)
    assert read(tmp_path / "again.jsonl") == read(trace)


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text("nonsense\n")
    run = replay(str(tmp_path / "t.jsonl"))
    assert (run.returncode, "t.jsonl:1" in run.stderr) == (2, True)
    assert "Traceback" not in run.stderr
    assert replay(str(tmp_path / "t.jsonl"), "--speed", "1000").returncode == 2
