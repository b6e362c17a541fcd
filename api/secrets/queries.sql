-- name: factors
-- Second factors, locked.
SELECT account_id AS id, secret FROM account_factor ORDER BY account_id FOR UPDATE

-- name: seal_factor
-- One of them, sealed.
UPDATE account_factor SET secret = %(secret)s WHERE account_id = %(id)s

-- name: subscriptions
-- Secrets of webhooks, locked.
SELECT subscription_id AS id, secret, old_secret FROM webhook_subscription
ORDER BY subscription_id FOR UPDATE

-- name: seal_subscription
-- One of them, sealed.
UPDATE webhook_subscription SET secret = %(secret)s, old_secret = %(old_secret)s
WHERE subscription_id = %(id)s
