"""What a batch changes, worked out from its messages and from what the database knows. Pure."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Presence,
    Reply,
    Sample,
    Status,
    Usage,
)
from gateway.protocol.vocabulary import Edge
from ingest import binary, rows
from ingest.decode import Accepted
from ingest.rows import PRESENCE_SAMPLE_NO, Place, Row, Table
from ingest.sequences import to_multirange
from ingest.timing import clock_skew_ms, measured_at, measured_us, microseconds

Session = tuple[int, int | None, int, bool]
# Device, call, phase, attempt: what makes a call one that was heard before.
CallKey = tuple[int, str, str, int]


class Outbox(Struct):
    """An outbox as the database knows it, and which numbers of this batch are new to it."""

    device_id: int
    outbox_no: int
    skew_ms: int | None
    fresh: set[int]
    stored: list[int] = field(default_factory=list)


class Latest(Struct, frozen=True, gc=False):
    """The newest word of a device: a row of ``device_latest``.

    Its times are microseconds since 2000: dates cost more than all the rest.
    """

    device_id: int
    outbox_no: int
    seq: int
    sample_no: int
    measured_us: int
    received_us: int
    position_mm: int | None
    speed_mm_s: int | None
    current_ma: int | None
    battery_mv: int | None
    seat: int
    demand: int
    mode: int
    landing: int
    contacts: int
    signals: int
    fault: str | None


class FaultState(Struct, frozen=True):
    """Whether a device has a fault: a row of ``device_fault``."""

    device_id: int
    code: str
    maker_code: str
    active: bool
    outbox_no: int
    seq: int
    changed_at: datetime

    @property
    def order(self) -> tuple[int, int]:
        """Its place in the device's own order."""
        return self.outbox_no, self.seq


class PresenceState(Struct, frozen=True):
    """Whether a device is connected: a row of ``device_presence``."""

    device_id: int
    outbox_no: int | None
    session: int
    online: bool
    reason: str
    changed_at: datetime
    firmware: str

    @property
    def order(self) -> tuple[int, int, bool]:
        """Its place among the connections of the device: the end of one after its beginning."""
        return self.outbox_no or 0, self.session, not self.online


class Known(Struct, frozen=True):
    """What the database knows about the senders of a batch.

    Attributes:
        log_nos: the last log number of each shard; counted on as messages are placed.
        device_ids: by name.
        outboxes: by device name and outbox id.
        connected: the outbox number that each device last connected with.
        sessions: the presence messages that are stored already.
        calls: calls that are stored already, of those that come under a number that is.
        barred: devices whose last certificate was revoked, by name.
    """

    log_nos: dict[int, int]
    device_ids: dict[str, int]
    outboxes: dict[tuple[str, str], Outbox]
    connected: dict[int, int | None]
    sessions: set[Session]
    calls: set[CallKey] = field(default_factory=set)
    barred: set[str] = field(default_factory=set)


class Changes:
    """Collects rows and the newest state of each device, message by message in order of arrival."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.stored = 0
        self.duplicate = 0
        self._latest: dict[int, tuple[tuple[int, int, int], Place, int, Sample]] = {}
        self.faults: dict[tuple[int, str], FaultState] = {}
        self.presences: dict[int, PresenceState] = {}
        self._skews: dict[int, int] = {}
        self.events: dict[tuple[int, str], dict[str, Any]] = {}
        self.notable_shards: set[int] = set()
        self.live_devices: set[str] = set()
        self._tables: dict[str, list[Row]] = defaultdict(list)
        self.status: list[bytes] = []
        self._received_at: datetime | None = None
        self._received_us = 0

    def log_nos(self) -> list[dict[str, int]]:
        """Return the last log number of each shard, after this batch."""
        return [{"shard": shard, "log_no": no} for shard, no in self._known.log_nos.items()]

    def seen(self) -> list[dict[str, Any]]:
        """Return which numbers of which outbox are stored with this batch."""
        return [
            {"outbox_no": outbox.outbox_no, **_numbers(outbox.stored)}
            for outbox in self._known.outboxes.values()
            if outbox.stored
        ]

    def skews(self) -> list[dict[str, int]]:
        """Return the clock skews that live messages told."""
        return [{"outbox_no": no, "skew_ms": skew_ms} for no, skew_ms in self._skews.items()]

    def tables(self) -> list[tuple[Table, list[Row]]]:
        """Return the rows for each table that has any, but for readings: these are ``status``."""
        every = (rows.FAULT, rows.USAGE, rows.CONDITION, rows.CALL, rows.REPLY, rows.PRESENCE)
        return [(table, self._tables[table.name]) for table in every if self._tables[table.name]]

    def add(self, accepted: Accepted) -> None:  # noqa: C901 - a line for each kind
        """Take in one message, unless it is stored already. Its device must be known."""
        message = accepted.message
        if isinstance(message, Presence):
            self._add_presence(accepted, message, self._known.device_ids[accepted.device])
            return
        outbox = self._known.outboxes[accepted.device, message.outbox]
        seq = message.seq
        if seq not in outbox.fresh:
            if isinstance(message, Call) and _key(outbox, message) not in self._known.calls:
                self._add_doubtful(accepted, message, outbox)
            else:
                self.duplicate += 1
            return
        outbox.fresh.discard(seq)
        outbox.stored.append(seq)
        place = self._place(accepted, outbox.device_id, outbox.outbox_no, outbox.skew_ms)
        if isinstance(message, Status):
            self._add_status(place, outbox.outbox_no, message)
            return
        match message:
            case FaultEdge():
                self._tables["fault"].append(rows.fault_row(place, message))
                self._set_fault(place, message)
                self._set_latest(place, message.seq, 0, message.time_ms, message.sample)
                self.live_devices.add(accepted.device)
            case Usage():
                self._tables["usage"].append(rows.usage_row(place, message))
            case Condition():
                self._tables["condition"].append(rows.condition_row(place, message))
            case Call():
                self._known.calls.add(_key(outbox, message))
                self._tables["call"].append(rows.call_row(place, message))
                self._set_latest(place, message.seq, 0, message.time_ms, message.sample)
            case Reply():
                self._tables["reply"].append(rows.reply_row(place, message))
        if not isinstance(message, Reply | Condition):  # nobody waits for these
            self.notable_shards.add(place.shard)

    def _add_doubtful(self, accepted: Accepted, call: Call, outbox: Outbox) -> None:
        """Store a call under whose number something else came: from a clone, or in spite of one.

        Whoever it is, somebody may need help. It gets a number that no modem gives, before all of
        its own, so that its reading is not taken for the newest.
        """
        self._known.calls.add(_key(outbox, call))
        place = self._place(accepted, outbox.device_id, outbox.outbox_no, outbox.skew_ms)
        renumbered = msgspec.structs.replace(call, seq=-place.log_no)
        self._tables["call"].append(rows.call_row(place, renumbered))
        self.notable_shards.add(place.shard)
        self.note(outbox.device_id, "number_twice", place.received_at, {"number": call.seq})

    def note(self, device_id: int, kind: str, at: datetime, detail: dict[str, Any]) -> None:
        """Put down what is odd about a device."""
        event = {"device_id": device_id, "kind": kind, "at": at, "detail": detail}
        self.events.setdefault((device_id, kind), event)

    def _place(
        self, accepted: Accepted, device_id: int, outbox_no: int | None, skew_ms: int | None
    ) -> Place:
        self.stored += 1
        shard = accepted.shard
        log_nos = self._known.log_nos
        log_nos[shard] = log_no = log_nos[shard] + 1
        received_at = accepted.delivery.received_at
        if received_at is not self._received_at:  # many arrive at one moment
            self._received_at, self._received_us = received_at, microseconds(received_at)
        received_us = self._received_us
        return Place(shard, log_no, device_id, outbox_no, skew_ms, received_at, received_us)

    def _add_status(self, place: Place, outbox_no: int, message: Status) -> None:
        status_rows, at_rest = binary.status_rows(
            message,
            shard=place.shard,
            log_no=place.log_no,
            device_id=place.device_id,
            outbox_no=outbox_no,
            skew_ms=place.skew_ms,
            received_us=place.received_us,
        )
        self.status.append(status_rows)
        if not at_rest:
            self.notable_shards.add(place.shard)
        samples = message.samples
        last = samples[-1]
        time_ms = message.time_ms + last.offset_ms
        self._set_latest(place, message.seq, len(samples) - 1, time_ms, last)

    def _add_presence(self, accepted: Accepted, message: Presence, device_id: int) -> None:
        live = accepted.delivery.live
        outbox_no, skew_ms = self._known.connected.get(device_id), None
        if message.outbox is not None:
            outbox = self._known.outboxes[accepted.device, message.outbox]
            outbox_no = outbox.outbox_no
            if live and message.online:
                outbox.skew_ms = clock_skew_ms(message.time_ms, accepted.delivery.received_at)
                self._skews[outbox_no] = outbox.skew_ms
            skew_ms = outbox.skew_ms
        session = (device_id, outbox_no, message.session, message.online)
        if session in self._known.sessions:
            self.duplicate += 1
            return
        self._known.sessions.add(session)
        place = self._place(accepted, device_id, outbox_no, skew_ms)
        self._tables["presence"].append(rows.presence_row(place, message, live=live))
        self._set_presence(place, message)
        self.notable_shards.add(place.shard)
        self.live_devices.add(accepted.device)
        if message.sample is not None and outbox_no is not None:
            number = PRESENCE_SAMPLE_NO
            self._set_latest(place, message.head_seq, number, message.time_ms, message.sample)

    def _set_latest(
        self, place: Place, seq: int, sample_no: int, time_ms: int, sample: Sample
    ) -> None:
        order = (place.outbox_no or 0, seq, sample_no)
        known = self._latest.get(place.device_id)
        if known is None or order > known[0]:
            self._latest[place.device_id] = order, place, time_ms, sample

    def latest(self) -> list[Latest]:
        """Return the newest word of each device in this batch."""
        return [
            Latest(
                place.device_id,
                *order,
                measured_us(time_ms, place.skew_ms, place.received_us),
                place.received_us,
                *rows.sample_values(sample),
            )
            for order, place, time_ms, sample in self._latest.values()
        ]

    def _set_fault(self, place: Place, message: FaultEdge) -> None:
        state = FaultState(
            device_id=place.device_id,
            code=message.code,
            maker_code=message.maker_code,
            active=message.edge is Edge.RAISED,
            outbox_no=place.outbox_no or 0,
            seq=message.seq,
            changed_at=measured_at(message.time_ms, place.skew_ms, place.received_at),
        )
        known = self.faults.get((state.device_id, state.code))
        if known is None or state.order > known.order:
            self.faults[state.device_id, state.code] = state

    def _set_presence(self, place: Place, message: Presence) -> None:
        known = self.presences.get(place.device_id)
        state = PresenceState(
            device_id=place.device_id,
            outbox_no=place.outbox_no,
            session=message.session,
            online=message.online,
            reason=message.reason,
            changed_at=place.received_at,
            firmware=message.firmware or (known.firmware if known else ""),
        )
        if known is None or state.order > known.order:
            self.presences[state.device_id] = state
        if message.online:
            self._known.connected[place.device_id] = place.outbox_no

    def live_notices(self) -> list[str]:
        """Return what to tell the desks: which devices changed."""
        return [_notice(device) for device in sorted(self.live_devices)]


def _numbers(stored: list[int]) -> dict[str, Any]:
    """Return different numbers as they are read fastest: nearly always they follow each other."""
    first, last = min(stored), max(stored)
    if last - first + 1 == len(stored):
        return {"first": first, "last": last}
    return {"seqs": to_multirange(stored)}


def _key(outbox: Outbox, call: Call) -> CallKey:
    return outbox.device_id, call.call_id, call.phase.value, call.attempt


def _notice(device: str) -> str:
    notice: dict[str, Any] = {"kind": "device", "device": device}
    return msgspec.json.encode(notice).decode()
