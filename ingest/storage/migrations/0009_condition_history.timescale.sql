-- Conditions are kept as rides are: by week, packed per device, for five years.
SELECT create_hypertable('condition', by_range('received_at', INTERVAL '7 days'),
    create_default_indexes => false);
ALTER TABLE condition SET (
    timescaledb.enable_columnstore,
    timescaledb.segmentby = 'device_id',
    timescaledb.orderby = 'received_at, log_no'
);
CALL add_columnstore_policy('condition', after => INTERVAL '14 days');
SELECT add_retention_policy('condition', drop_after => INTERVAL '5 years');
