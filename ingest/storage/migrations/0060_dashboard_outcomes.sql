-- What municipalities see in a dashboard is what the portal and the reports count.

-- A ticket belongs to where the aid was then, as in the portal, not to where it is lent now.
CREATE OR REPLACE VIEW dashboard.ticket WITH (security_barrier) AS
SELECT ticket.ticket_id, device.name AS device, device.kind AS device_kind, ticket.municipality_code,
    ticket.kind, ticket.what, ticket.priority, ticket.stage, ticket.opened_at, ticket.evidence_at,
    ticket.reported_at, ticket.acknowledged_at, ticket.unanswered, ticket.on_site_at,
    ticket.on_site_due_at, ticket.released_at, ticket.repaired_at, ticket.repaired_due_at,
    ticket.closed_at
FROM ticket JOIN device USING (device_id)
JOIN dashboard.municipality ON municipality.code = ticket.municipality_code
WHERE NOT ticket.test;

-- What became of each term, as kept with its ticket (kept_case), and when that was decided. Excused: late, by
-- a delay that is nobody's fault; that counts as kept. (kept_case itself asks for the reader's own rights.)
CREATE VIEW dashboard.outcome WITH (security_barrier) AS
SELECT measure, priority, municipality_code,
    CASE outcome WHEN 'open' THEN 'missed' ELSE outcome END AS outcome, certain_at AS decided_at
FROM (
    SELECT 'on_site' AS measure, priority, municipality_code, on_site_outcome AS outcome,
        on_site_certain_at AS certain_at
    FROM ticket WHERE on_site_outcome IS NOT NULL AND NOT test
    UNION ALL
    SELECT 'repaired', priority, municipality_code, repaired_outcome, repaired_certain_at
    FROM ticket WHERE repaired_outcome IS NOT NULL AND NOT test
) AS term
JOIN dashboard.municipality ON municipality.code = term.municipality_code
WHERE outcome IN ('kept', 'excused', 'missed') OR (outcome = 'open' AND certain_at < now());
GRANT SELECT ON dashboard.outcome TO liftwacht_grafana;
