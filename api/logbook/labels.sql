-- name: live
-- The label of an aid that is good now.
SELECT device.device_id, device.name, kind, maker, model, token, made_at
FROM device LEFT JOIN aid_label ON aid_label.device_id = device.device_id AND revoked_at IS NULL
WHERE device.name = %(name)s AND NOT test;

-- name: revoke
-- It is good no more.
UPDATE aid_label SET revoked_at = %(now)s, revoked_by = %(actor)s
WHERE device_id = %(device_id)s AND revoked_at IS NULL;

-- name: make
-- Another one.
INSERT INTO aid_label (device_id, token, made_at, made_by)
VALUES (%(device_id)s, %(token)s, %(now)s, %(actor)s);

-- name: lock
-- One at a time for an aid.
SELECT device_id FROM device WHERE device_id = %(device_id)s FOR NO KEY UPDATE;

-- name: page
-- What everybody may read of an aid: nothing about a person, a place or when it is used.
SELECT aid_register.device_id, aid_register.name, kind, provision, maker, model, built_on,
       first_used_on, serviced_on, retired_at IS NOT NULL AS retired, rail_length_mm, seat_width_mm,
       seat_depth_mm, seat_height_mm, max_load_kg
FROM aid_label
JOIN aid_register ON aid_register.device_id = aid_label.device_id
WHERE token = %(token)s AND revoked_at IS NULL;

-- name: adaptations
-- The adaptations that say nothing about a person.
SELECT description, sort FROM aid_adaptation
WHERE device_id = %(device_id)s AND public AND NOT EXISTS (
    SELECT FROM aid_adaptation_removal
    WHERE aid_adaptation_removal.adaptation_id = aid_adaptation.adaptation_id)
ORDER BY sort DESC, adaptation_id;
