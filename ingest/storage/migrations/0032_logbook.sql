-- The digital logbook of an aid (*digitaal logboek*, Z 23 and 73): what the register lacked, who had it when,
-- what was done to it that no ticket tells.

ALTER TABLE device
    ADD COLUMN provision text NOT NULL DEFAULT '' CHECK (length(provision) <= 120),  -- *voorziening*
    ADD COLUMN seat_width_mm int CHECK (seat_width_mm > 0),
    ADD COLUMN seat_depth_mm int CHECK (seat_depth_mm > 0),
    ADD COLUMN seat_height_mm int CHECK (seat_height_mm > 0),
    ADD COLUMN first_used_on date;  -- where somebody else delivered it; else it follows from our orders
COMMENT ON COLUMN device.built_on IS 'year and month: where no more is known, the first of the month';

-- Whose an aid is from a day on; null: nobody's. Filled by whatever changes the register.
CREATE TABLE aid_holding (
    holding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    client_id int REFERENCES client,
    since date NOT NULL
);
CREATE INDEX aid_holding_device ON aid_holding (device_id, since, holding_id);
CREATE INDEX aid_holding_client ON aid_holding (client_id, device_id) WHERE client_id IS NOT NULL;

-- What was changed in the register, and by whom: the values before and after.
CREATE TABLE aid_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL
);
CREATE INDEX aid_change_device ON aid_change (device_id, change_id DESC);

-- *Standaard- en individuele aanpassingen*. ``reference`` stays its own from one contractor to the next.
CREATE TABLE aid_adaptation (
    adaptation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    reference text NOT NULL DEFAULT gen_random_uuid() CHECK (length(reference) BETWEEN 1 AND 60),
    sort text NOT NULL CHECK (sort IN ('standard', 'individual')),
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 300),
    public boolean NOT NULL,  -- says nothing about a person: may stand on the page behind the QR code
    fitted_on date,
    fitted_by text NOT NULL DEFAULT '' CHECK (length(fitted_by) <= 80),
    at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT aid_adaptation_once UNIQUE (device_id, reference)
);
CREATE TABLE aid_adaptation_removal (
    adaptation_id bigint PRIMARY KEY REFERENCES aid_adaptation,
    removed_on date NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
);

-- *Bijzonderheden*.
CREATE TABLE aid_remark (
    remark_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    reference text NOT NULL DEFAULT gen_random_uuid() CHECK (length(reference) BETWEEN 1 AND 60),
    remark text NOT NULL CHECK (length(remark) BETWEEN 1 AND 2000),
    noted_on date NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT aid_remark_once UNIQUE (device_id, reference)
);

-- Maintenance that no ticket of ours tells: of a contractor before, or from paper.
CREATE TABLE aid_maintenance (
    maintenance_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    reference text NOT NULL DEFAULT gen_random_uuid() CHECK (length(reference) BETWEEN 1 AND 60),
    sort text NOT NULL CHECK (sort IN ('corrective', 'preventive')),
    done_on date NOT NULL,
    what text NOT NULL DEFAULT '' CHECK (length(what) <= 60),  -- as ``ticket.what``
    work text NOT NULL DEFAULT '' CHECK (length(work) <= 20000),
    parts text NOT NULL DEFAULT '' CHECK (length(parts) <= 20000),
    at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT aid_maintenance_once UNIQUE (device_id, reference)
);
CREATE INDEX aid_maintenance_device ON aid_maintenance (device_id, done_on DESC);

-- Photographs and documents of an aid that belong to no ticket and no order of ours.
CREATE TABLE aid_file (
    file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    about text NOT NULL CHECK (length(about) <= 60),  -- such as the reference of what it shows
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    media_type text NOT NULL CHECK (
        media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')
    ),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    bytes int NOT NULL CHECK (bytes BETWEEN 1 AND 10485760),
    content bytea NOT NULL,
    stored_at timestamptz NOT NULL,
    actor text NOT NULL,
    CONSTRAINT aid_file_once UNIQUE (device_id, about, sha256)
);
ALTER TABLE aid_file ALTER COLUMN content SET STORAGE EXTERNAL;

UPDATE device SET first_used_on = placed.first_used_on
FROM (
    SELECT device_id,
           min(least(aid_first_used_on, (done_at AT TIME ZONE 'Europe/Amsterdam')::date))
               AS first_used_on
    FROM commission
    WHERE done_at IS NOT NULL AND kind IN ('delivery', 'reissue', 'exchange')
    GROUP BY device_id
) AS placed
WHERE placed.device_id = device.device_id;

-- Who had what until now: from the orders, then whoever has it today.
INSERT INTO aid_holding (device_id, client_id, since)
SELECT device_id, CASE WHEN kind IN ('delivery', 'reissue', 'exchange') THEN client_id END,
       (done_at AT TIME ZONE 'Europe/Amsterdam')::date
FROM commission
WHERE device_id IS NOT NULL AND done_at IS NOT NULL
  AND kind IN ('delivery', 'reissue', 'exchange', 'collection', 'dismantling')
ORDER BY done_at, commission_id;
INSERT INTO aid_holding (device_id, client_id, since)
SELECT device_id, client_id, coalesce(lent_on, (registered_at AT TIME ZONE 'Europe/Amsterdam')::date)
FROM device
WHERE client_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM aid_holding
    WHERE aid_holding.device_id = device.device_id AND aid_holding.client_id = device.client_id);

-- As the owner of the tables: whoever changes the register writes the history, and nobody else does.
-- The day is ``liftwacht.on``, else that of the loan, else today.
CREATE FUNCTION record_holding() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told date := nullif(current_setting('liftwacht.on', true), '')::date;
BEGIN
    -- Who brings a history along (a hand-over) has written it before.
    IF new.client_id IS NOT DISTINCT FROM (
        SELECT client_id FROM aid_holding WHERE device_id = new.device_id
        ORDER BY since DESC, holding_id DESC LIMIT 1)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO aid_holding (device_id, client_id, since)
    VALUES (new.device_id, new.client_id, coalesce(
        told,
        CASE WHEN new.client_id IS NOT NULL THEN new.lent_on END,
        (now() AT TIME ZONE 'Europe/Amsterdam')::date));
    RETURN NULL;
END
$$;
CREATE TRIGGER device_lent AFTER INSERT ON device FOR EACH ROW EXECUTE FUNCTION record_holding();
CREATE TRIGGER device_lent_again AFTER UPDATE OF client_id ON device FOR EACH ROW
    WHEN (old.client_id IS DISTINCT FROM new.client_id) EXECUTE FUNCTION record_holding();

CREATE FUNCTION record_aid_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- Whose it is has a history of its own.
    was jsonb := to_jsonb(old) - '{client_id,lent_on,serviced_on}'::text[];
    is_now jsonb := to_jsonb(new) - '{client_id,lent_on,serviced_on}'::text[];
    changed text[] := ARRAY(SELECT key FROM jsonb_each(is_now) WHERE value IS DISTINCT FROM was -> key);
BEGIN
    IF cardinality(changed) > 0 THEN
        INSERT INTO aid_change (device_id, actor, before, after)
        SELECT new.device_id,
               coalesce(nullif(current_setting('liftwacht.actor', true), ''), 'system:' || session_user),
               jsonb_object_agg(key, was -> key), jsonb_object_agg(key, is_now -> key)
        FROM unnest(changed) AS key;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER device_changed AFTER UPDATE ON device FOR EACH ROW
    WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION record_aid_change();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'aid_holding', 'aid_change', 'aid_adaptation', 'aid_adaptation_removal', 'aid_remark',
        'aid_maintenance', 'aid_file'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER %1$I_append_only BEFORE UPDATE OR DELETE ON %1$I
             FOR EACH ROW EXECUTE FUNCTION refuse_change()',
            name
        );
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY platform ON %I TO liftwacht_diagnostics, liftwacht_api USING (true)',
            name
        );
        EXECUTE format('GRANT SELECT ON %I TO liftwacht_api', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'aid_holding', 'aid_change', 'aid_adaptation', 'aid_remark', 'aid_maintenance', 'aid_file'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY own_municipality ON %1$I FOR SELECT TO liftwacht_municipality
             USING (EXISTS (SELECT FROM device WHERE device.device_id = %1$I.device_id))',
            name
        );
    END LOOP;
END
$$;
CREATE POLICY own_municipality ON aid_adaptation_removal FOR SELECT TO liftwacht_municipality
    USING (EXISTS (
        SELECT FROM aid_adaptation
        WHERE aid_adaptation.adaptation_id = aid_adaptation_removal.adaptation_id));
-- What stood in the register before is for who keeps it, whose aid it was for everybody with a right to it.
GRANT SELECT ON aid_holding, aid_adaptation, aid_adaptation_removal, aid_remark, aid_maintenance,
                aid_file TO liftwacht_municipality;
GRANT INSERT ON aid_adaptation, aid_adaptation_removal, aid_remark, aid_maintenance, aid_file
    TO liftwacht_api;
GRANT UPDATE (provision, maker, model, serial_number, rail_length_mm, seat_width_mm, seat_depth_mm,
              seat_height_mm, built_on, first_used_on, serviced_on, lent_on, max_load_kg)
    ON device TO liftwacht_api;
GRANT UPDATE (serviced_on) ON device TO liftwacht_diagnostics;

-- Maintenance (*correctief en preventief onderhoud*), whoever did it: from the logs of tickets that came
-- to something, and from what others wrote down. The logbook is the aid's: where the aid is now, it is read
-- whole, also what was done elsewhere. So it is seen with the owner's eyes, and the condition is written here.
CREATE VIEW aid_work AS
    SELECT work.device_id, reference, sort, done_on, what, work, parts,
           CASE WHEN current_user <> 'liftwacht_municipality'
                  OR work.municipality_code = current_setting('liftwacht.municipality', true)
                THEN ticket_id END AS ticket_id
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
        SELECT device_id, reference, sort, done_on, what, work, parts, NULL, NULL
        FROM aid_maintenance
    ) AS work
    WHERE current_user <> 'liftwacht_municipality' OR EXISTS (
        SELECT FROM device
        WHERE device.device_id = work.device_id
          AND device.municipality_code = current_setting('liftwacht.municipality', true));

-- When the time of a ticket is over (*bewaartermijn*), what was done to the aid stays in its logbook. The
-- first row of its log to go writes it down: then all of the log is still there.
CREATE FUNCTION keep_work() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO aid_maintenance (device_id, reference, sort, done_on, what, work, parts, at, actor)
    SELECT device_id, reference, sort, done_on, what, left(work, 20000), left(parts, 20000), now(),
           'system:retention'
    FROM aid_work WHERE ticket_id = old.ticket_id
    ON CONFLICT (device_id, reference) DO NOTHING;
    RETURN old;
END
$$;
CREATE TRIGGER ticket_event_work BEFORE DELETE ON ticket_event
    FOR EACH ROW EXECUTE FUNCTION keep_work();

-- Photographs and documents of an aid, wherever they are: of tickets (no signatures, no letters), reports on
-- why it was rejected, and what came from elsewhere. ``about``: the reference of what they show.
CREATE VIEW aid_document WITH (security_invoker = true) AS
    SELECT ticket.device_id,
           'T' || ticket.ticket_id || '-' || to_char(ticket.opened_at AT TIME ZONE 'UTC', 'YYYYMMDD')
               AS about,
           attachment.name, media_type, sha256, bytes, content, attached_at AS stored_at
    FROM attachment
    JOIN ticket USING (ticket_id)
    WHERE media_type <> 'application/pdf' AND NOT EXISTS (
        SELECT FROM ticket_event
        WHERE ticket_event.ticket_id = attachment.ticket_id AND ticket_event.kind = 'signed'
          AND detail ->> 'attachment' = attachment_id::text)
    UNION ALL
    SELECT commission.device_id, 'rejection-' || commission_id, commission_file.name, media_type,
           sha256, bytes, content, stored_at
    FROM commission_file
    JOIN commission USING (commission_id)
    WHERE commission_file.kind = 'rejection_report' AND commission.device_id IS NOT NULL
    UNION ALL
    SELECT device_id, about, name, media_type, sha256, bytes, content, stored_at FROM aid_file;

-- The register with what follows from orders and maintenance, and what the logbook lacks (Z 23).
CREATE VIEW aid_register WITH (security_invoker = true) AS
    SELECT known.*,
           array_remove(ARRAY[
               CASE WHEN provision = '' THEN 'provision' END,
               CASE WHEN maker = '' THEN 'maker' END,
               CASE WHEN model = '' THEN 'model' END,
               CASE WHEN kind = 'stairlift' AND rail_length_mm IS NULL THEN 'rail_length_mm' END,
               CASE WHEN kind IN ('wheelchair', 'scooter') AND seat_width_mm IS NULL
                    THEN 'seat_width_mm' END,
               CASE WHEN kind IN ('wheelchair', 'scooter') AND seat_depth_mm IS NULL
                    THEN 'seat_depth_mm' END,
               CASE WHEN kind IN ('wheelchair', 'scooter') AND seat_height_mm IS NULL
                    THEN 'seat_height_mm' END,
               CASE WHEN built_on IS NULL THEN 'built_on' END,
               CASE WHEN first_used_on IS NULL THEN 'first_used_on' END
           ], NULL) AS missing
    FROM (
        SELECT device.device_id, device.name, device.kind, device.provision, device.maker,
               device.model, device.serial_number, device.municipality_code, device.postcode4,
               device.client_id, device.rail_length_mm, device.seat_width_mm, device.seat_depth_mm,
               device.seat_height_mm, device.max_load_kg, device.built_on, device.registered_at,
               device.retired_at, device.test,
               coalesce(device.first_used_on, placed.first_used_on) AS first_used_on,
               coalesce(placed.last_on, device.lent_on) AS delivered_on,
               greatest(device.serviced_on, served.last_on) AS serviced_on
        FROM device
        CROSS JOIN LATERAL (
            SELECT min(least(aid_first_used_on, (done_at AT TIME ZONE 'Europe/Amsterdam')::date))
                       AS first_used_on,
                   max((done_at AT TIME ZONE 'Europe/Amsterdam')::date) AS last_on
            FROM commission
            WHERE commission.device_id = device.device_id AND done_at IS NOT NULL
              AND commission.kind IN ('delivery', 'reissue', 'exchange')
        ) AS placed
        CROSS JOIN LATERAL (
            SELECT max(done_on) AS last_on FROM aid_maintenance
            WHERE aid_maintenance.device_id = device.device_id AND sort = 'preventive'
        ) AS served
    ) AS known;
GRANT SELECT ON aid_work, aid_document, aid_register TO liftwacht_api, liftwacht_municipality;
