-- name: known
-- The account of an identity that came in before.
SELECT account_id, login, name, role, municipality_code, email, phone, language, disabled_at
FROM account_identity JOIN account USING (account_id)
WHERE provider = %(provider)s AND subject = %(subject)s

-- name: by_mail
-- Accounts with a mail address; more than one are nobody's.
SELECT account_id, login, name, role, municipality_code, email, phone, language, disabled_at
FROM account WHERE lower(email) = lower(%(email)s) AND role <> 'machine'

-- name: by_login
-- One account.
SELECT account_id, login, name, role, municipality_code, email, phone, language, disabled_at
FROM account WHERE login = %(login)s

-- name: link
-- From now on this identity comes in under that account.
INSERT INTO account_identity (provider, subject, account_id, linked_at)
VALUES (%(provider)s, %(subject)s, %(account_id)s, %(now)s)

-- name: depart
-- Somebody was sent to a provider; those who never came back are forgotten.
WITH forgotten AS (DELETE FROM sign_in_trip WHERE begun_at < %(forgotten_before)s)
INSERT INTO sign_in_trip (key_hash, provider, state, nonce, verifier, wanted, begun_at)
VALUES (%(key_hash)s, %(provider)s, %(state)s, %(nonce)s, %(verifier)s, %(wanted)s, %(now)s)

-- name: arrive
-- They are back. Once.
DELETE FROM sign_in_trip WHERE key_hash = %(key_hash)s AND begun_at > %(forgotten_before)s
RETURNING provider, state, nonce, verifier, wanted
