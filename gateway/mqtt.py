"""How a paho client is set up for our broker: session, will, TLS, in MQTT 5 or 3.1.1."""

import ssl
from pathlib import Path
from typing import Any, Final, Literal

from msgspec import Struct
from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.protocol.codec import encoding_of

QOS: Final = 1


class Tls(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files in PEM: the authority that signed the broker, and this device's own identity.

    ``key`` None: it is in the file of the certificate, which then can be renewed.
    """

    ca: Path
    certificate: Path
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Read the files. Raises ``OSError`` (also ``ssl.SSLError``) if that fails."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(self.ca)
        context.load_cert_chain(self.certificate, self.key)
        return context


class LinkSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the broker is, and how to treat it.

    Attributes:
        version: "3.1.1" for brokers that do not speak MQTT 5: no will delay, no expiry.
        session_expiry_s: how long the broker keeps what came for us while we are away.
        will_delay_s: a connection that is back within this time was never lost.
        puback_timeout_s: a connection over which the broker answers nothing for so long is dead,
            whatever TCP believes: a call must not wait for that.
        connect_timeout_s: for TCP and TLS together with the broker's answer.
        pause_ms: before the second attempt; doubles with each, up to ``pause_max_ms``, or only
            ``pause_hurried_ms`` while somebody needs help or is half-way.
    """

    host: str
    port: int
    tls: Tls | None = None
    version: Literal["5", "3.1.1"] = "5"
    keepalive_s: int = 60
    session_expiry_s: int = 7 * 86_400
    will_delay_s: int = 5
    puback_timeout_s: int = 20
    connect_timeout_s: float = 10.0
    pause_ms: int = 1_000
    pause_max_ms: int = 120_000
    pause_hurried_ms: int = 4_000


def dial(
    settings: LinkSettings,
    *,
    device: str,
    will_topic: str,
    will: bytes,
    tls: ssl.SSLContext | None,
) -> Client:
    """Return a client whose CONNECT is on its way. Blocks for name lookup, TCP and TLS.

    Raises:
        OSError: there is no way to the broker, or TLS does not like it.
        ValueError: paho does not like the settings.
    """
    five = settings.version == "5"
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=device,
        protocol=MQTTv5 if five else MQTTv311,
        reconnect_on_failure=False,
        # MQTT 3.1.1 says at construction what 5 says at connecting: keep the session.
        clean_session=None if five else False,
    )
    client.connect_timeout = settings.connect_timeout_s
    client.max_inflight_messages_set(0)  # the outbox bounds what is under way
    if tls is not None:
        client.tls_set_context(tls)
    will_properties = connect_properties = None
    if five:
        will_properties = properties(
            PacketTypes.WILLMESSAGE,
            WillDelayInterval=settings.will_delay_s,
            ContentType=encoding_of(will).value,
        )
        connect_properties = properties(
            PacketTypes.CONNECT, SessionExpiryInterval=settings.session_expiry_s
        )
    client.will_set(will_topic, will, QOS, retain=True, properties=will_properties)
    arguments: dict[str, Any] = {"keepalive": settings.keepalive_s}
    if five:
        arguments |= {"clean_start": False, "properties": connect_properties}
    client.connect(settings.host, settings.port, **arguments)
    return client


def publish_properties(settings: LinkSettings, payload: bytes) -> Properties | None:
    """Return what goes with ``payload``: its content type, where MQTT has a place for it."""
    if settings.version != "5":
        return None
    return properties(PacketTypes.PUBLISH, ContentType=encoding_of(payload).value)


def properties(packet: int, **values: object) -> Properties:
    """Return MQTT 5 properties for a kind of packet."""
    properties = Properties(packet)  # type: ignore[no-untyped-call]
    for name, value in values.items():
        setattr(properties, name, value)
    return properties
