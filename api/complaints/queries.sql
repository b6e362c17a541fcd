-- name: client
-- A client, and of which municipality.
SELECT client_id, municipality_code FROM client WHERE client_number = %(client_number)s;

-- name: device
-- An aid by its name.
SELECT device_id FROM device WHERE name = %(device)s;

-- name: find_registered
-- The complaint that a request has registered before.
SELECT complaint_id FROM complaint WHERE request_id = %(request_id)s::uuid;

-- name: insert
-- A new complaint.
INSERT INTO complaint (
    municipality_code, client_id, device_id, commission_id, ticket_id, nature, via, text,
    received_at, registered_at, take_up_due_at, handle_due_at, request_id
) VALUES (
    %(municipality_code)s, %(client_id)s, %(device_id)s, %(commission)s, %(ticket)s, %(nature)s,
    %(via)s, %(text)s, %(received_at)s, %(now)s, %(take_up_due_at)s, %(handle_due_at)s,
    %(request_id)s::uuid
)
RETURNING complaint_id;

-- name: take_up
-- Somebody looks into it, unless it was taken up before.
UPDATE complaint SET taken_up_at = %(at)s, version = version + 1
WHERE complaint_id = %(number)s AND taken_up_at IS NULL AND handled_at IS NULL
  AND version = coalesce(%(version)s, version)
RETURNING complaint_id;

-- name: handle
-- It is handled, unless it was before. Who handles it has taken it up.
UPDATE complaint
SET handled_at = %(now)s, taken_up_at = coalesce(taken_up_at, %(now)s), outcome = %(outcome)s,
    outcome_text = %(text)s, measures = %(measures)s, version = version + 1
WHERE complaint_id = %(number)s AND handled_at IS NULL
  AND version = coalesce(%(version)s, version)
RETURNING municipality_code, client_id, received_at;

-- name: page
-- Complaints, newest first.
SELECT complaint_id AS number, complaint.municipality_code AS municipality, client_number,
       aid.name AS device, nature, via, stage, received_at, take_up_due_at, handle_due_at,
       taken_up_at, handled_at, outcome, breaches, complaint.version
FROM complaint
JOIN client USING (client_id)
LEFT JOIN aid USING (device_id)
WHERE (%(before)s::bigint IS NULL OR complaint_id < %(before)s)
  AND (%(municipality)s::text IS NULL OR complaint.municipality_code = %(municipality)s)
  AND (%(client)s::text IS NULL OR client_number = %(client)s)
  AND (%(open)s::boolean IS NULL OR (handled_at IS NULL) = %(open)s)
ORDER BY complaint_id DESC
LIMIT %(limit)s;

-- name: one
-- One complaint.
SELECT complaint_id AS number, complaint.municipality_code AS municipality, client_number,
       aid.name AS device, nature, via, stage, received_at, take_up_due_at, handle_due_at,
       taken_up_at, handled_at, outcome, breaches, complaint.version, complaint.text, outcome_text,
       measures, commission_id AS commission, ticket_id AS ticket
FROM complaint
JOIN client USING (client_id)
LEFT JOIN aid USING (device_id)
WHERE complaint_id = %(number)s;

-- name: events
-- Its log.
SELECT kind, at, actor, detail FROM complaint_event
WHERE complaint_id = %(number)s ORDER BY event_no;

-- name: letters
-- What was written about it.
SELECT letter_id FROM letter WHERE complaint_id = %(number)s ORDER BY letter_id;

-- name: figures
-- What complaints came to, by the month in which they became known, in Dutch time.
SELECT municipality_code AS municipality,
       to_char(received_at AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM') AS month, nature,
       count(*) AS complaints, count(handled_at) AS handled,
       count(*) FILTER (WHERE outcome IN ('founded', 'partly_founded')) AS founded,
       count(*) FILTER (WHERE coalesce(taken_up_at, handled_at, %(now)s) > take_up_due_at)
           AS taken_up_late,
       count(*) FILTER (WHERE coalesce(handled_at, %(now)s) > handle_due_at) AS handled_late,
       (avg(extract(epoch FROM handled_at - received_at)) / 86400)::float AS mean_days
FROM complaint
WHERE received_at >= %(since)s
  AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
GROUP BY municipality_code, month, nature
ORDER BY month DESC, municipality_code, nature;

-- name: desk_open
-- Open complaints, those whose term comes first: too late, or not taken up yet (new).
SELECT complaint_id AS number, nature, via, municipality.name AS municipality, client_number,
       device.name AS device, stage, received_at, take_up_due_at, handle_due_at, taken_up_at,
       handled_at, outcome, handled_at IS NULL AND handle_due_at < %(soon)s AS soon
FROM (
    -- Which ones, before anything is looked up about them.
    SELECT * FROM complaint
    WHERE handled_at IS NULL
      AND CASE %(state)s
              WHEN 'new' THEN taken_up_at IS NULL
              WHEN 'late' THEN handle_due_at < %(now)s
                               OR taken_up_at IS NULL AND take_up_due_at < %(now)s
              ELSE true
          END
      AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
      AND (%(q)s::text IS NULL
           OR client_id IN (SELECT client_id FROM client
                            WHERE client_number ILIKE %(q)s || '%%')
           OR device_id IN (SELECT device_id FROM device WHERE name LIKE lower(%(q)s) || '%%'))
    ORDER BY CASE WHEN taken_up_at IS NULL THEN least(take_up_due_at, handle_due_at)
                  ELSE handle_due_at END, complaint_id
    LIMIT %(limit)s OFFSET %(start)s
) AS complaint
JOIN municipality ON code = complaint.municipality_code
LEFT JOIN client USING (client_id)
LEFT JOIN device USING (device_id)
ORDER BY CASE WHEN taken_up_at IS NULL THEN least(take_up_due_at, handle_due_at)
              ELSE handle_due_at END, complaint_id;

-- name: desk_all
-- Complaints whether open or not, newest first; ``handled``: only those that are not.
SELECT complaint_id AS number, nature, via, municipality.name AS municipality, client_number,
       device.name AS device, stage, received_at, take_up_due_at, handle_due_at, taken_up_at,
       handled_at, outcome, handled_at IS NULL AND handle_due_at < %(soon)s AS soon
FROM complaint
JOIN municipality ON code = complaint.municipality_code
LEFT JOIN client USING (client_id)
LEFT JOIN device USING (device_id)
WHERE (%(state)s <> 'handled' OR handled_at IS NOT NULL)
  AND (%(municipality)s::text IS NULL OR complaint.municipality_code = %(municipality)s)
  AND (%(q)s::text IS NULL OR client_number ILIKE %(q)s || '%%'
       OR device.name LIKE lower(%(q)s) || '%%')
ORDER BY complaint_id DESC
LIMIT %(limit)s OFFSET %(start)s;

-- name: desk_counts
-- How many of each.
SELECT count(*) AS open,
       count(*) FILTER (WHERE taken_up_at IS NULL) AS new,
       count(*) FILTER (WHERE handle_due_at < %(now)s
                        OR taken_up_at IS NULL AND take_up_due_at < %(now)s) AS late
FROM complaint WHERE handled_at IS NULL;

-- name: written
-- The letters that tell an outcome, by whom they go to.
SELECT letter_id AS number, addressee FROM letter WHERE complaint_id = %(number)s ORDER BY letter_id;
