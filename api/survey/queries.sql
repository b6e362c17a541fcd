-- name: invite
-- A client is asked.
INSERT INTO survey_invitation (
    token_hash, municipality_code, client_id, occasion, aid_kind, commission_id, ticket_id,
    made_at, expires_at, actor
)
SELECT %(token_hash)s, municipality_code, client_id, %(occasion)s, %(aid_kind)s, %(commission)s,
       %(ticket)s, %(now)s, %(expires_at)s, %(actor)s
FROM client WHERE client_number = %(client_number)s
RETURNING invitation_id;

-- name: invitation
-- What a link is about, as long as it can be answered.
SELECT invitation_id, survey_invitation.municipality_code, municipality.name AS municipality,
       client_id, occasion, aid_kind
FROM survey_invitation
JOIN municipality ON code = municipality_code
WHERE token_hash = %(token_hash)s AND NOT answered AND expires_at > %(now)s;

-- name: use
-- It is answered; once.
UPDATE survey_invitation SET answered = true
WHERE token_hash = %(token_hash)s AND NOT answered AND expires_at > %(now)s
RETURNING municipality_code, client_id, occasion, aid_kind;

-- name: client
-- A client of a municipality.
SELECT client_id FROM client
WHERE client_number = %(client_number)s AND municipality_code = %(municipality)s;

-- name: answer
-- What was answered: nothing leads from it to the link.
INSERT INTO survey_answer (
    municipality_code, answered_on, occasion, aid_kind, via, overall, aid, people, speed,
    information, remark, client_id, entered_by
) VALUES (
    %(municipality)s, %(answered_on)s, %(occasion)s, %(aid_kind)s, %(via)s, %(overall)s, %(aid)s,
    %(people)s, %(speed)s, %(information)s, %(remark)s, %(client_id)s, %(entered_by)s
);

-- name: figures
-- What was answered, by month. Of fewer than three answers no mean: one could tell whose it is.
SELECT municipality_code AS municipality, to_char(answered_on, 'YYYY-MM') AS month,
       count(*) AS answers,
       CASE WHEN count(*) >= 3 THEN avg(overall)::float END AS overall,
       CASE WHEN count(*) >= 3 THEN avg((overall >= 7)::int)::float END AS satisfied,
       CASE WHEN count(aid) >= 3 THEN avg(aid)::float END AS aid,
       CASE WHEN count(people) >= 3 THEN avg(people)::float END AS people,
       CASE WHEN count(speed) >= 3 THEN avg(speed)::float END AS speed,
       CASE WHEN count(information) >= 3 THEN avg(information)::float END AS information
FROM survey_answer
WHERE answered_on >= %(since)s
  AND (%(municipality)s::text IS NULL OR municipality_code = %(municipality)s)
GROUP BY municipality_code, month
ORDER BY month DESC, municipality_code;
