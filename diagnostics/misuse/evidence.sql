-- name: ride_days
-- An aid's rides by Dutch day, as far as the evidence of a signal can be drawn from them.
SELECT (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       count(*)::float8 AS rides,
       count(*) FILTER (WHERE seat = %(empty)s)::float8 AS empty_rides,
       sum(duration_ms) / 60000.0::float8 AS ride_minutes,
       (percentile_cont(0.5) WITHIN GROUP (ORDER BY boarding_ms) / 1000)::float8 AS boarding_s,
       max(load_kg)::float8 AS load_kg,
       (max(mean_current_ma) / 1000.0)::float8 AS current_a,
       (max(max_speed_mm_s) * 0.0036)::float8 AS speed_kmh,
       max(max_incline_deg)::float8 AS incline_deg,
       sum(trips)::float8 AS edges
FROM usage
WHERE device_id = %(device_id)s AND received_at >= %(begin)s
  AND measured_at >= %(begin)s AND measured_at < %(end)s
GROUP BY 1 ORDER BY 1;

-- name: condition_days
-- Likewise what it lived through.
SELECT (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       (min(battery_rest_mv) / 1000.0)::float8 AS battery_v,
       (max(battery_max_mv) / 1000.0)::float8 AS battery_top_v,
       (sum(charging_ms) / 3600000.0)::float8 AS charging_h,
       (sum(away_ms) / 3600000.0)::float8 AS away_h,
       (min(temperature_min_dc) / 10.0)::float8 AS coldest_c,
       (max(temperature_max_dc) / 10.0)::float8 AS warmest_c,
       sum(openings)::float8 AS openings
FROM condition
WHERE device_id = %(device_id)s AND received_at >= %(begin)s
  AND measured_at >= %(begin)s AND measured_at < %(end)s
GROUP BY 1 ORDER BY 1;
