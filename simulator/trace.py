"""Runs without a broker, as fast as the machine can: one seed gives one trace, byte for byte.

The gateway's agent is the real one; only its line ends in a file, and time is virtual. A stand-in
for the platform confirms what it gets, and nobody answers a call: so a trace shows what a lift
says when it is left alone.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import BinaryIO

import msgspec

from gateway.agent import AgentSettings
from gateway.outbox import Outbox
from gateway.protocol.codec import Encoding, decode, encode
from gateway.protocol.messages import Ack, Call, FaultEdge, Reply, Usage
from gateway.protocol.topics import RELIABLE, Kind, topic_of
from gateway.watch import RideSettings, WatchSettings
from simulator.clock import VirtualTime
from simulator.home import Home
from simulator.household import DAY_MS, Habits, Household, home_of
from simulator.installation import Installation
from simulator.line import DirectLine
from simulator.manifest import AidRecord
from simulator.scenarios.model import Scenario
from simulator.scenarios.player import home_for, play
from simulator.truth import Episode, ended, episode, rfc3339

# Monday, half past eight in the morning: any fixed moment will do.
START_WALL_MS = int(datetime(2026, 1, 5, 8, 30, tzinfo=UTC).timestamp() * 1000)
# How seldom a run of days looks at a parked lift.
LONG_DOZE_MS = 60_000

Write = Callable[[bytes], object]


class Recorder:
    """The far end of the line: writes down every message, and confirms those that wait for it."""

    def __init__(self, device: str, time: VirtualTime, write: Write) -> None:
        self._device = device
        self._time = time
        self._write = write
        self.confirm: Callable[[Kind, bytes], None] | None = None

    def take(self, kind: Kind, payload: bytes) -> None:
        """Write down ``payload`` (JSON) with the true time; send the acknowledgement back."""
        at = rfc3339(self._time.wall_ms())
        topic = topic_of(self._device, kind)
        self._write(f'{{"at":"{at}","topic":"{topic}","message":'.encode() + payload + b"}\n")
        if kind not in RELIABLE or self.confirm is None:
            return
        message = decode(kind, payload)
        if isinstance(message, FaultEdge | Usage | Call | Reply):
            ack = Ack(outbox=message.outbox, seqs=(message.seq,), time_ms=self._time.wall_ms())
            self.confirm(Kind.ACK, encode(ack, Encoding.JSON))


def run_home(
    home: Home,
    *,
    device: str,
    until_ms: int,
    rng: Random,
    write: Write,
    doze_ms: int = 1_000,
) -> None:
    """Let ``home`` and its modem live until ``until_ms`` of virtual time.

    Args:
        home: with its activities begun, at time 0.
        device: its name.
        until_ms: how long.
        rng: where the modem's identifiers come from.
        write: takes each line of the trace.
        doze_ms: see ``Installation``.
    """
    time = VirtualTime(start_wall_ms=START_WALL_MS)
    recorder = Recorder(device, time, write)

    def new_id() -> str:
        return f"{rng.getrandbits(128):032x}"

    def confirm(kind: Kind, payload: bytes) -> None:
        if installation.agent is not None:
            installation.agent.received(kind, payload)

    recorder.confirm = confirm
    rail_length_mm = round(home.lift.rail.length_m * 1000)
    installation = Installation(
        AgentSettings(
            device=device,
            firmware="simulator",
            encoding=Encoding.JSON,
            watch=WatchSettings(ride=RideSettings(rail_length_mm=rail_length_mm)),
        ),
        home=home,
        time=time,
        outbox=Outbox(":memory:", device=device, encoding=Encoding.JSON, new_id=new_id),
        reopen=lambda disk: disk,
        make_line=lambda: DirectLine(recorder.take),
        new_id=new_id,
        doze_ms=doze_ms,
    )
    now_ms = 0
    while now_ms < until_ms:
        time.move_to(now_ms)
        now_ms = max(now_ms + 1, installation.step())
    time.move_to(until_ms)
    installation.step()
    installation.close()


def run_scenario(
    scenario: Scenario,
    write: Write,
    *,
    device: str = "sl-000001",
    seed: int | None = None,
) -> tuple[Episode, ...]:
    """Play ``scenario`` from its beginning to its end; ``seed`` takes the place of its own.

    Returns the truth about it: one episode.
    """
    rng = Random(f"trace/{scenario.seed if seed is None else seed}")
    home = home_for(scenario, seed=seed)
    home.begin(play(scenario, home))
    run_home(home, device=device, until_ms=scenario.duration_ms, rng=rng, write=write)
    found = episode(scenario, device=device, began_wall_ms=START_WALL_MS)
    return (ended(found, until_wall_ms=START_WALL_MS + scenario.duration_ms),)


def run_household(aid: AidRecord, write: Write, *, days: float, seed: int) -> None:
    """Let the household of ``aid`` live for ``days``, from midnight."""
    home = home_of(aid, seed=seed)
    household = Household(home, Habits.drawn(home.rng), day_ms=0, rng=home.rng)
    home.begin(household.live())
    run_home(
        home,
        device=aid.device,
        until_ms=round(days * DAY_MS),
        rng=Random(f"trace/{seed}/{aid.device}"),
        write=write,
        doze_ms=LONG_DOZE_MS,
    )


def write_truth(episodes: tuple[Episode, ...], output: BinaryIO) -> None:
    """Write episodes, one JSON object a line."""
    output.writelines(msgspec.json.encode(one) + b"\n" for one in episodes)
