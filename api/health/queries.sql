-- name: schema_version
-- How far this database was migrated.
SELECT max(version) AS version FROM schema_migration

-- name: listeners
-- The workers that listen to the broker, by their shards.
SELECT worker, holder, first_shard, last_shard, listening_since, beat_at
FROM listener
ORDER BY first_shard, worker

-- name: bridges
-- Bridges between a broker and JetStream that were well within a day.
SELECT process, beat_at, detail FROM heartbeat
WHERE starts_with(process, 'bridge ') AND beat_at > %(after)s
ORDER BY process

-- name: engine
-- The shard that waits longest counts: an emergency there is as bad as anywhere.
SELECT min(cycled_at) AS cycled_at,
       count(*) FILTER (WHERE cycled_at IS NULL) AS never
FROM diagnosis_cursor

-- name: analysis
-- The slow lane: when each shard had its turn, and how far it is behind the log.
SELECT min(cycled_at) AS cycled_at,
       count(*) FILTER (WHERE cycled_at IS NULL) AS never,
       (SELECT count(*) FROM misuse_trouble) AS signals_waiting,
       coalesce((SELECT max((detail ->> 'lag_s')::float) FROM heartbeat
                 WHERE part = 'analysis' AND beat_at > %(alive_since)s), 0) AS lag_s
FROM analysis_cursor

-- name: notifications
-- What should have been sent by now, and what nobody tries to send any more.
SELECT count(*) FILTER (WHERE next_attempt_at < %(overdue_before)s) AS overdue,
       (SELECT count(*) FROM notification
        WHERE given_up_at > %(given_up_after)s) AS given_up,
       (SELECT coalesce(array_agg(name ORDER BY name), '{}') FROM unreachable_on_call)
           AS unreachable,
       (SELECT coalesce(array_agg(name ORDER BY name), '{}') FROM alarm_centre
        WHERE enabled AND link_failing_since IS NOT NULL) AS centres_failing
FROM notification
WHERE next_attempt_at IS NOT NULL

-- name: calls_unread
-- Calls for help that nobody judged: they lie in quarantine.
SELECT count(*) AS unread FROM quarantine
WHERE received_at > %(after)s AND topic LIKE 'liftwacht/v1/%%/call'

-- name: escalation
-- When the lane that calls people was last heard of.
SELECT max(beat_at) AS beat_at FROM heartbeat WHERE part = 'escalation'

-- name: self_test
-- The newest call of the test lift.
SELECT ended_at AS at, heard_at IS NOT NULL AS passed,
       round(extract(epoch FROM heard_at - called_at), 2)::float AS took_s
FROM self_test
ORDER BY ended_at DESC
LIMIT 1

-- name: troubles
-- What is ill by the platform's own watch.
SELECT part, detail, since, paged_at FROM platform_trouble WHERE ended_at IS NULL ORDER BY since

-- name: objectives
-- How the platform stands to what it promises itself, as its own watch measured it.
SELECT name, label, value, detail, missed_since, measured_at FROM objective_state
ORDER BY name, label

-- name: beat
-- The desk's pages are there.
INSERT INTO heartbeat (process, part, beat_at) VALUES ('api', 'api', %(now)s)
ON CONFLICT (process) DO UPDATE SET beat_at = excluded.beat_at
