-- name: due_repairs
-- What is certain to need repair and has no ticket, or one that says less than is known now, unless a
-- person has said how urgent it is. What an emergency was to take along is due again once that is over.
SELECT finding_id, finding.device_id, device.name AS device, finding.detector, finding.what,
       finding.usable, finding.since, finding.found_at, finding.reasons, finding.evidence,
       CASE WHEN ticket.closed_at IS NULL AND ticket.kind = 'repair'
            THEN ticket.ticket_id END AS ticket_id
FROM finding
JOIN device USING (device_id)
LEFT JOIN ticket USING (ticket_id)
WHERE finding.asks = 'repair' AND finding.level = 'certain' AND finding.ended_at IS NULL
  AND (ticket.ticket_id IS NULL
       OR (ticket.kind = 'emergency' AND ticket.closed_at IS NOT NULL)
       OR (ticket.kind = 'repair' AND ticket.closed_at IS NULL AND ticket.priority > 2
           AND NOT finding.usable
           AND NOT EXISTS (
               SELECT FROM ticket_event
               WHERE ticket_event.ticket_id = ticket.ticket_id AND kind = 'priority_changed'
           )))
ORDER BY finding_id
LIMIT %(limit)s
FOR NO KEY UPDATE OF finding SKIP LOCKED;

-- name: repairs_over
-- Open repairs of which nothing is found any more, and which do not say so yet.
SELECT ticket.ticket_id FROM ticket
WHERE ticket.kind = 'repair' AND ticket.closed_at IS NULL AND ticket.all_clear_at IS NULL
  AND EXISTS (SELECT FROM finding WHERE finding.ticket_id = ticket.ticket_id)
  AND NOT EXISTS (
      SELECT FROM finding
      WHERE finding.ticket_id = ticket.ticket_id AND finding.ended_at IS NULL
  )
LIMIT %(limit)s
FOR NO KEY UPDATE OF ticket SKIP LOCKED;
