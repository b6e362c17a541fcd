-- name: accounts
-- People of the desk and mechanics, who start from all over the region.
INSERT INTO account (login, name, role)
SELECT 'mechanic-' || n, 'Mechanic ' || n, 'mechanic' FROM generate_series(1, 40) AS n

-- name: bases
-- Where mechanics start from.
INSERT INTO mechanic (account_id, postcode4)
SELECT account_id, 1620 + account_id %% 5 FROM account WHERE role = 'mechanic'

-- name: clients
-- One to each aid, so that numbers go together.
INSERT INTO client (client_number, municipality_code, wholly_dependent)
SELECT 'C-' || lpad(n::text, 7, '0'), place.municipality_code, n %% 3 = 0
FROM generate_series(1, %(aids)s) AS n
JOIN (SELECT row_number() OVER (ORDER BY postcode4) - 1 AS no, count(*) OVER () AS places,
             municipality_code FROM municipality_postcode) AS place
  ON place.no = n %% place.places
ORDER BY n

-- name: contacts
-- Who they are.
INSERT INTO client_contact (client_id, name, street, postcode, town, phone)
SELECT client_id, CASE client_id %% 200 WHEN 0 THEN 'Bakker' ELSE chr(65 + client_id %% 23) || 'oor' END
           || ' ' || client_id,
       'Dijk ' || client_id, '1621AB', 'Hoorn', '06-' || lpad(client_id::text, 8, '0')
FROM client

-- name: devices
-- Stairlifts above all; a few are not lent any more.
INSERT INTO device (name, shard, kind, maker, model, serial_number, municipality_code, postcode4,
                    client_id, registered_at, retired_at)
SELECT 'sl-' || lpad(n::text, 6, '0'), n %% 64,
       CASE WHEN n %% 10 = 0 THEN 'scooter' ELSE 'stairlift' END, 'Maker', 'M' || n %% 7,
       'SN' || lpad((n * 7919 %% 10000000)::text, 8, '0'), place.municipality_code, place.postcode4,
       client.client_id, %(now)s::timestamptz - interval '2 years',
       CASE WHEN n %% 100 = 99 THEN %(now)s::timestamptz - interval '30 days' END
FROM generate_series(1, %(aids)s) AS n
JOIN (SELECT row_number() OVER (ORDER BY postcode4) - 1 AS no, count(*) OVER () AS places,
             municipality_code, postcode4 FROM municipality_postcode) AS place
  ON place.no = n %% place.places
JOIN client ON client.client_number = 'C-' || lpad(n::text, 7, '0')
ORDER BY n

-- name: places
-- Where each is.
INSERT INTO device_lent_in SELECT device_id, municipality_code FROM device

-- name: presence
-- One in thirty is out of touch, one in two hundred never was.
INSERT INTO device_presence (device_id, session, online, reason, changed_at, firmware)
SELECT device_id, 1, device_id %% 30 <> 0,
       CASE WHEN device_id %% 30 <> 0 THEN 'connected' ELSE 'lost' END,
       %(now)s::timestamptz - device_id %% 40000 * interval '1 minute', '1.0'
FROM device WHERE device_id %% 200 <> 7

-- name: latest
-- What each said last.
INSERT INTO device_latest (device_id, outbox_no, seq, sample_no, measured_at, received_at,
                           position_mm, speed_mm_s, current_ma, battery_mv, seat, demand, mode,
                           landing, contacts, signals, fault)
SELECT device_id, device_id, 1000, 0, %(now)s::timestamptz - interval '1 minute',
       %(now)s::timestamptz - interval '1 minute', 100, 0, 300, 24600, 1, 0, 0, 1, 0, 0, NULL
FROM device

-- name: faults
-- One in fifty has a fault now, most had one.
INSERT INTO device_fault (device_id, code, maker_code, active, outbox_no, seq, changed_at)
SELECT device_id, code, '9', device_id %% 50 = 1 AND code = 'battery_low', 1, 1,
       %(now)s::timestamptz - device_id %% 30000 * interval '1 minute'
FROM device CROSS JOIN (VALUES ('battery_low'), ('charger'), ('carriage_up_edge')) AS known (code)

-- name: rides
-- Readings of one aid in five hundred: a ride now and then in a month, twice a second.
INSERT INTO status (shard, log_no, device_id, outbox_no, seq, sample_no, device_time, measured_at,
                    received_at, at_rest, position_mm, speed_mm_s, current_ma, battery_mv, seat,
                    demand, mode, landing, contacts, signals, fault)
SELECT shard, device_id * 10000 + no, device_id, device_id, no, 0, at, at, at, speed = 0,
       no %% 100 * 40, speed, 300 + speed * 80, 24600, 2, 1, 0,
       CASE WHEN speed = 0 THEN 1 ELSE 0 END, 0, 0, NULL
FROM (
    SELECT shard, device_id, no, CASE WHEN no %% 100 < 4 THEN 0 ELSE 100 END AS speed,
           %(now)s::timestamptz - (20 - no / 100) * interval '1 day' + no %% 100 * interval '500 ms'
               AS at
    FROM device CROSS JOIN generate_series(0, 1999) AS no
    WHERE device_id %% 500 = 20
) AS sample

-- name: tickets
-- Numbered as they were opened. Open ones, no two of one aid: active emergencies, ones whose rider is
-- out while the aid is not repaired, and the rest; a tenth of these has a term near or broken.
INSERT INTO ticket (device_id, kind, what, priority, dedup_key, opened_at, reported_at,
                    evidence_at, since, on_site_due_at, repaired_due_at, acknowledged_at,
                    unanswered, assigned_to, under_way_at, released_at, repaired_at, closed_at,
                    breach_at, breaches, municipality_code, postcode4, client_id)
SELECT device_id, kind, CASE WHEN kind = 'repair' THEN 'defect' END,
       CASE kind WHEN 'emergency' THEN 1 WHEN 'repair' THEN 2 + no %% 2 END,
       CASE WHEN closed OR (kind = 'emergency' AND no > 30) THEN NULL
            WHEN kind = 'repair' THEN 'repair:defect' ELSE kind END,
       opened_at, opened_at, opened_at, opened_at,
       CASE WHEN kind = 'emergency' THEN opened_at + interval '2 hours' END,
       CASE WHEN kind IN ('emergency', 'repair') THEN opened_at + interval '45 days' END,
       CASE WHEN acknowledged THEN opened_at + interval '3 minutes' END,
       NOT acknowledged,
       CASE WHEN acknowledged THEN (SELECT min(account_id) FROM account) + no %% 40 END,
       CASE WHEN acknowledged AND no %% 20 = 0 THEN opened_at + interval '5 minutes' END,
       CASE WHEN kind = 'emergency' AND (closed OR no > 30)
            THEN opened_at + interval '70 minutes' END,
       CASE WHEN closed THEN opened_at + interval '1 day' END,
       CASE WHEN closed THEN opened_at + interval '1 day' END,
       CASE WHEN NOT closed AND kind IN ('emergency', 'repair') THEN
           %(now)s::timestamptz + CASE WHEN no %% 10 = 1 THEN interval '4 hours'
                                       ELSE interval '9 days' END END,
       CASE WHEN no %% 50 = 2 THEN 1 ELSE 0 END, municipality_code, postcode4, client_id
FROM (
    SELECT no, false AS closed, 1 + no * 19 %% %(aids)s AS device_id,
           CASE WHEN no <= 130 THEN 'emergency' WHEN no %% 10 < 6 THEN 'repair'
                WHEN no %% 10 < 8 THEN 'service' WHEN no %% 10 = 8 THEN 'inspection'
                WHEN no %% 20 = 9 THEN 'complaint_visit' ELSE 'request' END AS kind,
           no %% 3 > 0 AS acknowledged,
           %(now)s::timestamptz - interval '1 minute'
               - CASE WHEN no <= 30 THEN no * interval '2 minutes'
                      WHEN no <= 130 THEN no * interval '1 hour'
                      ELSE no * interval '8 minutes' END AS opened_at
    FROM generate_series(1, %(open)s) AS no
    UNION ALL
    SELECT no, true, 1 + no * 31 %% %(aids)s,
           CASE WHEN no %% 10 = 0 THEN 'emergency' WHEN no %% 10 < 7 THEN 'repair'
                WHEN no %% 10 < 9 THEN 'service' ELSE 'request' END,
           true, %(now)s::timestamptz - interval '1 day'
               - no * (interval '700 days' / %(closed)s)
    FROM generate_series(1, %(closed)s) AS no
) AS wanted
JOIN (SELECT device_id, municipality_code, postcode4, client_id FROM device) AS place USING (device_id)
ORDER BY opened_at

-- name: events
-- What happened to each, in order, as far as it came.
INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind, detail)
SELECT ticket_id, row_number() OVER (PARTITION BY ticket_id ORDER BY step), opened_at + after,
       CASE WHEN step = 1 THEN 'system:watcher' ELSE 'mechanic-' || 1 + ticket_id %% 40 END, done,
       CASE done
           WHEN 'opened' THEN jsonb_strip_nulls(jsonb_build_object('priority', priority))
           WHEN 'reported' THEN '{"source": "phone", "text": "It stands still."}'
           WHEN 'noted' THEN '{"text": "Called back."}'
           WHEN 'assigned' THEN jsonb_build_object('account', assigned_to)
           WHEN 'closed' THEN '{"outcome": "done"}'
           ELSE '{}' END
FROM ticket
JOIN (VALUES (1, 'opened', interval '0'), (2, 'reported', interval '1 second'),
             (3, 'acknowledged', interval '3 minutes'), (4, 'assigned', interval '4 minutes'),
             (5, 'noted', interval '5 minutes'), (6, 'released', interval '70 minutes'),
             (7, 'repaired', interval '1 day'), (8, 'closed', interval '1 day'))
    AS script (step, done, after) ON CASE
        WHEN done = 'reported' THEN ticket_id %% 2 = 0
        WHEN done IN ('acknowledged', 'assigned') THEN acknowledged_at IS NOT NULL
        WHEN done = 'noted' THEN ticket_id %% 3 = 0
        WHEN done = 'released' THEN released_at IS NOT NULL
        WHEN done IN ('repaired', 'closed') THEN closed_at IS NOT NULL
        ELSE true END
ORDER BY opened_at + after, ticket_id, step

-- name: escalations
-- One to each open emergency and repair.
INSERT INTO escalation (ticket_id, kind, priority, opened_at, since)
SELECT ticket_id, kind, priority, opened_at, opened_at FROM ticket
WHERE kind IN ('emergency', 'repair') AND closed_at IS NULL

-- name: findings
-- What tickets of emergencies and repairs come from; and one notice, advice or signal for one aid in
-- fifty, most long over; a few suspicions.
INSERT INTO finding (device_id, detector, detector_version, dedup_key, level, since, found_at,
                     ended_at, reasons, evidence, ticket_id, what, asks, municipality_code,
                     postcode4)
SELECT device_id, detector, 1, key, level, found_at, found_at, ended_at,
       '[{"code": "rider_aboard"}]', '{"shard": 0, "log_nos": [1]}', ticket_id, what, asks,
       municipality_code, postcode4
FROM (
    SELECT device_id, 'watcher' AS detector, 'ticket:' || ticket_id AS key, 'certain' AS level,
           opened_at AS found_at, closed_at AS ended_at, ticket_id,
           CASE kind WHEN 'emergency' THEN 'stuck' ELSE 'fault' END AS what, kind AS asks
    FROM ticket WHERE kind IN ('emergency', 'repair') AND (closed_at IS NULL OR ticket_id %% 2 = 0)
    UNION ALL
    SELECT device_id, 'watcher', 'other:' || n, 'certain',
           %(now)s::timestamptz - n * interval '20 days' - device_id * interval '1 second',
           CASE WHEN n > 1 OR device_id %% 50 <> 3
                THEN %(now)s::timestamptz - n * interval '19 days' END,
           NULL, 'offline', (ARRAY['notice', 'advice', 'signal'])[1 + device_id %% 3]
    FROM device CROSS JOIN generate_series(1, 2) AS n
    UNION ALL
    SELECT device_id, 'stuck', 'suspicion', 'suspected', %(now)s::timestamptz - interval '1 minute',
           NULL, NULL, 'stuck', 'emergency'
    FROM device WHERE device_id <= 5
) AS wanted
JOIN (SELECT device_id, municipality_code, postcode4 FROM device) AS place USING (device_id)
ORDER BY found_at

-- name: incidents
-- Outages of the past, and three that last.
INSERT INTO incident (key, area, since, aids, found_at, ended_at)
SELECT 'area_outage:' || no, area, at, 60, at, CASE WHEN no > 3 THEN at + interval '2 hours' END
FROM (
    SELECT no, (ARRAY[1621, 2711, 1600])[1 + no %% 3] AS area,
           %(now)s::timestamptz - no * interval '1 day' AS at
    FROM generate_series(1, 300) AS no
) AS wanted
ORDER BY at

-- name: touched
-- The aids of each.
INSERT INTO incident_device (incident_id, device_id, lost_at, back_at)
SELECT incident_id, device_id, since, ended_at
FROM incident CROSS JOIN LATERAL (
    SELECT device_id FROM device WHERE device.postcode4 = area AND device_id %% 30 = 0
    ORDER BY device_id LIMIT 60
) AS near

-- name: notifications
-- Two to each emergency and open repair; a few wait, some were given up.
INSERT INTO notification (dedup_key, ticket_id, channel, recipient, payload, created_at,
                          next_attempt_at, attempts, delivered_at, given_up_at)
SELECT 'seed:' || ticket_id || ':' || n, ticket_id,
       CASE n WHEN 1 THEN 'person' ELSE 'email' END, 'mechanic-' || 1 + ticket_id %% 40, '{}',
       opened_at, CASE WHEN waits THEN %(now)s::timestamptz END, 1,
       CASE WHEN NOT waits AND ticket_id %% 500 <> 3 THEN opened_at + interval '2 seconds' END,
       CASE WHEN NOT waits AND ticket_id %% 500 = 3 THEN opened_at + interval '1 hour' END
FROM (SELECT *, closed_at IS NULL AND ticket_id %% 20 = 0 AS waits FROM ticket) AS ticket
CROSS JOIN generate_series(1, 2) AS n
WHERE kind = 'emergency' OR (kind = 'repair' AND (closed_at IS NULL OR ticket_id %% 4 = 0))
ORDER BY opened_at

-- name: deliveries
-- How each ended.
INSERT INTO delivery (notification_id, attempt, at, outcome, took_ms)
SELECT notification_id, 1, delivered_at, 'delivered', 200
FROM notification WHERE channel = 'email' AND delivered_at IS NOT NULL

-- name: quarantine
-- What could not be read; of calls for help, two of today.
INSERT INTO quarantine (received_at, topic, payload, reason, detail)
SELECT %(now)s::timestamptz - no * interval '10 minutes',
       'liftwacht/v1/0/sl-' || lpad(no::text, 6, '0')
           || CASE WHEN no %% 70 = 1 THEN '/call' ELSE '/status' END,
       '\x00', 'malformed', ''
FROM generate_series(1, 5000) AS no

-- name: looks
-- Somebody looks at the newest tickets.
INSERT INTO desk_presence (ticket_id, account_id, seen_at)
SELECT ticket_id, (SELECT min(account_id) FROM account), %(now)s
FROM ticket ORDER BY ticket_id DESC LIMIT 20

-- name: commissions
-- Two orders an aid in five years; one in forty is open.
INSERT INTO commission (municipality_code, kind, client_id, postcode4, aid_kind, device_id,
                        received_at, registered_at, due_at, due_without_delay_at, aid_source,
                        done_at, ended_at, outcome)
SELECT municipality_code, CASE n WHEN 1 THEN 'delivery' ELSE 'collection' END, client_id, postcode4,
       kind, device_id, received_at, received_at, received_at + interval '28 days',
       received_at + interval '28 days', CASE device_id %% 2 WHEN 0 THEN 'new' ELSE 'reissued' END,
       done_at, done_at, CASE WHEN done_at IS NOT NULL THEN 'done' END
FROM device
CROSS JOIN generate_series(1, 2) AS n
CROSS JOIN LATERAL (
    SELECT CASE WHEN (device_id + n) %% 40 = 0
                THEN %(now)s::timestamptz - device_id %% 40 * interval '1 day'
                ELSE %(now)s::timestamptz - (60 + device_id %% 1800) * interval '1 day' END
) AS moment (received_at)
CROSS JOIN LATERAL (
    SELECT CASE WHEN (device_id + n) %% 40 <> 0
                THEN received_at + (10 + device_id %% 25) * interval '1 day' END
) AS ended (done_at)

-- name: commission_events
-- Their logs.
INSERT INTO commission_event (commission_id, event_no, at, actor, kind)
SELECT commission_id, no, received_at + no * interval '1 day', 'desk', step.kind
FROM commission
CROSS JOIN (VALUES (1, 'received'), (2, 'contacted'), (3, 'fitted'), (4, 'confirmed')) AS step (no, kind)

-- name: complaints
-- One an aid in twenty; one in thirty of them is open.
INSERT INTO complaint (municipality_code, client_id, device_id, nature, via, text, received_at,
                       registered_at, take_up_due_at, handle_due_at, handled_at, outcome)
SELECT municipality_code, client_id, device_id, 'aid', 'phone', 'x', received_at, received_at,
       received_at + interval '7 days', received_at + interval '30 days',
       CASE WHEN device_id %% 600 <> 0 THEN received_at + interval '12 days' END,
       CASE WHEN device_id %% 600 <> 0 THEN 'founded' END
FROM device
CROSS JOIN LATERAL (
    SELECT %(now)s::timestamptz - (device_id %% 1800) * interval '1 day'
) AS moment (received_at)
WHERE device_id %% 20 = 0

-- name: complaint_events
-- Their logs.
INSERT INTO complaint_event (complaint_id, event_no, at, actor, kind)
SELECT complaint_id, no, received_at, 'desk', step.kind
FROM complaint CROSS JOIN (VALUES (1, 'received'), (2, 'taken_up')) AS step (no, kind)

-- name: answers
-- One an aid in five years.
INSERT INTO survey_answer (municipality_code, answered_on, occasion, aid_kind, via, overall, client_id)
SELECT municipality_code, (%(now)s::timestamptz - (device_id %% 1800) * interval '1 day')::date,
       'delivery', kind, 'paper', 1 + device_id %% 10,
       CASE WHEN device_id %% 3 = 0 THEN client_id END
FROM device

-- name: letters
-- Two for each complaint; of few the letters wait to be sent.
INSERT INTO letter (municipality_code, client_id, addressee, about, complaint_id, subject, body,
                    dedup_key, written_at, actor, sent_at, sent_by)
SELECT municipality_code, client_id, addressee, 'complaint_outcome', complaint_id, 'x', 'x',
       complaint_id || addressee, handled_at, 'desk',
       CASE WHEN complaint_id %% 50 <> 0 THEN handled_at END,
       CASE WHEN complaint_id %% 50 <> 0 THEN 'desk' END
FROM complaint
CROSS JOIN (VALUES ('client'), ('municipality')) AS whom (addressee)
WHERE handled_at IS NOT NULL

-- name: analyse
-- As autovacuum leaves a database that has been in use.
VACUUM (ANALYZE)
