"""The messages, as they stand on the wire.

Times are milliseconds since 1970 by the *device's* clock, which may be wrong: receivers store
their own beside them. Order within a device is by ``(outbox, seq)``, never by time.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from gateway.protocol.topics import DEVICE_NAME_PATTERN, Kind
from gateway.protocol.vocabulary import (
    CallPhase,
    Contacts,
    Demand,
    Direction,
    Edge,
    Landing,
    LoadClass,
    Mode,
    Seat,
    Signals,
)

VERSION_PATTERN = r"^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$"
MAX_SAMPLES = 600
MAX_SEQS = 1000
PROFILE_PARTS = 8
PIECE_BYTES = 32 * 1024
MAX_PACKAGE_BYTES = 64 * 1024 * 1024

DeviceName = Annotated[str, Meta(pattern=DEVICE_NAME_PATTERN, max_length=32)]
OutboxId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Identifier = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Seq = Annotated[int, Meta(ge=1, le=2**53)]
TimeMs = Annotated[int, Meta(ge=0, le=2**53)]
Code = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,48}$")]
MakerCode = Annotated[str, Meta(max_length=32)]
DurationMs = Annotated[int, Meta(ge=0, le=86_400_000)]
DistanceMm = Annotated[int, Meta(ge=0, le=10_000_000)]
CurrentMa = Annotated[int, Meta(ge=-200_000, le=200_000)]
VoltageMv = Annotated[int, Meta(ge=0, le=100_000)]
PositionMm = Annotated[int, Meta(ge=-10_000, le=1_000_000)]
SpeedMmS = Annotated[int, Meta(ge=-10_000, le=10_000)]
LoadKg = Annotated[int, Meta(ge=0, le=1_000)]
PeriodMs = Annotated[int, Meta(ge=0, le=31 * 86_400_000)]
TemperatureDc = Annotated[int, Meta(ge=-600, le=1_500)]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Bits = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Text = Annotated[str, Meta(max_length=200)]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Version = Annotated[str, Meta(pattern=VERSION_PATTERN, max_length=32)]
Pem = Annotated[str, Meta(max_length=16_384)]


class Sample(Struct, frozen=True, array_like=True):
    """One reading of the lift. An array on the wire, since data is metered: append only.

    Attributes:
        offset_ms: time since the message's ``time_ms``.
        position_mm: along the rail from the bottom end; None if the controller has none.
        speed_mm_s: positive is up; None if unknown.
        current_ma: motor current; None if unknown.
        battery_mv: at the terminals, so under load while riding; None if unknown.
        contacts: open safety contacts, bits of ``Contacts``.
        signals: bits of ``Signals``.
        fault: the active fault that the controller puts first, or None.
    """

    offset_ms: DurationMs
    position_mm: PositionMm | None
    speed_mm_s: SpeedMmS | None
    current_ma: CurrentMa | None
    battery_mv: VoltageMv | None
    seat: Seat
    demand: Demand
    mode: Mode
    landing: Landing
    contacts: Bits = 0
    signals: Bits = 0
    fault: Code | None = None

    @property
    def moving(self) -> bool:
        """Whether the carriage moves."""
        return bool(self.speed_mm_s)

    @property
    def sos(self) -> bool:
        """Whether the emergency button is held."""
        return bool(self.signals & Signals.SOS)

    @property
    def open_contacts(self) -> Contacts:
        """The open safety contacts; bits we do not know yet are kept."""
        return Contacts(self.contacts)

    @property
    def at_landing(self) -> bool:
        """Whether the controller's switches place the carriage at a landing."""
        return self.landing in (Landing.BOTTOM, Landing.TOP, Landing.MIDDLE)

    @property
    def at_rest(self) -> bool:
        """Whether nothing at all goes on: parked at a landing, nothing asked, nothing wrong."""
        return (
            self.at_landing
            and not self.moving
            and self.demand is Demand.NONE
            and self.mode is Mode.NORMAL
            and self.fault is None
            and not self.signals & (Signals.SOS | Signals.REFUSED)
        )


class Numbered(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every stored message carries: whose it is, and its place in the device's own order."""

    device: DeviceName
    outbox: OutboxId
    seq: Seq
    time_ms: TimeMs


class Status(Numbered, frozen=True, kw_only=True, omit_defaults=True):
    """A batch of readings: one while parked, many from a ride."""

    samples: Annotated[tuple[Sample, ...], Meta(min_length=1, max_length=MAX_SAMPLES)]


class FaultEdge(Numbered, frozen=True, kw_only=True, omit_defaults=True):
    """A fault comes or goes. ``maker_code`` is the controller's own word for it."""

    code: Code
    edge: Edge
    sample: Sample
    maker_code: MakerCode = ""


class Usage(Numbered, frozen=True, kw_only=True, omit_defaults=True):
    """One ride, from leaving a landing to standing still at one (or being given up).

    On wheels: one outing's stretch, until it stood still for long. On a hoist: one lift.

    Attributes:
        min_battery_mv: the lowest voltage at the terminals during the ride.
        max_speed_mm_s: the highest speed.
        max_incline_deg: the steepest slope driven, of aids on wheels.
        load_kg: what hung in the sling, of hoists that weigh.
        boarding_ms: from sitting down to leaving.
        presses: how often the joystick or a remote was pressed.
        trips: how often a safety edge tripped.
        away: whether it was away from home.
        profile_ma: mean current over each of ``PROFILE_PARTS`` equal parts of the rail, from the
            bottom up; None where the ride did not pass. Empty: unknown.
    """

    duration_ms: DurationMs
    distance_mm: DistanceMm
    direction: Direction
    start_landing: Landing
    end_landing: Landing
    mean_current_ma: CurrentMa | None = None
    peak_current_ma: CurrentMa | None = None
    load_class: LoadClass = LoadClass.UNKNOWN
    seat: Seat = Seat.UNKNOWN
    stops: Annotated[int, Meta(ge=0, le=10_000)] = 0
    battery_before_mv: VoltageMv | None = None
    battery_after_mv: VoltageMv | None = None
    min_battery_mv: VoltageMv | None = None
    max_speed_mm_s: SpeedMmS | None = None
    max_incline_deg: Annotated[int, Meta(ge=0, le=90)] | None = None
    load_kg: LoadKg | None = None
    boarding_ms: DurationMs | None = None
    presses: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    trips: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    away: bool | None = None
    profile_ma: Annotated[tuple[CurrentMa | None, ...], Meta(max_length=PROFILE_PARTS)] = ()


class Condition(Numbered, frozen=True, kw_only=True, omit_defaults=True):
    """What the aid lived through in a period, usually a day, that ended at ``time_ms``.

    So that health and habits can be judged without sending readings of a parked aid all day.
    None: the modem or its controller cannot tell.

    Attributes:
        period_ms: how long the period was; the modem was on all the time.
        battery_rest_mv: last seen at rest for an hour or more and not charging.
        battery_min_mv: lowest at rest; ``battery_max_mv``: highest while charging.
        charging_ms: how long it was charged.
        mains_ms: how long the charger had mains.
        off_charge_ms: how long it stood parked without contact to its charger.
        seat_ms: how long somebody sat on it, or something hung in it.
        away_ms: how long it was away from home.
        cell: where it was for longest, as a geohash of at most five characters (some 5 km).
        temperature_min_dc: lowest temperature at the modem, in tenths of a degree Celsius.
        restarts: how often the modem started.
        openings: how often the controller's housing was opened.
        trips: how often a safety edge tripped.
        cycles: starts of the drive since it was built, by the controller's counter.
        odometer_m: distance since it was built, likewise.
        parameters: a digest of the controller's settings: another one means they were changed.
        hardware: the controller's serial number, likewise.
        signal_dbm: median strength of the mobile network.
    """

    period_ms: Annotated[int, Meta(ge=1, le=31 * 86_400_000)]
    battery_rest_mv: VoltageMv | None = None
    battery_min_mv: VoltageMv | None = None
    battery_max_mv: VoltageMv | None = None
    charging_ms: PeriodMs | None = None
    mains_ms: PeriodMs | None = None
    off_charge_ms: PeriodMs | None = None
    seat_ms: PeriodMs | None = None
    away_ms: PeriodMs | None = None
    cell: Annotated[str, Meta(pattern=r"^[0-9a-z]{1,5}$")] | None = None
    temperature_min_dc: TemperatureDc | None = None
    temperature_max_dc: TemperatureDc | None = None
    restarts: Count = 0
    openings: Count = 0
    trips: Count = 0
    cycles: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    odometer_m: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    parameters: Annotated[str, Meta(max_length=32)] = ""
    hardware: Annotated[str, Meta(max_length=32)] = ""
    signal_dbm: Annotated[int, Meta(ge=-200, le=0)] | None = None


class Call(Numbered, frozen=True, kw_only=True, omit_defaults=True):
    """The lift calls for help, or tests that it could.

    ``call_id`` stays the same through repetitions; ``since_ms`` is when the trouble began.
    ``reason`` is one of ``CallReason``, or a word that a later modem knows: a real emergency.
    """

    call_id: Identifier
    reason: Code
    phase: CallPhase
    since_ms: TimeMs
    sample: Sample
    attempt: Annotated[int, Meta(ge=1, le=100_000)] = 1


class Reply(Numbered, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a command; of an ``update`` and ``set_settings`` also how it goes on.

    Attributes:
        stage: "" for the answer itself; else one of ``Stage``, or a word that a later modem knows.
    """

    command_id: Identifier
    outcome: Literal["done", "refused", "expired"]
    detail: Text = ""
    stage: Annotated[str, Meta(pattern=r"^[a-z_]{0,48}$")] = ""


class Presence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Retained: whether the modem is connected, and how things stand as it connects.

    Published before any backlog, so that old readings are never taken for the present.
    ``session`` counts connections, so that a late will of an earlier one is recognised.

    Attributes:
        head_seq: the newest sequence number in the outbox at that moment.
        sample: the situation now (``offset_ms`` 0); absent in a will.
        call_id: the call that is still open on the lift, or None.
    """

    device: DeviceName
    session: Annotated[int, Meta(ge=1, le=2**53)]
    online: bool
    time_ms: TimeMs
    reason: Literal["connected", "clock", "lost", "shutdown"]
    outbox: OutboxId | None = None
    head_seq: Annotated[int, Meta(ge=0, le=2**53)] = 0
    sample: Sample | None = None
    call_id: Identifier | None = None
    firmware: Annotated[str, Meta(max_length=32)] = ""


class IdentityRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The modem asks for another certificate, for a key that it has made and keeps.

    Sent over the connection that its present certificate gives it; answered by ``set_certificate``.

    Attributes:
        request: PKCS #10 in PEM; its subject is the device's name as common name, and no more.
    """

    device: DeviceName
    time_ms: TimeMs
    request: Annotated[str, Meta(max_length=4_096)]


class Fetch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The modem asks for a piece of the package that ``update`` named; answered by ``piece``."""

    device: DeviceName
    sha256: Digest
    offset: Annotated[int, Meta(ge=0, le=MAX_PACKAGE_BYTES)]


class Ack(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The platform has stored these: the modem need not send them again.

    Attributes:
        seqs: none, where only ``recovery`` is to be told.
        time_ms: the platform's clock, for a modem without one.
        recovery: names the last restoration of the platform from a backup. To a name that it has
            not met, a modem answers by sending again what was confirmed last and it still has.
    """

    outbox: OutboxId
    seqs: Annotated[tuple[Seq, ...], Meta(max_length=MAX_SEQS)] = ()
    time_ms: TimeMs
    recovery: Identifier | None = None


class _Command(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    command_id: Identifier
    expires_ms: TimeMs  # by the platform's clock


class CallStatus(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="call_status"):
    """What the rider must hear: help was alarmed, a person has answered, it is over."""

    call_id: Identifier
    state: Literal["help_coming", "answered", "released"]


class Snapshot(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="snapshot"):
    """Send a status now."""


class SelfTest(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="self_test"):
    """Make a test call now."""


class Identify(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="identify"):
    """Make yourself seen and heard."""

    duration_ms: Annotated[int, Meta(ge=100, le=60_000)] = 5_000


class SetSampling(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="set_sampling"):
    """Change how often readings are sent; falls back by itself after ``duration_ms``."""

    parked_interval_ms: Annotated[int, Meta(ge=1_000, le=86_400_000)]
    riding_interval_ms: Annotated[int, Meta(ge=50, le=500)]
    duration_ms: DurationMs


class SetCertificate(
    _Command, frozen=True, kw_only=True, omit_defaults=True, tag="set_certificate"
):
    """Take this certificate into use; ``chain`` is PEM, the modem's own first."""

    chain: Pem


class RemoteSettings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What may be set from afar, within bounds that switch no detection off. None: as configured.

    The names are those of ``gateway.watch.settings``.
    """

    parked_interval_ms: Annotated[int, Meta(ge=60_000, le=900_000)] | None = None
    waiting_sample_ms: Annotated[int, Meta(ge=500, le=10_000)] | None = None
    standing_interval_ms: Annotated[int, Meta(ge=10_000, le=120_000)] | None = None
    batch_ms: Annotated[int, Meta(ge=1_000, le=15_000)] | None = None
    wheels_sample_ms: Annotated[int, Meta(ge=1_000, le=30_000)] | None = None
    wheels_batch_ms: Annotated[int, Meta(ge=5_000, le=300_000)] | None = None
    refused_ms: Annotated[int, Meta(ge=1_000, le=5_000)] | None = None
    fault_ms: Annotated[int, Meta(ge=2_000, le=15_000)] | None = None
    stopped_ms: Annotated[int, Meta(ge=15_000, le=60_000)] | None = None
    empty_below_ma: Annotated[int, Meta(ge=0, le=30_000)] | None = None
    heavy_above_ma: Annotated[int, Meta(ge=0, le=60_000)] | None = None


class SetSettings(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="set_settings"):
    """Judge and speak like this from now on, over restarts: all of it, not what changes.

    ``revision`` counts up; a lower one than the present is refused.
    """

    revision: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    settings: RemoteSettings


class Forget(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="forget"):
    """Another client has the aid: forget what it lived through with the one before."""


class Update(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="update"):
    """Replace the modem's own programme by this package, when nobody rides; not the lift's.

    Answered at once, and then by a reply for each ``Stage``.

    Attributes:
        version: three numbers; what a modem has may only be followed by a higher one.
        size: bytes of the package.
        sha256: its digest, in lower case.
        signature: Ed25519 over what ``gateway.package.Statement`` makes of these three.
    """

    version: Version
    size: Annotated[int, Meta(ge=1, le=MAX_PACKAGE_BYTES)]
    sha256: Digest
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


class Piece(_Command, frozen=True, kw_only=True, omit_defaults=True, tag="piece"):
    """A piece of a package, answering ``fetch``; itself answered by the next one, not by a reply.

    Attributes:
        offset: of the first byte.
        data: empty: the package is not to be had any more.
    """

    sha256: Digest
    offset: Annotated[int, Meta(ge=0, le=MAX_PACKAGE_BYTES)]
    data: Annotated[bytes, Meta(max_length=PIECE_BYTES)]


Command = (
    CallStatus
    | Snapshot
    | SelfTest
    | Identify
    | SetSampling
    | SetCertificate
    | SetSettings
    | Forget
    | Update
    | Piece
)
# What is stored; what a modem asks for itself is not.
Upward = Status | FaultEdge | Usage | Condition | Call | Reply | Presence
Downward = Ack | Command
Message = Upward | IdentityRequest | Fetch | Downward

KIND_OF: dict[type, Kind] = {
    Status: Kind.STATUS,
    FaultEdge: Kind.FAULT,
    Usage: Kind.USAGE,
    Condition: Kind.CONDITION,
    Call: Kind.CALL,
    Reply: Kind.REPLY,
    Presence: Kind.PRESENCE,
    Ack: Kind.ACK,
    CallStatus: Kind.COMMAND,
    Snapshot: Kind.COMMAND,
    SelfTest: Kind.COMMAND,
    Identify: Kind.COMMAND,
    SetSampling: Kind.COMMAND,
    SetCertificate: Kind.COMMAND,
    SetSettings: Kind.COMMAND,
    Forget: Kind.COMMAND,
    Update: Kind.COMMAND,
    Piece: Kind.COMMAND,
    IdentityRequest: Kind.IDENTITY,
    Fetch: Kind.FETCH,
}
