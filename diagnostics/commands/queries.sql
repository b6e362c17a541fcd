-- name: insert_command
-- Writes an order down; no row if there is no such aid.
INSERT INTO device_command (
    command_id, device_id, ticket_id, kind, parameters, actor, ordered_at, expires_at
)
SELECT %(command_id)s, device_id, %(ticket_id)s, %(kind)s, %(parameters)s, %(actor)s, %(at)s,
       %(expires_at)s
FROM device WHERE name = %(device_name)s AND retired_at IS NULL
RETURNING device_id;

-- name: insert_message
-- …and sends it on its way after the commit.
INSERT INTO notification (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at
) VALUES (
    'lift:' || %(command_id)s, 'lift', %(device_name)s, %(payload)s, %(at)s, %(at)s
);

-- name: reply
-- What the aid answered; the first answer counts. No row if it is not an order's.
UPDATE device_command
SET replied_at = %(now)s, outcome = %(outcome)s, detail = %(detail)s
FROM device
WHERE command_id = %(command_id)s AND replied_at IS NULL
  AND device.device_id = device_command.device_id
RETURNING device.name AS device_name;

-- name: announce
-- Tells live views of the aid, and senders that there may be something to send, at commit.
SELECT pg_notify('liftwacht_live', %(live)s), pg_notify('liftwacht_notification', '');
