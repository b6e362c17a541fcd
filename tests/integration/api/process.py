"""The service as a process of its own, on a free port."""

import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from multiprocessing.context import ForkServerProcess

import httpx

from tests.support.accounts import SignedIn, sign_in
from tests.support.database import as_user
from tests.support.forked import fork_api


class Service:
    """A running service; ``url`` is its address."""

    def __init__(self, database_url: str, port: int) -> None:
        self._database_url = database_url
        self.url = f"http://127.0.0.1:{port}"
        self._settings = {
            "LIFTWACHT_DATABASE_URL": as_user(database_url, "liftwacht_api"),
            "LIFTWACHT_LISTEN_PORT": str(port),
        }
        self._process: ForkServerProcess | None = None

    def set(self, name: str, value: str) -> None:
        """Set a variable of its environment, before it starts."""
        self._settings[name] = value

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = fork_api(self._settings)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/v1/health", timeout=5)
            except httpx.TransportError:
                assert self._process.is_alive(), "the service ended at once"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the service does not answer")

    def stop(self, signal_: int = signal.SIGTERM) -> tuple[int, float]:
        """Stop, and return the exit code and how long it took in seconds."""
        assert self._process is not None
        assert self._process.pid is not None
        began = time.monotonic()
        os.kill(self._process.pid, signal_)
        self._process.join(timeout=20)
        code = self._process.exitcode
        assert code is not None, "the service does not end"
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
def service(database_url: str, settings: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Run the service until the end of the block, with these variables beside its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    running = Service(database_url, port)
    for name, value in (settings or {}).items():
        running.set(name, value)
    running.start()
    try:
        yield running
    finally:
        if running.running:
            running.stop()
