-- name: client
-- A client of a number; a municipality finds its own only.
SELECT client_id, client_number, municipality_code FROM client WHERE client_number = %(number)s;

-- name: register
-- A request came.
INSERT INTO subject_request (municipality_code, client_id, kind, via, text, received_at,
                             registered_at, due_at)
VALUES (%(municipality_code)s, %(client_id)s, %(kind)s, %(via)s, %(text)s, %(received_at)s, %(now)s,
        %(due_at)s)
RETURNING request_id;

-- name: write
-- What happened to it.
INSERT INTO subject_event (request_id, event_no, at, actor, kind, detail)
SELECT %(number)s, coalesce(max(event_no), 0) + 1, %(now)s, %(actor)s, %(kind)s, %(detail)s
FROM subject_event WHERE request_id = %(number)s;

-- name: request
-- One request, as it stands.
SELECT request_id AS number, subject_request.municipality_code, subject_request.client_id,
       client_number, subject_request.kind, via, text, received_at, registered_at, due_at, extended,
       identified_at, decision, decided_at, done_at, answered_at, version,
       EXISTS (SELECT FROM client_restriction AS held
               WHERE held.request_id = subject_request.request_id) AS restricted
FROM subject_request
JOIN client ON client.client_id = subject_request.client_id
WHERE request_id = %(number)s;

-- name: lock
-- One after the other.
SELECT version FROM subject_request WHERE request_id = %(number)s FOR NO KEY UPDATE;

-- name: events
-- Its log.
SELECT event_no AS number, at, actor, kind, detail FROM subject_event
WHERE request_id = %(number)s ORDER BY event_no;

-- name: requests
-- Requests: first the open ones by when they are due, then those answered, newest first.
SELECT request_id AS number, subject_request.municipality_code, client_number, subject_request.kind,
       received_at, due_at, extended, identified_at, decision, done_at, answered_at
FROM subject_request
JOIN client ON client.client_id = subject_request.client_id
WHERE %(all)s OR answered_at IS NULL
ORDER BY answered_at IS NOT NULL, CASE WHEN answered_at IS NULL THEN due_at END, request_id DESC
LIMIT 500;

-- name: update
-- How it stands now.
UPDATE subject_request
SET due_at = %(due_at)s, extended = %(extended)s, identified_at = %(identified_at)s,
    decision = %(decision)s,
    decided_at = CASE WHEN %(decision)s::text IS NOT NULL THEN coalesce(decided_at, %(now)s) END,
    done_at = %(done_at)s, answered_at = %(answered_at)s, version = version + 1
WHERE request_id = %(number)s;

-- name: erase
-- Erases what is about its client, but for what must be kept.
SELECT erase_subject(%(who)s, %(number)s, %(now)s) AS said;

-- name: restrict
-- Its client's data are kept and not used.
INSERT INTO client_restriction (client_id, municipality_code, request_id, since)
VALUES (%(client_id)s, %(municipality_code)s, %(number)s, %(now)s)
ON CONFLICT (client_id) DO NOTHING;

-- name: restricted
-- Whether the data of a client, or of a ticket's, may not be used.
SELECT EXISTS (
    SELECT FROM client_restriction JOIN client USING (client_id)
    WHERE client_number = %(client)s
) OR EXISTS (
    SELECT FROM client_restriction JOIN ticket USING (client_id)
    WHERE ticket_id = %(ticket)s
) AS restricted;

-- name: lift
-- …and may be used again.
DELETE FROM client_restriction WHERE request_id = %(number)s;

-- name: data
-- Everything about its client, section by section.
SELECT section, content FROM subject_data(%(who)s, %(number)s, %(now)s);

-- name: readings
-- The readings of their aids while these were theirs.
SELECT * FROM subject_readings(%(who)s, %(number)s) LIMIT %(most)s;

-- name: files
-- The files.
SELECT path, content FROM subject_files(%(who)s, %(number)s) LIMIT 500;

-- name: due
-- Requests that are due soon or overdue, with who is to be told.
SELECT request_id AS number, subject_request.municipality_code, due_at, login
FROM subject_request
JOIN account ON disabled_at IS NULL
    AND (account.role = 'privacy_officer'
         AND account.municipality_code = subject_request.municipality_code
         OR account.role = 'administrator' AND due_at < %(now)s::timestamptz)
WHERE answered_at IS NULL AND due_at < %(now)s::timestamptz + interval '7 days';
