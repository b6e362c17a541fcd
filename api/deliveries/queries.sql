-- name: page
-- Commissions, newest first.
SELECT commission_id AS number, commission.kind, reference,
       commission.municipality_code AS municipality, client_number, aid_kind, aid_type,
       aid.name AS device, aid_source AS source, stage, received_at, contacted_at, fitted_at,
       confirmed_at, supplied_at, loan_signed_at, done_at, ended_at, outcome, paused, expected_on,
       due_at, due_without_delay_at, breaches, lifetime_left_months, version
FROM commission
JOIN client USING (client_id)
LEFT JOIN aid USING (device_id)
WHERE (%(before)s::bigint IS NULL OR commission_id < %(before)s)
  AND (%(kind)s::text IS NULL OR commission.kind = %(kind)s)
  AND (%(municipality)s::text IS NULL OR commission.municipality_code = %(municipality)s)
  AND (%(client)s::text IS NULL OR client_number = %(client)s)
  AND (%(device)s::text IS NULL OR aid.name = %(device)s)
  AND (%(open)s::boolean IS NULL OR (ended_at IS NULL) = %(open)s)
  AND (%(late)s::boolean IS NULL OR (due_at < coalesce(done_at, %(now)s)) = %(late)s)
ORDER BY commission_id DESC
LIMIT %(limit)s;

-- name: one
-- One commission, with what only its own page shows.
SELECT commission_id AS number, commission.kind, reference,
       commission.municipality_code AS municipality, client_number, aid_kind, aid_type,
       aid.name AS device, aid_source AS source, stage, received_at, contacted_at, fitted_at,
       confirmed_at, supplied_at, loan_signed_at, done_at, ended_at, outcome, paused, expected_on,
       due_at, due_without_delay_at, breaches, lifetime_left_months, version,
       description, consultant, commission.postcode4, price_cents, all_in, exchange_of
FROM commission
JOIN client USING (client_id)
LEFT JOIN aid USING (device_id)
WHERE commission_id = %(number)s;

-- name: files
-- The files of a commission, without their content.
SELECT file_id AS number, kind, name, media_type, encode(sha256, 'hex') AS sha256, bytes
FROM commission_file WHERE commission_id = %(number)s ORDER BY file_id;

-- name: file
-- A file with its content.
SELECT name, media_type, content FROM commission_file
WHERE commission_id = %(number)s AND file_id = %(file)s;

-- name: letters
-- What was written about a commission.
SELECT letter_id FROM letter WHERE commission_id = %(number)s ORDER BY letter_id;

-- name: mix
-- New and used aids by delivery year: the year of the hand-over, in Dutch time.
SELECT municipality_code AS municipality,
       extract(year FROM done_at AT TIME ZONE 'Europe/Amsterdam')::int AS year,
       count(*) FILTER (WHERE aid_source = 'new') AS new,
       count(*) FILTER (WHERE aid_source <> 'new') AS reissued
FROM commission
WHERE kind IN ('delivery', 'reissue', 'exchange') AND done_at IS NOT NULL
  AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
GROUP BY municipality_code, year
ORDER BY year DESC, municipality_code;

-- name: failing_types
-- Types with their repairs and complaints since a day, those with the most repairs an aid first.
WITH repaired AS (
    SELECT device_id, count(*) AS repairs FROM ticket
    WHERE kind IN ('repair', 'emergency') AND opened_at >= %(since)s
    GROUP BY device_id
), complained AS (
    SELECT device_id, count(*) AS complaints FROM complaint
    WHERE device_id IS NOT NULL AND received_at >= %(since)s
    GROUP BY device_id
)
SELECT maker, model, count(*) AS aids, sum(coalesce(repairs, 0))::int AS repairs,
       sum(coalesce(complaints, 0))::int AS complaints
FROM device
LEFT JOIN repaired USING (device_id)
LEFT JOIN complained USING (device_id)
WHERE retired_at IS NULL AND name NOT LIKE 'test-%%'
GROUP BY maker, model
HAVING count(*) >= %(aids_at_least)s
ORDER BY sum(coalesce(repairs, 0))::float / count(*) DESC, maker, model
LIMIT 20;

-- name: aid
-- An aid and the terms of its municipality.
SELECT device_id, kind, municipality_code,
       (SELECT jsonb_agg(terms) FROM contract_terms
        WHERE contract_terms.municipality_code = device.municipality_code) AS contracts
FROM device WHERE name = %(device)s;

-- name: add_rejection
-- An aid is rejected, once.
INSERT INTO aid_rejection (
    device_id, municipality_code, commission_id, rejected_on, reason, report, first_used_on,
    lifetime_left_months, at, actor
) VALUES (
    %(device_id)s, %(municipality_code)s, %(commission)s, %(rejected_on)s, %(reason)s, %(report)s,
    %(first_used_on)s, %(lifetime_left_months)s, %(now)s, %(actor)s
)
ON CONFLICT (device_id) DO NOTHING
RETURNING rejection_id;

-- name: rejections
-- Rejections, newest first; those before their time alone if so asked.
SELECT rejection_id AS number, aid.name AS device, aid_rejection.municipality_code AS municipality,
       rejected_on, reason, report, first_used_on, lifetime_left_months
FROM aid_rejection JOIN aid USING (device_id)
WHERE (NOT %(early)s OR lifetime_left_months > 0)
ORDER BY rejected_on DESC, rejection_id DESC
LIMIT 200;
