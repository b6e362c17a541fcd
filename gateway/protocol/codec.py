"""Bytes to messages and back, in JSON or MessagePack.

The encoding is named by the MQTT 5 content type, but a receiver does not depend on it: a JSON
message begins with ``{``, which no MessagePack message does.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

import msgspec

from gateway.protocol.errors import PayloadError, TooLargeError
from gateway.protocol.messages import (
    KIND_OF,
    Ack,
    Call,
    Command,
    Condition,
    FaultEdge,
    Fetch,
    Identifier,
    IdentityRequest,
    Message,
    Presence,
    Reply,
    Status,
    TimeMs,
    Usage,
)
from gateway.protocol.topics import Kind

MAX_PAYLOAD_BYTES: Final = 64 * 1024


class Encoding(StrEnum):
    """How a message is put into bytes; the value is its content type."""

    JSON = "application/json"
    MSGPACK = "application/msgpack"


TYPES: dict[Kind, Any] = {
    Kind.STATUS: Status,
    Kind.FAULT: FaultEdge,
    Kind.USAGE: Usage,
    Kind.CONDITION: Condition,
    Kind.CALL: Call,
    Kind.REPLY: Reply,
    Kind.PRESENCE: Presence,
    Kind.ACK: Ack,
    Kind.COMMAND: Command,
    Kind.IDENTITY: IdentityRequest,
    Kind.FETCH: Fetch,
}
_JSON = {kind: msgspec.json.Decoder(type_) for kind, type_ in TYPES.items()}
_MSGPACK = {kind: msgspec.msgpack.Decoder(type_) for kind, type_ in TYPES.items()}
_ENCODERS: dict[Encoding, Callable[[Message], bytes]] = {
    Encoding.JSON: msgspec.json.Encoder().encode,
    Encoding.MSGPACK: msgspec.msgpack.Encoder().encode,
}


class CommandHeader(msgspec.Struct, frozen=True):
    """What every command carries, also one of a kind that this version does not know."""

    command_id: Identifier
    expires_ms: TimeMs


_HEADER_JSON = msgspec.json.Decoder(CommandHeader)
_HEADER_MSGPACK = msgspec.msgpack.Decoder(CommandHeader)


def kind_of(message: Message) -> Kind:
    """Return the kind of topic that ``message`` travels on."""
    return KIND_OF[type(message)]


def encode(message: Message, encoding: Encoding = Encoding.MSGPACK) -> bytes:
    """Put ``message`` into bytes."""
    return _ENCODERS[encoding](message)


def decode(kind: Kind, payload: bytes) -> Message:
    """Read a message of ``kind``, checking every type and bound.

    Raises:
        TooLargeError: more than ``MAX_PAYLOAD_BYTES``.
        PayloadError: anything else that is wrong; the text says what and where.
    """
    decoders: dict[Kind, Any] = _JSON if _is_json(payload) else _MSGPACK
    message: Message = _decode(decoders[kind], payload)
    return message


def decode_command(payload: bytes) -> tuple[CommandHeader, Command | None]:
    """Read a command; None if it is of a kind that this version does not know, or malformed.

    Its header can be read all the same, so that it can be answered.

    Raises:
        ProtocolError: not even that, as ``decode`` does.
    """
    header: CommandHeader = _decode(_HEADER_JSON if _is_json(payload) else _HEADER_MSGPACK, payload)
    decoders: dict[Kind, Any] = _JSON if _is_json(payload) else _MSGPACK
    try:
        command: Command = _decode(decoders[Kind.COMMAND], payload)
    except PayloadError:
        return header, None
    return header, command


def encoding_of(payload: bytes) -> Encoding:
    """Return what a message that we encoded is encoded in."""
    return Encoding.JSON if _is_json(payload) else Encoding.MSGPACK


def _is_json(payload: bytes) -> bool:
    return payload[:1] == b"{"


def _decode(decoder: Any, payload: bytes) -> Any:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise TooLargeError(f"{len(payload)} bytes, the limit is {MAX_PAYLOAD_BYTES}")
    try:
        return decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(str(error)) from error
