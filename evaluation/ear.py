"""What a device said becomes facts, by the rules that ingest stores it by, without a database."""

from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import replace

from diagnostics.facts import (
    Called,
    ConditionReported,
    Fact,
    FaultChanged,
    Order,
    PresenceChanged,
    Replied,
    RideEnded,
    Sampled,
)
from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Numbered,
    Presence,
    Reply,
    Status,
    Usage,
)
from ingest.timing import clock_skew_ms, measured_at
from simulator.said import Said

_RIDE_FIELDS: Final = [
    name for name in RideEnded.__struct_fields__ if name in Usage.__struct_fields__
]
_CONDITION_FIELDS: Final = [
    name for name in ConditionReported.__struct_fields__ if name in Condition.__struct_fields__
]


class Ear:
    """Hears one device: numbers, dates and drops repetitions, as the platform's writer does."""

    def __init__(self) -> None:
        self._outbox_nos: dict[str, int] = {}
        self._skews_ms: dict[int, int] = {}
        self._seen: set[tuple[int, int]] = set()
        self._sessions: set[tuple[int, int, bool]] = set()
        self._log_no = 0

    def hear(self, said: Said) -> list[Fact]:
        """Return the facts of one message; none if it was heard before."""
        received_at = datetime.fromtimestamp(said.received_ms / 1000, UTC)
        message = said.message
        if isinstance(message, Presence):
            return self._presence(message, received_at)
        outbox_no = self._outbox_no(message.outbox)
        if (outbox_no, message.seq) in self._seen:
            return []
        self._seen.add((outbox_no, message.seq))
        self._log_no += 1
        return self._facts(message, outbox_no, received_at)

    def _outbox_no(self, outbox: str) -> int:
        return self._outbox_nos.setdefault(outbox, len(self._outbox_nos) + 1)

    def _presence(self, message: Presence, received_at: datetime) -> list[Fact]:
        outbox_no = 0 if message.outbox is None else self._outbox_no(message.outbox)
        if message.online:
            self._skews_ms[outbox_no] = clock_skew_ms(message.time_ms, received_at)
        if (outbox_no, message.session, message.online) in self._sessions:
            return []
        self._sessions.add((outbox_no, message.session, message.online))
        self._log_no += 1
        return [
            PresenceChanged(
                order=Order(outbox_no, message.head_seq) if message.online else Order(0, 0),
                log_no=self._log_no,
                measured_at=received_at,
                received_at=received_at,
                session=message.session,
                online=message.online,
                call_id=message.call_id,
                sample=message.sample,
            )
        ]

    def _facts(self, message: Numbered, outbox_no: int, received_at: datetime) -> list[Fact]:
        skew_ms = self._skews_ms.get(outbox_no)
        head: dict[str, Any] = {
            "order": Order(outbox_no, message.seq),
            "log_no": self._log_no,
            "measured_at": measured_at(message.time_ms, skew_ms, received_at),
            "received_at": received_at,
        }
        match message:
            case Status():
                return [
                    Sampled(
                        order=Order(outbox_no, message.seq, number),
                        log_no=self._log_no,
                        measured_at=measured_at(
                            message.time_ms + sample.offset_ms, skew_ms, received_at
                        ),
                        received_at=received_at,
                        sample=replace(sample, offset_ms=0),  # measured_at says it
                    )
                    for number, sample in enumerate(message.samples)
                ]
            case FaultEdge():
                return [
                    FaultChanged(
                        code=message.code,
                        maker_code=message.maker_code,
                        edge=message.edge,
                        sample=message.sample,
                        **head,
                    )
                ]
            case Usage():
                return [
                    RideEnded(**{name: getattr(message, name) for name in _RIDE_FIELDS}, **head)
                ]
            case Condition():
                values = {name: getattr(message, name) for name in _CONDITION_FIELDS}
                return [ConditionReported(**values, **head)]
            case Call():
                return [
                    Called(
                        call_id=message.call_id,
                        reason=str(message.reason),
                        phase=message.phase,
                        attempt=message.attempt,
                        since=measured_at(message.since_ms, skew_ms, received_at),
                        sample=message.sample,
                        **head,
                    )
                ]
            case Reply():
                return [
                    Replied(
                        command_id=message.command_id,
                        outcome=message.outcome,
                        detail=message.detail,
                        **head,
                    )
                ]
            case _:
                raise TypeError(f"not a message of a device: {type(message).__name__}")
