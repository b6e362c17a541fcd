-- Taking over a park from the contractor before (Z 23, 82, 84): inspected physically within six months after it
-- begins, complete in the logbook within eighteen.
CREATE TABLE takeover (
    takeover_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    contractor text NOT NULL CHECK (length(contractor) BETWEEN 1 AND 120),  -- the one before
    starts_on date NOT NULL,
    inspect_by date NOT NULL,
    complete_by date NOT NULL,
    mail text CHECK (mail LIKE '%_@_%'),  -- of the municipality, for what is found
    at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT takeover_once UNIQUE (municipality_code, contractor, starts_on),
    CONSTRAINT takeover_terms CHECK (starts_on < inspect_by AND inspect_by <= complete_by)
);

-- Which aid is which of theirs. ``told``: what their list said last, so that what people wrote into the
-- register since is not undone by the same list again.
CREATE TABLE takeover_aid (
    takeover_id bigint NOT NULL REFERENCES takeover,
    number text NOT NULL CHECK (length(number) BETWEEN 1 AND 60),  -- theirs
    device_id int NOT NULL REFERENCES device,
    told jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (takeover_id, number),
    CONSTRAINT takeover_aid_once UNIQUE (takeover_id, device_id)
);

-- A list that was read in: how many rows, and what is wrong with those that were left out.
CREATE TABLE takeover_list (
    list_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    takeover_id bigint NOT NULL REFERENCES takeover,
    file_name text NOT NULL,
    counts jsonb NOT NULL,
    faults jsonb NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
);
CREATE INDEX takeover_list_takeover ON takeover_list (takeover_id, list_id DESC);

-- That somebody saw an aid (*fysieke inspectie*), and what was found.
CREATE TABLE aid_inspection (
    inspection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    takeover_id bigint REFERENCES takeover,
    ticket_id bigint REFERENCES ticket ON DELETE SET NULL,  -- of the visit; its photographs are the evidence
    inspected_on date NOT NULL,
    overdue boolean NOT NULL,  -- *achterstallig onderhoud*
    report text NOT NULL DEFAULT '' CHECK (length(report) <= 4000),
    advice text NOT NULL DEFAULT '' CHECK (length(advice) <= 4000),
    at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT aid_inspection_told CHECK (NOT overdue OR (report <> '' AND advice <> ''))
);
CREATE INDEX aid_inspection_device ON aid_inspection (device_id, inspected_on DESC);
CREATE INDEX aid_inspection_takeover ON aid_inspection (takeover_id) WHERE overdue;
CREATE INDEX takeover_aid_device ON takeover_aid (device_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['takeover', 'takeover_aid', 'takeover_list', 'aid_inspection'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY platform ON %I TO liftwacht_api USING (true)', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO liftwacht_api', name);
    END LOOP;
END
$$;
GRANT SELECT ON takeover, takeover_aid, aid_inspection TO liftwacht_municipality;
CREATE POLICY own_municipality ON takeover FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_municipality ON takeover_aid FOR SELECT TO liftwacht_municipality
    USING (EXISTS (
        SELECT FROM takeover WHERE takeover.takeover_id = takeover_aid.takeover_id));
CREATE POLICY own_municipality ON aid_inspection FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM device WHERE device.device_id = aid_inspection.device_id));
