"""What the pytest plugin hands out: an aid in virtual time, a fleet's words, a live fleet."""

import threading
import time
from pathlib import Path
from random import Random
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from gateway.link import LinkSettings
from gateway.protocol.vocabulary import AidKind
from simulator import manifest
from simulator.dwelling import USUAL_START_MS, home_of
from simulator.failures import Failure, fail, repair
from simulator.fleet import Fleet, FleetSettings
from simulator.home import Home
from simulator.living import DAY_MS
from simulator.manifest import AidRecord
from simulator.misuse import MISUSES, Misuse
from simulator.said import Said
from simulator.scenarios.durations import duration_ms
from simulator.scenarios.loader import find
from simulator.scenarios.player import home_for, play
from simulator.scenarios.vocabulary import Do, Line, Mains, Modem, WallClock, do, surround
from simulator.solo import Solo, listen, run_home
from simulator.tenant import tenant_of
from simulator.trace import LONG_DOZE_MS
from simulator.workbench.controls import Controls, controls_of

CONNECTS_PER_S = 50.0
PATIENCE_S = 60.0

Sort = TypeVar("Sort")


class SimulatedAid:
    """One aid with its modem, without a broker: whoever holds it says what happens, and when.

    Its platform confirms what it gets and answers no call. Steps chain.

    Args:
        kind: which aid (``AidKind``); of a ``scenario`` it is the scenario's.
        scenario: a name of the library, or a file: it begins at once.
        device: its name.
        seed: of everything random.

    Attributes:
        home: the physics, and who uses it.
        heard: every message in the order of reception.

    Raises:
        ValueError: no such kind.
        ScenarioError: no such scenario.
    """

    def __init__(
        self,
        kind: str = AidKind.STAIRLIFT,
        *,
        scenario: str | None = None,
        device: str = "sl-000001",
        seed: int = 1,
    ) -> None:
        self.device = device
        self.heard: list[Said] = []
        if scenario is None:
            self.home = home_of(_aid(AidKind(kind), device, seed), seed=seed)
            if self.home.aid.kind is AidKind.STAIRLIFT:
                self.home.lift.position_m = 0.0
        else:
            found = find(scenario)
            self.home = home_for(found, seed=seed)
            self.home.begin(play(found, self.home))
        self._solo = Solo(
            self.home,
            device=device,
            rng=Random(f"fixture/{seed}/{device}"),
            take=listen(device, self.heard.append),
            start_wall_ms=USUAL_START_MS,
        )

    def said(self, sort: type[Sort]) -> list[Sort]:
        """Return the messages of one type, in the order of reception."""
        return [one.message for one in self.heard if isinstance(one.message, sort)]

    def wait(self, duration: str) -> Self:
        """Let time pass: ``250ms``, ``20s``, ``1.5m``, ``2h``. Raises ValueError: no duration."""
        self._solo.advance_to(self._solo.time.monotonic_ms() + duration_ms(duration))
        return self

    def do(self, action: str, *, weight_kg: float = 75.0) -> Self:
        """Let people do it. Raises ValueError, TypeError: no such word, not with this aid."""
        do(self.home, Do(action), weight_kg=weight_kg)
        return self

    def fail(self, failure: str) -> Self:
        """Break something. Raises ValueError: no such failure, not of this aid."""
        fail(self.home, Failure(failure))
        return self

    def repair(self, failure: str) -> Self:
        """Put it right. Raises likewise."""
        repair(self.home, Failure(failure))
        return self

    def misuse(self, misuse: str) -> Self:
        """Let its household do this from now on. Raises likewise."""
        kinds, _ = MISUSES[Misuse(misuse)]
        if self.home.aid.kind not in kinds:
            raise ValueError(f"nobody can do {misuse} with a {self.home.aid.kind}")
        self.home.misuse.add(Misuse(misuse))
        return self

    def surround(
        self,
        *,
        mains: str | None = None,
        line: str | None = None,
        modem: str | None = None,
        clock: str | None = None,
    ) -> Self:
        """Change what is around it. Raises ValueError: no such word."""
        given: dict[type[Mains | Line | Modem | WallClock], str | None]
        given = {Mains: mains, Line: line, Modem: modem, WallClock: clock}
        for words, word in given.items():
            if word is not None:
                surround(self.home, words(word))
        return self

    def live(self, *, tempo: float = 1.0) -> Self:
        """Let somebody live with it from now on, from midnight of their day."""
        self.home.begin(tenant_of(self.home, day_ms=0, tempo=tempo).live())
        return self

    def close(self) -> None:
        """End it."""
        self._solo.close()


def fleet_said(size: int, *, days: float = 1.0, seed: int = 1, mix: str = "mixed") -> list[Said]:
    """Return what a fleet's households make their aids say, in the order of reception."""
    heard: list[Said] = []
    for aid in _aids(size, seed=seed, mix=mix):
        home: Home = home_of(aid, seed=seed)
        home.begin(tenant_of(home, day_ms=0).live())
        run_home(
            home,
            device=aid.device,
            until_ms=round(days * DAY_MS),
            rng=Random(f"fixture/{seed}/{aid.device}"),
            take=listen(aid.device, heard.append),
            start_wall_ms=USUAL_START_MS,
            doze_ms=LONG_DOZE_MS,
        )
    return sorted(heard, key=lambda one: one.received_ms)


class LiveFleet:
    """A fleet against a real broker, in a thread of its own. A context manager.

    Args:
        size: how many aids.
        broker: ``mqtt(s)://host:port``.
        state: an empty folder.
        seed: of everything random; tempo: how many times as often as in life they are used.
        mix: ``mixed`` or ``stairlifts``.
        certificates: the folder with ``<device>.crt`` and ``.key``, for mqtts.

    Attributes:
        controls: hands on them (``simulator.workbench.controls``), through ``act``.
        devices: their names.

    Raises:
        ValueError: the address is none, or mqtts without certificates.
    """

    def __init__(
        self,
        size: int,
        *,
        broker: str,
        state: Path,
        seed: int = 1,
        tempo: float = 10.0,
        mix: str = "mixed",
        certificates: Path | None = None,
    ) -> None:
        parts = urlsplit(broker)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise ValueError(f"a broker is mqtt(s)://host:port, not {broker!r}")
        secure = parts.scheme == "mqtts"
        if secure and certificates is None:
            raise ValueError("mqtts needs certificates")
        aids = _aids(size, seed=seed, mix=mix)
        self.devices = [aid.device for aid in aids]
        port = parts.port or (8883 if secure else 1883)
        self._fleet = Fleet(
            FleetSettings(
                link=LinkSettings(host=parts.hostname, port=port, will_delay_s=0),
                certificates=certificates if secure else None,
                state=state,
                seed=seed,
                tempo=tempo,
                connects_per_s=CONNECTS_PER_S,
                incident_mean_ms=None,
                outboxes="memory",
            ),
            aids,
        )
        self.controls: Controls = controls_of(self._fleet)
        self._thread = threading.Thread(target=self._fleet.run, name="fleet", daemon=True)

    def __enter__(self) -> Self:
        """Let it live."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let all say goodbye."""
        self._fleet.stop()
        self._thread.join(timeout=PATIENCE_S)
        self._fleet.close()

    def act(self, name: str, *arguments: Any, **others: Any) -> Any:
        """Call a method of ``controls`` in the fleet's thread. Raises what it raises."""
        done = threading.Event()
        outcome: list[Any] = []
        errors: list[Exception] = []

        def work() -> None:
            try:
                outcome.append(getattr(self.controls, name)(*arguments, **others))
            except Exception as error:  # noqa: BLE001 - raised again below
                errors.append(error)
            done.set()

        self._fleet.loop.call_soon(work)
        if not done.wait(PATIENCE_S):
            raise TimeoutError("the fleet does not answer")
        if errors:
            raise errors[0]
        return outcome[0]

    def wait_connected(self, timeout_s: float = PATIENCE_S) -> Self:
        """Wait until all have the broker. Raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        while True:
            states = self.act("states")
            if len(states) == len(self.devices) and all(one.connected for one in states):
                return self
            if time.monotonic() > deadline:
                up = sum(bool(one.connected) for one in states)
                raise TimeoutError(f"{up} of {len(self.devices)} aids are connected")
            time.sleep(0.05)


def _aids(size: int, *, seed: int, mix: str) -> list[AidRecord]:
    known = {"mixed": manifest.MIXED, "stairlifts": manifest.STAIRLIFTS}
    if mix not in known:
        raise ValueError(f"mix is mixed or stairlifts, not {mix!r}")
    return list(manifest.records(size=size, seed=seed, mix=known[mix]))


def _aid(kind: AidKind, device: str, seed: int) -> AidRecord:
    (aid,) = manifest.records(size=1, seed=seed, mix={kind: 1.0})
    # New, and its rider downstairs: what a test begins with is to be told from its text.
    return AidRecord(
        device=device,
        kind=aid.kind,
        maker=aid.maker,
        model=aid.model,
        serial_number=aid.serial_number,
        rail_length_mm=aid.rail_length_mm,
        municipality_code=aid.municipality_code,
        postcode4=aid.postcode4,
        client_number=aid.client_number,
        wholly_dependent=aid.wholly_dependent,
    )
