-- What people and dashboards ask, under the same names on either engine.

-- An aid's use by day: what the days hold for good, and what came since.
CREATE OR REPLACE VIEW ride_day AS
SELECT device_id, day, sum(rides)::bigint AS rides, sum(distance_mm)::bigint AS distance_mm,
       sum(duration_ms)::bigint AS duration_ms, sum(stops)::bigint AS stops,
       max(peak_current_ma) AS peak_current_ma
FROM (
    SELECT device_id, day, rides, distance_mm, duration_ms, stops, peak_current_ma
    FROM aid_day WHERE rides > 0
    UNION ALL
    SELECT device_id, day, rides, distance_mm, duration_ms, stops, peak_current_ma
    FROM usage_day
    WHERE received_day >= coalesce((SELECT midnight(next_day) FROM aid_day_progress), '-infinity')
) AS ride
GROUP BY device_id, day;

-- How often faults of each code were raised, of aids of each kind.
CREATE VIEW fault_code_day AS
SELECT day, code, device.kind, maker, model, sum(raised)::bigint AS raised,
       count(DISTINCT device_id) AS aids
FROM fault_day
JOIN device USING (device_id)
WHERE raised > 0 AND NOT test
GROUP BY day, code, device.kind, maker, model;
GRANT SELECT ON fault_code_day TO liftwacht_diagnostics, liftwacht_api;
