"""The SQL of the writer, in the order of its transaction."""

from typing import Final

# Holding these rows until the end makes writers of one shard take turns, so log numbers commit in
# order; taking them in order makes a deadlock between writers impossible.
LOCK_SHARDS: Final = """
SELECT shard, log_no FROM shard WHERE shard = ANY (%s) ORDER BY shard FOR UPDATE
"""

FIND_DEVICES: Final = """
SELECT name, device_id FROM device WHERE name = ANY (%s) AND retired_at IS NULL
"""

CREATE_OUTBOXES: Final = """
INSERT INTO outbox (device_id, outbox_id)
SELECT device_id, outbox_id
FROM unnest(%s::int[], %s::text[]) AS incoming (device_id, outbox_id)
WHERE NOT EXISTS (
    SELECT FROM outbox
    WHERE outbox.device_id = incoming.device_id AND outbox.outbox_id = incoming.outbox_id
)
ON CONFLICT DO NOTHING
"""

# What is new among the numbers, and from now on is not.
MARK_SEEN: Final = """
UPDATE outbox
SET seen = outbox.seen + incoming.seqs
FROM unnest(%s::int[], %s::text[], %s::int8multirange[]) AS incoming (device_id, outbox_id, seqs)
JOIN outbox AS before
    ON before.device_id = incoming.device_id AND before.outbox_id = incoming.outbox_id
WHERE outbox.outbox_no = before.outbox_no
RETURNING outbox.device_id, outbox.outbox_id, outbox.outbox_no, outbox.clock_skew_ms,
    (incoming.seqs - before.seen)::text
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
FROM unnest(%s::int[], %s::bigint[]) AS incoming (outbox_no, skew_ms)
WHERE outbox.outbox_no = incoming.outbox_no
"""

SET_LATEST: Final = """
INSERT INTO device_latest AS latest (
    device_id, outbox_no, seq, sample_no, measured_at, received_at, position_mm, speed_mm_s,
    current_ma, battery_mv, seat, demand, mode, landing, contacts, signals, fault
)
SELECT *
FROM unnest(
    %s::int[], %s::int[], %s::bigint[], %s::smallint[], %s::timestamptz[], %s::timestamptz[],
    %s::int[], %s::smallint[], %s::int[], %s::int[], %s::smallint[], %s::smallint[],
    %s::smallint[], %s::smallint[], %s::int[], %s::int[], %s::text[]
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
FROM unnest(
    %s::int[], %s::text[], %s::text[], %s::boolean[], %s::int[], %s::bigint[], %s::timestamptz[]
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
FROM unnest(
    %s::int[], %s::int[], %s::bigint[], %s::boolean[], %s::text[], %s::timestamptz[], %s::text[]
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
FROM unnest(%s::smallint[], %s::bigint[]) AS incoming (shard, log_no)
WHERE shard.shard = incoming.shard
"""

QUARANTINE: Final = """
INSERT INTO quarantine (received_at, topic, payload, reason, detail)
SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::bytea[], %s::text[], %s::text[])
"""

NOTIFY: Final = "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload"

# How the worker does: what it received and what became of it, since it started.
BEAT: Final = """
INSERT INTO listener (
    worker, first_shard, last_shard, listening_since, beat_at,
    received, stored, duplicate, quarantined
)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (worker) DO UPDATE SET
    first_shard = excluded.first_shard,
    last_shard = excluded.last_shard,
    listening_since = excluded.listening_since,
    beat_at = excluded.beat_at,
    received = excluded.received,
    stored = excluded.stored,
    duplicate = excluded.duplicate,
    quarantined = excluded.quarantined
"""
