-- name: client
-- The client of a number; a municipality finds its own only.
SELECT client_id, client_number FROM client WHERE client_number = %(number)s

-- name: look
-- A client's contact; the look is on record from now on.
SELECT version, name, street, postcode, town, phone, contact_name, contact_phone, key_safe,
       neighbour, remarks
FROM look_at_contact(%(who)s, %(client_id)s, %(ticket_id)s, %(reason)s, %(now)s)

-- name: find
-- Clients by telephone, postcode or name; each is a look.
SELECT client.client_number, contact.*
FROM find_contacts(%(who)s, %(phone)s, %(postcode)s, %(name)s, %(most)s, %(now)s) AS contact
JOIN client USING (client_id)

-- name: write
-- The new version; null if it was changed meanwhile.
SELECT write_contact(%(who)s, %(client_id)s, %(contact)s, %(version)s, %(reason)s) AS version

-- name: erase
-- Forgets a client's contact and who called; tells whether there was anything.
SELECT erase_contact(%(who)s, %(client_id)s, %(reason)s) AS anything

-- name: load
-- As the owner of the tables: a contact that is not there yet.
INSERT INTO client_contact (client_id, name, street, postcode, town, phone, contact_name,
                            contact_phone, key_safe, neighbour, remarks)
SELECT client_id, %(name)s, %(street)s, %(postcode)s, %(town)s, %(phone)s, %(contact_name)s,
       %(contact_phone)s, %(key_safe)s, %(neighbour)s, %(remarks)s
FROM client WHERE client_number = %(client_number)s
ON CONFLICT (client_id) DO NOTHING
