"""All benchmarks, one after the other: ``make bench``. One JSON object a line."""

import json
import subprocess
import sys
from typing import Any

INGEST = "ingest, live, acknowledged after commit"


def main() -> None:
    lines = run("ingest")
    rate = next(line["value"] for line in lines if line["name"] == INGEST)
    # How fast help comes is measured at half of what ingest just took.
    run("emergency", str(round(rate / 2)))
    run("detectors")
    run("observing")
    run("gateway_memory")
    run("gateway_watch")
    run("simulator")
    run("years")
    run("backtest")
    run("desk")
    run("portal")


def run(name: str, *arguments: str) -> list[dict[str, Any]]:
    """Run one benchmark in a process of its own, show its lines, and return them."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(json.loads(line))
    if process.returncode:
        raise SystemExit(process.returncode)
    return lines


if __name__ == "__main__":
    main()
