-- name: next_request
-- The next message that is to be passed on: to a person, or an event. Emergencies first.
SELECT notification_id, channel, recipient, payload, notification.created_at
FROM notification
LEFT JOIN ticket USING (ticket_id)
WHERE next_attempt_at <= %(now)s
  AND channel IN ('person', 'webhook') AND target_id IS NULL
ORDER BY coalesce(ticket.priority, 9), notification_id
LIMIT 1
FOR NO KEY UPDATE OF notification SKIP LOCKED;

-- name: person
-- Who it is for, and how the ticket stands since it was asked.
SELECT account.account_id, quiet_hours.begins, quiet_hours.ends, ticket.ticket_id, priority,
       ticket.closed_at IS NOT NULL OR NOT ticket.unanswered OR EXISTS (
           SELECT FROM ticket_event
           WHERE ticket_event.ticket_id = ticket.ticket_id AND at >= notification.created_at
             AND kind IN ('acknowledged', 'under_way', 'on_site', 'released', 'repaired')
       ) AS answered
FROM notification
JOIN account ON login = recipient AND disabled_at IS NULL
LEFT JOIN quiet_hours USING (account_id)
LEFT JOIN ticket ON ticket.ticket_id = notification.ticket_id
WHERE notification_id = %(notification_id)s;

-- name: ways
-- How somebody can be reached, in order.
SELECT way_id, kind FROM reachable_by
WHERE account_id = %(account_id)s
ORDER BY rank, way_id;

-- name: sent
-- On which ways it is already, and how that goes.
SELECT target_id AS way_id, created_at AS at,
       CASE
           WHEN delivered_at IS NOT NULL THEN 'delivered'
           WHEN next_attempt_at IS NULL THEN 'dead'
           WHEN last_error IS NOT NULL THEN 'failing'
           ELSE 'waiting'
       END AS state
FROM notification
WHERE parent_id = %(notification_id)s;

-- name: send
-- One message on one way.
INSERT INTO notification (
    dedup_key, ticket_id, channel, recipient, payload, created_at, next_attempt_at, parent_id,
    target_id
)
SELECT %(channel)s || ':' || notification_id || ':' || coalesce(%(target)s::int::text, 'account'),
       ticket_id, %(channel)s, coalesce(%(recipient)s::text, recipient),
       coalesce(%(payload)s::jsonb, payload), %(now)s, %(now)s, notification_id, %(target)s::int
FROM notification
WHERE notification_id = %(notification_id)s
ON CONFLICT (dedup_key) DO NOTHING;

-- name: subscriptions
-- Who wants to hear of an event. Of the test lift nobody does. What is about no ticket is told to its
-- municipality; to others only if they name its type.
SELECT subscription_id
FROM notification
CROSS JOIN webhook_subscription AS subscription
LEFT JOIN ticket USING (ticket_id)
WHERE notification_id = %(notification_id)s AND enabled AND ticket.test IS NOT TRUE
  AND (event_types = '{}' OR %(type)s = ANY (event_types))
  AND (
      subscription.municipality_code
          = coalesce(ticket.municipality_code, notification.municipality_code)
      OR subscription.municipality_code IS NULL
         AND (ticket_id IS NOT NULL OR %(type)s = ANY (event_types))
  )
ORDER BY subscription_id;

-- name: tell_municipality
-- The same as news for those of the municipality's people who chose so; once. Not of the test lift.
INSERT INTO notification (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at, municipality_code
)
SELECT 'news:' || %(key)s::text || ':' || login, 'person', login, %(message)s, %(now)s, %(now)s,
       ticket.municipality_code
FROM notification
JOIN ticket USING (ticket_id)
JOIN account ON account.municipality_code = ticket.municipality_code
JOIN portal_choice ON portal_choice.account_id = account.account_id
WHERE notification_id = %(notification_id)s AND NOT ticket.test
  AND portal_choice.kind = %(kind)s AND disabled_at IS NULL
ON CONFLICT (dedup_key) DO NOTHING
RETURNING notification_id;

-- name: centres
-- Who takes over what a code stands for, where the aid was then; each gets the next of its sequence numbers. The
-- test lift is nobody's alarm. A postcode that was put right meanwhile is told, one elsewhere is not.
UPDATE alarm_centre SET sequence = sequence %% 9999 + 1
FROM notification JOIN ticket USING (ticket_id) JOIN device USING (device_id)
WHERE notification_id = %(notification_id)s AND enabled AND NOT ticket.test
  AND %(code)s = ANY (codes)
  AND (
      alarm_centre.municipality_code IS NULL
      OR alarm_centre.municipality_code = ticket.municipality_code
  )
RETURNING centre_id, sequence, device.device_id, device.name AS device,
          CASE WHEN device.municipality_code = ticket.municipality_code THEN device.postcode4
               ELSE ticket.postcode4 END AS postcode4;

-- name: look_again
-- Nothing more to do before then.
UPDATE notification SET next_attempt_at = %(again_at)s, attempts = attempts + 1
WHERE notification_id = %(notification_id)s;

-- name: ended
-- It is over: arrived, needless, or there is no way to get there.
UPDATE notification
SET next_attempt_at = NULL, attempts = attempts + 1, last_error = %(error)s,
    delivered_at = CASE WHEN %(end)s = 'delivered' THEN %(now)s::timestamptz END,
    superseded_at = CASE WHEN %(end)s = 'needless' THEN %(now)s::timestamptz END,
    given_up_at = CASE WHEN %(end)s = 'unreachable' THEN %(now)s::timestamptz END
WHERE notification_id = %(notification_id)s;

-- name: drop_unsent
-- What nobody needs to hear any more; never waits for what is just being sent.
UPDATE notification SET superseded_at = %(now)s, next_attempt_at = NULL
WHERE notification_id IN (
    SELECT notification_id FROM notification
    WHERE parent_id = %(notification_id)s AND next_attempt_at IS NOT NULL
    FOR UPDATE SKIP LOCKED
);

-- name: announce
-- Tells senders that there is something to send.
SELECT pg_notify('liftwacht_notification', '');
