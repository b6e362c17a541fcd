-- name: begin
-- Somebody came in.
INSERT INTO account_session (token_hash, account_id, provider, created_at, seen_at, expires_at,
                             address, user_agent)
VALUES (%(token_hash)s, %(account_id)s, %(provider)s, %(now)s, %(now)s, %(expires_at)s,
        %(address)s, %(user_agent)s)

-- name: find
-- The session behind a token, while it lasts and its account may come in.
SELECT session_id, account_id, login, account.name, role, municipality_code, seen_at
FROM account_session
JOIN account USING (account_id)
WHERE token_hash = %(token_hash)s
  AND expires_at > %(now)s AND seen_at > %(idle_since)s AND disabled_at IS NULL

-- name: seen
-- It is in use. Never back: answers may cross.
UPDATE account_session SET seen_at = greatest(seen_at, %(now)s) WHERE session_id = %(session_id)s

-- name: end
-- It is over.
DELETE FROM account_session WHERE session_id = %(session_id)s

-- name: sweep
-- What is over and was not signed out.
DELETE FROM account_session WHERE expires_at <= %(now)s OR seen_at <= %(idle_since)s
