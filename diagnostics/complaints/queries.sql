-- name: terms_of
-- The contract terms of a municipality.
SELECT jsonb_agg(terms) AS contracts FROM contract_terms WHERE municipality_code = %(code)s;

-- name: lock
-- A complaint, locked until the transaction ends.
SELECT complaint_id, municipality_code, client_id, received_at, take_up_due_at, handle_due_at,
       taken_up_at, handled_at, version
FROM complaint WHERE complaint_id = %(complaint_id)s
FOR NO KEY UPDATE;

-- name: told
-- Which warnings and breaches are in the log.
SELECT kind, detail ->> 'target' AS target FROM complaint_event
WHERE complaint_id = %(complaint_id)s AND kind IN ('warned', 'breached');

-- name: insert_event
-- Appends to the log; the complaint's row is locked.
INSERT INTO complaint_event (complaint_id, event_no, at, happened_at, actor, kind, detail)
SELECT %(complaint_id)s, coalesce(max(event_no), 0) + 1, %(at)s, %(happened_at)s, %(actor)s,
       %(kind)s, %(detail)s
FROM complaint_event WHERE complaint_id = %(complaint_id)s;

-- name: clocked
-- When to look again, and how many terms are broken.
UPDATE complaint
SET next_clock_at = %(next_clock_at)s,
    breaches = (SELECT count(*) FROM complaint_event
                WHERE complaint_event.complaint_id = complaint.complaint_id AND kind = 'breached')
WHERE complaint_id = %(complaint_id)s;

-- name: claim_clock
-- Takes the complaint whose clocks are due first.
SELECT complaint_id FROM complaint
WHERE next_clock_at <= %(now)s
ORDER BY next_clock_at
LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED;

-- name: postpone_clock
-- Looks at a complaint's clocks again then.
UPDATE complaint SET next_clock_at = %(until)s WHERE complaint_id = %(complaint_id)s;
