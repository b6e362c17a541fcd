-- What people at the desk ask of an aid: who, what, until when, and what became of it. None of it
-- moves anything. How it gets there is a notification; the log has the answer.
CREATE TABLE device_command (
    command_id text PRIMARY KEY CHECK (command_id ~ '^[0-9a-f]{32}$'),
    device_id int NOT NULL REFERENCES device,
    ticket_id bigint REFERENCES ticket,
    kind text NOT NULL CHECK (kind IN ('snapshot', 'self_test', 'identify', 'set_sampling')),
    parameters jsonb NOT NULL DEFAULT '{}',
    actor text NOT NULL,
    ordered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > ordered_at),
    replied_at timestamptz,
    outcome text CHECK (outcome IN ('done', 'refused', 'expired')),
    detail text NOT NULL DEFAULT '',
    CONSTRAINT device_command_replied CHECK ((replied_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX device_command_device ON device_command (device_id, ordered_at DESC);
CREATE INDEX device_command_ticket ON device_command (ticket_id) WHERE ticket_id IS NOT NULL;
GRANT SELECT, INSERT ON device_command TO liftwacht_api;
GRANT SELECT, UPDATE (replied_at, outcome, detail) ON device_command TO liftwacht_diagnostics;

-- Where a mechanic starts from, to a postcode's four digits: for estimates of travel time.
CREATE TABLE mechanic (
    account_id int PRIMARY KEY REFERENCES account,
    postcode4 smallint NOT NULL CHECK (postcode4 BETWEEN 1000 AND 9999)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON mechanic TO liftwacht_api;

-- Who looks at a ticket right now, so that two desks don't step on each other. Worth nothing a
-- minute later, so it need not survive a crash.
CREATE UNLOGGED TABLE desk_presence (
    ticket_id bigint NOT NULL REFERENCES ticket,
    account_id int NOT NULL REFERENCES account,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, account_id)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON desk_presence TO liftwacht_api;

-- Lists of tickets that somebody wants to come back to: the query of their address.
CREATE TABLE desk_view (
    account_id int NOT NULL REFERENCES account,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    query text NOT NULL CHECK (length(query) <= 500),
    PRIMARY KEY (account_id, name)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON desk_view TO liftwacht_api;

-- Found by the beginning of a name or number, as it is typed.
CREATE INDEX device_name_beginning ON device (name text_pattern_ops);
CREATE INDEX device_serial_beginning ON device (lower(serial_number) text_pattern_ops);
CREATE INDEX client_number_beginning ON client (lower(client_number) text_pattern_ops);
CREATE INDEX device_client ON device (client_id) WHERE client_id IS NOT NULL;
