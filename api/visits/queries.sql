-- name: visits
-- Whatever is somebody's and open, or was done lately; and, if they are on call, what is urgent and
-- nobody's. Most urgent first.
SELECT ticket.ticket_id, ticket.version, ticket.kind, ticket.what, ticket.priority, ticket.stage,
       ticket.since, ticket.breach_at, ticket.appointment_begin, ticket.appointment_end,
       ticket.arrives_at, ticket.released_at, ticket.closed_at,
       ticket.assigned_to IS NOT NULL AS mine,
       device.name AS device, device.kind AS device_kind, device.postcode4,
       municipality.name AS municipality, told.text
FROM ticket
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
LEFT JOIN LATERAL (
    SELECT detail ->> 'text' AS text FROM ticket_event
    WHERE ticket_event.ticket_id = ticket.ticket_id AND kind = 'reported'
    ORDER BY event_no LIMIT 1
) AS told ON true
WHERE ticket.assigned_to = %(who)s AND (ticket.closed_at IS NULL OR ticket.closed_at > %(lately)s)
   OR %(on_call)s AND ticket.assigned_to IS NULL AND ticket.closed_at IS NULL
      AND ticket.priority <= 2
ORDER BY ticket.closed_at DESC NULLS FIRST,
         (ticket.kind = 'emergency' AND ticket.released_at IS NULL) DESC,
         ticket.priority NULLS LAST, least(ticket.breach_at, ticket.appointment_begin) NULLS LAST,
         ticket.ticket_id
LIMIT 200

