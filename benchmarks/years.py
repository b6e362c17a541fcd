"""How many aid-days the years make in a minute of one core."""

import json
import time

from simulator.years import Fleet

BASELINE = 1_000  # lift-days a minute and core, that the project demands


def main() -> None:
    fleet = Fleet(size=60, days=365, seed=1)
    fleet.aid(1).said()  # warm
    began_s = time.process_time()
    messages = sum(len(aid.said()) for aid in fleet)
    cpu_s = time.process_time() - began_s
    a_minute = fleet.size * fleet.days / cpu_s * 60
    for name, value, baseline in (
        ("years_aid_days_per_minute_core", a_minute, BASELINE),
        ("years_messages_per_second_core", messages / cpu_s, None),
    ):
        print(
            json.dumps(
                {
                    "name": name,
                    "value": round(value),
                    "unit": "1/min" if baseline else "1/s",
                    "baseline": baseline,
                    "ratio": round(value / baseline, 1) if baseline else None,
                },
            ),
        )


if __name__ == "__main__":
    main()
