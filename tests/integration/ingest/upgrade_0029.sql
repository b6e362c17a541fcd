-- name: people
-- As a database of schema version 29 held it: an aid that was lent in Hoorn, and then in Medemblik.
INSERT INTO client (client_number, municipality_code) VALUES ('C-1', 'GM0405'), ('C-2', 'GM0420')

-- name: aids
-- The second is with nobody.
INSERT INTO device (name, shard, municipality_code, postcode4, client_id, registered_at)
VALUES ('sl-1', 1, 'GM0420', 1671, 2, '2026-01-01'), ('sl-2', 2, 'GM0405', 1621, NULL, '2026-01-01')

-- name: orders
-- Two hand-overs, with a collection between them.
INSERT INTO commission (municipality_code, kind, client_id, postcode4, aid_kind, received_at,
                        registered_at, device_id, aid_source, done_at, ended_at, outcome, due_at,
                        due_without_delay_at)
VALUES ('GM0405', 'delivery', 1, 1621, 'stairlift', '2026-01-01', '2026-01-01', 1, 'new', '2026-01-20',
        '2026-01-20', 'done', '2026-01-29', '2026-01-29'),
       ('GM0405', 'collection', 1, 1621, 'stairlift', '2026-05-01', '2026-05-01', 1, NULL, '2026-05-05',
        '2026-05-05', 'done', '2026-05-15', '2026-05-15'),
       ('GM0420', 'reissue', 2, 1671, 'stairlift', '2026-05-10', '2026-05-10', 1, 'reissued',
        '2026-06-20', '2026-06-20', 'done', '2026-06-09', '2026-06-09')

-- name: tickets
-- One in Hoorn whose log does not say where, one in Medemblik with a history, one of nobody, one open.
INSERT INTO ticket (device_id, kind, what, priority, dedup_key, opened_at, reported_at, evidence_at,
                    since, on_site_due_at, repaired_due_at, on_site_at, released_at, repaired_at,
                    closed_at, unanswered)
VALUES (1, 'emergency', NULL, 1, NULL, '2026-03-01 10:00+00', '2026-03-01 10:00+00', '2026-03-01 10:00+00',
        '2026-03-01 10:00+00', '2026-03-01 12:00+00', '2026-03-02 23:00+00', '2026-03-01 11:00+00',
        '2026-03-01 11:10+00', '2026-03-03 10:00+00', '2026-03-03 10:00+00', false),
       (1, 'repair', 'fault', 3, NULL, '2026-07-01 10:00+00', '2026-07-01 10:00+00', '2026-07-01 10:00+00',
        '2026-07-01 10:00+00', NULL, '2026-07-20 22:00+00', NULL, NULL, '2026-07-15 10:00+00',
        '2026-07-15 10:00+00', false),
       (1, 'service', NULL, NULL, NULL, '2026-05-07 10:00+00', '2026-05-07 10:00+00',
        '2026-05-07 10:00+00', '2026-05-07 10:00+00', NULL, NULL, NULL, NULL, NULL,
        '2026-05-07 12:00+00', false),
       (2, 'repair', 'battery', 2, 'repair:battery', '2026-07-01 10:00+00', '2026-07-01 10:00+00',
        '2026-07-01 10:00+00', '2026-07-01 10:00+00', NULL, '2026-07-03 22:00+00', NULL, NULL, NULL, NULL,
        true)

-- name: events
-- Their logs.
INSERT INTO ticket_event (ticket_id, event_no, at, actor, kind, detail)
VALUES (1, 1, '2026-03-01 10:00+00', 'system:stuck', 'opened', '{}'),
       (1, 2, '2026-03-01 11:00+00', 'bas', 'on_site', '{}'),
       (1, 3, '2026-03-01 11:10+00', 'bas', 'released', '{"how": "mechanic_on_site"}'),
       (1, 4, '2026-03-03 10:00+00', 'bas', 'repaired', '{}'),
       (1, 5, '2026-03-03 10:00+00', 'bas', 'closed', '{"outcome": "repaired"}'),
       (2, 1, '2026-07-01 10:00+00', 'system:watcher', 'opened',
        '{"priority": 3, "municipality": "GM0420", "postcode4": 1671}'),
       (2, 2, '2026-07-02 10:00+00', 'desk', 'pause_begun',
        '{"pause": "p", "reason": "client_wish", "attributable": false, "evidence": "brief"}'),
       (2, 3, '2026-07-14 10:00+00', 'desk', 'pause_ended', '{"pause": "p"}'),
       (2, 4, '2026-07-15 10:00+00', 'bas', 'repaired', '{}'),
       (2, 5, '2026-07-15 10:00+00', 'bas', 'closed', '{"outcome": "repaired"}'),
       (3, 1, '2026-05-07 10:00+00', 'desk', 'reported', '{}'),
       (4, 1, '2026-07-01 10:00+00', 'system:watcher', 'opened', '{"priority": 2}')

-- name: findings
-- What a detector found in Hoorn.
INSERT INTO finding (device_id, detector, detector_version, dedup_key, level, since, found_at, reasons,
                     evidence, what, asks)
VALUES (1, 'battery', 1, 'b', 'certain', '2026-04-01', '2026-04-01', '[]', '{}', 'battery', 'advice')

-- name: rides
-- Ten weeks of rides, three a day.
INSERT INTO usage (shard, log_no, device_id, outbox_no, seq, device_time, measured_at, received_at,
                   duration_ms, distance_mm, direction, start_landing, end_landing, load_class, seat,
                   stops)
SELECT 1, row_number() OVER (), 1, 1, 1, at, at - interval '5 hours', at, 40000, 4700, 'up', 0, 2, 'one',
       1, 0
FROM generate_series('2026-05-01'::timestamptz, '2026-07-10', interval '8 hours') AS at

-- name: readings
-- And some readings.
INSERT INTO status (shard, log_no, device_id, outbox_no, seq, sample_no, device_time, measured_at,
                    received_at, at_rest, seat, demand, mode, landing, contacts, signals)
SELECT 1, row_number() OVER (), 1, 1, 1, 0, at, at, at, false, 1, 1, 0, 1, 0, 0
FROM generate_series('2026-07-01'::timestamptz, '2026-07-03', interval '10 minutes') AS at
