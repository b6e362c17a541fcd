"""Places as a map: every one is drawn once, inside, with a label of its own; the worst is said."""

from collections import Counter
from itertools import combinations

from api.map import drawing, places
from api.map.drawing import HEIGHT, WIDTH, Marked
from api.map.service import arrange

NONE: Counter[int] = Counter()


def test_each_postcode_of_our_municipalities_has_its_place() -> None:
    known = places.by_postcode()
    assert known[1621].name == "Hoorn"
    assert 8896 not in known  # Hoorn on Terschelling is not that Hoorn
    for first, last in [(1600, 1602), (1606, 1611), (1713, 1713), (1715, 1719), (2711, 2729)]:
        for postcode4 in range(first, last + 1):
            if postcode4 != 1717:
                assert postcode4 in known, postcode4


def test_every_place_is_in_the_country() -> None:
    for place in set(places.by_postcode().values()):
        assert 3.3 < place.longitude < 7.3
        assert 50.7 < place.latitude < 53.6


def test_the_worst_is_said_and_stands_first() -> None:
    found = arrange(
        Counter({1621: 30, 1622: 10, 1601: 5, 1716: 2, 9999: 4}),
        Counter({1622: 1}),
        Counter({1601: 3}),
        Counter({1601: 1, 1716: 1}),
    )
    assert [(at.place.name, at.level, at.aids) for at in found.places] == [
        ("Hoorn", "emergency", 40),
        ("Enkhuizen", "outage", 5),
        ("Opmeer", "ticket", 2),
    ]
    assert found.places[0].postcodes == (1621, 1622)
    assert found.elsewhere == 4


def test_all_places_are_drawn_inside_and_labels_hardly_touch() -> None:
    names = {place: 20 for place in places.by_postcode().values() if place.name != "Zoetermeer"}
    found = drawing.draw([Marked(place, 20, "calm", 0) for place in names], places.outline())
    assert {dot.marked.place for dot in found.dots} == set(names)
    for dot in found.dots:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < HEIGHT
    assert found.land.count("M") == found.land.count("Z") == len(places.outline())
    boxes = [_box(dot) for dot in found.dots]
    touching = [pair for pair in combinations(boxes, 2) if _touch(*pair)]
    assert len(touching) <= 2, touching


def test_a_single_place_stands_in_the_middle_and_what_is_far_away_has_a_map_of_its_own() -> None:
    marked = [Marked(place, 1, "calm", 0) for place in set(places.by_postcode().values())]
    far, near = sorted(drawing.regions(marked), key=len)
    assert [each.place.name for each in far] == ["Zoetermeer"]
    assert len(near) == len(marked) - 1
    found = drawing.draw(far, places.outline())
    assert (found.dots[0].x, found.dots[0].y) == (WIDTH / 2, HEIGHT / 2)
    assert arrange(NONE, NONE, NONE, NONE).maps == ()


def _box(dot: drawing.Dot) -> tuple[float, float, float, float]:
    width = 9.6 * len(dot.marked.place.name)
    left = {"start": 0.0, "middle": width / 2, "end": width}[dot.anchor]
    return (dot.label_x - left, dot.label_y - 16, dot.label_x - left + width, dot.label_y + 4)


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(
        one[1], other[1]
    )
