-- Tickets of all sorts on one event log: ``ticket_event`` is the truth, the columns of ``ticket`` are
-- derived from it and written anew with each change, for lists and constraints.

-- What a municipality was promised, between two days; of several that hold the latest begun counts.
CREATE TABLE contract_terms (
    municipality_code text NOT NULL REFERENCES municipality,
    valid_from date NOT NULL,
    valid_through date CHECK (valid_through >= valid_from),
    terms jsonb NOT NULL,  -- as ``diagnostics.tickets.terms.Terms``
    loaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (municipality_code, valid_from)
);

INSERT INTO contract_terms (municipality_code, valid_from, terms)
SELECT code, '2025-01-01', jsonb_build_object(
    'municipality_code', code,
    'valid_from', '2025-01-01',
    'priorities', '[
        {"priority": 1, "on_site": {"amount": 2, "unit": "hours"},
         "repaired": {"amount": 1, "unit": "calendar_days"}},
        {"priority": 2, "repaired": {"amount": 2, "unit": "working_days"}},
        {"priority": 3, "repaired": {"amount": 5, "unit": "working_days"}, "may_agree_later": true}
    ]'::jsonb,
    'on_site_exempt', (
        SELECT jsonb_agg(jsonb_build_object('first', postcode4, 'last', postcode4) ORDER BY postcode4)
        FROM exempt_postcode
    ),
    'excusing', '["client_wish", "force_majeure"]'::jsonb,
    'share_on_time', 0.95,
    'on_site_warning', 'PT45M',
    'repaired_warning', 'PT8H',
    'window_at_most', 'PT3H'
)
FROM municipality;

ALTER TABLE ticket
    DROP CONSTRAINT ticket_kind_check,
    DROP CONSTRAINT ticket_repair_of,
    DROP CONSTRAINT ticket_open_has_key,
    ALTER COLUMN priority DROP NOT NULL,
    ALTER COLUMN repaired_due_at DROP NOT NULL,  -- null: nothing is promised for this kind
    ADD COLUMN reported_at timestamptz,  -- from which every term runs
    ADD COLUMN assigned_to int REFERENCES account,
    ADD COLUMN unanswered boolean NOT NULL DEFAULT true,  -- nobody has it, or it was forgotten
    ADD COLUMN under_way_at timestamptz,
    ADD COLUMN arrives_at timestamptz,
    ADD COLUMN on_site_at timestamptz,
    ADD COLUMN released_at timestamptz,  -- of an emergency: the rider is safe
    ADD COLUMN repaired_at timestamptz,
    ADD COLUMN appointment_begin timestamptz,
    ADD COLUMN appointment_end timestamptz,
    ADD COLUMN breach_at timestamptz,  -- the next term that will be broken if nothing happens
    ADD COLUMN breaches smallint NOT NULL DEFAULT 0,
    ADD COLUMN next_clock_at timestamptz,  -- when to look at its clocks again; null: never
    ADD COLUMN clocked_at timestamptz;  -- when that was worked out

-- Until now a release closed an emergency, and the word that it was done a repair.
UPDATE ticket
SET reported_at = opened_at,
    unanswered = acknowledged_at IS NULL AND closed_at IS NULL,
    released_at = CASE WHEN kind = 'emergency' THEN closed_at END,
    repaired_at = CASE WHEN kind = 'repair' THEN closed_at END,
    next_clock_at = CASE WHEN closed_at IS NULL THEN opened_at END;

ALTER TABLE ticket
    ADD CONSTRAINT ticket_kind_check CHECK (
        kind IN ('emergency', 'repair', 'service', 'inspection', 'complaint_visit', 'request')
    ),
    ADD CONSTRAINT ticket_repair_of CHECK ((kind = 'repair') = (what IS NOT NULL)),
    ADD CONSTRAINT ticket_priority_of CHECK ((kind IN ('emergency', 'repair')) = (priority IS NOT NULL)),
    -- One open emergency per aid: after its release a next call is another one.
    ADD CONSTRAINT ticket_open_has_key CHECK (
        CASE kind
            WHEN 'emergency' THEN (dedup_key IS NULL) = (released_at IS NOT NULL)
                 AND (closed_at IS NULL OR released_at IS NOT NULL)
            ELSE dedup_key IS NULL OR closed_at IS NULL
        END
    ),
    ADD COLUMN stage text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN closed_at IS NOT NULL THEN 'closed'
            WHEN released_at IS NOT NULL THEN 'released'
            WHEN on_site_at IS NOT NULL THEN 'on_site'
            WHEN unanswered THEN 'reported'
            WHEN under_way_at IS NOT NULL THEN 'under_way'
            ELSE 'acknowledged'
        END
    ) STORED;
CREATE INDEX ticket_clock ON ticket (next_clock_at) WHERE next_clock_at IS NOT NULL;
CREATE INDEX ticket_assigned ON ticket (assigned_to) WHERE closed_at IS NULL;
CREATE INDEX ticket_closed ON ticket (closed_at) WHERE closed_at IS NOT NULL;

ALTER TABLE ticket_event
    ADD COLUMN happened_at timestamptz,  -- when it was; null: when it was written down
    ADD COLUMN request_id uuid;  -- of who wrote it: what is sent again is not written again
CREATE INDEX ticket_event_request ON ticket_event (request_id) WHERE request_id IS NOT NULL;
-- A report that is sent twice opens one ticket.
CREATE UNIQUE INDEX ticket_event_report ON ticket_event (request_id) WHERE kind = 'reported';

-- What the log did not say yet: the priority at the report, and the end of what was over.
ALTER TABLE ticket_event DISABLE TRIGGER ticket_event_append_only;
UPDATE ticket_event
SET detail = detail || jsonb_build_object(
    'source', 'detector',
    'priority', CASE
        WHEN EXISTS (
            SELECT FROM ticket_event AS raised
            WHERE raised.ticket_id = ticket_event.ticket_id AND raised.kind = 'priority_raised'
        ) THEN 3
        ELSE ticket.priority
    END,
    'postcode4', device.postcode4,
    'municipality', device.municipality_code
)
FROM ticket JOIN device USING (device_id)
WHERE ticket.ticket_id = ticket_event.ticket_id AND ticket_event.kind = 'opened';
ALTER TABLE ticket_event ENABLE TRIGGER ticket_event_append_only;

INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind, detail)
SELECT ticket_id, 1 + (SELECT max(event_no) FROM ticket_event WHERE ticket_event.ticket_id = ticket.ticket_id),
       closed_at, 'system:migration', 'closed',
       jsonb_build_object('outcome', CASE kind WHEN 'repair' THEN 'repaired' ELSE 'done' END)
FROM ticket WHERE closed_at IS NOT NULL;

-- The version counts the events that a person who decides must have seen, the first one included.
UPDATE ticket SET version = greatest(1, (
    SELECT count(*) FROM ticket_event
    WHERE ticket_event.ticket_id = ticket.ticket_id
      AND kind NOT IN ('called', 'noted', 'lift_heard', 'lift_refused')
));

-- Photographs and letters, as rows: they are few, small and written together with their event.
CREATE TABLE attachment (
    attachment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES ticket,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    media_type text NOT NULL CHECK (
        media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')
    ),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    bytes int NOT NULL CHECK (bytes BETWEEN 1 AND 10485760),
    content bytea NOT NULL,
    attached_at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT attachment_once UNIQUE (ticket_id, sha256)
);
ALTER TABLE attachment ALTER COLUMN content SET STORAGE EXTERNAL;  -- is compressed already

GRANT SELECT ON contract_terms TO liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;
GRANT SELECT (account_id, login, name, role, disabled_at) ON account
    TO liftwacht_diagnostics, liftwacht_api;
GRANT INSERT ON ticket TO liftwacht_api;
GRANT SELECT, INSERT ON attachment TO liftwacht_api;
GRANT SELECT ON attachment TO liftwacht_diagnostics, liftwacht_municipality;

ALTER TABLE contract_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachment ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON contract_terms TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY platform ON attachment TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY own_municipality ON contract_terms FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_municipality ON attachment FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM ticket WHERE ticket.ticket_id = attachment.ticket_id));
