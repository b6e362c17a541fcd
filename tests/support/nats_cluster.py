"""A real NATS cluster with JetStream, each node in a network of its own, to be killed."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from chaos.network import Network
from ingest.provisioning.authority import Authority

NODES: Final = ("n1", "n2", "n3")
SERVER: Final = Path(sys.executable).with_name("nats-server")  # its wheel brings it
CONFIGURATION: Final = Path(__file__).parents[2] / "deploy/nats/node.conf"


class NatsCluster:
    """Nodes of one cluster, as they are deployed: each speaks TLS, and with ingest alone.

    Args:
        directory: an empty folder. Certificates stand in it, ``ingest``'s as well.

    Raises:
        OSError: no networks can be made here.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        own = os.getpid()
        subnet = f"10.{200 + own // 250 % 50}.{own % 250}"
        self._network = Network(NODES, subnet=subnet, hub=f"lw{own}")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        addresses = tuple(self._network.address(name) for name in NODES)
        now = datetime.now(UTC)
        Authority.open(directory, now=now).issue_server("broker", addresses, now=now)

    def certificate(self, name: str) -> tuple[Path, Path, Path]:
        """Return files by which ``name`` may be known: the authority, a certificate, its key."""
        now = datetime.now(UTC)
        Authority.open(self.directory, now=now).issue_client(name, now=now)
        folder = self.directory
        return folder / "ca.crt", folder / f"{name}.crt", folder / f"{name}.key"

    @property
    def urls(self) -> str:
        """The nodes, as ``LIFTWACHT_NATS_URL`` wants them."""
        return ",".join(f"tls://{self._network.address(name)}:4222" for name in NODES)

    @property
    def settings(self) -> dict[str, str]:
        """What ingest finds in its environment."""
        names = ("LIFTWACHT_MQTT_CA", "LIFTWACHT_MQTT_CERT", "LIFTWACHT_MQTT_KEY")
        files = dict(zip(names, map(str, self.certificate("ingest")), strict=True))
        return {"LIFTWACHT_NATS_URL": self.urls} | files

    def start(self, name: str) -> None:
        """Start a node, or start it again."""
        address = self._network.address
        routes = ", ".join(f'"nats-route://{address(each)}:6222"' for each in NODES)
        environment = {
            "NATS_NAME": name,
            "NATS_LISTEN": f"{address(name)}:4222",
            "NATS_ROUTE": f"{address(name)}:6222",
            "NATS_ROUTES": f"[{routes}]",
            "NATS_STORE": str(self.directory / name),
            "NATS_CA": str(self.directory / "ca.crt"),
            "NATS_CERT": str(self.directory / "broker.crt"),
            "NATS_KEY": str(self.directory / "broker.key"),
        }
        with (
            (self.directory / f"{name}.log").open("ab") as log,
            self._network.inside(name),
        ):
            self._processes[name] = subprocess.Popen(
                [SERVER, "-c", CONFIGURATION], stdout=log, stderr=log, env=os.environ | environment
            )

    def kill(self, name: str) -> None:
        """Kill -9."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def pids(self) -> list[int]:
        """Return the process ids of the nodes that run."""
        return [process.pid for process in self._processes.values()]

    def __enter__(self) -> Self:
        for name in NODES:
            self.start(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in list(self._processes):
            self.kill(name)
        self._network.close()
