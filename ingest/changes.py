"""What a batch changes, worked out from its messages and from what the database knows. Pure."""

from collections import defaultdict
from typing import Any

import msgspec
from msgspec import Struct

from gateway.protocol.messages import (
    Call,
    FaultEdge,
    Presence,
    Reply,
    Sample,
    Status,
    Usage,
)
from ingest import rows
from ingest.decode import Accepted
from ingest.rows import PRESENCE_SAMPLE_NO, Place, Row, Table
from ingest.timing import clock_skew_ms, measured_at

Session = tuple[int, int | None, int, bool]


class Outbox(Struct):
    """An outbox as the database knows it, and which numbers of this batch are new to it."""

    outbox_no: int
    skew_ms: int | None
    fresh: set[int]


class Known(Struct, frozen=True):
    """What the database knows about the senders of a batch.

    Attributes:
        log_nos: the last log number of each shard; counted on as messages are placed.
        device_ids: by name.
        outboxes: by device id and outbox id.
        connected: the outbox number that each device last connected with.
        sessions: the presence messages that are stored already.
    """

    log_nos: dict[int, int]
    device_ids: dict[str, int]
    outboxes: dict[tuple[int, str], Outbox]
    connected: dict[int, int | None]
    sessions: set[Session]


class Changes:
    """Collects rows and the newest state of each device, message by message in order of arrival."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.stored = 0
        self.duplicate = 0
        self.latest: dict[int, Row] = {}
        self.faults: dict[tuple[int, str], Row] = {}
        self.presences: dict[int, Row] = {}
        self.skews: dict[int, int] = {}
        self.notable_shards: set[int] = set()
        self.live_devices: set[str] = set()
        self._tables: dict[str, list[Row]] = defaultdict(list)

    @property
    def log_nos(self) -> dict[int, int]:
        """The last log number of each shard, after this batch."""
        return self._known.log_nos

    def tables(self) -> list[tuple[Table, list[Row]]]:
        """Return the rows for each table that has any."""
        every = (rows.STATUS, rows.FAULT, rows.USAGE, rows.CALL, rows.REPLY, rows.PRESENCE)
        return [(table, self._tables[table.name]) for table in every if self._tables[table.name]]

    def add(self, accepted: Accepted) -> None:
        """Take in one message, unless it is stored already. Its device must be known."""
        message = accepted.message
        device_id = self._known.device_ids[accepted.device]
        if isinstance(message, Presence):
            self._add_presence(accepted, message, device_id)
            return
        outbox = self._known.outboxes[device_id, message.outbox]
        if message.seq not in outbox.fresh:
            self.duplicate += 1
            return
        outbox.fresh.discard(message.seq)
        place = self._place(accepted, device_id, outbox.outbox_no, outbox.skew_ms)
        match message:
            case Status():
                self._add_status(place, message)
            case FaultEdge():
                self._tables["fault"].append(rows.fault_row(place, message))
                self._set_fault(place, message)
                self._set_latest(place, message.seq, 0, message.time_ms, message.sample)
                self.live_devices.add(accepted.device)
            case Usage():
                self._tables["usage"].append(rows.usage_row(place, message))
            case Call():
                self._tables["call"].append(rows.call_row(place, message))
                self._set_latest(place, message.seq, 0, message.time_ms, message.sample)
            case Reply():
                self._tables["reply"].append(rows.reply_row(place, message))
        if not isinstance(message, Status | Reply):
            self.notable_shards.add(place.shard)

    def _place(
        self, accepted: Accepted, device_id: int, outbox_no: int | None, skew_ms: int | None
    ) -> Place:
        self.stored += 1
        self._known.log_nos[accepted.shard] += 1
        return Place(
            accepted.shard,
            self._known.log_nos[accepted.shard],
            device_id,
            outbox_no,
            skew_ms,
            accepted.delivery.received_at,
        )

    def _add_status(self, place: Place, message: Status) -> None:
        status_rows = rows.status_rows(place, message)
        self._tables["status"].extend(status_rows)
        at_rest = rows.STATUS_AT_REST
        if not all(row[at_rest] for row in status_rows):
            self.notable_shards.add(place.shard)
        last = message.samples[-1]
        time_ms = message.time_ms + last.offset_ms
        self._set_latest(place, message.seq, len(message.samples) - 1, time_ms, last)

    def _add_presence(self, accepted: Accepted, message: Presence, device_id: int) -> None:
        live = accepted.delivery.live
        outbox_no, skew_ms = self._known.connected.get(device_id), None
        if message.outbox is not None:
            outbox = self._known.outboxes[device_id, message.outbox]
            outbox_no = outbox.outbox_no
            if live and message.online:
                outbox.skew_ms = clock_skew_ms(message.time_ms, accepted.delivery.received_at)
                self.skews[outbox_no] = outbox.skew_ms
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
        known = self.latest.get(place.device_id)
        if known is not None and (place.outbox_no, seq, sample_no) <= known[1:4]:
            return
        self.latest[place.device_id] = (
            *(place.device_id, place.outbox_no, seq, sample_no),
            measured_at(time_ms, place.skew_ms, place.received_at),
            place.received_at,
            *rows.sample_values(sample),
        )

    def _set_fault(self, place: Place, message: FaultEdge) -> None:
        key = (place.device_id, message.code)
        known = self.faults.get(key)
        if known is not None and (place.outbox_no, message.seq) <= known[4:6]:
            return
        changed_at = measured_at(message.time_ms, place.skew_ms, place.received_at)
        self.faults[key] = (
            *(place.device_id, message.code, message.maker_code, message.edge == "raised"),
            *(place.outbox_no, message.seq, changed_at),
        )

    def _set_presence(self, place: Place, message: Presence) -> None:
        known = self.presences.get(place.device_id)
        order = (place.outbox_no or 0, message.session, not message.online)
        if known is not None and order <= (known[1] or 0, known[2], not known[3]):
            return
        firmware = message.firmware or (known[6] if known is not None else "")
        self.presences[place.device_id] = (
            *(place.device_id, place.outbox_no, message.session, message.online),
            *(message.reason, place.received_at, firmware),
        )
        if message.online:
            self._known.connected[place.device_id] = place.outbox_no

    def live_notices(self) -> list[str]:
        """Return what to tell the desks: which devices changed."""
        return [_notice(device) for device in sorted(self.live_devices)]


def _notice(device: str) -> str:
    notice: dict[str, Any] = {"kind": "device", "device": device}
    return msgspec.json.encode(notice).decode()
