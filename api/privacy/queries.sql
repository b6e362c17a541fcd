-- name: terms
-- How long each kind is kept.
SELECT kind, term::text AS term, kept_since(kind, %(now)s) AS until FROM retention_term;

-- name: gather_day
-- Adds one more day of measurements to the sums by day; null: there is none to add yet.
SELECT gather_aid_day(%(now)s) AS day;

-- name: remove_ended
-- Removes some of a kind whose term is over.
SELECT remove_ended(%(kind)s, %(now)s, %(most)s) AS removed;

-- name: count_ended
-- How many would go, and how many are needed still.
SELECT ready, held FROM count_ended(%(kind)s, %(now)s);

-- name: drop_measured
-- Drops whole chunks of measurements.
SELECT drop_measured(%(kind)s, %(now)s) AS dropped;

-- name: remove_measured
-- Removes measurements of some aids.
SELECT removed, held, last FROM remove_measured(%(kind)s, %(now)s, %(after)s, %(aids)s);

-- name: count_measured
-- How many rows would go, and how many are needed still.
SELECT ready, held FROM count_measured(%(kind)s, %(now)s);

-- name: measured_since
-- From when on measurements of a kind are kept.
SELECT measured_since(%(kind)s, %(now)s) AS until;

-- name: record_removal
-- That something was removed.
INSERT INTO removal (at, kind, until, removed, held, took_ms)
VALUES (%(now)s, %(kind)s, %(until)s, %(removed)s, %(held)s, %(took_ms)s);

-- name: last_removal
-- When it was last done, of any kind.
SELECT max(at) AS at FROM removal;

-- name: removals
-- What was removed of each kind: the last time, and altogether.
SELECT DISTINCT ON (kind) kind, at, until, removed, held,
       sum(removed) OVER (PARTITION BY kind)::bigint AS altogether
FROM removal
ORDER BY kind, removal_id DESC;

-- name: turn
-- One process at a time.
SELECT pg_try_advisory_lock(hashtext('liftwacht-retention')) AS mine;

-- name: holds
-- What stays whatever its term says.
SELECT hold_id AS number, legal_hold.municipality_code, device.name AS device, client_number, reason,
       from_at, placed_at, placed_by
FROM legal_hold
LEFT JOIN device ON device.device_id = legal_hold.device_id
LEFT JOIN client ON client.client_id = legal_hold.client_id
WHERE lifted_at IS NULL
ORDER BY hold_id DESC;

-- name: look_at_case
-- Somebody looks at what is about one client.
SELECT look_at_case(%(who)s, %(sort)s, %(key)s, %(reason)s, %(now)s);

-- name: looks
-- Who looked, newest first; a municipality sees looks at its own clients.
SELECT look_id, at, login, name, role, reason, ticket_id, client_number, municipality_code
FROM look_entry
WHERE at >= %(begin)s AND at < %(end)s
  AND (%(about)s::text IS NULL OR login = %(about)s OR client_number = upper(%(about)s))
  AND (%(before)s::bigint IS NULL OR look_id < %(before)s)
ORDER BY look_id DESC
LIMIT %(limit)s;

-- name: looks_for_patterns
-- The same of some weeks, without words.
SELECT at, login, role, client_number AS client, ticket_id AS ticket
FROM look_entry
WHERE at >= %(begin)s AND at < %(end)s
ORDER BY at
LIMIT 200000;

-- name: place_hold
-- Something stays whatever its term says.
INSERT INTO legal_hold (municipality_code, device_id, client_id, reason, from_at, placed_at, placed_by)
SELECT coalesce(client.municipality_code, device.municipality_code), device.device_id,
       client.client_id, %(reason)s, %(from_at)s, %(now)s, %(actor)s
FROM (SELECT %(key)s::text AS key) AS asked
LEFT JOIN client ON client_number = upper(key)
LEFT JOIN device ON device.name = lower(key) AND client.client_id IS NULL
WHERE client.client_id IS NOT NULL OR device.device_id IS NOT NULL
RETURNING hold_id;

-- name: lift_hold
-- …no longer.
UPDATE legal_hold SET lifted_at = %(now)s, lifted_by = %(actor)s
WHERE hold_id = %(number)s AND lifted_at IS NULL
RETURNING hold_id;
