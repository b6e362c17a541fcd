"""Each kind of fault: what is done to its subject, and what takes it away again."""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Final

import psutil
from msgspec import Struct

from chaos.disk import Drag
from chaos.estate import Estate
from chaos.network import Network
from chaos.plan import PROCESSES, Fault, Kind

SLOW_SYNC_MS: Final = 150
SLOW_LINE_KBIT_S: Final = 48
# After what it had to bear a part may need some attempts.
RESTART_S: Final = 60.0
_RESTART_EVERY_S: Final = 0.5
# Who is still loading its code has not said yet what is to happen at a signal.
_ENDED_WELL: Final = {0, -signal.SIGTERM}

_log = logging.getLogger(__name__)
Note = Callable[[str], None]
Undo = Callable[[], None]


class Suffered(Struct, frozen=True):
    """A fault as it came to pass; times are of the monotonic clock.

    ``away_s``: when its cause was gone, from which on recovering counts. ``note``: what was not as
    it should be.
    """

    fault: Fault
    began_s: float
    away_s: float
    note: str = ""


class Hand:
    """Does faults to an estate, from any thread, never two at a time to one subject."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        names = {*PROCESSES, "lifts", "home"}
        self._locks = {name: Lock() for name in sorted(names)}

    @contextmanager
    def holding(self, *names: str, wait: bool = True) -> Iterator[bool]:
        """Keep others off these subjects; yields False if they are busy and we do not wait."""
        with ExitStack() as stack:
            for name in sorted(names):
                lock = self._locks.setdefault(name, Lock())
                if not lock.acquire(blocking=wait):
                    yield False
                    return
                stack.callback(lock.release)
            yield True

    def befall(self, fault: Fault) -> Suffered:
        """Let it happen, wait, and take it away. Returns when the subject runs again."""
        with self.holding(*fault.holds):
            began_s = time.monotonic()
            found: list[str] = []
            undo = self._begin(fault, found.append)
            time.sleep(fault.lasts_s)
            away_s = time.monotonic()
            undo()
            for name in fault.holds:
                self.revive(name, found.append if fault.kind is not Kind.FILL else _unheard)
            return Suffered(fault, began_s, away_s, "; ".join(found))

    def revive(self, name: str, note: Note) -> None:
        """Start it if it does not run, as whatever supervises it would."""
        if name not in PROCESSES or self._running(name):
            return
        note(f"{name} had ended by itself")
        self._start(name)

    def _begin(self, fault: Fault, note: Note) -> Undo:
        begin: dict[Kind, Callable[[Fault, Note], Undo]] = {
            Kind.KILL: self._kill,
            Kind.TERM: self._term,
            Kind.PAUSE: self._pause,
            Kind.PARTITION: self._cut,
            Kind.FILL: self._fill,
            Kind.SKEW: self._skew,
            Kind.SLOW_DISK: self._slow_disk,
            Kind.SLOW_LINE: self._slow_line,
        }
        return begin[fault.kind](fault, note)

    def _kill(self, fault: Fault, _: Note) -> Undo:
        name = fault.subject
        if name == "database":
            self._estate.cluster.kill()
        elif name == "broker":
            self._estate.broker.kill()
        else:
            self._estate.processes[name].kill()
        return lambda: self._start(name)

    def _term(self, fault: Fault, note: Note) -> Undo:
        name = fault.subject
        if name == "database":
            self._estate.cluster.shut()
        elif name == "broker":
            self._estate.broker.stop()
        else:
            try:
                code = self._estate.processes[name].stop()
            except AssertionError:
                note("it did not end when asked to")
            else:
                if code not in _ENDED_WELL:
                    note(f"it ended with {code} when asked to")
        return lambda: self._start(name)

    def _pause(self, fault: Fault, _: Note) -> Undo:
        family = self._family(fault.subject)
        _tell(family, signal.SIGSTOP)
        return lambda: _tell(family, signal.SIGCONT)

    def _fill(self, fault: Fault, _: Note) -> Undo:
        disk = self._estate.disks[fault.subject]
        disk.fill()
        return disk.free

    def _skew(self, fault: Fault, _: Note) -> Undo:
        clock = self._estate.clocks[fault.subject]
        clock.set_wrong(fault.skew_s)
        return lambda: clock.set_wrong(0.0)

    def _slow_line(self, fault: Fault, _: Note) -> Undo:
        network = self._network
        network.throttle(fault.subject, SLOW_LINE_KBIT_S)
        return lambda: network.unthrottle(fault.subject)

    @property
    def _network(self) -> Network:
        assert self._estate.network is not None  # the plan knows what there is
        return self._estate.network

    def _cut(self, fault: Fault, _: Note) -> Undo:
        network = self._network
        one, other = fault.subject.split("-")
        there, back = (one, other), (other, one)
        cut = {"both": (there, back), "there": (there,), "back": (back,)}[fault.way]
        for sender, receiver in cut:
            network.cut(sender, receiver)

        def heal() -> None:
            for sender, receiver in cut:
                network.heal(sender, receiver)

        return heal

    def _slow_disk(self, fault: Fault, note: Note) -> Undo:
        pids = [process.pid for process in self._family(fault.subject)]
        drag = Drag(pids, delay_ms=SLOW_SYNC_MS)

        def release() -> None:
            if not drag.works:
                note("its disk could not be slowed")
            drag.release()

        return release

    def _start(self, name: str) -> None:
        give_up_s = time.monotonic() + RESTART_S
        while True:
            try:
                if name == "database":
                    self._estate.cluster.start()
                elif name == "broker":
                    with self._estate.place(name):
                        self._estate.broker.start()
                else:
                    self._estate.processes[name].start()
            except Exception:
                # Whatever kept it from starting may be over at the next attempt.
                if time.monotonic() > give_up_s:
                    raise
                _log.exception("%s does not start; trying again", name)
                time.sleep(_RESTART_EVERY_S)
            else:
                return

    def _running(self, name: str) -> bool:
        if name == "database":
            return self._estate.cluster.running
        if name == "broker":
            return self._estate.broker.running
        return self._estate.processes[name].running

    def _family(self, name: str) -> list[psutil.Process]:
        if name == "database":
            first = psutil.Process(self._estate.cluster.pid)
        elif name == "broker":
            first = psutil.Process(self._estate.broker.pid)
        else:
            first = psutil.Process(self._estate.processes[name].pid)
        return [first, *first.children(recursive=True)]


def _tell(processes: list[psutil.Process], what: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(what)
        except psutil.NoSuchProcess:
            continue


def _unheard(_: str) -> None:
    """A full disk may well end a database: that it comes back is what counts."""
