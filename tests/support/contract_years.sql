-- name: clients
-- One to each aid, in the seven municipalities of Westfriesland.
INSERT INTO client (client_number, municipality_code)
SELECT 'C-' || lpad(n::text, 7, '0'), place.municipality_code
FROM generate_series(1, %(aids)s) AS n
JOIN (SELECT row_number() OVER (ORDER BY municipality_code) - 1 AS no, municipality_code
      FROM municipality_group_member) AS place ON place.no = n %% 7
ORDER BY n

-- name: devices
-- Placed in the course of five years.
INSERT INTO device (name, shard, kind, maker, model, municipality_code, postcode4, client_id,
                    registered_at)
SELECT 'sl-' || lpad(n::text, 6, '0'), n %% 64, CASE WHEN n %% 5 = 0 THEN 'scooter' ELSE 'stairlift' END,
       'Maker', 'M' || n %% 7, client.municipality_code, 1621, client_id,
       %(begin)s::timestamptz + n %% 1700 * interval '1 day'
FROM generate_series(1, %(aids)s) AS n
JOIN client ON client.client_number = 'C-' || lpad(n::text, 7, '0')
ORDER BY n

-- name: places
-- Where each is.
INSERT INTO device_lent_in SELECT device_id, municipality_code FROM device

-- name: deliveries
-- Each aid was ordered once; one in twenty late, one in fifty excused.
INSERT INTO commission (municipality_code, kind, client_id, postcode4, aid_kind, aid_type, price_cents,
                        received_at, registered_at, device_id, aid_source, done_at, ended_at, outcome,
                        due_at, due_without_delay_at)
SELECT municipality_code, 'delivery', client_id, postcode4, kind, 'Type ' || device_id %% 6, 250000,
       registered_at, registered_at, device_id,
       (ARRAY['new', 'reissued', 'partly_reissued'])[1 + device_id %% 3],
       done_at, done_at, 'done',
       registered_at + interval '28 days' + CASE WHEN device_id %% 50 = 0 THEN interval '20 days' ELSE interval '0' END,
       registered_at + interval '28 days'
FROM (SELECT *, registered_at + CASE WHEN device_id %% 20 = 0 THEN interval '34 days'
                                     ELSE interval '16 days' END AS done_at FROM device) AS device

-- name: collections
-- One in ten was an aid that came back.
INSERT INTO commission (municipality_code, kind, client_id, postcode4, aid_kind, received_at,
                        registered_at, done_at, ended_at, outcome)
SELECT municipality_code, 'collection', client_id, postcode4, kind, registered_at, registered_at,
       registered_at + interval '9 days', registered_at + interval '9 days', 'done'
FROM device WHERE device_id %% 10 = 0

-- name: tickets
-- A service and half a repair an aid and year, an emergency every twenty years.
INSERT INTO ticket (device_id, kind, what, priority, opened_at, reported_at, evidence_at, since,
                    on_site_due_at, repaired_due_at, on_site_at, repaired_at, released_at, closed_at,
                    breaches, unanswered, municipality_code, postcode4, client_id)
SELECT device_id, kind, CASE WHEN kind = 'repair' THEN 'fault' END, priority, at, at, at, at,
       CASE WHEN priority = 1 THEN at + interval '2 hours' END,
       CASE WHEN priority IS NOT NULL THEN at + interval '5 days' END,
       at + CASE WHEN n %% 30 = 0 THEN interval '3 hours' ELSE interval '1 hour' END,
       at + interval '2 days', CASE WHEN kind = 'emergency' THEN at + interval '3 hours' END,
       at + interval '2 days', 0, false, municipality_code, postcode4, client_id
FROM (
    SELECT n, 1 + n %% %(aids)s AS device_id, %(begin)s::timestamptz + n::bigint * 157788 / %(tickets)s * interval '1000 seconds' AS at,
           CASE WHEN n %% 32 = 0 THEN 'emergency' WHEN n %% 3 = 0 THEN 'repair' ELSE 'service' END AS kind,
           CASE WHEN n %% 32 = 0 THEN 1 WHEN n %% 3 = 0 THEN 2 + n %% 2 END AS priority
    FROM generate_series(1, %(tickets)s) AS n
) AS made
JOIN (SELECT device_id, municipality_code, postcode4, client_id FROM device) AS place USING (device_id)

-- name: reports
-- The first event of each; of one in a hundred repairs also a delay, so that its log is asked.
INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind, detail)
SELECT ticket_id, 1, opened_at, 'system:detector', 'opened',
       jsonb_build_object('priority', priority, 'municipality', municipality_code, 'postcode4', 1621)
FROM ticket

-- name: delays
-- A client's wish, with evidence.
INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind, detail)
SELECT ticket_id, 2, opened_at + interval '1 hour', 'desk', 'pause_begun',
       '{"pause": "p", "reason": "client_wish", "attributable": false, "evidence": "brief"}'
FROM ticket WHERE kind = 'repair' AND ticket_id %% 100 = 0

-- name: repairs
-- And its end.
INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind)
SELECT ticket_id, 3, repaired_at, 'desk', 'repaired' FROM ticket WHERE kind = 'repair' AND ticket_id %% 100 = 0

-- name: outcomes
-- What became of the terms of those without delays; the others' logs are to be asked.
UPDATE ticket
SET on_site_outcome = term_outcome(on_site_due_at, on_site_at, closed_at, NULL),
    on_site_certain_at = term_certain_at(on_site_due_at, on_site_at, closed_at),
    repaired_outcome = term_outcome(repaired_due_at, repaired_at, closed_at, NULL),
    repaired_certain_at = term_certain_at(repaired_due_at, repaired_at, closed_at)
WHERE priority IS NOT NULL AND NOT (kind = 'repair' AND ticket_id %% 100 = 0)

-- name: complaints
-- One for every two hundred aids and year.
INSERT INTO complaint (municipality_code, client_id, device_id, nature, via, text, received_at,
                       registered_at, take_up_due_at, handle_due_at, taken_up_at, handled_at, outcome)
SELECT municipality_code, client_id, device_id, 'repair_time', 'phone', 'Te laat', at, at,
       at + interval '7 days', at + interval '30 days', at + interval '2 days', at + interval '20 days', 'founded'
FROM (SELECT *, %(begin)s::timestamptz + device_id %% 1800 * interval '1 day' AS at FROM device
      WHERE device_id %% 40 = 0) AS device

-- name: answers
-- One aid in twenty.
INSERT INTO survey_answer (municipality_code, answered_on, occasion, aid_kind, via, overall)
SELECT municipality_code, (registered_at + interval '60 days')::date, 'delivery', kind, 'link', 5 + device_id %% 6
FROM device WHERE device_id %% 20 = 0

-- name: analyse
-- What the planner should know.
ANALYZE
