"""What one look at a lift costs the modem's program, at rest and on a ride.

``python -m benchmarks.gateway_watch``; the baseline is the time between two looks, of which a
thousandth is taken as what a modem may spend on it.
"""

import json
import time
from itertools import count, cycle
from typing import Final

from msgspec import structs

from gateway.hal import Reading
from gateway.protocol.vocabulary import Demand, Landing, Seat, Signals
from gateway.watch import RideSettings, Watch, WatchSettings

LOOKS: Final = 20_000
ROUNDS: Final = 5
LOOK_MS: Final = 250
BASELINE_US: Final = LOOK_MS * 1_000 / 1_000
PARKED: Final = Reading(
    position_mm=0,
    speed_mm_s=0,
    current_ma=0,
    battery_mv=26_400,
    seat=Seat.EMPTY,
    landing=Landing.BOTTOM,
    signals=Signals.MAINS | Signals.CHARGING,
)


def main() -> None:
    """Print the best of some rounds for each: what disturbs the machine only adds."""
    riding = [
        structs.replace(
            PARKED,
            position_mm=100 + step * 30,
            speed_mm_s=120,
            current_ma=9_000 + step,
            battery_mv=24_800,
            seat=Seat.OCCUPIED,
            demand=Demand.UP,
            landing=Landing.BETWEEN,
            signals=Signals.NONE,
        )
        for step in range(150)
    ]
    for name, readings in (("parked", [PARKED]), ("riding", riding)):
        value = min(_looks_us(readings) for _ in range(ROUNDS))
        line = {
            "name": f"gateway_look_{name}",
            "value": round(value, 2),
            "unit": "µs",
            "baseline": BASELINE_US,
            "ratio": round(value / BASELINE_US, 4),
        }
        print(json.dumps(line, ensure_ascii=False))


def _looks_us(readings: list[Reading]) -> float:
    numbers = count(1)
    settings = WatchSettings(ride=RideSettings(rail_length_mm=4_700))
    watch = Watch(settings, new_id=lambda: f"{next(numbers):032x}")
    now_ms, source = 0, cycle(readings)
    began_s = time.process_time()
    for _ in range(LOOKS):
        now_ms += LOOK_MS
        watch.step(next(source), wall_ms=now_ms, now_ms=now_ms)
    return (time.process_time() - began_s) / LOOKS * 1e6


if __name__ == "__main__":
    main()
