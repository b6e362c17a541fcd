-- name: list
-- All campaigns, the newest first, with how many aids stand where.
SELECT campaign_id, campaign.state, name, package.version, campaign.created_at, created_by,
       count(device_id) AS aids,
       count(*) FILTER (WHERE campaign_member.state = 'confirmed') AS confirmed,
       count(*) FILTER (WHERE campaign_member.state = 'failed') AS failed
FROM campaign LEFT JOIN package USING (package_id) LEFT JOIN campaign_member USING (campaign_id)
GROUP BY campaign_id, package.version
ORDER BY campaign_id DESC
LIMIT 100;

-- name: campaign
-- One campaign.
SELECT campaign_id, state, name, package.version, package.size, package.sha256, settings, aids,
       plan, created_at, created_by
FROM campaign LEFT JOIN package USING (package_id)
WHERE campaign_id = %(campaign_id)s;

-- name: rings
-- Its rings: who stands where, and since when.
SELECT ring, begun_at, reached_at, aids, waiting, ordered, confirmed, failed, passed_over
FROM (
    SELECT ring, count(*) AS aids, count(*) FILTER (WHERE state = 'waiting') AS waiting,
           count(*) FILTER (WHERE state = 'ordered') AS ordered,
           count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) FILTER (WHERE state = 'passed_over') AS passed_over
    FROM campaign_member WHERE campaign_id = %(campaign_id)s GROUP BY ring
) AS counted
LEFT JOIN (SELECT * FROM campaign_ring WHERE campaign_id = %(campaign_id)s) AS begun USING (ring)
ORDER BY ring;

-- name: failed
-- Aids that it went wrong with, the newest first; those under way for longest after them.
SELECT device.name, campaign_member.state, stage, detail, ordered_at, ended_at
FROM campaign_member JOIN device USING (device_id)
WHERE campaign_id = %(campaign_id)s AND state IN ('failed', 'ordered')
ORDER BY state, ended_at DESC NULLS LAST, ordered_at
LIMIT 50;

-- name: events
-- Who did what with it.
SELECT campaign_event.at, kind, detail, coalesce(account.name, actor) AS by
FROM campaign_event LEFT JOIN account ON account.login = actor
WHERE campaign_id = %(campaign_id)s
ORDER BY event_id DESC
LIMIT 100;
