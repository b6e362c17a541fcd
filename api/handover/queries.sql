-- name: municipality
-- Whose park it is.
SELECT name FROM municipality WHERE code = %(code)s;

-- name: clients
-- Clients who have an aid of the park or had one.
SELECT client_number, wholly_dependent::text AS wholly_dependent
FROM client
WHERE municipality_code = %(code)s
  AND (EXISTS (
          SELECT FROM device
          WHERE device.client_id = client.client_id AND NOT device.test
            AND device.municipality_code = %(code)s)
       OR EXISTS (
          SELECT FROM aid_holding JOIN device USING (device_id)
          WHERE aid_holding.client_id = client.client_id AND NOT device.test
            AND device.municipality_code = %(code)s))
ORDER BY client_number COLLATE "C"

-- name: aids
-- The aids, with what follows from orders and maintenance.
SELECT aid_register.name AS aid, aid_register.kind, aid_register.provision, aid_register.maker,
       aid_register.model, aid_register.serial_number, aid_register.rail_length_mm,
       aid_register.seat_width_mm, aid_register.seat_depth_mm, aid_register.seat_height_mm,
       aid_register.max_load_kg, device.max_speed_mm_s, device.max_incline_deg, device.empty_ma,
       device.tested_ma, device.tested_kg, aid_register.built_on, aid_register.first_used_on,
       aid_register.delivered_on AS lent_on, aid_register.serviced_on,
       (aid_register.retired_at AT TIME ZONE 'Europe/Amsterdam')::date AS retired_on,
       client_number, aid_register.postcode4
FROM aid_register
JOIN device USING (device_id)
LEFT JOIN client ON client.client_id = aid_register.client_id
                AND client.municipality_code = %(code)s
WHERE aid_register.municipality_code = %(code)s AND NOT aid_register.test
ORDER BY aid_register.name COLLATE "C"

-- name: holders
-- Who had an aid from when on.
SELECT device.name AS aid,
       row_number() OVER (PARTITION BY device_id ORDER BY since, holding_id) AS number,
       client_number, since
FROM aid_holding
JOIN device USING (device_id)
LEFT JOIN client ON client.client_id = aid_holding.client_id
                AND client.municipality_code = %(code)s
WHERE device.municipality_code = %(code)s AND NOT device.test
ORDER BY device.name COLLATE "C", number

-- name: adaptations
-- Adaptations, also those that were taken off.
SELECT device.name AS aid, reference, sort, description, public::text AS public, fitted_on,
       fitted_by, removed_on
FROM aid_adaptation
JOIN device USING (device_id)
LEFT JOIN aid_adaptation_removal USING (adaptation_id)
WHERE device.municipality_code = %(code)s AND NOT device.test
ORDER BY device.name COLLATE "C", reference COLLATE "C"

-- name: maintenance
-- Maintenance, whoever did it; words about somebody of another municipality stay here.
SELECT device.name AS aid, reference, sort, done_on, what,
       CASE WHEN coalesce(aid_work.municipality_code, %(code)s) = %(code)s THEN work ELSE '' END AS work,
       parts
FROM aid_work
JOIN device USING (device_id)
WHERE device.municipality_code = %(code)s AND NOT device.test
ORDER BY device.name COLLATE "C", reference COLLATE "C"

-- name: remarks
-- Remarks.
SELECT device.name AS aid, reference, noted_on, remark
FROM aid_remark
JOIN device USING (device_id)
WHERE device.municipality_code = %(code)s AND NOT device.test
  AND coalesce(municipality_on(device_id, noted_on), %(code)s) = %(code)s
ORDER BY device.name COLLATE "C", reference COLLATE "C"

-- name: documents
-- Photographs and documents, without their content.
SELECT device.name AS aid, about, document.name, media_type, encode(sha256, 'hex') AS sha256, bytes,
       to_char(stored_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS stored_at,
       'documents/' || left(encode(sha256, 'hex'), 2) || '/' || encode(sha256, 'hex') || '.' ||
       CASE media_type WHEN 'image/jpeg' THEN 'jpg' WHEN 'image/png' THEN 'png'
                       WHEN 'image/webp' THEN 'webp' ELSE 'pdf' END AS path
FROM aid_document AS document
JOIN device USING (device_id)
WHERE device.municipality_code = %(code)s AND NOT device.test
  AND coalesce(document.municipality_code, %(code)s) = %(code)s
ORDER BY device.name COLLATE "C", about COLLATE "C", sha256

-- name: contents
-- Their contents.
SELECT sha256, media_type, content
FROM aid_document AS document
JOIN device USING (device_id)
WHERE device.municipality_code = %(code)s AND NOT device.test
  AND coalesce(document.municipality_code, %(code)s) = %(code)s

-- name: contacts
-- Names and addresses of the clients of the park.
SELECT client_number, client_contact.name, street, postcode, town, phone, contact_name,
       contact_phone, key_safe, neighbour, remarks
FROM client_contact
JOIN client USING (client_id)
WHERE client.municipality_code = %(code)s
  AND EXISTS (
      SELECT FROM aid_holding JOIN device USING (device_id)
      WHERE aid_holding.client_id = client.client_id AND NOT device.test
        AND device.municipality_code = %(code)s)
ORDER BY client_number COLLATE "C"

-- name: record
-- That a park was handed over is on record.
INSERT INTO audit (at, actor, action, subject, detail)
VALUES (%(now)s, 'system:command', %(action)s, %(code)s, %(detail)s);
