-- What an aid lived through in a period, usually a day: health and habits are judged from it.
CREATE TABLE condition (
    shard smallint NOT NULL,
    log_no bigint NOT NULL,
    device_id int NOT NULL,
    outbox_no int NOT NULL,
    seq bigint NOT NULL,
    device_time timestamptz NOT NULL,  -- end of the period
    measured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    period_ms bigint NOT NULL,
    battery_rest_mv int,
    battery_min_mv int,
    battery_max_mv int,
    charging_ms bigint,
    mains_ms bigint,
    off_charge_ms bigint,
    seat_ms bigint,
    away_ms bigint,
    cell text,  -- a geohash of at most five characters (some 5 km)
    temperature_min_dc smallint,
    temperature_max_dc smallint,
    restarts int NOT NULL,
    openings int NOT NULL,
    trips int NOT NULL,
    cycles int,
    odometer_m int,
    parameters text NOT NULL,
    hardware text NOT NULL,
    signal_dbm smallint
);
CREATE INDEX condition_log ON condition (shard, log_no);
CREATE INDEX condition_device ON condition (device_id, received_at DESC);

-- What newer modems tell of a ride.
ALTER TABLE usage
    ADD COLUMN min_battery_mv int,
    ADD COLUMN max_speed_mm_s smallint,
    ADD COLUMN max_incline_deg smallint,
    ADD COLUMN load_kg smallint,
    ADD COLUMN boarding_ms int,
    ADD COLUMN presses int,
    ADD COLUMN trips int,
    ADD COLUMN away boolean,
    ADD COLUMN profile_ma int[];  -- null: unknown; null elements: parts not passed

-- What is known of an aid when it is lent.
ALTER TABLE device
    ADD COLUMN built_on date,
    ADD COLUMN serviced_on date,
    ADD COLUMN lent_on date,
    ADD COLUMN max_load_kg int CHECK (max_load_kg > 0),
    ADD COLUMN max_speed_mm_s int CHECK (max_speed_mm_s > 0),
    ADD COLUMN max_incline_deg int CHECK (max_incline_deg BETWEEN 0 AND 90);

GRANT INSERT ON condition TO liftwacht_ingest;
GRANT SELECT ON condition TO liftwacht_diagnostics, liftwacht_api;

CREATE OR REPLACE PROCEDURE expire(at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM status WHERE received_at < at - INTERVAL '400 days';
    DELETE FROM fault WHERE received_at < at - INTERVAL '5 years';
    DELETE FROM usage WHERE received_at < at - INTERVAL '5 years';
    DELETE FROM condition WHERE received_at < at - INTERVAL '5 years';
    DELETE FROM call WHERE received_at < at - INTERVAL '5 years';
    DELETE FROM reply WHERE received_at < at - INTERVAL '400 days';
    DELETE FROM presence WHERE received_at < at - INTERVAL '400 days';
    DELETE FROM quarantine WHERE received_at < at - INTERVAL '400 days';
END
$$;
