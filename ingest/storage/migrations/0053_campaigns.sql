-- New programmes and settings for modems, in rings. The lift's controller is never touched.

-- How far an order has come: more than one reply may answer it.
ALTER TABLE reply ADD COLUMN stage text NOT NULL DEFAULT '';

-- What was signed elsewhere: we hold no key that could.
CREATE TABLE package (
    package_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL UNIQUE CHECK (version ~ '^[0-9]{1,5}[.][0-9]{1,5}[.][0-9]{1,5}$'),
    size int NOT NULL CHECK (size > 0),
    sha256 text NOT NULL UNIQUE CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    signature bytea NOT NULL CHECK (length(signature) = 64),
    content bytea NOT NULL,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    CONSTRAINT package_size CHECK (length(content) = size)
);
ALTER TABLE package ALTER COLUMN content SET STORAGE EXTERNAL;  -- read in pieces

CREATE TABLE campaign (
    campaign_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    package_id int REFERENCES package,
    settings jsonb,
    aids jsonb NOT NULL,  -- for whom
    plan jsonb NOT NULL,  -- rings, rests, and when it pauses by itself
    state text NOT NULL CHECK (state IN ('running', 'paused', 'stopped', 'finished')),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    judged_since timestamptz NOT NULL,  -- what went wrong before somebody resumed it is known
    next_look_at timestamptz,  -- null: there is nothing more to come
    CONSTRAINT campaign_what CHECK ((package_id IS NULL) <> (settings IS NULL))
);
CREATE INDEX campaign_next ON campaign (next_look_at) WHERE next_look_at IS NOT NULL;

CREATE TABLE campaign_ring (
    campaign_id int NOT NULL REFERENCES campaign,
    ring smallint NOT NULL,
    begun_at timestamptz NOT NULL,
    reached_at timestamptz,
    PRIMARY KEY (campaign_id, ring)
);

-- Who is in it, decided when it begins. One order at a time, none once it has ended.
CREATE TABLE campaign_member (
    campaign_id int NOT NULL REFERENCES campaign,
    device_id int NOT NULL REFERENCES device,
    ring smallint NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'ordered', 'confirmed', 'failed', 'passed_over')),
    stage text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT '',
    command_id text UNIQUE,
    attempts smallint NOT NULL DEFAULT 0,
    ordered_at timestamptz,
    installed_at timestamptz,
    ended_at timestamptz,
    retry_at timestamptz,
    reply_no bigint NOT NULL DEFAULT 0,  -- of the log, as far as it was read
    PRIMARY KEY (campaign_id, device_id),
    CONSTRAINT campaign_member_ended
        CHECK ((ended_at IS NOT NULL) = (state IN ('confirmed', 'failed', 'passed_over'))),
    CONSTRAINT campaign_member_ordered CHECK (state <> 'ordered' OR command_id IS NOT NULL)
);
CREATE INDEX campaign_member_ring ON campaign_member (campaign_id, state, ring);
CREATE INDEX campaign_member_device ON campaign_member (device_id);

-- Who did what with it, and what it did by itself.
CREATE TABLE campaign_event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id int NOT NULL REFERENCES campaign,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL CHECK (
        kind IN ('begun', 'ring_begun', 'ring_reached', 'paused', 'resumed', 'stopped', 'finished')
    ),
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX campaign_event_campaign ON campaign_event (campaign_id, event_id);
CREATE TRIGGER campaign_event_append_only BEFORE UPDATE OR DELETE ON campaign_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER campaign_event_not_emptied BEFORE TRUNCATE ON campaign_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE device_command DROP CONSTRAINT device_command_kind_check;
ALTER TABLE device_command ADD CONSTRAINT device_command_kind_check CHECK (kind IN (
    'snapshot', 'self_test', 'identify', 'set_sampling', 'forget', 'set_settings', 'update'
));

GRANT SELECT (package_id, version, size, sha256, signature, added_at, added_by)
    ON package TO liftwacht_diagnostics, liftwacht_api;
GRANT SELECT ON package TO liftwacht_registrar;
GRANT SELECT, INSERT ON campaign, campaign_ring, campaign_member, campaign_event
    TO liftwacht_diagnostics;
GRANT UPDATE (state, judged_since, next_look_at) ON campaign TO liftwacht_diagnostics, liftwacht_api;
GRANT UPDATE (reached_at) ON campaign_ring TO liftwacht_diagnostics;
GRANT UPDATE ON campaign_member TO liftwacht_diagnostics;
GRANT INSERT ON device_command TO liftwacht_diagnostics;
GRANT SELECT ON campaign, campaign_ring, campaign_member, campaign_event TO liftwacht_api;
GRANT INSERT ON campaign_event TO liftwacht_api;
GRANT SELECT (campaign_id, package_id, state) ON campaign TO liftwacht_registrar;
GRANT SELECT (campaign_id, device_id, state) ON campaign_member TO liftwacht_registrar;
