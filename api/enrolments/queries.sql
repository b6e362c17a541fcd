-- name: take_code
-- The code, for the first key that comes with it and for that key again; no row if it is no good.
UPDATE enrolment_code
SET used_at = coalesce(used_at, %(now)s), key_hash = coalesce(key_hash, %(key_hash)s)
FROM device
WHERE code_hash = %(code_hash)s AND withdrawn_at IS NULL AND expires_at > %(now)s
  AND (key_hash IS NULL OR key_hash = %(key_hash)s)
  AND device.device_id = enrolment_code.device_id AND device.retired_at IS NULL
RETURNING code_id, device.device_id, device.name;

-- name: authority
-- What the modem must trust.
SELECT certificate FROM trust_anchor ORDER BY since DESC LIMIT 1;

-- name: misused
-- Whose code it is that came again with another key.
SELECT device.device_id, device.name, code_id
FROM enrolment_code JOIN device USING (device_id)
WHERE code_hash = %(code_hash)s AND key_hash IS NOT NULL AND key_hash <> %(key_hash)s;

-- name: record_misuse
-- On record for administrators.
INSERT INTO security_event (dedup_key, at, kind, device_id, makes_doubtful, detail)
VALUES ('code_misused:' || %(code_id)s, %(now)s, 'code_misused', %(device_id)s, false,
        jsonb_build_object('address', %(address)s::text))
ON CONFLICT (dedup_key) DO NOTHING;

-- name: ask
-- Has it signed; once for each code, unless it was refused before.
INSERT INTO certificate_request (code_id, csr, asked_at, address)
VALUES (%(code_id)s, %(csr)s, %(now)s, %(address)s)
ON CONFLICT (code_id) WHERE refusal IS NULL DO NOTHING;

-- name: wake_registrar
-- There is something to sign, at commit.
SELECT pg_notify('liftwacht_identity', '');

-- name: answer
-- What became of the newest request with a code.
SELECT refusal, chain
FROM certificate_request LEFT JOIN certificate USING (serial)
WHERE code_id = %(code_id)s AND answered_at IS NOT NULL
ORDER BY request_id DESC
LIMIT 1;
