"""Runs without a broker, written down: one seed gives one trace, byte for byte."""

from collections.abc import Callable
from random import Random
from typing import BinaryIO

import msgspec

from gateway.protocol.topics import Kind, topic_of
from simulator.dwelling import USUAL_START_MS, home_of
from simulator.living import DAY_MS
from simulator.manifest import AidRecord
from simulator.network import Quality
from simulator.scenarios.model import Scenario
from simulator.scenarios.player import home_for, play
from simulator.solo import Take, run_home
from simulator.tenant import tenant_of
from simulator.truth import Episode, ended, episodes, rfc3339

START_WALL_MS = USUAL_START_MS
# How seldom a run of days looks at a parked lift.
LONG_DOZE_MS = 60_000

Write = Callable[[bytes], object]


def record(device: str, write: Write) -> Take:
    """Return what writes down every message (JSON) with the true time of its arrival."""

    def take(received_ms: int, kind: Kind, payload: bytes) -> None:
        at, topic = rfc3339(received_ms), topic_of(device, kind)
        write(f'{{"at":"{at}","topic":"{topic}","message":'.encode() + payload + b"}\n")

    return take


def run_scenario(
    scenario: Scenario,
    write: Write,
    *,
    device: str = "sl-000001",
    seed: int | None = None,
    quality: Quality | None = None,
) -> tuple[Episode, ...]:
    """Play ``scenario`` from its beginning to its end; ``seed`` takes the place of its own.

    Returns the truth about it.
    """
    rng = Random(f"trace/{scenario.seed if seed is None else seed}")
    home = home_for(scenario, seed=seed)
    home.begin(play(scenario, home))
    run_home(
        home,
        device=device,
        until_ms=scenario.duration_ms,
        rng=rng,
        take=record(device, write),
        start_wall_ms=START_WALL_MS,
        doze_ms=1_000 if scenario.household is None else LONG_DOZE_MS,
        quality=quality,
    )
    found = episodes(scenario, device=device, began_wall_ms=START_WALL_MS)
    until_wall_ms = START_WALL_MS + scenario.duration_ms
    return tuple(ended(one, until_wall_ms=until_wall_ms) for one in found)


def run_household(
    aid: AidRecord, write: Write, *, days: float, seed: int, quality: Quality | None = None
) -> None:
    """Let the household of ``aid`` live for ``days``, from midnight."""
    home = home_of(aid, seed=seed, start_wall_ms=START_WALL_MS)
    home.begin(tenant_of(home, day_ms=0).live())
    run_home(
        home,
        device=aid.device,
        until_ms=round(days * DAY_MS),
        rng=Random(f"trace/{seed}/{aid.device}"),
        take=record(aid.device, write),
        start_wall_ms=START_WALL_MS,
        doze_ms=LONG_DOZE_MS,
        quality=quality,
    )


def write_truth(episodes: tuple[Episode, ...], output: BinaryIO) -> None:
    """Write episodes, one JSON object a line."""
    output.writelines(msgspec.json.encode(one) + b"\n" for one in episodes)
