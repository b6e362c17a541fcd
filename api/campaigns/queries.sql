-- name: campaign
-- One campaign.
SELECT campaign_id, state, name, package.version, package.size, package.sha256, settings, aids,
       plan, created_at, created_by,
       ARRAY(SELECT municipality.name FROM municipality
             WHERE municipality.code IN (SELECT jsonb_array_elements_text(aids -> 'municipalities'))
             ORDER BY municipality.name) AS municipalities
FROM campaign LEFT JOIN package USING (package_id)
WHERE campaign_id = %(campaign_id)s;

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
