"""``python -m api`` as a process of its own, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import httpx

from tests.support.accounts import SignedIn, sign_in

ROOT = Path(__file__).resolve().parents[3]


class Service:
    """A running service; ``url`` is its address."""

    def __init__(self, database_url: str, port: int) -> None:
        self._database_url = database_url
        self.url = f"http://127.0.0.1:{port}"
        self._environment = os.environ | {
            "LIFTWACHT_DATABASE_URL": database_url,
            "LIFTWACHT_LISTEN_PORT": str(port),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def set(self, name: str, value: str) -> None:
        """Set a variable of its environment, before it starts."""
        self._environment[name] = value

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api"], cwd=ROOT, env=self._environment
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/v1/health", timeout=5)
            except httpx.TransportError:
                assert self._process.poll() is None, "the service ended at once"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the service does not answer")

    def stop(self, signal_: int = signal.SIGTERM) -> tuple[int, float]:
        """Stop, and return the exit code and how long it took in seconds."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal_)
        code = self._process.wait(timeout=20)
        self._process = None
        return code, time.monotonic() - began

    @cached_property
    def desk(self) -> SignedIn:
        """Somebody of the service desk, signed in."""
        return sign_in(self._database_url)

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._process is not None


@contextmanager
def service(database_url: str) -> Iterator[Service]:
    """Run the service until the end of the block."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    running = Service(database_url, port)
    running.start()
    try:
        yield running
    finally:
        if running.running:
            running.stop()
