-- name: origin
-- The message that the first evidence of a ticket is, by the log; readings only where something goes on.
WITH evidence AS (
    SELECT device.name, (finding.evidence ->> 'shard')::smallint AS shard, log_no::bigint AS log_no
    FROM finding
    JOIN device USING (device_id)
    CROSS JOIN LATERAL jsonb_array_elements_text(finding.evidence -> 'log_nos') AS log_no
    WHERE finding.ticket_id = %(ticket_id)s
    ORDER BY log_no::bigint
    LIMIT 1
), message AS (
    SELECT 'call' AS kind, shard, log_no, outbox_no, seq, received_at
    FROM call JOIN evidence USING (shard, log_no)
    UNION ALL SELECT 'fault', shard, log_no, outbox_no, seq, received_at
    FROM fault JOIN evidence USING (shard, log_no)
    UNION ALL SELECT 'usage', shard, log_no, outbox_no, seq, received_at
    FROM usage JOIN evidence USING (shard, log_no)
    UNION ALL SELECT 'status', shard, log_no, outbox_no, seq, received_at
    FROM status JOIN evidence USING (shard, log_no) WHERE NOT at_rest
    UNION ALL SELECT 'presence', shard, log_no, outbox_no, head_seq, received_at
    FROM presence JOIN evidence USING (shard, log_no)
)
SELECT evidence.name, outbox.outbox_id::text, message.seq, message.kind, message.received_at
FROM evidence JOIN message USING (shard, log_no) JOIN outbox USING (outbox_no)
LIMIT 1;
