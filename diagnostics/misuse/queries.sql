-- name: aid
-- Who has an aid now, and whose contract it is under.
SELECT device.name AS device_name, device.client_id, client.client_number,
       coalesce(client.municipality_code, device.municipality_code) AS municipality_code
FROM device
LEFT JOIN client USING (client_id)
WHERE device.device_id = %(device_id)s;

-- name: insert_case
-- Opens a case; no row if one of this key is open, even one not yet committed.
INSERT INTO misuse_case (
    device_id, client_id, municipality_code, kind, dedup_key, opened_at, item, since
) VALUES (
    %(device_id)s, %(client_id)s, %(municipality_code)s, %(kind)s, %(dedup_key)s, %(now)s, %(item)s,
    %(since)s
)
ON CONFLICT ON CONSTRAINT misuse_case_one_open DO NOTHING
RETURNING case_id;

-- name: find_open
-- The open case of a key.
SELECT case_id FROM misuse_case
WHERE device_id = %(device_id)s AND dedup_key = %(dedup_key)s;

-- name: one_signal
-- One after the other: the same signal may be sent twice at the same moment.
SELECT pg_advisory_xact_lock(hashtextextended('misuse:' || %(request_id)s, 0));

-- name: find_request
-- The case that a request was written into before.
SELECT case_id FROM misuse_event WHERE request_id = %(request_id)s::uuid LIMIT 1;

-- name: lock_case
-- One case, locked until the transaction ends.
SELECT case_id FROM misuse_case WHERE case_id = %(case_id)s FOR NO KEY UPDATE;

-- name: read_case
-- What does not follow from the log of a case, and what its municipality agreed upon.
SELECT misuse_case.case_id, misuse_case.device_id, aid.name AS device_name, client_number,
       misuse_case.municipality_code, misuse_case.kind, opened_at, version,
       (SELECT jsonb_agg(terms) FROM misuse_terms
        WHERE misuse_terms.municipality_code = misuse_case.municipality_code) AS terms
FROM misuse_case
JOIN aid USING (device_id)
LEFT JOIN client ON client.client_id = misuse_case.client_id
WHERE misuse_case.case_id = %(case_id)s;

-- name: events
-- The log of a case, in the order in which it was written.
SELECT event_no AS number, at, actor, kind, detail, happened_at, request_id::text AS request_id
FROM misuse_event
WHERE case_id = %(case_id)s
ORDER BY event_no;

-- name: update_case
-- Stores what follows from a longer log. The key is free when the case is closed.
UPDATE misuse_case
SET item = %(item)s, since = %(since)s, stage = %(stage)s, unreviewed = %(unreviewed)s,
    client_heard = %(client_heard)s, visit_ticket_id = %(visit)s, reported_at = %(reported_at)s,
    decide_by = %(decide_by)s, remind_at = %(remind_at)s, decision = %(decision)s,
    decided_at = %(decided_at)s, outcome = %(outcome)s, closed_at = %(closed_at)s,
    dedup_key = CASE WHEN %(closed_at)s::timestamptz IS NULL THEN dedup_key END,
    version = %(version)s
WHERE case_id = %(case_id)s;

-- name: insert_event
-- Appends to the case's log; its row is locked, so numbers do not race.
INSERT INTO misuse_event (case_id, event_no, at, actor, kind, detail, happened_at, request_id)
VALUES (
    %(case_id)s, %(number)s, %(at)s, %(actor)s, %(kind)s, %(detail)s, %(happened_at)s,
    %(request_id)s::uuid
);

-- name: insert_notification
-- Stores a message to send after commit. Event numbers do not repeat: nor does this.
INSERT INTO notification (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at, municipality_code,
    misuse_case_id
) VALUES (
    %(dedup_key)s, %(channel)s, %(recipient)s, %(payload)s, %(now)s, %(now)s, %(municipality)s,
    %(case_id)s
);

-- name: announce
-- Tells live views of the case, and senders that there is something to send, at commit.
SELECT pg_notify('liftwacht_live', %(live)s), pg_notify('liftwacht_notification', '');

-- name: link_finding
-- Says which case a finding became.
UPDATE finding SET misuse_case_id = %(case_id)s WHERE finding_id = %(finding_id)s;

-- name: due_signals
-- Signals that are certain, last, and are of no case yet. Of an aid that nobody has, nobody can be
-- asked about its use; of a client whose data may not be used (article 18), nothing is made of them
-- until that is lifted. What was seen while somebody else had the aid, or began then, is nothing about who
-- has it now, whichever way it came to them.
SELECT finding_id, finding.device_id, device.name AS device, detector, detector_version, what, since,
       found_at, confidence, reasons, otherwise, trouble.attempts
FROM finding
JOIN device USING (device_id)
LEFT JOIN misuse_trouble AS trouble USING (finding_id)
WHERE (trouble.again_at IS NULL OR trouble.again_at <= %(now)s)
  AND asks = 'signal' AND level = 'certain' AND ended_at IS NULL AND misuse_case_id IS NULL
  AND NOT device.test AND device.client_id IS NOT NULL AND device.retired_at IS NULL
  AND NOT EXISTS (
      SELECT FROM client_restriction WHERE client_restriction.client_id = device.client_id)
  AND finding.municipality_code = device.municipality_code
  AND EXISTS (
      SELECT FROM lent
      WHERE lent.device_id = finding.device_id AND lent.client_id = device.client_id
        AND lent.end_at IS NULL AND lent.begin_at <= finding.since)
ORDER BY finding_id
LIMIT %(limit)s
FOR NO KEY UPDATE OF finding SKIP LOCKED;

-- name: signals_over
-- Open cases with a finding that has ended, of which the case does not say so yet.
SELECT misuse_case.case_id, finding.finding_id, trouble.attempts
FROM misuse_case
JOIN finding ON finding.misuse_case_id = misuse_case.case_id
LEFT JOIN misuse_trouble AS trouble ON trouble.finding_id = finding.finding_id
WHERE (trouble.again_at IS NULL OR trouble.again_at <= %(now)s)
  AND misuse_case.closed_at IS NULL AND finding.ended_at IS NOT NULL
  AND NOT EXISTS (
      SELECT FROM misuse_event
      WHERE misuse_event.case_id = misuse_case.case_id AND kind = 'signal_over'
        AND (misuse_event.detail ->> 'finding')::bigint = finding.finding_id
  )
LIMIT %(limit)s
FOR NO KEY UPDATE OF misuse_case SKIP LOCKED;

-- name: postpone_finding
-- A finding could not be brought into a case; it is tried again then.
INSERT INTO misuse_trouble (finding_id, attempts, again_at, error)
VALUES (%(finding_id)s, %(attempts)s, %(again_at)s, %(error)s)
ON CONFLICT (finding_id) DO UPDATE
SET attempts = excluded.attempts, again_at = excluded.again_at, error = excluded.error;

-- name: forget_trouble
-- It went well after all.
DELETE FROM misuse_trouble WHERE finding_id = %(finding_id)s;

-- name: due_reminders
-- Takes the case of which the municipality is to be reminded first.
SELECT case_id FROM misuse_case
WHERE remind_at <= %(now)s
ORDER BY remind_at
LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED;

-- name: postpone_reminder
-- Looks at a case again then.
UPDATE misuse_case SET remind_at = %(until)s WHERE case_id = %(case_id)s;

-- name: store_terms
-- What holds in a municipality from a day on.
INSERT INTO misuse_terms (municipality_code, valid_from, valid_through, terms)
VALUES (%(municipality)s, %(valid_from)s, %(valid_through)s, %(terms)s)
ON CONFLICT (municipality_code, valid_from) DO UPDATE
SET valid_through = excluded.valid_through, terms = excluded.terms, loaded_at = now();

-- name: terms
-- What a municipality agreed upon, of all times.
SELECT jsonb_agg(terms) AS terms FROM misuse_terms WHERE municipality_code = %(municipality)s;

-- name: insert_file
-- Stores a file.
INSERT INTO misuse_file (case_id, name, media_type, sha256, bytes, content, attached_at, actor)
VALUES (
    %(case_id)s, %(name)s, %(media_type)s, %(sha256)s, %(bytes)s, %(content)s, %(now)s, %(actor)s
)
RETURNING file_id;

-- name: files
-- The files of a case, without their content.
SELECT file_id, case_id, name, media_type, sha256, bytes, attached_at, actor FROM misuse_file
WHERE case_id = %(case_id)s
ORDER BY file_id;

-- name: content
-- A file with its content.
SELECT file_id, case_id, name, media_type, sha256, bytes, attached_at, actor, content
FROM misuse_file
WHERE case_id = %(case_id)s AND file_id = %(file_id)s;
