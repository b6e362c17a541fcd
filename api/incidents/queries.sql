-- name: page
-- A page of incidents, newest first, with the aids that they touch.
SELECT incident_id, incident.kind, area, incident.since, found_at, ended_at, aids,
       municipality.code AS municipality_code, municipality.name AS municipality_name,
       touched.offline, touched.devices
FROM incident
LEFT JOIN municipality_postcode ON municipality_postcode.postcode4 = incident.area
LEFT JOIN municipality ON municipality.code = municipality_postcode.municipality_code
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE back_at IS NULL) AS offline,
           coalesce(jsonb_agg(jsonb_build_object('device', device.name, 'lost_at', lost_at,
                                                 'back_at', back_at) ORDER BY device.name),
                    '[]') AS devices
    FROM incident_device JOIN device USING (device_id)
    WHERE incident_device.incident_id = incident.incident_id
) AS touched
WHERE (%(before)s::bigint IS NULL OR incident_id < %(before)s)
  AND CASE %(status)s::text
          WHEN 'open' THEN ended_at IS NULL
          WHEN 'ended' THEN ended_at IS NOT NULL
          ELSE true
      END
ORDER BY incident_id DESC
LIMIT %(limit)s
