-- name: machine
-- A machine's account: whose machine it is; null: ours.
SELECT municipality_code FROM account WHERE login = %(login)s AND role = 'machine'

-- name: add
-- A token for a machine's account.
INSERT INTO api_token (token_hash, account_id, name, scope, created_at, created_by, expires_at)
SELECT %(token_hash)s, account_id, %(name)s, %(scope)s, %(now)s, %(actor)s, %(expires_at)s
FROM account WHERE login = %(login)s AND role = 'machine'
RETURNING token_id

-- name: of
-- The tokens of an account, newest first.
SELECT token_id, api_token.name, scope, api_token.created_at, created_by, expires_at, revoked_at,
       last_used_at
FROM api_token JOIN account USING (account_id)
WHERE login = %(login)s
ORDER BY token_id DESC

-- name: revoke
-- It works no more.
UPDATE api_token SET revoked_at = %(now)s
FROM account
WHERE token_id = %(token_id)s AND revoked_at IS NULL AND account.account_id = api_token.account_id
RETURNING login, api_token.name

-- name: find
-- Whose token it is, while it works and its account may come in.
SELECT token_id, api_token.name AS token, scope, last_used_at, account_id, login, account.name,
       role, municipality_code
FROM api_token JOIN account USING (account_id)
WHERE token_hash = %(token_hash)s AND revoked_at IS NULL AND expires_at > %(now)s
  AND disabled_at IS NULL

-- name: used
-- It is in use.
UPDATE api_token SET last_used_at = greatest(last_used_at, %(now)s) WHERE token_id = %(token_id)s
