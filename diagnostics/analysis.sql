-- name: claim_shards
-- Takes shards that no other engine analyses, with how far we are and how far the log is; first those
-- whose last turn was longest ago.
SELECT analysis_cursor.shard, analysis_cursor.log_no,
       greatest(analysis_cursor.received_at, 'epoch') AS received_at,
       greatest(shard.log_no, analysis_cursor.log_no) AS head
FROM analysis_cursor
JOIN shard USING (shard)
WHERE analysis_cursor.shard = ANY(%(shards)s)
ORDER BY cycled_at NULLS FIRST, analysis_cursor.shard
FOR NO KEY UPDATE OF analysis_cursor SKIP LOCKED;

-- name: long_spans
-- Where a stretch holds more words than a cycle should take: the number at which they are reached.
SELECT span.shard, cut.log_no
FROM unnest(%(shards)s::smallint[], %(afters)s::bigint[], %(heads)s::bigint[])
         AS span (shard, after, head)
CROSS JOIN LATERAL (
    SELECT log_no FROM (
        (SELECT log_no FROM usage WHERE usage.shard = span.shard AND log_no > span.after
             AND log_no <= span.head AND received_at > %(oldest)s
         ORDER BY log_no LIMIT %(words)s + 1)
        UNION ALL
        (SELECT log_no FROM condition WHERE condition.shard = span.shard AND log_no > span.after
             AND log_no <= span.head AND received_at > %(oldest)s
         ORDER BY log_no LIMIT %(words)s + 1)
        UNION ALL
        (SELECT log_no FROM fault WHERE fault.shard = span.shard AND log_no > span.after
             AND log_no <= span.head AND received_at > %(oldest)s
         ORDER BY log_no LIMIT %(words)s + 1)
        UNION ALL
        (SELECT log_no FROM call WHERE call.shard = span.shard AND log_no > span.after
             AND log_no <= span.head
         ORDER BY log_no LIMIT %(words)s + 1)
        UNION ALL
        (SELECT log_no FROM presence WHERE presence.shard = span.shard AND log_no > span.after
             AND log_no <= span.head
         ORDER BY log_no LIMIT %(words)s + 1)
    ) AS said
    ORDER BY log_no
    OFFSET %(words)s LIMIT 1
) AS cut;

-- name: due
-- Timers that have come, the longest overdue first: device and detector.
SELECT device_id, detector FROM analysis_state
JOIN device USING (device_id)
WHERE due_at <= %(now)s AND device.shard = ANY(%(shards)s) AND detector = ANY(%(detectors)s)
ORDER BY due_at
LIMIT %(limit)s;

-- name: last_heard
-- When the newest message of any kind came from devices, by the platform's clock. The latest state
-- leaves out what came late out of a backlog: that lies after it.
SELECT device_id, max(said.received_at)
FROM device
LEFT JOIN device_latest USING (device_id)
CROSS JOIN LATERAL (
    SELECT device_latest.received_at
    UNION ALL
    (SELECT received_at FROM status WHERE status.device_id = device.device_id
         AND received_at > coalesce(device_latest.received_at, '-infinity')
     ORDER BY received_at DESC LIMIT 1)
    UNION ALL
    (SELECT received_at FROM usage WHERE usage.device_id = device.device_id
         AND received_at > coalesce(device_latest.received_at, '-infinity')
     ORDER BY received_at DESC LIMIT 1)
    UNION ALL
    (SELECT received_at FROM condition WHERE condition.device_id = device.device_id
         AND received_at > coalesce(device_latest.received_at, '-infinity')
     ORDER BY received_at DESC LIMIT 1)
    UNION ALL
    (SELECT received_at FROM fault WHERE fault.device_id = device.device_id
         AND received_at > coalesce(device_latest.received_at, '-infinity')
     ORDER BY received_at DESC LIMIT 1)
    UNION ALL
    (SELECT received_at FROM call WHERE call.device_id = device.device_id
         AND received_at > coalesce(device_latest.received_at, '-infinity')
     ORDER BY received_at DESC LIMIT 1)
    UNION ALL  -- its own word only: a loss is the broker's
    (SELECT changed_at FROM device_presence WHERE device_presence.device_id = device.device_id
         AND online)
) AS said
WHERE device_id = ANY(%(devices)s)
GROUP BY device_id
HAVING max(said.received_at) IS NOT NULL;

-- name: states
-- What detectors remember of devices.
SELECT device_id, detector, state::text FROM analysis_state WHERE device_id = ANY(%(devices)s);

-- name: save_states
-- Stores what detectors remember.
INSERT INTO analysis_state (device_id, detector, state, due_at, updated_at)
SELECT device_id, detector, state::jsonb, due_at, %(now)s
FROM unnest(
    %(devices)s::int[], %(detectors)s::text[], %(states)s::text[], %(due)s::timestamptz[]
) AS new (device_id, detector, state, due_at)
ON CONFLICT (device_id, detector) DO UPDATE
SET state = excluded.state, due_at = excluded.due_at, updated_at = excluded.updated_at;

-- name: forget_states
-- Forgets what detectors do not want to remember any more.
DELETE FROM analysis_state
USING unnest(%(devices)s::int[], %(detectors)s::text[]) AS old (device_id, detector)
WHERE analysis_state.device_id = old.device_id AND analysis_state.detector = old.detector;

-- name: move_cursors
-- Remembers how far the log was read; where nothing moved, now and then that it was looked at.
UPDATE analysis_cursor
SET log_no = new.head,
    received_at = greatest(analysis_cursor.received_at, new.received_at),
    cycled_at = %(now)s
FROM unnest(%(shards)s::smallint[], %(heads)s::bigint[], %(received)s::timestamptz[])
         AS new (shard, head, received_at)
WHERE analysis_cursor.shard = new.shard
  AND (analysis_cursor.log_no <> new.head OR cycled_at IS NULL
       OR cycled_at < %(now)s::timestamptz - interval '5 seconds');

-- name: snooze
-- Puts off timers of a detector that failed, so that they hold up no other's.
UPDATE analysis_state SET due_at = %(later)s
FROM unnest(%(devices)s::int[], %(detectors)s::text[]) AS failed (device_id, detector)
WHERE analysis_state.device_id = failed.device_id AND analysis_state.detector = failed.detector;
