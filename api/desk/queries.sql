-- name: counts
-- How the fleet is, in numbers.
SELECT (SELECT count(*) FROM device WHERE retired_at IS NULL) AS devices,
       (SELECT count(*) FROM device_presence WHERE online) AS online,
       (SELECT count(*) FROM device_presence WHERE NOT online) AS offline,
       (SELECT count(*) FROM device_fault WHERE active) AS faults

-- name: faults
-- Faults that are active now, newest first.
SELECT device.name AS device, device.postcode4, municipality.name AS municipality,
       device_fault.code, device_fault.maker_code, device_fault.changed_at AS since
FROM device_fault
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
WHERE device_fault.active
ORDER BY device_fault.changed_at DESC
LIMIT %(limit)s

-- name: offline
-- Aids that we lost touch with, latest first.
SELECT device.name AS device, device.postcode4, municipality.name AS municipality,
       lost.changed_at AS since, lost.reason
FROM (
    SELECT device_id, changed_at, reason FROM device_presence
    WHERE NOT online
    ORDER BY changed_at DESC
    LIMIT %(limit)s
) AS lost
JOIN device USING (device_id)
JOIN municipality ON municipality.code = device.municipality_code
ORDER BY lost.changed_at DESC

-- name: ticket_version
-- Locked, so that it still is the version when the decision follows.
SELECT version FROM ticket WHERE ticket_id = %(ticket_id)s FOR NO KEY UPDATE
