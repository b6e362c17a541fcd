-- name: municipality
-- Whose portal it is, and which edition of its looks.
SELECT municipality.code, municipality.name, extract(epoch FROM changed_at)::bigint AS edition,
       logo_type
FROM municipality
LEFT JOIN portal_theme ON municipality_code = code
WHERE code = %(code)s;

-- name: tokens
-- The design tokens that a municipality has set.
SELECT tokens FROM portal_theme WHERE municipality_code = %(code)s;

-- name: logo
-- Its logo.
SELECT logo, logo_type FROM portal_theme WHERE municipality_code = %(code)s AND logo IS NOT NULL;

-- name: store_theme
-- Another look.
INSERT INTO portal_theme (municipality_code, tokens, logo, logo_type)
VALUES (%(code)s, %(tokens)s, %(logo)s, %(logo_type)s)
ON CONFLICT (municipality_code) DO UPDATE
SET tokens = excluded.tokens, logo = excluded.logo, logo_type = excluded.logo_type,
    changed_at = now();
