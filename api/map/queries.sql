-- name: aids
-- How many aids each postcode has.
SELECT postcode4, count(*) AS aids FROM device WHERE retired_at IS NULL GROUP BY postcode4

-- name: troubles
-- What is open, by postcode and kind.
SELECT device.postcode4,
       count(*) FILTER (WHERE ticket.dedup_key = 'emergency') AS emergencies,
       count(*) FILTER (WHERE ticket.dedup_key IS DISTINCT FROM 'emergency') AS tickets
FROM ticket JOIN device USING (device_id)
WHERE ticket.closed_at IS NULL
GROUP BY device.postcode4

-- name: outages
-- Aids that are without connection as part of an outage of their area.
SELECT incident.area AS postcode4, count(*) AS aids
FROM incident JOIN incident_device USING (incident_id)
WHERE incident.ended_at IS NULL AND incident_device.back_at IS NULL
GROUP BY incident.area
