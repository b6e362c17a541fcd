-- name: waiting
-- Letters that wait to be sent, oldest first.
SELECT letter_id AS number, municipality.name AS municipality, client_number, addressee, about,
       commission_id AS commission, complaint_id AS complaint, subject, written_at, sent_at, sent_by,
       message.created_at AS mailed_at, message.given_up_at IS NOT NULL AS failed
FROM letter
JOIN municipality ON code = letter.municipality_code
LEFT JOIN client USING (client_id)
LEFT JOIN notification AS message ON message.notification_id = letter.notification_id
WHERE sent_at IS NULL
  AND (%(municipality)s::text IS NULL OR letter.municipality_code = %(municipality)s)
ORDER BY letter_id
LIMIT %(limit)s OFFSET %(start)s;

-- name: sent
-- Letters that were sent, newest first.
SELECT letter_id AS number, municipality.name AS municipality, client_number, addressee, about,
       commission_id AS commission, complaint_id AS complaint, subject, written_at, sent_at, sent_by,
       message.created_at AS mailed_at, message.given_up_at IS NOT NULL AS failed
FROM letter
JOIN municipality ON code = letter.municipality_code
LEFT JOIN client USING (client_id)
LEFT JOIN notification AS message ON message.notification_id = letter.notification_id
WHERE sent_at IS NOT NULL
  AND (%(municipality)s::text IS NULL OR letter.municipality_code = %(municipality)s)
ORDER BY letter_id DESC
LIMIT %(limit)s OFFSET %(start)s;

-- name: about
-- Letters about one order, one complaint, or to one client: those that wait first.
SELECT letter_id AS number, municipality.name AS municipality, client_number, addressee, about,
       commission_id AS commission, complaint_id AS complaint, subject, written_at, sent_at, sent_by,
       message.created_at AS mailed_at, message.given_up_at IS NOT NULL AS failed
FROM letter
JOIN municipality ON code = letter.municipality_code
LEFT JOIN client USING (client_id)
LEFT JOIN notification AS message ON message.notification_id = letter.notification_id
WHERE commission_id = %(commission)s OR complaint_id = %(complaint)s
   OR client_id = (SELECT client_id FROM client WHERE client_number = %(client)s)
ORDER BY sent_at IS NOT NULL, letter_id DESC
LIMIT %(limit)s;

-- name: one
-- One letter, with what became of the message that brings it.
SELECT letter_id AS number, letter.municipality_code, municipality.name AS municipality,
       client_number, addressee, letter.mail, about, commission_id AS commission,
       complaint_id AS complaint, language, subject, body, written_at, sent_at,
       message.next_attempt_at IS NOT NULL AS under_way
FROM letter
JOIN municipality ON code = letter.municipality_code
LEFT JOIN client USING (client_id)
LEFT JOIN notification AS message ON message.notification_id = letter.notification_id
WHERE letter_id = %(number)s;

-- name: lock
-- Nobody else sends it meanwhile.
SELECT letter_id FROM letter WHERE letter_id = %(number)s FOR NO KEY UPDATE;

-- name: send
-- It was posted, or handed over; once.
UPDATE letter SET sent_at = %(now)s, sent_by = %(actor)s
WHERE letter_id = %(number)s AND sent_at IS NULL
RETURNING letter_id;

-- name: keep
-- The letter as it is mailed; a municipality's address is remembered, a client's is not.
UPDATE letter SET pdf = %(pdf)s, mail = CASE WHEN addressee = 'municipality' THEN %(address)s::text END
WHERE letter_id = %(number)s;

-- name: mail
-- Hands it to the outbox.
INSERT INTO notification (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at, municipality_code
) VALUES (
    'letter:' || %(number)s::text || ':' || extract(epoch FROM %(now)s::timestamptz), 'email',
    'mailbox:' || %(address)s::text, %(payload)s, %(now)s, %(now)s, %(municipality)s
);

-- name: announce
-- Tells senders that there is something to send, at commit.
SELECT pg_notify('liftwacht_notification', '');

-- name: addresses
-- Where letters to municipalities went last.
SELECT DISTINCT ON (municipality_code) municipality_code AS code, mail AS address
FROM letter
WHERE addressee = 'municipality' AND mail IS NOT NULL AND about = %(about)s
  AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
ORDER BY municipality_code, letter_id DESC;
