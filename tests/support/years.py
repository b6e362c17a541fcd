"""Years of a simulated fleet as detectors read them: facts, in order of reception."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from diagnostics.detectors.contract import Aid, Detector, Finding
from diagnostics.facts import (
    Called,
    ConditionReported,
    Fact,
    FaultChanged,
    Order,
    PresenceChanged,
    RideEnded,
)
from gateway.protocol.messages import Call, Condition, FaultEdge, Presence, Usage
from simulator.said import Said
from simulator.years.fleet import YearsAid
from simulator.years.register import Register

IMPLAUSIBLE = timedelta(days=40)
HEADER = {"device", "outbox", "seq", "time_ms"}
RIDE = [name for name in Usage.__struct_fields__ if name not in HEADER]
CONDITION = [name for name in Condition.__struct_fields__ if name not in HEADER]


def moment(ms: int) -> datetime:
    """Return wall time in milliseconds as a moment."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def facts_of(said: tuple[Said, ...]) -> Iterator[Fact]:
    """Return what the engine would read, with the platform's estimate of when it was true."""
    skew_ms = 0
    for log_no, one in enumerate(said, 1):
        message, received_at = one.message, moment(one.received_ms)
        if isinstance(message, Presence):
            if message.online:
                skew_ms = message.time_ms - one.received_ms
            yield PresenceChanged(
                order=Order(1, message.head_seq) if message.online else Order(0, 0),
                log_no=log_no,
                measured_at=received_at,
                received_at=received_at,
                session=message.session,
                online=message.online,
                call_id=message.call_id,
                sample=message.sample,
            )
            continue
        if not isinstance(message, Usage | Condition | FaultEdge | Call):
            continue
        measured_at = min(moment(message.time_ms - skew_ms), received_at)
        if received_at - measured_at > IMPLAUSIBLE:
            measured_at = received_at
        base: dict[str, Any] = {
            "order": Order(1, message.seq),
            "log_no": log_no,
            "measured_at": measured_at,
            "received_at": received_at,
        }
        match message:
            case Usage():
                yield RideEnded(**base, **{name: getattr(message, name) for name in RIDE})
            case Condition():
                yield ConditionReported(
                    **base, **{name: getattr(message, name) for name in CONDITION}
                )
            case FaultEdge():
                yield FaultChanged(
                    **base,
                    code=message.code,
                    maker_code=message.maker_code,
                    edge=message.edge,
                    sample=message.sample,
                )
            case Call():
                yield Called(
                    **base,
                    call_id=message.call_id,
                    reason=message.reason,
                    phase=message.phase,
                    attempt=message.attempt,
                    since=measured_at,
                    sample=message.sample,
                )


def aid_of(record: Register, *, device_id: int = 1) -> Aid:
    """Return the register's record as detectors know it."""
    return Aid(
        device_id=device_id,
        kind=str(record.kind),
        rail_length_mm=record.rail_length_mm,
        built_on=record.built_on,
        serviced_on=record.serviced_on,
        lent_on=record.lent_on,
        max_load_kg=record.max_load_kg,
        max_speed_mm_s=record.max_speed_mm_s,
        max_incline_deg=record.max_incline_deg,
        empty_ma=record.empty_ma,
        tested_ma=record.tested_ma,
        tested_kg=record.tested_kg,
    )


def lived_through(
    detector: Detector, aid: YearsAid, *, facts: list[Fact] | None = None
) -> Iterator[tuple[datetime, Finding]]:
    """Run ``detector`` through an aid's run as the engine would; yield findings as they come."""
    state: Any = None
    due_at: datetime | None = None
    register = [(moment(record.since_ms), aid_of(record)) for record in aid.register]
    register.sort(key=lambda each: each[0])
    known = register.pop(0)[1]
    for fact in facts if facts is not None else facts_of(aid.said()):
        now = fact.received_at
        while due_at is not None and due_at < now:
            outcome = detector.step(state, (), now=due_at, aid=known, listening_since=due_at)
            for finding in outcome.findings:
                yield due_at, finding
            state, due_at = outcome.state, outcome.due_at
        while register and register[0][0] <= now:
            known = register.pop(0)[1]
        outcome = detector.step(state, (fact,), now=now, aid=known, listening_since=now)
        for finding in outcome.findings:
            yield now, finding
        state, due_at = outcome.state, outcome.due_at
