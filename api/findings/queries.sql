-- name: page
-- A page of findings, newest first. What was noticed only when it was over is never open.
SELECT finding_id, finding.device_id, aid.name AS device, aid.kind AS device_kind,
       finding.postcode4, finding.municipality_code, municipality.name AS municipality_name,
       detector, detector_version, what, asks, level, usable, confidence, since, found_at, ended_at,
       reasons, otherwise, forecast, evidence, ticket_id AS ticket
FROM finding
JOIN aid USING (device_id)
JOIN municipality ON municipality.code = finding.municipality_code
WHERE (%(before)s::bigint IS NULL OR finding_id < %(before)s)
  AND (%(asks)s::text IS NULL OR asks = %(asks)s)
  AND (%(what)s::text IS NULL OR what = %(what)s)
  AND CASE %(status)s::text
          WHEN 'open' THEN ended_at IS NULL AND level <> 'passed'
          WHEN 'ended' THEN ended_at IS NOT NULL OR level = 'passed'
          ELSE true
      END
  AND (%(municipality)s::text IS NULL OR finding.municipality_code = %(municipality)s)
  AND (%(device)s::text IS NULL OR aid.name = %(device)s)
ORDER BY finding_id DESC
LIMIT %(limit)s

-- name: notices
-- What is good to know now, newest first; aids that an outage of their area explains are left out.
SELECT finding_id, aid.name AS device, aid.kind AS device_kind, finding.postcode4,
       finding.municipality_code, municipality.name AS municipality_name, detector,
       detector_version, what, asks, level, usable, confidence, since, found_at, ended_at, reasons,
       otherwise, forecast, evidence, ticket_id AS ticket
FROM finding
JOIN aid USING (device_id)
JOIN municipality ON municipality.code = finding.municipality_code
WHERE finding.asks = 'notice' AND finding.ended_at IS NULL AND finding.level = 'certain'
  AND NOT (
      finding.what = 'offline' AND EXISTS (
          SELECT FROM incident_device JOIN incident USING (incident_id)
          WHERE incident_device.device_id = finding.device_id
            AND incident_device.back_at IS NULL AND incident.ended_at IS NULL
      )
  )
ORDER BY finding_id DESC
LIMIT %(limit)s
