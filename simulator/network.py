"""A mobile data line in virtual time: LTE-M with its delays, stalls and outages.

A connection that loses its radio is half open: the modem goes on sending into nothing until it
misses an answer, and the broker publishes the will only when its keep-alive has run out. Within a
connection everything arrives in order, as over TCP; a message that is delivered twice, or after
later ones, is what a broker and its consumers do when they start again.
"""

import heapq
from collections.abc import Callable
from functools import partial
from itertools import count
from random import Random
from typing import Final

from msgspec import Struct

from gateway.protocol.topics import Kind
from gateway.uplink import Listener

# As the gateway's link has it: a keep-alive of 60 s, and the broker waits half as long again.
MODEM_NOTICES_MS: Final = 60_000
BROKER_NOTICES_MS: Final = 90_000

_DAY_MS: Final = 86_400_000


class Quality(Struct, frozen=True, kw_only=True):
    """How good a line is. All figures are assumed; LTE-M in coverage answers within 100-300 ms.

    Attributes:
        delay_ms: median time one way; ``spread``: sigma of its logarithm.
        stall: chance that a message has to be sent again by the radio…
        stall_ms: …which takes about so long.
        twice: chance that a message is delivered a second time.
        late: chance that a message is overtaken by those that follow.
        outages_per_day: of the radio; ``outage_ms``: their median, ``outage_spread``: as above.
        connect_ms: how long it takes to connect anew.
    """

    name: str
    delay_ms: float
    spread: float
    stall: float
    stall_ms: float
    twice: float
    late: float
    outages_per_day: float
    outage_ms: float
    outage_spread: float
    connect_ms: float


GOOD: Final = Quality(
    name="good",
    delay_ms=120,
    spread=0.3,
    stall=0.002,
    stall_ms=1_500,
    twice=0.0005,
    late=0.0002,
    outages_per_day=0.2,
    outage_ms=8_000,
    outage_spread=1.0,
    connect_ms=1_500,
)
FAIR: Final = Quality(
    name="fair",
    delay_ms=300,
    spread=0.5,
    stall=0.02,
    stall_ms=3_000,
    twice=0.002,
    late=0.002,
    outages_per_day=1,
    outage_ms=15_000,
    outage_spread=1.2,
    connect_ms=3_000,
)
BAD: Final = Quality(
    name="bad",
    delay_ms=900,
    spread=0.8,
    stall=0.1,
    stall_ms=5_000,
    twice=0.01,
    late=0.01,
    outages_per_day=6,
    outage_ms=30_000,
    outage_spread=1.3,
    connect_ms=8_000,
)
QUALITIES: Final = {quality.name: quality for quality in (GOOD, FAIR, BAD)}


class Network:
    """The radio of one modem: what is on its way, and when. Times are the run's monotonic ms."""

    def __init__(
        self, quality: Quality, *, rng: Random, sink: Callable[[Kind, bytes], None]
    ) -> None:
        self.quality = quality
        self._rng = rng
        self._sink = sink
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self._line: NetworkLine | None = None
        self.now_ms = 0
        self._draw_outage()

    @property
    def next_ms(self) -> int:
        """When something happens next."""
        return self._events[0][0] if self._events else 2**62

    def advance_to(self, now_ms: int) -> None:
        """Let happen what happens until ``now_ms``."""
        while self._events and self._events[0][0] <= now_ms:
            self.now_ms, _, event = heapq.heappop(self._events)
            event()
        self.now_ms = now_ms

    def line(self) -> "NetworkLine":
        """Return a new connection of the modem, which has started."""
        before, self._line = self._line, NetworkLine(self, self._line)
        if before is not None:
            before.cut()
        return self._line

    def send_down(self, kind: Kind, payload: bytes) -> None:
        """Send something to the modem; it is lost if there is no connection."""
        if self._line is not None:
            self._line.send_down(kind, payload)

    def at(self, at_ms: float, event: Callable[[], None]) -> None:
        """Let ``event`` happen at ``at_ms``."""
        due_ms = max(self.now_ms + 1, round(at_ms))
        heapq.heappush(self._events, (due_ms, next(self._order), event))

    def arrive(self, kind: Kind, payload: bytes) -> None:
        """Hand what has arrived to the platform, perhaps twice."""
        quality, rng = self.quality, self._rng
        if rng.random() < quality.late:
            self.at(self.now_ms + rng.uniform(500, 5_000), partial(self._sink, kind, payload))
            return
        self._sink(kind, payload)
        if rng.random() < quality.twice:
            self.at(self.now_ms + rng.uniform(1_000, 60_000), partial(self._sink, kind, payload))

    def delay_ms(self) -> float:
        """Draw how long one message takes one way."""
        quality, rng = self.quality, self._rng
        delay_ms = quality.delay_ms * rng.lognormvariate(0, quality.spread)
        if rng.random() < quality.stall:
            delay_ms += rng.expovariate(1 / quality.stall_ms)
        return delay_ms

    def _draw_outage(self) -> None:
        quality, rng = self.quality, self._rng
        if quality.outages_per_day > 0:
            wait_ms = rng.expovariate(quality.outages_per_day / _DAY_MS)
            self.at(self.now_ms + wait_ms, self._outage)

    def _outage(self) -> None:
        lasts_ms = self.quality.outage_ms * self._rng.lognormvariate(0, self.quality.outage_spread)
        if self._line is not None:
            self._line.fade(self.now_ms + lasts_ms)
        self.at(self.now_ms + lasts_ms, self._draw_outage)


class NetworkLine:
    """One modem's connection over a ``Network`` (``simulator.line.Line``)."""

    def __init__(self, network: Network, before: "NetworkLine | None" = None) -> None:
        self._network = network
        self._before = before
        self._listener: Listener | None = None
        self._will = b""
        self._closed = False
        self._off = False  # interrupted from outside, until restored
        self._faded_until_ms = 0
        self._faded_since_ms = 0
        self._connected = False  # as the modem believes
        self._session_up = False  # as the broker believes
        self._session = 0
        self._arrives_ms = 0.0
        self._resumed = False
        self._stalled: list[Callable[[], None]] = []  # until the radio is back

    @property
    def is_connected(self) -> bool:
        """Whether the modem believes to be connected."""
        return self._connected and not self._closed

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    @property
    def _radio(self) -> bool:
        return not self._off and self._network.now_ms >= self._faded_until_ms

    def open(self, listener: Listener) -> None:
        """Begin to connect."""
        self._listener = listener
        self._dial(0)

    def publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> bool:
        """Send ``payload`` on its way."""
        if not self.is_connected:
            return False
        self._send(kind, payload, delivered, self._session)
        return True

    def hurry(self) -> None:
        """Nothing to hurry: it dials as soon as there is a radio."""

    def reconnect(self, why: str) -> None:  # noqa: ARG002 - the port's
        """Hang up, and dial again."""
        if self.is_connected:
            self._drop()

    def close(self, farewell: bytes) -> None:
        """Send the farewell and be closed."""
        if self.is_connected and self._radio:
            self._network.arrive(Kind.PRESENCE, farewell)
            self._session_up = False
        self.cut()

    def cut(self) -> None:
        """Be gone for good; the broker finds out when the keep-alive has run out."""
        self._closed = True
        self._connected = False
        self._leave_broker()

    def interrupt(self) -> None:
        """Lose the radio until ``restore``."""
        if not self._off:
            self._off = True
            self._lose(self._network.now_ms)

    def restore(self) -> None:
        """Have the radio back."""
        if self._off:
            self._off = False
            self._regain()

    def fade(self, until_ms: float) -> None:
        """Lose the radio for a while."""
        until_ms = round(until_ms)  # as ``Network.at`` does: at that moment it must be back
        if not self._closed and until_ms > self._faded_until_ms:
            self._faded_until_ms = until_ms
            self._lose(self._network.now_ms)
            self._network.at(until_ms, self._regain)

    def send_down(self, kind: Kind, payload: bytes) -> None:
        """Bring something down to the modem, if it is reached."""
        session = self._session

        def take() -> None:
            if self._listener is not None and self.is_connected and session == self._session:
                self._listener.received(kind, payload)

        if self._session_up and self._radio:
            self._network.at(self._network.now_ms + self._network.delay_ms(), take)

    def _send(
        self, kind: Kind, payload: bytes, delivered: Callable[[bool], None], session: int
    ) -> None:
        network = self._network
        self._arrives_ms = max(self._arrives_ms + 1, network.now_ms + network.delay_ms())

        def arrive() -> None:
            if session != self._session or not self._session_up:
                return  # that connection is no more
            if not self._radio:
                self._stalled.append(arrive)  # TCP sends it again when the radio is back
                return
            network.arrive(kind, payload)
            network.at(network.now_ms + network.delay_ms(), confirm)

        def confirm() -> None:
            if session == self._session and self.is_connected:
                delivered(True)  # noqa: FBT003 - the port's own word

        network.at(self._arrives_ms, arrive)

    def _lose(self, since_ms: int) -> None:
        self._faded_since_ms = since_ms
        session = self._session

        def modem_notices() -> None:
            if session == self._session and self._connected and not self._radio:
                self._drop()

        self._network.at(since_ms + MODEM_NOTICES_MS, modem_notices)
        self._leave_broker()

    def _leave_broker(self) -> None:
        """Have the broker miss the modem, if it is not back by then."""
        session = self._session

        def broker_notices() -> None:
            gone = self._closed or not self._radio
            if session == self._session and gone:
                self._end_session()

        if self._session_up:
            self._network.at(self._network.now_ms + BROKER_NOTICES_MS, broker_notices)

    def _end_session(self) -> None:
        """Have the broker publish the will: the keep-alive ran out, or a new connection came."""
        if self._session_up:
            self._session_up = False
            self._network.arrive(Kind.PRESENCE, self._will)

    def _regain(self) -> None:
        if self._closed or not self._radio:
            return
        if self._connected and self._session_up:
            stalled, self._stalled = self._stalled, []
            for event in stalled:
                event()
        elif self._connected:
            self._drop()  # the broker has closed it meanwhile
        if not self._connected:
            self._dial(self._network.quality.connect_ms)

    def _drop(self) -> None:
        self._connected = False
        self._stalled.clear()
        if self._listener is not None:
            self._listener.disconnected()
        if self._radio:
            self._dial(self._network.quality.connect_ms)

    def _dial(self, after_ms: float) -> None:
        self._network.at(self._network.now_ms + after_ms, self._connect)

    def _connect(self) -> None:
        if self._closed or self._connected or not self._radio or self._listener is None:
            return
        self._end_session()
        if self._before is not None:
            self._before._end_session()  # noqa: SLF001 - the same modem's, of its own kind
            self._before = None
        self._session += 1
        self._stalled.clear()
        self._connected = self._session_up = True
        self._will = self._listener.last_will()
        self._listener.connected(resumed=self._resumed)
        self._resumed = True
