-- name: page
-- A page of cases, newest first. A municipality sees those that it was told of.
SELECT case_id, misuse_case.kind, item, stage, outcome, decision, unreviewed, client_heard,
       misuse_case.since, opened_at, reported_at, decide_by, decided_at, closed_at,
       misuse_case.version, visit_ticket_id, aid.name AS device, aid.kind AS device_kind,
       client_number, misuse_case.municipality_code, municipality.name AS municipality_name
FROM misuse_case
JOIN aid USING (device_id)
JOIN municipality ON municipality.code = misuse_case.municipality_code
LEFT JOIN client ON client.client_id = misuse_case.client_id
WHERE (%(before)s::bigint IS NULL OR case_id < %(before)s)
  AND (%(stages)s::text[] IS NULL OR stage = ANY (%(stages)s))
  AND (%(kind)s::text IS NULL OR misuse_case.kind = %(kind)s)
  AND (%(municipality)s::text IS NULL OR misuse_case.municipality_code = %(municipality)s)
  AND (%(device)s::text IS NULL OR aid.name = %(device)s)
  AND (%(client)s::text IS NULL OR client_number = %(client)s)
  AND (%(overdue_at)s::timestamptz IS NULL
       OR stage = 'reported' AND decide_by < %(overdue_at)s)
ORDER BY case_id DESC
LIMIT %(limit)s

-- name: one
-- What the page of a case tells beside its log.
SELECT aid.kind AS device_kind, aid.maker, aid.model, aid.serial_number,
       municipality.name AS municipality_name
FROM misuse_case
JOIN aid USING (device_id)
JOIN municipality ON municipality.code = misuse_case.municipality_code
WHERE case_id = %(case_id)s

-- name: names
-- Who accounts are, as far as one may see.
SELECT login, name FROM account WHERE login = ANY (%(logins)s)

-- name: told
-- Who was told of a case by mail, and what came of it.
SELECT substr(recipient, 9) AS address, payload ->> 'kind' AS kind, created_at, delivered_at,
       given_up_at, last_error
FROM notification
WHERE misuse_case_id = %(case_id)s AND channel = 'email'
ORDER BY notification_id

-- name: visit_photos
-- Photographs of the visit that was made for a case, or on which it was signalled.
SELECT ticket_id, attachment_id, name, media_type, sha256, bytes, attached_at
FROM attachment
WHERE ticket_id = ANY (%(tickets)s) AND media_type LIKE 'image/%%'
ORDER BY attachment_id

-- name: counts
-- How many cases wait for whom.
SELECT count(*) FILTER (WHERE stage IN ('signalled', 'visit')) AS review,
       count(*) FILTER (WHERE stage = 'reported') AS reported,
       count(*) FILTER (WHERE stage = 'reported' AND decide_by < %(now)s) AS overdue
FROM misuse_case WHERE closed_at IS NULL

-- name: figures
-- What became of signals, by detector and kind of use; of people's by where they came from. Each
-- case counts once for each of them.
WITH signal AS (
    SELECT DISTINCT case_id, coalesce(detail ->> 'detector', detail ->> 'source') AS source,
           detail ->> 'what' AS what, detail ? 'detector' AS detected
    FROM misuse_event WHERE misuse_event.kind = 'signalled'
)
SELECT source, what, detected, count(*) AS cases,
       count(*) FILTER (WHERE stage IN ('signalled', 'visit')) AS waiting,
       count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
       count(*) FILTER (WHERE outcome = 'unfounded') AS unfounded,
       count(*) FILTER (WHERE stage = 'reported') AS undecided,
       count(*) FILTER (WHERE decision IS NOT NULL AND decision <> 'unfounded') AS upheld
FROM signal
JOIN misuse_case USING (case_id)
GROUP BY source, what, detected
ORDER BY detected DESC, source, what

-- name: judged
-- Signals of detectors on which people have given their verdict, in order.
SELECT case_id, misuse_event.at, misuse_event.detail, device.name AS device,
       device.kind AS device_kind, misuse_case.outcome, misuse_case.decision,
       (SELECT verdict.detail ->> 'reason' FROM misuse_event AS verdict
        WHERE verdict.case_id = misuse_case.case_id AND verdict.kind = 'rejected') AS reason
FROM misuse_case
JOIN misuse_event USING (case_id)
JOIN device USING (device_id)
WHERE misuse_event.kind = 'signalled' AND misuse_event.detail ? 'detector'
  AND (misuse_case.outcome IN ('rejected', 'unfounded') OR misuse_case.decision IS NOT NULL)
ORDER BY case_id, event_no
