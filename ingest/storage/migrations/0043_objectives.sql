-- Whether the platform keeps what it promises itself, and whether its books are straight.

ALTER TABLE listener ADD COLUMN waiting bigint NOT NULL DEFAULT 0;  -- received, and not stored yet

-- How far each shard's log and the sets of stored numbers were, once an hour while they agree.
CREATE TABLE account_book (
    shard smallint NOT NULL REFERENCES shard,
    at timestamptz NOT NULL,
    log_no bigint NOT NULL,
    seen bigint NOT NULL,
    PRIMARY KEY (shard, at)
);
CREATE INDEX account_book_at ON account_book (at);

-- What no statement can find out: space on disks, the end of certificates. By who looked.
CREATE TABLE measure (
    process text NOT NULL,
    name text NOT NULL CHECK (name IN ('disk_free', 'certificate_days')),
    label text NOT NULL,
    value double precision NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (process, name, label)
);

-- How each objective stands, and since when it is missed; targets are in diagnostics/objectives.
CREATE TABLE objective_state (
    name text NOT NULL,
    label text NOT NULL,
    value double precision NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',  -- of accounts: {"made":…, "done":…, "waiting":…}
    missed_since timestamptz,
    measured_at timestamptz NOT NULL,
    PRIMARY KEY (name, label)
) WITH (fillfactor = 50);

-- How it stood, every five minutes.
CREATE TABLE objective_reading (
    name text NOT NULL,
    label text NOT NULL,
    at timestamptz NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (name, label, at)
);

CREATE INDEX ticket_opened ON ticket (opened_at);
CREATE INDEX notification_created ON notification (created_at);

CREATE FUNCTION numbers_in(seen int8multirange) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(sum(upper(range) - lower(range)), 0)::bigint FROM unnest(seen) AS range
$$;

-- How far each lane is behind each shard's log. Few messages are read in one turn: they came after it.
CREATE FUNCTION shard_lags(moment timestamptz)
RETURNS TABLE (lane text, shard smallint, unread bigint, lag_s double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT lane, shard.shard, greatest(shard.log_no - reader.log_no, 0),
        CASE
            WHEN shard.log_no <= reader.log_no THEN 0
            WHEN shard.log_no - reader.log_no <= 8 OR reader.received_at = '-infinity'
                THEN greatest(extract(epoch FROM moment - coalesce(reader.cycled_at, moment)), 0)
            ELSE greatest(extract(epoch FROM moment - reader.received_at), 0)
        END::float8
    FROM shard
    JOIN (
        SELECT 'emergency' AS lane, * FROM diagnosis_cursor
        UNION ALL SELECT 'analysis', * FROM analysis_cursor
    ) AS reader (lane, shard, log_no, received_at, cycled_at) USING (shard)
$$;

-- The books, stage by stage: what came in is somewhere, or is missing. One statement sees one moment,
-- so that nothing is ever missing only because it is under way.
CREATE FUNCTION accounts(moment timestamptz)
RETURNS TABLE (stage text, made bigint, done bigint, waiting bigint, missing bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Each worker: received = stored + duplicate + quarantined (+ waiting).
    SELECT 'received', coalesce(sum(received), 0)::bigint,
        coalesce(sum(stored + duplicate + quarantined), 0)::bigint,
        coalesce(sum(listener.waiting), 0)::bigint,
        coalesce(sum(abs(received - stored - duplicate - quarantined - listener.waiting)), 0)::bigint
    FROM listener WHERE beat_at > moment - INTERVAL '1 minute'
    UNION ALL
    -- Each shard since its book: log numbers given = numbers marked as stored + connections kept.
    SELECT 'stored', coalesce(sum(given), 0)::bigint, coalesce(sum(kept), 0)::bigint, 0,
        coalesce(sum(abs(given - kept)), 0)::bigint
    FROM (
        SELECT shard.log_no - book.log_no AS given,
            coalesce(marked.count, 0) - book.seen + (
                SELECT count(*) FROM presence
                WHERE presence.shard = shard.shard AND presence.log_no > book.log_no
                  AND presence.log_no <= shard.log_no
            ) AS kept
        FROM shard
        JOIN LATERAL (
            SELECT log_no, seen FROM account_book
            WHERE account_book.shard = shard.shard ORDER BY at DESC LIMIT 1
        ) AS book ON true
        LEFT JOIN (
            SELECT device.shard, sum(numbers_in(seen)) AS count
            FROM outbox JOIN device USING (device_id) GROUP BY device.shard
        ) AS marked ON marked.shard = shard.shard
    ) AS since
    UNION ALL
    -- Each lane: log numbers = judged + waiting; a place beyond the log cannot be, and a shard that has
    -- no turn while its lane goes on is missing, and not waiting.
    SELECT 'judged', coalesce(sum(shard.log_no), 0)::bigint,
        coalesce(sum(least(reader.log_no, shard.log_no)), 0)::bigint,
        coalesce(sum(greatest(shard.log_no - reader.log_no, 0)) FILTER (WHERE NOT stalled), 0)::bigint,
        coalesce(sum(greatest(reader.log_no - shard.log_no, 0)
            + CASE WHEN stalled THEN greatest(shard.log_no - reader.log_no, 0) ELSE 0 END), 0)::bigint
    FROM shard
    JOIN (
        SELECT shard, log_no, coalesce(max(cycled_at) OVER () > moment - INTERVAL '1 minute', false)
            AND coalesce(cycled_at < moment - INTERVAL '5 minutes', true) AS stalled
        FROM diagnosis_cursor
        UNION ALL
        SELECT shard, log_no, coalesce(max(cycled_at) OVER () > moment - INTERVAL '2 minutes', false)
            AND coalesce(cycled_at < moment - INTERVAL '10 minutes', true)
        FROM analysis_cursor
    ) AS reader USING (shard)
    UNION ALL
    -- Each fresh call for help of a day that was judged = one that an emergency was opened for.
    SELECT 'calls', count(*), count(*) FILTER (WHERE answered), 0,
        count(*) FILTER (WHERE NOT answered)
    FROM (
        SELECT DISTINCT ON (call.device_id, call.call_id) EXISTS (
            SELECT FROM ticket
            WHERE ticket.device_id = call.device_id AND ticket.kind = 'emergency'
              AND coalesce(ticket.released_at, 'infinity') >= call.since
        ) AS answered
        FROM call
        JOIN call_cursor USING (shard)
        JOIN diagnosis_cursor USING (shard)
        WHERE call.received_at BETWEEN moment - INTERVAL '1 day' AND moment - INTERVAL '1 minute'
          AND call.received_at - call.measured_at <= INTERVAL '1 minute'
          AND call.reason <> 'test' AND call.phase <> 'cleared'
          AND call.log_no <= least(call_cursor.log_no, diagnosis_cursor.log_no)
        ORDER BY call.device_id, call.call_id, call.received_at
    ) AS heard
    UNION ALL
    -- Each message of a day: made = sent + given up (+ waiting), each once; and what was sent was
    -- written down as sent. What is passed on to several is never sent itself.
    SELECT 'notifications', count(*),
        count(*) FILTER (WHERE ends = 1), count(*) FILTER (WHERE ends = 0 AND due),
        count(*) FILTER (WHERE ends + due::int <> 1 OR unwritten)
    FROM (
        SELECT num_nonnulls(delivered_at, given_up_at, superseded_at) AS ends,
            next_attempt_at IS NOT NULL AS due,
            delivered_at IS NOT NULL AND channel <> 'person'
                AND (channel <> 'webhook' OR target_id IS NOT NULL)
                AND NOT EXISTS (
                    SELECT FROM delivery
                    WHERE delivery.notification_id = notification.notification_id
                      AND outcome = 'delivered'
                ) AS unwritten
        FROM notification WHERE created_at > moment - INTERVAL '1 day'
    ) AS message
$$;

-- What the objectives are about, as it stands. A name without a value says nothing.
CREATE FUNCTION objectives(moment timestamptz)
RETURNS TABLE (name text, label text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- From the receipt of a call for help to its ticket: the slowest of a hundred in a day.
    SELECT 'evidence_to_ticket', '', coalesce(percentile_cont(0.99) WITHIN GROUP (
        ORDER BY extract(epoch FROM ticket.opened_at - heard.at)), 0)
    FROM ticket
    CROSS JOIN LATERAL (
        SELECT min(call.received_at) AS at FROM call
        WHERE call.device_id = ticket.device_id
          AND call.received_at BETWEEN ticket.evidence_at AND ticket.opened_at
    ) AS heard
    WHERE ticket.kind = 'emergency' AND ticket.opened_at > moment - INTERVAL '1 day'
    UNION ALL
    -- How long the emergency waits that has waited longest for somebody to take it on.
    SELECT 'calls_unacknowledged', '',
        coalesce(greatest(max(extract(epoch FROM moment - opened_at)), 0), 0)
    FROM ticket
    WHERE kind = 'emergency' AND closed_at IS NULL AND released_at IS NULL AND unanswered AND NOT test
    UNION ALL
    SELECT 'shard_lag', lane, max(lag_s) FROM shard_lags(moment) GROUP BY lane
    UNION ALL
    -- Of what came since the books were last closed; a handful is no share.
    SELECT 'quarantine_share', '', aside.count::float8 / greatest(aside.count + given.count, 1000)
    FROM (SELECT max(at) AS since FROM account_book) AS book
    CROSS JOIN LATERAL (
        SELECT count(*) FROM quarantine WHERE received_at > book.since
    ) AS aside
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(shard.log_no - account_book.log_no), 0) AS count
        FROM account_book JOIN shard USING (shard) WHERE at = book.since
    ) AS given
    UNION ALL
    -- How old the newest word of an aid was when it came: what lies in outboxes in the homes.
    SELECT 'outbox_age', '', coalesce(percentile_cont(0.95) WITHIN GROUP (
        ORDER BY extract(epoch FROM received_at - measured_at)), 0)
    FROM device_latest WHERE received_at > moment - INTERVAL '15 minutes'
    UNION ALL
    -- Of messages about emergencies in a day, to people, lifts and alarm centres; the waiting count too.
    SELECT 'notification_delay', '', coalesce(percentile_cont(0.95) WITHIN GROUP (
        ORDER BY extract(epoch FROM coalesce(delivered_at, moment) - created_at)), 0)
    FROM notification JOIN ticket USING (ticket_id)
    WHERE created_at > moment - INTERVAL '1 day' AND priority = 1 AND ticket.kind = 'emergency'
      AND channel NOT IN ('person', 'webhook') AND given_up_at IS NULL AND superseded_at IS NULL
    UNION ALL
    SELECT name, label, min(value) FROM measure
    WHERE at > moment - INTERVAL '1 day' GROUP BY name, label
    UNION ALL
    SELECT 'accounts', stage, missing::float8 FROM accounts(moment)
    UNION ALL
    -- Since when a part that was there today has not been heard of.
    SELECT 'silence', part, min(greatest(extract(epoch FROM moment - beat_at), 0))
    FROM (
        SELECT part, beat_at FROM heartbeat
        UNION ALL SELECT 'ingest', beat_at FROM listener
    ) AS beat
    WHERE beat_at > moment - INTERVAL '1 day' GROUP BY part
$$;

INSERT INTO account_book (shard, at, log_no, seen)
SELECT shard.shard, now(), shard.log_no,
    coalesce((SELECT sum(numbers_in(seen)) FROM outbox JOIN device USING (device_id)
              WHERE device.shard = shard.shard), 0)
FROM shard;

REVOKE ALL ON FUNCTION shard_lags, accounts, objectives FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shard_lags, accounts, objectives TO liftwacht_diagnostics, liftwacht_api;
GRANT SELECT, INSERT, DELETE ON account_book, objective_reading TO liftwacht_diagnostics;
GRANT SELECT, INSERT, UPDATE, DELETE ON measure, objective_state TO liftwacht_diagnostics;
GRANT SELECT ON objective_state, objective_reading TO liftwacht_api;

-- Dashboards. Grafana reads a schema of its own, in which there are no clients, no people, no texts
-- and no signals about use. Which rows it sees hangs on the role that signs in, not on a setting that
-- a query could change: a role that is not in dashboard_reader sees none.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'liftwacht_grafana') THEN
        BEGIN
            CREATE ROLE liftwacht_grafana LOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was faster
        END;
    END IF;
END
$$;
CREATE TABLE dashboard_reader (
    role text PRIMARY KEY,  -- a login role, member of liftwacht_grafana
    municipality_code text REFERENCES municipality  -- null: all, and the platform itself
);
INSERT INTO dashboard_reader (role) VALUES ('liftwacht_grafana');

CREATE SCHEMA dashboard;

CREATE VIEW dashboard.municipality WITH (security_barrier) AS
SELECT code, name FROM municipality
WHERE code <> 'GM0000' AND EXISTS (
    SELECT FROM dashboard_reader
    WHERE role = session_user AND coalesce(municipality_code, code) = code
);
-- One row for whoever sees the platform itself, none for others.
CREATE VIEW dashboard.whole WITH (security_barrier) AS
SELECT true AS whole FROM dashboard_reader WHERE role = session_user AND municipality_code IS NULL;

CREATE VIEW dashboard.device WITH (security_barrier) AS
SELECT device.device_id, device.name AS device, device.kind, device.maker, device.model,
    device.municipality_code, municipality.name AS municipality, retired_at IS NOT NULL AS retired,
    device_presence.online, device_presence.changed_at AS online_since, device_presence.firmware,
    device_latest.received_at AS heard_at, device_latest.battery_mv, device_latest.fault,
    extract(epoch FROM device_latest.received_at - device_latest.measured_at)::float8 AS delay_s,
    (SELECT max(abs(clock_skew_ms)) FROM outbox WHERE outbox.device_id = device.device_id)
        AS clock_skew_ms
FROM device
JOIN dashboard.municipality ON municipality.code = device.municipality_code
LEFT JOIN device_presence USING (device_id)
LEFT JOIN device_latest USING (device_id);

CREATE VIEW dashboard.reading WITH (security_barrier) AS
SELECT device.name AS device, device.municipality_code, status.measured_at, status.received_at,
    status.position_mm, status.speed_mm_s, status.current_ma, status.battery_mv
FROM status JOIN device USING (device_id)
JOIN dashboard.municipality ON municipality.code = device.municipality_code;

CREATE VIEW dashboard.ride_day WITH (security_barrier) AS
SELECT device.name AS device, device.kind, device.municipality_code, ride_day.day, ride_day.rides,
    ride_day.distance_mm, ride_day.duration_ms, ride_day.stops, ride_day.peak_current_ma
FROM ride_day JOIN device USING (device_id)
JOIN dashboard.municipality ON municipality.code = device.municipality_code;

CREATE VIEW dashboard.fault WITH (security_barrier) AS
SELECT device.name AS device, device.kind, device.municipality_code, fault.measured_at,
    fault.received_at, fault.code, fault.edge
FROM fault JOIN device USING (device_id)
JOIN dashboard.municipality ON municipality.code = device.municipality_code;

CREATE VIEW dashboard.ticket WITH (security_barrier) AS
SELECT ticket.ticket_id, device.name AS device, device.kind AS device_kind, device.municipality_code,
    ticket.kind, ticket.what, ticket.priority, ticket.stage, ticket.opened_at, ticket.evidence_at,
    ticket.reported_at, ticket.acknowledged_at, ticket.unanswered, ticket.on_site_at,
    ticket.on_site_due_at, ticket.released_at, ticket.repaired_at, ticket.repaired_due_at,
    ticket.closed_at
FROM ticket JOIN device USING (device_id)
JOIN dashboard.municipality ON municipality.code = device.municipality_code
WHERE NOT ticket.test;

CREATE VIEW dashboard.finding WITH (security_barrier) AS
SELECT finding.finding_id, device.name AS device, device.municipality_code, finding.detector,
    finding.what, finding.asks, finding.level, finding.confidence, finding.since, finding.found_at,
    finding.ended_at
FROM finding JOIN device USING (device_id)
JOIN dashboard.municipality ON municipality.code = device.municipality_code
WHERE finding.asks <> 'signal';

-- How much each detector finds, signals too: numbers, and about nobody.
CREATE VIEW dashboard.detector_day WITH (security_barrier) AS
SELECT (found_at AT TIME ZONE 'Europe/Amsterdam')::date AS day, detector, detector_version, asks,
    count(*) AS findings,
    count(*) FILTER (WHERE level = 'certain') AS certain,
    count(*) FILTER (WHERE level = 'passed') AS passed,
    count(*) FILTER (WHERE ticket_id IS NOT NULL) AS tickets
FROM finding CROSS JOIN dashboard.whole
GROUP BY day, detector, detector_version, asks;

CREATE VIEW dashboard.quarantine_hour WITH (security_barrier) AS
SELECT date_trunc('hour', received_at) AS hour, reason, split_part(topic, '/', 5) AS kind,
    count(*) AS messages
FROM quarantine CROSS JOIN dashboard.whole
GROUP BY hour, reason, kind;

CREATE VIEW dashboard.stored_hour WITH (security_barrier) AS
SELECT at, sum(log_no - before)::bigint AS messages
FROM (
    SELECT shard, at, log_no, lag(log_no) OVER (PARTITION BY shard ORDER BY at) AS before
    FROM account_book
) AS book CROSS JOIN dashboard.whole
WHERE before IS NOT NULL
GROUP BY at;

CREATE VIEW dashboard.listener WITH (security_barrier) AS
SELECT worker, first_shard, last_shard, listening_since, beat_at, received, stored, duplicate,
    quarantined, waiting
FROM listener CROSS JOIN dashboard.whole;

CREATE VIEW dashboard.message_day WITH (security_barrier) AS
SELECT (created_at AT TIME ZONE 'Europe/Amsterdam')::date AS day, channel, count(*) AS made,
    count(delivered_at) AS sent, count(given_up_at) AS given_up, count(next_attempt_at) AS waiting,
    percentile_cont(0.95) WITHIN GROUP (
        ORDER BY extract(epoch FROM delivered_at - created_at)) AS delay_p95_s
FROM notification CROSS JOIN dashboard.whole
GROUP BY day, channel;

CREATE VIEW dashboard.objective WITH (security_barrier) AS
SELECT name, label, value FROM dashboard.whole CROSS JOIN objectives(now());
CREATE VIEW dashboard.objective_state WITH (security_barrier) AS
SELECT name, label, value, missed_since, measured_at FROM objective_state CROSS JOIN dashboard.whole;
CREATE VIEW dashboard.objective_reading WITH (security_barrier) AS
SELECT name, label, at, value FROM objective_reading CROSS JOIN dashboard.whole;
CREATE VIEW dashboard.account WITH (security_barrier) AS
SELECT stage, made, done, waiting, missing FROM dashboard.whole CROSS JOIN accounts(now());
CREATE VIEW dashboard.shard_lag WITH (security_barrier) AS
SELECT lane, shard, unread, lag_s FROM dashboard.whole CROSS JOIN shard_lags(now());
CREATE VIEW dashboard.trouble WITH (security_barrier) AS
SELECT part, detail, since, paged_at, ended_at FROM platform_trouble CROSS JOIN dashboard.whole;

GRANT USAGE ON SCHEMA dashboard TO liftwacht_grafana;
GRANT SELECT ON ALL TABLES IN SCHEMA dashboard TO liftwacht_grafana;
GRANT EXECUTE ON FUNCTION shard_lags, accounts, objectives TO liftwacht_grafana;
ALTER ROLE liftwacht_grafana SET default_transaction_read_only = on;
ALTER ROLE liftwacht_grafana SET statement_timeout = '15s';
ALTER ROLE liftwacht_grafana SET search_path = dashboard;
