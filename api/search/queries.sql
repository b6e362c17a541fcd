-- name: aids
-- Aids whose name, serial number or client number begins so, or that are at a postcode; those that
-- are lent first. Each way is looked up by itself, so that each can use its index.
SELECT device.name AS device, device.kind, device.maker, device.model, device.serial_number,
       device.postcode4, municipality.name AS municipality, client.client_number,
       client.wholly_dependent, device.retired_at IS NOT NULL AS retired,
       (SELECT count(*) FROM ticket
        WHERE ticket.device_id = device.device_id AND ticket.closed_at IS NULL) AS open_tickets,
       (SELECT ticket_id FROM ticket
        WHERE ticket.device_id = device.device_id AND ticket.dedup_key = 'emergency') AS emergency
FROM (
    (SELECT device_id FROM device WHERE name LIKE %(pattern)s LIMIT %(limit)s)
    UNION
    (SELECT device_id FROM device
     WHERE serial_number <> '' AND lower(serial_number) LIKE %(pattern)s LIMIT %(limit)s)
    UNION
    (SELECT device_id FROM client JOIN device USING (client_id)
     WHERE lower(client_number) LIKE %(pattern)s LIMIT %(limit)s)
    UNION
    (SELECT device_id FROM device WHERE postcode4 = %(postcode4)s LIMIT %(limit)s)
    UNION
    (SELECT device_id FROM client JOIN device USING (client_id)
     WHERE client_number = ANY(%(clients)s) LIMIT %(limit)s)
) AS found
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
LEFT JOIN client USING (client_id)
ORDER BY retired, device.name
LIMIT %(limit)s

-- name: ticket
-- Whether there is a ticket of that number.
SELECT ticket_id FROM ticket WHERE ticket_id = %(ticket_id)s
