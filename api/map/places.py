"""Where a postcode is, to about a kilometre: never where somebody lives.

``places.csv``: GeoNames (CC BY 4.0), to three decimals, where it knows the place; the others
are approximate, as the file says. ``outline.json``: Natural Earth, 1:10 million (public domain).
"""

import csv
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple


class Place(NamedTuple):
    """A town or village."""

    name: str
    latitude: float
    longitude: float


@cache
def by_postcode() -> Mapping[int, Place]:
    """Return the place of each four-digit postcode that we know."""
    text = (resources.files("api.map") / "places.csv").read_text(encoding="utf-8")
    return {
        postcode4: Place(row["place"], float(row["latitude"]), float(row["longitude"]))
        for row in csv.DictReader(text.splitlines())
        for postcode4 in range(int(row["first"]), int(row["last"]) + 1)
    }


@cache
def outline() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the coast and border of the Netherlands: rings of (longitude, latitude)."""
    text = (resources.files("api.map") / "outline.json").read_text(encoding="utf-8")
    return tuple(tuple((x, y) for x, y in ring) for ring in json.loads(text))
