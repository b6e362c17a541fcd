"""A home that is left alone is worked out in larger pieces; what is heard of it is the same."""

from random import Random
from typing import Any

import pytest

from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import AidKind
from simulator.dwelling import home_of
from simulator.home import Home
from simulator.living import DAY_MS
from simulator.manifest import records
from simulator.network import QUALITIES
from simulator.solo import Solo, run_home
from simulator.tenant import tenant_of
from simulator.trace import LONG_DOZE_MS, START_WALL_MS


def heard(
    kind: AidKind, line: str, seed: int, *, left_alone: bool
) -> list[tuple[int, Kind, bytes]]:
    record = next(records(size=1, seed=seed, mix={kind: 1.0}))
    home = home_of(record, seed=seed, start_wall_ms=START_WALL_MS)
    home.begin(tenant_of(home, day_ms=0).live())
    said: list[tuple[int, Kind, bytes]] = []
    run = run_home if left_alone else _ticking
    run(
        home,
        device=record.device,
        until_ms=DAY_MS,
        rng=Random(seed),
        take=lambda *message: said.append(message),
        start_wall_ms=START_WALL_MS,
        doze_ms=LONG_DOZE_MS,
        quality=QUALITIES[line],
    )
    return said


def _ticking(home: Home, *, until_ms: int, **settings: Any) -> None:
    solo = Solo(home, **settings)
    solo.advance_to(until_ms)
    solo.close()


@pytest.mark.parametrize(
    ("kind", "line", "seed"),
    [
        (AidKind.STAIRLIFT, "good", 1),
        (AidKind.STAIRLIFT, "fair", 2),
        (AidKind.STAIRLIFT, "bad", 3),
        (AidKind.SCOOTER, "fair", 4),
        (AidKind.HOIST, "good", 5),
    ],
)
def test_what_is_heard_is_the_same_as_by_ticking(kind: AidKind, line: str, seed: int) -> None:
    said = heard(kind, line, seed, left_alone=True)
    assert len(said) > 20
    assert said == heard(kind, line, seed, left_alone=False)
