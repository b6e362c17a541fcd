-- name: measure
-- How everything stands.
SELECT name, label, value FROM objectives(%(now)s) WHERE value IS NOT NULL;

-- name: accounts
-- The books.
SELECT stage, made, done, waiting, missing FROM accounts(%(now)s);

-- name: lags
-- How far each lane is behind each shard's log.
SELECT lane, shard, unread, lag_s FROM shard_lags(%(now)s);

-- name: keep
-- How it stands, and since when it is missed.
INSERT INTO objective_state AS known (name, label, value, detail, missed_since, measured_at)
SELECT name, label, value, detail, CASE WHEN missed THEN %(now)s::timestamptz END, %(now)s
FROM unnest(%(names)s::text[], %(labels)s::text[], %(values)s::float8[], %(details)s::jsonb[],
            %(missed)s::boolean[]) AS found (name, label, value, detail, missed)
ON CONFLICT (name, label) DO UPDATE SET
    value = excluded.value,
    detail = excluded.detail,
    missed_since = CASE WHEN excluded.missed_since IS NOT NULL
                        THEN coalesce(known.missed_since, excluded.missed_since) END,
    measured_at = excluded.measured_at;

-- name: forget
-- What nobody measures any more.
DELETE FROM objective_state WHERE measured_at < %(before)s;

-- name: record
-- How it stood, at most once in five minutes.
INSERT INTO objective_reading (name, label, at, value)
SELECT name, label, %(at)s, value FROM objective_state
ON CONFLICT DO NOTHING;

-- name: expire
-- Kept as long as readings are.
DELETE FROM objective_reading WHERE at < %(before)s;

-- name: close_books
-- Once an hour, if nothing is missing: from here on it is counted anew.
INSERT INTO account_book (shard, at, log_no, seen)
SELECT shard.shard, %(now)s, shard.log_no, coalesce(marked.count, 0)
FROM shard
LEFT JOIN (
    SELECT device.shard, sum(numbers_in(seen)) AS count
    FROM outbox JOIN device USING (device_id) GROUP BY device.shard
) AS marked ON marked.shard = shard.shard
WHERE NOT EXISTS (SELECT FROM account_book WHERE at > %(now)s::timestamptz - INTERVAL '1 hour')
  AND NOT EXISTS (SELECT FROM accounts(%(now)s) AS book WHERE book.stage = 'stored' AND missing <> 0);

-- name: close_gaps
-- Modems that skip numbers without end, and how many of them are given up.
SELECT device, closed FROM close_gaps(%(most)s);

-- name: expire_books
-- Kept as long as readings are.
DELETE FROM account_book WHERE at < %(before)s
  AND at < (SELECT max(at) FROM account_book);

-- name: note
-- What this process sees of its surroundings.
INSERT INTO measure (process, name, label, value, at)
SELECT %(process)s, name, label, value, %(now)s
FROM unnest(%(names)s::text[], %(labels)s::text[], %(values)s::float8[])
         AS seen (name, label, value)
ON CONFLICT (process, name, label) DO UPDATE SET value = excluded.value, at = excluded.at;
