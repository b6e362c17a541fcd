-- What the aids said: the committed log that diagnostics read, and the latest state.
--
-- Order. Every stored message takes the next number of its shard's log. The writer holds the
-- shard's row locked until it commits, so numbers commit in order, without gaps: a reader that has
-- seen number n has seen all before it.
--
-- Once only. `outbox.seen` is the exact set of sequence numbers stored from one modem's outbox, as
-- ranges: it stays one small value for ever, and is written in the same transaction.
--
-- Time. device_time is what the device's clock said, received_at is ours, measured_at the best
-- estimate of when it really was; clock_skew_ms (device minus ours) is what the estimate used.

CREATE TABLE shard (
    shard smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 63),
    log_no bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO shard (shard) SELECT generate_series(0, 63);

CREATE TABLE outbox (
    outbox_no int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    outbox_id text NOT NULL CHECK (outbox_id ~ '^[0-9a-f]{32}$'),
    seen int8multirange NOT NULL DEFAULT '{}',
    clock_skew_ms bigint,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (device_id, outbox_id)
) WITH (fillfactor = 50);

-- One row per sample. `at_rest` is true only when nothing at all goes on.
CREATE TABLE status (
    shard smallint NOT NULL,
    log_no bigint NOT NULL,
    device_id int NOT NULL,
    outbox_no int NOT NULL,
    seq bigint NOT NULL,
    sample_no smallint NOT NULL,
    device_time timestamptz NOT NULL,
    measured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    at_rest boolean NOT NULL,
    position_mm int,
    speed_mm_s smallint,
    current_ma int,
    battery_mv int,
    seat smallint NOT NULL,
    demand smallint NOT NULL,
    mode smallint NOT NULL,
    landing smallint NOT NULL,
    contacts int NOT NULL,
    signals int NOT NULL,
    fault text
);
CREATE INDEX status_device ON status (device_id, received_at DESC);
CREATE INDEX status_notable ON status (shard, log_no) WHERE NOT at_rest;

CREATE TABLE fault (
    shard smallint NOT NULL,
    log_no bigint NOT NULL,
    device_id int NOT NULL,
    outbox_no int NOT NULL,
    seq bigint NOT NULL,
    device_time timestamptz NOT NULL,
    measured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    code text NOT NULL,
    maker_code text NOT NULL,
    edge text NOT NULL CHECK (edge IN ('raised', 'cleared')),
    sample jsonb NOT NULL
);
CREATE INDEX fault_log ON fault (shard, log_no);
CREATE INDEX fault_device ON fault (device_id, received_at DESC);

CREATE TABLE usage (
    shard smallint NOT NULL,
    log_no bigint NOT NULL,
    device_id int NOT NULL,
    outbox_no int NOT NULL,
    seq bigint NOT NULL,
    device_time timestamptz NOT NULL,  -- end of the ride
    measured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    duration_ms int NOT NULL,
    distance_mm int NOT NULL,
    direction text NOT NULL,
    start_landing smallint NOT NULL,
    end_landing smallint NOT NULL,
    mean_current_ma int,
    peak_current_ma int,
    load_class text NOT NULL,
    seat smallint NOT NULL,
    stops int NOT NULL,
    battery_before_mv int,
    battery_after_mv int
);
CREATE INDEX usage_log ON usage (shard, log_no);
CREATE INDEX usage_device ON usage (device_id, received_at DESC);

CREATE TABLE call (
    shard smallint NOT NULL,
    log_no bigint NOT NULL,
    device_id int NOT NULL REFERENCES device,
    outbox_no int NOT NULL REFERENCES outbox,
    seq bigint NOT NULL,
    device_time timestamptz NOT NULL,
    measured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    call_id text NOT NULL,
    reason text NOT NULL,
    phase text NOT NULL,
    attempt int NOT NULL,
    since timestamptz NOT NULL,  -- corrected like measured_at
    sample jsonb NOT NULL,
    PRIMARY KEY (shard, log_no),
    UNIQUE (outbox_no, seq)
);
CREATE INDEX call_device ON call (device_id, received_at DESC);

CREATE TABLE reply (
    shard smallint NOT NULL,
    log_no bigint NOT NULL,
    device_id int NOT NULL REFERENCES device,
    outbox_no int NOT NULL REFERENCES outbox,
    seq bigint NOT NULL,
    received_at timestamptz NOT NULL,
    command_id text NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (shard, log_no),
    UNIQUE (outbox_no, seq)
);
CREATE INDEX reply_command ON reply (command_id);

-- Connections as told by birth and will messages. Kept once per session and state, however often
-- the retained message is delivered again.
CREATE TABLE presence (
    shard smallint NOT NULL,
    log_no bigint NOT NULL,
    device_id int NOT NULL REFERENCES device,
    session bigint NOT NULL,
    online boolean NOT NULL,
    reason text NOT NULL,
    device_time timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    clock_skew_ms bigint,  -- only an online message is sent live; a will was written long before
    outbox_no int REFERENCES outbox,
    head_seq bigint NOT NULL,
    call_id text,
    firmware text NOT NULL,
    sample jsonb,
    PRIMARY KEY (shard, log_no),
    -- A modem whose memory was replaced counts its sessions anew, under a new outbox.
    UNIQUE NULLS NOT DISTINCT (device_id, outbox_no, session, online)
);

-- The newest word of each device, by its own order and never by its clock.
CREATE TABLE device_latest (
    device_id int PRIMARY KEY REFERENCES device,
    outbox_no int NOT NULL,
    seq bigint NOT NULL,
    sample_no smallint NOT NULL,
    measured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    position_mm int,
    speed_mm_s smallint,
    current_ma int,
    battery_mv int,
    seat smallint NOT NULL,
    demand smallint NOT NULL,
    mode smallint NOT NULL,
    landing smallint NOT NULL,
    contacts int NOT NULL,
    signals int NOT NULL,
    fault text
) WITH (fillfactor = 50);

-- The newest session wins: a late will of an earlier one changes nothing.
CREATE TABLE device_presence (
    device_id int PRIMARY KEY REFERENCES device,
    outbox_no int,  -- null: the modem never said
    session bigint NOT NULL,
    online boolean NOT NULL,
    reason text NOT NULL,
    changed_at timestamptz NOT NULL,
    firmware text NOT NULL
) WITH (fillfactor = 70);

-- Faults that are raised and not yet cleared, by the device's own order.
CREATE TABLE device_fault (
    device_id int NOT NULL REFERENCES device,
    code text NOT NULL,
    maker_code text NOT NULL,
    active boolean NOT NULL,
    outbox_no int NOT NULL,
    seq bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, code)
);
CREATE INDEX device_fault_active ON device_fault (device_id) WHERE active;

-- What could not be stored, kept as it came, so that nothing is lost and nothing blocks.
CREATE TABLE quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    topic text NOT NULL,
    payload bytea NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX quarantine_received ON quarantine (received_at DESC);

-- Which worker hears which shards, and since when without a break: silence of a lift means
-- something only while we listen.
CREATE TABLE listener (
    worker text PRIMARY KEY,
    first_shard smallint NOT NULL,
    last_shard smallint NOT NULL,
    listening_since timestamptz,  -- null: not connected to the broker, or behind
    beat_at timestamptz NOT NULL,
    received bigint NOT NULL DEFAULT 0,
    stored bigint NOT NULL DEFAULT 0,
    duplicate bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0
);
