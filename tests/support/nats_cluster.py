"""A real NATS cluster with JetStream, each node in a network of its own, to be killed."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from chaos.network import Network
from ingest.provisioning.authority import Authority
from ingest.provisioning.manifest import NODE

NODES: Final = ("n1", "n2", "n3")
STRANGER: Final = "n4"  # that wants to be one
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
        self._network = Network((*NODES, STRANGER), subnet=subnet, hub=f"lw{own}")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        addresses = tuple(self._network.address(name) for name in NODES)
        now = datetime.now(UTC)
        Authority.open(directory, now=now).issue_node(NODE, addresses, now=now)

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

    def start(self, name: str, certificate: tuple[Path, Path, Path] | None = None) -> None:
        """Start a node, or start it again.

        Args:
            name: of the node.
            certificate: the authority, certificate and key that it has; None: what nodes have.
        """
        folder = self.directory
        ca, cert, key = certificate or (
            folder / "ca.crt", folder / f"{NODE}.crt", folder / f"{NODE}.key"
        )  # fmt: skip
        address = self._network.address
        routes = ", ".join(f'"nats-route://{address(each)}:6222"' for each in NODES)
        environment = {
            "NATS_NAME": name,
            "NATS_LISTEN": f"{address(name)}:4222",
            "NATS_ROUTE": f"{address(name)}:6222",
            "NATS_ROUTES": f"[{routes}]",
            "NATS_STORE": str(self.directory / name),
            "NATS_CA": str(ca),
            "NATS_CERT": str(cert),
            "NATS_KEY": str(key),
        }
        with self.log(name).open("ab") as log, self._network.inside(name):
            self._processes[name] = subprocess.Popen(
                [SERVER, "-c", CONFIGURATION], stdout=log, stderr=log, env=os.environ | environment
            )

    def log(self, name: str) -> Path:
        """Return what a node writes."""
        return self.directory / f"{name}.log"

    def neighbours(self, name: str) -> set[str]:
        """Return the nodes that a node is connected to."""
        with self._network.inside(name):
            line = HTTPConnection("127.0.0.1", 8222, timeout=5)
            line.request("GET", "/routez")
            routes = msgspec.json.decode(line.getresponse().read())["routes"]
        line.close()
        return {each["remote_name"] for each in routes}

    def in_the_clear(self, name: str) -> bytes:
        """Return what a node answers on its route port to who does not encrypt."""
        with socket.create_connection((self._network.address(name), 6222), timeout=10) as line:
            file = line.makefile("rb")
            said = file.readline()
            line.sendall(b'CONNECT {"name":"n4","cluster":"liftwacht","lnoc":true}\r\nPING\r\n')
            with suppress(ConnectionResetError):
                said += file.read()
        return said

    def complete(self) -> bool:
        """Tell whether all nodes are connected to each other, and to no other."""
        try:
            return all(self.neighbours(name) == set(NODES) - {name} for name in NODES)
        except OSError:  # one has just been started
            return False

    def mend(self) -> None:
        """Start whoever was killed."""
        for name in NODES:
            if name not in self._processes:
                self.start(name)

    def kill(self, name: str) -> None:
        """Kill -9."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def pids(self) -> list[int]:
        """Return the process ids of the nodes that run."""
        return [process.pid for process in self._processes.values()]

    def __enter__(self) -> Self:
        self.mend()
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
