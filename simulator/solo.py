"""One home by itself, without a broker, in virtual time: as fast as the machine can.

The gateway's agent is the real one. A stand-in for the platform confirms what it gets, and nobody
answers a call: what is heard is what a lift says when it is left alone.
"""

from collections.abc import Callable
from random import Random
from typing import Any, cast

from gateway.outbox import Outbox
from gateway.protocol.codec import Encoding, decode, encode
from gateway.protocol.messages import Ack, Numbered, Upward
from gateway.protocol.topics import RELIABLE, Kind
from simulator.clock import VirtualTime
from simulator.home import Home
from simulator.installation import Installation, settings_of
from simulator.line import DirectLine, Line
from simulator.network import Network, Quality
from simulator.said import Said

Take = Callable[[int, Kind, bytes], Any]


def run_home(
    home: Home,
    *,
    device: str,
    until_ms: int,
    rng: Random,
    take: Take,
    start_wall_ms: int,
    doze_ms: int = 1_000,
    quality: Quality | None = None,
    encoding: Encoding = Encoding.JSON,
    done: Callable[[], bool] = lambda: False,
) -> None:
    """Let ``home`` and its modem live until ``until_ms`` of virtual time.

    Args:
        home: with its activities begun, at time 0.
        device: its name.
        until_ms: how long.
        rng: where the modem's identifiers come from, and the whims of its line.
        take: takes each message as the platform receives it: true wall time in ms, kind, bytes.
        start_wall_ms: true wall time at the beginning.
        doze_ms: see ``Installation``.
        quality: of the line; None: perfect, everything arrives at once.
        encoding: of the messages.
        done: asked at every turn whether enough was heard.
    """
    home.left_alone = True
    solo = Solo(
        home,
        device=device,
        rng=rng,
        take=take,
        start_wall_ms=start_wall_ms,
        doze_ms=doze_ms,
        quality=quality,
        encoding=encoding,
    )
    solo.advance_to(until_ms, done)
    solo.close()


class Solo:
    """One home by itself, at any moment of its virtual time. See ``run_home``."""

    def __init__(
        self,
        home: Home,
        *,
        device: str,
        rng: Random,
        take: Take,
        start_wall_ms: int,
        doze_ms: int = 1_000,
        quality: Quality | None = None,
        encoding: Encoding = Encoding.JSON,
    ) -> None:
        self.time = VirtualTime(start_wall_ms=start_wall_ms)
        platform = _StandIn(self.time, take, encoding)
        self._network = None
        if quality is not None:
            self._network = Network(quality, rng=rng, sink=platform.hear)
            platform.network = self._network

        def new_id() -> str:
            return f"{rng.getrandbits(128):032x}"

        self._installation = platform.installation = Installation(
            settings_of(home, device=device, encoding=encoding),
            home=home,
            time=self.time,
            outbox=Outbox(":memory:", device=device, encoding=encoding, new_id=new_id),
            reopen=lambda disk: disk,
            make_line=platform.make_line,
            new_id=new_id,
            doze_ms=doze_ms,
        )

    def advance_to(self, until_ms: int, done: Callable[[], bool] = lambda: False) -> None:
        """Let time pass until ``until_ms``, or until ``done`` holds."""
        _pass_time(self.time, self._installation, self._network, until_ms, done)

    def close(self) -> None:
        """Close the modem's disk."""
        self._installation.close()


class _StandIn:
    """What stands in for the platform: hands on what arrives, and confirms it."""

    def __init__(self, time: VirtualTime, take: Take, encoding: Encoding) -> None:
        self._time = time
        self._take = take
        self._encoding = encoding
        self.network: Network | None = None
        self.installation: Installation | None = None

    def make_line(self) -> Line:
        """Return a connection for a modem that starts."""
        return DirectLine(self.hear) if self.network is None else self.network.line()

    def hear(self, kind: Kind, payload: bytes) -> None:
        """Take what has arrived."""
        self._take(self._time.wall_ms(), kind, payload)
        if kind in RELIABLE:
            message = decode(kind, payload)
            if isinstance(message, Numbered):
                self._confirm(message)

    def _confirm(self, message: Numbered) -> None:
        ack = Ack(outbox=message.outbox, seqs=(message.seq,), time_ms=self._time.wall_ms())
        payload = encode(ack, self._encoding)
        if self.network is not None:
            self.network.send_down(Kind.ACK, payload)
        elif self.installation is not None and self.installation.agent is not None:
            self.installation.agent.received(Kind.ACK, payload)


def _pass_time(
    time: VirtualTime,
    installation: Installation,
    network: Network | None,
    until_ms: int,
    done: Callable[[], bool],
) -> None:
    now_ms = step_ms = time.monotonic_ms()
    while now_ms < until_ms and not done():
        time.move_to(now_ms)
        if network is not None:
            network.advance_to(now_ms)
        if now_ms >= step_ms or installation.agent is None:
            step_ms = installation.step()
        due_ms = step_ms if network is None else min(step_ms, network.next_ms)
        now_ms = max(now_ms + 1, due_ms)
    time.move_to(min(now_ms, until_ms))
    installation.step()


def listen(device: str, hear: Callable[[Said], None]) -> Take:
    """Return what takes bytes and hands them on as messages."""

    def take(received_ms: int, kind: Kind, payload: bytes) -> None:
        hear(Said(received_ms, device, kind, cast("Upward", decode(kind, payload))))

    return take
