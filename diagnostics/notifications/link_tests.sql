-- name: claim
-- The centres whose link is to be tested now; the next time is written down at once.
UPDATE alarm_centre
SET link_test_at = %(now)s + link_test_every, sequence = sequence %% 9999 + 1
WHERE centre_id IN (
    SELECT centre_id FROM alarm_centre
    WHERE enabled AND link_test_at <= %(now)s
    FOR UPDATE SKIP LOCKED
)
RETURNING centre_id, name, host, port, account, receiver, line, key, sequence;

-- name: passed
-- The centre acknowledged.
UPDATE alarm_centre SET link_ok_at = %(now)s, link_failing_since = NULL, link_error = NULL
WHERE centre_id = %(centre_id)s;

-- name: failed
-- It did not.
UPDATE alarm_centre
SET link_failing_since = coalesce(link_failing_since, %(now)s), link_error = %(error)s
WHERE centre_id = %(centre_id)s;
