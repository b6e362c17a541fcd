-- Billing by iWmo: what is assigned (301), declared (323) and answered (325). Codes, versions and
-- tariffs are configuration: they belong to the contract and to the standard, not to us.

CREATE TABLE billing_contract (
    municipality_code text PRIMARY KEY REFERENCES municipality,
    settings jsonb NOT NULL  -- as ``api.billing.settings.Contract``
);

-- An assignment (*toewijzing*) as the municipality gave it.
CREATE TABLE billing_assignment (
    assignment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    client_id int NOT NULL REFERENCES client,
    device_id int REFERENCES device,
    commission_id bigint REFERENCES commission,
    kind text NOT NULL CHECK (kind IN ('maintenance', 'delivery')),
    number text NOT NULL CHECK (number ~ '^[0-9]{1,9}$'),
    product_category text NOT NULL,
    product_code text NOT NULL,
    unit text NOT NULL,
    tariff_cents int NOT NULL CHECK (tariff_cents >= 0),  -- a month, or once
    begins_on date NOT NULL,  -- of maintenance: when the aid was delivered
    ends_on date CHECK (ends_on >= begins_on),
    CONSTRAINT billing_assignment_number UNIQUE (municipality_code, number, kind)
);
CREATE INDEX billing_assignment_client ON billing_assignment (client_id);

CREATE TABLE billing_declaration (
    declaration_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    number text NOT NULL UNIQUE CHECK (number ~ '^[A-Za-z0-9]{1,12}$'),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    due_on date NOT NULL,
    submitted_cents bigint NOT NULL,
    made_at timestamptz NOT NULL,
    actor text NOT NULL,
    answered_at timestamptz,
    granted_cents bigint,
    answer_codes text[] NOT NULL DEFAULT '{}',
    answer_sha256 bytea CHECK (length(answer_sha256) = 32)
);
CREATE INDEX billing_declaration_month ON billing_declaration (municipality_code, month);

-- One line (*prestatie*). What was rejected is followed by another one, with a reference of its own.
CREATE TABLE billing_line (
    line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    declaration_id bigint NOT NULL REFERENCES billing_declaration,
    assignment_id bigint NOT NULL REFERENCES billing_assignment,
    municipality_code text NOT NULL REFERENCES municipality,
    reference text NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 20),
    begins_on date NOT NULL,
    ends_on date NOT NULL CHECK (ends_on >= begins_on),
    amount_cents bigint NOT NULL,
    replaces bigint REFERENCES billing_line,
    state text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'granted', 'rejected', 'settled')),
    return_codes text[] NOT NULL DEFAULT '{}',
    settled_how text  -- what was done about a rejected line that is not sent again
);
COMMENT ON COLUMN billing_line.state IS
    'settled: it was rejected, and somebody has dealt with it';
-- Nothing is declared twice, unless it was rejected.
CREATE UNIQUE INDEX billing_line_once ON billing_line (assignment_id, begins_on)
    WHERE state IN ('sent', 'granted');
CREATE INDEX billing_line_declaration ON billing_line (declaration_id);
CREATE INDEX billing_line_rejected ON billing_line (municipality_code) WHERE state = 'rejected';

-- The citizen service number, for the message alone: no process may read this table.
CREATE TABLE client_bsn (
    client_id int PRIMARY KEY REFERENCES client,
    bsn text NOT NULL UNIQUE CHECK (bsn ~ '^[0-9]{9}$')
);
CREATE FUNCTION bsns_for_declaration(who int, declaration bigint, at timestamptz)
RETURNS SETOF client_bsn
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found client_bsn;
BEGIN
    IF NOT EXISTS (
        SELECT FROM account WHERE account_id = who AND disabled_at IS NULL AND role = 'manager'
    ) THEN
        RAISE EXCEPTION 'account % may not declare', who USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR found IN
        SELECT DISTINCT client_bsn.* FROM client_bsn
        JOIN billing_assignment USING (client_id)
        JOIN billing_line USING (assignment_id)
        WHERE declaration_id = declaration
    LOOP
        PERFORM record_look(who, found.client_id, NULL, 'declaration', at);
        RETURN NEXT found;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION bsns_for_declaration FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bsns_for_declaration TO liftwacht_api;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'billing_contract', 'billing_assignment', 'billing_declaration', 'billing_line', 'client_bsn'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        IF name <> 'client_bsn' THEN
            EXECUTE format('CREATE POLICY platform ON %I TO liftwacht_api USING (true)', name);
            EXECUTE format('GRANT SELECT ON %I TO liftwacht_api', name);
        END IF;
    END LOOP;
    FOREACH name IN ARRAY ARRAY['billing_assignment', 'billing_declaration', 'billing_line'] LOOP
        EXECUTE format(
            'CREATE POLICY own_municipality ON %I FOR SELECT TO liftwacht_municipality
             USING (municipality_code = current_setting(''liftwacht.municipality'', true))',
            name
        );
        EXECUTE format('GRANT SELECT ON %I TO liftwacht_municipality', name);
    END LOOP;
END
$$;
GRANT INSERT ON billing_declaration, billing_line TO liftwacht_api;
GRANT UPDATE (answered_at, granted_cents, answer_codes, answer_sha256)
    ON billing_declaration TO liftwacht_api;
GRANT UPDATE (state, return_codes, settled_how) ON billing_line TO liftwacht_api;
