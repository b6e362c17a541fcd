-- name: contract
-- How to declare to a municipality.
SELECT settings FROM billing_contract WHERE municipality_code = %(municipality)s;

-- name: contracts
-- To whom we declare.
SELECT municipality_code AS code, municipality.name, settings ->> 'agb_code' AS agb_code,
       (SELECT count(*) FROM billing_assignment
        WHERE billing_assignment.municipality_code = billing_contract.municipality_code) AS assignments
FROM billing_contract JOIN municipality ON code = municipality_code
ORDER BY municipality.name;

-- name: assignments
-- What may have to be declared of a month: all that has begun, and of which no line stands for it; by
-- the tariff of that month, if one came into force since the assignment.
SELECT assignment_id, client_id, client_number, kind, number, product_category, product_code, unit,
       coalesce((
           SELECT billing_tariff.tariff_cents FROM billing_tariff
           WHERE billing_tariff.municipality_code = billing_assignment.municipality_code
             AND billing_tariff.kind = billing_assignment.kind
             AND billing_tariff.product_category = billing_assignment.product_category
             AND billing_tariff.product_code = billing_assignment.product_code
             AND valid_from <= greatest(%(begin)s::date, begins_on)
             AND valid_from > begins_on
           ORDER BY valid_from DESC LIMIT 1
       ), tariff_cents) AS tariff_cents, begins_on, ends_on
FROM billing_assignment
JOIN client USING (client_id)
WHERE billing_assignment.municipality_code = %(municipality)s
  AND begins_on < %(end)s AND (ends_on IS NULL OR ends_on >= %(begin)s OR billing_assignment.kind = 'delivery')
  AND NOT EXISTS (
      SELECT FROM billing_line
      WHERE billing_line.assignment_id = billing_assignment.assignment_id
        AND (billing_assignment.kind = 'delivery'
             OR billing_line.begins_on >= %(begin)s AND billing_line.begins_on < %(end)s)
  )
ORDER BY client_number, number, kind;

-- name: rejected
-- Lines that were rejected and wait for somebody.
SELECT line_id, reference, billing_line.municipality_code, client_number, billing_assignment.number,
       billing_line.assignment_id,
       product_code, billing_line.begins_on, billing_line.ends_on, amount_cents, return_codes,
       billing_declaration.number AS declaration
FROM billing_line
JOIN billing_declaration USING (declaration_id)
JOIN billing_assignment USING (assignment_id)
JOIN client USING (client_id)
WHERE state = 'rejected'
ORDER BY line_id;

-- name: declare
-- A declaration; its number follows from its place.
INSERT INTO billing_declaration (municipality_code, number, month, due_on, submitted_cents, made_at, actor)
VALUES (%(municipality)s, %(number)s, %(month)s, %(due_on)s, %(submitted)s, %(now)s, %(actor)s)
RETURNING declaration_id;

-- name: next_number
-- The next declaration's number: alphanumeric, once.
SELECT 'L' || to_char(coalesce(max(declaration_id), 0) + 1, 'FM000000') AS number
FROM billing_declaration;

-- name: add_line
-- One line; what it stands for another time is settled.
INSERT INTO billing_line (declaration_id, assignment_id, municipality_code, reference, begins_on,
                          ends_on, amount_cents, replaces)
VALUES (%(declaration)s, %(assignment)s, %(municipality)s, %(reference)s, %(begins_on)s, %(ends_on)s,
        %(amount)s, %(replaces)s);

-- name: settle_line
-- Somebody has dealt with a rejected line.
UPDATE billing_line SET state = 'settled', settled_how = %(how)s
WHERE line_id = %(line)s AND state = 'rejected'
RETURNING line_id;

-- name: lines
-- The lines of a declaration, as the message has them.
SELECT line_id, reference, client_id, billing_assignment.number, product_category, product_code, unit,
       amount_cents AS tariff_cents, billing_line.begins_on, billing_line.ends_on, amount_cents, state,
       return_codes
FROM billing_line
JOIN billing_assignment USING (assignment_id)
JOIN client USING (client_id)
WHERE declaration_id = %(declaration)s
ORDER BY client_number, reference;

-- name: declaration
-- A declaration, by its place.
SELECT declaration_id, municipality_code, number, month, due_on, submitted_cents, made_at, answered_at,
       granted_cents, answer_codes
FROM billing_declaration WHERE declaration_id = %(declaration)s;

-- name: by_number
-- Which declaration an answer is about; locked until its lines are settled.
SELECT declaration_id, municipality_code, number, answered_at FROM billing_declaration
WHERE number = %(number)s
FOR NO KEY UPDATE;

-- name: declarations
-- All declarations, newest first.
SELECT declaration_id, municipality_code, number, month, due_on, submitted_cents, made_at, answered_at,
       granted_cents
FROM billing_declaration ORDER BY declaration_id DESC LIMIT 200;

-- name: bsns
-- Citizen service numbers for one message; each is a look on record.
SELECT client_id, bsn FROM bsns_for_declaration(%(account)s, %(declaration)s, %(now)s);

-- name: answered
-- What was answered to a declaration.
UPDATE billing_declaration
SET answered_at = %(now)s, granted_cents = %(granted)s, answer_codes = %(codes)s,
    answer_sha256 = %(sha256)s
WHERE declaration_id = %(declaration)s;

-- name: judge_line
-- What became of a line.
UPDATE billing_line SET state = %(state)s, return_codes = %(codes)s
WHERE declaration_id = %(declaration)s AND reference = %(reference)s;
