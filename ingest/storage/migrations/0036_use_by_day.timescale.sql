-- Use, faults and conditions by day of receipt, kept along as they come (continuous aggregates): what ``aid_day``
-- holds for good begins eight days ago, and these tell the days since, and faults by their kind, without
-- reading every ride. By the day of receipt, as it must be; ``day`` is when it was.
--
-- In real time: what came since the last refresh is read from the rows themselves. A refresh looks at all of
-- the past, of which only what changed is worked out again: the first one fills in what was there before, a
-- week at a time; and what is removed for one aid, or is over, goes here too, within an hour.
CREATE MATERIALIZED VIEW usage_day
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT device_id,
       time_bucket(INTERVAL '1 day', received_at, 'Europe/Amsterdam') AS received_day,
       (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       count(*) AS rides, sum(distance_mm) AS distance_mm, sum(duration_ms) AS duration_ms,
       sum(stops) AS stops, max(peak_current_ma) AS peak_current_ma,
       coalesce(sum(trips), 0) AS trips, min(min_battery_mv) AS battery_min_mv
FROM usage
GROUP BY device_id, received_day, day
WITH NO DATA;

CREATE MATERIALIZED VIEW fault_day
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT device_id, code,
       time_bucket(INTERVAL '1 day', received_at, 'Europe/Amsterdam') AS received_day,
       (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       count(*) FILTER (WHERE edge = 'raised') AS raised,
       count(*) FILTER (WHERE edge = 'cleared') AS cleared
FROM fault
GROUP BY device_id, code, received_day, day
WITH NO DATA;

CREATE MATERIALIZED VIEW condition_day
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT device_id,
       time_bucket(INTERVAL '1 day', received_at, 'Europe/Amsterdam') AS received_day,
       (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
       min(battery_rest_mv) AS battery_rest_mv, min(battery_min_mv) AS battery_min_mv,
       max(battery_max_mv) AS battery_max_mv, sum(charging_ms)::bigint AS charging_ms,
       sum(mains_ms)::bigint AS mains_ms, sum(seat_ms)::bigint AS seat_ms,
       sum(restarts) AS restarts
FROM condition
GROUP BY device_id, received_day, day
WITH NO DATA;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['usage_day', 'fault_day', 'condition_day'] LOOP
        PERFORM add_continuous_aggregate_policy(name,
            start_offset => NULL, end_offset => INTERVAL '1 hour',
            schedule_interval => INTERVAL '1 hour', buckets_per_batch => 7);
        EXECUTE format('ALTER MATERIALIZED VIEW %I SET (timescaledb.enable_columnstore)', name);
        EXECUTE format('CALL add_columnstore_policy(%L, after => INTERVAL ''30 days'')', name);
        EXECUTE format('GRANT SELECT ON %I TO liftwacht_diagnostics, liftwacht_api', name);
    END LOOP;
END
$$;

-- Packed by aid, a chunk of a week holds some fifty rides, seven conditions and hardly a fault of each: packets
-- that take more room than the rows (measured: docs/timescale.md). In the order of the aids a packet is full, and
-- what is asked of one is found by the smallest and largest number in each. Readings, hundreds of a day, stay by aid.
ALTER TABLE usage SET (timescaledb.segmentby = '', timescaledb.orderby = 'device_id, received_at, log_no');
ALTER TABLE fault SET (timescaledb.segmentby = '', timescaledb.orderby = 'device_id, received_at, log_no');
ALTER TABLE condition SET (timescaledb.segmentby = '', timescaledb.orderby = 'device_id, received_at, log_no');
