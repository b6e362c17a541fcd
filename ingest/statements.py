"""The SQL of the writer, in the order of its transaction.

Sets of rows travel as one JSON parameter: far cheaper to write than arrays, column by column.
"""

from typing import Final

# Holding these rows until the end makes writers of one shard take turns, so log numbers commit in
# order; taking them in order makes a deadlock between writers impossible.
LOCK_SHARDS: Final = """
SELECT shard, log_no FROM shard WHERE shard = ANY (%s) ORDER BY shard FOR UPDATE
"""

# Who wrote, through which outbox, and which of its numbers are stored already. A device without id
# is not registered; an outbox without number is new.
FIND_SENDERS: Final = """
SELECT incoming.name, incoming.outbox_id, device.device_id, outbox.outbox_no,
    outbox.clock_skew_ms, (outbox.seen * incoming.seqs)::text,
    coalesce(upper(outbox.seen) - 1, 0), device.barred_at IS NOT NULL
FROM json_to_recordset(%s) AS incoming (name text, outbox_id text, seqs int8multirange)
LEFT JOIN device ON device.name = incoming.name AND device.retired_at IS NULL
LEFT JOIN outbox
    ON outbox.device_id = device.device_id AND outbox.outbox_id = incoming.outbox_id
"""

CREATE_OUTBOXES: Final = """
INSERT INTO outbox (device_id, outbox_id)
SELECT * FROM json_to_recordset(%s) AS incoming (device_id int, outbox_id text)
ON CONFLICT DO NOTHING
"""

# Numbers that follow each other come as the first and the last: a range is read slowly from text.
MARK_SEEN: Final = """
UPDATE outbox SET seen = outbox.seen
    + coalesce(incoming.seqs, int8multirange(int8range(incoming.first, incoming.last, '[]')))
FROM json_to_recordset(%s)
    AS incoming (outbox_no int, first bigint, last bigint, seqs int8multirange)
WHERE outbox.outbox_no = incoming.outbox_no
"""

# Which of these calls are stored, whatever number they came under.
FIND_CALLS: Final = """
SELECT call.device_id, call.call_id, call.phase, call.attempt
FROM json_to_recordset(%s) AS incoming (device_id int, call_id text)
JOIN call ON call.device_id = incoming.device_id AND call.call_id = incoming.call_id
"""

# Once a day for each aid: more of it says nothing new.
SECURITY_EVENT: Final = """
INSERT INTO security_event (dedup_key, at, kind, device_id, makes_doubtful, detail)
SELECT incoming.kind || ':' || device.name || ':' || to_char(at, 'YYYYMMDD'), at,
       incoming.kind, device_id, true, detail
FROM json_to_recordset(%s)
    AS incoming (device_id int, at timestamptz, kind text, detail jsonb)
JOIN device USING (device_id)
ON CONFLICT (dedup_key) DO NOTHING
"""

FIND_PRESENCES: Final = """
SELECT device_id, outbox_no, session, online
FROM presence
WHERE device_id = ANY (%s) AND session = ANY (%s)
"""

# A will does not say which outbox it belongs to: to the one that last connected.
FIND_CONNECTED_OUTBOXES: Final = """
SELECT device_id, outbox_no FROM device_presence WHERE device_id = ANY (%s)
"""

SET_SKEW: Final = """
UPDATE outbox SET clock_skew_ms = incoming.skew_ms
FROM json_to_recordset(%s) AS incoming (outbox_no int, skew_ms bigint)
WHERE outbox.outbox_no = incoming.outbox_no
"""

SET_LATEST: Final = """
INSERT INTO device_latest AS latest (
    device_id, outbox_no, seq, sample_no, measured_at, received_at, position_mm, speed_mm_s,
    current_ma, battery_mv, seat, demand, mode, landing, contacts, signals, fault
)
SELECT
    device_id, outbox_no, seq, sample_no,
    timestamptz '2000-01-01 00:00+00' + measured_us * interval '1 microsecond',
    timestamptz '2000-01-01 00:00+00' + received_us * interval '1 microsecond',
    position_mm, speed_mm_s, current_ma, battery_mv, seat, demand, mode, landing, contacts,
    signals, fault
FROM json_to_recordset(%s) AS incoming (
    device_id int, outbox_no int, seq bigint, sample_no smallint, measured_us bigint,
    received_us bigint, position_mm int, speed_mm_s smallint, current_ma int, battery_mv int,
    seat smallint, demand smallint, mode smallint, landing smallint, contacts int, signals int,
    fault text
)
ON CONFLICT (device_id) DO UPDATE SET
    outbox_no = excluded.outbox_no,
    seq = excluded.seq,
    sample_no = excluded.sample_no,
    measured_at = excluded.measured_at,
    received_at = excluded.received_at,
    position_mm = excluded.position_mm,
    speed_mm_s = excluded.speed_mm_s,
    current_ma = excluded.current_ma,
    battery_mv = excluded.battery_mv,
    seat = excluded.seat,
    demand = excluded.demand,
    mode = excluded.mode,
    landing = excluded.landing,
    contacts = excluded.contacts,
    signals = excluded.signals,
    fault = excluded.fault
WHERE (excluded.outbox_no, excluded.seq, excluded.sample_no)
    > (latest.outbox_no, latest.seq, latest.sample_no)
"""

SET_FAULTS: Final = """
INSERT INTO device_fault AS known (
    device_id, code, maker_code, active, outbox_no, seq, changed_at
)
SELECT *
FROM json_to_recordset(%s) AS incoming (
    device_id int, code text, maker_code text, active boolean, outbox_no int, seq bigint,
    changed_at timestamptz
)
ON CONFLICT (device_id, code) DO UPDATE SET
    maker_code = excluded.maker_code,
    active = excluded.active,
    outbox_no = excluded.outbox_no,
    seq = excluded.seq,
    changed_at = excluded.changed_at
WHERE (excluded.outbox_no, excluded.seq) > (known.outbox_no, known.seq)
"""

# The newest session wins; within one, its end comes after its beginning.
SET_PRESENCE: Final = """
INSERT INTO device_presence AS known (
    device_id, outbox_no, session, online, reason, changed_at, firmware
)
SELECT *
FROM json_to_recordset(%s) AS incoming (
    device_id int, outbox_no int, session bigint, online boolean, reason text,
    changed_at timestamptz, firmware text
)
ON CONFLICT (device_id) DO UPDATE SET
    outbox_no = excluded.outbox_no,
    session = excluded.session,
    online = excluded.online,
    reason = excluded.reason,
    changed_at = excluded.changed_at,
    firmware = CASE excluded.firmware WHEN '' THEN known.firmware ELSE excluded.firmware END
WHERE (coalesce(excluded.outbox_no, 0), excluded.session, NOT excluded.online)
    > (coalesce(known.outbox_no, 0), known.session, NOT known.online)
"""

ADVANCE_SHARDS: Final = """
UPDATE shard SET log_no = incoming.log_no
FROM json_to_recordset(%s) AS incoming (shard smallint, log_no bigint)
WHERE shard.shard = incoming.shard
"""

QUARANTINE: Final = """
INSERT INTO quarantine (received_at, topic, payload, reason, detail) VALUES (%s, %s, %s, %s, %s)
"""

NOTIFY: Final = "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload"

# How the worker does: what it received and what became of it, since it started. Returns the newest
# restoration of the database that modems have to be told of.
BEAT: Final = """
INSERT INTO listener (
    worker, holder, first_shard, last_shard, listening_since, beat_at,
    received, stored, duplicate, quarantined, waiting
)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (worker) DO UPDATE SET
    holder = excluded.holder,
    first_shard = excluded.first_shard,
    last_shard = excluded.last_shard,
    listening_since = excluded.listening_since,
    beat_at = excluded.beat_at,
    received = excluded.received,
    stored = excluded.stored,
    duplicate = excluded.duplicate,
    quarantined = excluded.quarantined,
    waiting = excluded.waiting
RETURNING (
    SELECT recovery_id FROM recovery
    WHERE restored_at > %s
    ORDER BY restored_at DESC LIMIT 1
)
"""

INSERT_RECOVERY: Final = "INSERT INTO recovery (recovery_id, restored_at) VALUES (%s, %s)"
