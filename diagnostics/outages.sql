-- name: turn
-- One engine at a time looks at areas; the others leave it to that one.
SELECT pg_try_advisory_xact_lock(hashtext('liftwacht.outages'));

-- name: open_incidents
-- Incidents that last, with the aids that they touch.
SELECT incident_id, key, area, since, aids,
       coalesce(
           (SELECT jsonb_agg(jsonb_build_object('device_id', device_id, 'lost_at', lost_at,
                                                'back_at', back_at) ORDER BY device_id)
            FROM incident_device WHERE incident_device.incident_id = incident.incident_id),
           '[]'
       )::text
FROM incident
WHERE ended_at IS NULL;

-- name: losses
-- Aids that are away, in areas that lost one lately or have an incident; and what became of those
-- that an incident touches.
WITH area AS (
    SELECT device.postcode4 FROM device_presence
    JOIN device USING (device_id)
    WHERE NOT online AND reason = 'lost' AND changed_at > %(recent)s
    UNION
    SELECT area FROM incident WHERE ended_at IS NULL
)
SELECT device.device_id, device.shard, device.postcode4, device_presence.online,
       device_presence.changed_at, member.lost_at
FROM area
JOIN device USING (postcode4)
JOIN device_presence USING (device_id)
LEFT JOIN (
    SELECT incident_device.device_id, lost_at, back_at FROM incident_device
    JOIN incident USING (incident_id)
    WHERE incident.ended_at IS NULL
) AS member USING (device_id)
WHERE device.retired_at IS NULL AND NOT device.test
  AND ((NOT online AND reason = 'lost') OR (member.lost_at IS NOT NULL AND online));

-- name: areas
-- How many aids with a connection areas have.
SELECT postcode4, count(*) FROM device
JOIN device_presence USING (device_id)
WHERE postcode4 = ANY(%(areas)s) AND retired_at IS NULL AND NOT test
GROUP BY postcode4;

-- name: save_incident
-- Stores an incident, or what is new of it.
INSERT INTO incident (key, area, since, aids, found_at, ended_at)
VALUES (%(key)s, %(area)s, %(since)s, %(aids)s, %(now)s, %(ended_at)s)
ON CONFLICT (key) DO UPDATE SET aids = excluded.aids, ended_at = excluded.ended_at
RETURNING incident_id;

-- name: save_members
-- Stores the aids that an incident touches.
INSERT INTO incident_device (incident_id, device_id, lost_at, back_at)
SELECT %(incident_id)s, device_id, lost_at, back_at
FROM unnest(%(devices)s::int[], %(lost)s::timestamptz[], %(back)s::timestamptz[])
         AS member (device_id, lost_at, back_at)
ON CONFLICT (incident_id, device_id) DO UPDATE
SET lost_at = excluded.lost_at, back_at = excluded.back_at;
