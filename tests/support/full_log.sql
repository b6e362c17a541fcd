-- name: devices
-- Stairlifts.
INSERT INTO device (name, shard, kind, maker, model, rail_length_mm, municipality_code, postcode4)
SELECT 'sl-' || lpad(n::text, 6, '0'), n %% 64, 'stairlift', 'Maker', 'M', 4700, 'GM0405', 1621
FROM generate_series(1, %(aids)s) AS n

-- name: outboxes
-- One each, in which nothing is missing.
INSERT INTO outbox (device_id, outbox_id, seen)
SELECT device_id, lpad(device_id::text, 32, '0'), int8multirange(int8range(1, %(words)s + 1))
FROM device

-- name: words
-- Each aid in turn says something, five words a second, until now.
CREATE TEMPORARY TABLE word ON COMMIT DROP AS
SELECT shard, no AS log_no, device_id, outbox_no, no AS seq, at AS device_time, at AS measured_at,
       at AS received_at, no
FROM (
    SELECT no, %(now)s::timestamptz - (%(words)s - no) * interval '200 ms' AS at,
           1 + no %% %(aids)s AS number
    FROM generate_series(1, %(words)s) AS no
) AS said
JOIN (SELECT row_number() OVER (ORDER BY device_id) AS number, device_id, shard FROM device) AS aid
    USING (number)
JOIN outbox USING (device_id)

-- name: readings
-- Half of the words, two samples each; one in five at rest.
INSERT INTO status (shard, log_no, device_id, outbox_no, seq, sample_no, device_time, measured_at,
    received_at, at_rest, position_mm, speed_mm_s, current_ma, battery_mv, seat, demand, mode,
    landing, contacts, signals)
SELECT shard, log_no, device_id, outbox_no, seq, sample, device_time, measured_at, received_at,
    no %% 5 = 0, 900, 0, 0, 25100, 0, 0, 1, 1, 0, 2
FROM word CROSS JOIN generate_series(0, 1) AS sample WHERE no %% 10 < 5

-- name: faults
-- That come and go.
INSERT INTO fault (shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at,
    code, maker_code, edge, sample)
SELECT shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at, 'relay', '',
    CASE WHEN no %% 20 = 5 THEN 'raised' ELSE 'cleared' END, %(sample)s::jsonb
FROM word WHERE no %% 10 = 5

-- name: rides
-- One in ten.
INSERT INTO usage (shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at,
    duration_ms, distance_mm, direction, start_landing, end_landing, load_class, seat, stops)
SELECT shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at, 40000, 4700,
    'up', 1, 2, 'normal', 2, 0
FROM word WHERE no %% 10 = 6

-- name: conditions
-- One in ten.
INSERT INTO condition (shard, log_no, device_id, outbox_no, seq, device_time, measured_at,
    received_at, period_ms, restarts, openings, trips, parameters,
    hardware)
SELECT shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at, 86400000,
    0, 0, 0, '', ''
FROM word WHERE no %% 10 = 7

-- name: calls
-- Test calls, which are what most calls are.
INSERT INTO call (shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at,
    call_id, reason, phase, attempt, since, sample)
SELECT shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at,
    lpad(to_hex(no), 32, '0'), 'test', 'raised', 1, measured_at, %(sample)s::jsonb
FROM word WHERE no %% 10 = 8

-- name: connections
-- One in twenty.
INSERT INTO presence (shard, log_no, device_id, session, online, reason, device_time, received_at,
    outbox_no, head_seq, firmware)
SELECT shard, log_no, device_id, no, true, 'connected', device_time, received_at, outbox_no, 0, '1.0'
FROM word WHERE no %% 20 = 9

-- name: replies
-- One in twenty.
INSERT INTO reply (shard, log_no, device_id, outbox_no, seq, received_at, command_id, outcome,
    detail)
SELECT shard, log_no, device_id, outbox_no, seq, received_at, lpad(to_hex(no), 32, '0'), 'done', ''
FROM word WHERE no %% 20 = 19

-- name: heads
-- How far the log is.
UPDATE shard SET log_no = %(words)s

-- name: judged
-- How far the engine has read.
UPDATE diagnosis_cursor SET log_no = %(words)s - %(unread)s,
    received_at = %(now)s::timestamptz - %(unread)s * interval '200 ms'

-- name: heard
-- How far calls were heard.
UPDATE call_cursor SET log_no = %(words)s - %(unread)s

-- name: analysed
-- How far the analysis has read.
UPDATE analysis_cursor SET log_no = %(words)s - %(unread)s,
    received_at = %(now)s::timestamptz - %(unread)s * interval '200 ms'

-- name: states
-- Each aid is watched, and has a timer.
INSERT INTO diagnosis_state (device_id, detector, state, attentive, due_at, updated_at)
SELECT device_id, 'stuck', '{}', device_id %% 10 = 0, %(now)s, %(now)s FROM device

-- name: analyze
-- As the database does by itself.
ANALYZE
