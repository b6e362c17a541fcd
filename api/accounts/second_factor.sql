-- name: prepare
-- A secret to be confirmed: the one shown before, so that two pages show the same.
INSERT INTO account_factor AS known (account_id, secret) VALUES (%(account_id)s, %(secret)s)
ON CONFLICT (account_id) DO UPDATE SET secret = known.secret WHERE known.confirmed_at IS NULL
RETURNING secret

-- name: factor
-- An account's second factor, locked while it is used.
SELECT secret, confirmed_at, last_step FROM account_factor WHERE account_id = %(account_id)s
FOR UPDATE

-- name: confirm
-- It is asked for from now on.
UPDATE account_factor SET confirmed_at = %(now)s, last_step = %(step)s
WHERE account_id = %(account_id)s

-- name: keep_codes
-- The recovery codes.
INSERT INTO account_recovery_code (account_id, code_hash)
SELECT %(account_id)s, unnest(%(hashes)s::bytea[])

-- name: use_step
-- A code of the app works once.
UPDATE account_factor SET last_step = %(step)s
WHERE account_id = %(account_id)s AND last_step < %(step)s
RETURNING account_id

-- name: use_code
-- A code of the paper works once.
DELETE FROM account_recovery_code WHERE account_id = %(account_id)s AND code_hash = %(hash)s
RETURNING account_id

-- name: forget_codes
-- The paper is lost too.
DELETE FROM account_recovery_code WHERE account_id = %(account_id)s

-- name: forget
-- The telephone is lost.
DELETE FROM account_factor WHERE account_id = %(account_id)s
