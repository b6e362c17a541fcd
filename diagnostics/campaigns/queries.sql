-- name: package
-- Whether there is a package of that version.
SELECT version FROM package WHERE version = %(version)s;

-- name: insert_campaign
-- A campaign, not yet with its aids.
INSERT INTO campaign (
    name, package_id, settings, aids, plan, state, created_at, created_by, judged_since, next_look_at,
    fleet
) VALUES (
    %(name)s, (SELECT package_id FROM package WHERE version = %(version)s), %(settings)s, %(aids)s,
    %(plan)s, 'running', %(now)s, %(actor)s, %(now)s, %(now)s,
    (SELECT count(*) FROM device_presence)
)
RETURNING campaign_id;

-- name: aids
-- The aids that are meant: registered, not the test lift, and running something else than it brings.
SELECT device_id, device.name
FROM device LEFT JOIN device_presence USING (device_id)
WHERE retired_at IS NULL AND NOT test AND barred_at IS NULL
  AND (%(kinds)s::text[] IS NULL OR device.kind = ANY (%(kinds)s))
  AND (%(makers)s::text[] IS NULL OR maker = ANY (%(makers)s))
  AND (%(municipalities)s::text[] IS NULL OR municipality_code = ANY (%(municipalities)s))
  AND (%(versions)s::text[] IS NULL OR coalesce(firmware, '') = ANY (%(versions)s))
  AND coalesce(firmware, '') IS DISTINCT FROM %(version)s;

-- name: insert_members
-- Who is in it, each in a ring.
INSERT INTO campaign_member (campaign_id, device_id, ring)
SELECT %(campaign_id)s, device_id, ring
FROM unnest(%(device_ids)s::int[], %(rings)s::smallint[]) AS member (device_id, ring);

-- name: insert_event
-- Who did what with it.
INSERT INTO campaign_event (campaign_id, at, actor, kind, detail)
VALUES (%(campaign_id)s, %(now)s, %(actor)s, %(kind)s, %(detail)s);

-- name: claim
-- The campaign that is due first, locked; others leave it alone.
SELECT campaign_id FROM campaign
WHERE next_look_at <= %(now)s
ORDER BY next_look_at
LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED;

-- name: look_later
-- When it is looked at again.
UPDATE campaign SET next_look_at = %(until)s WHERE campaign_id = %(campaign_id)s;

-- name: campaign
-- One campaign, with what it brings.
SELECT campaign_id, name, state, plan, settings, judged_since, created_at,
       package.version, package.size, package.sha256, package.signature
FROM campaign LEFT JOIN package USING (package_id)
WHERE campaign_id = %(campaign_id)s;

-- name: lock
-- Its state, locked until the end of the transaction.
SELECT state FROM campaign WHERE campaign_id = %(campaign_id)s FOR NO KEY UPDATE;

-- name: answers
-- What aids said of their present orders that was not read yet, in their own order.
SELECT campaign_member.device_id, reply.log_no, reply.outcome, reply.stage, reply.detail
FROM campaign_member JOIN reply USING (command_id)
WHERE campaign_id = %(campaign_id)s AND state = 'ordered' AND reply.log_no > reply_no
ORDER BY campaign_member.device_id, reply.log_no;

-- name: ordered
-- Members with an order under way.
SELECT device_id, ring, state, stage, detail, command_id, attempts, ordered_at, installed_at,
       ended_at, retry_at
FROM campaign_member WHERE campaign_id = %(campaign_id)s AND state = 'ordered';

-- name: update_member
-- What became of a member.
UPDATE campaign_member
SET state = %(state)s, stage = %(stage)s, detail = %(detail)s, command_id = %(command_id)s,
    attempts = %(attempts)s, ordered_at = %(ordered_at)s, installed_at = %(installed_at)s,
    ended_at = %(ended_at)s, retry_at = %(retry_at)s, reply_no = coalesce(%(reply_no)s, reply_no)
WHERE campaign_id = %(campaign_id)s AND device_id = %(device_id)s;

-- name: pass_over
-- Who waits and is gone meanwhile, or has it from elsewhere: each time among the next of those who wait.
WITH next AS MATERIALIZED (
    SELECT ring, device_id FROM campaign_member
    WHERE campaign_id = %(campaign_id)s AND state = 'waiting'
      AND (ring, device_id) > (
          (SELECT looked_ring FROM campaign WHERE campaign_id = %(campaign_id)s),
          (SELECT looked_device FROM campaign WHERE campaign_id = %(campaign_id)s))
    ORDER BY ring, device_id
    LIMIT %(at_most)s
), gone AS MATERIALIZED (
    SELECT device_id, retired_at IS NOT NULL AS retired
    FROM next
    CROSS JOIN LATERAL (
        SELECT retired_at FROM device WHERE device.device_id = next.device_id OFFSET 0
    ) AS aid
    LEFT JOIN LATERAL (
        SELECT firmware FROM device_presence
        WHERE device_presence.device_id = next.device_id OFFSET 0
    ) AS link ON true
    WHERE retired_at IS NOT NULL OR firmware = %(version)s
), passed AS (
    UPDATE campaign_member SET state = 'passed_over', ended_at = %(now)s,
        detail = CASE WHEN device_id = ANY (ARRAY(SELECT device_id FROM gone WHERE retired))
                      THEN 'retired' ELSE 'it runs already' END
    WHERE campaign_id = %(campaign_id)s
      AND device_id = ANY (ARRAY(SELECT device_id FROM gone))
), last AS (
    -- Nobody if these were all: then it begins anew.
    SELECT ring, device_id FROM next ORDER BY ring, device_id OFFSET %(at_most)s - 1
)
UPDATE campaign SET looked_ring = coalesce((SELECT ring FROM last), -1),
    looked_device = coalesce((SELECT device_id FROM last), 0)
WHERE campaign_id = %(campaign_id)s;

-- name: rings
-- How each ring stands.
SELECT ring AS number, counted.waiting, counted.ordered, counted.confirmed, counted.failed,
       counted.passed_over, begun_at, reached_at
FROM (
    SELECT ring, coalesce(sum(aids) FILTER (WHERE state = 'waiting'), 0) AS waiting,
           coalesce(sum(aids) FILTER (WHERE state = 'ordered'), 0) AS ordered,
           coalesce(sum(aids) FILTER (WHERE state = 'confirmed'), 0) AS confirmed,
           coalesce(sum(aids) FILTER (WHERE state = 'failed'), 0) AS failed,
           coalesce(sum(aids) FILTER (WHERE state = 'passed_over'), 0) AS passed_over
    FROM campaign_tally WHERE campaign_id = %(campaign_id)s GROUP BY ring
) AS counted
FULL JOIN (SELECT * FROM campaign_ring WHERE campaign_id = %(campaign_id)s) AS begun USING (ring)
ORDER BY ring;

-- name: seen
-- What came of it since somebody last looked, and what the same aids, or all others, had before.
-- Members are not counted but looked up, each that has a ticket or is away: those are few.
WITH campaign AS MATERIALIZED (
    SELECT created_at, judged_since, known_confirmed, known_failed, known_installed,
           known_installed_ms, fleet
    FROM campaign WHERE campaign_id = %(campaign_id)s
), tally AS (
    SELECT coalesce(sum(aids), 0) AS members, coalesce(sum(installed), 0) AS installed,
           coalesce(sum(installed_ms), 0) AS installed_ms,
           coalesce(sum(aids) FILTER (WHERE state = 'confirmed'), 0) AS confirmed,
           coalesce(sum(aids) FILTER (WHERE state = 'failed'), 0) AS failed
    FROM campaign_tally WHERE campaign_id = %(campaign_id)s
), size AS (
    SELECT members, fleet, installed AS updated, confirmed - known_confirmed AS confirmed,
           failed - known_failed AS failed,
           (known_installed * extract(epoch FROM %(now)s - judged_since)
            + (installed - known_installed) * extract(epoch FROM %(now)s)
            - (installed_ms - known_installed_ms) / 1000.0) / 86400.0 AS updated_days
    FROM tally CROSS JOIN campaign
), emergency AS (
    SELECT count(*) FILTER (WHERE installed_at IS NOT NULL
                              AND opened_at >= greatest(installed_at, judged_since)) AS among,
           count(*) FILTER (WHERE opened_at < created_at) AS before
    FROM campaign
    JOIN ticket ON opened_at >= created_at - interval '28 days'
    CROSS JOIN LATERAL (
        SELECT installed_at FROM campaign_member
        WHERE campaign_id = %(campaign_id)s AND campaign_member.device_id = ticket.device_id
        OFFSET 0
    ) AS member
    WHERE kind = 'emergency' AND NOT test
), silence AS (
    SELECT count(installed_at) AS among, count(*) FILTER (WHERE installed_at IS NULL) AS elsewhere
    FROM campaign
    JOIN device_presence ON NOT online AND changed_at < %(now)s - interval '1 hour'
    LEFT JOIN LATERAL (
        SELECT installed_at FROM campaign_member
        WHERE campaign_id = %(campaign_id)s
          AND campaign_member.device_id = device_presence.device_id
        OFFSET 0
    ) AS member ON true
    WHERE installed_at IS NULL OR changed_at >= greatest(installed_at, judged_since)
)
SELECT confirmed, failed, emergency.among AS emergencies,
    emergency.before / 28.0 / greatest(members, 1) * greatest(updated_days, 0)
        AS emergencies_expected,
    silence.among AS silent,
    silence.elsewhere * updated::float8
        / greatest(fleet - updated, 1) AS silent_expected
FROM size, emergency, silence;

-- name: candidates
-- Who waits in the rings that have begun and is free: there, without it, without an open ticket.
SELECT device_id, device.name, ring, state, stage, detail, command_id, attempts, ordered_at,
       installed_at, ended_at, retry_at
FROM campaign_member
JOIN device USING (device_id)
JOIN device_presence USING (device_id)
WHERE campaign_id = %(campaign_id)s AND state = 'waiting' AND ring <= %(until_ring)s
  AND (retry_at IS NULL OR retry_at <= %(now)s)
  AND online AND barred_at IS NULL
  AND retired_at IS NULL AND (firmware = %(version)s) IS NOT TRUE
  AND NOT EXISTS (
      SELECT FROM ticket WHERE ticket.device_id = campaign_member.device_id AND closed_at IS NULL
  )
ORDER BY ring, device_id
LIMIT %(room)s;

-- name: begin_ring
-- A ring begins.
INSERT INTO campaign_ring (campaign_id, ring, begun_at) VALUES (%(campaign_id)s, %(ring)s, %(now)s);

-- name: reach_ring
-- Enough of a ring have confirmed.
UPDATE campaign_ring SET reached_at = %(now)s
WHERE campaign_id = %(campaign_id)s AND ring = %(ring)s;

-- name: set_state
-- Where it stands from now on.
UPDATE campaign SET state = %(state)s, next_look_at = %(now)s
WHERE campaign_id = %(campaign_id)s;

-- name: judge_anew
-- What went wrong until now is known.
UPDATE campaign SET judged_since = %(now)s, fleet = (SELECT count(*) FROM device_presence),
    (known_confirmed, known_failed, known_installed, known_installed_ms) = (
        SELECT coalesce(sum(aids) FILTER (WHERE state = 'confirmed'), 0),
               coalesce(sum(aids) FILTER (WHERE state = 'failed'), 0),
               coalesce(sum(installed), 0), coalesce(sum(installed_ms), 0)
        FROM campaign_tally WHERE campaign_id = %(campaign_id)s)
WHERE campaign_id = %(campaign_id)s;

-- name: insert_command
-- The order, on record with all others of the aid.
INSERT INTO device_command (command_id, device_id, kind, parameters, actor, ordered_at, expires_at)
VALUES (%(command_id)s, %(device_id)s, %(kind)s, %(parameters)s, %(actor)s, %(now)s, %(expires_at)s);

-- name: insert_message
-- …and on its way after the commit.
INSERT INTO notification (dedup_key, channel, recipient, payload, created_at, next_attempt_at)
VALUES ('lift:' || %(command_id)s, 'lift', %(device)s, %(payload)s, %(now)s, %(now)s);

-- name: announce
-- Tells senders, at commit.
SELECT pg_notify('liftwacht_notification', '');

-- name: recall
-- Orders that have not left yet: they do not.
UPDATE notification SET next_attempt_at = NULL, superseded_at = %(now)s
WHERE dedup_key IN (
    SELECT 'lift:' || command_id FROM campaign_member
    WHERE campaign_id = %(campaign_id)s AND state = 'ordered')
  AND delivered_at IS NULL AND next_attempt_at IS NOT NULL;

-- name: overview
-- All campaigns, the newest first, with how many aids stand where.
SELECT campaign_id, campaign.state, name, package.version, campaign.created_at, created_by,
       coalesce(sum(campaign_tally.aids), 0)::int AS aids,
       coalesce(sum(campaign_tally.aids) FILTER (WHERE campaign_tally.state = 'confirmed'), 0)::int AS confirmed,
       coalesce(sum(campaign_tally.aids) FILTER (WHERE campaign_tally.state = 'failed'), 0)::int AS failed
FROM campaign LEFT JOIN package USING (package_id) LEFT JOIN campaign_tally USING (campaign_id)
GROUP BY campaign_id, package.version
ORDER BY campaign_id DESC
LIMIT 100;
