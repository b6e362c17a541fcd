-- name: page
-- A page of tickets, newest first, with what a list must show of each: first which tickets, then all
-- of these.
WITH page AS MATERIALIZED (
    SELECT ticket.ticket_id
    FROM ticket
    JOIN aid USING (device_id)
    LEFT JOIN account ON account.account_id = ticket.assigned_to
    WHERE (%(ticket_id)s::bigint IS NULL OR ticket.ticket_id = %(ticket_id)s)
      AND (%(before)s::bigint IS NULL OR ticket.ticket_id < %(before)s)
      AND (%(priority)s::int IS NULL OR ticket.priority = %(priority)s)
      AND (%(kind)s::text IS NULL OR ticket.kind = %(kind)s)
      AND CASE %(status)s::text
              WHEN 'open' THEN ticket.closed_at IS NULL
              WHEN 'closed' THEN ticket.closed_at IS NOT NULL
              ELSE true
          END
      AND (%(municipality)s::text IS NULL OR ticket.municipality_code = %(municipality)s)
      AND (%(device)s::text IS NULL OR aid.name = %(device)s)
      AND (%(stage)s::text IS NULL OR ticket.stage = %(stage)s)
      AND (%(assigned)s::text IS NULL OR account.login = %(assigned)s)
      AND (%(breach_before)s::timestamptz IS NULL
           OR (ticket.closed_at IS NULL AND (ticket.breach_at < %(breach_before)s OR ticket.breaches > 0)))
      AND (%(aids)s::int[] IS NULL OR ticket.device_id = ANY(%(aids)s::int[]))
      AND (%(like)s::text IS NULL OR (  -- of many aids: looked at one by one, not read beforehand
          SELECT device.name LIKE %(like)s OR client.client_number LIKE upper(%(like)s)
                 OR device.postcode4 = %(postcode4)s
          FROM device LEFT JOIN client USING (client_id)
          WHERE device.device_id = ticket.device_id))
    ORDER BY ticket.ticket_id DESC
    LIMIT %(limit)s
)
SELECT ticket.ticket_id, ticket.version, ticket.kind, ticket.what, ticket.priority,
       CASE WHEN ticket.closed_at IS NULL THEN 'open' ELSE 'closed' END AS status,
       aid.name AS device, aid.kind AS device_kind, ticket.postcode4,
       ticket.municipality_code, municipality.name AS municipality_name,
       client.wholly_dependent, ticket.since, ticket.opened_at, ticket.reported_at,
       ticket.stage, ticket.unanswered, ticket.assigned_to AS account, account.login,
       account.name AS account_name, ticket.under_way_at, ticket.arrives_at, ticket.on_site_at,
       ticket.appointment_begin, ticket.appointment_end, ticket.breach_at, ticket.breaches,
       ticket.repaired_at, told.text, ticket.on_site_due_at,
       ticket.repaired_due_at, ticket.released_at, ticket.acknowledged_at, acknowledged.actor AS acknowledged_by,
       heard.at AS lift_heard_at, ticket.all_clear_at, ticket.closed_at, found.reasons,
       EXISTS (SELECT FROM doubtful_device
               WHERE doubtful_device.device_id = ticket.device_id) AS doubtful
FROM page
JOIN ticket USING (ticket_id)
JOIN aid USING (device_id)
JOIN municipality ON municipality.code = ticket.municipality_code
LEFT JOIN client ON client.client_id = ticket.client_id
LEFT JOIN account ON account.account_id = ticket.assigned_to
LEFT JOIN LATERAL (
    SELECT detail ->> 'text' AS text FROM ticket_event
    WHERE ticket_event.ticket_id = ticket.ticket_id AND kind = 'reported'
    ORDER BY event_no LIMIT 1
) AS told ON true
LEFT JOIN LATERAL (
    SELECT coalesce(account.name, actor) AS actor FROM ticket_event
    LEFT JOIN account ON account.login = ticket_event.actor
    WHERE ticket_event.ticket_id = ticket.ticket_id AND kind = 'acknowledged'
    ORDER BY event_no DESC LIMIT 1
) AS acknowledged ON true
LEFT JOIN LATERAL (
    SELECT at FROM ticket_event
    WHERE ticket_event.ticket_id = ticket.ticket_id AND kind = 'lift_heard'
    ORDER BY event_no LIMIT 1
) AS heard ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(finding.reasons ORDER BY finding_id) AS reasons FROM finding
    WHERE finding.ticket_id = ticket.ticket_id
) AS found ON true
ORDER BY page.ticket_id DESC

-- name: aids_like
-- Aids that a piece of a name, of a client number or a postcode may mean; each way stops at enough.
(SELECT device_id FROM device WHERE name LIKE %(like)s LIMIT %(limit)s)
UNION
(SELECT device_id FROM client JOIN device USING (client_id)
 WHERE client_number LIKE upper(%(like)s) LIMIT %(limit)s)
UNION
(SELECT device_id FROM device WHERE postcode4 = %(postcode4)s LIMIT %(limit)s)
LIMIT %(limit)s

-- name: events
-- What happened to a ticket, in order.
SELECT event_no, at, happened_at, actor, account.name AS actor_name, kind, detail
FROM ticket_event
LEFT JOIN account ON account.login = ticket_event.actor
WHERE ticket_id = %(ticket_id)s
ORDER BY event_no

-- name: related
-- Tickets that belong with one, by its own log or by theirs, newest first.
SELECT other.ticket_id, told.relation, other.kind, other.what, other.priority, other.stage,
       CASE WHEN other.closed_at IS NULL THEN 'open' ELSE 'closed' END AS status
FROM (
    SELECT (detail ->> 'ticket')::bigint AS ticket_id, kind AS relation FROM ticket_event
    WHERE ticket_id = %(ticket_id)s AND kind IN ('linked', 'merged', 'split')
    UNION
    SELECT event.ticket_id, event.kind FROM ticket AS one
    JOIN ticket AS sibling USING (device_id)
    JOIN ticket_event AS event ON event.ticket_id = sibling.ticket_id
    WHERE one.ticket_id = %(ticket_id)s AND event.kind IN ('linked', 'merged', 'split')
      AND event.detail ->> 'ticket' = %(ticket_id)s::text
) AS told
JOIN ticket AS other USING (ticket_id)
ORDER BY other.ticket_id DESC, told.relation

-- name: callers
-- Who reported a ticket, and how to call back.
SELECT coalesce(happened_at, at) AS at, detail ->> 'caller' AS caller FROM ticket_event
WHERE ticket_id = %(ticket_id)s AND kind = 'reported' AND detail ->> 'caller' <> ''
ORDER BY event_no

-- name: look_at_caller
-- Writes down that somebody sees who called.
SELECT look_at_caller(%(who)s, %(ticket_id)s, %(now)s)

-- name: findings
-- What detectors found that belongs to a ticket.
SELECT finding.device_id, detector, detector_version, what, asks, level, usable, confidence,
       since, found_at, ended_at, reasons, otherwise, forecast, evidence
FROM finding
WHERE ticket_id = %(ticket_id)s
ORDER BY found_at, finding_id

-- name: device_of
-- The aid that a ticket is about.
SELECT device_id FROM ticket WHERE ticket_id = %(ticket_id)s

-- name: assigned_to
-- Who has a ticket.
SELECT assigned_to FROM ticket WHERE ticket_id = %(ticket_id)s

-- name: suspicions
-- What might become an emergency, longest first.
SELECT device.name AS device, device.postcode4, device.municipality_code,
       municipality.name AS municipality_name, finding.since, finding.found_at, finding.reasons
FROM finding
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
WHERE finding.ended_at IS NULL AND finding.level = 'suspected' AND finding.ticket_id IS NULL
  AND finding.asks = 'emergency'
ORDER BY finding.since
LIMIT %(limit)s
