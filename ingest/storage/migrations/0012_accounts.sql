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

-- The second factor: time-based codes (RFC 6238) of an app on a telephone.
CREATE TABLE account_factor (
    account_id int PRIMARY KEY REFERENCES account,
    secret text NOT NULL,
    confirmed_at timestamptz,  -- null: being set up, not asked for yet
    last_step bigint NOT NULL DEFAULT 0  -- of the last code used: each works once
);

-- For who lost that telephone. Each works once, then it is gone.
CREATE TABLE account_recovery_code (
    account_id int NOT NULL REFERENCES account,
    code_hash bytea NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

-- Who an account is to an identity provider.
CREATE TABLE account_identity (
    provider text NOT NULL,
    subject text NOT NULL,
    account_id int NOT NULL REFERENCES account,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (provider, subject)
);

-- Somebody was sent to an identity provider and is not back yet. Their browser holds the key.
CREATE TABLE sign_in_trip (
    key_hash bytea PRIMARY KEY,
    provider text NOT NULL,
    state text NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    wanted text NOT NULL,
    begun_at timestamptz NOT NULL
);

-- Tokens of machines. Shown once; we keep the hash. What a token may do is what is in its scope and
-- its account's role allows.
CREATE TABLE api_token (
    token_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    account_id int NOT NULL REFERENCES account,
    name text NOT NULL CHECK (name <> ''),
    scope text[] NOT NULL CHECK (cardinality(scope) > 0),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz,
    UNIQUE (account_id, name)
);

-- How many attempts to sign in were made lately: a level that rises by one with each and sinks with
-- time, so that nothing is locked for ever.
CREATE TABLE sign_in_level (
    key text PRIMARY KEY,
    level double precision NOT NULL,
    at timestamptz NOT NULL,
    refused boolean NOT NULL  -- the last attempt
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

GRANT SELECT, INSERT, UPDATE ON account, account_password, api_token TO liftwacht_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_session, account_factor, sign_in_level
    TO liftwacht_api;
GRANT SELECT, INSERT, DELETE ON account_recovery_code, account_identity, sign_in_trip
    TO liftwacht_api;
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

-- Names, addresses, telephone numbers, how to get in. No process may read or write these tables:
-- only through the functions below, which write down who looked at whom, and why.
CREATE TABLE client_contact (
    client_id int PRIMARY KEY REFERENCES client,
    version int NOT NULL DEFAULT 1,
    name text NOT NULL CHECK (name <> ''),
    street text NOT NULL DEFAULT '',  -- with the number
    postcode text NOT NULL DEFAULT '' CHECK (postcode ~ '^([1-9][0-9]{3}[A-Z]{2})?$'),
    town text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    contact_name text NOT NULL DEFAULT '',
    contact_phone text NOT NULL DEFAULT '',
    key_safe text NOT NULL DEFAULT '',
    neighbour text NOT NULL DEFAULT '',
    remarks text NOT NULL DEFAULT '',
    -- The last nine digits: with or without country code, however it is written.
    phone_end text GENERATED ALWAYS AS (right(regexp_replace(phone, '[^0-9]', '', 'g'), 9)) STORED,
    contact_phone_end text
        GENERATED ALWAYS AS (right(regexp_replace(contact_phone, '[^0-9]', '', 'g'), 9)) STORED
);
CREATE INDEX client_contact_phone ON client_contact (phone_end) WHERE phone_end <> '';
CREATE INDEX client_contact_contact_phone ON client_contact (contact_phone_end)
    WHERE contact_phone_end <> '';
CREATE INDEX client_contact_postcode ON client_contact (postcode text_pattern_ops);
CREATE INDEX client_contact_name ON client_contact (lower(name) text_pattern_ops);

-- Who looked at whom, when and why.
CREATE TABLE contact_look (
    look_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    account_id int NOT NULL REFERENCES account,
    client_id int NOT NULL REFERENCES client,
    ticket_id bigint REFERENCES ticket,
    reason text NOT NULL CHECK (reason <> '')
);
CREATE INDEX contact_look_client ON contact_look (client_id, look_id DESC);

-- What was changed. Whole, so that a mistake can be made good.
CREATE TABLE contact_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    client_id int NOT NULL REFERENCES client,
    reason text NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX contact_change_client ON contact_change (client_id, change_id DESC);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['contact_look', 'contact_change'] LOOP
        EXECUTE format(
            'CREATE TRIGGER %1$I_append_only BEFORE UPDATE OR DELETE ON %1$I
             FOR EACH ROW EXECUTE FUNCTION refuse_change()',
            name
        );
        EXECUTE format(
            'CREATE TRIGGER %1$I_not_emptied BEFORE TRUNCATE ON %1$I
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
            name
        );
    END LOOP;
END
$$;

-- Whoever changes a contact, by whatever way, it is written down.
CREATE FUNCTION record_contact_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_change (actor, client_id, reason, before, after)
    VALUES (
        coalesce(nullif(current_setting('liftwacht.actor', true), ''), 'system:' || session_user),
        coalesce(new.client_id, old.client_id),
        coalesce(current_setting('liftwacht.reason', true), ''),
        to_jsonb(old), to_jsonb(new)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER client_contact_changed AFTER INSERT OR UPDATE OR DELETE ON client_contact
    FOR EACH ROW EXECUTE FUNCTION record_contact_change();

-- Who may see a client's contact: the desk and managers all, a municipality its own, a mechanic
-- while an open ticket of that client is theirs. Nobody else, whatever the service asks.
CREATE FUNCTION may_see_contact(who int, whom int) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    viewer account;
BEGIN
    SELECT * INTO viewer FROM account WHERE account_id = who AND disabled_at IS NULL;
    IF viewer.role = 'mechanic' THEN
        RETURN EXISTS (
            SELECT FROM ticket JOIN device USING (device_id)
            WHERE device.client_id = whom AND ticket.assigned_to = who
              AND ticket.closed_at IS NULL);
    ELSIF viewer.role = 'municipality' THEN
        RETURN EXISTS (
            SELECT FROM client
            WHERE client_id = whom AND municipality_code = viewer.municipality_code);
    END IF;
    RETURN coalesce(viewer.role IN ('desk', 'manager'), false);
END
$$;

-- A page that renews itself while somebody reads it is one look: within a quarter of an hour, by the
-- same person for the same reason.
CREATE FUNCTION record_look(who int, whom int, ticket bigint, why text, moment timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO contact_look (at, account_id, client_id, ticket_id, reason)
    SELECT moment, who, whom, ticket, why
    WHERE NOT EXISTS (
        SELECT FROM contact_look
        WHERE client_id = whom AND account_id = who AND ticket_id IS NOT DISTINCT FROM ticket
          AND reason = why AND at BETWEEN moment - INTERVAL '15 minutes' AND moment
    )
$$;
REVOKE ALL ON FUNCTION record_look FROM PUBLIC;

-- A client's contact, and the look at it on record, in the same transaction. That nothing is known
-- is seen too.
CREATE FUNCTION look_at_contact(who int, whom int, ticket bigint, reason text, at timestamptz)
RETURNS SETOF client_contact
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT may_see_contact(who, whom) THEN
        RAISE EXCEPTION 'account % may not see client %', who, whom
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM record_look(who, whom, ticket, reason, at);
    RETURN QUERY SELECT * FROM client_contact WHERE client_id = whom;
END
$$;

-- Clients by telephone, postcode or the beginning of the name, for who answers a call. Each found
-- is a look.
CREATE FUNCTION find_contacts(
    who int, phone text, postcode text, name text, most int, at timestamptz
)
RETURNS SETOF client_contact
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found client_contact;
    ending text := right(regexp_replace(find_contacts.phone, '[^0-9]', '', 'g'), 9);
BEGIN
    IF NOT EXISTS (
        SELECT FROM account
        WHERE account_id = who AND disabled_at IS NULL AND role IN ('desk', 'manager')
    ) THEN
        RAISE EXCEPTION 'account % may not search', who USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR found IN
        SELECT * FROM client_contact AS contact
        WHERE (length(ending) >= 8 AND ending IN (contact.phone_end, contact.contact_phone_end))
           OR (find_contacts.postcode <> ''
               AND contact.postcode LIKE upper(replace(find_contacts.postcode, ' ', '')) || '%')
           OR (length(find_contacts.name) >= 2
               AND lower(contact.name) LIKE lower(find_contacts.name) || '%')
        ORDER BY contact.name, contact.client_id
        LIMIT least(most, 20)
    LOOP
        PERFORM record_look(who, found.client_id, NULL, 'search', at);
        RETURN NEXT found;
    END LOOP;
END
$$;

-- Writes a client's contact: who may see it and is of the desk or a manager. Returns the new
-- version; null if somebody else changed it meanwhile.
CREATE FUNCTION write_contact(who int, whom int, contact jsonb, expected int, reason text)
RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    writer account;
    written int;
BEGIN
    SELECT * INTO writer FROM account
    WHERE account_id = who AND disabled_at IS NULL AND role IN ('desk', 'manager');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'account % may not write contacts', who
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('liftwacht.actor', writer.login, true);
    PERFORM set_config('liftwacht.reason', reason, true);
    IF expected = 0 THEN
        INSERT INTO client_contact (client_id, name, street, postcode, town, phone, contact_name,
                                    contact_phone, key_safe, neighbour, remarks)
        SELECT whom, name, street, postcode, town, phone, contact_name, contact_phone, key_safe,
               neighbour, remarks
        FROM jsonb_populate_record(NULL::client_contact, contact)
        ON CONFLICT (client_id) DO NOTHING
        RETURNING version INTO written;
    ELSE
        UPDATE client_contact AS known
        SET version = known.version + 1, name = wanted.name, street = wanted.street,
            postcode = wanted.postcode, town = wanted.town, phone = wanted.phone,
            contact_name = wanted.contact_name, contact_phone = wanted.contact_phone,
            key_safe = wanted.key_safe, neighbour = wanted.neighbour, remarks = wanted.remarks
        FROM jsonb_populate_record(NULL::client_contact, contact) AS wanted
        WHERE known.client_id = whom AND known.version = expected
        RETURNING known.version INTO written;
    END IF;
    RETURN written;
END
$$;

REVOKE ALL ON FUNCTION may_see_contact, look_at_contact, find_contacts, write_contact FROM PUBLIC;
GRANT EXECUTE ON FUNCTION look_at_contact TO liftwacht_api, liftwacht_municipality;
GRANT EXECUTE ON FUNCTION find_contacts, write_contact TO liftwacht_api;
-- Who looked and changed what is for the audit page; what it was before and after is not.
GRANT SELECT ON contact_look TO liftwacht_api;
GRANT SELECT (change_id, at, actor, client_id, reason) ON contact_change TO liftwacht_api;

-- Everything on record about accounts and personal data, in one list.
CREATE VIEW audit_trail WITH (security_invoker = true) AS
    SELECT at, actor, action, subject, address, detail FROM audit
    UNION ALL
    SELECT look.at, account.login, 'contact_seen', client.client_number, NULL,
           jsonb_strip_nulls(jsonb_build_object('ticket', ticket_id, 'reason', reason))
    FROM contact_look AS look
    JOIN account USING (account_id)
    JOIN client USING (client_id)
    UNION ALL
    SELECT at, actor, 'contact_changed', client.client_number, NULL,
           jsonb_build_object('reason', reason)
    FROM contact_change
    JOIN client USING (client_id);
GRANT SELECT ON audit_trail TO liftwacht_api;
