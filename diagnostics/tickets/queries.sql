-- name: device_place
-- The device's name and whether its address is outside the two-hour guarantee.
SELECT device.name AS device_name,
       EXISTS (
           SELECT FROM exempt_postcode WHERE exempt_postcode.postcode4 = device.postcode4
       ) AS exempt
FROM device
WHERE device.device_id = %(device_id)s;

-- name: insert_ticket
-- Opens a ticket; no row if the device has one open for this already, even one not yet committed.
INSERT INTO ticket (
    device_id, kind, what, priority, dedup_key, opened_at, evidence_at, since,
    on_site_due_at, repaired_due_at
) VALUES (
    %(device_id)s, %(kind)s, %(what)s, %(priority)s, %(dedup_key)s, %(opened_at)s, %(evidence_at)s, %(since)s,
    %(on_site_due_at)s, %(repaired_due_at)s
)
ON CONFLICT ON CONSTRAINT ticket_one_open DO NOTHING
RETURNING ticket_id;

-- name: lock_ticket
-- One ticket with the calls that belong to it, locked until the transaction ends.
SELECT ticket.ticket_id, ticket.device_id, device.name AS device_name, ticket.kind, ticket.what,
       ticket.priority,
       ticket.opened_at, ticket.evidence_at, ticket.since, ticket.on_site_due_at,
       ticket.repaired_due_at, ticket.acknowledged_at, ticket.all_clear_at, ticket.closed_at,
       ticket.version,
       ARRAY(
           SELECT detail ->> 'call_id' FROM ticket_event
           WHERE ticket_event.ticket_id = ticket.ticket_id AND ticket_event.kind = 'called'
           ORDER BY event_no
       ) AS call_ids
FROM ticket
JOIN device USING (device_id)
WHERE ticket.ticket_id = %(ticket_id)s
FOR NO KEY UPDATE OF ticket;

-- name: find_open
-- The device's open ticket of one key.
SELECT ticket_id FROM ticket
WHERE device_id = %(device_id)s AND dedup_key = %(dedup_key)s;

-- name: last_release
-- When the device's newest emergency was released.
SELECT max(closed_at) AS closed_at FROM ticket WHERE device_id = %(device_id)s AND kind = 'emergency';

-- name: find_by_call
-- The newest ticket of the device that a call belongs to, open or closed.
SELECT ticket.ticket_id FROM ticket
JOIN ticket_event USING (ticket_id)
WHERE ticket.device_id = %(device_id)s
  AND ticket_event.kind = 'called' AND ticket_event.detail ->> 'call_id' = %(call_id)s
ORDER BY ticket.ticket_id DESC
LIMIT 1;

-- name: find_by_command
-- The ticket that a command to the lift was sent for, and what it told.
SELECT ticket_id, payload FROM notification WHERE dedup_key = %(dedup_key)s;

-- name: update_ticket
-- Stores a changed ticket; the key is null exactly when it is closed.
UPDATE ticket
SET priority = %(priority)s,
    repaired_due_at = %(repaired_due_at)s,
    acknowledged_at = %(acknowledged_at)s,
    all_clear_at = %(all_clear_at)s,
    closed_at = %(closed_at)s,
    dedup_key = CASE WHEN %(closed_at)s::timestamptz IS NULL THEN dedup_key END,
    version = %(version)s
WHERE ticket_id = %(ticket_id)s;

-- name: end_findings
-- With its ticket a finding is over, also one that nothing else ends. What an emergency leaves to be
-- repaired is not: it gets a ticket of its own.
UPDATE finding SET ended_at = %(now)s
FROM ticket
WHERE finding.ticket_id = %(ticket_id)s AND finding.ended_at IS NULL
  AND ticket.ticket_id = finding.ticket_id
  AND (ticket.kind = 'repair' OR finding.asks <> 'repair');

-- name: insert_event
-- Appends to the ticket's log; the ticket's row is locked, so numbers do not race.
INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind, detail)
SELECT %(ticket_id)s, coalesce(max(event_no), 0) + 1, %(at)s, %(actor)s, %(kind)s, %(detail)s
FROM ticket_event WHERE ticket_id = %(ticket_id)s;

-- name: insert_notification
-- Stores a message to send after commit, once.
INSERT INTO notification (
    dedup_key, ticket_id, channel, recipient, payload, created_at, next_attempt_at
) VALUES (
    %(dedup_key)s, %(ticket_id)s, %(channel)s, %(recipient)s, %(payload)s, %(now)s, %(now)s
)
ON CONFLICT (dedup_key) DO NOTHING;

-- name: announce
-- Tells live views of the ticket, and senders that there is something to send, at commit.
SELECT pg_notify('liftwacht_live', %(live)s), pg_notify('liftwacht_notification', '');
