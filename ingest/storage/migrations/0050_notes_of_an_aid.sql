-- What people wrote about an aid while a client had it may say something about that client. The logbook goes
-- with the aid, also to another municipality: what was done, when, with which parts. Words do not: they stay
-- with the municipality of the client who had it then, and are erased at that client's request.

-- In which municipality an aid was with a client on a day; null: with nobody, or it is not known. The day on
-- which somebody brought it back is still theirs.
CREATE FUNCTION municipality_on(aid int, day date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT client.municipality_code
    FROM (
        SELECT client_id FROM aid_holding
        WHERE device_id = aid AND (since < day OR (since = day AND client_id IS NOT NULL))
        ORDER BY since DESC, holding_id DESC LIMIT 1
    ) AS had
    JOIN client USING (client_id)
$$;

-- Whether a municipality is shown what was written about an aid that day.
CREATE FUNCTION may_read_of(aid int, day date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp
RETURN coalesce(municipality_on(aid, day), current_setting('liftwacht.municipality', true))
    = current_setting('liftwacht.municipality', true);

CREATE OR REPLACE VIEW aid_work AS
    SELECT work.device_id, reference, sort, done_on, what,
           CASE WHEN NOT is_municipality()
                  OR coalesce(work.municipality_code, current_setting('liftwacht.municipality', true))
                     = current_setting('liftwacht.municipality', true)
                THEN work ELSE '' END AS work,
           parts,
           CASE WHEN NOT is_municipality()
                  OR work.municipality_code = current_setting('liftwacht.municipality', true)
                THEN ticket_id END AS ticket_id,
           work.municipality_code
    FROM (
        SELECT ticket.device_id,
               'T' || ticket.ticket_id || '-' || to_char(ticket.opened_at AT TIME ZONE 'UTC', 'YYYYMMDD')
                   AS reference,
               CASE WHEN ticket.kind IN ('emergency', 'repair') THEN 'corrective'
                    ELSE 'preventive' END AS sort,
               (coalesce(ticket.repaired_at, ticket.closed_at) AT TIME ZONE 'Europe/Amsterdam')::date
                   AS done_on,
               coalesce(ticket.what, ticket.kind) AS what,
               coalesce(log.work, '') AS work,
               coalesce(log.parts, '') AS parts,
               ticket.ticket_id,
               ticket.municipality_code
        FROM ticket
        CROSS JOIN LATERAL (
            SELECT string_agg(nullif(detail ->> 'note', ''), E'\n' ORDER BY event_no)
                       FILTER (WHERE kind IN ('repaired', 'closed')) AS work,
                   string_agg(concat(detail ->> 'number', ' × ', detail ->> 'part'), '; '
                              ORDER BY event_no) FILTER (WHERE kind = 'part_used') AS parts,
                   coalesce(max(detail ->> 'outcome') FILTER (WHERE kind = 'closed'), '') AS outcome
            FROM ticket_event
            WHERE ticket_event.ticket_id = ticket.ticket_id
        ) AS log
        WHERE ticket.kind IN ('emergency', 'repair', 'service', 'inspection') AND NOT ticket.test
          AND coalesce(ticket.repaired_at, ticket.closed_at) IS NOT NULL
          AND log.outcome NOT IN ('withdrawn', 'merged')
        UNION ALL
        SELECT device_id, reference, sort, done_on, what, work, parts, NULL,
               municipality_on(device_id, done_on)
        FROM aid_maintenance
    ) AS work
    WHERE NOT is_municipality() OR EXISTS (
        SELECT FROM device
        WHERE device.device_id = work.device_id
          AND device.municipality_code = current_setting('liftwacht.municipality', true));

DROP POLICY own_municipality ON aid_remark;
CREATE POLICY own_municipality ON aid_remark FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM device WHERE device.device_id = aid_remark.device_id)
           AND may_read_of(device_id, noted_on));

-- On which day a file shows the aid: that of the work that it is about, else when it was stored.
CREATE FUNCTION shown_on(aid int, about text, stored_at timestamptz) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN coalesce(
    (SELECT done_on FROM aid_maintenance WHERE device_id = aid AND reference = about),
    (stored_at AT TIME ZONE 'Europe/Amsterdam')::date);
DROP POLICY own_municipality ON aid_file;
CREATE POLICY own_municipality ON aid_file FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM device WHERE device.device_id = aid_file.device_id)
           AND may_read_of(device_id, shown_on(device_id, about, stored_at)));

-- Photographs and documents, wherever they are, with whose they are: null, nobody's.
CREATE OR REPLACE VIEW aid_document WITH (security_invoker = true) AS
    SELECT ticket.device_id,
           'T' || ticket.ticket_id || '-' || to_char(ticket.opened_at AT TIME ZONE 'UTC', 'YYYYMMDD')
               AS about,
           attachment.name, media_type, sha256, bytes, content, attached_at AS stored_at,
           ticket.municipality_code
    FROM attachment
    JOIN ticket USING (ticket_id)
    WHERE media_type <> 'application/pdf' AND NOT EXISTS (
        SELECT FROM ticket_event
        WHERE ticket_event.ticket_id = attachment.ticket_id AND ticket_event.kind = 'signed'
          AND detail ->> 'attachment' = attachment_id::text)
    UNION ALL
    SELECT commission.device_id, 'rejection-' || commission_id, commission_file.name, media_type,
           sha256, bytes, content, stored_at, commission.municipality_code
    FROM commission_file
    JOIN commission USING (commission_id)
    WHERE commission_file.kind = 'rejection_report' AND commission.device_id IS NOT NULL
    UNION ALL
    SELECT device_id, about, name, media_type, sha256, bytes, content, stored_at,
           municipality_on(device_id, shown_on(device_id, about, stored_at))
    FROM aid_file;

-- Photographs show somebody's home: they go after a term, as those of tickets do.
INSERT INTO retention_term (kind, term) VALUES ('aid_photos', '2 years');
CREATE OR REPLACE VIEW ended AS
SELECT kind, key, since, device_id, client_id FROM ended_work
UNION ALL
SELECT 'subject_requests', request_id, answered_at, NULL, NULL FROM subject_request
WHERE answered_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM client_restriction AS held
                  WHERE held.request_id = subject_request.request_id)
UNION ALL
SELECT 'breaches', breach_id, closed_at, NULL, NULL FROM breach WHERE closed_at IS NOT NULL
UNION ALL
SELECT 'aid_photos', file_id, stored_at, device_id, NULL FROM aid_file
WHERE media_type LIKE 'image/%';

CREATE OR REPLACE FUNCTION remove_ended(which text, moment timestamptz, most int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys bigint[];
BEGIN
    IF which NOT IN ('subject_requests', 'breaches', 'aid_photos') THEN
        RETURN remove_ended_work(which, moment, most);
    END IF;
    keys := array(
        SELECT key FROM ended
        WHERE kind = which AND since < kept_since(which, moment)
          AND NOT EXISTS (SELECT FROM held_device WHERE held_device.device_id = ended.device_id)
        ORDER BY since LIMIT most);
    CASE which
    WHEN 'subject_requests' THEN
        DELETE FROM subject_event WHERE request_id = ANY (keys);
        DELETE FROM subject_request WHERE request_id = ANY (keys);
    WHEN 'breaches' THEN
        DELETE FROM breach_event WHERE breach_id = ANY (keys);
        DELETE FROM breach_municipality WHERE breach_id = ANY (keys);
        DELETE FROM breach WHERE breach_id = ANY (keys);
    WHEN 'aid_photos' THEN
        DELETE FROM aid_file WHERE file_id = ANY (keys);
    END CASE;
    RETURN cardinality(keys);
END
$$;

-- Words of a logbook change for a granted request alone, into the mark that says by which; a file is
-- never changed, and goes by the functions here alone: nobody else has the right to.
CREATE FUNCTION refuse_change_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words text := TG_ARGV[0];
    mark text := to_jsonb(new) ->> words;
BEGIN
    IF TG_OP = 'UPDATE' AND mark ~ '^\[gewist, verzoek [0-9]+\]$'
       AND to_jsonb(new) = to_jsonb(old) || jsonb_build_object(words, mark)
       AND EXISTS (
           SELECT FROM subject_request
           WHERE request_id = substring(mark FROM '[0-9]+')::bigint AND kind = 'erasure'
             AND identified_at IS NOT NULL AND decision IN ('granted', 'partly')) THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
DROP TRIGGER aid_remark_append_only ON aid_remark;
CREATE TRIGGER aid_remark_append_only BEFORE UPDATE OR DELETE ON aid_remark
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasing('remark');
DROP TRIGGER aid_maintenance_append_only ON aid_maintenance;
CREATE TRIGGER aid_maintenance_append_only BEFORE UPDATE OR DELETE ON aid_maintenance
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasing('work');
DROP TRIGGER aid_file_append_only ON aid_file;
CREATE TRIGGER aid_file_append_only BEFORE UPDATE ON aid_file
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The days on which a client had an aid, the last one too; the last is null while they have it.
CREATE FUNCTION days_with(whom int) RETURNS TABLE (device_id int, first date, last date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT device_id, CASE WHEN begin_at = '-infinity' THEN '-infinity'
                           ELSE (begin_at AT TIME ZONE 'Europe/Amsterdam')::date END,
           (end_at AT TIME ZONE 'Europe/Amsterdam')::date
    FROM lent WHERE client_id = whom
$$;
REVOKE ALL ON FUNCTION days_with FROM PUBLIC;

ALTER FUNCTION erase_subject RENAME TO erase_cases_of_subject;
CREATE FUNCTION erase_subject(who int, which bigint, moment timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whom int := (request_to_do(who, which, 'erasure')).client_id;
    said jsonb := erase_cases_of_subject(who, which, moment);
    mark text := '[gewist, verzoek ' || which || ']';
    gone bigint;
    more bigint;
    left_over bigint;
BEGIN
    IF said -> 0 ->> 'what' = 'everything' THEN
        RETURN said;  -- it is held
    END IF;
    -- What was written about their aids while they had them, of those that they have no more.
    UPDATE aid_remark SET remark = mark FROM days_with(whom) AS had
    WHERE aid_remark.device_id = had.device_id AND noted_on BETWEEN had.first AND had.last
      AND remark !~ '^\[gewist, ';
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE aid_maintenance SET work = mark FROM days_with(whom) AS had
    WHERE aid_maintenance.device_id = had.device_id AND done_on BETWEEN had.first AND had.last
      AND work <> '' AND work !~ '^\[gewist, ';
    GET DIAGNOSTICS more = ROW_COUNT;
    SELECT (SELECT count(*) FROM aid_remark JOIN days_with(whom) AS had USING (device_id)
            WHERE noted_on >= had.first AND had.last IS NULL)
         + (SELECT count(*) FROM aid_maintenance JOIN days_with(whom) AS had USING (device_id)
            WHERE done_on >= had.first AND had.last IS NULL AND work <> '')
    INTO left_over;
    said := said || jsonb_build_object('what', 'aid_texts', 'erased', gone + more,
        'kept', left_over, 'why', CASE WHEN left_over > 0 THEN 'aid_in_use' END);
    DELETE FROM aid_file USING days_with(whom) AS had
    WHERE aid_file.device_id = had.device_id
      AND shown_on(aid_file.device_id, about, stored_at) BETWEEN had.first AND had.last;
    GET DIAGNOSTICS gone = ROW_COUNT;
    SELECT count(*) INTO left_over FROM aid_file JOIN days_with(whom) AS had USING (device_id)
    WHERE shown_on(aid_file.device_id, about, stored_at) >= had.first AND had.last IS NULL;
    RETURN said || jsonb_build_object('what', 'aid_files', 'erased', gone, 'kept', left_over,
        'why', CASE WHEN left_over > 0 THEN 'aid_in_use' END);
END
$$;
REVOKE ALL ON FUNCTION erase_cases_of_subject FROM PUBLIC, liftwacht_api, liftwacht_municipality_writing;
REVOKE ALL ON FUNCTION erase_subject FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_subject TO liftwacht_api, liftwacht_municipality_writing;

-- Whoever asks what is kept of them gets it too.
ALTER FUNCTION subject_data RENAME TO cases_of_subject;
CREATE FUNCTION subject_data(who int, which bigint, moment timestamptz)
RETURNS TABLE (section text, content jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whom int := (request_to_do(who, which, 'access')).client_id;
BEGIN
    RETURN QUERY SELECT * FROM cases_of_subject(who, which, moment);
    RETURN QUERY
    SELECT 'aid_remarks', coalesce(jsonb_agg(to_jsonb(said) ORDER BY said.noted_on), '[]') FROM (
        SELECT device.name AS device, noted_on, remark
        FROM aid_remark JOIN device USING (device_id) JOIN days_with(whom) AS had USING (device_id)
        WHERE noted_on >= had.first AND (had.last IS NULL OR noted_on <= had.last)
    ) AS said;
    RETURN QUERY
    SELECT 'aid_maintenance', coalesce(jsonb_agg(to_jsonb(said) ORDER BY said.done_on), '[]') FROM (
        SELECT device.name AS device, sort, done_on, what, work, parts
        FROM aid_maintenance JOIN device USING (device_id)
        JOIN days_with(whom) AS had USING (device_id)
        WHERE done_on >= had.first AND (had.last IS NULL OR done_on <= had.last)
    ) AS said;
END
$$;
ALTER FUNCTION subject_files RENAME TO case_files_of_subject;
CREATE FUNCTION subject_files(who int, which bigint) RETURNS TABLE (path text, content bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whom int := (request_to_do(who, which, 'access')).client_id;
BEGIN
    RETURN QUERY SELECT * FROM case_files_of_subject(who, which);
    RETURN QUERY
    SELECT format('%s/%s-%s', device.name, file_id, file.name), file.content
    FROM aid_file AS file JOIN device USING (device_id) JOIN days_with(whom) AS had USING (device_id)
    WHERE shown_on(file.device_id, about, stored_at) >= had.first
      AND (had.last IS NULL OR shown_on(file.device_id, about, stored_at) <= had.last);
END
$$;
REVOKE ALL ON FUNCTION cases_of_subject, case_files_of_subject
    FROM PUBLIC, liftwacht_api, liftwacht_municipality_writing;
REVOKE ALL ON FUNCTION subject_data, subject_files FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subject_data, subject_files TO liftwacht_api, liftwacht_municipality_writing;
