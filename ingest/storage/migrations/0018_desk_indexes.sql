-- What the desk's pages read, found without reading the rest: with 100,000 aids no statement of the
-- board takes 50 ms.

-- Lists of open tickets, newest first; and the emergencies among them, which every page names.
CREATE INDEX ticket_open_number ON ticket (ticket_id) WHERE closed_at IS NULL;
CREATE INDEX ticket_open_kind ON ticket (kind, ticket_id) WHERE closed_at IS NULL;
-- Repairs by when they are due.
CREATE INDEX ticket_open_due ON ticket (repaired_due_at, ticket_id) WHERE closed_at IS NULL;
-- Where mechanics are: at their newest visit.
CREATE INDEX ticket_visit ON ticket (assigned_to, under_way_at)
    WHERE closed_at IS NULL AND under_way_at IS NOT NULL;

-- Out of touch, latest first.
CREATE INDEX device_presence_offline ON device_presence (changed_at) WHERE NOT online;

-- How many aids there are, and where.
CREATE INDEX device_present ON device (postcode4) WHERE retired_at IS NULL;

-- What nobody tries to send any more.
CREATE INDEX notification_given_up ON notification (given_up_at) WHERE given_up_at IS NOT NULL;

-- As many as it returns at most: enough for the planner to look their clients up one by one.
ALTER FUNCTION find_contacts ROWS 20;
