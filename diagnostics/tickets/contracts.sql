-- name: store_terms
-- What holds in a municipality from a day on.
INSERT INTO contract_terms (municipality_code, valid_from, valid_through, terms)
VALUES (%(municipality)s, %(valid_from)s, %(valid_through)s, %(terms)s)
ON CONFLICT (municipality_code, valid_from) DO UPDATE
SET valid_through = excluded.valid_through, terms = excluded.terms, loaded_at = now();

-- name: all_terms
-- Everything on record of some municipalities.
SELECT terms FROM contract_terms
WHERE municipality_code = ANY(%(municipalities)s)
ORDER BY municipality_code, valid_from;

-- name: look_again
-- Has the clocks of open tickets looked at anew.
UPDATE ticket SET next_clock_at = opened_at
WHERE closed_at IS NULL AND municipality_code = ANY(%(municipalities)s);
