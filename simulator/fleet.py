"""Many lifts on one machine: real gateway agents on one loop, each with its own connection.

Each lift has its own MQTT connection, will and client certificate, its own outbox (a file, or in
memory where there are too many for files), and a household that lives with it; now and then an
incident happens to one of them.
"""

import logging
import resource
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from gateway.link import LinkSettings, Tls
from gateway.loop import Loop
from gateway.metrics import Family, counter, gauge
from gateway.outbox import Outbox
from simulator.clock import RealTime
from simulator.dwelling import home_of
from simulator.home import Activity, Home
from simulator.incidents import Choice, incident
from simulator.installation import Installation, settings_of
from simulator.line import MqttLine
from simulator.living import DAY_MS, Living
from simulator.manifest import AidRecord
from simulator.pace import PacedTime
from simulator.scenarios.loader import library
from simulator.scenarios.model import Scenario
from simulator.scenarios.player import home_for, play
from simulator.tenant import tenant_of
from simulator.truth import TruthFile, ended, episodes

GOODBYE_MS = 5_000
GOODBYE_PER_LIFT_MS = 2
LOOK_FOR_INCIDENTS_MS = 1_000
COUNT_EVERY_MS = 5_000
LOOK_FOR_END_MS = 50
START_EVERY_MS = 20
# So many may be connecting at a time: more, and the first give up before it is their turn.
MAX_CONNECTING = 100
CONNECTING_MS = 15_000  # who has no connection after that waits beside the others
FILES_PER_DISK = 3  # database, write-ahead log, its index
FILES_PER_LINE = 1  # its socket
FILES_BESIDES = 200  # connections being made, libraries, logs

_log = logging.getLogger(__name__)


class FleetSettings(Struct, frozen=True, kw_only=True):
    """How a fleet is run.

    Attributes:
        link: the broker; the certificate is each lift's own.
        certificates: folder with ``ca.crt``, ``<device>.crt`` and ``<device>.key``; None: no TLS.
        state: folder for the outboxes, and for the truth unless that has a place of its own.
        truth: the file for what really was the matter; None: in ``state``.
        seed: of households and incidents.
        tempo: how many times as often as in life people ride; 1 keeps to the time of day.
        connects_per_s: how fast the fleet comes up.
        incident_mean_ms: mean time between two incidents; None for none.
        linger_ms: how long an emergency lasts that nobody ends at the desk.
        outboxes: where they are; None: files, if so many may be open, else in memory. Those in
            memory outlive a modem that dies, but not the fleet.
    """

    link: LinkSettings
    certificates: Path | None
    state: Path
    truth: Path | None = None
    seed: int
    tempo: float = 10.0
    connects_per_s: float = 50.0
    incident_mean_ms: int | None = 120_000
    linger_ms: int = 600_000
    outboxes: Literal["disk", "memory"] | None = None


class Paced:
    """An installation on a loop of real time, while its own time may pass faster."""

    def __init__(self, installation: Installation, time: PacedTime) -> None:
        self._installation = installation
        self.time = time

    def step(self) -> int:
        """Let it catch up. Returns when to be called again, in real time."""
        return self.time.source_ms(self._installation.step())


class Fleet:
    """The lifts of a manifest, live. One thread; ``stop`` may be called from a signal handler.

    Args:
        settings: how.
        aids: which.
        helpers: threads that make connections.
    """

    def __init__(
        self,
        settings: FleetSettings,
        aids: Sequence[AidRecord],
        *,
        helpers: int = 4,
    ) -> None:
        self._settings = settings
        self._real = RealTime()
        self.time = PacedTime(self._real)
        self.loop = Loop(self._real, helpers=helpers)
        settings.state.mkdir(parents=True, exist_ok=True)
        self._run_no = _count_run(settings.state / "runs")
        self._rng = Random(f"fleet/{settings.seed}/{self._run_no}")
        self._truth = TruthFile(settings.truth or settings.state / "truth.jsonl")
        self._scenarios = library()
        self._choice = Choice(self._scenarios, rng=self._rng)
        self.installations: list[Installation] = []
        self._by_device: dict[str, Installation] = {}
        self._households: dict[str, Living] = {}
        self._next_incident_ms: int | None = None
        self._connected_before = -1
        self._incidents = 0
        self._on_disk = _outboxes_on_disk(settings.outboxes, len(aids))
        self._to_start = deque(aids)
        self._connecting: deque[tuple[int, Installation]] = deque()
        self._start_due_ms = float(self._real.monotonic_ms())
        self.loop.call_soon(self._start_next)

    def add_scenario(
        self,
        aid: AidRecord,
        scenario: Scenario,
        finished: Callable[[], None] = lambda: None,
    ) -> Installation:
        """Add a lift that lives through ``scenario`` from its first connection on.

        ``finished`` is called at its end; then the lift stays as it is.
        """
        home = home_for(scenario, start_ms=self.time.monotonic_ms())
        installation = self._install(aid, home)

        def living() -> Activity:
            while not installation.is_connected:
                yield 100
            yield 1_000  # the platform has seen it well before anything happens
            began_wall_ms = self.time.wall_ms()
            found = episodes(scenario, device=aid.device, began_wall_ms=began_wall_ms)
            for one in found:
                self._truth.write(one)
            yield from play(scenario, home)
            for one in found:
                self._truth.write(ended(one, until_wall_ms=self.time.wall_ms()))
            finished()

        home.begin(living())
        return installation

    @property
    def by_device(self) -> Mapping[str, Installation]:
        """The lifts that there are so far."""
        return self._by_device

    def run(self) -> None:
        """Run until ``stop``; then let all lifts say goodbye."""
        if self._settings.incident_mean_ms is not None:
            self.loop.call_soon(self._look_for_incident)
        self._count_connected()
        self.loop.run()
        self._say_goodbye()

    def stop(self) -> None:
        """Have ``run`` come to its end. From any thread, or a signal handler."""
        self.loop.stop()

    def close(self) -> None:
        """Close files and sockets."""
        for installation in self.installations:
            installation.close()
        self.loop.close()
        self._truth.close()

    def _start_next(self) -> None:
        """Start those that are due, but never so many that their connecting chokes the rest."""
        now_ms = self._real.monotonic_ms()
        interval_ms = 1000 / self._settings.connects_per_s
        # What the machine could not keep up with is not made up for in a burst.
        self._start_due_ms = max(self._start_due_ms, now_ms - START_EVERY_MS)
        self._connecting = deque(
            (since_ms, one)
            for since_ms, one in self._connecting
            if not one.is_connected and now_ms - since_ms < CONNECTING_MS
        )
        while self._to_start and self._start_due_ms <= now_ms:
            if len(self._connecting) >= MAX_CONNECTING:
                break
            self._connecting.append((now_ms, self._start_household(self._to_start.popleft())))
            self._start_due_ms += interval_ms
        if self._to_start:
            self.loop.call_at(now_ms + START_EVERY_MS, self._start_next)

    def _start_household(self, aid: AidRecord) -> Installation:
        home = home_of(
            aid,
            seed=self._settings.seed,
            start_ms=self.time.monotonic_ms(),
            start_wall_ms=self.time.wall_ms(),
        )
        home.begin(self._move_in(aid.device, home))
        return self._install(aid, home)

    def _move_in(self, device: str, home: Home) -> Activity:
        """Let a household live here from now on."""
        # Quicker than life, a night would be over in minutes: each household has its own hour.
        hurried = self._settings.tempo != 1
        rng = home.rng
        day_ms = rng.randrange(DAY_MS) if hurried else _time_of_day_ms(self.time.wall_ms())
        household = tenant_of(home, day_ms=day_ms, tempo=self._settings.tempo)
        self._households[device] = household
        return household.live()

    def _install(self, aid: AidRecord, home: Home) -> Installation:
        device = aid.device
        path = self._settings.state / f"{device}.outbox"
        link = self._settings.link
        if (folder := self._settings.certificates) is not None:
            tls = Tls(
                ca=folder / "ca.crt",
                certificate=folder / f"{device}.crt",
                key=folder / f"{device}.key",
            )
            link = msgspec.structs.replace(link, tls=tls)

        def new_id() -> str:
            return uuid4().hex

        def open_outbox() -> Outbox:
            return Outbox(path if self._on_disk else ":memory:", device=device, new_id=new_id)

        def reopen(disk: Outbox) -> Outbox:
            if not self._on_disk:
                return disk
            disk.close()
            return open_outbox()

        installation = Installation(
            settings_of(home, device=device),
            home=home,
            time=self.time,
            outbox=open_outbox(),
            reopen=reopen,
            make_line=lambda: MqttLine(link, device=device, loop=self.loop),
            new_id=new_id,
        )
        self.installations.append(installation)
        self._by_device[device] = installation
        self.loop.add(Paced(installation, self.time))
        return installation

    def _count_connected(self) -> None:
        """Say how many are connected, when that changes: one line, not one for each lift."""
        connected = sum(one.is_connected for one in self.installations)
        if connected != self._connected_before:
            _log.info("%d of %d lifts connected", connected, len(self.installations))
            self._connected_before = connected
        at_ms = self._real.monotonic_ms() + COUNT_EVERY_MS
        self.loop.call_at(at_ms, self._count_connected)

    def _look_for_incident(self) -> None:
        now_ms = self._real.monotonic_ms()
        self.loop.call_at(now_ms + LOOK_FOR_INCIDENTS_MS, self._look_for_incident)
        mean_ms = self._settings.incident_mean_ms
        if mean_ms is None or (self._next_incident_ms or 0) > now_ms:
            return
        free = [one for one in self.installations if self._is_free(one)]
        first = self._choice.begins_with
        if any(one.home.aid.kind is first for one in self.installations):
            free = [one for one in free if one.home.aid.kind is first]
        if not free:
            return
        self._begin_incident(self._rng.choice(free))
        self._next_incident_ms = now_ms + self._choice.pause_ms(mean_ms)

    def _is_free(self, installation: Installation) -> bool:
        household = self._households.get(installation.device)
        agent = installation.agent
        return (
            household is not None
            and not household.busy
            and installation.is_connected
            and agent is not None
            and agent.call is None
        )

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        lifts = list(self.installations)
        connected = sum(one.is_connected for one in lifts)
        yield gauge("simulated_lifts", "Simulated lifts.", len(lifts))
        yield gauge("simulated_lifts_connected", "Of them connected.", connected)
        yield counter("simulated_incidents", "Incidents that befell them.", self._incidents)

    def _begin_incident(self, installation: Installation) -> None:
        home, device = installation.home, installation.device
        scenario = self._choice.next(home.aid.kind)
        if scenario is None:
            return
        del self._households[device]  # not free again before it lives there again
        home.stop_all()
        home.begin(
            incident(
                scenario,
                home,
                device=device,
                wall_ms=self.time.wall_ms,
                record=self._truth.write,
                linger_ms=self._settings.linger_ms,
                afterwards=lambda: self._move_in(device, home),
            ),
        )
        self._incidents += 1
        _log.info("%s: incident: %s", device, scenario.name)

    def _say_goodbye(self) -> None:
        for installation in self.installations:
            installation.stop()
        patience_ms = GOODBYE_MS + GOODBYE_PER_LIFT_MS * len(self.installations)
        until_ms = self._real.monotonic_ms() + patience_ms

        def look() -> None:
            now_ms = self._real.monotonic_ms()
            if now_ms >= until_ms or all(one.is_stopped for one in self.installations):
                self.loop.stop()
            self.loop.call_at(now_ms + LOOK_FOR_END_MS, look)

        look()
        self.loop.run()


def _count_run(path: Path) -> int:
    """Count the runs of this state folder, so that each has incidents of its own."""
    try:
        number = int(path.read_text()) + 1
    except (OSError, ValueError):
        number = 1
    path.write_text(str(number))
    return number


def _time_of_day_ms(wall_ms: int) -> int:
    local = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(ZoneInfo("Europe/Amsterdam"))
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1000


def _outboxes_on_disk(wanted: Literal["disk", "memory"] | None, lifts: int) -> bool:
    """Allow as many open files as ``lifts`` need. Tell whether their outboxes may be files too."""
    on_disk = (FILES_PER_DISK + FILES_PER_LINE) * lifts + FILES_BESIDES
    if wanted == "disk" or (wanted is None and _may_open(on_disk) >= on_disk):
        _allow_files(on_disk)
        return True
    _log.info("outboxes in memory: %d lifts, %d open files may be had", lifts, _may_open(on_disk))
    _allow_files(FILES_PER_LINE * lifts + FILES_BESIDES)
    return False


def _may_open(wanted: int) -> int:
    """Return how many files this process may have open, at most ``wanted``."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _allow_files(count: int) -> None:
    """Raise this process's limit of open files as far as it may be raised and is needed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _may_open(count)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < count:
        _log.warning("%d open files allowed, %d wanted", wanted, count)
