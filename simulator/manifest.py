"""The fleet's manifest: one JSON object a line for each aid, the same for the same seed."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import MappingProxyType

import msgspec
from msgspec import Struct

from gateway.protocol.vocabulary import AidKind
from simulator.hardware.ground import Point
from simulator.hardware.rail import Rail, Segment
from simulator.municipalities import BY_CODE, MUNICIPALITIES

MAX_SIZE = 999_999
BEND_LENGTH_M = 1.6  # assumed

# An address on an island, for trying out the exemption; the contract is one of the eight.
WADDEN_POSTCODE = 1791


# Shares of the kinds of aids in a fleet.
STAIRLIFTS: Mapping[AidKind, float] = MappingProxyType({AidKind.STAIRLIFT: 1.0})
MIXED: Mapping[AidKind, float] = MappingProxyType(
    {  # assumed: mostly stairlifts
        AidKind.STAIRLIFT: 0.7,
        AidKind.SCOOTER: 0.15,
        AidKind.WHEELCHAIR: 0.08,
        AidKind.HOIST: 0.07,
    }
)
PREFIX: Mapping[AidKind, str] = MappingProxyType(
    {
        AidKind.STAIRLIFT: "sl",
        AidKind.SCOOTER: "sc",
        AidKind.WHEELCHAIR: "wc",
        AidKind.HOIST: "ho",
    }
)
# Makers of each kind, with their shares: assumed.
_MAKERS: Mapping[AidKind, tuple[tuple[str, ...], tuple[float, ...]]] = MappingProxyType(
    {
        AidKind.STAIRLIFT: (("T498", "CEFH", "LAMP"), (0.6, 0.3, 0.1)),
        AidKind.SCOOTER: (("DYNAMIC",), (1.0,)),
        AidKind.WHEELCHAIR: (("DYNAMIC",), (1.0,)),
        AidKind.HOIST: (("HANDSET",), (1.0,)),
    }
)
# What they are made for: load (kg), speed (mm/s), slope (degrees); assumed, within EN 81-40,
# EN 12184 and EN ISO 10535.
_LIMITS: Mapping[AidKind, tuple[tuple[int, ...], int | None, int | None]] = MappingProxyType(
    {
        AidKind.STAIRLIFT: ((125, 137, 160), 150, None),
        AidKind.SCOOTER: ((150, 180), 4_170, 10),
        AidKind.WHEELCHAIR: ((130, 160), 2_780, 10),
        AidKind.HOIST: ((150, 175, 200), None, None),
    }
)
TODAY = date(2026, 1, 5)  # when runs without a broker begin


class AidRecord(Struct, frozen=True, kw_only=True):
    """One aid as it is registered. Dates and limits: None where nobody knows."""

    device: str
    kind: str
    maker: str
    model: str
    serial_number: str
    rail_length_mm: int | None = None
    municipality_code: str
    postcode4: int
    client_number: str
    wholly_dependent: bool
    built_on: date | None = None
    serviced_on: date | None = None
    lent_on: date | None = None
    max_load_kg: int | None = None
    max_speed_mm_s: int | None = None
    max_incline_deg: int | None = None

    def rail(self) -> Rail:
        """Return the rail that belongs to this model and length. Raises ValueError: no rail."""
        if self.rail_length_mm is None:
            raise ValueError(f"{self.device}, a {self.kind}, runs on no rail")
        length_m = self.rail_length_mm / 1000
        if self.model != "curved":
            return Rail.straight(length_m)
        leg_m = (length_m - BEND_LENGTH_M) / 2
        return Rail(
            [
                Segment(length_m=leg_m, incline_deg=38),
                Segment(length_m=BEND_LENGTH_M, incline_deg=25, bend=True),
                Segment(length_m=leg_m, incline_deg=38),
            ],
        )

    def centre(self) -> Point:
        """Return where its municipality is."""
        municipality = BY_CODE.get(self.municipality_code)
        return municipality.centre if municipality else MUNICIPALITIES[0].centre


def records(
    *,
    size: int,
    seed: int,
    wadden: int = 0,
    mix: Mapping[AidKind, float] = STAIRLIFTS,
    today: date = TODAY,
) -> Iterator[AidRecord]:
    """Yield ``size`` aids; the last ``wadden`` of them have a postcode on an island.

    ``mix`` says how many of which kind, on average; the first is always of the first kind in it.
    All were built, lent and last serviced before ``today``.

    Raises:
        ValueError: a size that cannot be numbered.
    """
    if not 0 <= size <= MAX_SIZE:
        raise ValueError(f"a fleet has 0 to {MAX_SIZE} aids, not {size}")
    rng = Random(f"manifest/{seed}")
    weights = [one.inhabitants_k for one in MUNICIPALITIES]
    for number in range(1, size + 1):
        municipality = rng.choices(MUNICIPALITIES, weights)[0]
        postcode = rng.choice(municipality.all_postcodes)
        curved = rng.random() < 0.3
        length_mm = (
            rng.randrange(6_000, 12_100, 100) if curved else rng.randrange(3_500, 5_700, 100)
        )
        serial = rng.randrange(10**8)
        dependent = rng.random() < 0.6
        own = Random(f"aid/{seed}/{number}")  # so that another mix leaves all the rest as it is
        kind = own.choices(list(mix), list(mix.values()))[0]
        if number == 1:
            kind = next(iter(mix))
        maker = own.choices(*_MAKERS[kind])[0]
        lift = kind is AidKind.STAIRLIFT
        loads, max_speed_mm_s, max_incline_deg = _LIMITS[kind]
        built_on, serviced_on, lent_on = _dates(own, today)
        yield AidRecord(
            device=f"{PREFIX[kind]}-{number:06d}",
            kind=kind,
            maker=maker,
            model=("curved" if curved else "straight") if lift else kind.value,
            serial_number=f"{maker}-{serial:08d}",
            rail_length_mm=length_mm if lift else None,
            municipality_code=municipality.code,
            postcode4=WADDEN_POSTCODE if number > size - wadden else postcode,
            client_number=f"C-{number:06d}",
            wholly_dependent=dependent,
            built_on=built_on,
            serviced_on=serviced_on,
            lent_on=lent_on,
            max_load_kg=own.choice(loads),
            max_speed_mm_s=max_speed_mm_s,
            max_incline_deg=max_incline_deg,
        )


def _dates(rng: Random, today: date) -> tuple[date, date, date]:
    """Draw when an aid was built, serviced and lent: up to seven years old, then re-issued."""
    built_days = rng.randrange(30, 7 * 365)
    lent_days = rng.randrange(1, built_days)
    serviced_days = min(built_days, rng.randrange(1, 360))
    built, serviced, lent = (
        today - timedelta(days=days) for days in (built_days, serviced_days, lent_days)
    )
    return built, serviced, lent


def write(
    path: Path,
    *,
    size: int,
    seed: int,
    wadden: int = 0,
    mix: Mapping[AidKind, float] = STAIRLIFTS,
) -> None:
    """Write a manifest. Raises ValueError like ``records``, and OSError."""
    lines = [
        msgspec.json.encode(record) + b"\n"
        for record in records(size=size, seed=seed, wadden=wadden, mix=mix)
    ]
    path.write_bytes(b"".join(lines))


def read(path: Path) -> list[AidRecord]:
    """Read a manifest.

    Raises:
        ValueError: a line is not an aid; the text says which and why.
        OSError: the file cannot be read.
    """
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=AidRecord))
        except msgspec.MsgspecError as error:
            raise ValueError(f"{path}:{number}: {error}") from error
    return found
