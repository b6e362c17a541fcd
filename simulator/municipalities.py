"""The eight municipalities of the contracts: postcodes, size, and where they are."""

from typing import NamedTuple

from simulator.hardware.ground import Point


class Municipality(NamedTuple):
    """One municipality.

    Attributes:
        code: of Statistics Netherlands.
        inhabitants_k: in thousands, rounded: assumed.
        postcodes: ranges, both ends included.
        centre: rounded to a kilometre.
    """

    code: str
    inhabitants_k: int
    postcodes: tuple[tuple[int, int], ...]
    centre: Point

    @property
    def all_postcodes(self) -> list[int]:
        """Every postcode of it."""
        return [value for first, last in self.postcodes for value in range(first, last + 1)]


MUNICIPALITIES = (
    # Drechterland.
    Municipality("GM0498", 20, ((1606, 1609), (1616, 1617), (1696, 1697)), Point(52.69, 5.18)),
    # Enkhuizen.
    Municipality("GM0388", 19, ((1600, 1602),), Point(52.7, 5.29)),
    # Hoorn.
    Municipality(
        "GM0405", 75, ((1620, 1625), (1627, 1628), (1689, 1689), (1695, 1695)), Point(52.64, 5.06)
    ),
    # Koggenland.
    Municipality(
        "GM1598",
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
        Point(52.62, 4.95),
    ),
    # Medemblik.
    Municipality(
        "GM0420",
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
        Point(52.77, 5.1),
    ),
    # Opmeer.
    Municipality("GM0432", 12, ((1661, 1663), (1715, 1716), (1718, 1719)), Point(52.71, 4.94)),
    # Stede Broec.
    Municipality("GM0532", 22, ((1610, 1611), (1613, 1614)), Point(52.7, 5.25)),
    # Zoetermeer.
    Municipality("GM0637", 126, ((2711, 2713), (2715, 2719), (2721, 2729)), Point(52.06, 4.49)),
)
BY_CODE = {one.code: one for one in MUNICIPALITIES}
