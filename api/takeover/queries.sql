-- name: start
-- A park is taken over.
INSERT INTO takeover (municipality_code, contractor, starts_on, inspect_by, complete_by, mail, at, actor)
VALUES (%(code)s, %(contractor)s, %(starts_on)s,
        (%(starts_on)s::date + interval '6 months')::date,
        (%(starts_on)s::date + interval '18 months')::date, %(mail)s, %(now)s, %(actor)s)
RETURNING takeover_id;

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
SELECT file_name, counts, faults, at, actor FROM takeover_list
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
-- The photographs of a visit.
SELECT attachment_id, name FROM attachment
WHERE ticket_id = %(ticket)s AND media_type LIKE 'image/%%' ORDER BY attachment_id;

-- name: aid_of
-- An aid, the takeover that it belongs to, and whether a visit was to it.
SELECT device.device_id, device.municipality_code, takeover_id, takeover.mail,
       (%(ticket)s::bigint IS NULL OR EXISTS (
           SELECT FROM ticket
           WHERE ticket.ticket_id = %(ticket)s AND ticket.device_id = device.device_id)) AS visited
FROM device
LEFT JOIN takeover_aid USING (device_id)
LEFT JOIN takeover USING (takeover_id)
WHERE device.name = %(device)s
ORDER BY takeover.starts_on DESC NULLS LAST
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
INSERT INTO takeover_list (takeover_id, file_name, counts, faults, at, actor)
VALUES (%(number)s, %(file)s, %(counts)s, %(faults)s, %(now)s, %(actor)s);
