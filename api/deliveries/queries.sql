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

-- name: desk_open
-- Open orders, those whose term comes first: a term is broken (late), will be within a week (risk), or
-- nobody has done anything yet (new).
SELECT commission_id AS number, commission.kind, reference, municipality.name AS municipality,
       client_number, aid_kind, aid_type, device.name AS device, stage, received_at, due_at,
       done_at, ended_at, expected_on, paused, breach_at,
       ended_at IS NULL AND (breaches > 0 OR coalesce(breach_at < %(now)s, false)) AS late,
       ended_at IS NULL AND coalesce(breach_at < %(soon)s, false) AS soon,
       (SELECT role IN ('municipality', 'contract_manager') FROM commission_event
        JOIN account ON login = actor
        WHERE commission_event.commission_id = commission.commission_id AND event_no = 1) AS theirs
FROM (
    -- Which ones, before anything is looked up about them.
    SELECT * FROM commission
    WHERE ended_at IS NULL
      AND CASE %(state)s
              WHEN 'late' THEN breaches > 0 OR breach_at < %(now)s
              WHEN 'risk' THEN breaches = 0 AND breach_at >= %(now)s AND breach_at < %(soon)s
              WHEN 'new' THEN stage = 'received'
              ELSE true
          END
      AND (%(kind)s::text IS NULL OR kind = %(kind)s)
      AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
      AND (%(q)s::text IS NULL OR reference ILIKE %(q)s || '%%'
           OR client_id IN (SELECT client_id FROM client
                            WHERE client_number ILIKE %(q)s || '%%')
           OR device_id IN (SELECT device_id FROM device WHERE name LIKE lower(%(q)s) || '%%'))
    ORDER BY breach_at NULLS LAST, commission_id DESC
    LIMIT %(limit)s OFFSET %(start)s
) AS commission
JOIN client USING (client_id)
JOIN municipality ON code = commission.municipality_code
LEFT JOIN device USING (device_id)
ORDER BY breach_at NULLS LAST, commission_id DESC;

-- name: desk_all
-- Orders whether open or not, newest first; ``ended``: only those that are not.
SELECT commission_id AS number, commission.kind, reference, municipality.name AS municipality,
       client_number, aid_kind, aid_type, device.name AS device, stage, received_at, due_at,
       done_at, ended_at, expected_on, paused, breach_at,
       ended_at IS NULL AND (breaches > 0 OR coalesce(breach_at < %(now)s, false)) AS late,
       ended_at IS NULL AND coalesce(breach_at < %(soon)s, false) AS soon,
       (SELECT role IN ('municipality', 'contract_manager') FROM commission_event
        JOIN account ON login = actor
        WHERE commission_event.commission_id = commission.commission_id AND event_no = 1) AS theirs
FROM (
    -- Which ones, before anything is looked up about them.
    SELECT * FROM commission
    WHERE (%(state)s <> 'ended' OR ended_at IS NOT NULL)
      AND (%(kind)s::text IS NULL OR kind = %(kind)s)
      AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
      AND (%(q)s::text IS NULL OR reference ILIKE %(q)s || '%%'
           OR client_id IN (SELECT client_id FROM client
                            WHERE client_number ILIKE %(q)s || '%%')
           OR device_id IN (SELECT device_id FROM device WHERE name LIKE lower(%(q)s) || '%%'))
    ORDER BY commission_id DESC
    LIMIT %(limit)s OFFSET %(start)s
) AS commission
JOIN client USING (client_id)
JOIN municipality ON code = commission.municipality_code
LEFT JOIN device USING (device_id)
ORDER BY commission_id DESC;

-- name: desk_counts
-- How many of each.
SELECT count(*) AS open,
       count(*) FILTER (WHERE breaches > 0 OR breach_at < %(now)s) AS late,
       count(*) FILTER (WHERE breaches = 0 AND breach_at >= %(now)s AND breach_at < %(soon)s) AS risk,
       count(*) FILTER (WHERE stage = 'received') AS new
FROM commission WHERE ended_at IS NULL;

-- name: of_client
-- A client, with the aids that they have: where an order for them begins.
SELECT client_number, client.municipality_code, municipality.name AS municipality,
       (SELECT jsonb_agg(jsonb_build_object('name', name, 'kind', kind, 'postcode4', postcode4)
                         ORDER BY name)
        FROM device WHERE device.client_id = client.client_id AND retired_at IS NULL) AS aids,
       (SELECT jsonb_agg(jsonb_build_object('number', commission_id, 'done_at', done_at)
                         ORDER BY commission_id DESC)
        FROM commission
        WHERE commission.client_id = client.client_id AND done_at IS NOT NULL
          AND kind IN ('delivery', 'reissue', 'exchange')) AS handed_over
FROM client JOIN municipality ON code = client.municipality_code
WHERE client_number = %(client)s;

-- name: beside
-- Orders and complaints of an aid, or of its client: open ones first.
SELECT * FROM (
    SELECT 'order' AS sort, commission_id AS number, kind AS what, stage,
           received_at AS since, due_at, ended_at AS over_at
    FROM commission
    WHERE device_id = (SELECT device_id FROM device WHERE name = %(device)s)
       OR client_id = (SELECT client_id FROM client WHERE client_number = %(client)s)
    UNION ALL
    SELECT 'complaint', complaint_id, nature, stage, received_at, handle_due_at, handled_at
    FROM complaint
    WHERE device_id = (SELECT device_id FROM device WHERE name = %(device)s)
       OR client_id = (SELECT client_id FROM client WHERE client_number = %(client)s)
) AS beside
ORDER BY over_at IS NOT NULL, since DESC
LIMIT 30;
