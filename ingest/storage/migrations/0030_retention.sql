-- How long each kind of data is kept (*bewaartermijnen*), and how it goes when its time is over: by one
-- process of the api, on either engine. The terms stand here so that no process can shorten them; why
-- they are what they are stands in api/privacy/retention.py, and a test compares the two.

CREATE TABLE retention_term (
    kind text PRIMARY KEY CHECK (kind ~ '^[a-z_]{3,32}$'),
    term interval NOT NULL CHECK (term >= '1 day')
);
INSERT INTO retention_term (kind, term) VALUES
    ('readings', '120 days'), ('use', '400 days'), ('connections', '400 days'),
    ('calls', '5 years'), ('aid_days', '5 years'), ('unreadable', '90 days'),
    ('commands', '400 days'), ('self_tests', '400 days'),
    ('tickets', '5 years'), ('photos', '2 years'), ('orders', '5 years'), ('rejections', '5 years'), ('complaints', '5 years'),
    ('findings', '5 years'), ('signals_passed', '1 year'), ('misuse_rejected', '1 year'),
    ('misuse_decided', '5 years'), ('letters', '5 years'), ('messages', '400 days'),
    ('survey_links', '1 year'), ('survey_answers', '5 years'),
    ('contacts', '183 days'), ('contact_versions', '183 days'), ('looks', '5 years'),
    ('record', '2 years'), ('sessions', '30 days'), ('credentials', '90 days'), ('rota', '2 years'),
    ('reports', '5 years'), ('comparisons', '5 years'), ('billing', '7 years'),
    ('outages', '5 years'), ('removals', '5 years');
GRANT SELECT ON retention_term TO liftwacht_api, liftwacht_municipality;

-- What stays whatever its term says: a claim, a lawsuit, an investigation.
CREATE TABLE legal_hold (
    hold_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    device_id int REFERENCES device,
    client_id int REFERENCES client,
    reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500),
    from_at timestamptz NOT NULL,  -- of measurements: what is older may go
    placed_at timestamptz NOT NULL,
    placed_by text NOT NULL,
    lifted_at timestamptz,
    lifted_by text,
    CONSTRAINT legal_hold_of_one CHECK ((device_id IS NULL) <> (client_id IS NULL)),
    CONSTRAINT legal_hold_lifted CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE INDEX legal_hold_standing ON legal_hold (municipality_code) WHERE lifted_at IS NULL;
GRANT SELECT, INSERT, UPDATE (lifted_at, lifted_by) ON legal_hold TO liftwacht_api;
GRANT SELECT ON legal_hold TO liftwacht_municipality;
ALTER TABLE legal_hold ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON legal_hold TO liftwacht_api USING (true);
CREATE POLICY own_municipality ON legal_hold FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));

-- What was removed: how much, and up to when.
CREATE TABLE removal (
    removal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL REFERENCES retention_term,
    until timestamptz NOT NULL,  -- what is older went
    removed bigint NOT NULL,
    held bigint NOT NULL,  -- what would have gone, and is needed still
    took_ms bigint NOT NULL
);
CREATE INDEX removal_kind ON removal (kind, removal_id DESC);
GRANT SELECT, INSERT ON removal TO liftwacht_api;
GRANT SELECT ON removal TO liftwacht_municipality;

-- What stays of measurements when they go: sums per aid and day.
CREATE TABLE aid_day (
    device_id int NOT NULL REFERENCES device,
    day date NOT NULL,  -- in the Netherlands
    rides int NOT NULL DEFAULT 0,
    distance_mm bigint NOT NULL DEFAULT 0,
    duration_ms bigint NOT NULL DEFAULT 0,
    stops bigint NOT NULL DEFAULT 0,
    peak_current_ma int,
    trips int NOT NULL DEFAULT 0,  -- of safety edges
    faults int NOT NULL DEFAULT 0,  -- raised
    calls int NOT NULL DEFAULT 0,  -- for help; no tests, no repetitions
    connected_minutes int NOT NULL DEFAULT 0,
    charging_minutes int,  -- null: unknown
    battery_rest_mv int,  -- the lowest at rest; null: unknown
    battery_min_mv int,
    PRIMARY KEY (device_id, day)
);
GRANT SELECT ON aid_day TO liftwacht_api, liftwacht_diagnostics;

-- Up to which day of receipt that was done. Nothing goes that is not in it.
CREATE TABLE aid_day_progress (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    next_day date NOT NULL
);
GRANT SELECT ON aid_day_progress TO liftwacht_api;

CREATE FUNCTION midnight(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE
RETURN day::timestamp AT TIME ZONE 'Europe/Amsterdam';

-- Adds what was received on one more day to the days on which it was; returns that day, null if it is
-- too early for another: what a batch brings late may take seven days to be committed.
CREATE FUNCTION gather_aid_day(moment timestamptz) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := (least(moment, now()) AT TIME ZONE 'Europe/Amsterdam')::date;
    begins timestamptz;
    ends timestamptz;
    which date;
BEGIN
    INSERT INTO aid_day_progress (next_day)
    SELECT least((min(said.first) AT TIME ZONE 'Europe/Amsterdam')::date, today - 8)
    FROM (SELECT min(received_at) AS first FROM usage UNION ALL SELECT min(received_at) FROM fault
          UNION ALL SELECT min(received_at) FROM condition
          UNION ALL SELECT min(received_at) FROM call
          UNION ALL SELECT min(received_at) FROM presence) AS said
    WHERE NOT EXISTS (SELECT FROM aid_day_progress)
    ON CONFLICT DO NOTHING;
    SELECT next_day INTO which FROM aid_day_progress FOR UPDATE;
    IF which IS NULL OR which > today - 8 THEN
        RETURN NULL;
    END IF;
    begins := midnight(which);
    ends := midnight(which + 1);
    INSERT INTO aid_day AS known (
        device_id, day, rides, distance_mm, duration_ms, stops, peak_current_ma, trips, faults, calls,
        connected_minutes, charging_minutes, battery_rest_mv, battery_min_mv
    )
    SELECT device_id, day, sum(rides), sum(distance_mm), sum(duration_ms), sum(said.stops), max(peak),
           sum(said.trips), sum(faults), sum(calls), sum(connected), sum(charging), min(rest),
           min(lowest)
    FROM (
        SELECT device_id, (measured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
               count(*) AS rides, sum(distance_mm) AS distance_mm, sum(duration_ms) AS duration_ms,
               sum(stops) AS stops, max(peak_current_ma) AS peak,
               coalesce(sum(trips), 0) AS trips, 0 AS faults, 0 AS calls, 0 AS connected,
               NULL::bigint AS charging, NULL::int AS rest, min(min_battery_mv) AS lowest
        FROM usage WHERE received_at >= begins AND received_at < ends GROUP BY 1, 2
        UNION ALL
        SELECT device_id, (measured_at AT TIME ZONE 'Europe/Amsterdam')::date,
               0, 0, 0, 0, NULL, 0, count(*), 0, 0, NULL, NULL, NULL
        FROM fault WHERE received_at >= begins AND received_at < ends AND edge = 'raised'
        GROUP BY 1, 2
        UNION ALL
        SELECT device_id, (since AT TIME ZONE 'Europe/Amsterdam')::date,
               0, 0, 0, 0, NULL, 0, 0, count(DISTINCT call_id), 0, NULL, NULL, NULL
        FROM call
        WHERE received_at >= begins AND received_at < ends AND phase = 'raised' AND reason <> 'test'
          AND attempt = 1
        GROUP BY 1, 2
        UNION ALL
        SELECT device_id, (measured_at AT TIME ZONE 'Europe/Amsterdam')::date,
               0, 0, 0, 0, NULL, 0, 0, 0, 0, sum(charging_ms) / 60000, min(battery_rest_mv),
               min(battery_min_mv)
        FROM condition WHERE received_at >= begins AND received_at < ends GROUP BY 1, 2
        UNION ALL
        -- From one word about the connection to the next: of this day, what was online.
        SELECT device_id, which, 0, 0, 0, 0, NULL, 0, 0, 0,
               round(sum(extract(epoch FROM least(until, ends) - greatest(at, begins))) / 60)::int,
               NULL, NULL, NULL
        FROM (
            SELECT device_id, at, online,
                   lead(at, 1, ends) OVER (PARTITION BY device_id ORDER BY at, log_no) AS until
            FROM (
                SELECT device_id, received_at AS at, log_no, online FROM presence
                WHERE received_at >= begins AND received_at < ends
                UNION ALL
                (SELECT DISTINCT ON (device_id) device_id, received_at, log_no, online
                 FROM presence WHERE received_at < begins
                 ORDER BY device_id, received_at DESC, log_no DESC)
            ) AS word
        ) AS stretch
        WHERE online AND until > begins
        GROUP BY 1
    ) AS said
    GROUP BY 1, 2
    ON CONFLICT (device_id, day) DO UPDATE SET
        rides = known.rides + excluded.rides,
        distance_mm = known.distance_mm + excluded.distance_mm,
        duration_ms = known.duration_ms + excluded.duration_ms,
        stops = known.stops + excluded.stops,
        peak_current_ma = greatest(known.peak_current_ma, excluded.peak_current_ma),
        trips = known.trips + excluded.trips,
        faults = known.faults + excluded.faults,
        calls = known.calls + excluded.calls,
        connected_minutes = known.connected_minutes + excluded.connected_minutes,
        charging_minutes = coalesce(known.charging_minutes + excluded.charging_minutes,
                                    known.charging_minutes, excluded.charging_minutes),
        battery_rest_mv = least(known.battery_rest_mv, excluded.battery_rest_mv),
        battery_min_mv = least(known.battery_min_mv, excluded.battery_min_mv);
    UPDATE aid_day_progress SET next_day = which + 1;
    RETURN which;
END
$$;
REVOKE ALL ON FUNCTION gather_aid_day FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gather_aid_day TO liftwacht_api;

-- Who had which aid from when until when: by the orders; else as far back as it is known here.
CREATE VIEW lent AS
SELECT given.client_id, given.device_id, given.done_at AS begin_at, (
    SELECT min(later.done_at) FROM commission AS later
    WHERE later.device_id = given.device_id AND later.done_at > given.done_at
      AND (later.kind IN ('collection', 'dismantling')
           OR (later.kind IN ('delivery', 'reissue', 'exchange')
               AND later.client_id <> given.client_id))
) AS end_at
FROM commission AS given
WHERE given.kind IN ('delivery', 'reissue', 'exchange') AND given.device_id IS NOT NULL
  AND given.done_at IS NOT NULL
UNION ALL
SELECT device.client_id, device.device_id, coalesce(midnight(lent_on), '-infinity'), NULL
FROM device
WHERE device.client_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM commission AS given
    WHERE given.device_id = device.device_id AND given.client_id = device.client_id
      AND given.kind IN ('delivery', 'reissue', 'exchange') AND given.done_at IS NOT NULL)
UNION ALL
SELECT back.client_id, back.device_id, '-infinity', min(back.done_at)
FROM commission AS back
WHERE back.kind IN ('collection', 'dismantling') AND back.device_id IS NOT NULL
  AND back.done_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM commission AS given
    WHERE given.device_id = back.device_id AND given.client_id = back.client_id
      AND given.kind IN ('delivery', 'reissue', 'exchange') AND given.done_at IS NOT NULL)
GROUP BY 1, 2;

-- Whose data stays, and why.
CREATE VIEW held_client AS
SELECT client_id, 'legal_hold' AS why, from_at FROM legal_hold
WHERE lifted_at IS NULL AND client_id IS NOT NULL;

CREATE VIEW held_device AS
SELECT device_id, 'legal_hold' AS why, from_at FROM legal_hold
WHERE lifted_at IS NULL AND device_id IS NOT NULL
UNION ALL
SELECT lent.device_id, why, greatest(begin_at, from_at) FROM held_client JOIN lent USING (client_id);

-- Of which aid measurements are needed still, and from when on: a signal about use is weighed with
-- what came sixteen weeks before it.
CREATE VIEW held_aid AS
SELECT device_id, why, from_at FROM held_device
UNION ALL
SELECT device_id, 'ticket' AS why, least(since, opened_at) - INTERVAL '1 day' AS from_at
FROM ticket WHERE closed_at IS NULL
UNION ALL
SELECT device_id, 'misuse', since - INTERVAL '112 days' FROM misuse_case WHERE closed_at IS NULL
UNION ALL
SELECT device_id, 'complaint', received_at - INTERVAL '31 days' FROM complaint
WHERE handled_at IS NULL AND device_id IS NOT NULL;

-- What is over, since when, and whose it was. What something else still refers to is not over.
CREATE VIEW ended AS
SELECT 'aid_days' AS kind, NULL::bigint AS key, NULL::timestamptz AS since, NULL::int AS device_id,
       NULL::int AS client_id WHERE false
UNION ALL
SELECT 'unreadable', quarantine_id, received_at, NULL, NULL FROM quarantine
UNION ALL
SELECT CASE WHEN test THEN 'self_tests' ELSE 'tickets' END, ticket_id, closed_at, ticket.device_id,
       NULL
FROM ticket
WHERE closed_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM complaint WHERE complaint.ticket_id = ticket.ticket_id)
  AND NOT EXISTS (SELECT FROM misuse_case WHERE visit_ticket_id = ticket.ticket_id)
  AND NOT EXISTS (SELECT FROM contact_look WHERE contact_look.ticket_id = ticket.ticket_id)
  AND NOT EXISTS (SELECT FROM survey_invitation
                  WHERE survey_invitation.ticket_id = ticket.ticket_id)
UNION ALL
SELECT 'photos', attachment_id, closed_at, device_id, NULL
FROM attachment JOIN ticket USING (ticket_id)
WHERE closed_at IS NOT NULL AND media_type LIKE 'image/%'
UNION ALL
SELECT 'orders', commission_id, ended_at, commission.device_id, client_id FROM commission
WHERE ended_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM complaint WHERE complaint.commission_id = commission.commission_id)
  AND NOT EXISTS (SELECT FROM billing_assignment AS bill
                  WHERE bill.commission_id = commission.commission_id)
  AND NOT EXISTS (SELECT FROM commission AS exchange
                  WHERE exchange.exchange_of = commission.commission_id)
  AND NOT EXISTS (SELECT FROM survey_invitation
                  WHERE survey_invitation.commission_id = commission.commission_id)
  AND NOT EXISTS (SELECT FROM aid_rejection
                  WHERE aid_rejection.commission_id = commission.commission_id)
  -- Who has the aid follows from it.
  AND NOT EXISTS (SELECT FROM device WHERE device.device_id = commission.device_id
                    AND device.client_id = commission.client_id)
UNION ALL
SELECT 'rejections', rejection_id, at, device_id, NULL FROM aid_rejection
UNION ALL
SELECT 'complaints', complaint_id, handled_at, device_id, client_id FROM complaint
WHERE handled_at IS NOT NULL
UNION ALL
SELECT CASE outcome WHEN 'decided' THEN 'misuse_decided' ELSE 'misuse_rejected' END, case_id,
       closed_at, device_id, client_id
FROM misuse_case WHERE closed_at IS NOT NULL
UNION ALL
SELECT CASE WHEN asks = 'signal' THEN 'signals_passed' ELSE 'findings' END, finding_id, ended_at,
       device_id, NULL
FROM finding WHERE ended_at IS NOT NULL AND ticket_id IS NULL AND misuse_case_id IS NULL
UNION ALL
SELECT 'letters', letter_id, written_at, NULL, client_id FROM letter
WHERE commission_id IS NULL AND complaint_id IS NULL
UNION ALL
SELECT 'messages', notification_id, created_at, NULL, NULL FROM notification
WHERE next_attempt_at IS NULL
  AND NOT EXISTS (SELECT FROM notification AS child
                  WHERE child.parent_id = notification.notification_id)
  AND NOT EXISTS (SELECT FROM ticket
                  WHERE ticket.ticket_id = notification.ticket_id AND closed_at IS NULL)
UNION ALL
SELECT 'commands', ('x' || substr(md5(command_id), 1, 15))::bit(60)::bigint, expires_at, device_id,
       NULL
FROM device_command
WHERE NOT EXISTS (SELECT FROM ticket
                  WHERE ticket.ticket_id = device_command.ticket_id AND closed_at IS NULL)
UNION ALL
SELECT 'survey_links', invitation_id, expires_at, NULL, client_id FROM survey_invitation
UNION ALL
-- A client without an aid, and without anything that goes on; since the last that happened.
SELECT 'contacts', client_id, (
    SELECT max(last) FROM (
        SELECT max(end_at) AS last FROM lent WHERE lent.client_id = client.client_id
        UNION ALL SELECT max(ended_at) FROM commission WHERE commission.client_id = client.client_id
        UNION ALL SELECT max(handled_at) FROM complaint WHERE complaint.client_id = client.client_id
        UNION ALL SELECT max(closed_at) FROM misuse_case
                  WHERE misuse_case.client_id = client.client_id
        UNION ALL SELECT max(at) FROM contact_change WHERE contact_change.client_id = client.client_id
    ) AS said
), NULL, client_id
FROM client
WHERE (EXISTS (SELECT FROM client_contact WHERE client_contact.client_id = client.client_id)
       OR EXISTS (SELECT FROM client_bsn WHERE client_bsn.client_id = client.client_id))
  AND NOT EXISTS (SELECT FROM device WHERE device.client_id = client.client_id)
  AND NOT EXISTS (SELECT FROM commission
                  WHERE commission.client_id = client.client_id AND ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM complaint
                  WHERE complaint.client_id = client.client_id AND handled_at IS NULL)
  AND NOT EXISTS (SELECT FROM misuse_case
                  WHERE misuse_case.client_id = client.client_id AND closed_at IS NULL)
  AND NOT EXISTS (SELECT FROM billing_line JOIN billing_assignment AS bill USING (assignment_id)
                  WHERE bill.client_id = client.client_id AND state IN ('sent', 'rejected'))
UNION ALL
SELECT 'contact_versions', change_id, at, NULL, client_id FROM contact_change
WHERE before IS NOT NULL OR after IS NOT NULL
UNION ALL
SELECT 'looks', look_id, at, NULL, client_id FROM contact_look
UNION ALL
SELECT 'record', audit_id, at, NULL, NULL FROM audit
UNION ALL
SELECT 'sessions', session_id, expires_at, NULL, NULL FROM account_session
UNION ALL
SELECT 'credentials', account_id, disabled_at, NULL, NULL FROM account
WHERE disabled_at IS NOT NULL AND (
    EXISTS (SELECT FROM account_password WHERE account_password.account_id = account.account_id)
    OR EXISTS (SELECT FROM account_factor WHERE account_factor.account_id = account.account_id)
    OR EXISTS (SELECT FROM account_identity WHERE account_identity.account_id = account.account_id)
    OR EXISTS (SELECT FROM contact_way WHERE contact_way.account_id = account.account_id)
    OR email IS NOT NULL OR phone IS NOT NULL)
UNION ALL
SELECT 'rota', override_id, end_at, NULL, NULL FROM rota_override
UNION ALL
SELECT 'reports', report_id, cut_off_at, NULL, NULL FROM report
UNION ALL
SELECT 'comparisons', comparison_id, compared_at, NULL, NULL FROM file_comparison
UNION ALL
SELECT 'billing', declaration_id, midnight(month), NULL, NULL FROM billing_declaration
WHERE NOT EXISTS (SELECT FROM billing_line
                  WHERE billing_line.declaration_id = billing_declaration.declaration_id
                    AND state IN ('sent', 'rejected'))
  AND NOT EXISTS (SELECT FROM billing_line AS line JOIN billing_line AS again
                      ON again.replaces = line.line_id
                  WHERE line.declaration_id = billing_declaration.declaration_id
                    AND again.declaration_id <> billing_declaration.declaration_id)
UNION ALL
SELECT 'outages', incident_id, ended_at, NULL, NULL FROM incident WHERE ended_at IS NOT NULL
UNION ALL
SELECT 'removals', removal_id, at, NULL, NULL FROM removal;

-- Append-only logs stay so until their term is over: then, and not before, a row may be deleted.
CREATE OR REPLACE FUNCTION refuse_change_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_NARGS = 2
       AND (to_jsonb(old) ->> TG_ARGV[1])::timestamptz
           < now() - (SELECT term FROM retention_term WHERE kind = TG_ARGV[0]) THEN
        RETURN old;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'ticket_event'
       AND to_jsonb(new) - 'detail' = to_jsonb(old) - 'detail'
       AND to_jsonb(new) -> 'detail' = (to_jsonb(old) -> 'detail') - 'caller' THEN
        RETURN new;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'contact_change'
       AND to_jsonb(new) = to_jsonb(old) || '{"before": null, "after": null}' THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
DO $$
DECLARE
    log text;
    kind text;
    moment text;
BEGIN
    FOR log, kind, moment IN VALUES
        ('ticket_event', 'self_tests', 'at'), ('commission_event', 'orders', 'at'),
        ('commission_file', 'orders', 'stored_at'),
        ('aid_rejection', 'rejections', 'at'), ('complaint_event', 'complaints', 'at'),
        ('misuse_event', 'misuse_rejected', 'at'), ('delivery', 'messages', 'at'),
        ('contact_look', 'looks', 'at'), ('contact_change', 'looks', 'at'), ('audit', 'record', 'at'),
        ('rota_override', 'rota', 'end_at'), ('report', 'reports', 'cut_off_at'),
        ('file_comparison', 'comparisons', 'compared_at'), ('removal', 'removals', 'at')
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %1$I_append_only ON %1$I', log);
        EXECUTE format(
            'CREATE TRIGGER %1$I_append_only BEFORE UPDATE OR DELETE ON %1$I
             FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting(%2$L, %3$L)',
            log, kind, moment
        );
    END LOOP;
END
$$;
DROP TRIGGER survey_answer_append_only ON survey_answer;
CREATE TRIGGER survey_answer_append_only BEFORE UPDATE OR DELETE ON survey_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting('survey_answers', 'answered_on');

-- What is older than this goes. Whoever asks with a clock ahead of ours gets no further.
CREATE FUNCTION kept_since(which text, moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least(moment, now()) - term FROM retention_term WHERE kind = which
$$;

-- Removes up to so many things of a kind whose term is over, with all that belongs to them; returns
-- how many. Call it until there are none.
CREATE FUNCTION remove_ended(which text, moment timestamptz, most int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    cutoff timestamptz := kept_since(which, moment);
    keys bigint[];
    gone bigint;
BEGIN
    IF which = 'aid_days' THEN
        DELETE FROM aid_day WHERE ctid IN (
            SELECT ctid FROM aid_day WHERE day < (cutoff AT TIME ZONE 'Europe/Amsterdam')::date
            LIMIT most);
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
    ELSIF which = 'survey_answers' THEN
        DELETE FROM survey_answer WHERE ctid IN (
            SELECT ctid FROM survey_answer
            WHERE answered_on < (cutoff AT TIME ZONE 'Europe/Amsterdam')::date LIMIT most);
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
    END IF;
    keys := array(
        SELECT key FROM ended
        WHERE kind = which AND since < cutoff
          AND NOT EXISTS (SELECT FROM held_device WHERE held_device.device_id = ended.device_id)
          AND NOT EXISTS (SELECT FROM held_client WHERE held_client.client_id = ended.client_id)
        ORDER BY since LIMIT most);
    CASE which
    WHEN 'unreadable' THEN
        DELETE FROM quarantine WHERE quarantine_id = ANY (keys);
    WHEN 'tickets', 'self_tests' THEN
        DELETE FROM delivery USING notification
        WHERE delivery.notification_id = notification.notification_id AND ticket_id = ANY (keys);
        DELETE FROM notification WHERE ticket_id = ANY (keys);
        DELETE FROM attachment WHERE ticket_id = ANY (keys);
        DELETE FROM finding WHERE ticket_id = ANY (keys);
        DELETE FROM device_command WHERE ticket_id = ANY (keys);
        DELETE FROM desk_presence WHERE ticket_id = ANY (keys);
        DELETE FROM self_test WHERE ticket_id = ANY (keys);
        DELETE FROM escalation WHERE ticket_id = ANY (keys);
        DELETE FROM ticket_event WHERE ticket_id = ANY (keys);
        DELETE FROM ticket WHERE ticket_id = ANY (keys);
    WHEN 'photos' THEN
        DELETE FROM attachment WHERE attachment_id = ANY (keys);
    WHEN 'orders' THEN
        DELETE FROM letter WHERE commission_id = ANY (keys);
        DELETE FROM commission_file WHERE commission_id = ANY (keys);
        DELETE FROM commission_event WHERE commission_id = ANY (keys);
        DELETE FROM commission WHERE commission_id = ANY (keys);
    WHEN 'rejections' THEN
        DELETE FROM aid_rejection WHERE rejection_id = ANY (keys);
    WHEN 'complaints' THEN
        DELETE FROM letter WHERE complaint_id = ANY (keys);
        DELETE FROM complaint_event WHERE complaint_id = ANY (keys);
        DELETE FROM complaint WHERE complaint_id = ANY (keys);
    WHEN 'misuse_decided', 'misuse_rejected' THEN
        DELETE FROM delivery USING notification
        WHERE delivery.notification_id = notification.notification_id
          AND misuse_case_id = ANY (keys);
        DELETE FROM notification WHERE misuse_case_id = ANY (keys);
        DELETE FROM finding WHERE misuse_case_id = ANY (keys);
        DELETE FROM misuse_file WHERE case_id = ANY (keys);
        DELETE FROM misuse_event WHERE case_id = ANY (keys);
        DELETE FROM misuse_case WHERE case_id = ANY (keys);
    WHEN 'findings', 'signals_passed' THEN
        DELETE FROM finding WHERE finding_id = ANY (keys);
    WHEN 'letters' THEN
        DELETE FROM letter WHERE letter_id = ANY (keys);
    WHEN 'messages' THEN
        DELETE FROM delivery WHERE notification_id = ANY (keys);
        DELETE FROM notification WHERE notification_id = ANY (keys);
    WHEN 'commands' THEN
        DELETE FROM device_command
        WHERE ('x' || substr(md5(command_id), 1, 15))::bit(60)::bigint = ANY (keys);
    WHEN 'survey_links' THEN
        DELETE FROM survey_invitation WHERE invitation_id = ANY (keys);
    WHEN 'contacts' THEN
        PERFORM set_config('liftwacht.actor', 'system:retention', true);
        PERFORM set_config('liftwacht.reason', 'retention', true);
        DELETE FROM client_contact WHERE client_id = ANY (keys);
        DELETE FROM client_bsn WHERE client_id = ANY (keys);
        UPDATE contact_change SET before = NULL, after = NULL
        WHERE client_id = ANY (keys) AND (before IS NOT NULL OR after IS NOT NULL);
    WHEN 'contact_versions' THEN
        UPDATE contact_change SET before = NULL, after = NULL WHERE change_id = ANY (keys);
    WHEN 'looks' THEN
        DELETE FROM contact_look WHERE look_id = ANY (keys);
        DELETE FROM contact_change WHERE at < cutoff;
    WHEN 'record' THEN
        DELETE FROM audit WHERE audit_id = ANY (keys);
    WHEN 'sessions' THEN
        DELETE FROM account_session WHERE session_id = ANY (keys);
        DELETE FROM sign_in_trip WHERE begun_at < cutoff;
        DELETE FROM sign_in_level WHERE at < cutoff;
    WHEN 'credentials' THEN
        DELETE FROM account_password WHERE account_id = ANY (keys);
        DELETE FROM account_factor WHERE account_id = ANY (keys);
        DELETE FROM account_recovery_code WHERE account_id = ANY (keys);
        DELETE FROM account_identity WHERE account_id = ANY (keys);
        DELETE FROM contact_way WHERE account_id = ANY (keys);
        DELETE FROM quiet_hours WHERE account_id = ANY (keys);
        DELETE FROM desk_view WHERE account_id = ANY (keys);
        DELETE FROM mechanic WHERE account_id = ANY (keys);
        UPDATE account SET email = NULL, phone = NULL WHERE account_id = ANY (keys);
    WHEN 'rota' THEN
        DELETE FROM rota_override WHERE override_id = ANY (keys);
    WHEN 'reports' THEN
        DELETE FROM report WHERE report_id = ANY (keys);
    WHEN 'comparisons' THEN
        DELETE FROM file_comparison WHERE comparison_id = ANY (keys);
    WHEN 'billing' THEN
        DELETE FROM billing_line WHERE declaration_id = ANY (keys);
        DELETE FROM billing_declaration WHERE declaration_id = ANY (keys);
        DELETE FROM billing_assignment AS bill
        WHERE ends_on < cutoff AND NOT EXISTS (
            SELECT FROM billing_line WHERE billing_line.assignment_id = bill.assignment_id);
    WHEN 'outages' THEN
        DELETE FROM incident_device WHERE incident_id = ANY (keys);
        DELETE FROM incident WHERE incident_id = ANY (keys);
    WHEN 'removals' THEN
        DELETE FROM removal WHERE removal_id = ANY (keys);
    END CASE;
    RETURN coalesce(cardinality(keys), 0);
END
$$;

-- How much of a kind would go, and how much of it is needed still.
CREATE FUNCTION count_ended(which text, moment timestamptz)
RETURNS TABLE (ready bigint, held bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE NOT needed), count(*) FILTER (WHERE needed)
    FROM (
        SELECT EXISTS (SELECT FROM held_device WHERE held_device.device_id = ended.device_id)
            OR EXISTS (SELECT FROM held_client WHERE held_client.client_id = ended.client_id)
                AS needed
        FROM ended WHERE kind = which AND since < kept_since(which, moment)
        UNION ALL
        SELECT false FROM aid_day
        WHERE which = 'aid_days'
          AND day < (kept_since(which, moment) AT TIME ZONE 'Europe/Amsterdam')::date
        UNION ALL
        SELECT false FROM survey_answer
        WHERE which = 'survey_answers'
          AND answered_on < (kept_since(which, moment) AT TIME ZONE 'Europe/Amsterdam')::date
    ) AS found
$$;

-- Which tables of measurements are of a kind.
CREATE FUNCTION tables_of(which text) RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN CASE which
    WHEN 'readings' THEN ARRAY['status']
    WHEN 'use' THEN ARRAY['usage', 'fault', 'condition']
    WHEN 'connections' THEN ARRAY['presence', 'reply']
    WHEN 'calls' THEN ARRAY['call']
END;

-- What is older than this goes of measurements: never what no day's sums hold yet.
CREATE FUNCTION measured_since(which text, moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT least(kept_since(which, moment),
                 CASE WHEN which = 'readings' THEN 'infinity'
                      ELSE (SELECT midnight(next_day) FROM aid_day_progress) END)
    WHERE which = 'readings' OR EXISTS (SELECT FROM aid_day_progress)
$$;

-- Drops whole chunks that nobody needs, where the engine has such; returns how many.
CREATE FUNCTION drop_measured(which text, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    until timestamptz := least(measured_since(which, moment), (SELECT min(from_at) FROM held_aid));
    name text;
    dropped bigint := 0;
    here bigint;
BEGIN
    IF until IS NULL OR until = '-infinity'
       OR NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
        RETURN 0;
    END IF;
    FOREACH name IN ARRAY tables_of(which) LOOP
        IF name IN ('status', 'usage', 'fault', 'condition') THEN
            EXECUTE format('SELECT count(*) FROM drop_chunks(%L, older_than => %L::timestamptz)',
                           name, until) INTO here;
            dropped := dropped + here;
        END IF;
    END LOOP;
    RETURN dropped;
END
$$;

-- Removes measurements of so many aids behind one; returns how many rows went, how many aids some are
-- needed of, and the last aid that was looked at: null, if it was the last of all. Where there are
-- chunks, it is for those that could not be dropped because of somebody.
CREATE FUNCTION remove_measured(
    which text, moment timestamptz, after int, aids int,
    OUT removed bigint, OUT held bigint, OUT last int
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    cutoff timestamptz := measured_since(which, moment);
    until timestamptz;
    name text;
    these int[];
    here bigint;
    chunked boolean := EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb');
BEGIN
    removed := 0;
    these := array(SELECT device_id FROM device WHERE device_id > after ORDER BY device_id
                   LIMIT aids);
    last := CASE WHEN cardinality(these) = aids THEN these[aids] END;
    SELECT count(DISTINCT device_id) INTO held FROM held_aid
    WHERE device_id = ANY (these) AND from_at < cutoff;
    IF cutoff IS NULL THEN
        RETURN;
    END IF;
    IF chunked THEN
        -- Packed rows are unpacked to be deleted, however many.
        PERFORM set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true);
    END IF;
    FOREACH name IN ARRAY tables_of(which) LOOP
        until := cutoff;
        IF chunked AND name IN ('status', 'usage', 'fault', 'condition') THEN
            EXECUTE 'SELECT max(range_end) FROM timescaledb_information.chunks
                     WHERE hypertable_name = $1 AND range_end <= $2' INTO until USING name, cutoff;
        END IF;
        -- The newest word about a connection says how it is, however old.
        EXECUTE format(
            'DELETE FROM %1$I AS said USING unnest($1) AS aid (device_id)
             WHERE said.device_id = aid.device_id
               AND said.received_at < least($2, (
                   SELECT min(from_at) FROM held_aid WHERE held_aid.device_id = aid.device_id))
               AND $2 IS NOT NULL %2$s',
            name,
            CASE name WHEN 'presence' THEN
                'AND EXISTS (SELECT FROM presence AS later WHERE later.device_id = said.device_id
                             AND later.log_no > said.log_no AND later.received_at < $2)'
            ELSE '' END
        ) USING these, until;
        GET DIAGNOSTICS here = ROW_COUNT;
        removed := removed + here;
    END LOOP;
END
$$;

-- How many measurements of a kind would go.
CREATE FUNCTION count_measured(which text, moment timestamptz)
RETURNS TABLE (ready bigint, held bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    until timestamptz := measured_since(which, moment);
    name text;
    rows_ready bigint;
    rows_held bigint;
BEGIN
    ready := 0;
    held := 0;
    FOREACH name IN ARRAY tables_of(which) LOOP
        EXECUTE format(
            'SELECT count(*) FILTER (WHERE said.received_at < coalesce(needed.from_at, $1)),
                    count(*) FILTER (WHERE said.received_at >= needed.from_at)
             FROM %I AS said
             LEFT JOIN (SELECT device_id, min(from_at) AS from_at FROM held_aid GROUP BY 1) AS needed
                 ON needed.device_id = said.device_id
             WHERE said.received_at < $1',
            name
        ) INTO rows_ready, rows_held USING until;
        ready := ready + rows_ready;
        held := held + rows_held;
    END LOOP;
    RETURN NEXT;
END
$$;

REVOKE ALL ON FUNCTION remove_ended, count_ended, drop_measured, remove_measured, count_measured,
    measured_since FROM PUBLIC;
GRANT EXECUTE ON FUNCTION remove_ended, count_ended, drop_measured, remove_measured, count_measured,
    measured_since TO liftwacht_api;
CREATE INDEX presence_device ON presence (device_id, received_at DESC);

-- The long history is the same on both engines: what the days hold, and what came since.
DROP VIEW ride_day;
DO $$
BEGIN
    IF to_regclass('usage_received_day') IS NOT NULL THEN
        DROP MATERIALIZED VIEW usage_received_day;
    END IF;
END
$$;
CREATE VIEW ride_day AS
SELECT device_id, day, sum(rides)::bigint AS rides, sum(distance_mm)::bigint AS distance_mm,
       sum(duration_ms)::bigint AS duration_ms, sum(stops)::bigint AS stops,
       max(peak_current_ma) AS peak_current_ma
FROM (
    SELECT device_id, day, rides, distance_mm, duration_ms, stops, peak_current_ma
    FROM aid_day WHERE rides > 0
    UNION ALL
    SELECT device_id, (measured_at AT TIME ZONE 'Europe/Amsterdam')::date, 1, distance_mm,
           duration_ms, stops, peak_current_ma
    FROM usage
    WHERE received_at >= coalesce((SELECT midnight(next_day) FROM aid_day_progress), '-infinity')
) AS ride
GROUP BY device_id, day;
GRANT SELECT ON ride_day TO liftwacht_diagnostics, liftwacht_api;

-- From now on there is one that removes: not the engine's own jobs, which know of no hold.
DROP PROCEDURE expire;
DO $$
DECLARE
    name text;
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
        FOREACH name IN ARRAY ARRAY['status', 'fault', 'usage', 'condition'] LOOP
            EXECUTE format('SELECT remove_retention_policy(%L)', name);
        END LOOP;
    END IF;
END
$$;
