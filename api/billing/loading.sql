-- name: contracts
-- How to declare to a municipality; what else was agreed stays.
INSERT INTO billing_contract (municipality_code, settings)
VALUES (%(municipality)s, %(settings)s)
ON CONFLICT (municipality_code) DO UPDATE SET settings = billing_contract.settings || excluded.settings
RETURNING municipality_code;

-- name: assignments
-- An assignment as the municipality gave it; the same number again is the same one, changed.
INSERT INTO billing_assignment (
    municipality_code, client_id, device_id, kind, number, product_category, product_code, unit,
    tariff_cents, begins_on, ends_on
)
SELECT %(municipality)s, client_id,
       (SELECT device_id FROM device WHERE name = %(device)s::text), %(kind)s, %(number)s,
       %(product_category)s, %(product_code)s, %(unit)s, %(tariff)s, %(begins_on)s, %(ends_on)s::date
FROM client
WHERE client_number = %(client_number)s AND municipality_code = %(municipality)s
  AND (%(device)s::text IS NULL OR EXISTS (SELECT FROM device WHERE name = %(device)s::text))
ON CONFLICT ON CONSTRAINT billing_assignment_number DO UPDATE
SET client_id = excluded.client_id, device_id = excluded.device_id,
    product_category = excluded.product_category, product_code = excluded.product_code,
    unit = excluded.unit, tariff_cents = excluded.tariff_cents, begins_on = excluded.begins_on,
    ends_on = excluded.ends_on
-- What was declared already keeps the codes that it was declared with.
WHERE NOT EXISTS (
        SELECT FROM billing_line WHERE billing_line.assignment_id = billing_assignment.assignment_id)
   OR (billing_assignment.client_id, billing_assignment.product_category,
       billing_assignment.product_code, billing_assignment.unit, billing_assignment.begins_on)
      = (excluded.client_id, excluded.product_category, excluded.product_code, excluded.unit,
         excluded.begins_on)
RETURNING assignment_id;

-- name: tariffs
-- What a product costs from a day on.
INSERT INTO billing_tariff (municipality_code, kind, product_category, product_code, valid_from,
                            tariff_cents)
VALUES (%(municipality)s, %(kind)s, %(product_category)s, %(product_code)s, %(valid_from)s, %(tariff)s)
ON CONFLICT (municipality_code, kind, product_category, product_code, valid_from)
DO UPDATE SET tariff_cents = excluded.tariff_cents
RETURNING tariff_cents;

-- name: bsns
-- A client's service number: written, and read by nobody but the declaration.
INSERT INTO client_bsn (client_id, bsn)
SELECT client_id, %(bsn)s FROM client WHERE client_number = %(client_number)s
ON CONFLICT (client_id) DO UPDATE SET bsn = excluded.bsn
RETURNING client_id;
