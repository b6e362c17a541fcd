-- One role per process, each with what it needs and no more. Roles belong to the whole server, so
-- they may be there already; passwords are set by whoever runs it, never here.

DO $$
DECLARE
    role text;
    login text;
BEGIN
    FOR role, login IN VALUES
        ('liftwacht_ingest', 'LOGIN'),
        ('liftwacht_diagnostics', 'LOGIN'),
        ('liftwacht_api', 'LOGIN'),
        ('liftwacht_municipality', 'NOLOGIN')  -- api takes it on, for one municipality's eyes
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I %s', role, login);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this server was faster
            END;
        END IF;
    END LOOP;
END
$$;
GRANT liftwacht_municipality TO liftwacht_api WITH INHERIT FALSE;

GRANT USAGE ON SCHEMA public
    TO liftwacht_ingest, liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;

-- Everybody may see how far the schema is.
GRANT SELECT ON schema_migration TO liftwacht_ingest, liftwacht_diagnostics, liftwacht_api;

-- Ingest writes what aids say. It knows nothing of clients, findings and tickets.
GRANT SELECT (device_id, name, shard, retired_at) ON device TO liftwacht_ingest;
GRANT SELECT, UPDATE (log_no) ON shard TO liftwacht_ingest;
GRANT SELECT, INSERT, UPDATE (seen, clock_skew_ms) ON outbox TO liftwacht_ingest;
GRANT INSERT ON status, fault, usage, call, reply, presence, quarantine TO liftwacht_ingest;
GRANT SELECT ON presence TO liftwacht_ingest;
GRANT SELECT, INSERT, UPDATE
    ON device_latest, device_fault, device_presence, listener TO liftwacht_ingest;

-- Diagnostics read all that aids say, and write what they make of it.
GRANT SELECT
    ON municipality, municipality_postcode, exempt_postcode, client, device, shard, outbox,
    status, fault, usage, call, reply, presence, device_latest, device_fault, device_presence,
    listener
    TO liftwacht_diagnostics;
GRANT SELECT, UPDATE ON diagnosis_cursor TO liftwacht_diagnostics;
GRANT SELECT, INSERT, UPDATE, DELETE ON diagnosis_state TO liftwacht_diagnostics;
GRANT SELECT, INSERT, UPDATE ON ticket, finding, notification, heartbeat TO liftwacht_diagnostics;
GRANT SELECT, INSERT ON ticket_event TO liftwacht_diagnostics;

-- The api shows everything, and does what people at the desk do: to tickets.
GRANT SELECT
    ON municipality, municipality_postcode, exempt_postcode, client, device, shard, outbox,
    status, fault, usage, call, reply, presence, device_latest, device_fault, device_presence,
    listener, quarantine, diagnosis_cursor, diagnosis_state, ticket, ticket_event, finding,
    notification, heartbeat
    TO liftwacht_api;
GRANT UPDATE ON ticket TO liftwacht_api;
GRANT UPDATE (ended_at) ON finding TO liftwacht_api;
GRANT INSERT ON ticket_event, notification TO liftwacht_api;
GRANT INSERT, UPDATE ON heartbeat TO liftwacht_api;

-- What happened to a ticket cannot be changed, by nobody: corrections are further events.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', tg_table_name USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ticket_event_append_only BEFORE UPDATE OR DELETE ON ticket_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A municipality sees its own aids and clients: after SET ROLE liftwacht_municipality and
-- set_config('liftwacht.municipality', 'GM0405', true). Without the latter it sees nothing.
-- Telemetry stays out: compressed hypertables have no row-level security.
GRANT SELECT
    ON client, device, device_latest, device_fault, device_presence, ticket, ticket_event, finding
    TO liftwacht_municipality;
GRANT SELECT ON municipality, municipality_postcode, exempt_postcode TO liftwacht_municipality;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'client', 'device', 'device_latest', 'device_fault', 'device_presence', 'ticket',
        'ticket_event', 'finding'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY platform ON %I
             TO liftwacht_ingest, liftwacht_diagnostics, liftwacht_api USING (true)',
            name
        );
    END LOOP;
    FOREACH name IN ARRAY ARRAY['client', 'device'] LOOP
        EXECUTE format(
            'CREATE POLICY own_municipality ON %I FOR SELECT TO liftwacht_municipality
             USING (municipality_code = current_setting(''liftwacht.municipality'', true))',
            name
        );
    END LOOP;
    -- The device itself is looked up under the same policy.
    FOREACH name IN ARRAY ARRAY[
        'device_latest', 'device_fault', 'device_presence', 'ticket', 'finding'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY own_municipality ON %1$I FOR SELECT TO liftwacht_municipality
             USING (EXISTS (SELECT FROM device WHERE device.device_id = %1$I.device_id))',
            name
        );
    END LOOP;
END
$$;
CREATE POLICY own_municipality ON ticket_event FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM ticket WHERE ticket.ticket_id = ticket_event.ticket_id));
