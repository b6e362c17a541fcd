-- Ways out to people and to other systems.

-- How somebody can be reached, in the order in which it is tried.
CREATE TABLE contact_way (
    way_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id int NOT NULL REFERENCES account ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('email', 'push', 'apprise')),
    name text NOT NULL DEFAULT '',  -- what its owner calls it
    address text NOT NULL CHECK (address <> ''),  -- of mail; a push subscription; an Apprise URL
    rank smallint NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    ended_because text,  -- why the platform switched it off
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contact_way_once UNIQUE (account_id, kind, address)
);

-- When somebody wants to be left alone, on the wall; never by emergencies.
CREATE TABLE quiet_hours (
    account_id int PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    begins time NOT NULL,
    ends time NOT NULL,
    CHECK (begins <> ends)
);

-- Who hears of events by webhook.
CREATE TABLE webhook_subscription (
    subscription_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    url text NOT NULL CHECK (url ~ '^https?://'),
    secret text NOT NULL CHECK (secret ~ '^whsec_.{32,}$'),
    old_secret text,  -- signs as well, until the receiver knows the new one
    event_types text[] NOT NULL DEFAULT '{}',  -- all, if none is named
    municipality_code text REFERENCES municipality,  -- all, if none is named
    enabled boolean NOT NULL DEFAULT true,
    ended_because text,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Who takes over emergencies by SIA DC-09.
CREATE TABLE alarm_centre (
    centre_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    host text NOT NULL,
    port int NOT NULL CHECK (port BETWEEN 1 AND 65535),
    account text NOT NULL CHECK (account ~ '^[0-9A-F]{3,16}$'),
    receiver text CHECK (receiver ~ '^[0-9A-F]{1,6}$'),
    line text NOT NULL DEFAULT '0' CHECK (line ~ '^[0-9A-F]{1,6}$'),
    key text CHECK (key ~ '^([0-9A-F]{32}|[0-9A-F]{48}|[0-9A-F]{64})$'),  -- AES; null: in the clear
    codes text[] NOT NULL DEFAULT '{QA,QH}',  -- what it wants to hear
    municipality_code text REFERENCES municipality,  -- all, if none is named
    enabled boolean NOT NULL DEFAULT true,
    sequence smallint NOT NULL DEFAULT 0 CHECK (sequence BETWEEN 0 AND 9999),  -- the last one used
    link_test_every interval NOT NULL DEFAULT '1 minute' CHECK (link_test_every >= '10 seconds'),
    link_test_at timestamptz NOT NULL DEFAULT '-infinity',  -- the next one
    link_ok_at timestamptz,
    link_failing_since timestamptz,
    link_error text
);

-- A message to a person, or an event, becomes a message for each way, subscription and centre.
ALTER TABLE notification
    DROP CONSTRAINT notification_channel_check,
    ADD CONSTRAINT notification_channel_check CHECK (
        channel IN ('lift', 'person', 'email', 'push', 'apprise', 'webhook', 'alarm_centre')
    ),
    ADD COLUMN parent_id bigint REFERENCES notification,
    ADD COLUMN target_id int;  -- the way, subscription or centre; a way of null: the account's e-mail
CREATE INDEX notification_parent ON notification (parent_id) WHERE parent_id IS NOT NULL;
DROP INDEX notification_due;
CREATE INDEX notification_due ON notification (channel, next_attempt_at)
    WHERE next_attempt_at IS NOT NULL;
-- Requests are found at once, however many messages wait for a receiver that is away.
CREATE INDEX notification_request ON notification (next_attempt_at)
    WHERE next_attempt_at IS NOT NULL AND target_id IS NULL AND channel IN ('person', 'webhook');

-- Every attempt, and what shows how it ended.
CREATE TABLE delivery (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    notification_id bigint NOT NULL REFERENCES notification,
    attempt int NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('delivered', 'failed', 'refused', 'needless')),
    proof jsonb NOT NULL DEFAULT '{}',  -- what the other side answered
    error text,
    took_ms int NOT NULL
);
CREATE INDEX delivery_notification ON delivery (notification_id);
CREATE TRIGGER delivery_append_only BEFORE UPDATE OR DELETE ON delivery
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- How people can be reached now: by their ways, or else by the e-mail address of the account.
CREATE VIEW reachable_by WITH (security_invoker = true) AS
SELECT account_id, way_id, kind, rank FROM contact_way WHERE enabled
UNION ALL
SELECT account_id, NULL, 'email', 0 FROM account
WHERE email IS NOT NULL AND NOT EXISTS (
    SELECT FROM contact_way WHERE contact_way.account_id = account.account_id AND enabled
);

-- Who may be called on, and cannot be reached by anything.
CREATE VIEW unreachable_on_call WITH (security_invoker = true) AS
SELECT account_id, login, name FROM account
WHERE disabled_at IS NULL
  AND account_id NOT IN (SELECT account_id FROM reachable_by)
  AND (
      account_id IN (
          SELECT account_id FROM rotation_person JOIN rotation USING (rotation_id)
          WHERE last_day IS NULL OR last_day >= current_date
      )
      OR account_id IN (SELECT person_id FROM rota_override WHERE end_at > now())
  );

GRANT SELECT (account_id, login, name, role, email, language, disabled_at)
    ON account TO liftwacht_diagnostics;
GRANT SELECT ON contact_way, quiet_hours, webhook_subscription, alarm_centre, reachable_by,
    unreachable_on_call, delivery
    TO liftwacht_diagnostics;
GRANT UPDATE (enabled, ended_because) ON contact_way, webhook_subscription TO liftwacht_diagnostics;
GRANT UPDATE (sequence, link_test_at, link_ok_at, link_failing_since, link_error)
    ON alarm_centre TO liftwacht_diagnostics;
GRANT INSERT ON delivery TO liftwacht_diagnostics;

GRANT SELECT ON contact_way, quiet_hours, reachable_by, unreachable_on_call, delivery
    TO liftwacht_api;
GRANT INSERT, UPDATE, DELETE ON contact_way, quiet_hours TO liftwacht_api;
-- Secrets and keys are written, never read: whoever made one saw it once.
GRANT SELECT (subscription_id, name, url, event_types, municipality_code, enabled, ended_because,
              created_at)
    ON webhook_subscription TO liftwacht_api;
GRANT SELECT (centre_id, name, host, port, account, receiver, line, codes, municipality_code,
              enabled, link_test_every, link_ok_at, link_failing_since, link_error)
    ON alarm_centre TO liftwacht_api;
GRANT INSERT, UPDATE, DELETE ON webhook_subscription, alarm_centre TO liftwacht_api;

-- Nobody else sees any of it, whatever is granted one day.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'contact_way', 'quiet_hours', 'webhook_subscription', 'alarm_centre', 'notification',
        'delivery'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY platform ON %I TO liftwacht_diagnostics, liftwacht_api USING (true)',
            name
        );
    END LOOP;
END
$$;
