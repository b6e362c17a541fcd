-- Two roles read for a municipality now.
CREATE OR REPLACE VIEW doubtful_device AS
SELECT device_id, min(security_event.at) AS since, count(*) AS events
FROM security_event
JOIN device USING (device_id)
LEFT JOIN security_review USING (event_id)
WHERE makes_doubtful AND security_review.event_id IS NULL
  AND (NOT is_municipality()
       OR municipality_code = current_setting('liftwacht.municipality', true))
GROUP BY device_id;
