-- name: open
-- Tickets of the test lift that are open: when its call was made, and when it heard of help. By its
-- own clock, unless that is off: then by ours, when the call came in.
SELECT ticket.ticket_id, ticket.opened_at,
       CASE WHEN made.measured_at BETWEEN made.received_at - interval '1 minute' AND made.received_at
            THEN made.measured_at
            ELSE coalesce(made.received_at, ticket.evidence_at) END AS called_at,
       (SELECT min(at) FROM ticket_event
        WHERE ticket_event.ticket_id = ticket.ticket_id AND kind = 'lift_heard') AS heard_at
FROM ticket
LEFT JOIN LATERAL (
    SELECT measured_at, received_at FROM call
    WHERE call.device_id = ticket.device_id
      AND call.received_at BETWEEN ticket.evidence_at - interval '1 minute' AND ticket.opened_at
    ORDER BY received_at
    LIMIT 1
) AS made ON true
WHERE ticket.test AND ticket.closed_at IS NULL
FOR NO KEY UPDATE OF ticket SKIP LOCKED;

-- name: end
-- What came of a test.
INSERT INTO self_test (ticket_id, called_at, opened_at, heard_at, ended_at)
VALUES (%(ticket_id)s, %(called_at)s, %(opened_at)s, %(heard_at)s, %(now)s);
