"""Homes for the aids of a manifest: the aid as it is after its years, its board, its place."""

from datetime import UTC, datetime
from random import Random

from gateway.protocol.vocabulary import AidKind
from simulator.hardware.aid import Aid
from simulator.hardware.battery import END_OF_LIFE
from simulator.hardware.climate import OUTDOORS, SHED, STAIRCASE
from simulator.hardware.ground import Point
from simulator.hardware.hoist import Hoist
from simulator.hardware.makers import profile_of_maker
from simulator.hardware.profile import Quirk
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.home import Home
from simulator.manifest import AidRecord

# Where a run begins that says nothing else: a Monday in January.
USUAL_START_MS = int(datetime(2026, 1, 5, 8, 30, tzinfo=UTC).timestamp() * 1000)
BATTERY_LIFE_DAYS = 4 * 365.0  # assumed: then it is replaced
NO_SEAT_SENSOR_CHANCE = 0.1  # assumed: of scooters, where the switch is an extra


def home_of(
    aid: AidRecord, *, seed: int, start_ms: int = 0, start_wall_ms: int = USUAL_START_MS
) -> Home:
    """Build the home of ``aid``, its rider upstairs or downstairs; ``seed`` is the fleet's."""
    rng = Random(f"household/{seed}/{aid.device}")
    began = datetime.fromtimestamp(start_wall_ms / 1000, UTC)
    year_s = (began - datetime(began.year, 1, 1, tzinfo=UTC)).total_seconds()
    kind = AidKind(aid.kind)
    quirks = set()
    made: Aid
    if kind is AidKind.STAIRLIFT:
        rail = aid.rail()
        made = Stairlift(
            rail,
            position_m=rail.length_m if rng.random() < 0.5 else 0.0,
            rng=Random(rng.getrandbits(64)),
            health=_health(aid, began),
            serial=aid.serial_number,
            climate=STAIRCASE.begun(year_s),
        )
    elif kind is AidKind.HOIST:
        made = Hoist(
            rng=Random(rng.getrandbits(64)),
            health=_health(aid, began),
            serial=aid.serial_number,
            climate=STAIRCASE.begun(year_s),
        )
        made.cable = True
    else:
        sheltered = rng.random() < 0.95
        place = SHED if sheltered else OUTDOORS
        made = Vehicle(
            kind,
            rng=Random(rng.getrandbits(64)),
            home=_address(aid, rng),
            health=_health(aid, began),
            serial=aid.serial_number,
            climate=(place if kind is AidKind.SCOOTER else STAIRCASE).begun(year_s),
        )
        made.cable = True
        if kind is AidKind.SCOOTER and rng.random() < NO_SEAT_SENSOR_CHANCE:
            quirks.add(Quirk.NO_SEAT_SENSOR)
    profile = profile_of_maker(aid.maker, kind)
    return Home(made, rng=rng, start_ms=start_ms, profile=profile, quirks=frozenset(quirks))


def _health(aid: AidRecord, now: datetime) -> float:
    """Return what is left of the battery: it was replaced whenever its life was over."""
    if aid.built_on is None:
        return 1.0
    age_days = max(0.0, (now.date() - aid.built_on).days) % BATTERY_LIFE_DAYS
    return 1 - (1 - END_OF_LIFE) * 0.8 * age_days / BATTERY_LIFE_DAYS


def _address(aid: AidRecord, rng: Random) -> Point:
    """Return a place in its municipality, some way from the centre."""
    return aid.centre().moved(rng.uniform(0, 1_500), rng.uniform(0, 360))
