-- Breaches (*datalekken*) with their legal clocks. What happened is the processor's to say; whether the
-- supervisor and clients are told is each municipality's to decide, as the controller.
INSERT INTO retention_term (kind, term) VALUES ('breaches', '5 years');

CREATE TABLE breach (
    breach_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL CHECK (length(title) BETWEEN 3 AND 200),
    description text NOT NULL CHECK (length(description) BETWEEN 3 AND 8000),
    kind text NOT NULL CHECK (
        kind IN ('sent_wrongly', 'lost', 'stolen', 'seen_without_need', 'intrusion', 'published',
                 'destroyed', 'unavailable', 'other')
    ),
    began_at timestamptz,  -- null: unknown
    discovered_at timestamptz NOT NULL,  -- from which the clocks run
    registered_at timestamptz NOT NULL,
    registered_by text NOT NULL,
    people int CHECK (people >= 0),  -- about how many; null: unknown
    data text[] NOT NULL DEFAULT '{}',
    measures text NOT NULL DEFAULT '',
    risk text NOT NULL DEFAULT 'unknown' CHECK (risk IN ('unknown', 'none', 'low', 'high')),
    risk_reason text NOT NULL DEFAULT '',
    closed_at timestamptz,
    version int NOT NULL DEFAULT 1,
    CHECK (began_at <= discovered_at)
);
CREATE INDEX breach_open ON breach (discovered_at) WHERE closed_at IS NULL;

CREATE TABLE breach_municipality (
    breach_id bigint NOT NULL REFERENCES breach,
    municipality_code text NOT NULL REFERENCES municipality,
    told_at timestamptz NOT NULL,  -- its people were told by the platform
    told_whom int NOT NULL,  -- how many; 0: somebody must ring
    report text CHECK (report IN ('report', 'no_report')),  -- to the supervisor
    report_reason text,
    report_decided_by text,
    report_decided_at timestamptz,
    reported_at timestamptz,
    report_reference text,
    tell text CHECK (tell IN ('tell', 'no_tell')),  -- the clients
    tell_reason text,
    tell_decided_by text,
    tell_decided_at timestamptz,
    clients_told_at timestamptz,
    closed_at timestamptz,
    PRIMARY KEY (breach_id, municipality_code),
    CONSTRAINT breach_report_has_reason CHECK ((report IS NULL) = (report_reason IS NULL)),
    CONSTRAINT breach_tell_has_reason CHECK ((tell IS NULL) = (tell_reason IS NULL)),
    CONSTRAINT breach_reported CHECK (reported_at IS NULL OR report = 'report'),
    CONSTRAINT breach_told CHECK (clients_told_at IS NULL OR tell = 'tell')
);
CREATE INDEX breach_municipality_own ON breach_municipality (municipality_code, breach_id DESC);

CREATE TABLE breach_event (
    breach_id bigint NOT NULL REFERENCES breach,
    event_no int NOT NULL CHECK (event_no > 0),
    municipality_code text REFERENCES municipality,  -- whose decision it is; null: of all
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL CHECK (
        kind IN ('registered', 'assessed', 'added', 'report_decided', 'reported', 'tell_decided',
                 'clients_told', 'municipality_closed', 'closed', 'reminded')
    ),
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (breach_id, event_no)
);
CREATE TRIGGER breach_event_append_only BEFORE UPDATE OR DELETE ON breach_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting('breaches', 'at');

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['breach', 'breach_municipality', 'breach_event'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY platform ON %I TO liftwacht_api USING (true)', name);
        EXECUTE format('GRANT SELECT ON %I TO liftwacht_api, liftwacht_municipality', name);
        EXECUTE format('GRANT INSERT ON %I TO liftwacht_api', name);
    END LOOP;
END
$$;
GRANT UPDATE (people, data, measures, risk, risk_reason, closed_at, version) ON breach
    TO liftwacht_api;
GRANT UPDATE ON breach_municipality TO liftwacht_api;
-- A municipality decides about itself.
GRANT UPDATE (version) ON breach TO liftwacht_municipality_writing;
GRANT UPDATE (
    report, report_reason, report_decided_by, report_decided_at, reported_at, report_reference,
    tell, tell_reason, tell_decided_by, tell_decided_at, clients_told_at, closed_at
) ON breach_municipality TO liftwacht_municipality_writing;
GRANT INSERT ON breach_event TO liftwacht_municipality_writing;
CREATE POLICY own_municipality ON breach_municipality TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_municipality ON breach TO liftwacht_municipality
    USING (EXISTS (SELECT FROM breach_municipality AS own WHERE own.breach_id = breach.breach_id));
CREATE POLICY own_municipality ON breach_event FOR SELECT TO liftwacht_municipality
    USING (
        EXISTS (SELECT FROM breach_municipality AS own WHERE own.breach_id = breach_event.breach_id)
        AND coalesce(municipality_code, current_setting('liftwacht.municipality', true))
            = current_setting('liftwacht.municipality', true)
    );
CREATE POLICY own_decisions ON breach_event FOR INSERT TO liftwacht_municipality
    WITH CHECK (municipality_code = current_setting('liftwacht.municipality', true));
-- The next number of a log of which a municipality sees a part.
CREATE FUNCTION next_breach_event(which bigint) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(max(event_no), 0) + 1 FROM breach_event WHERE breach_id = which
$$;
REVOKE ALL ON FUNCTION next_breach_event FROM PUBLIC;
GRANT EXECUTE ON FUNCTION next_breach_event TO liftwacht_api, liftwacht_municipality_writing;

-- Looks at cases: a page that shows what is about one client is a look at that client.
CREATE FUNCTION look_at_case(who int, sort text, key text, why text, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whom int;
    code text;
    ticket bigint;
    own text := (SELECT municipality_code FROM account WHERE account_id = who);
BEGIN
    CASE sort
    WHEN 'client' THEN
        SELECT client_id, municipality_code INTO whom, code FROM client WHERE client_number = key;
    WHEN 'aid' THEN
        SELECT client_id, municipality_code INTO whom, code FROM device WHERE name = key;
    WHEN 'ticket' THEN
        SELECT client_id, municipality_code, ticket_id INTO whom, code, ticket FROM ticket
        WHERE ticket_id = key::bigint;
    WHEN 'order' THEN
        SELECT client_id, municipality_code INTO whom, code FROM commission
        WHERE commission_id = key::bigint;
    WHEN 'complaint' THEN
        SELECT client_id, municipality_code INTO whom, code FROM complaint
        WHERE complaint_id = key::bigint;
    WHEN 'misuse' THEN
        SELECT client_id, municipality_code INTO whom, code FROM misuse_case
        WHERE case_id = key::bigint AND (own IS NULL OR reported_at IS NOT NULL);
    WHEN 'request' THEN
        SELECT client_id, municipality_code INTO whom, code FROM subject_request
        WHERE request_id = key::bigint;
    END CASE;
    -- What somebody may not see they have not seen.
    IF whom IS NULL OR (own IS NOT NULL AND own <> code) THEN
        RETURN false;
    END IF;
    PERFORM record_look(who, whom, ticket, why, moment);
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION look_at_case FROM PUBLIC;
GRANT EXECUTE ON FUNCTION look_at_case TO liftwacht_api;

-- The look-log (*inzagelogboek*) for who watches over it: a municipality's own clients, whoever looked.
CREATE VIEW look_entry AS
SELECT look.look_id, look.at, account.login, account.name, account.role, look.reason,
       look.ticket_id, client.client_number,
       coalesce(client.municipality_code, ticket.municipality_code) AS municipality_code
FROM contact_look AS look
JOIN account USING (account_id)
LEFT JOIN client ON client.client_id = look.client_id
LEFT JOIN ticket ON ticket.ticket_id = look.ticket_id
WHERE NOT is_municipality()
   OR coalesce(client.municipality_code, ticket.municipality_code)
      = current_setting('liftwacht.municipality', true);
GRANT SELECT ON look_entry TO liftwacht_api, liftwacht_municipality;
CREATE INDEX contact_look_at ON contact_look (at DESC);

-- What is over, with the two registers; and how they go.
ALTER VIEW ended RENAME TO ended_work;
CREATE VIEW ended AS
SELECT kind, key, since, device_id, client_id FROM ended_work
UNION ALL
SELECT 'subject_requests', request_id, answered_at, NULL, NULL FROM subject_request
WHERE answered_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM client_restriction AS held
                  WHERE held.request_id = subject_request.request_id)
UNION ALL
SELECT 'breaches', breach_id, closed_at, NULL, NULL FROM breach WHERE closed_at IS NOT NULL;

ALTER FUNCTION remove_ended RENAME TO remove_ended_work;
CREATE FUNCTION remove_ended(which text, moment timestamptz, most int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys bigint[];
BEGIN
    IF which NOT IN ('subject_requests', 'breaches') THEN
        RETURN remove_ended_work(which, moment, most);
    END IF;
    keys := array(SELECT key FROM ended
                  WHERE kind = which AND since < kept_since(which, moment)
                  ORDER BY since LIMIT most);
    IF which = 'subject_requests' THEN
        DELETE FROM subject_event WHERE request_id = ANY (keys);
        DELETE FROM subject_request WHERE request_id = ANY (keys);
    ELSE
        DELETE FROM breach_event WHERE breach_id = ANY (keys);
        DELETE FROM breach_municipality WHERE breach_id = ANY (keys);
        DELETE FROM breach WHERE breach_id = ANY (keys);
    END IF;
    RETURN cardinality(keys);
END
$$;
REVOKE ALL ON FUNCTION remove_ended, remove_ended_work FROM PUBLIC;
REVOKE ALL ON FUNCTION remove_ended_work FROM liftwacht_api;
GRANT EXECUTE ON FUNCTION remove_ended TO liftwacht_api;
