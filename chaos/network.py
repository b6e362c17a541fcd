"""Networks of their own for the parts, all on one bridge, and lines between them that can be cut.

A line is cut by a wrong address in the neighbour table of who sends: frames go to nobody, silently
and in one direction, as behind a switch that died. Nothing of it is seen outside the run's own
namespace (``chaos.shelter``).
"""

import ctypes
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

NAMES: Final = ("home", "broker", "ingest", "engine", "database")
_SUBNET: Final = "10.77.0"
_NEW_NETWORK: Final = 0x40000000  # CLONE_NEWNET
_NOBODY: Final = "02:77:00:00:00:ff"
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


def address(name: str) -> str:
    """Return the address of a part's network."""
    return f"{_SUBNET}.{10 + NAMES.index(name)}"


class Network:
    """The networks of one run; the caller's own is the bridge that they meet on.

    Args:
        names: of the parts.
        subnet: the first three numbers of their addresses.
        hub: the bridge's name.

    Raises:
        OSError: they cannot be made here.
    """

    SUBNET = f"{_SUBNET}.0/24"

    def __init__(
        self, names: Sequence[str] = NAMES, *, subnet: str = _SUBNET, hub: str = "hub"
    ) -> None:
        self._names = tuple(names)
        self._subnet = subnet
        self._hub = hub
        self._spaces: dict[str, int] = {}
        try:
            self._make()
        except OSError:
            self.close()
            raise

    def _make(self) -> None:
        self._spaces.update((name, _new_space()) for name in self._names)
        _ip("link", "set", "lo", "up")
        _ip("link", "add", self._hub, "type", "bridge")
        _ip("addr", "add", f"{self._subnet}.1/24", "dev", self._hub)
        _ip("link", "set", self._hub, "up")
        for name, space in self._spaces.items():
            port = f"{self._hub}-{name}"
            there = f"/proc/{os.getpid()}/fd/{space}"
            _ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", there)
            _ip("link", "set", port, "master", self._hub, "up")
            with self.inside(name):
                _ip("link", "set", "lo", "up")
                _ip("link", "set", "eth0", "address", self._hardware(name), "up")
                _ip("addr", "add", f"{self.address(name)}/24", "dev", "eth0")

    def close(self) -> None:
        """Take them away; a network ends with the last process in it."""
        for space in self._spaces.values():
            os.close(space)
        self._spaces.clear()
        for link in (*(f"{self._hub}-{name}" for name in self._names), self._hub):
            with suppress(OSError):
                _ip("link", "delete", link)

    def address(self, name: str) -> str:
        """Return the address of a part's network."""
        return f"{self._subnet}.{10 + self._names.index(name)}"

    def _hardware(self, name: str) -> str:
        return f"02:77:00:00:00:{10 + self._names.index(name):02x}"

    @contextmanager
    def inside(self, name: str) -> Iterator[None]:
        """Be in that network: what this thread starts or opens meanwhile, stays there."""
        back = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            _enter(self._spaces[name])
            yield
        finally:
            _enter(back)
            os.close(back)

    def cut(self, sender: str, receiver: str) -> None:
        """Lose all that ``sender`` sends to ``receiver``."""
        self._point(sender, receiver, _NOBODY)

    def heal(self, sender: str, receiver: str) -> None:
        """Let it arrive again."""
        self._point(sender, receiver, self._hardware(receiver))

    def throttle(self, name: str, kbit_s: int) -> None:
        """Let no more out of that network than this."""
        rate = ("rate", f"{kbit_s}kbit", "burst", "1600", "latency", "2s")
        with self.inside(name):
            _run(["tc", "qdisc", "replace", "dev", "eth0", "root", "tbf", *rate])

    def unthrottle(self, name: str) -> None:
        """Let everything out again."""
        with self.inside(name):
            _run(["tc", "qdisc", "del", "dev", "eth0", "root"])

    def _point(self, sender: str, receiver: str, hardware: str) -> None:
        with self.inside(sender):
            where = (self.address(receiver), "lladdr", hardware, "nud", "permanent", "dev", "eth0")
            _ip("neigh", "replace", *where)


def _new_space() -> int:
    """Make a network, and return what holds it open."""
    made: list[int] = []

    def make() -> None:  # in a thread, which alone moves there
        if _LIBC.unshare(_NEW_NETWORK) == 0:
            made.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    if not made:
        raise PermissionError("no network namespace can be made here")
    return made[0]


def _enter(space: int) -> None:
    if _LIBC.setns(space, _NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter the network")


def _ip(*arguments: str) -> None:
    _run(["ip", *arguments])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
