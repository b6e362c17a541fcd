-- The long history on plain PostgreSQL: the same names, computed when asked.
-- `0006_retention.sql` does there what TimescaleDB's own jobs do elsewhere.

CREATE VIEW ride_day AS
SELECT
    device_id,
    (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
    count(*) AS rides,
    sum(distance_mm)::bigint AS distance_mm,
    sum(duration_ms)::bigint AS duration_ms,
    sum(stops)::bigint AS stops,
    max(peak_current_ma) AS peak_current_ma
FROM usage
GROUP BY device_id, day;

GRANT SELECT ON ride_day TO liftwacht_diagnostics, liftwacht_api;
