"""Pure: lays out places as a map. Everything in user units of the SVG's view box."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from api.map.places import Place

WIDTH: Final = 1_000
HEIGHT: Final = 720
_MARGIN: Final = 70
_STRETCH: Final = math.cos(math.radians(52.2))  # of a degree of longitude there
_SMALLEST_DEG: Final = 0.12  # a single place is not drawn as if it were a continent
_NEAR_DEG: Final = 0.25  # of latitude: some 28 km
_LETTER: Final = 9.6  # width of an average letter of a label
_LINE: Final = 20.0


class Marked(NamedTuple):
    """A place with how many aids it has, and how bad the worst of them is off."""

    place: Place
    aids: int
    level: str
    number: int


class Dot(NamedTuple):
    """A mark with its label."""

    x: float
    y: float
    radius: float
    marked: Marked
    label_x: float
    label_y: float
    anchor: str


class Map(NamedTuple):
    """The drawing: ``land`` is the path of the ground."""

    width: int
    height: int
    land: str
    dots: tuple[Dot, ...]


class _View(NamedTuple):
    west: float
    north: float
    scale: float
    left: float
    top: float

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * _STRETCH * self.scale
        y = self.top + (self.north - latitude) * self.scale
        return round(x, 1), round(y, 1)


def regions(marked: Iterable[Marked]) -> list[list[Marked]]:
    """Divide places so that those of one region are near one of its others; most places first."""
    found: list[list[Marked]] = []
    for each in marked:
        near = [region for region in found if any(_near(each.place, o.place) for o in region)]
        found = [region for region in found if region not in near]
        found.append([each, *(other for region in near for other in region)])
    return sorted(found, key=lambda region: (-len(region), region[0].place.name))


def draw(marked: Sequence[Marked], outline: Iterable[Sequence[tuple[float, float]]]) -> Map:
    """Lay out ``marked`` places (at least one) on their ground."""
    view = _view([each.place for each in marked])
    land = "".join(
        "M" + " ".join(f"{x},{y}" for x, y in (view(*point) for point in ring)) + "Z"
        for ring in outline
    )
    # What is worst off is labelled first, and lies on top.
    ranked = sorted(marked, key=lambda each: (-each.number, -each.aids, each.place.name))
    dots = tuple(_dots(ranked, view))
    return Map(WIDTH, HEIGHT, land, tuple(reversed(dots)))


def _near(one: Place, other: Place) -> bool:
    across = (one.longitude - other.longitude) * _STRETCH
    return math.hypot(across, one.latitude - other.latitude) < _NEAR_DEG


def _view(places: Sequence[Place]) -> _View:
    west, east = _around([each.longitude for each in places])
    south, north = _around([each.latitude for each in places])
    scale = min(
        (WIDTH - 2 * _MARGIN) / ((east - west) * _STRETCH), (HEIGHT - 2 * _MARGIN) / (north - south)
    )
    left = (WIDTH - (east - west) * _STRETCH * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2
    return _View(west, north, scale, left, top)


def _around(values: Sequence[float]) -> tuple[float, float]:
    least, most = min(values), max(values)
    lacking = max(0.0, _SMALLEST_DEG - (most - least)) / 2
    return least - lacking, most + lacking


def _dots(marked: Sequence[Marked], view: _View) -> Iterator[Dot]:
    spots = [(*view(each.place.longitude, each.place.latitude), _radius(each)) for each in marked]
    taken = [(x - r, y - r, x + r, y + r) for x, y, r in spots]
    for each, (x, y, radius) in zip(marked, spots, strict=True):
        width = _LETTER * len(each.place.name)
        sides = (
            (x + radius + 4, y + 5, "start", x + radius + 4),
            (x - radius - 4, y + 5, "end", x - radius - 4 - width),
            (x, y - radius - 5, "middle", x - width / 2),
            (x, y + radius + _LINE - 2, "middle", x - width / 2),
        )
        boxes = [
            (left, label_y - _LINE + 4, left + width, label_y + 4) for _, label_y, _, left in sides
        ]
        best = min(range(len(sides)), key=lambda n: _overlaps(boxes[n], taken))
        taken.append(boxes[best])
        label_x, label_y, anchor, _ = sides[best]
        yield Dot(x, y, radius, each, round(label_x, 1), round(label_y, 1), anchor)


def _radius(marked: Marked) -> float:
    return round(7 + min(9.0, math.sqrt(marked.aids) / 3), 1)


_Box = tuple[float, float, float, float]


def _overlaps(box: _Box, taken: Iterable[_Box]) -> float:
    area = 0.0
    for other in (*taken, *_EDGES):
        wide = min(box[2], other[2]) - max(box[0], other[0])
        high = min(box[3], other[3]) - max(box[1], other[1])
        if wide > 0 and high > 0:
            area += wide * high
    return area


# Beyond the picture's edges a label is as bad as on another.
_EDGES: Final = ((-500.0, -500.0, 0.0, 1_500.0), (WIDTH, -500.0, WIDTH + 500.0, 1_500.0))
