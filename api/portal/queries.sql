-- name: actions
-- Everything that is open for a municipality, most urgent first.
WITH action AS (
    SELECT 'order' AS sort, commission_id AS number,
           CASE WHEN commission.kind IN ('delivery', 'reissue', 'exchange') THEN 'delivery'
                WHEN commission.kind IN ('collection', 'dismantling') THEN 'collection'
                ELSE 'other_commission' END AS group_,
           commission.kind, client_number, aid.name AS device, stage, received_at AS since,
           due_at, expected_on
    FROM commission
    JOIN client ON client.client_id = commission.client_id
    LEFT JOIN aid ON aid.device_id = commission.device_id
    WHERE ended_at IS NULL AND commission.municipality_code = %(code)s
    UNION ALL
    SELECT 'ticket', ticket_id,
           CASE WHEN ticket.kind IN ('emergency', 'repair') THEN 'repair' ELSE 'service' END,
           ticket.kind, client_number, aid.name, stage, coalesce(reported_at, opened_at),
           repaired_due_at, NULL
    FROM ticket
    JOIN aid ON aid.device_id = ticket.device_id
    LEFT JOIN client ON client.client_id = ticket.client_id
    WHERE closed_at IS NULL AND ticket.municipality_code = %(code)s
    UNION ALL
    SELECT 'complaint', complaint_id, 'complaint', nature, client_number, aid.name, stage,
           received_at, handle_due_at, NULL
    FROM complaint
    JOIN client ON client.client_id = complaint.client_id
    LEFT JOIN aid ON aid.device_id = complaint.device_id
    WHERE handled_at IS NULL AND complaint.municipality_code = %(code)s
    UNION ALL
    SELECT 'misuse', case_id, 'misuse', misuse_case.kind, client_number, aid.name,
           misuse_case.stage, reported_at, decide_by, NULL
    FROM misuse_case
    JOIN aid ON aid.device_id = misuse_case.device_id
    LEFT JOIN client ON client.client_id = misuse_case.client_id
    WHERE closed_at IS NULL AND reported_at IS NOT NULL
      AND misuse_case.municipality_code = %(code)s
    UNION ALL
    SELECT 'service', finding_id, 'service', what, client_number, aid.name,
           CASE WHEN due.at <= %(now)s THEN 'overdue' ELSE 'due' END, since, due.at, NULL
    FROM finding
    -- The end of the day by which service is due; what is due by count has no day.
    LEFT JOIN LATERAL (
        SELECT ((each ->> 'date')::date + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam' AS at
        FROM jsonb_array_elements(finding.reasons) AS each
        WHERE each ? 'date'
        LIMIT 1
    ) AS due ON true
    JOIN aid ON aid.device_id = finding.device_id
    LEFT JOIN device ON device.device_id = finding.device_id
    LEFT JOIN client ON client.client_id = device.client_id
    WHERE finding.ended_at IS NULL AND what = 'service_due' AND finding.ticket_id IS NULL
      AND finding.municipality_code = %(code)s
)
SELECT *, coalesce(due_at < %(now)s, false) AS late,
       coalesce(due_at < %(now)s + interval '3 days', false) AS soon
FROM action
ORDER BY due_at NULLS LAST, since, sort, number;

-- name: clients_like
-- Clients by the beginning of their number.
SELECT client_number, (SELECT count(*) FROM device WHERE device.client_id = client.client_id) AS aids
FROM client
WHERE lower(client_number) LIKE %(beginning)s AND municipality_code = %(code)s
ORDER BY client_number
LIMIT 20;

-- name: aids_like
-- Aids by the beginning of their name or serial number.
SELECT device.name, device.kind, maker, model, client_number
FROM device
LEFT JOIN client ON client.client_id = device.client_id
WHERE (name LIKE %(beginning)s OR lower(serial_number) LIKE %(beginning)s)
  AND device.municipality_code = %(code)s
ORDER BY name
LIMIT 20;

-- name: client
-- One client.
SELECT client_id, client_number, wholly_dependent FROM client WHERE client_number = %(client)s;

-- name: aid
-- One aid.
SELECT device_id, device.name, device.client_id, client_number
FROM device LEFT JOIN client ON client.client_id = device.client_id
WHERE device.name = %(device)s;

-- name: aids
-- The aids of a file, lent now or before.
SELECT aid.device_id, aid.name, aid.kind, aid.maker, aid.model, aid.serial_number,
       aid.registered_at, aid.retired_at, client.client_number,
       device.client_id IS NOT DISTINCT FROM %(client_id)s::int AS lent_now
FROM aid
LEFT JOIN device USING (device_id)
LEFT JOIN client ON client.client_id = device.client_id
WHERE aid.device_id = ANY (%(devices)s)
ORDER BY lent_now DESC, aid.name;

-- name: devices_of_client
-- Which aids a client has now, or had by an order, and from when until when.
SELECT device_id, NULL::timestamptz AS until FROM device WHERE client_id = %(client_id)s
UNION
SELECT device_id, min(done_at) FILTER (WHERE kind IN ('collection', 'dismantling'))
FROM commission
WHERE client_id = %(client_id)s AND device_id IS NOT NULL AND done_at IS NOT NULL
GROUP BY device_id;

-- name: commissions
-- The orders of a file.
SELECT commission_id AS number, commission.kind, reference, aid_type, aid.name AS device, stage,
       aid_source, received_at, done_at, due_at, due_without_delay_at, expected_on, ended_at,
       lifetime_left_months, loan_signed_at, breaches
FROM commission
LEFT JOIN aid ON aid.device_id = commission.device_id
WHERE (commission.client_id = %(client_id)s AND %(by_client)s)
   OR (commission.device_id = ANY (%(devices)s) AND NOT %(by_client)s)
ORDER BY received_at DESC;

-- name: tickets
-- The reports about the aids of a file, with their terms: of a client's, while the aid was theirs.
SELECT ticket_id AS number, ticket.kind, priority, aid.name AS device, stage,
       coalesce(reported_at, opened_at) AS reported_at, on_site_due_at, on_site_at,
       repaired_due_at, repaired_at, closed_at, breaches
FROM ticket
JOIN aid ON aid.device_id = ticket.device_id
WHERE ticket.device_id = ANY (%(devices)s)
  AND (NOT %(by_client)s OR ticket.client_id = %(client_id)s)
ORDER BY ticket_id DESC
LIMIT 500;

-- name: complaints
-- The complaints of a file.
SELECT complaint_id AS number, nature, aid.name AS device, stage, received_at, take_up_due_at,
       taken_up_at, handle_due_at, handled_at, outcome, complaint.text, outcome_text, measures
FROM complaint
LEFT JOIN aid ON aid.device_id = complaint.device_id
WHERE (complaint.client_id = %(client_id)s AND %(by_client)s)
   OR (complaint.device_id = ANY (%(devices)s) AND NOT %(by_client)s)
ORDER BY received_at DESC;

-- name: misuse
-- The signals of improper use that were reported.
SELECT case_id AS number, misuse_case.kind, aid.name AS device, stage, reported_at, decided_at,
       decision
FROM misuse_case
JOIN aid ON aid.device_id = misuse_case.device_id
WHERE reported_at IS NOT NULL
  AND ((misuse_case.client_id = %(client_id)s AND %(by_client)s)
       OR (misuse_case.device_id = ANY (%(devices)s) AND NOT %(by_client)s))
ORDER BY case_id DESC;

-- name: answers
-- What the client has answered and wants in the file.
SELECT answered_on, occasion, overall, aid, people, speed, information, remark
FROM survey_answer
WHERE client_id = %(client_id)s AND %(by_client)s
ORDER BY answered_on DESC;

-- name: letters
-- What was written about the orders and complaints of a file.
SELECT letter_id AS number, about, addressee, subject, body, written_at, sent_at
FROM letter
WHERE (client_id = %(client_id)s AND %(by_client)s)
   OR (commission_id = ANY (%(commissions)s) AND NOT %(by_client)s)
ORDER BY written_at DESC;

-- name: files
-- The files of the orders of a file, without their content.
SELECT file_id AS number, commission_id AS commission, kind, name, media_type, bytes, stored_at
FROM commission_file
WHERE commission_id = ANY (%(commissions)s)
ORDER BY file_id;

-- name: file_contents
-- The same with their content.
SELECT file_id AS number, commission_id AS commission, name, content FROM commission_file
WHERE commission_id = ANY (%(commissions)s)
ORDER BY file_id
LIMIT 200;

-- name: letter
-- One letter.
SELECT letter_id AS number, about, addressee, subject, body, written_at, sent_at, commission_id,
       complaint_id, client_number
FROM letter LEFT JOIN client USING (client_id)
WHERE letter_id = %(number)s;

-- name: choices
-- What somebody wants to be told.
SELECT kind FROM portal_choice WHERE account_id = %(account_id)s;

-- name: forget_choices
-- Nothing, for now.
DELETE FROM portal_choice WHERE account_id = %(account_id)s;

-- name: choose
-- These from now on.
INSERT INTO portal_choice (account_id, kind)
SELECT %(account_id)s, unnest(%(kinds)s::text[]);
