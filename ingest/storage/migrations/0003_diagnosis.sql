-- What diagnostics made of the log: position, state and timers per device, findings, tickets.

CREATE TABLE diagnosis_cursor (
    shard smallint PRIMARY KEY REFERENCES shard,
    log_no bigint NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL DEFAULT '-infinity',  -- of the newest row read: prunes chunks
    cycled_at timestamptz
);
INSERT INTO diagnosis_cursor (shard) SELECT shard FROM shard;

CREATE TABLE diagnosis_state (
    device_id int NOT NULL REFERENCES device,
    detector text NOT NULL,
    state jsonb NOT NULL,
    -- An attentive device is read in full; any other only where it is not at rest.
    attentive boolean NOT NULL,
    due_at timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, detector)
) WITH (fillfactor = 50);
CREATE INDEX diagnosis_state_due ON diagnosis_state (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX diagnosis_state_attentive ON diagnosis_state (device_id) WHERE attentive;

CREATE TABLE ticket (
    ticket_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    kind text NOT NULL CHECK (kind IN ('emergency')),
    priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 3),
    dedup_key text,
    opened_at timestamptz NOT NULL,
    evidence_at timestamptz NOT NULL,  -- when the first evidence reached the platform
    since timestamptz NOT NULL,  -- since when the trouble lasts, as far as known
    on_site_due_at timestamptz,  -- null: exempt (Wadden)
    repaired_due_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    all_clear_at timestamptz,  -- the lift says that it is over: shown, never trusted
    closed_at timestamptz,
    version int NOT NULL DEFAULT 1,
    CONSTRAINT ticket_open_has_key CHECK ((dedup_key IS NULL) = (closed_at IS NOT NULL)),
    CONSTRAINT ticket_one_open UNIQUE (device_id, dedup_key)
);
CREATE INDEX ticket_open ON ticket (priority, opened_at) WHERE closed_at IS NULL;
CREATE INDEX ticket_device ON ticket (device_id, ticket_id DESC);

-- Append-only: from it all else can be derived.
CREATE TABLE ticket_event (
    ticket_id bigint NOT NULL REFERENCES ticket,
    event_no int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (ticket_id, event_no)
);

-- What a detector found: suspected, certain, or noticed and passed.
CREATE TABLE finding (
    finding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    detector text NOT NULL,
    detector_version int NOT NULL,
    dedup_key text NOT NULL,  -- one episode of one device
    level text NOT NULL CHECK (level IN ('suspected', 'certain', 'passed')),
    since timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    ended_at timestamptz,
    reasons jsonb NOT NULL,  -- [{"code": …, …parameters}]
    evidence jsonb NOT NULL,  -- {"shard":…, "log_nos": […], "from":…, "until":…}
    ticket_id bigint REFERENCES ticket,
    CONSTRAINT finding_once UNIQUE (device_id, detector, dedup_key)
);
CREATE INDEX finding_live ON finding (device_id) WHERE ended_at IS NULL;
CREATE INDEX finding_ticket ON finding (ticket_id) WHERE ticket_id IS NOT NULL;

-- Outgoing messages as rows: written with the decision, sent after commit, retried until done.
CREATE TABLE notification (
    notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedup_key text NOT NULL UNIQUE,
    ticket_id bigint REFERENCES ticket,
    channel text NOT NULL CHECK (channel IN ('webhook', 'lift')),
    recipient text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    next_attempt_at timestamptz,  -- null exactly when finished
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    delivered_at timestamptz,
    given_up_at timestamptz,
    CONSTRAINT notification_finished CHECK (
        (next_attempt_at IS NULL) = (delivered_at IS NOT NULL OR given_up_at IS NOT NULL)
    )
);
CREATE INDEX notification_due ON notification (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX notification_ticket ON notification (ticket_id);

-- Each process says that it lives, and how far it is.
CREATE TABLE heartbeat (
    process text PRIMARY KEY,
    part text NOT NULL,
    beat_at timestamptz NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}'
);
