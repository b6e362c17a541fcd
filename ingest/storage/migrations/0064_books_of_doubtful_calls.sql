-- A call that came under a number of another message made the books look as if one were missing, for ever.

-- The books, stage by stage: what came in is somewhere, or is missing. One statement sees one moment,
-- so that nothing is ever missing only because it is under way.
CREATE OR REPLACE FUNCTION accounts(moment timestamptz)
RETURNS TABLE (stage text, made bigint, done bigint, waiting bigint, missing bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Each worker: received = stored + duplicate + quarantined (+ waiting).
    SELECT 'received', coalesce(sum(received), 0)::bigint,
        coalesce(sum(stored + duplicate + quarantined), 0)::bigint,
        coalesce(sum(listener.waiting), 0)::bigint,
        coalesce(sum(abs(received - stored - duplicate - quarantined - listener.waiting)), 0)::bigint
    FROM listener WHERE beat_at > moment - INTERVAL '1 minute'
    UNION ALL
    -- Each shard since its book: log numbers given = numbers marked as stored + connections kept + calls
    -- under a number that was taken: they get one below zero, and mark none.
    SELECT 'stored', coalesce(sum(given), 0)::bigint, coalesce(sum(kept), 0)::bigint, 0,
        coalesce(sum(abs(given - kept)), 0)::bigint
    FROM (
        SELECT shard.log_no - book.log_no AS given,
            coalesce(marked.count, 0) - book.seen + (
                SELECT count(*) FROM presence
                WHERE presence.shard = shard.shard AND presence.log_no > book.log_no
                  AND presence.log_no <= shard.log_no
            ) + (
                SELECT count(*) FROM call
                WHERE call.shard = shard.shard AND call.log_no > book.log_no
                  AND call.log_no <= shard.log_no AND call.seq < 0
            ) AS kept
        FROM shard
        JOIN LATERAL (
            SELECT log_no, seen FROM account_book
            WHERE account_book.shard = shard.shard ORDER BY at DESC LIMIT 1
        ) AS book ON true
        LEFT JOIN (
            SELECT device.shard, sum(numbers_in(seen)) AS count
            FROM outbox JOIN device USING (device_id) GROUP BY device.shard
        ) AS marked ON marked.shard = shard.shard
    ) AS since
    UNION ALL
    -- Each lane: log numbers = judged + waiting; a place beyond the log cannot be, and a shard that has
    -- no turn while its lane goes on is missing, and not waiting.
    SELECT 'judged', coalesce(sum(shard.log_no), 0)::bigint,
        coalesce(sum(least(reader.log_no, shard.log_no)), 0)::bigint,
        coalesce(sum(greatest(shard.log_no - reader.log_no, 0)) FILTER (WHERE NOT stalled), 0)::bigint,
        coalesce(sum(greatest(reader.log_no - shard.log_no, 0)
            + CASE WHEN stalled THEN greatest(shard.log_no - reader.log_no, 0) ELSE 0 END), 0)::bigint
    FROM shard
    JOIN (
        SELECT shard, log_no, coalesce(max(cycled_at) OVER () > moment - INTERVAL '1 minute', false)
            AND coalesce(cycled_at < moment - INTERVAL '5 minutes', true) AS stalled
        FROM diagnosis_cursor
        UNION ALL
        SELECT shard, log_no, coalesce(max(cycled_at) OVER () > moment - INTERVAL '2 minutes', false)
            AND coalesce(cycled_at < moment - INTERVAL '10 minutes', true)
        FROM analysis_cursor
    ) AS reader USING (shard)
    UNION ALL
    -- Each fresh call for help of a day that was judged = one that an emergency was opened for.
    SELECT 'calls', count(*), count(*) FILTER (WHERE answered), 0,
        count(*) FILTER (WHERE NOT answered)
    FROM (
        SELECT DISTINCT ON (call.device_id, call.call_id) EXISTS (
            SELECT FROM ticket
            WHERE ticket.device_id = call.device_id AND ticket.kind = 'emergency'
              AND coalesce(ticket.released_at, 'infinity') >= call.since
        ) AS answered
        FROM call
        JOIN call_cursor USING (shard)
        JOIN diagnosis_cursor USING (shard)
        WHERE call.received_at BETWEEN moment - INTERVAL '1 day' AND moment - INTERVAL '1 minute'
          AND call.received_at - call.measured_at <= INTERVAL '1 minute'
          AND call.reason <> 'test' AND call.phase <> 'cleared'
          AND call.log_no <= least(call_cursor.log_no, diagnosis_cursor.log_no)
        ORDER BY call.device_id, call.call_id, call.received_at
    ) AS heard
    UNION ALL
    -- Each message of a day: made = sent + given up (+ waiting), each once; and what was sent was
    -- written down as sent. What is passed on to several is never sent itself.
    SELECT 'notifications', count(*),
        count(*) FILTER (WHERE ends = 1), count(*) FILTER (WHERE ends = 0 AND due),
        count(*) FILTER (WHERE ends + due::int <> 1 OR unwritten)
    FROM (
        SELECT num_nonnulls(delivered_at, given_up_at, superseded_at) AS ends,
            next_attempt_at IS NOT NULL AS due,
            delivered_at IS NOT NULL AND channel <> 'person'
                AND (channel <> 'webhook' OR target_id IS NOT NULL)
                AND NOT EXISTS (
                    SELECT FROM delivery
                    WHERE delivery.notification_id = notification.notification_id
                      AND outcome = 'delivered'
                ) AS unwritten
        FROM notification WHERE created_at > moment - INTERVAL '1 day'
    ) AS message
$$;
