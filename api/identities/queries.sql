-- name: events
-- What is on record, newest first; what makes doubtful and nobody has reviewed before the rest.
SELECT event_id, security_event.at, security_event.kind, device.name AS device, makes_doubtful, detail,
       security_review.at AS reviewed_at, security_review.actor AS reviewed_by, note
FROM security_event
LEFT JOIN device USING (device_id)
LEFT JOIN security_review USING (event_id)
WHERE (%(device)s::text IS NULL OR device.name = %(device)s)
ORDER BY (makes_doubtful AND security_review.event_id IS NULL) DESC, event_id DESC
LIMIT %(limit)s;

-- name: review
-- Somebody has looked into it; no row if it is not there, or was reviewed.
INSERT INTO security_review (event_id, at, actor, note)
SELECT event_id, %(now)s, %(actor)s, %(note)s FROM security_event WHERE event_id = %(event_id)s
ON CONFLICT DO NOTHING
RETURNING event_id;

-- name: aid
-- An aid, as far as its identity goes.
SELECT device_id, name, barred_at, retired_at FROM device WHERE name = %(device)s;

-- name: certificates
-- Its certificates, newest first.
SELECT serial, origin, issued_at, expires_at, revoked_at, revoked_by, reason
FROM certificate WHERE device_id = %(device_id)s ORDER BY issued_at DESC LIMIT 20;

-- name: add_code
-- A code, of which we keep the hash.
INSERT INTO enrolment_code (code_hash, device_id, replaces, created_at, created_by, expires_at)
VALUES (%(hash)s, %(device_id)s, %(replaces)s, %(now)s, %(actor)s, %(expires)s);

-- name: revoke
-- Ends all certificates of an aid; how many there were.
SELECT revoke_certificates(%(device_id)s, NULL, %(reason)s, %(actor)s, %(now)s) AS ended;

-- name: doubtful
-- Which of these aids are in doubt.
SELECT name FROM doubtful_device JOIN device USING (device_id) WHERE name = ANY (%(devices)s);
