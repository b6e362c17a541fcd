"""What happens to the lifts meanwhile: emergencies and look-alikes that begin soon.

Silence is left out: there, a broken platform and a broken line look the same for a while, on
purpose.
"""

from collections.abc import Iterator
from random import Random
from typing import Final

NAMES: Final = (
    "sos_pressed",
    "chosen_pause",
    "fault_while_riding",
    "edge_clears",
    "drive_refused",
    "reversing_frees",
    "rider_gone",
    "rider_gone_while_moving",
    "safety_edge_stays",
    "change_of_mind",
    "sos_at_1970",
    "curved_ride",
    "no_power_at_landing",
    "power_lost_low_battery",
    "seat_turned_mid_rail",
    "refused_at_landing",
)
# The same for a modem of its own, which has no simulated clock and battery.
FOR_MODEMS: Final = tuple(
    name for name in NAMES if name not in {"sos_at_1970", "power_lost_low_battery"}
)


def drawn(seed: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield names without end, each as often as any other, in an order of the seed's."""
    random = Random(seed)  # noqa: S311 - must come out the same again
    while True:
        yield from random.sample(names, len(names))
