-- name: ways
-- Somebody's own ways, in order.
SELECT way_id AS number, kind, name, address, rank, enabled, ended_because
FROM contact_way
WHERE account_id = %(account_id)s
ORDER BY rank, way_id;

-- name: quiet_hours
-- When somebody wants to be left alone.
SELECT begins, ends FROM quiet_hours WHERE account_id = %(account_id)s;

-- name: add_way
-- A way behind those that there are; what is there already is switched on again.
INSERT INTO contact_way (account_id, kind, name, address, rank)
SELECT %(account_id)s, %(kind)s, %(name)s, %(address)s, coalesce(max(rank), 0) + 1
FROM contact_way WHERE account_id = %(account_id)s
ON CONFLICT ON CONSTRAINT contact_way_once
DO UPDATE SET name = excluded.name, enabled = true, ended_because = NULL
RETURNING way_id AS number, kind, name, address, rank, enabled, ended_because;

-- name: change_way
-- Renamed, switched on or off.
UPDATE contact_way
SET name = coalesce(%(name)s, name), enabled = coalesce(%(enabled)s, enabled),
    ended_because = CASE WHEN %(enabled)s THEN NULL ELSE ended_because END
WHERE account_id = %(account_id)s AND way_id = %(number)s
RETURNING way_id AS number, kind, name, address, rank, enabled, ended_because;

-- name: order_ways
-- All in another order; the number of those that were moved.
UPDATE contact_way SET rank = place
FROM unnest(%(numbers)s::int[]) WITH ORDINALITY AS wanted (number, place)
WHERE account_id = %(account_id)s AND way_id = wanted.number
RETURNING way_id;

-- name: delete_way
-- Gone; what was sent there stays in the log.
DELETE FROM contact_way WHERE account_id = %(account_id)s AND way_id = %(number)s
RETURNING way_id;

-- name: set_quiet_hours
-- From when until when, on the wall.
INSERT INTO quiet_hours (account_id, begins, ends)
VALUES (%(account_id)s, %(begins)s, %(ends)s)
ON CONFLICT (account_id) DO UPDATE SET begins = excluded.begins, ends = excluded.ends;

-- name: delete_quiet_hours
-- Always to be reached.
DELETE FROM quiet_hours WHERE account_id = %(account_id)s;

-- name: test_way
-- A message on one way, once a minute at most.
INSERT INTO notification (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at, target_id
)
SELECT 'test:way:' || way_id || ':' || %(minute)s, kind, %(login)s, '{"kind": "test"}', %(now)s,
       %(now)s, way_id
FROM contact_way
WHERE account_id = %(account_id)s AND way_id = %(number)s AND enabled
ON CONFLICT (dedup_key) DO UPDATE SET dedup_key = excluded.dedup_key
RETURNING notification_id AS message;

-- name: webhooks
-- Who hears of events.
SELECT subscription_id AS number, name, url, event_types, municipality_code AS municipality,
       enabled, ended_because, created_at
FROM webhook_subscription
ORDER BY subscription_id;

-- name: add_webhook
-- Another receiver. No row if there is one of that name.
INSERT INTO webhook_subscription (name, url, secret, event_types, municipality_code, created_at)
VALUES (%(name)s, %(url)s, %(secret)s, %(event_types)s, %(municipality)s, %(now)s)
ON CONFLICT (name) DO NOTHING
RETURNING subscription_id AS number, name, url, event_types, municipality_code AS municipality,
          enabled, ended_because, created_at;

-- name: switch_webhook
-- Switched on or off.
UPDATE webhook_subscription
SET enabled = %(enabled)s, ended_because = CASE WHEN NOT %(enabled)s THEN ended_because END
WHERE subscription_id = %(number)s
RETURNING subscription_id AS number, name, url, event_types, municipality_code AS municipality,
          enabled, ended_because, created_at;

-- name: replace_secret
-- Another secret; the one until now signs as well, until it is replaced again (a trigger knows it).
UPDATE webhook_subscription SET old_secret = '', secret = %(secret)s
WHERE subscription_id = %(number)s
RETURNING subscription_id AS number;

-- name: choose_events
-- Which events it hears of from now on; none named: all.
UPDATE webhook_subscription SET event_types = %(event_types)s
WHERE subscription_id = %(number)s
RETURNING subscription_id AS number;

-- name: webhook_deliveries
-- What was sent to a receiver lately, and how the last attempt ended.
SELECT notification_id AS message, payload ->> 'type' AS type, created_at, delivered_at, given_up_at,
       next_attempt_at, attempts, last_error
FROM notification
WHERE channel = 'webhook' AND target_id = %(number)s
ORDER BY notification_id DESC
LIMIT %(limit)s;

-- name: delete_webhook
-- Nobody hears of events there any more.
DELETE FROM webhook_subscription WHERE subscription_id = %(number)s
RETURNING subscription_id;

-- name: test_webhook
-- An event of no consequence, once a minute at most.
INSERT INTO notification (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at, target_id
)
SELECT 'test:webhook:' || subscription_id || ':' || %(minute)s, 'webhook', subscription_id::text,
       %(event)s, %(now)s, %(now)s, subscription_id
FROM webhook_subscription
WHERE subscription_id = %(number)s AND enabled
ON CONFLICT (dedup_key) DO UPDATE SET dedup_key = excluded.dedup_key
RETURNING notification_id AS message;

-- name: message
-- What became of a message: to whoever it was for, and of a test of a webhook to whoever asks.
SELECT notification_id AS message, delivered_at, given_up_at, next_attempt_at,
       coalesce((
           SELECT jsonb_agg(
               jsonb_build_object('number', attempt, 'at', at, 'outcome', outcome,
                                  'proof', proof, 'error', error)
               ORDER BY delivery_id
           )
           FROM delivery WHERE delivery.notification_id = notification.notification_id
       ), '[]') AS attempts
FROM notification
WHERE notification_id = %(message)s AND dedup_key LIKE 'test:%%'
  AND (recipient = %(login)s OR (channel = 'webhook' AND %(webhooks)s));

-- name: announce
-- Tells senders that there is something to send, at commit.
SELECT pg_notify('liftwacht_notification', '');

-- name: centres
-- Alarm receiving centres, without their keys.
SELECT centre_id AS number, name, host, port, account, receiver, line, encrypted,
       codes, municipality_code AS municipality, enabled, link_ok_at, link_failing_since, link_error
FROM alarm_centre
ORDER BY name

-- name: add_centre
-- Another one; no row if the name is taken.
INSERT INTO alarm_centre (name, host, port, account, receiver, line, key, codes, municipality_code)
VALUES (%(name)s, %(host)s, %(port)s, %(account)s, nullif(%(receiver)s, ''), %(line)s,
        nullif(%(key)s, ''), %(codes)s, nullif(%(municipality)s, ''))
ON CONFLICT (name) DO NOTHING
RETURNING centre_id AS number

-- name: switch_centre
-- Hands over to it, or not; its line is tested anew.
UPDATE alarm_centre
SET enabled = %(enabled)s, link_failing_since = NULL, link_error = NULL
WHERE centre_id = %(number)s
RETURNING name

-- name: remove_centre
-- It is no more.
DELETE FROM alarm_centre WHERE centre_id = %(number)s RETURNING name
