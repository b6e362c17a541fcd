-- name: duplicates
-- Rows of a table that share their key with an earlier one; the names are filled in.
SELECT row_, '' AS column, 'is there twice' AS text FROM (
    SELECT row_, row_number() OVER (PARTITION BY {key} ORDER BY row_) AS nth FROM {table}
) AS counted
WHERE nth > 1 ORDER BY row_ LIMIT %(most)s

-- name: strangers
-- Rows that name what another table lacks; the names are filled in.
SELECT row_, %(column)s AS column, coalesce({column}, '') || ' is not in ' || %(other)s AS text
FROM {table}
WHERE coalesce({column}, '') <> '' AND NOT EXISTS (
    SELECT FROM {other} WHERE {other}.{column} = {table}.{column})
ORDER BY row_ LIMIT %(most)s

-- name: known_aids
-- Aids that are here already: they would be mixed up.
SELECT row_, 'aid' AS column, aid || ' is registered here already' AS text
FROM stage_aids JOIN device ON device.name = aid
ORDER BY row_ LIMIT %(most)s

-- name: known_clients
-- Clients that are another municipality's here.
SELECT row_, 'client_number' AS column,
       client_number || ' is a client of another municipality here' AS text
FROM stage_clients JOIN client USING (client_number)
WHERE municipality_code <> %(code)s
ORDER BY row_ LIMIT %(most)s

-- name: insert_clients
-- Clients that are not here yet.
INSERT INTO client (client_number, municipality_code, wholly_dependent)
SELECT client_number, %(code)s, wholly_dependent::boolean FROM stage_clients
ON CONFLICT (client_number) DO NOTHING

-- name: insert_aids
-- The aids, nobody's at first.
INSERT INTO device (
    name, shard, kind, provision, maker, model, serial_number, rail_length_mm, seat_width_mm,
    seat_depth_mm, seat_height_mm, max_load_kg, max_speed_mm_s, max_incline_deg, empty_ma, tested_ma,
    tested_kg, built_on, first_used_on, lent_on, serviced_on, retired_at, municipality_code, postcode4
)
SELECT aid, shard, kind, coalesce(provision, ''), coalesce(maker, ''), coalesce(model, ''),
       coalesce(serial_number, ''), nullif(rail_length_mm, '')::int, nullif(seat_width_mm, '')::int,
       nullif(seat_depth_mm, '')::int, nullif(seat_height_mm, '')::int,
       nullif(max_load_kg, '')::int, nullif(max_speed_mm_s, '')::int,
       nullif(max_incline_deg, '')::int, nullif(empty_ma, '')::int, nullif(tested_ma, '')::int,
       nullif(tested_kg, '')::int, nullif(built_on, '')::date, nullif(first_used_on, '')::date,
       nullif(lent_on, '')::date, nullif(serviced_on, '')::date,
       nullif(retired_on, '')::date::timestamp AT TIME ZONE 'Europe/Amsterdam', %(code)s,
       postcode4::smallint
FROM stage_aids JOIN stage_shards USING (aid)
ORDER BY row_

-- name: insert_holders
-- Who had them.
INSERT INTO aid_holding (device_id, client_id, since)
SELECT device_id, client.client_id, since::date
FROM stage_holders
JOIN device ON device.name = aid
LEFT JOIN client ON client.client_number = nullif(stage_holders.client_number, '')
ORDER BY aid, number::int

-- name: lend
-- Who has them now: the history says so already, where it does.
UPDATE device SET client_id = client.client_id
FROM stage_aids JOIN client USING (client_number)
WHERE device.name = aid

-- name: insert_adaptations
-- Adaptations.
INSERT INTO aid_adaptation (device_id, reference, sort, description, public, fitted_on, fitted_by, at,
                            actor)
SELECT device_id, reference, sort, description, public::boolean, nullif(fitted_on, '')::date,
       coalesce(fitted_by, ''), %(now)s, %(actor)s
FROM stage_adaptations JOIN device ON device.name = aid
ORDER BY row_

-- name: insert_removals
-- …and those of them that were taken off.
INSERT INTO aid_adaptation_removal (adaptation_id, removed_on, at, actor)
SELECT adaptation_id, removed_on::date, %(now)s, %(actor)s
FROM stage_adaptations
JOIN device ON device.name = aid
JOIN aid_adaptation USING (device_id, reference)
WHERE coalesce(removed_on, '') <> ''

-- name: insert_maintenance
-- Maintenance.
INSERT INTO aid_maintenance (device_id, reference, sort, done_on, what, work, parts, at, actor)
SELECT device_id, reference, sort, done_on::date, coalesce(what, ''), coalesce(work, ''),
       coalesce(parts, ''), %(now)s, %(actor)s
FROM stage_maintenance JOIN device ON device.name = aid
ORDER BY row_

-- name: insert_remarks
-- Remarks.
INSERT INTO aid_remark (device_id, reference, remark, noted_on, at, actor)
SELECT device_id, reference, remark, noted_on::date, %(now)s, %(actor)s
FROM stage_remarks JOIN device ON device.name = aid
ORDER BY row_

-- name: documents
-- Which documents there are.
SELECT row_, device_id, about, stage_documents.name, media_type, path, stored_at::timestamptz
FROM stage_documents JOIN device ON device.name = aid
ORDER BY row_

-- name: insert_document
-- One of them.
INSERT INTO aid_file (device_id, about, name, media_type, sha256, bytes, content, stored_at, actor)
VALUES (%(device_id)s, %(about)s, %(name)s, %(media_type)s, %(sha256)s, %(bytes)s, %(content)s,
        %(stored_at)s, %(actor)s)

-- name: act_as
-- Who writes contacts, and why.
SELECT set_config('liftwacht.actor', %(actor)s, true),
       set_config('liftwacht.reason', 'hand-over of the park', true)

-- name: insert_contacts
-- Names and addresses that are not here yet.
INSERT INTO client_contact (client_id, name, street, postcode, town, phone, contact_name,
                            contact_phone, key_safe, neighbour, remarks)
SELECT client_id, stage_contacts.name, coalesce(street, ''), coalesce(postcode, ''),
       coalesce(town, ''), coalesce(phone, ''), coalesce(contact_name, ''),
       coalesce(contact_phone, ''), coalesce(key_safe, ''), coalesce(neighbour, ''),
       coalesce(remarks, '')
FROM stage_contacts JOIN client USING (client_number)
ON CONFLICT (client_id) DO NOTHING
