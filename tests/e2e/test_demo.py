"""``make demo``'s program: comes up, shows somebody stuck, ends without a trace, comes again."""

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.support.broker import free_port
from tests.support.platform import REPOSITORY, eventually

UP_WITHIN_S = 240
STUCK_WITHIN_S = 240


@pytest.fixture
def data() -> Iterator[Path]:
    # Not under pytest's own folder: root's database runs as a user who may not look into that.
    with tempfile.TemporaryDirectory(prefix="liftwacht-demo-", ignore_cleanup_errors=True) as home:
        yield Path(home) / "run"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=2) as found:
        yield found


@contextmanager
def demo(data: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "deploy.demo", "--fleet", "5"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--data", str(data)],
            cwd=REPOSITORY,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=90)


def tickets(client: httpx.Client, port: int) -> list[dict[str, Any]]:
    try:
        response = client.get(f"http://127.0.0.1:{port}/v1/tickets")
    except httpx.TransportError:
        return []
    found: list[dict[str, Any]] = response.json().get("items", [])
    return found


def sign_in(client: httpx.Client, port: int, log: Path) -> None:
    """Sign in with what the demo printed."""
    printed = re.search(r"^.* desk +([a-z0-9-]{23}) ", log.read_text(), re.MULTILINE)
    assert printed, log.read_text()
    response = client.post(
        f"http://127.0.0.1:{port}/sign-in", data={"login": "desk", "password": printed[1]}
    )
    assert response.headers["location"] == "/", response.text


def of(data: Path) -> list[str]:
    """Return the processes that have to do with ``data``."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        command = " ".join(process.info["cmdline"] or [])
        data_of = (process.info["environ"] or {}).get("DATABASE_DATA", "")
        if str(data) in command or data_of.startswith(str(data)):
            found.append(command)
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_it_comes_up_and_goes_down_twice(data: Path, tmp_path: Path, client: httpx.Client) -> None:
    port, log = free_port(), tmp_path / "demo.log"
    with demo(data, port, log) as process:
        eventually(
            lambda: "Liftwacht is up" in log.read_text(), timeout_s=UP_WITHIN_S, what="it is up"
        )
        assert f"http://127.0.0.1:{port}/" in log.read_text()
        sign_in(client, port, log)
        eventually(
            lambda: tickets(client, port), timeout_s=STUCK_WITHIN_S, what="somebody is stuck"
        )
        eventually(
            lambda: any(b"P1 NOODGEVAL" in mail.read_bytes() for mail in (data / "mail").glob("*")),
            what="a mail about it, beside one about a gap in the rota",
        )

        second = subprocess.run(
            [sys.executable, "-m", "deploy.demo", "--data", str(data)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert "already running" in second.stderr

        process.send_signal(signal.SIGTERM)
        process.wait(timeout=90)
        assert "SIGKILL" not in log.read_text(), log.read_text()[-3000:]
    assert of(data) == []

    assert tickets(client, port) == []  # nobody answers any more
    with demo(data, port, log):
        eventually(
            lambda: tickets(client, port), timeout_s=UP_WITHIN_S, what="the old ticket is back"
        )
    assert of(data) == []
