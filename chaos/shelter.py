"""What this machine can do to a process, and a place where that harms nobody else.

As root the suite runs in namespaces of its own: mounts, networks and processes all end with it,
however it ends.
"""

import os
import shutil
import subprocess
import sys
from typing import Final

from chaos import clock
from chaos.plan import Kind

_INSIDE: Final = "LIFTWACHT_CHAOS_INSIDE"
_SHELTER: Final = (
    *("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"),
    *("--propagation", "private"),
)


def enter() -> None:
    """Run this program anew in a shelter, where one can be had."""
    if os.environ.get(_INSIDE) or _sheltered_refused():
        return
    os.environ[_INSIDE] = "1"
    os.execvp(_SHELTER[0], [*_SHELTER, sys.executable, "-m", "chaos", *sys.argv[1:]])  # noqa: S606


def _sheltered_refused() -> str:
    if os.geteuid() != 0:
        return "needs root"
    if shutil.which("unshare") is None:
        return "needs unshare (util-linux)"
    tried = subprocess.run([*_SHELTER, "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip()


def missing() -> dict[Kind, str]:
    """Return the kinds of faults that cannot be had here, and why not."""
    sheltered = os.environ.get(_INSIDE) == "1"
    outside = "" if sheltered else _sheltered_refused()
    why = {
        Kind.PARTITION: outside or _needs("ip", "iproute2"),
        Kind.SLOW_LINE: outside or _needs("tc", "iproute2") or _without("tbf"),
        Kind.FILL: outside or _needs("mount", "mount"),
        Kind.SKEW: "" if clock.library() else "needs libfaketime (Debian: faketime)",
        Kind.SLOW_DISK: _needs("strace", "strace") or _untraceable(),
    }
    return {kind: reason for kind, reason in why.items() if reason}


def _needs(program: str, package: str) -> str:
    return "" if shutil.which(program) else f"needs {program} (Debian: {package})"


def _without(discipline: str) -> str:
    rate = ("rate", "1mbit", "burst", "1600", "latency", "1s")
    where = ("dev", "lo", "root")
    command = ["tc", "qdisc", "replace", *where, discipline, *rate]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        subprocess.run(["tc", "qdisc", "del", *where], capture_output=True, check=False)
        return ""
    return f"the kernel has no {discipline}: {tried.stderr.strip()}"


def _untraceable() -> str:
    tried = subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", "inject=fsync:delay_enter=1", "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if tried.returncode == 0 else f"strace may not trace: {tried.stderr.strip()}"
