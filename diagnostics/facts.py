"""What the committed log says, as detectors read it: one frozen value per message or sample.

A fact's place in its device's own order is ``order``; ``measured_at`` is the platform's best
estimate of when it was true; ``received_at`` is when it reached us. ``(shard, log_no)`` is where
the evidence lies.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import CallPhase, Direction, Edge, Landing, LoadClass, Seat


class Order(NamedTuple):
    """A device's own order: which of its outboxes, number in it, sample within the message."""

    outbox_no: int
    seq: int
    sample_no: int = 0


class Fact(Struct, frozen=True, kw_only=True):
    """Something the device said."""

    order: Order
    log_no: int
    measured_at: datetime
    received_at: datetime

    @property
    def age(self) -> timedelta:
        """How old it was when it reached us."""
        return self.received_at - self.measured_at


class Sampled(Fact, frozen=True, kw_only=True):
    """One reading."""

    sample: Sample


class FaultChanged(Fact, frozen=True, kw_only=True):
    """A fault came or went."""

    code: str
    maker_code: str
    edge: Edge
    sample: Sample


class Called(Fact, frozen=True, kw_only=True):
    """The modem called, called again, or believes that it is over."""

    call_id: str
    reason: str  # one of CallReason, or a word that a later modem knows
    phase: CallPhase
    attempt: int
    since: datetime
    sample: Sample


class RideEnded(Fact, frozen=True, kw_only=True):
    """The summary of a ride that is over; ``measured_at`` is its end. Fields as in ``Usage``."""

    end_landing: Landing
    stops: int
    start_landing: Landing = Landing.UNKNOWN
    duration_ms: int = 0
    distance_mm: int = 0
    direction: Direction = Direction.UP
    mean_current_ma: int | None = None
    peak_current_ma: int | None = None
    load_class: LoadClass = LoadClass.UNKNOWN
    seat: Seat = Seat.UNKNOWN
    battery_before_mv: int | None = None
    battery_after_mv: int | None = None
    min_battery_mv: int | None = None
    max_speed_mm_s: int | None = None
    max_incline_deg: int | None = None
    load_kg: int | None = None
    boarding_ms: int | None = None
    presses: int | None = None
    trips: int | None = None
    away: bool | None = None
    profile_ma: tuple[int | None, ...] = ()


class ConditionReported(Fact, frozen=True, kw_only=True):
    """What a device lived through in a period that ended at ``measured_at``.

    Fields as in ``gateway.protocol.messages.Condition``.
    """

    period_ms: int
    battery_rest_mv: int | None = None
    battery_min_mv: int | None = None
    battery_max_mv: int | None = None
    charging_ms: int | None = None
    mains_ms: int | None = None
    off_charge_ms: int | None = None
    seat_ms: int | None = None
    away_ms: int | None = None
    cell: str | None = None
    temperature_min_dc: int | None = None
    temperature_max_dc: int | None = None
    restarts: int = 0
    openings: int = 0
    trips: int = 0
    cycles: int | None = None
    odometer_m: int | None = None
    parameters: str = ""
    hardware: str = ""
    signal_dbm: int | None = None


class LastHeard(Fact, frozen=True, kw_only=True):
    """When the newest message of any kind was received (``received_at``).

    Given to detectors that do not read every message, when their timer has come. Its order and
    log number are zero.
    """


class PresenceChanged(Fact, frozen=True, kw_only=True):
    """The modem connected, or was lost.

    An online fact carries the present situation, and ``order`` is (outbox, head_seq): all numbered
    facts up to it are history. An offline fact has order (0, 0).
    """

    session: int
    online: bool
    call_id: str | None
    sample: Sample | None


class Replied(Fact, frozen=True, kw_only=True):
    """What became of a command to the lift. No detector judges it: its ticket wants to know."""

    command_id: str
    outcome: str
    detail: str
