-- name: claim
-- One engine at a time looks after the platform; the others look again later.
SELECT pg_try_advisory_xact_lock(hashtext('liftwacht_vigil'));

-- name: readings
-- What the parts left behind.
SELECT clock_timestamp() AS database_now,
       (SELECT count(DISTINCT shard)::int
        FROM listener
        CROSS JOIN generate_series(first_shard::int, last_shard::int) AS heard (shard)
        WHERE beat_at > %(alive_since)s AND listening_since IS NOT NULL) AS shards_heard,
       (SELECT CASE WHEN bool_and(cycled_at IS NOT NULL) THEN min(cycled_at) END
        FROM diagnosis_cursor) AS engine_cycled_at,
       (SELECT coalesce(jsonb_object_agg(part, beat_at), '{}')
        FROM (SELECT part, max(beat_at) AS beat_at FROM heartbeat GROUP BY part) AS newest) AS beats,
       -- Other systems that are slow or away are no illness of ours.
       (SELECT count(*) FROM notification
        WHERE next_attempt_at < %(overdue_before)s
          AND (channel <> 'webhook' OR target_id IS NULL)) AS overdue,
       newest.ended_at AS tested_at,
       newest.heard_at IS NOT NULL AS test_passed
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
    SELECT ended_at, heard_at FROM self_test ORDER BY ended_at DESC LIMIT 1
) AS newest ON true;

-- name: troubles
-- What is known to be ill.
SELECT trouble_id, part, detail, since, paged_at, pages FROM platform_trouble
WHERE ended_at IS NULL;

-- name: begin
-- A part is ill.
INSERT INTO platform_trouble (part, detail, since) VALUES (%(part)s, %(detail)s, %(now)s);

-- name: go_on
-- It still is, or is no more; people were told, or not.
UPDATE platform_trouble
SET detail = %(detail)s,
    paged_at = CASE WHEN %(paged)s THEN %(now)s ELSE paged_at END,
    pages = pages + %(paged)s::int,
    ended_at = CASE WHEN %(ended)s THEN %(now)s::timestamptz END
WHERE trouble_id = %(trouble_id)s;

-- name: odd
-- What is odd about who modems are, of the last day: kinds that an administrator must hear of.
SELECT security_event.kind, device.name AS device,
       (security_event.at AT TIME ZONE 'Europe/Amsterdam')::date AS day
FROM security_event LEFT JOIN device USING (device_id)
WHERE security_event.at > %(since)s
  AND (makes_doubtful OR security_event.kind IN
       ('strange_certificate', 'code_misused', 'wrong_request', 'revoked'))
ORDER BY event_id;
