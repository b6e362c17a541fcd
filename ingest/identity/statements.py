"""The SQL of identities, for commands and the registrar."""

from typing import Final

CHANNEL: Final = "liftwacht_identity"

ADD_CODE: Final = """
INSERT INTO enrolment_code (code_hash, device_id, replaces, created_at, created_by, expires_at)
SELECT %(hash)s, device_id, %(replaces)s, %(now)s, %(by)s, %(expires)s
FROM device WHERE name = %(device)s AND retired_at IS NULL
RETURNING device_id
"""

# Who is issued by hand (or simulated) is on record like everybody else.
RECORD: Final = """
INSERT INTO certificate (serial, name, device_id, origin, key_hash, chain, issued_at, expires_at)
SELECT %(serial)s, %(name)s, (SELECT device_id FROM device WHERE name = %(name)s), %(origin)s,
       %(key_hash)s, %(chain)s, %(now)s, %(not_after)s
ON CONFLICT DO NOTHING
"""

TRUST: Final = """
INSERT INTO trust_anchor (certificate, since) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""

OPEN_REQUESTS: Final = """
SELECT request_id, csr, device.device_id, device.name, replaces, device.retired_at IS NOT NULL
FROM certificate_request
JOIN enrolment_code USING (code_id)
JOIN device USING (device_id)
WHERE answered_at IS NULL
ORDER BY request_id
LIMIT 50
FOR UPDATE OF certificate_request SKIP LOCKED
"""

ANSWER: Final = """
UPDATE certificate_request
SET serial = %(serial)s, refusal = %(refusal)s, answered_at = %(now)s
WHERE request_id = %(request_id)s
"""

# A modem that takes the place of another: the others end.
REPLACE: Final = """
SELECT count(revoke_certificates(device_id, serial, 'replaced', 'system:registrar', %(now)s))
FROM certificate
WHERE device_id = %(device_id)s AND revoked_at IS NULL AND serial <> %(serial)s
"""
UNBAR: Final = "UPDATE device SET barred_at = NULL WHERE device_id = %s"

# Who asks for another certificate over its connection, and what it has.
RENEWER: Final = """
SELECT device.device_id, retired_at IS NOT NULL OR barred_at IS NOT NULL,
       (SELECT max(issued_at) FROM certificate
        WHERE certificate.device_id = device.device_id AND origin = 'renewed')
FROM device WHERE name = %s
"""
RENEWED_BEFORE: Final = """
SELECT chain FROM certificate
WHERE device_id = %s AND key_hash = %s AND revoked_at IS NULL AND expires_at > %s
ORDER BY issued_at DESC LIMIT 1
"""

REVOKED: Final = """
SELECT serial, revoked_at FROM certificate
WHERE revoked_at IS NOT NULL AND expires_at > %s
ORDER BY revoked_at, serial
"""
# Whoever has no certificate that is good has no business here, whatever the broker thinks of it.
DENIED: Final = """
SELECT name FROM device
WHERE retired_at IS NOT NULL OR barred_at IS NOT NULL
ORDER BY name
"""
TO_EJECT: Final = """
SELECT DISTINCT name FROM certificate
WHERE revoked_at IS NOT NULL AND ejected_at IS NULL AND expires_at > %s
ORDER BY name
"""
EJECTED: Final = """
UPDATE certificate SET ejected_at = %s
WHERE name = ANY (%s) AND revoked_at IS NOT NULL AND ejected_at IS NULL
"""

EXPIRING: Final = """
SELECT device.device_id, device.name, max(expires_at)
FROM certificate JOIN device USING (device_id)
WHERE certificate.revoked_at IS NULL AND retired_at IS NULL AND barred_at IS NULL
GROUP BY device.device_id
HAVING max(expires_at) < %s
"""

# The connections of those that have a new one since; enough of each to judge by.
CONNECTIONS: Final = """
WITH changed AS (
    SELECT DISTINCT device_id FROM presence WHERE received_at >= %(since)s AND online
)
SELECT device.device_id, device.name, recent.outbox_no, recent.session, recent.head_seq,
       recent.received_at
FROM changed JOIN device USING (device_id)
CROSS JOIN LATERAL (
    SELECT outbox_no, session, head_seq, received_at, log_no
    FROM presence
    WHERE presence.device_id = changed.device_id AND online AND outbox_no IS NOT NULL
      AND received_at > %(since)s - interval '1 day'
    ORDER BY log_no DESC LIMIT 40
) AS recent
ORDER BY device.device_id, recent.log_no
"""

RECORD_EVENT: Final = """
INSERT INTO security_event (dedup_key, at, kind, device_id, makes_doubtful, detail)
SELECT %(key)s, %(at)s, %(kind)s,
       (SELECT device_id FROM device WHERE name = %(device)s), %(doubtful)s, %(detail)s
ON CONFLICT (dedup_key) DO NOTHING
RETURNING event_id
"""

REVOKE: Final = """
SELECT revoke_certificates(device_id, %(serial)s, %(reason)s, %(by)s, %(now)s)
FROM device WHERE name = %(device)s
"""
