-- name: municipalities
-- What the variable offers.
SELECT code AS __value, name AS __text FROM dashboard.municipality ORDER BY name

-- name: devices
-- What the variable offers: aids of the municipalities chosen.
SELECT device FROM dashboard.device
WHERE municipality_code IN (${municipality:sqlstring}) AND NOT retired ORDER BY device

-- name: aids_by_kind
-- How many aids there are, and of them connected.
SELECT kind, count(*) AS aids, count(*) FILTER (WHERE online) AS connected
FROM dashboard.device
WHERE municipality_code IN (${municipality:sqlstring}) AND NOT retired
GROUP BY kind ORDER BY kind

-- name: connected_share
-- Which share is connected now.
SELECT count(*) FILTER (WHERE online)::float8 / greatest(count(*), 1) AS connected
FROM dashboard.device WHERE municipality_code IN (${municipality:sqlstring}) AND NOT retired

-- name: silent_aids
-- Aids without a connection, the longest first.
SELECT device, kind, municipality, online_since AS since, heard_at
FROM dashboard.device
WHERE municipality_code IN (${municipality:sqlstring}) AND NOT retired AND NOT coalesce(online, false)
ORDER BY online_since NULLS FIRST LIMIT 200

-- name: active_faults
-- Aids that say they have a fault.
SELECT device, kind, municipality, fault, heard_at
FROM dashboard.device
WHERE municipality_code IN (${municipality:sqlstring}) AND NOT retired AND fault IS NOT NULL
ORDER BY heard_at DESC LIMIT 200

-- name: rides_by_day
-- Rides of the fleet.
SELECT day::timestamptz AS time, sum(rides)::bigint AS rides
FROM dashboard.ride_day
WHERE municipality_code IN (${municipality:sqlstring}) AND $__timeFilter(day)
GROUP BY day ORDER BY day

-- name: open_tickets
-- What is open, by kind and priority.
SELECT kind || coalesce(' P' || priority, '') AS kind, count(*) AS open
FROM dashboard.ticket
WHERE municipality_code IN (${municipality:sqlstring}) AND closed_at IS NULL
GROUP BY 1 ORDER BY 1

-- name: device_position
-- Where it was, and how fast.
SELECT measured_at AS time, position_mm, speed_mm_s
FROM dashboard.reading
WHERE device = ${device:sqlstring} AND $__timeFilter(received_at) ORDER BY measured_at LIMIT 5000

-- name: device_battery
-- Its battery.
SELECT measured_at AS time, battery_mv / 1000.0 AS battery_v
FROM dashboard.reading
WHERE device = ${device:sqlstring} AND $__timeFilter(received_at) AND battery_mv IS NOT NULL
ORDER BY measured_at LIMIT 5000

-- name: device_current
-- What its motor drew.
SELECT measured_at AS time, current_ma / 1000.0 AS current_a
FROM dashboard.reading
WHERE device = ${device:sqlstring} AND $__timeFilter(received_at) AND current_ma IS NOT NULL
ORDER BY measured_at LIMIT 5000

-- name: device_rides
-- Its rides, day by day.
SELECT day::timestamptz AS time, rides, stops
FROM dashboard.ride_day WHERE device = ${device:sqlstring} AND $__timeFilter(day) ORDER BY day

-- name: device_faults
-- Its faults.
SELECT measured_at AS time, code, edge FROM dashboard.fault
WHERE device = ${device:sqlstring} AND $__timeFilter(received_at)
ORDER BY measured_at DESC LIMIT 200

-- name: device_findings
-- What was found in it; signals about use are for people to weigh, and not here.
SELECT found_at AS time, detector, what, asks, level, ended_at FROM dashboard.finding
WHERE device = ${device:sqlstring} AND $__timeFilter(found_at) ORDER BY found_at DESC LIMIT 200

-- name: device_tickets
-- Its tickets.
SELECT opened_at AS time, ticket_id, kind, what, priority, stage FROM dashboard.ticket
WHERE device = ${device:sqlstring} ORDER BY opened_at DESC LIMIT 50

-- name: emergencies_open
-- Emergencies whose rider is not safe yet.
SELECT count(*) AS open, count(*) FILTER (WHERE unanswered) AS unanswered
FROM dashboard.ticket
WHERE kind = 'emergency' AND released_at IS NULL AND closed_at IS NULL
  AND municipality_code IN (${municipality:sqlstring})

-- name: emergencies_by_day
-- Emergencies, day by day.
SELECT date_trunc('day', opened_at, 'Europe/Amsterdam') AS time, count(*) AS emergencies
FROM dashboard.ticket
WHERE kind = 'emergency' AND municipality_code IN (${municipality:sqlstring})
  AND $__timeFilter(opened_at)
GROUP BY 1 ORDER BY 1

-- name: response_times
-- Minutes until somebody took it on, was there, and had the rider safe: half were quicker.
SELECT date_trunc('week', opened_at, 'Europe/Amsterdam') AS time,
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM acknowledged_at - opened_at) / 60) AS acknowledged_min,
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM on_site_at - reported_at) / 60) AS on_site_min,
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM released_at - opened_at) / 60) AS released_min
FROM dashboard.ticket
WHERE kind = 'emergency' AND municipality_code IN (${municipality:sqlstring})
  AND $__timeFilter(opened_at)
GROUP BY 1 ORDER BY 1

-- name: on_site_in_time
-- Of priority 1: the share where somebody was there in time, as the contract's figures count it.
SELECT count(*) FILTER (WHERE outcome <> 'missed')::float8 / nullif(count(*), 0) AS in_time
FROM dashboard.outcome
WHERE measure = 'on_site' AND priority = 1
  AND municipality_code IN (${municipality:sqlstring}) AND $__timeFilter(decided_at)

-- name: emergencies_listed
-- The newest.
SELECT opened_at AS time, ticket_id, device, stage,
    extract(epoch FROM acknowledged_at - opened_at)::float8 AS acknowledged_s,
    extract(epoch FROM on_site_at - reported_at)::float8 AS on_site_s,
    extract(epoch FROM released_at - opened_at)::float8 AS released_s
FROM dashboard.ticket
WHERE kind = 'emergency' AND municipality_code IN (${municipality:sqlstring})
  AND $__timeFilter(opened_at)
ORDER BY opened_at DESC LIMIT 200

-- name: findings_by_detector
-- How much each detector found: one that falls silent or floods is ill.
SELECT day::timestamptz AS time, detector AS metric, sum(findings)::bigint AS findings
FROM dashboard.detector_day WHERE $__timeFilter(day) GROUP BY day, detector ORDER BY day, detector

-- name: detectors
-- What became of it.
SELECT detector, max(detector_version) AS version, sum(findings)::bigint AS findings,
    sum(certain)::bigint AS certain, sum(passed)::bigint AS passed, sum(tickets)::bigint AS tickets,
    max(day)::timestamptz AS last_on
FROM dashboard.detector_day WHERE $__timeFilter(day) GROUP BY detector ORDER BY detector

-- name: findings_by_ask
-- What was asked for: help, repair, advice, a notice; or a signal was given.
SELECT day::timestamptz AS time, asks AS metric, sum(findings)::bigint AS findings
FROM dashboard.detector_day WHERE $__timeFilter(day) GROUP BY day, asks ORDER BY day, asks

-- name: stored_by_hour
-- Messages stored since the books were closed before.
SELECT at AS time, messages FROM dashboard.stored_hour WHERE $__timeFilter(at) ORDER BY at

-- name: workers
-- Who hears the lifts.
SELECT worker, first_shard, last_shard, listening_since, beat_at, received, stored, duplicate,
    quarantined, waiting
FROM dashboard.listener ORDER BY first_shard, worker

-- name: books
-- What came in, and what became of it.
SELECT stage, made, done, waiting, missing FROM dashboard.account

-- name: lags
-- How far each shard is behind, the worst first.
SELECT lane, shard, unread, lag_s FROM dashboard.shard_lag ORDER BY lag_s DESC, lane, shard LIMIT 128

-- name: quarantined_by_hour
-- What could not be stored, and why.
SELECT hour AS time, reason AS metric, sum(messages)::bigint AS messages
FROM dashboard.quarantine_hour WHERE $__timeFilter(hour) GROUP BY hour, reason ORDER BY hour, reason

-- name: clocks
-- Aids whose clock is off, the worst first.
SELECT device, kind, clock_skew_ms / 1000.0 AS clock_skew_s, firmware FROM dashboard.device
WHERE municipality_code IN (${municipality:sqlstring}) AND NOT retired AND clock_skew_ms > 5000
ORDER BY clock_skew_ms DESC LIMIT 200

-- name: delays
-- How old the newest word of each aid was when it came.
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY delay_s) AS half_s,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY delay_s) AS slowest_5_percent_s
FROM dashboard.device
WHERE municipality_code IN (${municipality:sqlstring}) AND heard_at > now() - INTERVAL '1 hour'

-- name: firmware
-- Which firmware there is.
SELECT coalesce(nullif(firmware, ''), '?') AS firmware, count(*) AS aids FROM dashboard.device
WHERE municipality_code IN (${municipality:sqlstring}) AND NOT retired GROUP BY 1 ORDER BY 2 DESC

-- name: missing_values
-- Of the last hour's readings of up to 10,000: which share lacks a value that the kind may have.
SELECT (1 - count(position_mm)::float8 / greatest(count(*), 1)) AS position,
    (1 - count(current_ma)::float8 / greatest(count(*), 1)) AS current,
    (1 - count(battery_mv)::float8 / greatest(count(*), 1)) AS battery
FROM (
    SELECT position_mm, current_ma, battery_mv FROM dashboard.reading
    WHERE municipality_code IN (${municipality:sqlstring})
      AND received_at > now() - INTERVAL '1 hour'
    LIMIT 10000
) AS recent

-- name: municipality_figures
-- The figures of each municipality in the period; shares of what was decided in it, as in the portal.
SELECT municipality.name AS municipality,
    (SELECT count(*) FROM dashboard.device
     WHERE device.municipality_code = municipality.code AND NOT retired) AS aids,
    happened.emergencies, happened.repairs, decided.on_site_in_time, decided.repaired_in_time
FROM dashboard.municipality
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'emergency') AS emergencies,
        count(*) FILTER (WHERE kind = 'repair') AS repairs
    FROM dashboard.ticket
    WHERE ticket.municipality_code = municipality.code AND $__timeFilter(reported_at)
) AS happened
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE measure = 'on_site' AND outcome <> 'missed')::float8
            / nullif(count(*) FILTER (WHERE measure = 'on_site'), 0) AS on_site_in_time,
        count(*) FILTER (WHERE measure = 'repaired' AND outcome <> 'missed')::float8
            / nullif(count(*) FILTER (WHERE measure = 'repaired'), 0) AS repaired_in_time
    FROM dashboard.outcome
    WHERE outcome.municipality_code = municipality.code AND $__timeFilter(decided_at)
      AND ((measure = 'on_site' AND priority = 1) OR (measure = 'repaired' AND priority IN (2, 3)))
) AS decided
WHERE municipality.code IN (${municipality:sqlstring})
ORDER BY municipality.name

-- name: rides_by_municipality
-- Rides, by municipality.
SELECT day::timestamptz AS time, municipality.name AS metric, sum(rides)::bigint AS rides
FROM dashboard.ride_day JOIN dashboard.municipality ON municipality.code = municipality_code
WHERE municipality_code IN (${municipality:sqlstring}) AND $__timeFilter(day)
GROUP BY day, municipality.name ORDER BY day, municipality.name

-- name: objectives
-- How the platform stands to what it promises itself.
SELECT name, label, value, missed_since, measured_at FROM dashboard.objective_state
ORDER BY missed_since NULLS LAST, name, label

-- name: objective_history
-- How it stood.
SELECT at AS time, name || coalesce(' ' || nullif(label, ''), '') AS metric, value
FROM dashboard.objective_reading
WHERE name IN ('evidence_to_ticket', 'shard_lag', 'notification_delay', 'outbox_age')
  AND $__timeFilter(at)
ORDER BY at, metric

-- name: troubles
-- What was ill, and since when.
SELECT since AS time, part, detail, paged_at, ended_at FROM dashboard.trouble
WHERE $__timeFilter(since) ORDER BY since DESC LIMIT 100

-- name: messages_by_channel
-- What was sent to people and systems.
SELECT channel, sum(made)::bigint AS made, sum(sent)::bigint AS sent,
    sum(given_up)::bigint AS given_up, sum(waiting)::bigint AS waiting,
    max(delay_p95_s) AS slowest_delay_s
FROM dashboard.message_day WHERE $__timeFilter(day) GROUP BY channel ORDER BY channel
