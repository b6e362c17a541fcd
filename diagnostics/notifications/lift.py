"""Commands to lifts, over MQTT: what the rider is to hear, and what the desk asks."""

import asyncio
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from typing import Final, Literal

import aiomqtt
import msgspec
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from diagnostics.notifications.channel import CHANNELS, LIFT
from diagnostics.notifications.message import Outgoing, Proof, SendError
from gateway.protocol.codec import Encoding, encode
from gateway.protocol.messages import CallStatus, Command
from gateway.protocol.topics import Kind, topic_of
from ingest.broker import Address

TIMEOUT_S: Final = 5.0
KEEPALIVE_S: Final = 20
# A lift that comes back later than this hears nothing of it any more: it asks anew by calling.
VALID_FOR: Final = timedelta(days=1)

Version = Literal["5", "3.1.1"]
_PROTOCOLS: Final = {
    "5": aiomqtt.ProtocolVersion.V5,
    "3.1.1": aiomqtt.ProtocolVersion.V311,
}


class LiftSender:
    """Publishes commands; delivered means that the broker took it, the reply comes by the log.

    Args:
        broker: where it is.
        version: of MQTT; 3.1.1 knows no expiry, so the command's own must do.
    """

    channel = LIFT

    def __init__(self, broker: Address, *, version: Version = "5") -> None:
        self._broker = broker
        self._version = version
        self._stack = AsyncExitStack()
        self._client: aiomqtt.Client | None = None
        self._connecting = asyncio.Lock()

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        """Publish ``message`` with QoS 1.

        Raises:
            SendError: it is too late for it, or the broker did not take it.
        """
        command = _command(message, now)
        if command.expires_ms <= now.timestamp() * 1000:
            raise SendError("too late for the lift to do it", needless=True)
        client = None
        try:
            client = await self._connected()
            await client.publish(
                topic_of(message.recipient, Kind.COMMAND),
                encode(command),
                qos=1,
                properties=_properties(command, now) if self._version == "5" else None,
                timeout=TIMEOUT_S,
            )
        except (aiomqtt.MqttError, OSError) as error:
            if client is self._client:  # else another message has found that out already
                await self.close()
            raise SendError(f"{type(error).__name__}: {error}") from error
        return {"command_id": command.command_id}

    async def close(self) -> None:
        """Leave the broker."""
        self._client = None
        stack, self._stack = self._stack, AsyncExitStack()
        with suppress(aiomqtt.MqttError, OSError):  # it may be gone already
            await stack.aclose()

    async def _connected(self) -> aiomqtt.Client:
        async with self._connecting:
            if self._client is None:
                client = aiomqtt.Client(
                    self._broker.host,
                    self._broker.port,
                    tls_context=self._broker.tls,
                    protocol=_PROTOCOLS[self._version],
                    keepalive=KEEPALIVE_S,
                    timeout=TIMEOUT_S,
                    max_concurrent_outgoing_calls=CHANNELS[LIFT].slots,
                )
                self._client = await self._stack.enter_async_context(client)
            return self._client


def _command(message: Outgoing, now: datetime) -> Command:
    """Return the command that ``message`` stands for: as written, or news of a call."""
    if "kind" in message.payload:
        command: Command = msgspec.convert(message.payload, type=Command)
        return command
    expires_ms = round((now + VALID_FOR).timestamp() * 1000)
    return msgspec.convert({**message.payload, "expires_ms": expires_ms}, type=CallStatus)


def _properties(command: Command, now: datetime) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    left_s = command.expires_ms / 1000 - now.timestamp()
    properties.MessageExpiryInterval = max(1, round(left_s))
    properties.ContentType = Encoding.MSGPACK.value
    return properties
