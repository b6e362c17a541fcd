-- name: came_from
-- Whether an account came in from an address lately.
SELECT 1 FROM audit
WHERE subject = %(login)s AND action = 'signed_in' AND address = %(address)s AND at > %(since)s
LIMIT 1

-- name: rise
-- Counts an attempt unless it is refused: trying again does not make the wait longer. A clock that
-- is put back is as if no time had passed.
INSERT INTO sign_in_level AS old (key, level, at, refused)
VALUES (%(key)s, 1, %(now)s, false)
ON CONFLICT (key) DO UPDATE
SET (level, at, refused) = (
    SELECT CASE WHEN sunk + 1 > %(limit)s THEN sunk ELSE sunk + 1 END,
           greatest(old.at, %(now)s),
           sunk + 1 > %(limit)s
    FROM (
        SELECT greatest(0, old.level
               - greatest(0, extract(epoch FROM %(now)s - old.at)) / %(sinks_s)s) AS sunk
    ) AS now
)
RETURNING level, refused

-- name: forget
-- A level that no longer matters, and all those that sank to nothing.
DELETE FROM sign_in_level WHERE key = %(key)s OR at < %(before)s
