-- The long history on TimescaleDB: by day, packed per device, dropped when its time is over.
--
-- Chunks follow received_at: it is ours and only grows, while device clocks may claim anything.
-- Rides and faults are kept for five years, so that a decision can be explained; readings for 400
-- days, which is one year and a season to compare it with.

SELECT create_hypertable('status', by_range('received_at', INTERVAL '1 day'),
    create_default_indexes => false);
SELECT create_hypertable('fault', by_range('received_at', INTERVAL '7 days'),
    create_default_indexes => false);
SELECT create_hypertable('usage', by_range('received_at', INTERVAL '7 days'),
    create_default_indexes => false);

ALTER TABLE status SET (
    timescaledb.enable_columnstore,
    timescaledb.segmentby = 'device_id',
    timescaledb.orderby = 'received_at, log_no, sample_no'
);
ALTER TABLE fault SET (
    timescaledb.enable_columnstore,
    timescaledb.segmentby = 'device_id',
    timescaledb.orderby = 'received_at, log_no'
);
ALTER TABLE usage SET (
    timescaledb.enable_columnstore,
    timescaledb.segmentby = 'device_id',
    timescaledb.orderby = 'received_at, log_no'
);
-- The engine reads the last seven days by log number: they stay rows.
CALL add_columnstore_policy('status', after => INTERVAL '8 days');
CALL add_columnstore_policy('fault', after => INTERVAL '14 days');
CALL add_columnstore_policy('usage', after => INTERVAL '14 days');

SELECT add_retention_policy('status', drop_after => INTERVAL '400 days');
SELECT add_retention_policy('fault', drop_after => INTERVAL '5 years');
SELECT add_retention_policy('usage', drop_after => INTERVAL '5 years');

-- Rides per day. The aggregate is kept by the day of receipt, as it must be; what people ask for is
-- the day of the ride, which a backlog may bring later.
CREATE MATERIALIZED VIEW usage_received_day
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT
    device_id,
    time_bucket(INTERVAL '1 day', received_at) AS received_day,
    (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
    count(*) AS rides,
    sum(distance_mm) AS distance_mm,
    sum(duration_ms) AS duration_ms,
    sum(stops) AS stops,
    max(peak_current_ma) AS peak_current_ma
FROM usage
GROUP BY device_id, received_day, day
WITH NO DATA;
SELECT add_continuous_aggregate_policy('usage_received_day',
    start_offset => INTERVAL '30 days',
    end_offset => INTERVAL '1 hour',
    schedule_interval => INTERVAL '1 hour');

CREATE VIEW ride_day AS
SELECT
    device_id,
    day,
    sum(rides)::bigint AS rides,
    sum(distance_mm)::bigint AS distance_mm,
    sum(duration_ms)::bigint AS duration_ms,
    sum(stops)::bigint AS stops,
    max(peak_current_ma) AS peak_current_ma
FROM usage_received_day
GROUP BY device_id, day;

GRANT SELECT ON ride_day TO liftwacht_diagnostics, liftwacht_api;
