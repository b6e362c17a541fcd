-- name: people
-- Everybody who can be on call.
SELECT login, name FROM account
WHERE disabled_at IS NULL AND role IN ('desk', 'mechanic', 'manager', 'administrator')
ORDER BY name, login

-- name: names
-- How people are called, also those who left.
SELECT login, name FROM account WHERE login = ANY(%(logins)s)

-- name: rotations
-- All rotations that have not ended.
SELECT rotation_id, layer, turn, first_day, handover, last_day, hours, made_by, made_at,
       ARRAY(
           SELECT login FROM rotation_person JOIN account USING (account_id)
           WHERE rotation_person.rotation_id = rotation.rotation_id
           ORDER BY place
       ) AS people
FROM rotation
WHERE last_day IS NULL OR last_day >= %(today)s
ORDER BY array_position(ARRAY['desk', 'mechanic', 'backup', 'manager'], layer), rotation_id

-- name: overrides
-- Who takes over from whom, of those that have not ended, newest first.
SELECT override_id, layer, begin_at AS begin, end_at AS end, person.login AS person,
       instead_of.login AS instead_of, reason, made_by, made_at
FROM rota_override
LEFT JOIN account AS person ON person.account_id = person_id
LEFT JOIN account AS instead_of ON instead_of.account_id = instead_of_id
WHERE end_at > %(now)s
ORDER BY override_id DESC
LIMIT %(limit)s

-- name: add_rotation
-- A rotation without people yet.
INSERT INTO rotation (layer, turn, first_day, handover, last_day, hours, made_by, made_at)
VALUES (%(layer)s, %(turn)s, %(first_day)s, %(handover)s, %(last_day)s, %(hours)s, %(made_by)s, %(now)s)
RETURNING rotation_id

-- name: add_person
-- Somebody takes turns.
INSERT INTO rotation_person (rotation_id, place, account_id)
SELECT %(rotation_id)s, %(place)s, account_id FROM account WHERE login = %(login)s

-- name: end_rotation
-- The last turn ends at the handover of a day.
UPDATE rotation SET last_day = %(last_day)s
WHERE rotation_id = %(rotation_id)s AND first_day < %(last_day)s
  AND (last_day IS NULL OR last_day > %(last_day)s)
RETURNING rotation_id

-- name: rotation
-- One rotation.
SELECT first_day, last_day FROM rotation WHERE rotation_id = %(rotation_id)s

-- name: add_override
-- Somebody takes over for a while.
INSERT INTO rota_override (
    layer, begin_at, end_at, person_id, instead_of_id, reason, made_by, made_at
) VALUES (
    %(layer)s, %(begin)s, %(end)s,
    (SELECT account_id FROM account WHERE login = %(person)s),
    (SELECT account_id FROM account WHERE login = %(instead_of)s),
    %(reason)s, %(made_by)s, %(now)s
)
RETURNING override_id
