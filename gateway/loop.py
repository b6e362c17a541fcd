"""One thread for many lifts: timers, sockets, and slow work done elsewhere.

It serves the one agent of a modem and the thousands of a simulated fleet alike. Nothing that may
take long runs in it: connecting (name lookup, TCP, TLS) goes to a few helper threads, whose
results come back into this one.
"""

import contextlib
import heapq
import logging
import selectors
import socket
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final, Protocol, TypeVar

from gateway.hal import Clock

RETRY_AFTER_DEFECT_MS: Final = 1_000

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Steps(Protocol):
    """Something that wants to be called again and again: an agent."""

    def step(self) -> int:
        """Do what is due. Returns when to be called again, by the monotonic clock."""


class Timer:
    """A call that is due at some time, unless cancelled."""

    __slots__ = ("action", "at_ms", "number")

    def __init__(self, at_ms: int, number: int, action: Callable[[], None]) -> None:
        self.at_ms = at_ms
        self.number = number
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Have it not happen."""
        self.action = None

    def __lt__(self, other: "Timer") -> bool:
        """Order by time, then by when it was asked for."""
        return (self.at_ms, self.number) < (other.at_ms, other.number)


class Loop:
    """Runs agents and their links. Only ``call_soon`` and ``stop`` may be called from outside.

    Args:
        clock: what timers run on.
        helpers: how many threads do the connecting.
    """

    def __init__(self, clock: Clock, *, helpers: int = 1) -> None:
        self.clock = clock
        self._selector = selectors.DefaultSelector()
        self._timers: list[Timer] = []
        self._timer_number = 0
        self._agents: set[Steps] = set()
        self._soon: deque[Callable[[], None]] = deque()
        self._helpers = ThreadPoolExecutor(helpers, thread_name_prefix="connect")
        self._stopping = False
        self._wake_receiver, self._wake_sender = socket.socketpair()
        self._wake_receiver.settimeout(0)
        self._wake_sender.settimeout(0)
        self.register(self._wake_receiver, selectors.EVENT_READ, self._woken)

    def add(self, agent: Steps) -> None:
        """Step ``agent`` from now on, whenever it says."""
        self._agents.add(agent)
        self.call_at(self.clock.monotonic_ms(), lambda: self._step(agent))

    def remove(self, agent: Steps) -> None:
        """Step ``agent`` no more."""
        self._agents.discard(agent)

    def call_at(self, at_ms: int, action: Callable[[], None]) -> Timer:
        """Call ``action`` at ``at_ms`` of the monotonic clock."""
        self._timer_number += 1
        timer = Timer(at_ms, self._timer_number, action)
        heapq.heappush(self._timers, timer)
        return timer

    def call_soon(self, action: Callable[[], None]) -> None:
        """Call ``action`` in the loop's thread, as soon as possible. From any thread."""
        self._soon.append(action)
        with contextlib.suppress(OSError):  # enough wake-ups wait already, or it is closed
            self._wake_sender.send(b"\0")

    def in_helper(self, work: Callable[[], Result], done: Callable[[Future[Result]], None]) -> None:
        """Do ``work`` in a helper thread, then call ``done`` with the outcome in the loop's."""
        future = self._helpers.submit(work)
        future.add_done_callback(lambda outcome: self.call_soon(lambda: done(outcome)))

    def register(self, sock: socket.socket, events: int, ready: Callable[[int], None]) -> None:
        """Call ``ready`` with the events that happen on ``sock``."""
        self._selector.register(sock, events, ready)

    def modify(self, sock: socket.socket, events: int, ready: Callable[[int], None]) -> None:
        """Change what ``register`` was told."""
        self._selector.modify(sock, events, ready)

    def unregister(self, sock: socket.socket) -> None:
        """Forget ``sock``."""
        self._selector.unregister(sock)

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Run until ``stop`` is called or ``until`` holds (looked at after every round)."""
        while not self._stopping and not until():
            self.run_once()
        self._stopping = False

    def run_once(self, longest_ms: int = 1_000) -> None:
        """Wait for what comes first, at most ``longest_ms``, and do all that is due."""
        wait_ms = longest_ms
        if self._soon:
            wait_ms = 0
        elif self._timers:
            wait_ms = min(longest_ms, self._timers[0].at_ms - self.clock.monotonic_ms())
        for key, events in self._selector.select(max(wait_ms, 0) / 1000):
            _guard(partial(key.data, events))
        for _ in range(len(self._soon)):
            _guard(self._soon.popleft())
        now_ms = self.clock.monotonic_ms()
        due = []  # what becomes due while these run waits for the next round: sockets come first
        while self._timers and self._timers[0].at_ms <= now_ms:
            due.append(heapq.heappop(self._timers))
        for timer in due:
            if timer.action is not None:
                _guard(timer.action)

    def stop(self) -> None:
        """Have ``run`` return. From any thread, and from a signal handler."""
        self._stopping = True
        self.call_soon(lambda: None)

    def close(self) -> None:
        """Give up all that is under way."""
        self._helpers.shutdown(wait=False, cancel_futures=True)
        self._selector.close()
        self._wake_receiver.close()
        self._wake_sender.close()

    def _step(self, agent: Steps) -> None:
        if agent not in self._agents:
            return
        at_ms = self.clock.monotonic_ms() + RETRY_AFTER_DEFECT_MS
        try:
            at_ms = agent.step()
        finally:
            self.call_at(at_ms, lambda: self._step(agent))

    def _woken(self, _: int) -> None:
        self._wake_receiver.recv(4096)


def _guard(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:  # noqa: BLE001 (a defect that one lift meets must not silence all the others)
        _log.exception("a defect; the loop goes on")
