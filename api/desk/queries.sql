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

-- name: befell
-- What befell an aid since a moment: faults and lost connections from their edges, calls, tickets.
WITH aid AS (SELECT device_id FROM device WHERE name = %(name)s)
(SELECT 'fault' AS lane, code AS what, measured_at AS begin,
        (SELECT min(cleared.measured_at) FROM fault AS cleared
         WHERE cleared.device_id = raised.device_id AND cleared.code = raised.code
           AND cleared.edge = 'cleared' AND cleared.measured_at >= raised.measured_at
           AND cleared.received_at > %(after)s) AS "end",
        NULL::bigint AS ticket_id
 FROM fault AS raised
 WHERE device_id = (SELECT device_id FROM aid) AND edge = 'raised'
   AND received_at > %(after)s AND measured_at BETWEEN %(after)s AND %(now)s
 ORDER BY received_at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'call', reason, since, since, NULL FROM call
 WHERE device_id = (SELECT device_id FROM aid) AND received_at > %(after)s AND attempt = 1
   AND since BETWEEN %(after)s AND %(now)s
 ORDER BY received_at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'offline', reason, received_at,
        (SELECT min(back.received_at) FROM presence AS back
         WHERE back.device_id = lost.device_id AND back.online
           AND back.received_at > lost.received_at), NULL
 FROM presence AS lost
 WHERE device_id = (SELECT device_id FROM aid) AND NOT online AND received_at > %(after)s
 ORDER BY received_at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'ticket', coalesce(what, kind), since, closed_at, ticket_id FROM ticket
 WHERE device_id = (SELECT device_id FROM aid)
   AND (closed_at IS NULL OR closed_at > %(after)s)
 ORDER BY ticket_id DESC LIMIT %(limit)s)

-- name: logbook
-- What was done to an aid, by whom, newest first: from the logs of its tickets.
SELECT coalesce(event.happened_at, event.at) AS at, event.kind, event.ticket_id,
       ticket.kind AS ticket_kind, ticket.what, event.detail ->> 'part' AS part,
       (event.detail ->> 'number')::int AS number, event.detail ->> 'note' AS note,
       event.detail ->> 'text' AS text, event.detail ->> 'outcome' AS outcome,
       event.detail ->> 'by' AS by, event.actor, account.name AS actor_name
FROM device
JOIN ticket USING (device_id)
JOIN ticket_event AS event USING (ticket_id)
LEFT JOIN account ON account.login = event.actor
WHERE device.name = %(name)s
  AND (event.kind IN ('on_site', 'part_used', 'repaired', 'swap_offered', 'swap_answered')
       OR event.kind = 'closed' AND event.detail ->> 'outcome' <> 'repaired')
ORDER BY at DESC, event.ticket_id DESC, event.event_no DESC
LIMIT %(limit)s
