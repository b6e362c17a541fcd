-- name: aid
-- What an aid is, with what follows from orders and maintenance.
SELECT aid_register.*, municipality.name AS municipality, client_number
FROM aid_register
JOIN municipality ON municipality.code = aid_register.municipality_code
LEFT JOIN client ON client.client_id = aid_register.client_id
WHERE aid_register.name = %(name)s;

-- name: holders
-- Who had it from when until when, the present one first. A client of another municipality has no number here.
SELECT since, until, client_number, client_number IS NULL AS elsewhere
FROM (
    SELECT holding_id, aid_holding.client_id, since,
           lead(since) OVER (ORDER BY since, holding_id) AS until
    FROM aid_holding WHERE device_id = %(device_id)s
) AS holding
LEFT JOIN client ON client.client_id = holding.client_id
WHERE holding.client_id IS NOT NULL
ORDER BY since DESC, holding_id DESC;

-- name: adaptations
-- What was adapted, and what of it was taken off again.
SELECT adaptation_id AS number, sort, description, public, fitted_on, fitted_by, removed_on,
       aid_adaptation.at, aid_adaptation.actor
FROM aid_adaptation
LEFT JOIN aid_adaptation_removal USING (adaptation_id)
WHERE device_id = %(device_id)s
ORDER BY removed_on IS NOT NULL, sort DESC, fitted_on NULLS FIRST, adaptation_id;

-- name: work
-- Maintenance, newest first.
SELECT reference, sort, done_on, what, work, parts, ticket_id FROM aid_work
WHERE device_id = %(device_id)s
ORDER BY done_on DESC, reference DESC
LIMIT %(limit)s;

-- name: remarks
-- Remarks, newest first.
SELECT remark, noted_on, at, actor FROM aid_remark
WHERE device_id = %(device_id)s
ORDER BY noted_on DESC, remark_id DESC;

-- name: changes
-- What was changed in the register, newest first.
SELECT at, coalesce(account.name, actor) AS by, before, after
FROM aid_change LEFT JOIN account ON account.login = actor
WHERE device_id = %(device_id)s
ORDER BY change_id DESC
LIMIT 50;

-- name: number
-- An aid's number, by its name.
SELECT device_id FROM device WHERE name = %(name)s;

-- name: act_as
-- Who changes the register from here to the end of the transaction.
SELECT set_config('liftwacht.actor', %(actor)s, true);

-- name: add_adaptation
-- An adaptation.
INSERT INTO aid_adaptation (device_id, sort, description, public, fitted_on, fitted_by, at, actor)
VALUES (%(device_id)s, %(sort)s, %(description)s, %(public)s, %(fitted_on)s, %(fitted_by)s, %(now)s,
        %(actor)s);

-- name: remove_adaptation
-- It is taken off again, once.
INSERT INTO aid_adaptation_removal (adaptation_id, removed_on, at, actor)
SELECT adaptation_id, %(removed_on)s, %(now)s, %(actor)s FROM aid_adaptation
WHERE adaptation_id = %(number)s AND device_id = %(device_id)s
ON CONFLICT DO NOTHING
RETURNING adaptation_id;

-- name: add_remark
-- A remark.
INSERT INTO aid_remark (device_id, remark, noted_on, at, actor)
VALUES (%(device_id)s, %(remark)s, %(noted_on)s, %(now)s, %(actor)s);

-- name: add_work
-- Maintenance that no ticket tells.
INSERT INTO aid_maintenance (device_id, sort, done_on, work, parts, at, actor)
VALUES (%(device_id)s, %(sort)s, %(done_on)s, %(work)s, %(parts)s, %(now)s, %(actor)s);

-- name: serviced
-- With preventive maintenance the next is due a year later.
UPDATE device SET serviced_on = greatest(serviced_on, %(done_on)s::date)
WHERE device_id = %(device_id)s;
