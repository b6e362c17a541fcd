-- name: begin
-- Somebody came in.
INSERT INTO account_session (token_hash, account_id, provider, created_at, seen_at, expires_at,
                             address, user_agent)
VALUES (%(token_hash)s, %(account_id)s, %(provider)s, %(now)s, %(now)s, %(expires_at)s,
        %(address)s, %(user_agent)s)

-- name: find
-- The session behind a token, while it lasts and its account may come in.
SELECT session_id, account_id, login, account.name, role, municipality_code, seen_at, provider,
       second_factor_at, coalesce(temporary, false) AS temporary,
       account_factor.confirmed_at IS NOT NULL AS has_factor
FROM account_session
JOIN account USING (account_id)
LEFT JOIN account_password USING (account_id)
LEFT JOIN account_factor USING (account_id)
WHERE token_hash = %(token_hash)s
  AND expires_at > %(now)s AND disabled_at IS NULL
  AND seen_at > CASE WHEN role = %(road)s THEN %(road_since)s ELSE %(idle_since)s END

-- name: seen
-- It is in use. Never back: answers may cross.
UPDATE account_session SET seen_at = greatest(seen_at, %(now)s) WHERE session_id = %(session_id)s

-- name: complete
-- The second factor was shown. Under another token than before: who knew that one is out.
UPDATE account_session SET second_factor_at = %(now)s, token_hash = %(token_hash)s
WHERE session_id = %(session_id)s

-- name: of
-- The sessions of an account, in use last first.
SELECT session_id, account_session.created_at, seen_at, expires_at, address, user_agent, provider
FROM account_session
JOIN account USING (account_id)
WHERE account_id = %(account_id)s AND expires_at > %(now)s
  AND seen_at > CASE WHEN role = %(road)s THEN %(road_since)s ELSE %(idle_since)s END
ORDER BY seen_at DESC, session_id DESC

-- name: end_own
-- One of one's own sessions is over.
DELETE FROM account_session WHERE session_id = %(session_id)s AND account_id = %(account_id)s
RETURNING session_id

-- name: end
-- It is over.
DELETE FROM account_session WHERE session_id = %(session_id)s

-- name: sweep
-- What is over and was not signed out.
DELETE FROM account_session USING account
WHERE account.account_id = account_session.account_id
  AND (expires_at <= %(now)s OR NOT seen_at > CASE WHEN role = %(road)s THEN %(road_since)s ELSE %(idle_since)s END)
