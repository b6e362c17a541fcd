-- name: rides
-- Three a day; those of later aids were made long before they were received.
INSERT INTO usage (shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at,
                   duration_ms, distance_mm, direction, start_landing, end_landing, load_class, seat,
                   stops, peak_current_ma)
SELECT 0, row_number() OVER (ORDER BY at), d, 1, 1, at, at - d * interval '9 hours', at, 1000, 4000 + d,
       'up', 0, 1, 'one', 1, 0, 9000 + d
FROM generate_series(1, %(aids)s) AS d,
     generate_series(now() - %(days)s * interval '1 day', now(), interval '7 hours') AS at

-- name: faults
-- Raised and cleared.
INSERT INTO fault (shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at, code,
                   maker_code, edge, sample)
SELECT 0, row_number() OVER (ORDER BY at), d, 1, 1, at, at, at, 'blocked', '9', edge, '{}'
FROM generate_series(1, %(aids)s) AS d, unnest(ARRAY['raised', 'cleared']) AS edge,
     generate_series(now() - %(days)s * interval '1 day', now(), interval '31 hours') AS at

-- name: conditions
-- One a day.
INSERT INTO condition (shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at,
                       period_ms, battery_rest_mv, charging_ms, restarts, openings, trips, parameters,
                       hardware)
SELECT 0, row_number() OVER (ORDER BY at), d, 1, 1, at, at, at, 1, 24000 + d, 1000, 0, 0, 0, '', ''
FROM generate_series(1, %(aids)s) AS d,
     generate_series(now() - %(days)s * interval '1 day', now(), interval '1 day') AS at

-- name: readings
-- One an hour.
INSERT INTO status (shard, log_no, device_id, outbox_no, seq, sample_no, device_time, measured_at,
                    received_at, at_rest, seat, demand, mode, landing, contacts, signals, speed_mm_s)
SELECT 0, row_number() OVER (ORDER BY at), d, 1, 1, 0, at, at, at, false, 1, 1, 0, 1, 0, 0, 100
FROM generate_series(1, %(aids)s) AS d,
     generate_series(now() - %(days)s * interval '1 day', now(), interval '1 hour') AS at

-- name: usage_day
-- By day, as it is kept.
SELECT device_id, day, sum(rides)::int, sum(distance_mm)::bigint, max(peak_current_ma) FROM usage_day
GROUP BY 1, 2 ORDER BY 1, 2

-- name: usage_day_anew
-- The same from the rows.
SELECT device_id, (measured_at AT TIME ZONE 'Europe/Amsterdam')::date, count(*)::int,
       sum(distance_mm)::bigint, max(peak_current_ma)
FROM usage GROUP BY 1, 2 ORDER BY 1, 2

-- name: fault_day
-- By day and code, as it is kept.
SELECT device_id, day, code, sum(raised)::int, sum(cleared)::int FROM fault_day
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3

-- name: fault_day_anew
-- The same from the rows.
SELECT device_id, (measured_at AT TIME ZONE 'Europe/Amsterdam')::date, code,
       count(*) FILTER (WHERE edge = 'raised')::int, count(*) FILTER (WHERE edge = 'cleared')::int
FROM fault GROUP BY 1, 2, 3 ORDER BY 1, 2, 3

-- name: condition_day
-- By day, as it is kept.
SELECT device_id, day, min(battery_rest_mv), sum(charging_ms)::bigint FROM condition_day
GROUP BY 1, 2 ORDER BY 1, 2

-- name: condition_day_anew
-- The same from the rows.
SELECT device_id, (measured_at AT TIME ZONE 'Europe/Amsterdam')::date, min(battery_rest_mv),
       sum(charging_ms)::bigint
FROM condition GROUP BY 1, 2 ORDER BY 1, 2
