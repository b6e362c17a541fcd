-- name: supersede
-- Ends what a newer word to the same lift about the same call makes untrue or needless.
UPDATE notification
SET superseded_at = %(now)s, next_attempt_at = NULL
WHERE next_attempt_at <= %(now)s AND channel = 'lift'
  AND EXISTS (
      SELECT FROM notification AS newer
      WHERE newer.ticket_id = notification.ticket_id AND newer.channel = 'lift'
        AND newer.notification_id > notification.notification_id
        AND newer.payload ->> 'call_id' = notification.payload ->> 'call_id'
  );

-- name: due
-- On which channels there is something to send.
SELECT channel FROM unnest(%(channels)s::text[]) AS channel
WHERE EXISTS (
    SELECT FROM notification
    WHERE notification.channel = channel.channel AND next_attempt_at <= %(now)s
);

-- name: claim
-- Takes what is due, emergencies first and one for each recipient, for as long as an attempt may
-- last; if the process dies, another takes it then.
WITH due AS (
    SELECT DISTINCT ON (recipient) notification_id, coalesce(ticket.priority, 9) AS priority
    FROM notification
    LEFT JOIN ticket USING (ticket_id)
    WHERE channel = %(channel)s AND next_attempt_at <= %(now)s
      AND (channel <> 'webhook' OR target_id IS NOT NULL)
      AND recipient <> ALL (%(busy)s)
      AND (ticket.priority = 1 AND ticket.closed_at IS NULL OR NOT %(urgent)s)
    ORDER BY recipient, priority, notification_id
), mine AS (
    SELECT notification_id FROM notification
    WHERE next_attempt_at <= %(now)s AND notification_id IN (
        SELECT notification_id FROM due ORDER BY priority, notification_id LIMIT %(limit)s
    )
    FOR UPDATE SKIP LOCKED
)
UPDATE notification AS message
SET attempts = attempts + 1, next_attempt_at = %(lease_until)s
FROM mine
WHERE message.notification_id = mine.notification_id
RETURNING message.notification_id, message.dedup_key, recipient, payload, message.created_at,
    attempts,
    coalesce((SELECT language FROM account WHERE login = recipient), 'nl') AS language,
    (
        SELECT jsonb_build_object(
            'ticket_id', ticket.ticket_id, 'kind', ticket.kind, 'what', what,
            'priority', priority, 'since', since, 'open', closed_at IS NULL,
            'device', device.name, 'device_kind', device.kind,
            'postcode4', CASE WHEN device.municipality_code = ticket.municipality_code
                              THEN device.postcode4 ELSE ticket.postcode4 END
        )
        FROM ticket JOIN device USING (device_id)
        WHERE ticket.ticket_id = message.ticket_id
    ) AS subject,
    CASE
        WHEN channel = 'webhook' THEN (
            SELECT jsonb_build_object(
                'url', url, 'secrets', array_remove(ARRAY[secret, old_secret], NULL)
            )
            FROM webhook_subscription WHERE subscription_id = target_id AND enabled
        )
        WHEN channel = 'alarm_centre' THEN (
            SELECT jsonb_build_object(
                'host', host, 'port', port, 'account', account, 'receiver', receiver,
                'line', line, 'key', key
            )
            FROM alarm_centre WHERE centre_id = target_id AND enabled
        )
        -- An address that is nobody's account; no login has a colon.
        WHEN channel = 'email' AND starts_with(recipient, 'mailbox:')
            THEN jsonb_build_object(
                'address', substr(recipient, 9),
                'pdf', (SELECT encode(pdf, 'base64') FROM letter
                        WHERE letter_id = (payload ->> 'letter')::bigint)
            )
        WHEN channel = 'email' AND target_id IS NULL THEN (
            SELECT jsonb_build_object('address', email) FROM account
            WHERE login = recipient AND email IS NOT NULL AND disabled_at IS NULL
        )
        WHEN channel IN ('email', 'push', 'apprise') THEN (
            SELECT jsonb_build_object('address', address)
            FROM contact_way JOIN account USING (account_id)
            WHERE way_id = target_id AND enabled AND disabled_at IS NULL
        )
    END AS address;

-- name: delivered
-- Done, with the proof; whoever waits for it is woken.
WITH done AS (
    UPDATE notification SET delivered_at = %(now)s, next_attempt_at = NULL, last_error = NULL
    WHERE notification_id = %(notification_id)s
    RETURNING parent_id
), log AS (
    INSERT INTO delivery (notification_id, attempt, at, outcome, proof, took_ms)
    VALUES (%(notification_id)s, %(attempt)s, %(now)s, 'delivered', %(proof)s, %(took_ms)s)
), parent AS (
    UPDATE notification SET next_attempt_at = least(next_attempt_at, %(now)s)
    FROM done
    WHERE notification_id = done.parent_id AND next_attempt_at IS NOT NULL
)
SELECT pg_notify('liftwacht_notification', '') FROM done WHERE parent_id IS NOT NULL;

-- name: failed
-- Not done: again later, or never; or needless, since nobody wants it.
WITH done AS (
    UPDATE notification
    SET next_attempt_at = %(next_attempt_at)s, last_error = %(error)s,
        superseded_at = CASE WHEN %(outcome)s = 'needless' THEN %(now)s::timestamptz END,
        given_up_at = CASE WHEN %(next_attempt_at)s::timestamptz IS NULL
                                AND %(outcome)s <> 'needless' THEN %(now)s::timestamptz END
    WHERE notification_id = %(notification_id)s AND next_attempt_at IS NOT NULL
    RETURNING parent_id
), log AS (
    INSERT INTO delivery (notification_id, attempt, at, outcome, error, took_ms)
    VALUES (%(notification_id)s, %(attempt)s, %(now)s, %(outcome)s, %(error)s, %(took_ms)s)
), parent AS (
    UPDATE notification SET next_attempt_at = least(next_attempt_at, %(now)s)
    FROM done
    WHERE notification_id = done.parent_id AND next_attempt_at IS NOT NULL
)
SELECT pg_notify('liftwacht_notification', '') FROM done WHERE parent_id IS NOT NULL;

-- name: way_gone
-- Switches off a way that leads nowhere any more.
UPDATE contact_way SET enabled = false, ended_because = %(error)s
FROM notification
WHERE notification_id = %(notification_id)s AND way_id = target_id;

-- name: subscription_gone
-- Switches off a webhook whose receiver is no more.
UPDATE webhook_subscription SET enabled = false, ended_because = %(error)s
FROM notification
WHERE notification_id = %(notification_id)s AND subscription_id = target_id;

-- name: deliveries
-- What was sent for a ticket, to whom, and how each attempt ended.
SELECT notification_id, channel, recipient, account.name AS person,
       coalesce(way.name, subscription.name, centre.name) AS target,
       coalesce(payload ->> 'how', payload ->> 'kind') AS asks,
       notification.created_at, delivered_at, next_attempt_at, given_up_at,
       coalesce((
           SELECT jsonb_agg(
               jsonb_build_object('number', attempt, 'at', at, 'outcome', outcome,
                                  'proof', proof, 'error', error)
               ORDER BY delivery_id
           )
           FROM delivery WHERE delivery.notification_id = notification.notification_id
       ), '[]') AS attempts
FROM notification
LEFT JOIN account ON channel IN ('person', 'email', 'push', 'apprise') AND login = recipient
LEFT JOIN contact_way AS way ON channel IN ('email', 'push', 'apprise') AND way_id = target_id
LEFT JOIN webhook_subscription AS subscription
       ON channel = 'webhook' AND subscription_id = target_id
LEFT JOIN alarm_centre AS centre ON channel = 'alarm_centre' AND centre_id = target_id
WHERE ticket_id = %(ticket_id)s
ORDER BY notification_id;
