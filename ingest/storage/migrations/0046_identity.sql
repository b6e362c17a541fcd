-- Who an aid's modem is: the codes that let one in, the certificates that prove it, what is odd.

-- The process that signs. It has the authority's key, and nothing of clients and tickets.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'liftwacht_registrar') THEN
        BEGIN
            CREATE ROLE liftwacht_registrar LOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was faster
        END;
    END IF;
END
$$;
GRANT USAGE ON SCHEMA public TO liftwacht_registrar;
GRANT SELECT ON schema_migration TO liftwacht_registrar;

-- Since when nothing but calls for help is taken from this aid: its last certificate was revoked.
ALTER TABLE device ADD COLUMN barred_at timestamptz;

-- Printed at the factory, or for a mechanic. We keep the hash; who has the code has one try at one
-- key: the first public key that comes with it stays its own, so that an answer lost on the way can
-- be asked for again, and nobody else can use it.
CREATE TABLE enrolment_code (
    code_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code_hash bytea NOT NULL UNIQUE,
    device_id int NOT NULL REFERENCES device,
    replaces boolean NOT NULL,  -- a modem that goes: its certificates end with this one's first
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    key_hash bytea,
    withdrawn_at timestamptz,
    CONSTRAINT enrolment_code_used CHECK ((used_at IS NULL) = (key_hash IS NULL))
);
CREATE INDEX enrolment_code_device ON enrolment_code (device_id);

-- Certificates: of aids and of our own processes. The newest that is not revoked counts.
CREATE TABLE certificate (
    serial text PRIMARY KEY CHECK (serial ~ '^[0-9a-f]{1,40}$'),
    name text NOT NULL,
    device_id int REFERENCES device,
    origin text NOT NULL CHECK (origin IN ('provisioned', 'enrolled', 'renewed')),
    key_hash bytea NOT NULL,
    chain text NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text,
    reason text CHECK (
        reason IN ('replaced', 'stolen', 'lost', 'cloned', 'retired', 'reset', 'other')
    ),
    ejected_at timestamptz,  -- whoever was connected with it is not any more
    CONSTRAINT certificate_revoked CHECK ((revoked_at IS NULL) = (reason IS NULL)),
    CONSTRAINT certificate_key UNIQUE (name, key_hash, origin)
);
CREATE INDEX certificate_device ON certificate (device_id, issued_at DESC);
CREATE INDEX certificate_revoked ON certificate (revoked_at) WHERE revoked_at IS NOT NULL;

-- What modems must trust to know our broker: the root's certificate. The newest counts.
CREATE TABLE trust_anchor (
    certificate text PRIMARY KEY,
    since timestamptz NOT NULL
);

-- What api took in and the registrar has to sign: the modem waits.
CREATE TABLE certificate_request (
    request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code_id int NOT NULL REFERENCES enrolment_code,
    csr text NOT NULL CHECK (length(csr) <= 4096),
    asked_at timestamptz NOT NULL,
    address text NOT NULL,
    serial text REFERENCES certificate,
    refusal text,
    answered_at timestamptz
);
CREATE INDEX certificate_request_open ON certificate_request (request_id) WHERE answered_at IS NULL;
CREATE UNIQUE INDEX certificate_request_once ON certificate_request (code_id)
    WHERE refusal IS NULL;

-- What is odd about who somebody is. Nobody can change it: a person's view of it is a row beside it.
-- While one that makes doubtful is not reviewed, calls of the aid are marked; they are never held up.
CREATE TABLE security_event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedup_key text NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    device_id int REFERENCES device,
    makes_doubtful boolean NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX security_event_device ON security_event (device_id, event_id DESC);
CREATE TABLE security_review (
    event_id bigint PRIMARY KEY REFERENCES security_event,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    note text NOT NULL CHECK (note <> '')
);
CREATE TRIGGER security_event_append_only BEFORE UPDATE OR DELETE ON security_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER security_event_not_emptied BEFORE TRUNCATE ON security_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER security_review_append_only BEFORE UPDATE OR DELETE ON security_review
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER security_review_not_emptied BEFORE TRUNCATE ON security_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW doubtful_device AS
SELECT device_id, min(security_event.at) AS since, count(*) AS events
FROM security_event LEFT JOIN security_review USING (event_id)
WHERE makes_doubtful AND security_review.event_id IS NULL AND device_id IS NOT NULL
GROUP BY device_id;

-- Ends certificates: those of one aid, or the one with that serial number. The only way to do so.
CREATE FUNCTION revoke_certificates(
    of_device int, only_serial text, because text, by text, moment timestamptz
) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    ended int;
BEGIN
    UPDATE certificate SET revoked_at = moment, revoked_by = by, reason = because
    WHERE device_id = of_device AND revoked_at IS NULL
      AND (only_serial IS NULL OR serial = only_serial);
    GET DIAGNOSTICS ended = ROW_COUNT;
    UPDATE device SET barred_at = moment
    WHERE device_id = of_device AND barred_at IS NULL
      AND NOT EXISTS (
          SELECT FROM certificate
          WHERE certificate.device_id = of_device AND revoked_at IS NULL);
    IF ended > 0 THEN
        INSERT INTO security_event (dedup_key, at, kind, device_id, makes_doubtful, detail)
        VALUES (format('revoked:%s:%s:%s', of_device, coalesce(only_serial, '*'), moment), moment,
                'revoked', of_device, false,
                jsonb_build_object('reason', because, 'by', by, 'certificates', ended))
        ON CONFLICT (dedup_key) DO NOTHING;
    END IF;
    PERFORM pg_notify('liftwacht_identity', '');
    RETURN ended;
END
$$;
REVOKE ALL ON FUNCTION revoke_certificates FROM PUBLIC;
GRANT EXECUTE ON FUNCTION revoke_certificates TO liftwacht_api, liftwacht_registrar;

GRANT SELECT (barred_at) ON device TO liftwacht_ingest;
GRANT SELECT (device_id, name, shard, retired_at, barred_at), UPDATE (barred_at)
    ON device TO liftwacht_registrar;
CREATE POLICY registrar ON device TO liftwacht_registrar USING (true);
GRANT SELECT, INSERT ON certificate TO liftwacht_registrar;
GRANT UPDATE (ejected_at) ON certificate TO liftwacht_registrar;
GRANT SELECT ON enrolment_code TO liftwacht_registrar;
GRANT SELECT ON trust_anchor TO liftwacht_api;
GRANT SELECT, UPDATE (serial, refusal, answered_at) ON certificate_request TO liftwacht_registrar;
GRANT SELECT ON presence, outbox, security_review TO liftwacht_registrar;
GRANT SELECT, INSERT ON security_event TO liftwacht_ingest, liftwacht_registrar, liftwacht_api;
GRANT SELECT ON certificate, security_review, doubtful_device TO liftwacht_api;
GRANT INSERT ON security_review TO liftwacht_api;
GRANT SELECT, INSERT ON enrolment_code, certificate_request TO liftwacht_api;
GRANT UPDATE (used_at, key_hash, withdrawn_at) ON enrolment_code TO liftwacht_api;
GRANT SELECT ON certificate, security_event, security_review, doubtful_device
    TO liftwacht_diagnostics;
GRANT SELECT (device_id, call_id, phase, attempt) ON call TO liftwacht_ingest;

-- Another client has the aid: what was learnt of how somebody lives does not outlast them here.
-- What was learnt of the aid itself (battery, drive, brake …) stays.
CREATE FUNCTION forget_habits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    DELETE FROM analysis_state
    WHERE device_id = new.device_id
      AND detector IN ('person', 'purpose', 'charging', 'storage', 'neglect', 'loss', 'nonuse');
    RETURN NULL;
END
$$;
CREATE TRIGGER device_forgets AFTER UPDATE OF client_id ON device
    FOR EACH ROW WHEN (old.client_id IS DISTINCT FROM new.client_id)
    EXECUTE FUNCTION forget_habits();

ALTER TABLE device_command DROP CONSTRAINT device_command_kind_check;
ALTER TABLE device_command ADD CONSTRAINT device_command_kind_check CHECK (kind IN (
    'snapshot', 'self_test', 'identify', 'set_sampling', 'forget', 'set_settings'
));
