"""Resident memory of a real modem process connected over TLS, after some rides and a call.

``python -m benchmarks.gateway_memory``; the baseline is the limit of 40 MB.
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from gateway.protocol.messages import Call, Presence, Usage
from gateway.protocol.vocabulary import Demand, Landing, Seat, Signals
from ingest.provisioning.authority import Authority
from tests.support.bench import Bench, Platform, eventually, write_config
from tests.support.broker import Broker
from tests.support.lift import PARKED

LIMIT_MB = 40.0
RIDES = 5
DEVICE = "sl-000001"


def issued(directory: Path) -> Path:
    """Issue all certificates into ``directory``."""
    now = datetime.now(UTC)
    authority = Authority.open(directory, now=now)
    authority.issue_server("broker", (Broker.host,), now=now)
    for name in (DEVICE, "ingest", "diagnostics"):
        authority.issue_client(name, now=now)
    return directory


def resident_mb(pid: int, field: str) -> float:
    """Return ``VmRSS`` or ``VmHWM`` (the highest so far) of a process, in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError(field)


def live(bench: Bench, platform: Platform, diagnostics: Platform) -> None:
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
    diagnostics.answer(call, "help_coming")
    eventually(lambda: "help_coming" in bench.notices)
    bench.set(signals=PARKED.signals)


def _has_ridden(platform: Platform, rides: int) -> bool:
    return len(platform.of(Usage)) >= rides


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        broker_folder = Path(folder) / "broker"
        broker_folder.mkdir()
        certificates = issued(Path(folder) / "certificates")
        with (
            Broker(broker_folder, certificates=certificates) as broker,
            Bench() as bench,
            Platform(broker) as platform,
            Platform(broker, "diagnostics") as diagnostics,
        ):
            config = write_config(Path(folder), device=DEVICE, bench=bench, broker=broker)
            process = subprocess.Popen([sys.executable, "-m", "gateway", "--config", str(config)])
            try:
                eventually(lambda: platform.of(Presence))
                live(bench, platform, diagnostics)
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
