-- name: machine
-- A municipality's machine: nobody else is a client.
SELECT account_id FROM account
WHERE login = %(login)s AND role = 'machine' AND municipality_code IS NOT NULL

-- name: replace
-- The registration in use ends, for another.
UPDATE oauth_client SET revoked_at = %(now)s
WHERE account_id = %(account_id)s AND revoked_at IS NULL

-- name: add
-- A client's keys, or where they are, and what it may ask for.
INSERT INTO oauth_client (account_id, keys, keys_url, scope, registered_at, registered_by)
VALUES (%(account_id)s, %(keys)s, %(keys_url)s, %(scope)s, %(now)s, %(actor)s)

-- name: of
-- The registrations of an account, newest first.
SELECT registration_id, keys, keys_url, scope, registered_at, registered_by, revoked_at, last_used_at
FROM oauth_client JOIN account USING (account_id)
WHERE login = %(login)s
ORDER BY registration_id DESC

-- name: of_municipality
-- The systems of a municipality that get in by a key of their own now.
SELECT login, name, keys, keys_url, scope, registered_at, oauth_client.last_used_at
FROM oauth_client JOIN account USING (account_id)
WHERE municipality_code = %(code)s AND revoked_at IS NULL AND disabled_at IS NULL
ORDER BY name, login

-- name: revoke
-- It gets no more tokens, and those that it has are worth nothing.
UPDATE oauth_client SET revoked_at = %(now)s
FROM account
WHERE login = %(login)s AND account.account_id = oauth_client.account_id AND revoked_at IS NULL
RETURNING registration_id

-- name: in_use
-- The client of a login, while it may come in.
SELECT registration_id, keys, keys_url, fetched_at, scope, last_used_at, account_id, login,
       account.name, role, municipality_code
FROM oauth_client JOIN account USING (account_id)
WHERE login = %(login)s AND revoked_at IS NULL AND disabled_at IS NULL AND role = 'machine'
  AND municipality_code IS NOT NULL

-- name: fetching
-- Who fetches its keys from where they are: one process, and not again within a while.
UPDATE oauth_client SET fetched_at = %(now)s
WHERE registration_id = %(registration_id)s AND (fetched_at IS NULL OR fetched_at <= %(before)s)
RETURNING registration_id

-- name: fetched
-- Its keys, as they are there.
UPDATE oauth_client SET keys = %(keys)s WHERE registration_id = %(registration_id)s

-- name: used
-- It is in use.
UPDATE oauth_client SET last_used_at = greatest(last_used_at, %(now)s)
WHERE registration_id = %(registration_id)s

-- name: forget
-- What has expired is refused for that.
DELETE FROM oauth_assertion WHERE expires_at < %(now)s

-- name: shown
-- It shows who it is by this, for the first time; no row: not for the first time.
INSERT INTO oauth_assertion (account_id, digest, expires_at)
VALUES (%(account_id)s, %(digest)s, %(expires_at)s)
ON CONFLICT DO NOTHING
RETURNING account_id
