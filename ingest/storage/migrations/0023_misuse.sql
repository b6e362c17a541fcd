-- Improper use, from a signal to what the municipality decides: ``misuse_event`` is the truth, the columns
-- of ``misuse_case`` are derived from it and written anew with each change, for lists and constraints.

-- What a municipality agreed upon about signals; of several that hold the latest begun counts.
CREATE TABLE misuse_terms (
    municipality_code text NOT NULL REFERENCES municipality,
    valid_from date NOT NULL,
    valid_through date CHECK (valid_through >= valid_from),
    terms jsonb NOT NULL,  -- as ``diagnostics.misuse.terms.MisuseTerms``
    loaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (municipality_code, valid_from)
);

CREATE TABLE misuse_case (
    case_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    client_id int REFERENCES client,  -- who had the aid then, and whose matter it is
    municipality_code text NOT NULL REFERENCES municipality,
    kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,32}$'),
    dedup_key text,
    opened_at timestamptz NOT NULL,
    item text NOT NULL,
    since timestamptz NOT NULL,
    stage text NOT NULL DEFAULT 'signalled'
        CHECK (stage IN ('signalled', 'visit', 'reported', 'decided', 'closed')),
    unreviewed boolean NOT NULL DEFAULT false,
    client_heard boolean NOT NULL DEFAULT false,
    visit_ticket_id bigint REFERENCES ticket,
    reported_at timestamptz,  -- null: the municipality has not been told, and sees nothing of it
    decide_by timestamptz,
    remind_at timestamptz,
    decision text,
    decided_at timestamptz,
    outcome text CHECK (outcome IN ('rejected', 'unfounded', 'decided')),
    closed_at timestamptz,
    version int NOT NULL DEFAULT 1,
    CONSTRAINT misuse_case_open_has_key CHECK ((dedup_key IS NULL) = (closed_at IS NOT NULL)),
    CONSTRAINT misuse_case_closed_has_outcome CHECK ((outcome IS NULL) = (closed_at IS NULL)),
    -- One open case per aid, client and kind: further signals join it.
    CONSTRAINT misuse_case_one_open UNIQUE (device_id, dedup_key)
);
CREATE INDEX misuse_case_open ON misuse_case (stage, opened_at) WHERE closed_at IS NULL;
CREATE INDEX misuse_case_reported ON misuse_case (municipality_code, reported_at DESC)
    WHERE reported_at IS NOT NULL;
CREATE INDEX misuse_case_remind ON misuse_case (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX misuse_case_client ON misuse_case (client_id);
CREATE INDEX misuse_case_device ON misuse_case (device_id, case_id DESC);

-- Append-only: from it all else can be derived.
CREATE TABLE misuse_event (
    case_id bigint NOT NULL REFERENCES misuse_case,
    event_no int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    happened_at timestamptz,  -- when it was; null: when it was written down
    request_id uuid,  -- of who wrote it: what is sent again is not written again
    PRIMARY KEY (case_id, event_no)
);
CREATE INDEX misuse_event_request ON misuse_event (request_id) WHERE request_id IS NOT NULL;
CREATE TRIGGER misuse_event_append_only BEFORE UPDATE OR DELETE ON misuse_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER misuse_event_not_emptied BEFORE TRUNCATE ON misuse_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Photographs, letters, and quotes as they were sent.
CREATE TABLE misuse_file (
    file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES misuse_case,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    media_type text NOT NULL CHECK (
        media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')
    ),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    bytes int NOT NULL CHECK (bytes BETWEEN 1 AND 10485760),
    content bytea NOT NULL,
    attached_at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT misuse_file_once UNIQUE (case_id, sha256)
);
ALTER TABLE misuse_file ALTER COLUMN content SET STORAGE EXTERNAL;  -- is compressed already

-- Which case a finding became.
ALTER TABLE finding ADD COLUMN misuse_case_id bigint REFERENCES misuse_case;
CREATE INDEX finding_misuse_case ON finding (misuse_case_id) WHERE misuse_case_id IS NOT NULL;
CREATE INDEX finding_signal_due ON finding (finding_id)
    WHERE asks = 'signal' AND level = 'certain' AND ended_at IS NULL AND misuse_case_id IS NULL;

-- A message need not be about a ticket: whose it is then. An address may be nobody's account: a
-- recipient that begins with ``mailbox:`` is one.
ALTER TABLE notification
    ADD COLUMN municipality_code text REFERENCES municipality,
    ADD COLUMN misuse_case_id bigint REFERENCES misuse_case;
CREATE INDEX notification_misuse_case ON notification (misuse_case_id)
    WHERE misuse_case_id IS NOT NULL;

GRANT SELECT ON misuse_terms TO liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;
GRANT SELECT, INSERT, UPDATE ON misuse_case TO liftwacht_diagnostics, liftwacht_api;
GRANT SELECT, INSERT ON misuse_event TO liftwacht_diagnostics, liftwacht_api;
GRANT SELECT, INSERT ON misuse_file TO liftwacht_api;
GRANT SELECT ON misuse_file TO liftwacht_diagnostics;

-- A municipality decides about its own, once it has been told.
GRANT SELECT ON misuse_case, misuse_event, misuse_file TO liftwacht_municipality;
GRANT UPDATE (
    item, since, stage, unreviewed, client_heard, visit_ticket_id, reported_at, decide_by, remind_at,
    decision, decided_at, outcome, closed_at, dedup_key, version
) ON misuse_case TO liftwacht_municipality;
GRANT INSERT ON misuse_event, misuse_file TO liftwacht_municipality;
GRANT INSERT (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at, municipality_code,
    misuse_case_id
) ON notification TO liftwacht_municipality;

ALTER TABLE misuse_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE misuse_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE misuse_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE misuse_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON misuse_terms TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY platform ON misuse_case TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY platform ON misuse_event TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY platform ON misuse_file TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY own_municipality ON misuse_terms FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_municipality ON misuse_case TO liftwacht_municipality
    USING (
        municipality_code = current_setting('liftwacht.municipality', true)
        AND reported_at IS NOT NULL
    );
CREATE POLICY own_municipality ON misuse_event TO liftwacht_municipality
    USING (EXISTS (SELECT FROM misuse_case WHERE misuse_case.case_id = misuse_event.case_id));
CREATE POLICY own_municipality ON misuse_file TO liftwacht_municipality
    USING (EXISTS (SELECT FROM misuse_case WHERE misuse_case.case_id = misuse_file.case_id));
CREATE POLICY own_municipality ON notification FOR INSERT TO liftwacht_municipality
    WITH CHECK (
        channel = 'webhook' AND ticket_id IS NULL AND target_id IS NULL
        AND municipality_code = current_setting('liftwacht.municipality', true)
        AND EXISTS (
            SELECT FROM misuse_case WHERE misuse_case.case_id = notification.misuse_case_id
        )
    );

-- A signal that nobody has passed on, or that was nothing, is not for the municipality to see.
DROP POLICY own_municipality ON finding;
CREATE POLICY own_municipality ON finding FOR SELECT TO liftwacht_municipality
    USING (
        EXISTS (SELECT FROM device WHERE device.device_id = finding.device_id)
        AND (
            asks <> 'signal'
            OR EXISTS (
                SELECT FROM misuse_case WHERE misuse_case.case_id = finding.misuse_case_id
            )
        )
    );
