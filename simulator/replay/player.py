"""Plays a recording into a broker: each device over a connection of its own."""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial

import msgspec

from gateway.clock import SystemClock
from gateway.link import Link, LinkSettings
from gateway.loop import Loop
from gateway.protocol.codec import Encoding, encode
from gateway.protocol.messages import Presence
from gateway.protocol.topics import Kind
from simulator.replay.rebase import Plan, rebased
from simulator.said import Said

MAX_UNDER_WAY = 20  # a device: what a broker takes of one session at once
MAX_READY = 5_000  # of all: beyond that, the broker is what is waited for
LOOK_MS = 5

_log = logging.getLogger(__name__)


class _Device:
    """One device's connection, and what it still has to say, in its order."""

    def __init__(self, name: str, link: Link, encoding: Encoding, *, session: int) -> None:
        self.name = name
        self.waiting: deque[Said] = deque()
        self.under_way: deque[Said] = deque()
        self._link = link
        self._encoding = encoding
        self._session = session  # its last recorded one: the platform passes over earlier ones
        self._opened = False

    @property
    def left(self) -> int:
        """How many messages the broker does not have."""
        return len(self.waiting) + len(self.under_way)

    def pump(self) -> None:
        """Say what may be said now."""
        if self.waiting and not self._opened:
            self._opened = True
            self._link.open(self)
        while self.waiting and len(self.under_way) < MAX_UNDER_WAY and self._link.is_connected:
            said = self.waiting.popleft()
            self.under_way.append(said)
            payload = encode(said.message, self._encoding)
            self._link.publish(said.kind, payload, partial(self._delivered, said))

    def goodbye(self, now_ms: int) -> None:
        """Hang up in good order, if it ever called."""
        if self._opened:
            self._link.close(encode(self._offline("shutdown", now_ms), self._encoding))

    @property
    def is_gone(self) -> bool:
        """Whether it has hung up."""
        return not self._opened or self._link.is_closed

    # What the link calls

    def last_will(self) -> bytes:
        """Return what the broker is to say if this run is killed."""
        first = self.waiting[0] if self.waiting else None
        return encode(self._offline("lost", first.received_ms if first else 0), self._encoding)

    def connected(self, *, resumed: bool) -> None:
        """Go on."""
        del resumed
        self.pump()

    def disconnected(self) -> None:
        """Say again what was under way."""
        self.waiting.extendleft(reversed(self.under_way))
        self.under_way.clear()

    def received(self, kind: Kind, payload: bytes) -> None:
        """Nothing: a recording does not listen."""

    def _delivered(self, said: Said, _taken: bool) -> None:  # noqa: FBT001 - the link's own word
        if said in self.under_way:
            self.under_way.remove(said)
        self.pump()

    def _offline(self, reason: str, time_ms: int) -> Presence:
        fields = {"device": self.name, "session": self._session, "online": False}
        return msgspec.convert(fields | {"time_ms": time_ms, "reason": reason}, Presence)


class Player:
    """Plays ``recording`` by ``plan``; ``run`` returns when the broker has it all.

    Args:
        recording: in the order of reception.
        plan: when, and moved by how much.
        links: where the broker is, for each device.
        loop: real time.
        encoding: of the messages.
    """

    def __init__(
        self,
        recording: Sequence[Said],
        plan: Plan,
        links: Mapping[str, LinkSettings],
        *,
        loop: Loop,
        encoding: Encoding = Encoding.MSGPACK,
    ) -> None:
        self._recording = recording
        self._plan = plan
        self._loop = loop
        self._clock = SystemClock()
        self._next = 0
        self._stopping = False
        sessions = dict.fromkeys(links, 1)
        for said in recording:
            if isinstance(said.message, Presence):
                sessions[said.device] = max(sessions[said.device], said.message.session)
        self._devices = {
            name: _Device(
                name, Link(link, device=name, loop=loop), encoding, session=sessions[name]
            )
            for name, link in links.items()
        }

    @property
    def played(self) -> int:
        """How many messages the broker has."""
        return self._next - sum(one.left for one in self._devices.values())

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._recording)

    def run(self) -> None:
        """Play; then let all devices hang up."""
        self._loop.call_soon(self._look)
        self._loop.run(until=lambda: self._stopping or self.played == self.total)
        now_ms = self._clock.wall_ms()
        for device in self._devices.values():
            device.goodbye(now_ms)
        self._stopping = True
        self._loop.run(until=lambda: all(one.is_gone for one in self._devices.values()))

    def stop(self) -> None:
        """Have ``run`` end early. From any thread, or a signal handler."""
        self._stopping = True
        self._loop.call_soon(lambda: None)

    def _look(self) -> None:
        if self._stopping:
            return
        now_ms = self._clock.wall_ms()
        ready = sum(one.left for one in self._devices.values())
        touched = {}
        while self._next < self.total and ready < MAX_READY:
            said = self._recording[self._next]
            if self._plan.due_ms(said.received_ms) > now_ms:
                break
            device = touched[said.device] = self._devices[said.device]
            device.waiting.append(rebased(said, self._plan))
            self._next += 1
            ready += 1
        for device in touched.values():
            device.pump()
        self._loop.call_at(self._loop.clock.monotonic_ms() + LOOK_MS, self._look)
