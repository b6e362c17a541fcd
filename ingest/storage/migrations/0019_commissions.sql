-- What a municipality commissions for a client under the contract (*opdracht*): an aid to be delivered,
-- collected, adapted … ``commission_event`` is the truth, append-only; the columns below "derived" are
-- written anew from it with each change, for lists and figures.
CREATE TABLE commission (
    commission_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    reference text CHECK (length(reference) BETWEEN 1 AND 60),  -- the municipality's own number
    kind text NOT NULL CHECK (
        kind IN ('delivery', 'reissue', 'exchange', 'adaptation', 'collection', 'dismantling',
                 'structural_works')
    ),
    client_id int NOT NULL REFERENCES client,
    postcode4 smallint NOT NULL CHECK (postcode4 BETWEEN 1000 AND 9999),
    aid_kind text NOT NULL CHECK (aid_kind IN ('stairlift', 'scooter', 'wheelchair', 'hoist')),
    aid_type text NOT NULL DEFAULT '',  -- subcategory as the municipality names it
    description text NOT NULL DEFAULT '',
    consultant text NOT NULL DEFAULT '',
    consultant_mail text CHECK (consultant_mail LIKE '%_@_%'),
    exchange_of bigint REFERENCES commission,  -- the delivery whose aid does not fit after all
    price_cents bigint CHECK (price_cents >= 0),
    all_in boolean NOT NULL DEFAULT true,  -- within the all-in price of the aid
    received_at timestamptz NOT NULL,  -- from which the terms run
    registered_at timestamptz NOT NULL,
    -- Derived:
    device_id int REFERENCES device,  -- the aid, as soon as it is known which
    aid_source text CHECK (aid_source IN ('new', 'reissued', 'partly_reissued')),
    aid_first_used_on date,  -- of one that was used before
    lifetime_left_months int,  -- at the hand-over
    contacted_at timestamptz,  -- the client was spoken to
    fitted_at timestamptz,  -- measured or fitted (*passing*)
    confirmed_at timestamptz,  -- order confirmation
    supplied_at timestamptz,  -- the aid is there to be handed over
    loan_signed_at timestamptz,
    done_at timestamptz,  -- handed over with instruction, collected, adapted, dismantled or built
    ended_at timestamptz,  -- done, or withdrawn
    outcome text CHECK (outcome IN ('done', 'withdrawn')),
    paused boolean NOT NULL DEFAULT false,
    expected_on date,  -- as told last
    contact_due_at timestamptz,
    confirm_due_at timestamptz,
    due_at timestamptz,  -- null: no term is promised
    due_without_delay_at timestamptz,
    breach_at timestamptz,  -- the next term that will be broken if nothing happens
    breaches smallint NOT NULL DEFAULT 0,
    next_clock_at timestamptz,
    clocked_at timestamptz,
    version int NOT NULL DEFAULT 1,
    stage text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN outcome = 'withdrawn' THEN 'withdrawn'
            WHEN done_at IS NOT NULL THEN 'done'
            WHEN supplied_at IS NOT NULL THEN 'supplied'
            WHEN confirmed_at IS NOT NULL THEN 'confirmed'
            WHEN fitted_at IS NOT NULL THEN 'fitted'
            WHEN contacted_at IS NOT NULL THEN 'contacted'
            ELSE 'received'
        END
    ) STORED,
    CONSTRAINT commission_reference_once UNIQUE (municipality_code, reference),
    CONSTRAINT commission_exchange CHECK ((kind = 'exchange') = (exchange_of IS NOT NULL)),
    CONSTRAINT commission_ended CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
COMMENT ON COLUMN commission.due_at IS
    'by when it is to be done; done_at > due_at: late, and the contractor answers for it';
COMMENT ON COLUMN commission.due_without_delay_at IS
    'the same without delays; between the two: late, and excused by evidence';
CREATE INDEX commission_open ON commission (municipality_code, due_at) WHERE ended_at IS NULL;
CREATE INDEX commission_received ON commission (municipality_code, received_at);
CREATE INDEX commission_done ON commission (municipality_code, done_at) WHERE done_at IS NOT NULL;
CREATE INDEX commission_client ON commission (client_id);
CREATE INDEX commission_device ON commission (device_id) WHERE device_id IS NOT NULL;
CREATE INDEX commission_exchanged ON commission (exchange_of) WHERE exchange_of IS NOT NULL;
CREATE INDEX commission_clock ON commission (next_clock_at) WHERE next_clock_at IS NOT NULL;

CREATE TABLE commission_event (
    commission_id bigint NOT NULL REFERENCES commission,
    event_no int NOT NULL CHECK (event_no > 0),
    at timestamptz NOT NULL,  -- written down
    happened_at timestamptz,  -- when it was, if not then
    actor text NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    request_id uuid,
    PRIMARY KEY (commission_id, event_no)
);
-- What is registered twice by the same request is one.
CREATE UNIQUE INDEX commission_event_registered ON commission_event (request_id)
    WHERE kind = 'received' AND request_id IS NOT NULL;

-- Loan agreements, order confirmations, rejection reports.
CREATE TABLE commission_file (
    file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    commission_id bigint NOT NULL REFERENCES commission,
    kind text NOT NULL CHECK (
        kind IN ('loan_agreement', 'confirmation', 'rejection_report', 'quote', 'evidence', 'other')
    ),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    media_type text NOT NULL CHECK (
        media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')
    ),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    bytes int NOT NULL CHECK (bytes BETWEEN 1 AND 10485760),
    content bytea NOT NULL,
    stored_at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT commission_file_once UNIQUE (commission_id, sha256)
);
ALTER TABLE commission_file ALTER COLUMN content SET STORAGE EXTERNAL;

-- An aid that is not used any further (*afkeuring*), with the report on why.
CREATE TABLE aid_rejection (
    rejection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL UNIQUE REFERENCES device,
    municipality_code text NOT NULL REFERENCES municipality,
    commission_id bigint REFERENCES commission,  -- by which it came back, or is replaced
    rejected_on date NOT NULL,
    reason text NOT NULL CHECK (
        reason IN ('unsafe', 'not_repairable', 'not_economical', 'intensive_use', 'damage', 'outdated')
    ),
    report text NOT NULL CHECK (report <> ''),
    first_used_on date NOT NULL,
    lifetime_left_months int NOT NULL,  -- above 0: before its time (*voortijdig*)
    at timestamptz NOT NULL,
    actor text NOT NULL
);
CREATE INDEX aid_rejection_municipality ON aid_rejection (municipality_code, rejected_on);

-- What is told in writing, as it was written: a letter for the post, or a mail.
CREATE TABLE letter (
    letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    client_id int REFERENCES client,
    addressee text NOT NULL CHECK (addressee IN ('client', 'municipality')),
    mail text,  -- to which address; null: by post
    about text NOT NULL,  -- such as commission_late, complaint_outcome
    commission_id bigint REFERENCES commission,
    complaint_id bigint,
    language text NOT NULL DEFAULT 'nl',
    subject text NOT NULL,
    body text NOT NULL,
    dedup_key text NOT NULL UNIQUE,
    written_at timestamptz NOT NULL,
    actor text NOT NULL,
    sent_at timestamptz,  -- posted, or taken by the mail server
    sent_by text
);
CREATE INDEX letter_unsent ON letter (written_at) WHERE sent_at IS NULL;
CREATE INDEX letter_commission ON letter (commission_id) WHERE commission_id IS NOT NULL;
CREATE INDEX letter_complaint ON letter (complaint_id) WHERE complaint_id IS NOT NULL;
CREATE INDEX letter_client ON letter (client_id) WHERE client_id IS NOT NULL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['commission_event', 'commission_file', 'aid_rejection'] LOOP
        EXECUTE format(
            'CREATE TRIGGER %1$I_append_only BEFORE UPDATE OR DELETE ON %1$I
             FOR EACH ROW EXECUTE FUNCTION refuse_change()',
            name
        );
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'commission', 'commission_event', 'commission_file', 'aid_rejection', 'letter'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY platform ON %I TO liftwacht_diagnostics, liftwacht_api USING (true)',
            name
        );
        EXECUTE format('GRANT SELECT ON %I TO liftwacht_diagnostics, liftwacht_api', name);
        EXECUTE format('GRANT SELECT ON %I TO liftwacht_municipality', name);
        EXECUTE format('GRANT INSERT ON %I TO liftwacht_api', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['commission', 'aid_rejection', 'letter'] LOOP
        EXECUTE format(
            'CREATE POLICY own_municipality ON %I FOR SELECT TO liftwacht_municipality
             USING (municipality_code = current_setting(''liftwacht.municipality'', true))',
            name
        );
    END LOOP;
    FOREACH name IN ARRAY ARRAY['commission_event', 'commission_file'] LOOP
        EXECUTE format(
            'CREATE POLICY own_municipality ON %1$I FOR SELECT TO liftwacht_municipality
             USING (EXISTS (
                 SELECT FROM commission WHERE commission.commission_id = %1$I.commission_id))',
            name
        );
    END LOOP;
END
$$;
GRANT UPDATE ON commission TO liftwacht_api, liftwacht_diagnostics;
GRANT INSERT ON commission_event, letter TO liftwacht_diagnostics;
GRANT UPDATE (sent_at, sent_by) ON letter TO liftwacht_api, liftwacht_diagnostics;
-- With its hand-over an aid is that client's, with its collection nobody's.
GRANT UPDATE (client_id, municipality_code, postcode4) ON device TO liftwacht_api;
