-- name: of_device
-- What was asked of an aid lately, and what became of it.
SELECT device_command.command_id, device_command.kind, device_command.parameters,
       device_command.actor, coalesce(account.name, device_command.actor) AS by,
       device_command.ordered_at, device_command.expires_at,
       notification.delivered_at AS sent_at, device_command.replied_at, device_command.outcome,
       device_command.detail
FROM device_command
JOIN device USING (device_id)
LEFT JOIN account ON account.login = device_command.actor
LEFT JOIN notification ON notification.dedup_key = 'lift:' || device_command.command_id
WHERE device.name = %(device)s
ORDER BY device_command.ordered_at DESC
LIMIT %(limit)s
