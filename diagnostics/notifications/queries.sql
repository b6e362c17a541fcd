-- name: supersede
-- Ends what a newer word to the same lift about the same call makes untrue or needless.
UPDATE notification
SET superseded_at = %(now)s, next_attempt_at = NULL
WHERE next_attempt_at <= %(now)s AND channel = 'lift' AND channel = %(channel)s
  AND EXISTS (
      SELECT FROM notification AS newer
      WHERE newer.ticket_id = notification.ticket_id AND newer.channel = 'lift'
        AND newer.notification_id > notification.notification_id
        AND newer.payload ->> 'call_id' = notification.payload ->> 'call_id'
  );

-- name: claim
-- Takes what is due, for as long as a sender may need; if it dies, another takes it then.
UPDATE notification
SET attempts = attempts + 1, next_attempt_at = %(lease_until)s
WHERE notification_id IN (
      SELECT notification_id FROM notification
      WHERE next_attempt_at <= %(now)s AND channel = %(channel)s
      ORDER BY notification_id
      LIMIT %(limit)s
      FOR UPDATE SKIP LOCKED
  )
RETURNING notification_id, dedup_key, recipient, payload, created_at, attempts,
          EXISTS (
              SELECT FROM ticket
              WHERE ticket.ticket_id = notification.ticket_id AND ticket.closed_at IS NULL
          ) AS ticket_open;

-- name: delivered
-- Done.
UPDATE notification SET delivered_at = %(now)s, next_attempt_at = NULL, last_error = NULL
WHERE notification_id = %(notification_id)s;

-- name: failed
-- Not done: again later, or never; or needless, since nobody wants it.
UPDATE notification
SET next_attempt_at = %(next_attempt_at)s, last_error = %(error)s,
    superseded_at = CASE WHEN %(needless)s THEN %(now)s::timestamptz END,
    given_up_at = CASE WHEN %(next_attempt_at)s::timestamptz IS NULL AND NOT %(needless)s
                       THEN %(now)s::timestamptz END
WHERE notification_id = %(notification_id)s;
