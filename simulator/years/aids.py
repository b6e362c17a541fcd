"""Aids drawn from wide ranges: what each is built like, who lives with it, how its line is.

Every range is assumed unless a source stands beside it; they are meant to be wider than life.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.hardware.parameters import BatteryParameters, DriveParameters
from simulator.hardware.rail import Rail, Segment
from simulator.years.profiles import Profile, profiles_of

# Of ``domain.md``: postcodes of Westfriesland and Zoetermeer; few, so that streets are shared.
POSTCODES = (1601, 1606, 1611, 1621, 1623, 1628, 1634, 1648, 1671, 1687, 1693, 1716, 2717, 2725)
PREFIX = {
    AidKind.STAIRLIFT: "sl",
    AidKind.SCOOTER: "sc",
    AidKind.WHEELCHAIR: "wc",
    AidKind.HOIST: "ho",
}


class Line(StrEnum):
    """How good the data line is."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Clock(StrEnum):
    """What is wrong with the modem's clock."""

    RIGHT = "right"
    DRIFTING = "drifting"
    AHEAD = "ahead"  # or behind: by hours
    SINCE_1970 = "since_1970"  # begins anew at every restart


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who uses the aid. Hours are local.

    Attributes:
        boarding_s: median time from sitting down to leaving; ``steady``: its spread (log).
        rounds: there and back again, a day.
        pauses: chance of a stop on the way; ``presses``: mean further presses of the joystick.
        range_m: usual distance of an outing on wheels; ``indoor``: rides a day within the home.
    """

    weight_kg: float
    boarding_s: float
    steady: float
    wakes_h: float
    sleeps_h: float
    rounds: float
    pauses: float
    presses: float
    range_m: float = 0.0
    indoor: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Aid:
    """One aid as it is built, placed and connected.

    Attributes:
        rail: of a stairlift.
        drive: of a stairlift; of others only what all drives have.
        battery: when new; ``capacity_ah`` and ``resistance_ohm`` at the beginning of the run are
            worse by ``aged``.
        speed_m_s: set speed; of a hoist: of its arm.
        own_kg: what moves besides the load.
        over_current_a: where its controller cuts off.
        gain: of the current's measurement; ``ripple``: of single readings.
        shelter: see ``Days``.
        plugs: chance of plugging in at night.
        turns_seat: gets off with the seat turned, at the top.
    """

    device: str
    number: int
    kind: AidKind
    profile: Profile
    postcode4: int
    line: Line
    clock: Clock
    skew_ms: int
    drift: float
    client: Person
    partner: Person
    rail: Rail | None
    drive: DriveParameters
    battery: BatteryParameters
    aged: float
    speed_m_s: float
    own_kg: float
    rolling: float
    efficiency: float
    over_current_a: float
    gain: float
    ripple: float
    shelter: float
    room_c: float
    plugs: float
    turns_seat: bool
    signal_dbm: float
    max_load_kg: int
    max_speed_mm_s: int | None
    max_incline_deg: int | None
    terrain_deg: float
    parks_well: float

    @property
    def at_landings(self) -> bool:
        """Whether it has landings: only a stairlift does."""
        return self.kind is AidKind.STAIRLIFT


def draw_aid(
    number: int, kind: AidKind, *, seed: int, profile: Profile | None = None
) -> tuple[Aid, np.random.Generator]:
    """Draw aid ``number`` of a fleet, and return the generator that its life goes on with."""
    rng = np.random.default_rng((seed, 1, number))
    known = profiles_of(kind)
    shares = np.array([one.share for one in known])
    drawn = known[int(rng.choice(len(known), p=shares / shares.sum()))]
    common = {
        "device": f"{PREFIX[kind]}-{number:06d}",
        "number": number,
        "kind": kind,
        "profile": profile or drawn,
        "postcode4": int(rng.choice(POSTCODES)),
        "line": Line(rng.choice(["good", "good", "fair", "fair", "bad"])),
        "clock": Clock(
            rng.choice(
                ["right", "drifting", "ahead", "since_1970"],
                p=[0.7, 0.15, 0.08, 0.07],
            )
        ),
        "skew_ms": int(rng.normal(0, 5 * 3_600_000)),
        "drift": float(rng.uniform(-2e-4, 2e-4)),
        "aged": float(rng.uniform(0, 0.25)),
        "gain": float(rng.normal(1, 0.03)),
        "ripple": float(rng.uniform(0.01, 0.03)),
        "room_c": float(rng.uniform(14, 22)),
        "turns_seat": bool(rng.random() < 0.5),
        "signal_dbm": float(rng.uniform(-95, -60)),
    }
    build = {
        AidKind.STAIRLIFT: _stairlift,
        AidKind.SCOOTER: _wheels,
        AidKind.WHEELCHAIR: _wheels,
        AidKind.HOIST: _hoist,
    }[kind]
    specific = build(rng, kind)
    return Aid(**{**common, **specific}), rng  # type: ignore[arg-type]


def draw_person(rng: np.random.Generator, *, frail: bool = True, at_most_kg: float = 130) -> Person:
    """Draw somebody: a client, or somebody spry."""
    weight_kg = float(np.clip(rng.normal(76, 16), 42, at_most_kg))
    wakes_h = float(rng.uniform(6.0, 9.0))
    return Person(
        weight_kg=weight_kg,
        boarding_s=float(rng.uniform(10, 45) if frail else rng.uniform(2.5, 8)),
        steady=float(rng.uniform(0.15, 0.4)),
        wakes_h=wakes_h,
        sleeps_h=float(rng.uniform(20.5, 23.5)),
        rounds=float(rng.uniform(0.5, 4.5)),
        pauses=float(rng.choice([0.0, 0.02, 0.05, 0.15])) if frail else 0.01,
        presses=float(rng.uniform(0.1, 1.5)) if frail else 0.1,
    )


def _stairlift(rng: np.random.Generator, _: AidKind) -> dict[str, object]:
    incline_deg = float(rng.uniform(28, 48))
    if rng.random() < 0.35:
        length_m = float(rng.uniform(6.0, 12.0))
        bends = int(rng.integers(1, 4))
        bend_m = float(rng.uniform(0.8, 1.8))
        leg_m = (length_m - bends * bend_m) / (bends + 1)
        segments = [Segment(length_m=leg_m, incline_deg=incline_deg)]
        for _number in range(bends):
            segments.append(Segment(length_m=bend_m, incline_deg=incline_deg * 0.6, bend=True))
            segments.append(Segment(length_m=leg_m, incline_deg=incline_deg))
        rail = Rail(segments)
    else:
        rail = Rail.straight(float(rng.uniform(2.8, 6.5)), incline_deg)
    max_load_kg = int(rng.choice([120, 127, 137, 140, 160]))
    drive = DriveParameters(
        rated_speed_m_s=float(rng.uniform(0.07, 0.15)),  # [market]
        bend_speed_factor=float(rng.uniform(0.45, 0.85)),
        carriage_kg=float(rng.uniform(36, 55)),
        friction=float(rng.uniform(0.05, 0.14)),
        gear_efficiency=float(rng.uniform(0.38, 0.52)),
        no_load_current_a=float(rng.uniform(0.7, 1.6)),
        electronics_current_a=float(rng.uniform(0.02, 0.06)),
    )
    client = draw_person(rng, at_most_kg=max_load_kg - 12)
    return {
        "client": client,
        "partner": draw_person(rng, frail=False, at_most_kg=max_load_kg - 12),
        "rail": rail,
        "drive": drive,
        "battery": BatteryParameters(
            capacity_ah=float(rng.uniform(5, 12)),  # [market] 4-12
            resistance_ohm=float(rng.uniform(0.08, 0.16)),
            charger_v=float(rng.uniform(27.2, 29.0)),  # [market] 27-30
            charger_a=float(rng.uniform(0.7, 2.0)),
        ),
        "speed_m_s": drive.rated_speed_m_s,
        "own_kg": drive.carriage_kg,
        "rolling": drive.friction,
        "efficiency": drive.gear_efficiency,
        "over_current_a": float(rng.uniform(26, 32)),
        "shelter": float(rng.uniform(0.0, 0.1)),
        "plugs": 1.0,
        "max_load_kg": max_load_kg,
        "max_speed_mm_s": 150,  # [EN 81-41]
        "max_incline_deg": None,
        "terrain_deg": 0.0,
        "parks_well": float(rng.uniform(0.97, 1.0)),
    }


def _wheels(rng: np.random.Generator, kind: AidKind) -> dict[str, object]:
    scooter = kind is AidKind.SCOOTER
    max_load_kg = int(rng.choice([120, 135, 150, 160]))
    client = draw_person(rng, at_most_kg=max_load_kg - 12)
    client = _on_wheels(client, rng, scooter=scooter)
    set_kmh = float(rng.uniform(8, 15) if scooter else rng.uniform(5, 10))
    return {
        "client": client,
        "partner": _on_wheels(
            draw_person(rng, frail=False, at_most_kg=max_load_kg - 12), rng, scooter=scooter
        ),
        "rail": None,
        "drive": DriveParameters(
            no_load_current_a=float(rng.uniform(0.8, 2.0)),
            electronics_current_a=float(rng.uniform(0.002, 0.01)),
        ),
        "battery": BatteryParameters(
            capacity_ah=float(rng.uniform(34, 75)),
            resistance_ohm=float(rng.uniform(0.025, 0.05)),
            peukert_current_a=3.0,
            charger_v=float(rng.uniform(27.4, 29.2)),
            charger_a=float(rng.uniform(4, 8)),
            cut_off_v=19.5,  # assumed: controllers on wheels give up earlier
        ),
        "speed_m_s": set_kmh / 3.6,
        "own_kg": float(rng.uniform(70, 140)),
        "rolling": float(rng.uniform(0.015, 0.03)),
        "efficiency": float(rng.uniform(0.6, 0.78)),
        "over_current_a": float(rng.uniform(80, 120)),
        "shelter": float(rng.uniform(0.0, 0.45)),
        "plugs": float(rng.uniform(0.8, 1.0)),
        "max_load_kg": max_load_kg,
        "max_speed_mm_s": round(set_kmh / 3.6 * 1000 * 1.08),
        "max_incline_deg": int(rng.choice([6, 8, 10])),
        "terrain_deg": float(rng.uniform(0.5, 2.5)),
        "parks_well": 1.0,
    }


def _on_wheels(person: Person, rng: np.random.Generator, *, scooter: bool) -> Person:
    return Person(
        **{
            **person.__dict__,
            "rounds": float(rng.uniform(0.3, 1.8) if scooter else rng.uniform(0.1, 1.2)),
            "range_m": float(np.exp(rng.normal(7.3 if scooter else 6.4, 0.5))),
            "indoor": 0.0 if scooter else float(rng.uniform(2, 8)),
        },
    )


def _hoist(rng: np.random.Generator, _: AidKind) -> dict[str, object]:
    max_load_kg = int(rng.choice([150, 175, 200]))
    client = draw_person(rng, at_most_kg=130)
    return {
        "client": Person(
            **{
                **client.__dict__,
                "boarding_s": float(rng.uniform(40, 180)),
                "rounds": float(rng.uniform(1.5, 5)),
            },
        ),
        "partner": draw_person(rng, at_most_kg=130),
        "rail": None,
        "drive": DriveParameters(
            no_load_current_a=float(rng.uniform(0.5, 1.2)),
            electronics_current_a=float(rng.uniform(0.001, 0.005)),
        ),
        "battery": BatteryParameters(
            capacity_ah=float(rng.uniform(2.9, 7)),
            resistance_ohm=float(rng.uniform(0.1, 0.2)),
            charger_v=float(rng.uniform(27.2, 28.8)),
            charger_a=float(rng.uniform(0.4, 1.0)),
            cut_off_v=19.0,  # assumed
        ),
        "speed_m_s": float(rng.uniform(0.025, 0.05)),
        "own_kg": float(rng.uniform(12, 25)),
        "rolling": 0.0,
        "efficiency": float(rng.uniform(0.28, 0.4)),
        "over_current_a": float(rng.uniform(11, 14)),
        "shelter": 0.0,
        "plugs": float(rng.uniform(0.85, 1.0)),
        "max_load_kg": max_load_kg,
        "max_speed_mm_s": None,
        "max_incline_deg": None,
        "terrain_deg": 0.0,
        "parks_well": 1.0,
    }
