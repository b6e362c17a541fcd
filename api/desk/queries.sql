-- name: counts
-- How the fleet is, in numbers. Of all aids only index entries are counted: who is online is who was
-- ever heard of and is not offline, and the few of tests are subtracted.
SELECT (SELECT count(*) FROM device WHERE retired_at IS NULL)
       - (SELECT count(*) FROM device WHERE test AND retired_at IS NULL) AS devices,
       (SELECT count(*) FROM device_fault WHERE active) AS faults,
       (SELECT count(*) FROM ticket
        WHERE closed_at IS NULL AND (kind = 'repair' OR released_at IS NOT NULL)) AS repairs,
       known.aids - tests.aids - (away.aids - tests.away) AS online,
       away.aids - tests.away AS offline,
       (SELECT count(*) FROM incident_device JOIN incident USING (incident_id)
        WHERE back_at IS NULL AND ended_at IS NULL) AS in_incidents
FROM (SELECT count(*) AS aids FROM device_presence) AS known,
     (SELECT count(*) AS aids FROM device_presence WHERE NOT online) AS away,
     (SELECT count(*) AS aids, count(*) FILTER (WHERE NOT online) AS away
      FROM device JOIN device_presence USING (device_id) WHERE device.test) AS tests

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
    WHERE NOT online AND device_id NOT IN (SELECT device_id FROM device WHERE test)
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

-- name: unread_calls
-- Calls for help that could not be judged, by the lift that their topic names, newest first.
SELECT split_part(topic, '/', 4) AS device, reason, count(*) AS times,
       max(received_at) AS received_at
FROM quarantine
WHERE received_at > %(after)s AND topic LIKE 'liftwacht/v1/%%/call'
GROUP BY 1, 2
ORDER BY max(received_at) DESC
LIMIT %(limit)s

-- name: watching
-- Who else looks at a ticket now.
SELECT account.name
FROM desk_presence JOIN account USING (account_id)
WHERE ticket_id = %(ticket_id)s AND seen_at > %(since)s AND account_id <> %(account_id)s
ORDER BY account.name

-- name: look
-- Somebody looks at a ticket; returns whether they were not there before.
INSERT INTO desk_presence AS presence (ticket_id, account_id, seen_at)
VALUES (%(ticket_id)s, %(account_id)s, %(now)s)
ON CONFLICT (ticket_id, account_id) DO UPDATE SET seen_at = excluded.seen_at
RETURNING (xmax = 0) AS new

-- name: leave
-- …and looks away; also whoever was not heard of for long.
DELETE FROM desk_presence
WHERE ticket_id = %(ticket_id)s AND (account_id = %(account_id)s OR seen_at < %(since)s)

-- name: tell
-- Tells live views that a ticket's page looks different.
SELECT pg_notify('liftwacht_live', %(live)s)

-- name: soon
-- Tickets of which a term is broken soon, or has been, and that are no emergency now: the first due
-- on top.
SELECT ticket.ticket_id, device.name AS device, device.postcode4,
       municipality.name AS municipality, ticket.kind,
       coalesce(ticket.what, CASE WHEN ticket.released_at IS NOT NULL THEN 'released' END) AS what,
       ticket.priority, ticket.stage, ticket.unanswered, ticket.breach_at, ticket.breaches,
       account.name AS assigned_name
FROM ticket
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
LEFT JOIN account ON account.account_id = ticket.assigned_to
WHERE ticket.closed_at IS NULL AND ticket.dedup_key IS DISTINCT FROM 'emergency'
  AND (ticket.breach_at < %(before)s OR ticket.breaches > 0)
ORDER BY ticket.breach_at NULLS FIRST, ticket.ticket_id
LIMIT %(limit)s

-- name: views
-- Lists that somebody wants to come back to.
SELECT name, query FROM desk_view WHERE account_id = %(account_id)s ORDER BY name

-- name: save_view
-- Keeps a list, in place of one of the same name.
INSERT INTO desk_view (account_id, name, query) VALUES (%(account_id)s, %(name)s, %(query)s)
ON CONFLICT (account_id, name) DO UPDATE SET query = excluded.query

-- name: drop_view
-- Forgets one.
DELETE FROM desk_view WHERE account_id = %(account_id)s AND name = %(name)s

-- name: municipalities
-- All of them, for a choice.
SELECT code, name FROM municipality ORDER BY name
