-- Complaints, with the terms of the contract: taken up within five working days, handled within a month,
-- the outcome in writing to client and municipality. ``complaint_event`` is what happened, append-only.
CREATE TABLE complaint (
    complaint_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    client_id int REFERENCES client,
    device_id int REFERENCES device,
    commission_id bigint REFERENCES commission,
    ticket_id bigint REFERENCES ticket,
    nature text NOT NULL CHECK (  -- *aard van de klacht*
        nature IN ('delivery_time', 'delivery_quality', 'repair_time', 'repair_quality', 'aid',
                   'appointment', 'treatment', 'reachability', 'information', 'privacy', 'other')
    ),
    via text NOT NULL CHECK (via IN ('phone', 'letter', 'email', 'in_person', 'municipality')),
    text text NOT NULL CHECK (text <> ''),  -- of a spoken one, as it was put into writing
    received_at timestamptz NOT NULL,
    registered_at timestamptz NOT NULL,
    -- Derived:
    take_up_due_at timestamptz NOT NULL,
    handle_due_at timestamptz NOT NULL,
    taken_up_at timestamptz,
    handled_at timestamptz,
    outcome text CHECK (outcome IN ('founded', 'partly_founded', 'unfounded', 'withdrawn')),
    outcome_text text,
    measures text,
    breaches smallint NOT NULL DEFAULT 0,
    next_clock_at timestamptz,
    version int NOT NULL DEFAULT 1,
    request_id uuid UNIQUE,
    stage text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN handled_at IS NOT NULL THEN 'handled'
            WHEN taken_up_at IS NOT NULL THEN 'taken_up'
            ELSE 'received'
        END
    ) STORED,
    CONSTRAINT complaint_handled CHECK ((handled_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX complaint_open ON complaint (municipality_code, handle_due_at) WHERE handled_at IS NULL;
CREATE INDEX complaint_received ON complaint (municipality_code, received_at);
CREATE INDEX complaint_client ON complaint (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX complaint_device ON complaint (device_id) WHERE device_id IS NOT NULL;
CREATE INDEX complaint_clock ON complaint (next_clock_at) WHERE next_clock_at IS NOT NULL;
ALTER TABLE letter ADD FOREIGN KEY (complaint_id) REFERENCES complaint;

CREATE TABLE complaint_event (
    complaint_id bigint NOT NULL REFERENCES complaint,
    event_no int NOT NULL CHECK (event_no > 0),
    at timestamptz NOT NULL,
    happened_at timestamptz,
    actor text NOT NULL,
    kind text NOT NULL,  -- received, taken_up, noted, handled, warned, breached
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (complaint_id, event_no)
);
CREATE TRIGGER complaint_event_append_only BEFORE UPDATE OR DELETE ON complaint_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE complaint ENABLE ROW LEVEL SECURITY;
ALTER TABLE complaint_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON complaint TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY platform ON complaint_event TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY own_municipality ON complaint FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_municipality ON complaint_event FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM complaint WHERE complaint.complaint_id = complaint_event.complaint_id));
GRANT SELECT ON complaint, complaint_event
    TO liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;
GRANT INSERT, UPDATE ON complaint TO liftwacht_api;
GRANT UPDATE ON complaint TO liftwacht_diagnostics;
GRANT INSERT ON complaint_event TO liftwacht_api, liftwacht_diagnostics;
