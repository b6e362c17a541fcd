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
