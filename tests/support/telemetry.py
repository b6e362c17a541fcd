"""Messages of a made-up lift, and how they look when the broker delivers them."""

from datetime import datetime
from typing import Any

from gateway.protocol.codec import Encoding, encode, kind_of
from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Message,
    Presence,
    Reply,
    Sample,
    Status,
    Usage,
)
from gateway.protocol.topics import topic_of
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Demand,
    Direction,
    Edge,
    Landing,
    Mode,
    Seat,
)
from ingest.decode import Delivery

DEVICE = "sl-000001"
OUTBOX = "0123456789abcdef" * 2
CALL_ID = "c" * 32

PARKED = Sample(0, 0, 0, 0, 26_400, Seat.EMPTY, Demand.NONE, Mode.NORMAL, Landing.BOTTOM)
RIDING = Sample(0, 900, 120, 9_000, 25_100, Seat.OCCUPIED, Demand.UP, Mode.NORMAL, Landing.BETWEEN)
STUCK = Sample(0, 900, 0, 0, 25_900, Seat.OCCUPIED, Demand.UP, Mode.NORMAL, Landing.BETWEEN)


def _numbered(seq: int, changes: dict[str, Any]) -> dict[str, Any]:
    return {"device": DEVICE, "outbox": OUTBOX, "seq": seq, "time_ms": 1_000_000, **changes}


def status(seq: int, *samples: Sample, **changes: Any) -> Status:
    return Status(samples=samples or (PARKED,), **_numbered(seq, changes))


def fault(seq: int, edge: Edge = Edge.RAISED, **changes: Any) -> FaultEdge:
    return FaultEdge(**{"code": "relay", "edge": edge, "sample": STUCK, **_numbered(seq, changes)})


def usage(seq: int, **changes: Any) -> Usage:
    ride: dict[str, Any] = {
        "duration_ms": 39_000,
        "distance_mm": 4_700,
        "direction": Direction.UP,
        "start_landing": Landing.BOTTOM,
        "end_landing": Landing.TOP,
        "peak_current_ma": 14_000,
    }
    return Usage(**ride, **_numbered(seq, changes))


def condition(seq: int, **changes: Any) -> Condition:
    day: dict[str, Any] = {"period_ms": 86_400_000, "battery_rest_mv": 26_300, "trips": 1}
    return Condition(**{**day, **_numbered(seq, changes)})


def call(seq: int, **changes: Any) -> Call:
    cry: dict[str, Any] = {
        "call_id": CALL_ID,
        "reason": CallReason.SOS,
        "phase": CallPhase.RAISED,
        "since_ms": 1_000_000,
        "sample": STUCK,
    }
    return Call(**{**cry, **_numbered(seq, changes)})


def reply(seq: int, **changes: Any) -> Reply:
    return Reply(command_id=CALL_ID, outcome="done", **_numbered(seq, changes))


def presence(session: int = 1, *, online: bool = True, **changes: Any) -> Presence:
    words: dict[str, Any] = {
        "device": DEVICE,
        "session": session,
        "online": online,
        "time_ms": 1_000_000,
        "reason": "connected" if online else "lost",
    }
    if online:
        words |= {"outbox": OUTBOX, "sample": PARKED}
    return Presence(**{**words, **changes})


def deliver(
    message: Message,
    received_at: datetime,
    *,
    live: bool = False,
    encoding: Encoding = Encoding.MSGPACK,
) -> Delivery:
    """Return ``message`` as the broker delivers it, on the topic of its own device."""
    topic = topic_of(message.device, kind_of(message))  # type: ignore[union-attr]
    return Delivery(topic, encode(message, encoding), received_at, live)
