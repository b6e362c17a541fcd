"""A lift's word, fact by fact, for tests of detectors: times in seconds since the start."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.facts import (
    Called,
    ConditionReported,
    Fact,
    FaultChanged,
    LastHeard,
    Order,
    PresenceChanged,
    RideEnded,
    Sampled,
)
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Demand,
    Edge,
    Landing,
    Mode,
    Seat,
    Signals,
)

DAY_S = 86_400.0
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AID = Aid(device_id=1, kind="stairlift", rail_length_mm=4_700)

PARKED = Sample(0, 0, 0, 0, 26_000, Seat.EMPTY, Demand.NONE, Mode.NORMAL, Landing.BOTTOM)
RIDING = Sample(
    0, 2_000, 120, 9_000, 24_500, Seat.OCCUPIED, Demand.UP, Mode.NORMAL, Landing.BETWEEN
)
STOPPED = replace(RIDING, speed_mm_s=0, current_ma=0, demand=Demand.NONE)
ARRIVED = replace(STOPPED, position_mm=4_700, landing=Landing.TOP)
EMPTY = replace(STOPPED, seat=Seat.EMPTY)

# On wheels, away from home with its client; and a hoist with somebody in its sling.
DRIVING = Sample(
    0,
    None,
    1_500,
    12_000,
    24_500,
    Seat.OCCUPIED,
    Demand.UP,
    Mode.NORMAL,
    Landing.UNKNOWN,
    signals=Signals.AWAY,
)
HALTED = replace(DRIVING, speed_mm_s=0, current_ma=0, demand=Demand.NONE)
AT_HOME = replace(HALTED, seat=Seat.EMPTY, signals=Signals.CHARGING | Signals.MAINS)
LIFTING = replace(DRIVING, position_mm=400, speed_mm_s=30, signals=Signals.NONE)
HANGING = replace(LIFTING, speed_mm_s=0, current_ma=0, demand=Demand.NONE)
LAID_DOWN = replace(HANGING, position_mm=0, seat=Seat.EMPTY)


def at(seconds: float) -> datetime:
    """Return a moment of the test."""
    return START + timedelta(seconds=seconds)


def aid_of(kind: str, **more: Any) -> Aid:
    """Return an aid of some kind; ``more`` are fields of ``Aid``."""
    length = {"rail_length_mm": 4_700 if kind == "stairlift" else None}
    return Aid(device_id=1, kind=kind, **(length | more))


def last_heard(moment: datetime) -> Fact:
    """What slow detectors are told with their timer."""
    return LastHeard(order=Order(0, 0), log_no=0, measured_at=moment, received_at=moment)


class Word:
    """Numbers facts as a device does; ``delay`` seconds later they reach the platform."""

    def __init__(self, *, outbox_no: int = 1, seq: int = 0) -> None:
        self.outbox_no = outbox_no
        self.seq = seq

    def _base(self, seconds: float, delay: float) -> dict[str, Any]:
        self.seq += 1
        return {
            "order": Order(self.outbox_no, self.seq),
            "log_no": self.seq,
            "measured_at": at(seconds),
            "received_at": at(seconds + delay),
        }

    def sample(self, seconds: float, sample: Sample, *, delay: float = 0, **changes: Any) -> Fact:
        """One reading."""
        return Sampled(sample=replace(sample, **changes), **self._base(seconds, delay))

    def samples(
        self, start: float, end: float, sample: Sample, *, every: float = 0.5, delay: float = 0
    ) -> list[Fact]:
        """Readings from ``start`` up to ``end``; a moving lift moves."""
        facts = []
        for number in range(round((end - start) / every)):
            moment = start + number * every
            position = sample.position_mm
            if position is not None and sample.speed_mm_s:
                position += round(sample.speed_mm_s * number * every)
            facts.append(self.sample(moment, sample, delay=delay, position_mm=position))
        return facts

    def fault(
        self, seconds: float, code: str, edge: Edge, sample: Sample, *, delay: float = 0
    ) -> Fact:
        """A fault comes or goes."""
        return FaultChanged(
            code=code, maker_code="", edge=edge, sample=sample, **self._base(seconds, delay)
        )

    def call(
        self,
        seconds: float,
        reason: str = CallReason.SOS,
        phase: CallPhase = CallPhase.RAISED,
        *,
        call_id: str = "a" * 32,
        sample: Sample = STOPPED,
        delay: float = 0,
    ) -> Fact:
        """The modem calls."""
        return Called(
            call_id=call_id,
            reason=reason,
            phase=phase,
            attempt=1,
            since=at(seconds),
            sample=sample,
            **self._base(seconds, delay),
        )

    def ride_ended(
        self, seconds: float, landing: Landing = Landing.TOP, *, delay: float = 0, **more: Any
    ) -> Fact:
        """The summary of a ride; ``more`` are fields of ``Usage``."""
        values = {"end_landing": landing, "stops": 0} | more
        return RideEnded(**values, **self._base(seconds, delay))

    def condition(
        self, seconds: float, *, period_ms: int = 86_400_000, delay: float = 0, **more: Any
    ) -> Fact:
        """What it lived through until ``seconds``; ``more`` are fields of ``Condition``."""
        return ConditionReported(period_ms=period_ms, **more, **self._base(seconds, delay))

    def connected(
        self,
        seconds: float,
        session: int,
        sample: Sample | None = PARKED,
        *,
        head: int | None = None,
        call_id: str | None = None,
    ) -> Fact:
        """The modem connects, with ``head`` as its newest number."""
        return PresenceChanged(
            order=Order(self.outbox_no, self.seq if head is None else head),
            log_no=10_000 + session * 2,
            measured_at=at(seconds),
            received_at=at(seconds),
            session=session,
            online=True,
            call_id=call_id,
            sample=sample,
        )

    def lost(self, seconds: float, session: int) -> Fact:
        """The broker publishes the modem's will."""
        return PresenceChanged(
            order=Order(0, 0),
            log_no=10_001 + session * 2,
            measured_at=at(seconds),
            received_at=at(seconds),
            session=session,
            online=False,
            call_id=None,
            sample=None,
        )
