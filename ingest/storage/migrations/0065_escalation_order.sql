-- The next timer is found in its order, however many are due: after an outage all of them are, and with
-- each the tickets of all years were read.
CREATE INDEX escalation_next ON escalation (priority, next_due);
