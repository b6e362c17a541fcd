"""Ordinary life: households with whom nothing is wrong. Every emergency found here is false."""

from random import Random
from typing import Final

from msgspec import Struct

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.registry import EMERGENCY
from evaluation.baselines import BASELINES
from evaluation.emergencies import LISTENING_SINCE
from evaluation.platform import Platform
from gateway.protocol.codec import Encoding
from simulator.dwelling import home_of
from simulator.living import DAY_MS
from simulator.manifest import records
from simulator.network import QUALITIES
from simulator.solo import listen, run_home
from simulator.tenant import tenant_of
from simulator.trace import LONG_DOZE_MS, START_WALL_MS

# How the lines of a fleet are divided: assumed. A home with a bad line gets another modem.
LINES: Final = (("good", 0.9), ("fair", 0.08), ("bad", 0.02))


class Lived(Struct, frozen=True):
    """One household's days: how often each rule alarmed, by its name."""

    device: str
    kind: str
    line: str
    days: float
    alarms: dict[str, int]
    reasons: tuple[str, ...]


def live(number: int, *, days: float, seed: int) -> Lived:
    """Let household ``number`` of the fleet live."""
    rng = Random(f"living/{seed}/{number}")
    line = rng.choices([name for name, _ in LINES], [share for _, share in LINES])[0]
    aid = next(records(size=1, seed=rng.getrandbits(32)))
    home = home_of(aid, seed=rng.getrandbits(32), start_wall_ms=START_WALL_MS)
    home.begin(tenant_of(home, day_ms=0).live())
    platform = Platform(
        Aid(device_id=1, kind=aid.kind, rail_length_mm=aid.rail_length_mm),
        since=LISTENING_SINCE,
        emergency=(*EMERGENCY, *BASELINES),
        analysis=(),
    )
    run_home(
        home,
        device=aid.device,
        until_ms=round(days * DAY_MS),
        rng=rng,
        take=listen(aid.device, platform.hear),
        start_wall_ms=START_WALL_MS,
        doze_ms=LONG_DOZE_MS,
        quality=QUALITIES[line],
        encoding=Encoding.MSGPACK,
    )
    alarms = [each for each in platform.found if each.certain and each.finding.emergency]
    ours = {each.name for each in EMERGENCY}
    return Lived(
        device=f"{number}",
        kind=aid.kind,
        line=line,
        days=days,
        alarms={
            name: len({each.finding.key for each in alarms if each.detector == name})
            for name in (*ours, *(each.name for each in BASELINES))
        },
        reasons=tuple(each.finding.reasons[0].code for each in alarms if each.detector in ours),
    )
