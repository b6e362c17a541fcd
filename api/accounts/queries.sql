-- name: credentials
-- What an account signs in with.
SELECT account_id, login, role, disabled_at, hash
FROM account
LEFT JOIN account_password USING (account_id)
WHERE login = %(login)s

-- name: refresh_hash
-- The same password, hashed with today's parameters, unless it was changed meanwhile.
UPDATE account_password SET hash = %(hash)s
WHERE account_id = %(account_id)s AND hash = %(old)s

-- name: add
-- A new account.
INSERT INTO account (login, name, role, municipality_code, email, phone, language, created_at)
VALUES (%(login)s, %(name)s, %(role)s, %(municipality_code)s, %(email)s, %(phone)s, %(language)s,
        %(now)s)
RETURNING account_id

-- name: set_password
-- The first password, or another.
INSERT INTO account_password (account_id, hash, changed_at, temporary)
VALUES (%(account_id)s, %(hash)s, %(now)s, %(temporary)s)
ON CONFLICT (account_id) DO UPDATE
SET hash = excluded.hash, changed_at = excluded.changed_at, temporary = excluded.temporary

-- name: password_of
-- The hash of a password.
SELECT hash FROM account_password WHERE account_id = %(account_id)s

-- name: all
-- All accounts, with when they last came in.
SELECT account_id, login, account.name, role, municipality_code, municipality.name AS municipality,
       email, phone, language, account.created_at, disabled_at, hash IS NOT NULL AS has_password,
       account_factor.confirmed_at IS NOT NULL AS has_factor,
       (SELECT max(seen_at) FROM account_session AS session
        WHERE session.account_id = account.account_id) AS seen_at
FROM account
LEFT JOIN municipality ON municipality.code = municipality_code
LEFT JOIN account_password USING (account_id)
LEFT JOIN account_factor USING (account_id)
ORDER BY disabled_at IS NOT NULL, role, login

-- name: by_login
-- One account, locked while it is changed.
SELECT account_id, login, name, role, municipality_code, email, phone, language, disabled_at
FROM account
WHERE login = %(login)s
FOR NO KEY UPDATE

-- name: change
-- What there is to say of an account.
UPDATE account
SET name = %(name)s, role = %(role)s, municipality_code = %(municipality_code)s,
    email = %(email)s, phone = %(phone)s
WHERE login = %(login)s

-- name: municipalities
-- All municipalities.
SELECT code, name FROM municipality ORDER BY name

-- name: disable
-- It may not come in any more.
UPDATE account SET disabled_at = %(now)s WHERE account_id = %(account_id)s

-- name: enable
-- It may come in again.
UPDATE account SET disabled_at = NULL WHERE account_id = %(account_id)s

-- name: end_sessions
-- Whoever is in under an account is out, but for one session.
DELETE FROM account_session
WHERE account_id = %(account_id)s AND session_id IS DISTINCT FROM %(but)s
