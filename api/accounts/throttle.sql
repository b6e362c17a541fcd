-- name: came_from
-- Whether an account came in from an address lately.
SELECT 1 FROM audit
WHERE subject = %(login)s AND action = 'signed_in' AND address = %(address)s AND at > %(since)s
LIMIT 1

-- name: rise
-- Counts an attempt. Just over the limit is as high as it gets, so that it is soon below.
INSERT INTO sign_in_level AS old (key, level, at)
VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE
SET level = least(
        %(limit)s + 1,
        1 + greatest(0, old.level - extract(epoch FROM %(now)s - old.at) / %(sinks_s)s)
    ),
    at = greatest(old.at, %(now)s)
RETURNING level

-- name: forget
-- A level that no longer matters, and all those that sank to nothing.
DELETE FROM sign_in_level WHERE key = %(key)s OR at < %(before)s
