-- name: claim_shards
-- Takes shards that no other engine works on, with how far we are and how far the log is; first
-- those whose last turn was longest ago.
SELECT diagnosis_cursor.shard, diagnosis_cursor.log_no,
       greatest(diagnosis_cursor.received_at, 'epoch') AS received_at,
       greatest(shard.log_no, diagnosis_cursor.log_no) AS head
FROM diagnosis_cursor
JOIN shard USING (shard)
WHERE diagnosis_cursor.shard = ANY(%(shards)s)
ORDER BY cycled_at NULLS FIRST, diagnosis_cursor.shard
FOR NO KEY UPDATE OF diagnosis_cursor SKIP LOCKED;

-- name: long_spans
-- Where a stretch holds more samples than a cycle should take: the number at which they are reached.
SELECT span.shard, cut.log_no
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT status.log_no FROM status
    WHERE status.shard = span.shard AND status.log_no > span.after
      AND status.log_no <= span.head AND NOT status.at_rest AND status.received_at > %(oldest)s
    ORDER BY status.log_no
    OFFSET %(samples)s LIMIT 1
) AS cut;

-- name: read_notable_status
-- Samples in which something goes on, by the partial index: stretch by stretch. OFFSET 0 keeps it so,
-- here and below: planned as one join, a dozen stretches read the whole table.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, outbox_no, seq, sample_no, measured_at, received_at, position_mm,
           speed_mm_s, current_ma, battery_mv, seat, demand, mode, landing, contacts, signals, fault
    FROM status
    WHERE status.shard = span.shard AND log_no > span.after AND log_no <= span.head
      AND NOT at_rest AND received_at > %(oldest)s
    OFFSET 0
) AS said;

-- name: read_resting_status
-- Samples at rest, of the devices that are read in full. The index is by time: what belongs to the
-- span was received, but for the slack, after what was read before and before what follows it.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[],
            %(since)s::timestamptz[]) AS span (shard, after, head, since)
LEFT JOIN LATERAL (
    SELECT status.received_at FROM status
    WHERE status.shard = span.shard AND status.log_no > span.head AND NOT status.at_rest
      AND status.received_at > %(oldest)s
    ORDER BY status.log_no LIMIT 1
) AS next ON true
JOIN device ON device.shard = span.shard AND device.device_id = ANY(%(devices)s)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, outbox_no, seq, sample_no, measured_at, received_at, position_mm,
           speed_mm_s, current_ma, battery_mv, seat, demand, mode, landing, contacts, signals, fault
    FROM status
    WHERE status.device_id = device.device_id AND log_no > span.after AND log_no <= span.head
      AND received_at > span.since
      AND received_at > %(oldest)s  -- no later: known beforehand, it leaves out chunks
      AND received_at < coalesce(next.received_at + %(slack)s, 'infinity')
      AND at_rest
    OFFSET 0
) AS said;

-- name: read_faults
-- Faults that came or went.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, outbox_no, seq, measured_at, received_at, code, maker_code, edge,
           sample::text
    FROM fault
    WHERE fault.shard = span.shard AND log_no > span.after AND log_no <= span.head
      AND received_at > %(oldest)s
    OFFSET 0
) AS said;

-- name: read_rides
-- Rides that ended.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, outbox_no, seq, measured_at, received_at, end_landing, stops,
           start_landing, duration_ms, distance_mm, direction, mean_current_ma, peak_current_ma,
           load_class, seat, battery_before_mv, battery_after_mv, min_battery_mv, max_speed_mm_s,
           max_incline_deg, load_kg, boarding_ms, presses, trips, away, profile_ma
    FROM usage
    WHERE usage.shard = span.shard AND log_no > span.after AND log_no <= span.head
      AND received_at > %(oldest)s
    OFFSET 0
) AS said;

-- name: read_conditions
-- What aids lived through, period by period.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, outbox_no, seq, measured_at, received_at, period_ms,
           battery_rest_mv, battery_min_mv, battery_max_mv, charging_ms, mains_ms, off_charge_ms,
           seat_ms, away_ms, cell, temperature_min_dc, temperature_max_dc, restarts, openings, trips,
           cycles, odometer_m, parameters, hardware, signal_dbm
    FROM condition
    WHERE condition.shard = span.shard AND log_no > span.after AND log_no <= span.head
      AND received_at > %(oldest)s
    OFFSET 0
) AS said;

-- name: read_calls
-- Calls for help. No call is unreadable for its times.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, outbox_no, seq,
           CASE WHEN measured_at BETWEEN 'epoch' AND received_at THEN measured_at ELSE received_at END,
           received_at, call_id, reason, phase, attempt,
           CASE WHEN since BETWEEN 'epoch' AND received_at THEN since ELSE received_at END,
           sample::text
    FROM call
    WHERE call.shard = span.shard AND log_no > span.after AND log_no <= span.head
    OFFSET 0
) AS said;

-- name: shards_calling
-- Shards with calls that the calls' own lane has not heard, the longest waiting first. A call that
-- is visible has none before it that is not: numbers of a shard commit in order.
SELECT call_cursor.shard FROM call_cursor
CROSS JOIN LATERAL (
    SELECT received_at FROM call
    WHERE call.shard = call_cursor.shard AND call.log_no > call_cursor.log_no
    ORDER BY call.log_no LIMIT 1
) AS oldest
WHERE call_cursor.shard = ANY(%(shards)s)
ORDER BY oldest.received_at;

-- name: be_impatient
-- How long a call may wait for what another transaction holds, before those of other shards go on.
SET LOCAL lock_timeout = '100ms';

-- name: claim_calls
-- Takes the calls of a shard, unless another engine hears them just now.
SELECT log_no FROM call_cursor WHERE shard = %(shard)s FOR NO KEY UPDATE SKIP LOCKED;

-- name: next_calls
-- The next calls of a shard, with what is to be known of the aid.
SELECT device_id, call.log_no, outbox_no, seq,
       CASE WHEN measured_at BETWEEN 'epoch' AND received_at THEN measured_at ELSE received_at END,
       received_at, call_id, reason, phase, attempt,
       CASE WHEN since BETWEEN 'epoch' AND received_at THEN since ELSE received_at END,
       sample::text, device.name, device.shard, device.kind, device.rail_length_mm
FROM call
JOIN device USING (device_id)
WHERE call.shard = %(shard)s AND call.log_no > %(after)s
ORDER BY call.log_no
LIMIT %(limit)s;

-- name: move_call_cursor
-- Remembers up to which call a shard was heard.
UPDATE call_cursor SET log_no = %(log_no)s WHERE shard = %(shard)s;

-- name: call_unread
-- Whether a device has called past where the log was read.
SELECT EXISTS (
    SELECT FROM call
    WHERE shard = %(shard)s AND log_no > %(head)s AND device_id = %(device_id)s
      AND phase <> 'cleared' AND reason <> 'test'
);

-- name: read_presence
-- Connections made and lost.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, coalesce(outbox_no, 0), head_seq, received_at, session, online,
           call_id, sample::text
    FROM presence
    WHERE presence.shard = span.shard AND log_no > span.after AND log_no <= span.head
    OFFSET 0
) AS said;

-- name: read_replies
-- What became of our commands.
SELECT said.*
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT device_id, log_no, outbox_no, seq, received_at, command_id, outcome, detail
    FROM reply
    WHERE reply.shard = span.shard AND log_no > span.after AND log_no <= span.head
    OFFSET 0
) AS said;

-- name: attentive_devices
-- Devices whose every word is read.
SELECT device_id FROM diagnosis_state JOIN device USING (device_id)
WHERE attentive AND device.shard = ANY(%(shards)s);

-- name: due_devices
-- Devices whose timer has come, the longest overdue first.
SELECT DISTINCT device_id FROM (
    SELECT device_id FROM diagnosis_state JOIN device USING (device_id)
    WHERE due_at <= %(now)s AND device.shard = ANY(%(shards)s)
    ORDER BY due_at
    LIMIT %(limit)s
) AS due;

-- name: due_devices_read
-- The same in shards whose log goes on: devices of which every word was read all the same. What is
-- committed later was received later, but for the slack.
SELECT DISTINCT device_id FROM (
    SELECT device_id FROM diagnosis_state
    JOIN device USING (device_id)
    JOIN unnest(%(shards)s::smallint[], %(heads)s::bigint[], %(since)s::timestamptz[])
             AS span (shard, head, since) ON span.shard = device.shard
    WHERE due_at <= %(now)s
      AND NOT EXISTS (
          SELECT FROM status WHERE status.device_id = diagnosis_state.device_id
              AND received_at > span.since AND log_no > span.head)
      AND NOT EXISTS (
          SELECT FROM fault WHERE fault.device_id = diagnosis_state.device_id
              AND received_at > span.since AND log_no > span.head)
      AND NOT EXISTS (
          SELECT FROM usage WHERE usage.device_id = diagnosis_state.device_id
              AND received_at > span.since AND log_no > span.head)
      AND NOT EXISTS (
          SELECT FROM call WHERE call.device_id = diagnosis_state.device_id
              AND received_at > span.since AND log_no > span.head)
      AND NOT EXISTS (
          SELECT FROM presence WHERE presence.device_id = diagnosis_state.device_id
              AND received_at > span.since AND log_no > span.head)
    ORDER BY due_at
    LIMIT %(limit)s
) AS due;

-- name: listeners
-- Which worker hears which shards, and since when without a break.
SELECT first_shard, last_shard, listening_since FROM listener
WHERE listening_since IS NOT NULL AND beat_at > %(alive_since)s;

-- name: aids
-- What detectors may know of devices.
SELECT device_id, name, shard, kind, rail_length_mm, built_on, serviced_on, lent_on, max_load_kg,
       max_speed_mm_s, max_incline_deg, empty_ma, tested_ma, tested_kg, test
FROM device WHERE device_id = ANY(%(devices)s);

-- name: states
-- What detectors remember of devices.
SELECT device_id, detector, state::text FROM diagnosis_state WHERE device_id = ANY(%(devices)s);

-- name: save_states
-- Stores what detectors remember.
INSERT INTO diagnosis_state (device_id, detector, state, attentive, due_at, updated_at)
SELECT device_id, detector, state::jsonb, attentive, due_at, %(now)s
FROM unnest(
    %(devices)s::int[], %(detectors)s::text[], %(states)s::text[], %(attentive)s::boolean[],
    %(due)s::timestamptz[]
) AS new (device_id, detector, state, attentive, due_at)
ON CONFLICT (device_id, detector) DO UPDATE
SET state = excluded.state, attentive = excluded.attentive, due_at = excluded.due_at,
    updated_at = excluded.updated_at;

-- name: forget_states
-- Forgets what detectors do not want to remember any more.
DELETE FROM diagnosis_state
USING unnest(%(devices)s::int[], %(detectors)s::text[]) AS old (device_id, detector)
WHERE diagnosis_state.device_id = old.device_id AND diagnosis_state.detector = old.detector;

-- name: move_cursors
-- Remembers how far the log was read; where nothing moved, once a second that it was looked at.
UPDATE diagnosis_cursor
SET log_no = new.head,
    received_at = greatest(diagnosis_cursor.received_at, new.received_at),
    cycled_at = %(now)s
FROM unnest(%(shards)s::smallint[], %(heads)s::bigint[], %(received)s::timestamptz[])
         AS new (shard, head, received_at)
WHERE diagnosis_cursor.shard = new.shard
  AND (diagnosis_cursor.log_no <> new.head OR cycled_at IS NULL
       OR cycled_at < %(now)s::timestamptz - interval '1 second');

-- name: save_finding
-- Stores an episode or what is new of it. What was certain stays so; what ended with its ticket too.
INSERT INTO finding (
    device_id, detector, detector_version, dedup_key, level, since, found_at, ended_at, reasons,
    evidence, what, asks, usable, confidence, otherwise, forecast
) VALUES (
    %(device_id)s, %(detector)s, %(version)s, %(key)s, %(level)s, %(since)s, %(now)s,
    %(ended_at)s, %(reasons)s, %(evidence)s, %(what)s, %(asks)s, %(usable)s, %(confidence)s,
    %(otherwise)s, %(forecast)s
)
ON CONFLICT ON CONSTRAINT finding_once DO UPDATE
SET level = CASE WHEN finding.level = 'certain' THEN 'certain' ELSE excluded.level END,
    found_at = CASE WHEN finding.level = excluded.level THEN finding.found_at
                    ELSE excluded.found_at END,
    ended_at = coalesce(excluded.ended_at, CASE WHEN EXISTS (
        SELECT FROM ticket WHERE ticket.ticket_id = finding.ticket_id
            AND (ticket.kind = 'emergency' OR ticket.closed_at IS NOT NULL)
    ) THEN finding.ended_at END),
    reasons = excluded.reasons,
    evidence = excluded.evidence,
    what = excluded.what,
    asks = excluded.asks,
    usable = excluded.usable,
    confidence = excluded.confidence,
    otherwise = excluded.otherwise,
    forecast = excluded.forecast
RETURNING finding_id, level, ticket_id;

-- name: finding_ticket
-- Whether an episode had its ticket.
SELECT 1 FROM finding
WHERE device_id = %(device_id)s AND detector = %(detector)s AND dedup_key = %(key)s
  AND ticket_id IS NOT NULL;

-- name: link_finding
-- Remembers which ticket came of a finding.
UPDATE finding SET ticket_id = %(ticket_id)s WHERE finding_id = %(finding_id)s;

-- name: link_suspicions
-- What is suspected of a device belongs to its open emergency.
UPDATE finding SET ticket_id = ticket.ticket_id
FROM ticket
WHERE finding.device_id = %(device_id)s AND finding.ended_at IS NULL
  AND finding.level = 'suspected' AND finding.asks = 'emergency' AND finding.ticket_id IS NULL
  AND ticket.device_id = finding.device_id AND ticket.dedup_key = 'emergency';

-- name: finding_acted_upon
-- Whether a finding opened its ticket, or was added as evidence.
SELECT EXISTS (
    SELECT FROM ticket_event
    WHERE ticket_id = %(ticket_id)s AND detail ->> 'finding' = %(finding_id)s::bigint::text
);

-- name: announce_device
-- Tells live views, at commit, that there is news of a device.
SELECT pg_notify('liftwacht_live', %(live)s);

-- name: behind_shards
-- Shards whose log goes on past our cursor.
SELECT shard FROM diagnosis_cursor JOIN shard USING (shard)
WHERE shard.log_no > diagnosis_cursor.log_no AND shard = ANY(%(shards)s);

-- name: beat
-- Says that this process lives, and how far it is.
INSERT INTO heartbeat (process, part, beat_at, detail)
VALUES (%(process)s, %(part)s, %(now)s, %(detail)s)
ON CONFLICT (process) DO UPDATE SET beat_at = excluded.beat_at, detail = excluded.detail;

-- name: replay_devices
-- Devices to replay: one by name, or all.
SELECT device_id FROM device
WHERE %(name)s::text IS NULL OR name = %(name)s
ORDER BY device_id;

-- name: replay_span
-- The stretch of the log in which a device said something in an interval.
SELECT min(log_no), max(log_no) FROM (
    SELECT log_no FROM status WHERE device_id = %(device_id)s
        AND received_at BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT log_no FROM fault WHERE device_id = %(device_id)s
        AND received_at BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT log_no FROM usage WHERE device_id = %(device_id)s
        AND received_at BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT log_no FROM condition WHERE device_id = %(device_id)s
        AND received_at BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT log_no FROM call WHERE device_id = %(device_id)s
        AND received_at BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT log_no FROM presence WHERE device_id = %(device_id)s
        AND received_at BETWEEN %(since)s AND %(until)s
) AS said;
