"""The uplink over MQTT: TLS, a persistent session, the will, and patience.

Each attempt to connect gets a fresh paho client, so that nothing of an earlier connection lives
on: what was under way is known to the outbox, and goes out again. The blocking part (name lookup,
TCP, TLS) happens in the loop's helper thread; after that paho's external-loop calls run in the
loop's own.
"""

import logging
import random
import selectors
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, Literal

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.loop import Loop, Timer
from gateway.mqtt import QOS, LinkSettings, Tls, dial, publish_properties
from gateway.protocol.errors import TopicError
from gateway.protocol.topics import Kind, parse_topic, topic_of
from gateway.uplink import Listener

__all__ = ["Link", "LinkSettings", "Tls"]

# How often, at least, it is looked whether the connection still lives.
HOUSEKEEPING_MS: Final = 5_000
# A connection that lasts so long was a good one: the next attempt need not wait longer.
GOOD_AFTER_MS: Final = 30_000
CLOSE_TIMEOUT_MS: Final = 3_000

_log = logging.getLogger(__name__)


class Link:
    """The connection of one device to the broker.

    Args:
        settings: where and how.
        device: its name, which is also its MQTT client identifier.
        loop: what drives it.
        jitter: returns numbers in [0, 1): a fleet that lost its broker must not come back at once.
    """

    def __init__(
        self,
        settings: LinkSettings,
        *,
        device: str,
        loop: Loop,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._device = device
        self._loop = loop
        self._jitter = jitter
        self._topics = {kind: topic_of(device, kind) for kind in Kind}
        self._tls: ssl.SSLContext | None = None
        self._listener: Listener | None = None
        self._state: Literal["idle", "dialling", "greeting", "connected", "closed"] = "idle"
        self._client: Client | None = None
        self._socket: socket.socket | None = None
        self._events = 0
        self._delivered: dict[int, tuple[int, Callable[[bool], None]]] = {}  # by age
        self._attempts = 0
        self._hurried = False
        self._connected_ms = 0
        self._timer: Timer | None = None
        self._housekeeping: Timer | None = None
        self._farewell_pending = False
        self._complaint = ""

    @property
    def is_connected(self) -> bool:
        """Whether the broker has accepted us."""
        return self._state == "connected" and not self._farewell_pending

    @property
    def is_closed(self) -> bool:
        """Whether ``close`` has come to its end."""
        return self._state == "closed"

    def open(self, listener: Listener) -> None:
        """Begin to connect, and keep doing so."""
        self._listener = listener
        self._dial()

    def hurry(self) -> None:
        """Do not wait out a long pause between attempts."""
        self._hurried = True
        longest_ms = self._loop.clock.monotonic_ms() + self._settings.pause_hurried_ms
        if self._state == "idle" and self._timer is not None and self._timer.at_ms > longest_ms:
            self._timer.cancel()
            self._dial()

    def publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> bool:
        """Hand a message to the broker. Returns False, and does nothing, without a connection."""
        if not self.is_connected:
            return False
        self._publish(kind, payload, delivered)
        return True

    def close(self, farewell: bytes) -> None:
        """Publish ``farewell`` as presence if connected, then end the connection."""
        if not self.is_connected:
            self._shut()
            return
        self._publish(Kind.PRESENCE, farewell, lambda _: self._loop.call_soon(self._shut))
        self._farewell_pending = True
        self._set_timer(CLOSE_TIMEOUT_MS, self._shut)
        self._update_interest()

    def reconnect(self, why: str) -> None:
        """Connect anew, with the certificate as it is on disk now."""
        self._tls = None
        if self._state == "idle":
            self._set_timer(None)
            self._dial()
        elif self._state != "closed":
            self._lost(why)

    def cut(self) -> None:
        """Be gone without a word: the broker publishes the will."""
        self._drop_client()
        self._state = "closed"

    def _publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> None:
        assert self._client is not None  # noqa: S101 (callers have looked)
        info = self._client.publish(
            self._topics[kind],
            payload,
            QOS,
            retain=kind is Kind.PRESENCE,
            properties=publish_properties(self._settings, payload),
        )
        self._delivered[info.mid] = (self._loop.clock.monotonic_ms(), delivered)
        self._update_interest()

    # Connecting

    def _dial(self) -> None:
        assert self._listener is not None  # noqa: S101 (open has set it)
        self._state = "dialling"
        self._timer = None
        will = self._listener.last_will()
        self._loop.in_helper(lambda: self._connect(will), self._dialled)

    def _connect(self, will: bytes) -> Client:
        """Do the blocking part, in a helper thread."""
        if self._tls is None and self._settings.tls is not None:
            self._tls = self._settings.tls.context()
        return dial(
            self._settings,
            device=self._device,
            will_topic=self._topics[Kind.PRESENCE],
            will=will,
            tls=self._tls,
        )

    def _dialled(self, outcome: Future[Client]) -> None:
        error = outcome.exception()
        if self._state != "dialling":
            if error is None:  # closed meanwhile
                _close_socket(outcome.result())
            return
        if error is not None:
            self._lost(str(error) or type(error).__name__)
            if not isinstance(error, OSError | ValueError):
                raise error  # a defect: the loop writes it down, and we try again all the same
            return
        client = outcome.result()
        sock = client.socket()
        if not isinstance(sock, socket.socket):
            # The broker hung up at once, as it does with TLS 1.3 if it does not like who we are.
            self._lost("the broker hangs up at once")
            return
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        self._client = client
        self._state = "greeting"
        self._socket = sock
        self._events = 0
        self._update_interest()
        self._set_timer(
            round(self._settings.connect_timeout_s * 1000),
            lambda: self._lost("the broker does not answer"),
        )
        self._keep_house()

    def _lost(self, why: str) -> None:
        """The connection, or the attempt at one, is over: try again after a pause."""
        if self._state == "closed":
            return
        if why != self._complaint:  # say it once, not at every attempt
            _log.warning("%s: no connection: %s", self._device, why)
            self._complaint = why
        was_connected = self._state == "connected"
        now_ms = self._loop.clock.monotonic_ms()
        if was_connected and now_ms - self._connected_ms >= GOOD_AFTER_MS:
            self._attempts = 0
        self._drop_client()
        self._state = "idle"
        if self._farewell_pending:
            self._shut()
            return
        self._attempts += 1
        longest_ms = self._settings.pause_max_ms
        if self._hurried:
            longest_ms = min(longest_ms, self._settings.pause_hurried_ms)
        pause_ms = min(self._settings.pause_ms * 2 ** min(self._attempts - 1, 20), longest_ms)
        self._set_timer(round(pause_ms * (0.5 + 0.5 * self._jitter())), self._dial)
        if was_connected and self._listener is not None:
            self._listener.disconnected()

    def _shut(self) -> None:
        """End the connection in good order: the broker then does not publish the will."""
        if self._client is not None and self._state == "connected":
            self._client.on_disconnect = None
            self._client.disconnect()
            self._client.loop_write()
        self._drop_client()
        self._set_timer(None)
        self._state = "closed"
        self._farewell_pending = False

    def _drop_client(self) -> None:
        self._set_timer(None)
        if self._housekeeping is not None:
            self._housekeeping.cancel()
            self._housekeeping = None
        if self._socket is not None and self._events:
            self._loop.unregister(self._socket)
        self._events = 0
        self._socket = None
        if self._client is not None:
            self._client.on_disconnect = None
            _close_socket(self._client)
            self._client = None
        self._delivered.clear()

    # Driving paho

    def _ready(self, events: int) -> None:
        client, sock = self._client, self._socket
        if client is None or sock is None:
            return
        try:
            self._work(client, sock, events)
        except Exception:
            # A defect while paho handled a packet leaves its parser in the middle of it.
            self._lost("a defect")
            raise

    def _work(self, client: Client, sock: socket.socket, events: int) -> None:
        if events & selectors.EVENT_READ:
            client.loop_read()
            # What TLS has already decrypted, no selector tells of.
            while isinstance(sock, ssl.SSLSocket) and self._socket is sock and sock.pending():
                client.loop_read()
        if events & selectors.EVENT_WRITE and self._client is client:
            client.loop_write()
        self._update_interest()

    def _update_interest(self) -> None:
        if self._client is None or self._socket is None:
            return
        wanted = selectors.EVENT_READ
        if self._client.want_write():
            wanted |= selectors.EVENT_WRITE
        if wanted == self._events:
            return
        if self._events:
            self._loop.modify(self._socket, wanted, self._ready)
        else:
            self._loop.register(self._socket, wanted, self._ready)
        self._events = wanted

    def _keep_house(self) -> None:
        if self._client is None:
            return
        now_ms = self._loop.clock.monotonic_ms()
        oldest_ms, _ = next(iter(self._delivered.values()), (now_ms, None))
        if now_ms - oldest_ms >= self._settings.puback_timeout_s * 1000:
            self._lost("the broker acknowledges nothing")
            return
        self._client.loop_misc()  # keeps it alive, or finds it dead
        self._update_interest()
        shortest_s = min(self._settings.keepalive_s, self._settings.puback_timeout_s)
        interval_ms = min(HOUSEKEEPING_MS, shortest_s * 250)
        self._housekeeping = self._loop.call_at(now_ms + interval_ms, self._keep_house)

    def _set_timer(self, after_ms: int | None, action: Callable[[], None] | None = None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if after_ms is not None and action is not None:
            at_ms = self._loop.clock.monotonic_ms() + after_ms
            self._timer = self._loop.call_at(at_ms, action)

    # What paho calls

    def _on_connect(
        self,
        client: Client,
        _userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._soon_lost(client, f"refused: {reason}")
            return
        assert self._listener is not None  # noqa: S101 (open has set it)
        self._set_timer(None)
        self._state = "connected"
        self._connected_ms = self._loop.clock.monotonic_ms()
        self._hurried = False
        self._complaint = ""
        _log.info("%s: connected", self._device)
        if not flags.session_present:
            client.subscribe([(self._topics[kind], QOS) for kind in (Kind.ACK, Kind.COMMAND)])
        self._listener.connected(resumed=flags.session_present)

    def _on_subscribe(
        self,
        client: Client,
        _userdata: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._soon_lost(client, "may not subscribe")

    def _on_publish(
        self,
        _client: Client,
        _userdata: Any,
        mid: int,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        under_way = self._delivered.pop(mid, None)
        if under_way is None:
            return
        _, delivered = under_way
        if reason.is_failure:
            _log.warning("%s: the broker refused a message: %s", self._device, reason)
        delivered(not reason.is_failure)

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        assert self._listener is not None  # noqa: S101 (open has set it)
        try:
            topic = parse_topic(message.topic)
        except TopicError as error:
            _log.warning("%s: %s", self._device, error)
            return
        self._listener.received(topic.kind, bytes(message.payload))

    def _on_disconnect(
        self,
        client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._soon_lost(client, str(reason))

    def _soon_lost(self, client: Client, why: str) -> None:
        """Drop the client, but not from within its own callback."""
        if self._socket is not None and self._events:
            self._loop.unregister(self._socket)
            self._events = 0
            self._socket = None

        def drop() -> None:
            if self._client is client:
                self._lost(why)

        self._loop.call_soon(drop)


def _close_socket(client: Client) -> None:
    sock = client.socket()
    if sock is not None:
        sock.close()
