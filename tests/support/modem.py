"""A modem without hardware and without a network: the real agent over a direct uplink."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from gateway.agent import Agent, AgentSettings
from gateway.hal import Notice, Reading
from gateway.outbox import Outbox
from gateway.protocol.codec import decode, encode
from gateway.protocol.messages import Ack, CallStatus, Command, Message, Numbered
from gateway.protocol.topics import RELIABLE, Kind
from gateway.uplink import DirectUplink
from gateway.watch import CallSettings, WatchSettings
from tests.support.lift import PARKED, START_WALL_MS, identifiers

DEVICE = "sl-000001"
NEVER_TEST = AgentSettings(
    device=DEVICE, watch=WatchSettings(calls=CallSettings(first_test_ms=366 * 86_400_000))
)
Wanted = TypeVar("Wanted")


class Hardware:
    """A controller, a telephone and a clock that do what a test says."""

    def __init__(self) -> None:
        self.reading: Reading = PARKED
        self.now_ms = 0
        self.wall_offset_ms = START_WALL_MS
        self.notices: list[Notice] = []
        self.texts: list[str] = []
        self.silent = False
        self.telephone_fails = False

    def read(self) -> Reading:
        if self.silent:
            raise TimeoutError("silent")
        return self.reading

    def announce(self, notice: Notice) -> None:
        if self.silent:
            raise TimeoutError("silent")
        self.notices.append(notice)

    def send_fallback(self, text: str) -> None:
        if self.telephone_fails:
            raise OSError("no network")
        self.texts.append(text)

    def wall_ms(self) -> int:
        return self.wall_offset_ms + self.now_ms

    def monotonic_ms(self) -> int:
        return self.now_ms


class Line(DirectUplink):
    """A direct uplink that may be down."""

    def __init__(self, sink: Callable[[Kind, bytes], None]) -> None:
        super().__init__(sink)
        self.up = True
        self.hurried = 0

    @property
    def is_connected(self) -> bool:
        return super().is_connected and self.up

    def publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> bool:
        return self.up and super().publish(kind, payload, delivered)

    def hurry(self) -> None:
        self.hurried += 1

    def drop(self) -> None:
        self.up = False
        assert self._listener is not None
        self._listener.disconnected()

    def restore(self, *, resumed: bool = True) -> None:
        self.up = True
        assert self._listener is not None
        self._listener.last_will()
        self._listener.connected(resumed=resumed)


class Modem:
    """The agent, what it sent, and a platform that acknowledges unless told not to."""

    def __init__(
        self,
        path: Path | str = ":memory:",
        settings: AgentSettings | None = None,
        *,
        patience_s: float | None = None,
    ) -> None:
        self.hardware = Hardware()
        self.settings = settings or AgentSettings(device=DEVICE, firmware="test")
        self.path = path
        self._patience_s = patience_s
        self.sent: list[Message] = []
        self.acknowledges = True
        self.ids = identifiers()
        self.agent, self.line = self._power_up()

    def restart(self) -> None:
        """Power loss, and a start from the same disk."""
        self.agent.cut()
        self.agent.outbox.close()
        self.agent, self.line = self._power_up()

    def run(self, ms: int, **changes: Any) -> list[Message]:
        """Let ``ms`` pass with the reading changed like this. Returns what was sent meanwhile."""
        before = len(self.sent)
        self.hardware.reading = structs.replace(self.hardware.reading, **changes)
        end_ms = self.hardware.now_ms + ms
        while True:
            wake_ms = self.agent.step()
            if self.hardware.now_ms >= end_ms:
                return self.sent[before:]
            self.hardware.now_ms = min(max(wake_ms, self.hardware.now_ms + 1), end_ms)

    def hear(self, message: Ack | Command) -> None:
        kind = Kind.ACK if isinstance(message, Ack) else Kind.COMMAND
        self.agent.received(kind, encode(message))

    def command(self, type_: type, **fields: Any) -> None:
        """Send a command that is valid for another minute."""
        expires_ms = self.hardware.wall_ms() + 60_000
        self.hear(type_(**({"command_id": next(self.ids), "expires_ms": expires_ms} | fields)))

    def say(self, state: str) -> None:
        """Tell the lift what became of its call."""
        assert self.agent.call is not None
        self.command(CallStatus, call_id=self.agent.call.call_id, state=state)

    def of(self, type_: type[Wanted]) -> list[Wanted]:
        """Return all messages of a type that were sent so far."""
        return [message for message in self.sent if isinstance(message, type_)]

    def _power_up(self) -> tuple[Agent, Line]:
        outbox = Outbox(
            self.path, device=DEVICE, new_id=self.ids.__next__, patience_s=self._patience_s
        )
        line = Line(self._sink)
        agent = Agent(
            self.settings,
            controller=self.hardware,
            telephone=self.hardware,
            clock=self.hardware,
            outbox=outbox,
            uplink=line,
            new_id=self.ids.__next__,
        )
        self.agent = agent  # the sink may answer while it starts
        agent.start()
        return agent, line

    def _sink(self, kind: Kind, payload: bytes) -> None:
        message = decode(kind, payload)
        self.sent.append(message)
        if self.acknowledges and kind in RELIABLE and isinstance(message, Numbered):
            ack = Ack(
                outbox=message.outbox,
                seqs=(message.seq,),
                time_ms=START_WALL_MS + self.hardware.now_ms,
            )
            self.agent.received(Kind.ACK, encode(ack))
