"""The fleet's manifest: one JSON object a line for each aid, the same for the same seed."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct

from simulator.hardware.rail import Rail, Segment

MAX_SIZE = 999_999
BEND_LENGTH_M = 1.6  # assumed

# Municipality, weight (inhabitants in thousands, rounded: assumed), ranges of postcodes.
_MUNICIPALITIES: tuple[tuple[str, int, tuple[tuple[int, int], ...]], ...] = (
    ("GM0498", 20, ((1606, 1609), (1616, 1617), (1696, 1697))),  # Drechterland
    ("GM0388", 19, ((1600, 1602),)),  # Enkhuizen
    ("GM0405", 75, ((1620, 1625), (1627, 1628), (1689, 1689), (1695, 1695))),  # Hoorn
    (
        "GM1598",  # Koggenland
        23,
        (
            (1631, 1631),
            (1633, 1634),
            (1641, 1643),
            (1645, 1648),
            (1652, 1652),
            (1710, 1711),
            (1713, 1713),
        ),
    ),
    (
        "GM0420",  # Medemblik
        46,
        (
            (1619, 1619),
            (1654, 1655),
            (1657, 1658),
            (1670, 1671),
            (1674, 1674),
            (1676, 1676),
            (1678, 1679),
            (1681, 1688),
            (1691, 1693),
        ),
    ),
    ("GM0432", 12, ((1661, 1663), (1715, 1716), (1718, 1719))),  # Opmeer
    ("GM0532", 22, ((1610, 1611), (1613, 1614))),  # Stede Broec
    ("GM0637", 126, ((2711, 2713), (2715, 2719), (2721, 2729))),  # Zoetermeer
)
# An address on an island, for trying out the exemption; the contract is one of the eight.
WADDEN_POSTCODE = 1791


class AidRecord(Struct, frozen=True, kw_only=True):
    """One aid as it is registered."""

    device: str
    kind: str
    maker: str
    model: str
    serial_number: str
    rail_length_mm: int
    municipality_code: str
    postcode4: int
    client_number: str
    wholly_dependent: bool

    def rail(self) -> Rail:
        """Return the rail that belongs to this model and length."""
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


def records(*, size: int, seed: int, wadden: int = 0) -> Iterator[AidRecord]:
    """Yield ``size`` aids; the last ``wadden`` of them have a postcode on an island.

    Raises:
        ValueError: a size that cannot be numbered.
    """
    if not 0 <= size <= MAX_SIZE:
        raise ValueError(f"a fleet has 0 to {MAX_SIZE} aids, not {size}")
    rng = Random(f"manifest/{seed}")
    weights = [weight for _, weight, _ in _MUNICIPALITIES]
    for number in range(1, size + 1):
        code, _, ranges = rng.choices(_MUNICIPALITIES, weights)[0]
        postcodes = [value for first, last in ranges for value in range(first, last + 1)]
        postcode = rng.choice(postcodes)
        curved = rng.random() < 0.3
        length_mm = (
            rng.randrange(6_000, 12_100, 100) if curved else rng.randrange(3_500, 5_700, 100)
        )
        serial = rng.randrange(10**8)
        dependent = rng.random() < 0.6
        yield AidRecord(
            device=f"sl-{number:06d}",
            kind="stairlift",
            maker="T498",
            model="curved" if curved else "straight",
            serial_number=f"T498-{serial:08d}",
            rail_length_mm=length_mm,
            municipality_code=code,
            postcode4=WADDEN_POSTCODE if number > size - wadden else postcode,
            client_number=f"C-{number:06d}",
            wholly_dependent=dependent,
        )


def write(path: Path, *, size: int, seed: int, wadden: int = 0) -> None:
    """Write a manifest. Raises ValueError like ``records``, and OSError."""
    lines = [
        msgspec.json.encode(record) + b"\n"
        for record in records(size=size, seed=seed, wadden=wadden)
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
