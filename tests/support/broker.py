"""A real mosquitto on a free port, for one test."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_ACL = REPOSITORY / "ingest" / "provisioning" / "mosquitto" / "acl"
START_TIMEOUT_S = 60.0


def mosquitto_path() -> str:
    """Return where mosquitto is: Debian keeps it out of an ordinary user's PATH."""
    path = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if path is None:
        raise FileNotFoundError("mosquitto is not installed")
    return path


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Broker:
    """A broker that a test may start, stop, kill and start again: the port stays the same.

    Without ``certificates`` anybody may connect and do anything. With it (``ca.crt``,
    ``broker.crt``, ``broker.key`` in that folder) the broker speaks TLS, asks for a client
    certificate, takes its common name as the user and applies ``acl``.

    Args:
        directory: an empty folder of this test's own, for configuration, log and database.
        certificates: the folder with certificates, or None for an open broker.
        acl: the access list for the TLS mode.
        settings: further lines of ``mosquitto.conf``.
        persistent: keep sessions in a file, written at a clean stop (and lost by ``kill``).
        address: where it listens, and what its certificate is for; None: this machine's own.
    """

    host = "localhost"

    def __init__(
        self,
        directory: Path,
        *,
        certificates: Path | None = None,
        acl: Path = DEFAULT_ACL,
        settings: Sequence[str] = (),
        persistent: bool = True,
        address: str | None = None,
    ) -> None:
        self.host = address or self.host
        self._address = address or "127.0.0.1"
        self.directory = directory
        self.certificates = certificates
        self.port = free_port()
        self._acl = acl
        self._settings = tuple(settings)
        self._persistent = persistent
        self._process: subprocess.Popen[bytes] | None = None
        self._bound_once = False

    @property
    def url(self) -> str:
        """The address, as ``LIFTWACHT_MQTT_URL`` wants it."""
        scheme = "mqtt" if self.certificates is None else "mqtts"
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        if self._process is None:
            raise RuntimeError("the broker is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """What the broker logged so far."""
        path = self.directory / "mosquitto.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start, and return once it accepts connections."""
        for _ in range(5):
            if self._try_start():
                self._bound_once = True
                return
            if not self._bound_once:  # somebody was faster to the port
                self.port = free_port()
        raise RuntimeError(f"mosquitto does not start:\n{self.log}")

    def stop(self) -> None:
        """Stop cleanly: sessions are saved."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill -9: sessions, queued and retained messages are lost."""
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _try_start(self) -> bool:
        configuration = self.directory / "mosquitto.conf"
        configuration.write_text("\n".join(self._lines()) + "\n")
        with (self.directory / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                [mosquitto_path(), "-c", str(configuration)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection((self._address, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
                continue
            return self._process.poll() is None
        self.kill()
        return False

    def _lines(self) -> list[str]:
        lines = [
            "per_listener_settings false",
            f"listener {self.port} {self._address}",
            "log_type error",
            "log_type warning",
            "log_type notice",
            "connection_messages false",
            "max_queued_messages 0",
            "max_inflight_messages 0",
            "set_tcp_nodelay true",
        ]
        if os.geteuid() == 0:
            lines.append("user root")  # else it gives up root and cannot read the test's folder
        if self._persistent:
            lines += ["persistence true", f"persistence_location {self.directory}/"]
        if self.certificates is None:
            lines.append("allow_anonymous true")
        else:
            lines += [
                "allow_anonymous false",
                f"cafile {self.certificates / 'ca.crt'}",
                f"certfile {self.certificates / 'broker.crt'}",
                f"keyfile {self.certificates / 'broker.key'}",
                "require_certificate true",
                "use_identity_as_username true",
                f"acl_file {self._acl}",
            ]
        return [*lines, *self._settings]

    def _end(self, signal_: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal_)
        self._process.wait(timeout=10)
        self._process = None
