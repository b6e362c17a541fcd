-- Use, faults and conditions by day of receipt on plain PostgreSQL: the same names, computed when asked.
CREATE VIEW usage_day AS
SELECT device_id,
       date_trunc('day', received_at, 'Europe/Amsterdam') AS received_day,
       (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       count(*) AS rides, sum(distance_mm) AS distance_mm, sum(duration_ms) AS duration_ms,
       sum(stops) AS stops, max(peak_current_ma) AS peak_current_ma,
       coalesce(sum(trips), 0) AS trips, min(min_battery_mv) AS battery_min_mv
FROM usage
GROUP BY device_id, received_day, day;

CREATE VIEW fault_day AS
SELECT device_id, code,
       date_trunc('day', received_at, 'Europe/Amsterdam') AS received_day,
       (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       count(*) FILTER (WHERE edge = 'raised') AS raised,
       count(*) FILTER (WHERE edge = 'cleared') AS cleared
FROM fault
GROUP BY device_id, code, received_day, day;

CREATE VIEW condition_day AS
SELECT device_id,
       date_trunc('day', received_at, 'Europe/Amsterdam') AS received_day,
       (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       min(battery_rest_mv) AS battery_rest_mv, min(battery_min_mv) AS battery_min_mv,
       max(battery_max_mv) AS battery_max_mv, sum(charging_ms)::bigint AS charging_ms,
       sum(mains_ms)::bigint AS mains_ms, sum(seat_ms)::bigint AS seat_ms,
       sum(restarts) AS restarts
FROM condition
GROUP BY device_id, received_day, day;

GRANT SELECT ON usage_day, fault_day, condition_day TO liftwacht_diagnostics, liftwacht_api;
