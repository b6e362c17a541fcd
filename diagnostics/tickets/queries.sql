-- name: device_place
-- Where a device is, whose contract holds there, and whether its client wholly depends on it: unless
-- it is known otherwise, yes.
SELECT device.name AS device_name, device.postcode4, device.municipality_code,
       coalesce(client.wholly_dependent, true) AS wholly_dependent
FROM device
LEFT JOIN client USING (client_id)
WHERE device.device_id = %(device_id)s;

-- name: insert_ticket
-- Opens a ticket; no row if the device has one open for this already, even one not yet committed.
INSERT INTO ticket (
    device_id, kind, what, priority, dedup_key, opened_at, evidence_at, since
) VALUES (
    %(device_id)s, %(kind)s, %(what)s, %(priority)s, %(dedup_key)s, %(opened_at)s,
    %(evidence_at)s, %(since)s
)
ON CONFLICT ON CONSTRAINT ticket_one_open DO NOTHING
RETURNING ticket_id;

-- name: lock_ticket
-- One ticket, locked until the transaction ends.
SELECT ticket_id FROM ticket WHERE ticket_id = %(ticket_id)s FOR NO KEY UPDATE;

-- name: read_ticket
-- What does not follow from the log of a ticket, and the contract terms of the municipality that it was reported in.
SELECT ticket.ticket_id, ticket.device_id, aid.name AS device_name, ticket.kind, ticket.what,
       ticket.opened_at, ticket.evidence_at, ticket.since, ticket.postcode4,
       ticket.municipality_code, ticket.version,
       (SELECT jsonb_agg(terms) FROM contract_terms
        WHERE contract_terms.municipality_code = ticket.municipality_code) AS contracts
FROM ticket
JOIN aid USING (device_id)
WHERE ticket.ticket_id = %(ticket_id)s;

-- name: events
-- The log of a ticket, in the order in which it was written.
SELECT event_no AS number, at, actor, kind, detail, happened_at, request_id::text AS request_id
FROM ticket_event
WHERE ticket_id = %(ticket_id)s
ORDER BY event_no;

-- name: find_open
-- The device's open ticket of one key.
SELECT ticket_id FROM ticket
WHERE device_id = %(device_id)s AND dedup_key = %(dedup_key)s;

-- name: find_mechanics
-- The device's newest emergency for which somebody still has to come.
SELECT ticket_id FROM ticket
WHERE device_id = %(device_id)s AND kind = 'emergency' AND closed_at IS NULL
ORDER BY ticket_id DESC
LIMIT 1;

-- name: open_of
-- The other open tickets of a device.
SELECT ticket_id FROM ticket
WHERE device_id = %(device_id)s AND closed_at IS NULL AND ticket_id <> %(but)s
ORDER BY ticket_id;

-- name: lock_free
-- Some open tickets, locked until the transaction ends, but for those that somebody works on.
SELECT ticket_id FROM ticket
WHERE ticket_id = ANY(%(ticket_ids)s) AND closed_at IS NULL
ORDER BY ticket_id
FOR NO KEY UPDATE SKIP LOCKED;

-- name: one_report
-- One after the other: the same report may be sent twice at the same moment.
SELECT pg_advisory_xact_lock(hashtextextended('report:' || %(request_id)s, 0));

-- name: find_report
-- The ticket of a report that was written before.
SELECT ticket_id FROM ticket_event
WHERE request_id = %(request_id)s::uuid AND kind = 'reported';

-- name: last_release
-- When the device's newest emergency was released.
SELECT max(released_at) AS released_at FROM ticket
WHERE device_id = %(device_id)s AND kind = 'emergency';

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

-- name: account
-- An account that can be given a ticket.
SELECT account_id FROM account WHERE account_id = %(account_id)s AND disabled_at IS NULL;

-- name: claim_clock
-- Takes the open ticket whose clocks are due first, also if that was worked out by a clock that ran
-- ahead of the present.
SELECT ticket_id FROM ticket
WHERE closed_at IS NULL
  AND (next_clock_at <= %(now)s OR clocked_at > %(now)s)
ORDER BY next_clock_at NULLS LAST
LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED;

-- name: postpone_clock
-- Looks at a ticket's clocks again then.
UPDATE ticket SET next_clock_at = %(until)s, clocked_at = %(now)s WHERE ticket_id = %(ticket_id)s;

-- name: update_ticket
-- Stores what follows from a longer log. The key is free when an emergency is released, and when
-- anything else is closed.
UPDATE ticket
SET priority = %(priority)s,
    reported_at = %(reported_at)s,
    on_site_due_at = %(on_site_due_at)s,
    repaired_due_at = %(repaired_due_at)s,
    acknowledged_at = %(acknowledged_at)s,
    unanswered = %(unanswered)s,
    assigned_to = %(assigned_to)s,
    under_way_at = %(under_way_at)s,
    arrives_at = %(arrives_at)s,
    on_site_at = %(on_site_at)s,
    all_clear_at = %(all_clear_at)s,
    released_at = %(released_at)s,
    repaired_at = %(repaired_at)s,
    closed_at = %(closed_at)s,
    appointment_begin = %(appointment_begin)s,
    appointment_end = %(appointment_end)s,
    breach_at = %(breach_at)s,
    breaches = %(breaches)s,
    on_site_outcome = %(on_site_outcome)s,
    on_site_certain_at = %(on_site_certain_at)s,
    repaired_outcome = %(repaired_outcome)s,
    repaired_certain_at = %(repaired_certain_at)s,
    next_clock_at = %(next_clock_at)s,
    clocked_at = %(now)s,
    dedup_key = CASE
        WHEN coalesce(%(released_at)s::timestamptz, %(closed_at)s::timestamptz) IS NULL
        THEN dedup_key
    END,
    version = %(version)s
WHERE ticket_id = %(ticket_id)s;

-- name: end_findings
-- With its ticket a finding is over, also one that nothing else ends. What an emergency leaves to be
-- repaired is not: it gets a ticket of its own.
UPDATE finding SET ended_at = %(now)s
FROM ticket
WHERE finding.ticket_id = %(ticket_id)s AND finding.ended_at IS NULL
  AND ticket.ticket_id = finding.ticket_id
  AND (ticket.kind <> 'emergency' OR finding.asks <> 'repair');

-- name: insert_event
-- Appends to the ticket's log; the ticket's row is locked, so numbers do not race.
INSERT INTO ticket_event (
    ticket_id, event_no, at, actor, kind, detail, happened_at, request_id
) VALUES (
    %(ticket_id)s, %(number)s, %(at)s, %(actor)s, %(kind)s, %(detail)s, %(happened_at)s,
    %(request_id)s::uuid
);

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

-- name: serviced
-- An aid was serviced or inspected.
UPDATE device SET serviced_on = greatest(serviced_on, %(on)s::date) WHERE device_id = %(device_id)s;
