"""Scenarios of days: whether what their labels say is found, and nothing that they rule out."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from msgspec import Struct

from diagnostics.detectors.contract import Aid
from evaluation.emergencies import LISTENING_SINCE, rail_length_mm
from evaluation.platform import Platform
from gateway.protocol.codec import Encoding
from simulator.manifest import records
from simulator.network import QUALITIES
from simulator.scenarios.model import Scenario, duration_ms
from simulator.scenarios.player import home_for, play
from simulator.scenarios.setups import profile_name
from simulator.solo import listen, run_home
from simulator.trace import LONG_DOZE_MS, START_WALL_MS

_START: Final = datetime.fromtimestamp(START_WALL_MS / 1000, UTC)
DAY: Final = timedelta(days=1)


class Days(Struct, frozen=True):
    """A scenario of days, to be played once. ``seed`` None: as it is written."""

    scenario: Scenario
    seed: int | None = None
    line: str = "good"


class Judged(Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        finds: what the label says must be found; ``found_days``: of it, after how many days.
        wrong: what was found that the label rules out, or an emergency that was none.
        besides: what else was found, of which the label says nothing.
    """

    scenario: str
    kind: str
    profile: str
    line: str
    seed: int
    days: float
    finds: tuple[str, ...]
    found_days: dict[str, float]
    wrong: tuple[str, ...]
    besides: tuple[str, ...]

    @property
    def as_labelled(self) -> bool:
        """Whether everything that must be was found, and nothing that must not."""
        return set(self.finds) == self.found_days.keys() and not self.wrong


def judge(drawn: Days) -> Judged:
    """Let the days pass, and the platform judge."""
    scenario, expect = drawn.scenario, drawn.scenario.expect
    home = home_for(scenario, seed=drawn.seed)
    home.begin(play(scenario, home))
    platform = Platform(_registered(scenario, rail_length_mm(home)), since=LISTENING_SINCE)
    seed = scenario.seed if drawn.seed is None else drawn.seed
    run_home(
        home,
        device="sl-000001",
        until_ms=scenario.duration_ms,
        rng=Random(f"days/{seed}"),
        take=listen("sl-000001", platform.hear),
        start_wall_ms=START_WALL_MS,
        doze_ms=LONG_DOZE_MS,
        quality=QUALITIES[drawn.line],
        encoding=Encoding.MSGPACK,
    )
    end = _START + timedelta(milliseconds=scenario.duration_ms)
    platform.advance_to(end)
    since = _START + timedelta(milliseconds=duration_ms(expect.since) if expect.since else 0)
    said: dict[str, datetime] = {}
    for found in platform.found:
        if found.certain:
            said.setdefault(found.finding.what, found.at)
    ruled_out = {*expect.excluded, *(() if expect.emergency else (scenario.emergency_word,))}
    return Judged(
        scenario=scenario.name,
        kind=scenario.kind.value,
        profile=profile_name(scenario.setup),
        line=drawn.line,
        seed=seed,
        days=scenario.duration_ms / (DAY / timedelta(milliseconds=1)),
        finds=expect.finds,
        found_days={
            word: round((said[word] - since) / DAY, 1) for word in expect.finds if word in said
        },
        wrong=tuple(sorted(said.keys() & ruled_out)),
        besides=tuple(sorted(said.keys() - ruled_out - {*expect.finds})),
    )


def _registered(scenario: Scenario, rail_mm: int | None) -> Aid:
    """Return what the register would say: made for what is usual, lent and serviced in time."""
    usual = next(records(size=1, seed=scenario.seed, mix={scenario.kind: 1.0}))
    return Aid(
        device_id=1,
        kind=scenario.kind.value,
        rail_length_mm=rail_mm,
        built_on=(_START - 700 * DAY).date(),
        serviced_on=(_START - 60 * DAY).date(),
        lent_on=(_START - 500 * DAY).date(),
        max_load_kg=usual.max_load_kg,
        max_speed_mm_s=usual.max_speed_mm_s,
        max_incline_deg=usual.max_incline_deg,
    )
