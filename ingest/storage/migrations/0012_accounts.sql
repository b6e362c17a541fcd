-- Who works with the platform. What an account may do follows from its role.
CREATE TABLE account (
    account_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL UNIQUE CHECK (login = lower(login) AND login ~ '^[^[:space:]:]{2,64}$'),
    name text NOT NULL CHECK (name <> ''),
    role text NOT NULL CHECK (
        role IN ('desk', 'mechanic', 'manager', 'administrator', 'municipality', 'machine')
    ),
    municipality_code text REFERENCES municipality,
    email text,
    phone text,
    language text NOT NULL DEFAULT 'nl' CHECK (language IN ('nl', 'en')),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT account_of_municipality CHECK ((role = 'municipality') = (municipality_code IS NOT NULL))
);

CREATE TABLE account_password (
    account_id int PRIMARY KEY REFERENCES account,
    hash text NOT NULL CHECK (hash LIKE '$argon2id$%'),
    changed_at timestamptz NOT NULL,
    temporary boolean NOT NULL DEFAULT false  -- given by somebody else: good for choosing one's own
);

-- Who came in, from where, until when. The browser holds the token; we know only its hash.
CREATE TABLE account_session (
    session_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    account_id int NOT NULL REFERENCES account,
    provider text,  -- who vouches for it; null: we do, by password
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,  -- to the minute
    expires_at timestamptz NOT NULL,
    second_factor_at timestamptz,
    address text NOT NULL,
    user_agent text NOT NULL
);
CREATE INDEX account_session_account ON account_session (account_id);

-- How many attempts to sign in were made lately: a level that rises by one with each and sinks with
-- time, so that nothing is locked for ever.
CREATE TABLE sign_in_level (
    key text PRIMARY KEY,
    level double precision NOT NULL,
    at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Who came in or tried, what was changed about accounts, who looked at personal data.
CREATE TABLE audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,  -- a login, or system:<part>
    action text NOT NULL,
    subject text,  -- an account's login, a token's name, a client's number
    address text,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject, audit_id DESC);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE ON account, account_password TO liftwacht_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_session, sign_in_level TO liftwacht_api;
GRANT SELECT, INSERT ON audit TO liftwacht_api;
GRANT SELECT ON account TO liftwacht_diagnostics;

-- A municipality sees the names of its own people; everybody else's actions under their logins.
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON account TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY own_municipality ON account FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
GRANT SELECT (account_id, login, name, role, municipality_code) ON account
    TO liftwacht_municipality;

-- Outages of its own postcodes, with its own aids.
GRANT SELECT ON incident, incident_device TO liftwacht_municipality;
ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident_device ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON incident TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY platform ON incident_device TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY own_municipality ON incident FOR SELECT TO liftwacht_municipality
    USING (EXISTS (
        SELECT FROM municipality_postcode
        WHERE postcode4 = area
          AND municipality_code = current_setting('liftwacht.municipality', true)));
CREATE POLICY own_municipality ON incident_device FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM device WHERE device.device_id = incident_device.device_id));
