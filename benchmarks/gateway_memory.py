"""Resident memory of a real modem process with a connection, after some rides and a call.

``python -m benchmarks.gateway_memory``; the baseline is the limit of 40 MB.
"""

import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from gateway.protocol.messages import Call, Presence, Usage
from gateway.protocol.vocabulary import Demand, Landing, Seat, Signals
from tests.support.bench import Bench, Platform, eventually, write_config
from tests.support.broker import Broker
from tests.support.lift import PARKED

LIMIT_MB = 40.0
RIDES = 5


def resident_mb(pid: int, field: str) -> float:
    """Return ``VmRSS`` or ``VmHWM`` (the highest so far) of a process, in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError(field)


def live(bench: Bench, platform: Platform) -> None:
    """Ride a few times, then call for help."""
    for ride in range(1, RIDES + 1):
        bench.set(
            speed_mm_s=120,
            landing=Landing.BETWEEN,
            seat=Seat.OCCUPIED,
            demand=Demand.UP,
            signals=Signals.NONE,
        )
        time.sleep(1)
        bench.set(
            speed_mm_s=0, landing=(Landing.TOP, Landing.BOTTOM)[(ride + 1) % 2], demand=Demand.NONE
        )
        eventually(partial(_has_ridden, platform, ride))
    bench.set(signals=Signals.SOS)
    call = eventually(lambda: next(iter(platform.of(Call)), None))
    platform.answer(call, "help_coming")
    eventually(lambda: "help_coming" in bench.notices)
    bench.set(signals=PARKED.signals)


def _has_ridden(platform: Platform, rides: int) -> bool:
    return len(platform.of(Usage)) >= rides


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        broker_folder = Path(folder) / "broker"
        broker_folder.mkdir()
        with Broker(broker_folder) as broker, Bench() as bench, Platform(broker) as platform:
            config = write_config(Path(folder), device="sl-000001", bench=bench, broker=broker)
            process = subprocess.Popen([sys.executable, "-m", "gateway", "--config", str(config)])
            try:
                eventually(lambda: platform.of(Presence))
                live(bench, platform)
                for name, field in (("gateway_memory", "VmRSS"), ("gateway_memory_peak", "VmHWM")):
                    value = resident_mb(process.pid, field)
                    print(
                        json.dumps(
                            {
                                "name": name,
                                "value": round(value, 1),
                                "unit": "MB",
                                "baseline": LIMIT_MB,
                                "ratio": round(value / LIMIT_MB, 3),
                            }
                        )
                    )
            finally:
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main()
