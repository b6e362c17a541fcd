"""The wire contract as an AsyncAPI 3 document, generated from the structs.

``python -m gateway.protocol.asyncapi > docs/protocol/asyncapi.json``
"""

import sys
from typing import Any, Final

import msgspec

from gateway.protocol.codec import MAX_PAYLOAD_BYTES, TYPES, Encoding
from gateway.protocol.topics import DOWNWARD, PREFIX, RELIABLE, SHARD_COUNT, UPWARD, Kind

VERSION: Final = "1.0.0"
_SCHEMAS: Final = "#/components/schemas/{name}"
SUMMARIES: Final = {
    Kind.STATUS: "Readings of the lift: one while parked, many from a ride.",
    Kind.FAULT: "A fault comes or goes.",
    Kind.USAGE: "The summary of one ride; on wheels of one outing, of a hoist of one lift.",
    Kind.CONDITION: "What the aid lived through in a period, usually a day.",
    Kind.CALL: "The lift calls for help, calls again, believes that it is over, or makes a test.",
    Kind.REPLY: "What became of a command.",
    Kind.PRESENCE: "Whether the modem is connected, and how things stand as it connects. Retained; "
    "the last will is one too.",
    Kind.ACK: "The platform has stored these: the modem may forget them.",
    Kind.COMMAND: "What the platform asks of the modem. Answered on `reply`.",
    Kind.IDENTITY: "The modem asks for another certificate. Answered by `set_certificate`.",
    Kind.FETCH: "The modem asks for a piece of its own next programme. Answered by `piece`.",
}


def document() -> dict[str, Any]:
    """Return the document, as JSON would hold it."""
    schemas, components = msgspec.json.schema_components(TYPES.values(), ref_template=_SCHEMAS)
    payloads = dict(zip(TYPES, map(_asyncapi_style, schemas), strict=True))
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Liftwacht wire contract",
            "version": VERSION,
            "description": "Between the modem in the home and the platform, over MQTT. "
            "docs/protocol/README.md has the rules.",
        },
        "defaultContentType": Encoding.MSGPACK.value,
        "channels": {kind.value: _channel(kind) for kind in Kind},
        "operations": {kind.value: _operation(kind) for kind in Kind},
        "components": {
            "schemas": components,
            "messages": {kind.value: _message(kind, payloads[kind]) for kind in Kind},
        },
    }


def _asyncapi_style(schema: dict[str, Any]) -> dict[str, Any]:
    """Name the property that tells the commands apart: OpenAPI, which msgspec follows, maps it."""
    if "discriminator" not in schema:
        return schema
    return schema | {"discriminator": schema["discriminator"]["propertyName"]}


def _channel(kind: Kind) -> dict[str, Any]:
    return {
        "address": f"{PREFIX}/{{shard}}/{{device}}/{kind.value}",
        "description": SUMMARIES[kind],
        "messages": {kind.value: {"$ref": f"#/components/messages/{kind.value}"}},
        "parameters": {
            "shard": {
                "description": f"Two digits: CRC-32 of the device's name modulo {SHARD_COUNT}."
            },
            "device": {"description": "The device's name, as in its certificate."},
        },
    }


def _operation(kind: Kind) -> dict[str, Any]:
    """Return what the modem does with a channel."""
    upward = kind in UPWARD
    assert upward or kind in DOWNWARD  # noqa: S101 (a kind that goes nowhere is a defect)
    operation: dict[str, Any] = {
        "action": "send" if upward else "receive",
        "channel": {"$ref": f"#/channels/{kind.value}"},
        "summary": SUMMARIES[kind],
        "bindings": {
            "mqtt": {"qos": 1, "retain": kind is Kind.PRESENCE, "bindingVersion": "0.2.0"}
        },
    }
    if kind in RELIABLE:
        operation["description"] = "Kept on the modem's disk until `ack` lists its `seq`."
    return operation


def _message(kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": kind.value,
        "summary": SUMMARIES[kind],
        "description": "JSON or MessagePack, named by the MQTT 5 content type "
        f"({Encoding.JSON.value} or {Encoding.MSGPACK.value}); a JSON message begins with a brace. "
        f"At most {MAX_PAYLOAD_BYTES} bytes.",
        "contentType": Encoding.MSGPACK.value,
        "payload": payload,
    }


def main() -> None:
    """Print the document."""
    text = msgspec.json.format(msgspec.json.encode(document(), order="deterministic"), indent=2)
    sys.stdout.write(text.decode() + "\n")


if __name__ == "__main__":
    main()
