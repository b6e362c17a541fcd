"""The service behind the proxy that docker-compose.yml puts before it: the real one, with TLS."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest

from tests.integration.api.process import Service, service
from tests.support.broker import REPOSITORY, free_port

NAME = "desk.liftwacht.test"


class Proxy(NamedTuple):
    http: int
    https: int

    @contextmanager
    def ask(
        self, path: str, *, method: str = "GET", tls: bool = True, **rest: Any
    ) -> Iterator[httpx.Response]:
        """Ask as a browser that found the name at this machine."""
        scheme, port = ("https", self.https) if tls else ("http", self.http)
        headers = {"Host": NAME, **rest.pop("headers", {})}
        with (
            httpx.Client(verify=False, timeout=30) as client,  # noqa: S501 - made a moment ago
            client.stream(
                method,
                f"{scheme}://127.0.0.1:{port}{path}",
                headers=headers,
                extensions={"sni_hostname": NAME},
                **rest,
            ) as response,
        ):
            yield response


@pytest.fixture
def behind(database: str) -> Iterator[Service]:
    with service(database, {"LIFTWACHT_ALLOWED_HOSTS": NAME}) as found:
        yield found


@pytest.fixture
def proxy(behind: Service, tmp_path: Path) -> Iterator[Proxy]:
    found = Proxy(free_port(), free_port())
    settings = {
        "PUBLIC_HOST": NAME,
        "API_UPSTREAM": behind.url.removeprefix("http://"),
        "TLS_ISSUER": "internal",
        "HTTP_PORT": str(found.http),
        "HTTPS_PORT": str(found.https),
        "XDG_DATA_HOME": str(tmp_path),
    }
    log = tmp_path / "caddy.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("caddy"), "run"],
            cwd=REPOSITORY / "deploy" / "caddy",
            env=os.environ | settings,
            stderr=written,
        )
    try:
        _wait_for(found, process, log)
        yield found
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0, log.read_text()


def _wait_for(proxy: Proxy, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with proxy.ask("/v1/health"):
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


def test_the_service_behind_the_proxy(proxy: Proxy, behind: Service, database: str) -> None:
    with proxy.ask("/sign-in") as page:
        assert page.status_code == 200
        assert "max-age" in page.headers["strict-transport-security"]

    # Whoever types no scheme is led to the one that keeps secrets.
    with proxy.ask("/sign-in", tls=False) as led:
        assert led.status_code == 308
        assert led.headers["location"].startswith(f"https://{NAME}")
    # What is for those who watch the platform is not for outside.
    with proxy.ask("/metrics") as hidden:
        assert (hidden.status_code, hidden.read()) == (404, b"")

    # An address that a caller makes up is not believed: attempts are counted by it.
    for made_up in ("203.0.113.7", "203.0.113.8"):
        form = {"login": "nobody", "password": "wrong wrong wrong"}
        headers = {"X-Forwarded-For": made_up}
        with proxy.ask("/sign-in", method="POST", data=form, headers=headers) as refused:
            assert refused.status_code == 401
    with psycopg.connect(database) as connection:
        addresses = connection.execute("SELECT DISTINCT address FROM audit").fetchall()
    assert addresses == [("127.0.0.1",)]

    # The live stream comes through piece by piece, compressed or not.
    for encoding in ("identity", "gzip"):
        cookie = f"__Host-liftwacht_session={behind.desk.token}"
        headers = {"Accept-Encoding": encoding, "Cookie": cookie}
        with proxy.ask("/v1/live", headers=headers) as stream:
            assert stream.status_code == 200
            assert any("refresh" in line for line in stream.iter_lines())

    # A restart of the service is waited for, not told to people.
    behind.stop()
    behind.start()
    with proxy.ask("/sign-in") as page:
        assert page.status_code == 200
