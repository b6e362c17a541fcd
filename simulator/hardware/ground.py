"""Where something is on the ground: a point, what is near it, and the cell that it lies in."""

import math
from dataclasses import dataclass

_BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"
_METRES_PER_DEGREE = 111_320.0  # of latitude
_BITS = 5


@dataclass(frozen=True)
class Point:
    """A place, in degrees north and east."""

    latitude: float
    longitude: float

    def moved(self, distance_m: float, heading_deg: float) -> "Point":
        """Return the point ``distance_m`` away; ``heading_deg`` is clockwise from the north."""
        heading = math.radians(heading_deg)
        east_m_per_degree = _METRES_PER_DEGREE * math.cos(math.radians(self.latitude))
        return Point(
            self.latitude + distance_m * math.cos(heading) / _METRES_PER_DEGREE,
            self.longitude + distance_m * math.sin(heading) / east_m_per_degree,
        )

    def distance_m(self, other: "Point") -> float:
        """Return how far ``other`` is, for distances that a scooter drives."""
        north_m = (other.latitude - self.latitude) * _METRES_PER_DEGREE
        east_m = (other.longitude - self.longitude) * _METRES_PER_DEGREE
        return math.hypot(north_m, east_m * math.cos(math.radians(self.latitude)))

    def heading_to(self, other: "Point") -> float:
        """Return in which direction ``other`` lies, degrees clockwise from the north."""
        north_m = other.latitude - self.latitude
        east_m = (other.longitude - self.longitude) * math.cos(math.radians(self.latitude))
        return math.degrees(math.atan2(east_m, north_m)) % 360

    def geohash(self, characters: int) -> str:
        """Return the cell it lies in: five characters are some 5 km, seven some 150 m."""
        low, high = [-180.0, -90.0], [180.0, 90.0]
        value = (self.longitude, self.latitude)
        text, index = "", 0
        for bit in range(characters * _BITS):
            axis = bit % 2
            middle = (low[axis] + high[axis]) / 2
            above = value[axis] >= middle
            (low if above else high)[axis] = middle
            index = index * 2 + above
            if bit % _BITS == _BITS - 1:
                text += _BASE32[index]
                index = 0
        return text
