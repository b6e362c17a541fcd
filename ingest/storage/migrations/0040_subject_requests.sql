-- What people may ask about themselves (AVG, articles 15 to 18), with its legal clock; and what is done
-- for it: everything about a client gathered, erased or held still.
INSERT INTO retention_term (kind, term) VALUES ('subject_requests', '5 years');

CREATE TABLE subject_request (
    request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    client_id int NOT NULL REFERENCES client,
    kind text NOT NULL CHECK (kind IN ('access', 'erasure', 'rectification', 'restriction')),
    via text NOT NULL CHECK (via IN ('letter', 'email', 'phone', 'in_person')),
    text text NOT NULL DEFAULT '' CHECK (length(text) <= 4000),
    received_at timestamptz NOT NULL,
    registered_at timestamptz NOT NULL,
    -- Derived from the log:
    due_at timestamptz NOT NULL,
    extended boolean NOT NULL DEFAULT false,
    identified_at timestamptz,
    decision text CHECK (decision IN ('granted', 'partly', 'refused')),
    decided_at timestamptz,
    done_at timestamptz,
    answered_at timestamptz,  -- the client was told; then it is over
    version int NOT NULL DEFAULT 1,
    CONSTRAINT subject_request_decided CHECK ((decision IS NULL) = (decided_at IS NULL)),
    -- Nothing is done for somebody who may be somebody else.
    CONSTRAINT subject_request_identified CHECK (done_at IS NULL OR identified_at IS NOT NULL),
    CONSTRAINT subject_request_granted CHECK (done_at IS NULL OR decision IN ('granted', 'partly'))
);
CREATE INDEX subject_request_open ON subject_request (municipality_code, due_at)
    WHERE answered_at IS NULL;
CREATE INDEX subject_request_client ON subject_request (client_id);

CREATE TABLE subject_event (
    request_id bigint NOT NULL REFERENCES subject_request,
    event_no int NOT NULL CHECK (event_no > 0),
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL CHECK (
        kind IN ('received', 'identified', 'extended', 'decided', 'gathered', 'erased', 'rectified',
                 'restricted', 'lifted', 'answered', 'noted')
    ),
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (request_id, event_no)
);
CREATE TRIGGER subject_event_append_only BEFORE UPDATE OR DELETE ON subject_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting('subject_requests', 'at');

-- Whose data may be kept and not used, but to help, and with their consent (article 18).
CREATE TABLE client_restriction (
    client_id int PRIMARY KEY REFERENCES client,
    municipality_code text NOT NULL REFERENCES municipality,
    request_id bigint NOT NULL REFERENCES subject_request,
    since timestamptz NOT NULL
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['subject_request', 'subject_event', 'client_restriction'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY platform ON %I TO liftwacht_diagnostics, liftwacht_api USING (true)',
            name
        );
        EXECUTE format('GRANT SELECT ON %I TO liftwacht_api, liftwacht_municipality', name);
        EXECUTE format(
            'GRANT INSERT ON %I TO liftwacht_api, liftwacht_municipality_writing', name
        );
    END LOOP;
    FOREACH name IN ARRAY ARRAY['subject_request', 'client_restriction'] LOOP
        EXECUTE format(
            'CREATE POLICY own_municipality ON %I TO liftwacht_municipality
             USING (municipality_code = current_setting(''liftwacht.municipality'', true))',
            name
        );
    END LOOP;
END
$$;
CREATE POLICY own_municipality ON subject_event TO liftwacht_municipality
    USING (EXISTS (
        SELECT FROM subject_request WHERE subject_request.request_id = subject_event.request_id));
GRANT UPDATE (due_at, extended, identified_at, decision, decided_at, done_at, answered_at, version)
    ON subject_request TO liftwacht_api, liftwacht_municipality_writing;
GRANT DELETE ON client_restriction TO liftwacht_api, liftwacht_municipality_writing;
GRANT SELECT ON client_restriction TO liftwacht_diagnostics;

-- Whose data stays, and why: also while a request is open, and while it may not be used.
CREATE OR REPLACE VIEW held_client AS
SELECT client_id, 'legal_hold' AS why, from_at FROM legal_hold
WHERE lifted_at IS NULL AND client_id IS NOT NULL
UNION ALL
SELECT client_id, 'subject_request', '-infinity' FROM subject_request WHERE answered_at IS NULL
UNION ALL
SELECT client_id, 'restriction', '-infinity' FROM client_restriction;

CREATE FUNCTION refuse_survey_of_restricted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM client_restriction WHERE client_id = new.client_id) THEN
        RETURN NULL;
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER survey_invitation_restricted BEFORE INSERT ON survey_invitation
    FOR EACH ROW EXECUTE FUNCTION refuse_survey_of_restricted();

-- What people typed into a log is replaced by a mark that says by which request. The rest of an entry
-- (what happened, when, by whom, and whatever terms are reckoned by) stays as it was.
CREATE FUNCTION redacted(kind text, detail jsonb, request bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE
        WHEN jsonb_typeof(value) = 'string' AND value <> '""' AND (
            key IN ('text', 'note', 'explanation', 'advice', 'evidence', 'statement', 'by', 'name',
                    'exception', 'person', 'remark', 'description', 'why')
            OR (key = 'reason' AND redacted.kind IN ('priority_changed', 'decided', 'expected'))
        ) THEN to_jsonb('[gewist, verzoek ' || request || ']')
        ELSE value
    END), '{}') || jsonb_build_object('redacted', request)
    FROM jsonb_each(redacted.detail - 'caller')
$$;

CREATE OR REPLACE FUNCTION refuse_change_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(old);
    after jsonb := to_jsonb(new);
BEGIN
    IF TG_OP = 'DELETE' AND TG_NARGS = 2
       AND (before ->> TG_ARGV[1])::timestamptz
           < now() - (SELECT term FROM retention_term WHERE kind = TG_ARGV[0]) THEN
        RETURN old;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'ticket_event'
       AND after - 'detail' = before - 'detail'
       AND after -> 'detail' = (before -> 'detail') - 'caller' THEN
        RETURN new;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN (
        'ticket_event', 'commission_event', 'complaint_event', 'misuse_event'
    ) AND after - 'detail' = before - 'detail'
      AND after -> 'detail' = redacted(
          before ->> 'kind', before -> 'detail', (after -> 'detail' ->> 'redacted')::bigint)
      -- Whoever it is: only for a request that was granted.
      AND EXISTS (
          SELECT FROM subject_request
          WHERE request_id = (after -> 'detail' ->> 'redacted')::bigint AND kind = 'erasure'
            AND identified_at IS NOT NULL AND decision IN ('granted', 'partly')) THEN
        RETURN new;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'contact_change'
       AND after = before || '{"before": null, "after": null}' THEN
        RETURN new;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'survey_answer'
       AND after = before || '{"remark": "", "client_id": null}' THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
DO $$
DECLARE
    log text;
    kind text;
BEGIN
    FOR log, kind IN VALUES ('ticket_event', 'self_tests'), ('commission_event', 'orders'),
        ('complaint_event', 'complaints'), ('misuse_event', 'misuse_rejected')
    LOOP
        EXECUTE format('DROP TRIGGER %1$I_append_only ON %1$I', log);
        EXECUTE format(
            'CREATE TRIGGER %1$I_append_only BEFORE UPDATE OR DELETE ON %1$I
             FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting(%2$L, ''at'')', log, kind
        );
    END LOOP;
END
$$;

-- A request, if it may be carried out now, by this account; nobody else's eyes are needed for that.
CREATE FUNCTION request_to_do(who int, which bigint, asked text) RETURNS subject_request
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked_for subject_request;
BEGIN
    SELECT request.* INTO asked_for
    FROM subject_request AS request
    JOIN account ON account_id = who AND disabled_at IS NULL
    WHERE request_id = which AND request.kind = asked AND identified_at IS NOT NULL
      AND decision IN ('granted', 'partly') AND answered_at IS NULL
      AND (role = 'administrator'
           OR (role = 'privacy_officer'
               AND account.municipality_code = request.municipality_code));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'account % may not carry out request %', who, which
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN asked_for;
END
$$;
REVOKE ALL ON FUNCTION request_to_do FROM PUBLIC;

-- When a client had which aid; nothing of who had it before or after.
CREATE FUNCTION lent_to(whom int)
RETURNS TABLE (device_id int, device text, begin_at timestamptz, end_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT lent.device_id, device.name, begin_at, end_at
    FROM lent JOIN device USING (device_id)
    WHERE lent.client_id = whom
    ORDER BY begin_at
$$;
REVOKE ALL ON FUNCTION lent_to FROM PUBLIC;

-- Everything about the client of a request, section by section; that it was seen is on record. People of
-- the contractor are not named: which part they had in it is what the client may know.
CREATE FUNCTION subject_data(who int, which bigint, moment timestamptz)
RETURNS TABLE (section text, content jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whom int := (request_to_do(who, which, 'access')).client_id;
    which_tickets bigint[];
    which_orders bigint[];
    which_complaints bigint[];
    which_cases bigint[];
BEGIN
    PERFORM record_look(who, whom, NULL, 'subject request ' || which, moment);
    which_tickets := array(SELECT ticket_id FROM ticket WHERE client_id = whom);
    which_orders := array(SELECT commission_id FROM commission WHERE client_id = whom);
    which_complaints := array(SELECT complaint_id FROM complaint WHERE client_id = whom);
    which_cases := array(SELECT case_id FROM misuse_case WHERE client_id = whom);
    RETURN QUERY
    SELECT said.section, coalesce(jsonb_agg(said.row), '[]') FROM (
        SELECT 1 AS place, 'client' AS section,
               to_jsonb(client) - 'client_id' || jsonb_build_object(
                   'bsn', (SELECT bsn FROM client_bsn WHERE client_bsn.client_id = whom)) AS row
        FROM client WHERE client_id = whom
        UNION ALL
        SELECT 2, 'contact',
               to_jsonb(contact) - '{client_id,phone_end,contact_phone_end}'::text[]
        FROM client_contact AS contact WHERE client_id = whom
        UNION ALL
        SELECT 3, 'contact_changes', to_jsonb(change) FROM (
            SELECT at, reason, before - '{client_id,phone_end,contact_phone_end}'::text[] AS before,
                   after - '{client_id,phone_end,contact_phone_end}'::text[] AS after
            FROM contact_change WHERE client_id = whom ORDER BY at
        ) AS change
        UNION ALL
        SELECT 4, 'looks', to_jsonb(look) FROM (
            SELECT at, role, ticket_id AS ticket, reason
            FROM contact_look JOIN account USING (account_id)
            WHERE client_id = whom ORDER BY at
        ) AS look
        UNION ALL
        SELECT 5, 'aids', to_jsonb(had) FROM (
            SELECT had.device, kind, maker, model, serial_number, nullif(begin_at, '-infinity') AS since,
                   end_at AS until
            FROM lent_to(whom) AS had JOIN device USING (device_id)
        ) AS had
        UNION ALL
        SELECT 6, 'tickets', to_jsonb(ticket)
            - '{client_id,device_id,assigned_to,dedup_key,next_clock_at,clocked_at,version}'::text[]
        FROM ticket WHERE ticket_id = ANY (which_tickets)
        UNION ALL
        SELECT 7, 'ticket_log', to_jsonb(event) - '{actor,request_id}'::text[]
        FROM ticket_event AS event WHERE ticket_id = ANY (which_tickets)
        UNION ALL
        SELECT 8, 'files', to_jsonb(file) FROM (
            SELECT 'ticket' AS of, ticket_id AS number, name, media_type, bytes, attached_at AS at
            FROM attachment WHERE ticket_id = ANY (which_tickets)
            UNION ALL
            SELECT 'order', commission_id, name, media_type, bytes, stored_at
            FROM commission_file WHERE commission_id = ANY (which_orders)
            UNION ALL
            SELECT 'misuse', case_id, name, media_type, bytes, attached_at
            FROM misuse_file WHERE case_id = ANY (which_cases)
        ) AS file
        UNION ALL
        SELECT 9, 'orders', to_jsonb(commission)
            - '{client_id,device_id,next_clock_at,clocked_at,version}'::text[]
        FROM commission WHERE commission_id = ANY (which_orders)
        UNION ALL
        SELECT 10, 'order_log', to_jsonb(event) - '{actor,request_id}'::text[]
        FROM commission_event AS event WHERE commission_id = ANY (which_orders)
        UNION ALL
        SELECT 11, 'complaints', to_jsonb(complaint)
            - '{client_id,device_id,next_clock_at,request_id,version}'::text[]
        FROM complaint WHERE complaint_id = ANY (which_complaints)
        UNION ALL
        SELECT 12, 'complaint_log', to_jsonb(event) - 'actor'
        FROM complaint_event AS event WHERE complaint_id = ANY (which_complaints)
        UNION ALL
        SELECT 13, 'letters', to_jsonb(letter) - '{client_id,actor,sent_by,dedup_key}'::text[]
        FROM letter
        WHERE client_id = whom OR commission_id = ANY (which_orders)
           OR complaint_id = ANY (which_complaints)
        UNION ALL
        SELECT 14, 'misuse_cases', to_jsonb(matter)
            - '{client_id,device_id,dedup_key,remind_at,version}'::text[]
        FROM misuse_case AS matter WHERE case_id = ANY (which_cases)
        UNION ALL
        SELECT 15, 'misuse_log', to_jsonb(event) - '{actor,request_id}'::text[]
        FROM misuse_event AS event WHERE case_id = ANY (which_cases)
        UNION ALL
        SELECT 16, 'survey_answers', to_jsonb(answer) - '{client_id,answer_id,entered_by}'::text[]
        FROM survey_answer AS answer WHERE client_id = whom
        UNION ALL
        SELECT 17, 'survey_links', jsonb_build_object('made_at', made_at, 'occasion', occasion)
        FROM survey_invitation WHERE client_id = whom
        UNION ALL
        SELECT 18, 'assignments', to_jsonb(bill) - '{client_id,device_id}'::text[]
        FROM billing_assignment AS bill WHERE client_id = whom
        UNION ALL
        SELECT 19, 'findings', to_jsonb(finding)
            - '{device_id,dedup_key,evidence}'::text[]
        FROM lent_to(whom) AS had JOIN finding USING (device_id)
        WHERE found_at >= begin_at AND (end_at IS NULL OR found_at < end_at)
        UNION ALL
        SELECT 20, 'calls', to_jsonb(call) - '{shard,log_no,outbox_no,device_id}'::text[]
            || jsonb_build_object('device', device)
        FROM lent_to(whom) AS had JOIN call USING (device_id)
        WHERE received_at >= begin_at AND (end_at IS NULL OR received_at < end_at)
        UNION ALL
        SELECT 21, 'days', to_jsonb(day) - 'device_id' || jsonb_build_object('device', device)
        FROM lent_to(whom) AS had JOIN aid_day AS day USING (device_id)
        WHERE midnight(day.day) >= begin_at - INTERVAL '1 day'
          AND (end_at IS NULL OR midnight(day.day) < end_at)
        UNION ALL
        SELECT 22, 'rides', to_jsonb(usage) - '{shard,log_no,outbox_no,device_id}'::text[]
            || jsonb_build_object('device', device)
        FROM lent_to(whom) AS had JOIN usage USING (device_id)
        WHERE received_at >= begin_at AND (end_at IS NULL OR received_at < end_at)
        UNION ALL
        SELECT 23, 'faults', to_jsonb(fault) - '{shard,log_no,outbox_no,device_id}'::text[]
            || jsonb_build_object('device', device)
        FROM lent_to(whom) AS had JOIN fault USING (device_id)
        WHERE received_at >= begin_at AND (end_at IS NULL OR received_at < end_at)
        UNION ALL
        SELECT 24, 'conditions', to_jsonb(condition) - '{shard,log_no,outbox_no,device_id}'::text[]
            || jsonb_build_object('device', device)
        FROM lent_to(whom) AS had JOIN condition USING (device_id)
        WHERE received_at >= begin_at AND (end_at IS NULL OR received_at < end_at)
        UNION ALL
        SELECT 25, 'requests', to_jsonb(request) - '{client_id,version}'::text[]
        FROM subject_request AS request WHERE client_id = whom
    ) AS said
    GROUP BY said.place, said.section
    ORDER BY said.place;
END
$$;

-- The readings of the same aids in the same time; and the files.
CREATE FUNCTION subject_readings(who int, which bigint)
RETURNS TABLE (device text, measured_at timestamptz, position_mm int, speed_mm_s smallint,
               current_ma int, battery_mv int, seat smallint, demand smallint, mode smallint,
               landing smallint, contacts int, signals int, fault text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT had.device, said.measured_at, said.position_mm, said.speed_mm_s, said.current_ma,
           said.battery_mv, said.seat, said.demand, said.mode, said.landing, said.contacts,
           said.signals, said.fault
    FROM lent_to((request_to_do(who, which, 'access')).client_id) AS had
    JOIN status AS said USING (device_id)
    WHERE received_at >= begin_at AND (end_at IS NULL OR received_at < end_at)
    ORDER BY had.device, said.measured_at;
END
$$;
CREATE FUNCTION subject_files(who int, which bigint)
RETURNS TABLE (path text, content bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whom int := (request_to_do(who, which, 'access')).client_id;
BEGIN
    RETURN QUERY
    SELECT format('ticket-%s/%s-%s', ticket_id, attachment_id, name), attachment.content
    FROM attachment JOIN ticket USING (ticket_id) WHERE ticket.client_id = whom
    UNION ALL
    SELECT format('order-%s/%s-%s', commission_id, file_id, name), file.content
    FROM commission_file AS file JOIN commission USING (commission_id)
    WHERE commission.client_id = whom
    UNION ALL
    SELECT format('misuse-%s/%s-%s', case_id, file_id, name), file.content
    FROM misuse_file AS file JOIN misuse_case USING (case_id) WHERE misuse_case.client_id = whom;
END
$$;

-- Erases what is about the client of a request, but for what must be kept; returns of each kind what
-- was erased, what was kept, and why.
CREATE FUNCTION erase_subject(who int, which bigint, moment timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    request subject_request := request_to_do(who, which, 'erasure');
    whom int := request.client_id;
    said jsonb := '[]';
    mark text := '[gewist, verzoek ' || which || ']';
    gone bigint;
    more bigint;
    left_over bigint;
    has_aid boolean;
    is_busy boolean;
    name text;
    held boolean := EXISTS (
        SELECT FROM legal_hold AS hold
        WHERE lifted_at IS NULL AND (client_id = whom OR device_id IN (
            SELECT device_id FROM lent_to(whom))));
BEGIN
    IF held THEN
        RETURN jsonb_build_array(jsonb_build_object(
            'what', 'everything', 'erased', 0, 'kept', 1, 'why', 'legal_hold'));
    END IF;
    has_aid := EXISTS (SELECT FROM device WHERE client_id = whom);
    is_busy := EXISTS (SELECT FROM ticket WHERE client_id = whom AND closed_at IS NULL)
        OR EXISTS (SELECT FROM commission WHERE client_id = whom AND ended_at IS NULL)
        OR EXISTS (SELECT FROM complaint WHERE client_id = whom AND handled_at IS NULL);

    -- Who they are.
    gone := 0;
    SELECT count(*) INTO left_over FROM client_contact WHERE client_id = whom;
    IF NOT (has_aid OR is_busy) THEN
        PERFORM set_config('liftwacht.actor',
                           (SELECT login FROM account WHERE account_id = who), true);
        PERFORM set_config('liftwacht.reason', 'subject request ' || which, true);
        DELETE FROM client_contact WHERE client_id = whom;
        GET DIAGNOSTICS gone = ROW_COUNT;
        left_over := 0;
    END IF;
    said := said || jsonb_build_object('what', 'contact', 'erased', gone, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN CASE WHEN has_aid THEN 'aid_in_use' ELSE 'open_case' END
               END);
    UPDATE contact_change SET before = NULL, after = NULL
    WHERE client_id = whom AND (before IS NOT NULL OR after IS NOT NULL);
    GET DIAGNOSTICS gone = ROW_COUNT;
    said := said || jsonb_build_object('what', 'contact_versions', 'erased', gone, 'kept', 0);

    gone := 0;
    SELECT count(*) INTO left_over FROM client_bsn WHERE client_id = whom;
    IF NOT has_aid AND NOT EXISTS (
        SELECT FROM billing_line JOIN billing_assignment AS bill USING (assignment_id)
        WHERE bill.client_id = whom AND state IN ('sent', 'rejected')) THEN
        DELETE FROM client_bsn WHERE client_id = whom;
        GET DIAGNOSTICS gone = ROW_COUNT;
        left_over := 0;
    END IF;
    said := said || jsonb_build_object('what', 'bsn', 'erased', gone, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'billing' END);

    -- What was typed about them, where the matter is over.
    UPDATE ticket_event AS event SET detail = redacted(event.kind, event.detail, which)
    FROM ticket
    WHERE ticket.ticket_id = event.ticket_id AND ticket.client_id = whom
      AND closed_at IS NOT NULL AND NOT event.detail ? 'redacted';
    GET DIAGNOSTICS gone = ROW_COUNT;
    -- Who called, also where it is not over.
    UPDATE ticket_event AS event SET detail = detail - 'caller'
    FROM ticket
    WHERE ticket.ticket_id = event.ticket_id AND ticket.client_id = whom AND event.detail ? 'caller'
      AND NOT is_busy;
    SELECT count(*) INTO left_over FROM ticket WHERE client_id = whom AND closed_at IS NULL;
    said := said || jsonb_build_object('what', 'ticket_texts', 'erased', gone, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'open_case' END);
    SELECT count(*) INTO left_over FROM ticket WHERE client_id = whom;
    said := said || jsonb_build_object('what', 'ticket_facts', 'erased', 0, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'contract' END);

    DELETE FROM attachment USING ticket
    WHERE ticket.ticket_id = attachment.ticket_id AND ticket.client_id = whom
      AND closed_at IS NOT NULL AND media_type LIKE 'image/%';
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM misuse_file AS file USING misuse_case AS matter
    WHERE matter.case_id = file.case_id AND matter.client_id = whom
      AND closed_at IS NOT NULL AND matter.outcome <> 'decided' AND media_type LIKE 'image/%';
    GET DIAGNOSTICS more = ROW_COUNT;
    SELECT count(*) INTO left_over FROM attachment JOIN ticket USING (ticket_id)
    WHERE ticket.client_id = whom AND media_type LIKE 'image/%';
    said := said || jsonb_build_object('what', 'photos', 'erased', gone + more, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'open_case' END);

    UPDATE commission_event AS event SET detail = redacted(event.kind, event.detail, which)
    FROM commission
    WHERE commission.commission_id = event.commission_id AND commission.client_id = whom
      AND ended_at IS NOT NULL AND NOT event.detail ? 'redacted';
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE commission SET description = mark
    WHERE client_id = whom AND ended_at IS NOT NULL AND description <> '' AND description <> mark;
    GET DIAGNOSTICS more = ROW_COUNT;
    SELECT count(*) INTO left_over FROM commission WHERE client_id = whom AND ended_at IS NULL;
    said := said || jsonb_build_object('what', 'order_texts', 'erased', gone + more,
        'kept', left_over, 'why', CASE WHEN left_over > 0 THEN 'open_case' END);
    SELECT count(*) INTO left_over FROM commission WHERE client_id = whom;
    said := said || jsonb_build_object('what', 'order_facts', 'erased', 0, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'contract' END);
    SELECT count(*) INTO left_over FROM commission_file JOIN commission USING (commission_id)
    WHERE client_id = whom;
    said := said || jsonb_build_object('what', 'order_files', 'erased', 0, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'loan' END);

    UPDATE complaint_event AS event SET detail = redacted(event.kind, event.detail, which)
    FROM complaint
    WHERE complaint.complaint_id = event.complaint_id AND complaint.client_id = whom
      AND handled_at IS NOT NULL AND NOT event.detail ? 'redacted';
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE complaint
    SET text = mark, outcome_text = CASE WHEN outcome_text IS NOT NULL THEN mark END
    WHERE client_id = whom AND handled_at IS NOT NULL AND text <> mark;
    GET DIAGNOSTICS more = ROW_COUNT;
    SELECT count(*) INTO left_over FROM complaint WHERE client_id = whom AND handled_at IS NULL;
    said := said || jsonb_build_object('what', 'complaint_texts', 'erased', gone + more,
        'kept', left_over, 'why', CASE WHEN left_over > 0 THEN 'open_case' END);

    UPDATE letter SET body = mark, subject = mark, mail = NULL
    WHERE (client_id = whom
           OR commission_id IN (SELECT commission_id FROM commission WHERE client_id = whom)
           OR complaint_id IN (SELECT complaint_id FROM complaint WHERE client_id = whom))
      AND body <> mark AND sent_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM commission
                      WHERE commission.commission_id = letter.commission_id AND ended_at IS NULL)
      AND NOT EXISTS (SELECT FROM complaint
                      WHERE complaint.complaint_id = letter.complaint_id AND handled_at IS NULL);
    GET DIAGNOSTICS gone = ROW_COUNT;
    SELECT count(*) INTO left_over FROM letter WHERE client_id = whom AND body <> mark;
    said := said || jsonb_build_object('what', 'letters', 'erased', gone, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'open_case' END);

    -- What was suspected, and was nothing.
    UPDATE misuse_event AS event SET detail = redacted(event.kind, event.detail, which)
    FROM misuse_case AS matter
    WHERE matter.case_id = event.case_id AND matter.client_id = whom
      AND matter.outcome IN ('rejected', 'unfounded') AND NOT event.detail ? 'redacted';
    GET DIAGNOSTICS gone = ROW_COUNT;
    SELECT count(*) INTO left_over FROM misuse_case
    WHERE client_id = whom AND (outcome IS NULL OR outcome = 'decided');
    said := said || jsonb_build_object('what', 'misuse_texts', 'erased', gone, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'legal_claims' END);

    UPDATE survey_answer SET remark = '', client_id = NULL WHERE client_id = whom;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM survey_invitation WHERE client_id = whom;
    GET DIAGNOSTICS more = ROW_COUNT;
    said := said || jsonb_build_object('what', 'survey', 'erased', gone + more, 'kept', 0);

    -- What aids told while they were theirs, of those that they have no more.
    gone := 0;
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
        PERFORM set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true);
    END IF;
    FOREACH name IN ARRAY ARRAY['status', 'usage', 'fault', 'condition'] LOOP
        EXECUTE format(
            'DELETE FROM %I AS said USING lent_to($1) AS had
             WHERE said.device_id = had.device_id AND end_at IS NOT NULL
               AND said.received_at >= had.begin_at AND said.received_at < had.end_at
               AND NOT EXISTS (SELECT FROM ticket WHERE ticket.device_id = had.device_id
                                 AND ticket.client_id = $1 AND closed_at IS NULL)
               AND NOT EXISTS (SELECT FROM misuse_case
                               WHERE misuse_case.device_id = had.device_id
                                 AND misuse_case.client_id = $1 AND closed_at IS NULL)',
            name
        ) USING whom;
        GET DIAGNOSTICS more = ROW_COUNT;
        gone := gone + more;
    END LOOP;
    DELETE FROM aid_day USING lent_to(whom) AS had
    WHERE aid_day.device_id = had.device_id AND end_at IS NOT NULL
      AND midnight(day) >= had.begin_at AND midnight(day) < had.end_at;
    GET DIAGNOSTICS more = ROW_COUNT;
    SELECT count(*) INTO left_over FROM lent_to(whom) WHERE end_at IS NULL;
    said := said || jsonb_build_object('what', 'measurements', 'erased', gone + more,
        'kept', left_over, 'why', CASE WHEN left_over > 0 THEN 'aid_in_use' END);
    SELECT count(*) INTO left_over FROM lent_to(whom) AS had JOIN call USING (device_id)
    WHERE received_at >= begin_at AND (end_at IS NULL OR received_at < end_at);
    said := said || jsonb_build_object('what', 'calls', 'erased', 0, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'contract' END);

    SELECT count(*) INTO left_over FROM billing_assignment WHERE client_id = whom;
    said := said || jsonb_build_object('what', 'billing', 'erased', 0, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'fiscal' END);
    SELECT count(*) INTO left_over FROM contact_look WHERE client_id = whom;
    said := said || jsonb_build_object('what', 'looks', 'erased', 0, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'accountability' END);
    SELECT count(*) INTO left_over FROM report
    WHERE is_contract_of(contract, request.municipality_code);
    said := said || jsonb_build_object('what', 'reports', 'erased', 0, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'reports' END);
    RETURN said;
END
$$;
REVOKE ALL ON FUNCTION subject_data, subject_readings, subject_files, erase_subject FROM PUBLIC;
-- A hold is the municipality's to place and to lift.
GRANT INSERT, UPDATE (lifted_at, lifted_by) ON legal_hold TO liftwacht_municipality_writing;
DROP POLICY own_municipality ON legal_hold;
CREATE POLICY own_municipality ON legal_hold TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
GRANT EXECUTE ON FUNCTION subject_data, subject_readings, subject_files, erase_subject
    TO liftwacht_api, liftwacht_municipality_writing;
