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
