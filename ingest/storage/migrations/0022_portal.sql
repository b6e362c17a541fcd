-- The municipality's own people, and how their portal looks and tells them of things.

ALTER TABLE account
    DROP CONSTRAINT account_role_check,
    DROP CONSTRAINT account_of_municipality,
    ADD CONSTRAINT account_role_check CHECK (
        role IN ('desk', 'mechanic', 'manager', 'administrator', 'municipality', 'contract_manager',
                 'privacy_officer', 'auditor', 'machine')
    ),
    ADD CONSTRAINT account_of_municipality CHECK (
        (role IN ('municipality', 'contract_manager', 'privacy_officer', 'auditor'))
        = (municipality_code IS NOT NULL)
    );

-- Design tokens by the names of NL Design System, and the municipality's logo.
CREATE TABLE portal_theme (
    municipality_code text PRIMARY KEY REFERENCES municipality,
    tokens jsonb NOT NULL DEFAULT '{}',
    logo bytea CHECK (length(logo) <= 204800),
    logo_type text CHECK (logo_type IN ('image/svg+xml', 'image/png')),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT portal_theme_logo CHECK ((logo IS NULL) = (logo_type IS NULL))
);

-- Which news somebody of a municipality wants to be told by their own ways.
CREATE TABLE portal_choice (
    account_id int NOT NULL REFERENCES account ON DELETE CASCADE,
    kind text NOT NULL,
    PRIMARY KEY (account_id, kind)
);
CREATE INDEX portal_choice_kind ON portal_choice (kind);

ALTER TABLE portal_theme ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal_choice ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON portal_theme TO liftwacht_api USING (true);
CREATE POLICY platform ON portal_choice TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY own_municipality ON portal_theme FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
GRANT SELECT ON portal_theme TO liftwacht_api, liftwacht_municipality;
GRANT SELECT, INSERT, DELETE ON portal_choice TO liftwacht_api;
GRANT SELECT ON portal_choice TO liftwacht_diagnostics;
GRANT SELECT (municipality_code) ON account TO liftwacht_diagnostics;
