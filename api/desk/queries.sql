-- name: counts
-- How the fleet is, in numbers.
SELECT (SELECT count(*) FROM device WHERE retired_at IS NULL) AS devices,
       (SELECT count(*) FROM device_fault WHERE active) AS faults,
       (SELECT count(*) FROM ticket
        WHERE closed_at IS NULL AND (kind = 'repair' OR released_at IS NOT NULL)) AS repairs,
       count(*) FILTER (WHERE online) AS online,
       count(*) FILTER (WHERE NOT online) AS offline,
       (SELECT count(*) FROM incident_device JOIN incident USING (incident_id)
        WHERE back_at IS NULL AND ended_at IS NULL) AS in_incidents
FROM device_presence

-- name: faults
-- Faults that are active now, newest first.
SELECT device.name AS device, device.postcode4, municipality.name AS municipality,
       newest.code, newest.maker_code, newest.changed_at AS since
FROM (
    SELECT device_id, code, maker_code, changed_at FROM device_fault
    WHERE active
    ORDER BY changed_at DESC
    LIMIT %(limit)s
) AS newest
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
ORDER BY newest.changed_at DESC

-- name: offline
-- Aids that we lost touch with, latest first, but for those that an outage of their area explains.
SELECT device.name AS device, device.postcode4, municipality.name AS municipality,
       lost.changed_at AS since, lost.reason
FROM (
    SELECT device_id, changed_at, reason FROM device_presence
    WHERE NOT online
      AND NOT EXISTS (
          SELECT FROM incident_device JOIN incident USING (incident_id)
          WHERE incident_device.device_id = device_presence.device_id
            AND incident_device.back_at IS NULL AND incident.ended_at IS NULL)
    ORDER BY changed_at DESC
    LIMIT %(limit)s
) AS lost
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
ORDER BY lost.changed_at DESC

-- name: repairs
-- Open repairs, also of what an emergency left, those that are due first on top.
SELECT ticket.ticket_id, device.name AS device, device.postcode4, municipality.name AS municipality,
       coalesce(ticket.what, 'released') AS what, ticket.priority, ticket.since, ticket.repaired_due_at, ticket.all_clear_at,
       ticket.acknowledged_at
FROM ticket
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
WHERE ticket.closed_at IS NULL AND (ticket.kind = 'repair' OR ticket.released_at IS NOT NULL)
ORDER BY ticket.repaired_due_at, ticket.ticket_id
LIMIT %(limit)s

-- name: ticket_version
-- Locked, so that it still is the version when the decision follows.
SELECT version FROM ticket WHERE ticket_id = %(ticket_id)s FOR NO KEY UPDATE

-- name: unread_calls
-- Calls for help that could not be judged, by the lift that their topic names, newest first.
SELECT split_part(topic, '/', 4) AS device, reason, count(*) AS times,
       max(received_at) AS received_at
FROM quarantine
WHERE received_at > %(after)s AND topic LIKE 'liftwacht/v1/%%/call'
GROUP BY 1, 2
ORDER BY max(received_at) DESC
LIMIT %(limit)s
