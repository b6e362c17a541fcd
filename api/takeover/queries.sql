-- name: start
-- A park is taken over.
INSERT INTO takeover (municipality_code, contractor, starts_on, inspect_by, complete_by, mail, at, actor)
VALUES (%(code)s, %(contractor)s, %(starts_on)s,
        (%(starts_on)s::date + interval '6 months')::date,
        (%(starts_on)s::date + interval '18 months')::date, %(mail)s, %(now)s, %(actor)s)
RETURNING takeover_id;

-- name: municipality
-- A municipality.
SELECT code FROM municipality WHERE code = %(code)s;

-- name: municipalities
-- Whose parks may be taken over.
SELECT code, name FROM municipality ORDER BY name;

-- name: takeovers
-- All of them, newest first.
SELECT takeover_id, municipality_code, municipality.name AS municipality, contractor, starts_on,
       inspect_by, complete_by, mail,
       (SELECT count(*) FROM takeover_aid
        WHERE takeover_aid.takeover_id = takeover.takeover_id) AS aids
FROM takeover JOIN municipality ON municipality.code = municipality_code
WHERE %(number)s::bigint IS NULL OR takeover_id = %(number)s
ORDER BY starts_on DESC, takeover_id DESC;

-- name: aids
-- Each aid of a takeover: when it was seen, and what its logbook lacks. A visit that was done counts.
SELECT aid_register.device_id, aid_register.name, takeover_aid.number, aid_register.kind,
       aid_register.maker, aid_register.model, client_number, aid_register.missing,
       least(seen.inspected_on, served.done_on) AS seen_on, coalesce(seen.overdue, false) AS overdue
FROM takeover_aid
JOIN takeover USING (takeover_id)
JOIN aid_register USING (device_id)
LEFT JOIN client USING (client_id)
CROSS JOIN LATERAL (
    SELECT min(inspected_on) AS inspected_on, bool_or(overdue) AS overdue FROM aid_inspection
    WHERE aid_inspection.device_id = takeover_aid.device_id AND inspected_on >= starts_on
) AS seen
CROSS JOIN LATERAL (
    SELECT min(done_on) AS done_on FROM aid_work
    WHERE aid_work.device_id = takeover_aid.device_id AND sort = 'preventive'
      AND ticket_id IS NOT NULL AND done_on >= starts_on
) AS served
WHERE takeover_id = %(number)s AND retired_at IS NULL
ORDER BY least(seen.inspected_on, served.done_on) IS NOT NULL, cardinality(missing) DESC, aid_register.name;

-- name: lists
-- The lists that were read in, newest first.
SELECT file_name, counts, faults, at, actor, mapping_name FROM takeover_list
WHERE takeover_id = %(number)s ORDER BY list_id DESC LIMIT 5;

-- name: overdue
-- Overdue maintenance that was found.
SELECT inspection_id, device.name, inspected_on, report
FROM aid_inspection JOIN device USING (device_id)
WHERE takeover_id = %(number)s AND overdue
ORDER BY inspection_id DESC;

-- name: inspection
-- One inspection.
SELECT inspection_id, takeover_id, device.name, aid_register.kind, aid_register.maker,
       aid_register.model, inspected_on, overdue, report, advice, ticket_id, contractor, starts_on,
       inspect_by, inspected_on <= inspect_by AS in_term
FROM aid_inspection
JOIN device USING (device_id)
JOIN aid_register USING (device_id)
JOIN takeover USING (takeover_id)
WHERE inspection_id = %(number)s;

-- name: photos
-- The photographs of an inspection: of its visit, and those that were sent with it.
SELECT attachment_id, NULL::bigint AS file_id, name FROM attachment
WHERE ticket_id = %(ticket)s AND media_type LIKE 'image/%%'
UNION ALL
SELECT NULL, file_id, aid_file.name
FROM aid_inspection JOIN aid_file USING (device_id)
WHERE inspection_id = %(number)s AND about = 'inspectie-' || inspection_id
ORDER BY 1, 2;

-- name: photo
-- One of those that were sent with it.
SELECT aid_file.name, media_type, content
FROM aid_inspection JOIN aid_file USING (device_id)
WHERE inspection_id = %(number)s AND about = 'inspectie-' || inspection_id AND file_id = %(file)s;

-- name: add_photo
-- Another one, once.
INSERT INTO aid_file (device_id, about, name, media_type, sha256, bytes, content, stored_at, actor)
SELECT device_id, 'inspectie-' || inspection_id, %(name)s, %(media_type)s, %(sha256)s, %(bytes)s,
       %(content)s, %(now)s, %(actor)s
FROM aid_inspection WHERE inspection_id = %(number)s
ON CONFLICT DO NOTHING;

-- name: aid_of
-- An aid, the takeover that it belongs to, and whether a visit was to it.
SELECT device.device_id, device.municipality_code, takeover.takeover_id, takeover.mail,
       (%(ticket)s::bigint IS NULL OR EXISTS (
           SELECT FROM ticket
           WHERE ticket.ticket_id = %(ticket)s AND ticket.device_id = device.device_id)) AS visited
FROM device
LEFT JOIN takeover_aid USING (device_id)
LEFT JOIN takeover ON takeover.takeover_id = takeover_aid.takeover_id
                  AND takeover.municipality_code = device.municipality_code
WHERE device.name = %(device)s
ORDER BY takeover.starts_on DESC NULLS LAST
LIMIT 1;

-- name: to_inspect
-- An aid of a takeover that was not inspected for it yet.
SELECT takeover_id FROM device
JOIN takeover_aid USING (device_id)
JOIN takeover USING (takeover_id)
WHERE device.name = %(device)s AND takeover.municipality_code = device.municipality_code
  AND NOT EXISTS (
      SELECT FROM aid_inspection
      WHERE aid_inspection.device_id = device.device_id AND inspected_on >= starts_on)
LIMIT 1;

-- name: inspect
-- Somebody saw it.
INSERT INTO aid_inspection (device_id, takeover_id, ticket_id, inspected_on, overdue, report, advice, at,
                            actor)
VALUES (%(device_id)s, %(takeover_id)s, %(ticket)s, %(inspected_on)s, %(overdue)s, %(report)s,
        %(advice)s, %(now)s, %(actor)s)
RETURNING inspection_id;

-- name: known_aids
-- What is known of their aids from lists before, and of all aids of ours.
SELECT device.device_id, device.name, lower(maker) AS maker_key, lower(serial_number) AS serial_key,
       device.municipality_code, takeover_aid.number, takeover_aid.told, provision, maker, model,
       serial_number, rail_length_mm, seat_width_mm, seat_depth_mm, seat_height_mm, max_load_kg,
       built_on, first_used_on, lent_on, serviced_on, device.postcode4, client_number
FROM device
LEFT JOIN takeover_aid ON takeover_aid.device_id = device.device_id AND takeover_id = %(number)s
LEFT JOIN client USING (client_id)
WHERE NOT test;

-- name: foreign_clients
-- Clients of these numbers who are another municipality's.
SELECT client_number FROM client
WHERE client_number = ANY (%(clients)s) AND municipality_code <> %(code)s;

-- name: add_client
-- A client who is not known yet.
INSERT INTO client (client_number, municipality_code) VALUES (%(client_number)s, %(code)s)
ON CONFLICT (client_number) DO NOTHING;

-- name: add_aid
-- An aid that is not known yet, nobody's at first.
INSERT INTO device (name, shard, kind, municipality_code, postcode4)
VALUES (%(name)s, %(shard)s, %(kind)s, %(code)s, %(postcode4)s)
RETURNING device_id;

-- name: tell
-- What their list says of an aid, from now on.
INSERT INTO takeover_aid (takeover_id, number, device_id, told, at)
VALUES (%(number)s, %(theirs)s, %(device_id)s, %(told)s, %(now)s)
ON CONFLICT (takeover_id, number) DO UPDATE SET told = excluded.told, at = excluded.at;

-- name: add_adaptation
-- An adaptation, once.
INSERT INTO aid_adaptation (device_id, reference, sort, description, public, at, actor)
VALUES (%(device_id)s, %(reference)s, %(sort)s, %(text)s, %(sort)s = 'standard', %(now)s, %(actor)s)
ON CONFLICT (device_id, reference) DO NOTHING;

-- name: add_remark
-- A remark, once.
INSERT INTO aid_remark (device_id, reference, remark, noted_on, at, actor)
VALUES (%(device_id)s, %(reference)s, %(text)s, %(today)s, %(now)s, %(actor)s)
ON CONFLICT (device_id, reference) DO NOTHING;

-- name: record
-- A list was read in.
INSERT INTO takeover_list (takeover_id, file_name, counts, faults, at, actor, mapping_name, mapping)
VALUES (%(number)s, %(file)s, %(counts)s, %(faults)s, %(now)s, %(actor)s, %(mapping_name)s,
        %(mapping)s);

-- name: mappings
-- The mappings of lists that were read in, of this takeover first, each once.
SELECT list_id, mapping_name, contractor, at FROM (
    SELECT DISTINCT ON (mapping_name, mapping) list_id, mapping_name, contractor,
           takeover_list.at, takeover_id = %(number)s AS own
    FROM takeover_list JOIN takeover USING (takeover_id)
    WHERE mapping IS NOT NULL
    ORDER BY mapping_name, mapping, takeover_id = %(number)s DESC, list_id DESC
) AS known
ORDER BY own DESC, list_id DESC LIMIT 20;

-- name: mapping
-- The mapping of a list.
SELECT mapping_name, mapping FROM takeover_list WHERE list_id = %(list)s AND mapping IS NOT NULL;

-- name: keep_upload
-- A list waits until somebody reads it in.
INSERT INTO takeover_upload (takeover_id, file_name, content, mapping_name, mapping, counts,
                             differences, faults, rejected, at, actor)
VALUES (%(number)s, %(file)s, %(content)s, %(mapping_name)s, %(mapping)s, %(counts)s,
        %(differences)s, %(faults)s, %(rejected)s, %(now)s, %(actor)s)
RETURNING upload_id;

-- name: uploads
-- The lists that wait, newest first.
SELECT upload_id, file_name, counts, takeover_upload.at, coalesce(account.name, actor) AS by
FROM takeover_upload LEFT JOIN account ON account.login = actor
WHERE takeover_id = %(number)s ORDER BY upload_id DESC LIMIT 20;

-- name: upload
-- One of them: what it would do.
SELECT upload_id, file_name, mapping_name, mapping, counts, differences, faults,
       rejected IS NOT NULL AS has_rejected, takeover_upload.at, coalesce(account.name, actor) AS by
FROM takeover_upload LEFT JOIN account ON account.login = actor
WHERE takeover_id = %(number)s AND upload_id = %(upload)s;

-- name: rejected
-- The rows of it that cannot be read in.
SELECT rejected FROM takeover_upload
WHERE takeover_id = %(number)s AND upload_id = %(upload)s AND rejected IS NOT NULL;

-- name: lock_upload
-- One of them, so that it is read in once.
SELECT file_name, content, mapping_name, mapping FROM takeover_upload
WHERE takeover_id = %(number)s AND upload_id = %(upload)s FOR UPDATE;

-- name: drop_upload
-- It was read in, or is not to be.
DELETE FROM takeover_upload WHERE takeover_id = %(number)s AND upload_id = %(upload)s
RETURNING upload_id;
