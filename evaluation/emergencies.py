"""Episodes: scenarios played in many circumstances, each through the real gateway code.

What is drawn anew: the rail, the rider, the controller's missing sensors, the modem's clock, the
data line. What must be found stays, since it follows from what happens; where the drawn
circumstances made something else happen (a longer rail on which the lift never came so far), the
simulated lift itself says so and the draw is left out of the count.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.registry import EMERGENCY
from evaluation.baselines import BASELINES
from evaluation.platform import Found, Platform
from gateway.protocol.codec import Encoding
from gateway.protocol.vocabulary import AidKind, Landing
from simulator.hardware.profile import Quirk
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.home import Activity, Home
from simulator.network import QUALITIES
from simulator.scenarios.model import LiftSetup, RailSegment, Scenario, duration_ms
from simulator.scenarios.player import home_for, play
from simulator.scenarios.setups import profile_name
from simulator.solo import listen, run_home
from simulator.trace import START_WALL_MS

DEVICE: Final = "sl-000001"
# A line may be away for long: an emergency is looked for until it is back.
PATIENCE_MS: Final = 3 * 3_600_000
HOUR_MS: Final = 3_600_000
LIGHTEST_KG: Final = 40.0  # of riders; what weighs less is no rider
HEAVIEST_KG: Final = 140.0
# The platform has listened for longer than anything lasts.
LISTENING_SINCE: Final = datetime.fromtimestamp(START_WALL_MS / 1000 - 86_400, UTC)

_CLOCKS: Final = ("right", "right", "right", "1970", "ahead", "behind")


class Draw(Struct, frozen=True):
    """A scenario in its circumstances."""

    scenario: Scenario
    seed: int
    line: str
    clock: str


class Verdict(Struct, frozen=True):
    """What came of one draw. Times are ms after the run's beginning; None: never.

    Attributes:
        valid: whether what the label says did happen.
        since_ms: since when help was needed.
        found_ms: when the emergency was certain; ``baselines_ms``: by other rules.
        heard_ms: when the first message was received that its evidence names.
        telephoned_ms: when the lift used its other way out.
        reasons: why it was found.
    """

    scenario: str
    emergency: bool
    kind: str
    profile: str
    line: str
    clock: str
    quirks: tuple[str, ...]
    seed: int
    valid: bool
    since_ms: int
    found_ms: int | None
    heard_ms: int | None
    baselines_ms: dict[str, int | None]
    telephoned_ms: int | None
    reasons: tuple[str, ...]


def draw(scenario: Scenario, rng: Random, *, vary: bool = True) -> Draw:
    """Draw circumstances for ``scenario``; as it is written if not to ``vary``."""
    seed = rng.getrandbits(32)
    if not vary:
        return Draw(scenario, seed, "good", "right")
    setup = scenario.setup
    if scenario.expect.emergency:
        # A sensor less must not hide an emergency. Without one, a look-alike may be no other.
        lacking = [quirk for quirk in _SENSORS[scenario.kind] if quirk not in setup.quirks]
        extra = rng.sample(lacking, rng.choice((0, 0, 1, 1, 2)))
        setup = replace(setup, quirks=(*setup.quirks, *extra))
    if isinstance(setup, LiftSetup):
        setup = _lift(setup, rng, emergency=scenario.expect.emergency)
    rider = scenario.rider
    if rider.weight_kg >= LIGHTEST_KG:
        # A lighter rider would save a battery that is to give out.
        lightest = rider.weight_kg if "power_too_low" in scenario.expect.reasons else LIGHTEST_KG
        rider = replace(rider, weight_kg=round(rng.uniform(lightest, HEAVIEST_KG), 1))
    changed: dict[str, Any] = {_FIELD[scenario.kind]: setup}
    return Draw(
        replace(scenario, **changed, rider=rider, seed=seed),
        seed,
        rng.choice([*QUALITIES]),
        rng.choice(_CLOCKS) if not any(step.clock for step in scenario.steps) else "right",
    )


_FIELD: Final = {
    AidKind.STAIRLIFT: "lift",
    AidKind.SCOOTER: "scooter",
    AidKind.WHEELCHAIR: "wheelchair",
    AidKind.HOIST: "hoist",
}
# Sensors that a controller may lack, one at a time or several.
_ON_WHEELS: Final = (Quirk.NO_CURRENT, Quirk.SLOW_BUS, Quirk.NO_COUNTERS)
_SENSORS: Final = {
    AidKind.STAIRLIFT: (
        Quirk.NO_SEAT_SENSOR,
        Quirk.NO_POSITION,
        Quirk.COARSE_POSITION,
        Quirk.NO_REFUSED_SIGNAL,
        Quirk.NO_CONTACTS,
        Quirk.NO_BELT_SWITCH,
        Quirk.NO_CURRENT,
        Quirk.SLOW_BUS,
    ),
    AidKind.SCOOTER: _ON_WHEELS,
    AidKind.WHEELCHAIR: _ON_WHEELS,
    AidKind.HOIST: (Quirk.NO_CURRENT, Quirk.SLOW_BUS, Quirk.NO_POSITION),
}


def _lift(setup: LiftSetup, rng: Random, *, emergency: bool) -> LiftSetup:
    """Draw another rail, and another maker's controller that tells no less than is needed."""
    if setup.hinge_mm == 0:  # what a hinged rail is about happens at one place of it
        setup = replace(setup, rail=_rail(setup.rail, rng, longer=emergency))
    makers = ("t498", "two_digit", "lamp") if emergency else ("t498", "two_digit")
    return setup if setup.profile == "lamp" else replace(setup, profile=rng.choice(makers))


def _rail(
    segments: tuple[RailSegment, ...], rng: Random, *, longer: bool
) -> tuple[RailSegment, ...]:
    """Draw another rail.

    Longer, so that what happens on the way still does; or shorter, so that who has arrived by a
    certain time still has. Steeper or flatter in any case.
    """
    stretch = rng.uniform(1.0, 2.2) if longer else rng.uniform(0.75, 1.0)
    steeper = rng.uniform(-10, 12)
    return tuple(
        replace(
            segment,
            length_mm=round(segment.length_mm * stretch),
            incline_deg=min(max(segment.incline_deg + steeper, 10.0), 60.0),
        )
        for segment in segments
    )


def judge(drawn: Draw) -> Verdict:
    """Let it happen, and the platform judge."""
    scenario = drawn.scenario
    home = home_for(scenario, seed=drawn.seed)
    _set_clock(home, drawn)
    since_ms = duration_ms(scenario.expect.since) if scenario.expect.since else 0
    witnessed: list[bool] = []
    home.begin(play(scenario, home))
    home.begin(_witness(scenario, home, since_ms, witnessed))
    platform = Platform(
        Aid(
            device_id=1,
            kind=scenario.kind.value,
            rail_length_mm=rail_length_mm(home),
        ),
        since=LISTENING_SINCE,
        emergency=(*EMERGENCY, *BASELINES),
        analysis=(),
    )

    def found() -> Iterator[Found]:
        names = {each.name for each in EMERGENCY}
        return (
            each
            for each in platform.found
            if each.certain and each.finding.emergency and each.detector in names
        )

    def done() -> bool:
        if home.time_ms < scenario.duration_ms:
            return False
        platform.advance_to(_moment(home.time_ms))
        return not scenario.expect.emergency or next(found(), None) is not None

    run_home(
        home,
        device=DEVICE,
        until_ms=scenario.duration_ms + PATIENCE_MS,
        rng=Random(f"evaluation/{drawn.seed}"),
        take=listen(DEVICE, platform.hear),
        start_wall_ms=START_WALL_MS,
        quality=QUALITIES[drawn.line],
        encoding=Encoding.MSGPACK,
        done=done,
    )
    first = next(found(), None)
    return Verdict(
        scenario=scenario.name,
        emergency=scenario.expect.emergency,
        kind=scenario.kind.value,
        profile=profile_name(scenario.setup),
        line=drawn.line,
        clock=drawn.clock,
        quirks=tuple(quirk.value for quirk in scenario.setup.quirks),
        seed=drawn.seed,
        valid=all(witnessed),
        since_ms=since_ms,
        found_ms=None if first is None else _ms(first.at),
        heard_ms=None if first is None else _heard_ms(platform, first),
        baselines_ms={
            each.name: next(
                (_ms(found.at) for found in platform.found if found.detector == each.name), None
            )
            for each in BASELINES
        },
        telephoned_ms=home.fallbacks[0][0] if home.fallbacks else None,
        reasons=() if first is None else tuple(reason.code for reason in first.finding.reasons),
    )


def _heard_ms(platform: Platform, found: Found) -> int | None:
    heard = [platform.received[log_no] for log_no in found.finding.evidence.log_nos]
    return _ms(max(heard)) if heard else None


def _set_clock(home: Home, drawn: Draw) -> None:
    surroundings = home.surroundings
    surroundings.clock_stopped_at_1970 = drawn.clock == "1970"
    surroundings.clock_offset_ms = {"ahead": 7 * HOUR_MS, "behind": -30 * HOUR_MS}.get(
        drawn.clock, 0
    )


def _witness(scenario: Scenario, home: Home, since_ms: int, witnessed: list[bool]) -> Activity:
    """See whether somebody needs help at the moment that the label says."""
    yield max(since_ms, 1)
    yield 1_500
    if scenario.expect.emergency and "sos" not in scenario.expect.reasons:
        witnessed.append(_helpless(home, scenario))


def _helpless(home: Home, scenario: Scenario) -> bool:
    """Whether the aid stands where nobody wants it to; a silent one may still move."""
    match home.aid:
        case Stairlift() as lift:
            between = lift.landing not in (Landing.BOTTOM, Landing.TOP, Landing.MIDDLE)
            return between and (
                lift.speed_m_s == 0 or "silent_while_riding" in scenario.expect.reasons
            )
        case Vehicle() as vehicle:
            return vehicle.speed_m_s == 0
        case aid:
            return aid.seat_load_kg > 0


def rail_length_mm(home: Home) -> int | None:
    """Return how long the rail is, if there is one."""
    return round(home.aid.rail.length_m * 1000) if isinstance(home.aid, Stairlift) else None


def _moment(run_ms: int) -> datetime:
    return datetime.fromtimestamp((START_WALL_MS + run_ms) / 1000, UTC)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000) - START_WALL_MS
