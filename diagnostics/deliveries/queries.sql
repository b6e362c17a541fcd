-- name: insert_commission
-- A new commission; what follows from its log comes with its first event.
INSERT INTO commission (
    municipality_code, reference, kind, client_id, postcode4, aid_kind, aid_type, description,
    consultant, consultant_mail, exchange_of, price_cents, all_in, received_at, registered_at,
    device_id
)
SELECT client.municipality_code, %(reference)s, %(kind)s, client.client_id, %(postcode4)s,
       %(aid_kind)s, %(aid_type)s, %(description)s, %(consultant)s, %(consultant_mail)s,
       %(exchange_of)s, %(price_cents)s, %(all_in)s, %(received_at)s, %(now)s, %(device_id)s
FROM client
WHERE client_number = %(client_number)s
RETURNING commission_id;

-- name: find_registered
-- The commission that a request has registered before.
SELECT commission_id FROM commission_event
WHERE request_id = %(request_id)s::uuid AND kind = 'received';

-- name: handed_over
-- When the aid of a delivery to this client was handed over, if it was.
SELECT done_at, device_id FROM commission JOIN client USING (client_id)
WHERE commission_id = %(commission_id)s AND client_number = %(client_number)s
  AND kind IN ('delivery', 'reissue', 'exchange');

-- name: device_of
-- An aid by its name.
SELECT device_id, client_number FROM device LEFT JOIN client USING (client_id)
WHERE name = %(device)s;

-- name: lock_commission
-- One commission, locked until the transaction ends.
SELECT commission_id FROM commission WHERE commission_id = %(commission_id)s FOR NO KEY UPDATE;

-- name: read_commission
-- What does not follow from the log, and the contract terms of its municipality.
SELECT commission.commission_id, commission.municipality_code, commission.kind,
       commission.client_id, client_number, commission.aid_kind, commission.received_at,
       commission.reference, commission.consultant_mail,
       CASE WHEN commission.kind IN ('collection', 'dismantling', 'adaptation')
            THEN commission.device_id END AS given_device_id,
       exchanged.done_at AS exchanged_at, commission.version,
       (SELECT jsonb_agg(terms) FROM contract_terms
        WHERE contract_terms.municipality_code = commission.municipality_code) AS contracts
FROM commission
JOIN client USING (client_id)
LEFT JOIN commission AS exchanged ON exchanged.commission_id = commission.exchange_of
WHERE commission.commission_id = %(commission_id)s;

-- name: events
-- The log of a commission, as it was written.
SELECT event_no AS number, at, actor, kind, detail, happened_at, request_id::text AS request_id
FROM commission_event
WHERE commission_id = %(commission_id)s
ORDER BY event_no;

-- name: insert_event
-- Appends to the log; the commission's row is locked, so numbers do not race.
INSERT INTO commission_event (
    commission_id, event_no, at, happened_at, actor, kind, detail, request_id
) VALUES (
    %(commission_id)s, %(number)s, %(at)s, %(happened_at)s, %(actor)s, %(kind)s, %(detail)s,
    %(request_id)s::uuid
);

-- name: update_commission
-- Stores what follows from a longer log.
UPDATE commission
SET device_id = %(device_id)s,
    aid_source = %(aid_source)s,
    aid_first_used_on = %(aid_first_used_on)s,
    lifetime_left_months = %(lifetime_left_months)s,
    contacted_at = %(contacted_at)s,
    fitted_at = %(fitted_at)s,
    confirmed_at = %(confirmed_at)s,
    supplied_at = %(supplied_at)s,
    loan_signed_at = %(loan_signed_at)s,
    done_at = %(done_at)s,
    ended_at = %(ended_at)s,
    outcome = %(outcome)s,
    paused = %(paused)s,
    expected_on = %(expected_on)s,
    contact_due_at = %(contact_due_at)s,
    confirm_due_at = %(confirm_due_at)s,
    due_at = %(due_at)s,
    due_without_delay_at = %(due_without_delay_at)s,
    breach_at = %(breach_at)s,
    breaches = %(breaches)s,
    next_clock_at = %(next_clock_at)s,
    clocked_at = %(now)s,
    version = %(version)s
WHERE commission_id = %(commission_id)s;

-- name: claim_clock
-- Takes the commission whose clocks are due first, also if a clock that ran ahead worked that out.
SELECT commission_id FROM commission
WHERE next_clock_at <= %(now)s
ORDER BY next_clock_at
LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED;

-- name: postpone_clock
-- Looks at a commission's clocks again then.
UPDATE commission SET next_clock_at = %(until)s WHERE commission_id = %(commission_id)s;

-- name: insert_letter
-- Writes a letter, once.
INSERT INTO letter (
    municipality_code, client_id, addressee, mail, about, commission_id, complaint_id, language,
    subject, body, dedup_key, written_at, actor
) VALUES (
    %(municipality_code)s, %(client_id)s, %(addressee)s, %(mail)s, %(about)s, %(commission_id)s,
    %(complaint_id)s, %(language)s, %(subject)s, %(body)s, %(dedup_key)s, %(now)s, %(actor)s
)
ON CONFLICT (dedup_key) DO NOTHING
RETURNING letter_id;

-- name: lend
-- With the hand-over the aid is that client's, where they live.
UPDATE device
SET client_id = commission.client_id, municipality_code = commission.municipality_code,
    postcode4 = commission.postcode4,
    lent_on = (commission.done_at AT TIME ZONE 'Europe/Amsterdam')::date,
    first_used_on = coalesce(device.first_used_on,
        least(aid_first_used_on, (commission.done_at AT TIME ZONE 'Europe/Amsterdam')::date))
FROM commission
WHERE commission.commission_id = %(commission_id)s AND device.device_id = %(device_id)s;

-- name: history_on
-- On which day what comes next happened, for the history of who had the aid.
SELECT set_config('liftwacht.on',
    coalesce((done_at AT TIME ZONE 'Europe/Amsterdam')::date::text, ''), true)
FROM commission WHERE commission_id = %(commission_id)s;

-- name: history_today
-- What comes next happens today.
SELECT set_config('liftwacht.on', '', true);

-- name: take_back
-- With the collection it is nobody's.
UPDATE device SET client_id = NULL WHERE device_id = %(device_id)s;

-- name: insert_file
-- Stores a file of a commission; the same content once.
INSERT INTO commission_file (
    commission_id, kind, name, media_type, sha256, bytes, content, stored_at, actor
) VALUES (
    %(commission_id)s, %(kind)s, %(name)s, %(media_type)s, %(sha256)s, %(bytes)s, %(content)s,
    %(now)s, %(actor)s
)
ON CONFLICT ON CONSTRAINT commission_file_once DO NOTHING
RETURNING file_id;

-- name: tell
-- News for a municipality: for those of its people who chose so, its systems, and a mail address; once.
-- (The key is not named as the one that may be there: who writes may not read.)
INSERT INTO notification (
    dedup_key, channel, recipient, payload, created_at, next_attempt_at, municipality_code
)
SELECT 'news:' || %(key)s || ':' || recipient, channel, recipient, payload, %(now)s, %(now)s,
       %(code)s
FROM (
    SELECT 'person' AS channel, login AS recipient, %(message)s::jsonb AS payload
    FROM account JOIN portal_choice USING (account_id)
    WHERE municipality_code = %(code)s AND portal_choice.kind = %(kind)s AND disabled_at IS NULL
    UNION ALL
    SELECT 'webhook', 'webhook', %(event)s::jsonb
    UNION ALL
    SELECT 'email', %(mailbox)s::text, %(message)s::jsonb || %(brings)s::jsonb
    WHERE %(mailbox)s::text IS NOT NULL
) AS news
ON CONFLICT DO NOTHING;

-- name: announce
-- Tells senders that there is something to send, at commit.
SELECT pg_notify('liftwacht_notification', '');
