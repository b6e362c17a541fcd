"""How long somebody travels from place to place: an estimate, without asking anybody. Pure."""

import math
from datetime import timedelta
from typing import Final

from api.map.places import Place

EARTH_KM: Final = 6_371.0
# Assumed, to be measured with the first hundred visits: roads are so much longer than the crow's
# way, so fast a van is on average in this countryside, and so long it takes to leave and to park.
DETOUR: Final = 1.35
SPEED_KM_H: Final = 50.0
LEAVE_AND_PARK: Final = timedelta(minutes=8)


def distance_km(from_: Place, to: Place) -> float:
    """Return the length of the way as the crow flies."""
    a, b = math.radians(from_.latitude), math.radians(to.latitude)
    across = math.radians(to.longitude - from_.longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def travel_time(from_: Place, to: Place) -> timedelta:
    """Return about how long it takes by car, to five minutes, upwards."""
    hours = distance_km(from_, to) * DETOUR / SPEED_KM_H
    minutes = (timedelta(hours=hours) + LEAVE_AND_PARK) / timedelta(minutes=1)
    return timedelta(minutes=5 * math.ceil(minutes / 5))
