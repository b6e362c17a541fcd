-- The slow lane: rides, faults, calls, connections and conditions are judged for health, faults,
-- silence and use, with a place in the log, memories and timers of its own. Nothing that an
-- emergency waits for is locked by it.
CREATE TABLE analysis_cursor (
    shard smallint PRIMARY KEY REFERENCES shard,
    log_no bigint NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL DEFAULT '-infinity',  -- of the newest row read: prunes chunks
    cycled_at timestamptz
) WITH (fillfactor = 10);
INSERT INTO analysis_cursor (shard) SELECT shard FROM shard;

CREATE TABLE analysis_state (
    device_id int NOT NULL REFERENCES device,
    detector text NOT NULL,
    state jsonb NOT NULL,
    due_at timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, detector)
) WITH (fillfactor = 50);
CREATE INDEX analysis_state_due ON analysis_state (due_at) WHERE due_at IS NOT NULL;

GRANT SELECT, UPDATE ON analysis_cursor TO liftwacht_diagnostics;
GRANT SELECT, INSERT, UPDATE, DELETE ON analysis_state TO liftwacht_diagnostics;
GRANT SELECT ON analysis_cursor TO liftwacht_api;

-- What is found, and what it asks for.
ALTER TABLE finding
    ADD COLUMN what text NOT NULL DEFAULT 'stuck',
    ADD COLUMN asks text NOT NULL DEFAULT 'emergency'
        CHECK (asks IN ('emergency', 'repair', 'advice', 'signal', 'notice')),
    ADD COLUMN usable boolean NOT NULL DEFAULT true,
    ADD COLUMN confidence real CHECK (confidence BETWEEN 0 AND 1),
    ADD COLUMN otherwise jsonb NOT NULL DEFAULT '[]',  -- [{"code": …, …parameters}]
    ADD COLUMN forecast jsonb;  -- {"at":…, "days_low":…, "days_median":…, "days_high":…}
ALTER TABLE finding
    ALTER COLUMN what DROP DEFAULT,
    ALTER COLUMN asks DROP DEFAULT;
CREATE INDEX finding_asks ON finding (asks, finding_id) WHERE ended_at IS NULL;
CREATE INDEX finding_device ON finding (device_id, finding_id DESC);

-- A repair is a ticket too. What is to be repaired: one word of the catalogue; null in emergencies.
ALTER TABLE ticket
    DROP CONSTRAINT ticket_kind_check,
    ADD CONSTRAINT ticket_kind_check CHECK (kind IN ('emergency', 'repair')),
    ADD COLUMN what text,
    ADD CONSTRAINT ticket_repair_of CHECK ((kind = 'repair') = (what IS NOT NULL));

-- Many aids of one area without connection are one incident.
CREATE TABLE incident (
    incident_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    kind text NOT NULL DEFAULT 'area_outage' CHECK (kind IN ('area_outage')),
    area smallint NOT NULL,  -- the four digits of the postcode
    since timestamptz NOT NULL,
    aids int NOT NULL,  -- that the area has
    found_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX incident_one_open ON incident (kind, area) WHERE ended_at IS NULL;

CREATE TABLE incident_device (
    incident_id bigint NOT NULL REFERENCES incident,
    device_id int NOT NULL REFERENCES device,
    lost_at timestamptz NOT NULL,
    back_at timestamptz,
    PRIMARY KEY (incident_id, device_id)
);
CREATE INDEX incident_device_away ON incident_device (device_id) WHERE back_at IS NULL;
CREATE INDEX device_area ON device (postcode4);

GRANT SELECT, INSERT, UPDATE ON incident, incident_device TO liftwacht_diagnostics;
GRANT SELECT ON incident, incident_device TO liftwacht_api;
