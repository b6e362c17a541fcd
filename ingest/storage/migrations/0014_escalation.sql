-- Who is called when: rota, policies, timers; and the platform's eye on itself.

-- Rota. People take turns on a layer; all rotations of a layer count together.
CREATE TABLE rotation (
    rotation_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    layer text NOT NULL CHECK (layer IN ('desk', 'mechanic', 'backup', 'manager')),
    turn text NOT NULL CHECK (turn IN ('day', 'week')),
    first_day date NOT NULL,
    handover time NOT NULL DEFAULT '08:00',  -- on the wall, in the Netherlands
    last_day date CHECK (last_day > first_day),  -- at its handover the last turn ends
    hours jsonb,  -- {"begin": "22:00:00", "end": "07:00:00", "weekdays": [4]}; null: all the time
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE rotation_person (
    rotation_id int NOT NULL REFERENCES rotation,
    place smallint NOT NULL CHECK (place >= 0),
    account_id int NOT NULL REFERENCES account,
    PRIMARY KEY (rotation_id, place)
);

-- Who takes over from whom, for a while. Those made later go on top of those made before.
CREATE TABLE rota_override (
    override_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    layer text NOT NULL CHECK (layer IN ('desk', 'mechanic', 'backup', 'manager')),
    begin_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    person_id int REFERENCES account,  -- null: nobody takes over
    instead_of_id int REFERENCES account,  -- null: of everybody on the layer
    reason text NOT NULL DEFAULT '',
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    CHECK (begin_at < end_at)
);
CREATE INDEX rota_override_end ON rota_override (end_at);
CREATE TRIGGER rota_override_append_only BEFORE UPDATE OR DELETE ON rota_override
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- On which days it was looked whether somebody is missing, and said so.
CREATE TABLE rota_check (day date PRIMARY KEY);

-- What is tried, in which order. A ticket keeps the policy that held on the day it was opened.
CREATE TABLE escalation_policy (
    kind text NOT NULL CHECK (kind IN ('emergency', 'repair')),
    priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 3),
    valid_from date NOT NULL,
    made_by text NOT NULL,
    policy jsonb NOT NULL,
    PRIMARY KEY (kind, priority, valid_from)
);
CREATE TRIGGER escalation_policy_append_only BEFORE UPDATE OR DELETE ON escalation_policy
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- As diagnostics/escalation/policy.py has them: assumptions, to be agreed with who works by them.
INSERT INTO escalation_policy (kind, priority, valid_from, made_by, policy) VALUES
    ('emergency', 1, '2020-01-01', 'system:migration', '{
      "steps": [
        {"how": "ring", "layer": "desk", "after": "P0D", "times": 3, "every": "PT60S"},
        {"how": "page", "layer": "mechanic", "after": "PT120S", "times": 2, "every": "PT180S"},
        {"how": "page", "layer": "backup", "after": "PT180S", "times": 2, "every": "PT180S"},
        {"how": "call", "layer": "manager", "after": "PT180S", "times": 2, "every": "PT180S"},
        {"how": "suggest_fire_brigade", "layer": null, "after": "PT300S", "times": 1, "every": "PT180S"}
      ],
      "again_after": "PT300S", "acknowledged_for": "PT900S", "on_site_for": "PT3600S", "travel_at_most": "PT7200S", "help_within": "PT3600S", "suggest_by": "PT1800S", "quiet": null}'),
    ('repair', 1, '2020-01-01', 'system:migration', '{
      "steps": [
        {"how": "ring", "layer": "desk", "after": "PT300S", "times": 2, "every": "PT300S"},
        {"how": "page", "layer": "mechanic", "after": "PT300S", "times": 2, "every": "PT600S"},
        {"how": "page", "layer": "backup", "after": "PT600S", "times": 1, "every": "PT180S"},
        {"how": "call", "layer": "manager", "after": "PT600S", "times": 1, "every": "PT180S"}
      ],
      "again_after": "PT1800S", "acknowledged_for": "PT2700S", "on_site_for": "PT14400S", "travel_at_most": "P1D", "help_within": "PT3600S", "suggest_by": "PT1800S", "quiet": null}'),
    ('repair', 2, '2020-01-01', 'system:migration', '{
      "steps": [
        {"how": "ring", "layer": "desk", "after": "PT3600S", "times": 2, "every": "PT7200S"},
        {"how": "page", "layer": "manager", "after": "PT14400S", "times": 1, "every": "PT180S"}
      ],
      "again_after": "PT43200S", "acknowledged_for": "P1D", "on_site_for": "PT28800S", "travel_at_most": "P14D", "help_within": "PT3600S", "suggest_by": "PT1800S", "quiet": {"begin": "18:00:00", "end": "08:00:00", "weekdays": [0, 1, 2, 3, 4, 5, 6]}}'),
    ('repair', 3, '2020-01-01', 'system:migration', '{
      "steps": [
        {"how": "ring", "layer": "desk", "after": "PT14400S", "times": 1, "every": "PT180S"},
        {"how": "page", "layer": "manager", "after": "P2D", "times": 1, "every": "PT180S"}
      ],
      "again_after": "P1D", "acknowledged_for": "P3D", "on_site_for": "PT28800S", "travel_at_most": "P30D", "help_within": "PT3600S", "suggest_by": "PT1800S", "quiet": {"begin": "18:00:00", "end": "08:00:00", "weekdays": [0, 1, 2, 3, 4, 5, 6]}}');

-- An aid that is none: its calls show that the chain works. Nobody comes for it.
ALTER TABLE device ADD COLUMN test boolean NOT NULL DEFAULT false;
CREATE INDEX device_test ON device (device_id) WHERE test;
ALTER TABLE ticket ADD COLUMN test boolean NOT NULL DEFAULT false;
CREATE FUNCTION mark_test() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.test := coalesce((SELECT test FROM device WHERE device_id = NEW.device_id), false);
    RETURN NEW;
END
$$;
CREATE TRIGGER ticket_mark_test BEFORE INSERT ON ticket
    FOR EACH ROW EXECUTE FUNCTION mark_test();

-- Only the test lift itself hears of its calls.
CREATE FUNCTION disturb_nobody() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT test FROM ticket WHERE ticket_id = NEW.ticket_id) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER notification_of_test BEFORE INSERT ON notification
    FOR EACH ROW WHEN (NEW.channel <> 'lift' AND NEW.ticket_id IS NOT NULL)
    EXECUTE FUNCTION disturb_nobody();

-- The timer of a ticket. Whatever happens to the ticket makes it due at once ('-infinity').
CREATE TABLE escalation (
    ticket_id bigint PRIMARY KEY REFERENCES ticket,
    kind text NOT NULL CHECK (kind IN ('emergency', 'repair')),
    priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 3),
    opened_at timestamptz NOT NULL,
    since timestamptz NOT NULL,
    wait interval,  -- null: nobody looked at it yet
    phase text NOT NULL DEFAULT 'seeking' CHECK (phase IN ('seeking', 'held', 'closed')),
    why text NOT NULL DEFAULT 'opened',
    round int NOT NULL DEFAULT 0,
    step int NOT NULL DEFAULT 0,
    attempt int NOT NULL DEFAULT 0,
    suggested int,
    help_at timestamptz,
    event_no int NOT NULL DEFAULT 0,
    forgotten_at timestamptz,
    next_due timestamptz DEFAULT '-infinity',
    CONSTRAINT escalation_due_unless_closed CHECK ((next_due IS NULL) = (phase = 'closed'))
) WITH (fillfactor = 50);
CREATE INDEX escalation_due ON escalation (next_due) WHERE next_due IS NOT NULL;
-- What lies ahead of the present was written by a clock that ran ahead.
CREATE INDEX escalation_since ON escalation (since) WHERE next_due IS NOT NULL;

-- Nobody can open a ticket without its escalation, nor write an event that it does not hear of.
CREATE FUNCTION start_escalation() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO escalation (ticket_id, kind, priority, opened_at, since)
    VALUES (NEW.ticket_id, NEW.kind, NEW.priority, NEW.opened_at, NEW.opened_at);
    PERFORM pg_notify('liftwacht_escalation', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER ticket_starts_escalation AFTER INSERT ON ticket
    FOR EACH ROW WHEN (
        NEW.kind IN ('emergency', 'repair') AND NEW.priority IS NOT NULL
        AND NEW.closed_at IS NULL AND NOT NEW.test
    )
    EXECUTE FUNCTION start_escalation();
CREATE FUNCTION wake_escalation() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE escalation SET next_due = '-infinity'
    WHERE ticket_id = NEW.ticket_id AND next_due IS NOT NULL;
    IF FOUND THEN
        PERFORM pg_notify('liftwacht_escalation', '');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ticket_event_wakes_escalation AFTER INSERT ON ticket_event
    FOR EACH ROW EXECUTE FUNCTION wake_escalation();
INSERT INTO escalation (ticket_id, kind, priority, opened_at, since)
SELECT ticket_id, kind, priority, opened_at, opened_at FROM ticket
WHERE kind IN ('emergency', 'repair') AND priority IS NOT NULL AND closed_at IS NULL;

-- Messages to people: the recipient is a login; how it reaches them is their own choice.
ALTER TABLE notification
    DROP CONSTRAINT notification_channel_check,
    ADD CONSTRAINT notification_channel_check CHECK (channel IN ('webhook', 'lift', 'person'));

-- What is wrong with the platform itself, and since when: at most one row a part is open.
CREATE TABLE platform_trouble (
    trouble_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    part text NOT NULL,
    detail text NOT NULL,
    since timestamptz NOT NULL,
    paged_at timestamptz,  -- the last time; null: not yet, it may pass
    pages int NOT NULL DEFAULT 0,
    ended_at timestamptz
);
CREATE UNIQUE INDEX platform_trouble_one_open ON platform_trouble (part) WHERE ended_at IS NULL;

-- Calls of the test lift, from the press of its button to its word that help is announced.
CREATE TABLE self_test (
    ticket_id bigint PRIMARY KEY REFERENCES ticket,
    called_at timestamptz NOT NULL,  -- by the test lift's clock, unless that is off
    opened_at timestamptz NOT NULL,
    heard_at timestamptz,  -- when its word was read; null: it failed
    ended_at timestamptz NOT NULL
);
CREATE INDEX self_test_ended ON self_test (ended_at);

-- The municipality of the test lift: no real one, so that it is in nobody's figures.
INSERT INTO municipality (code, name) VALUES ('GM0000', 'Liftwacht');

GRANT SELECT (account_id, login, role, disabled_at) ON account TO liftwacht_diagnostics;
GRANT SELECT ON rotation, rotation_person, rota_override, escalation_policy
    TO liftwacht_diagnostics;
GRANT SELECT, INSERT ON rota_check TO liftwacht_diagnostics;
GRANT SELECT, UPDATE ON escalation TO liftwacht_diagnostics;
GRANT SELECT, INSERT, UPDATE ON platform_trouble TO liftwacht_diagnostics;
GRANT SELECT, INSERT ON self_test TO liftwacht_diagnostics;
GRANT SELECT
    ON rotation, rotation_person, rota_override, escalation_policy, escalation, platform_trouble,
    self_test
    TO liftwacht_api;
GRANT INSERT, UPDATE (last_day) ON rotation TO liftwacht_api;
GRANT INSERT ON rotation_person, rota_override TO liftwacht_api;

-- Tickets of the test lift are no business of whoever works with tickets: a forgotten filter must
-- not make the desk's alarm sound.
ALTER POLICY platform ON ticket TO liftwacht_ingest, liftwacht_diagnostics;
CREATE POLICY no_tests ON ticket TO liftwacht_api USING (NOT test);
