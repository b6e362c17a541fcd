-- name: mechanics
-- All mechanics, with where they are as far as we know: at their visit, on their way to it, else
-- where they start from; and what keeps them busy.
SELECT account.account_id, account.login, account.name, mechanic.postcode4 AS base,
       visit.ticket_id, visit.stage, visit.postcode4 AS at, visit.priority
FROM account
LEFT JOIN mechanic USING (account_id)
LEFT JOIN LATERAL (
    SELECT ticket.ticket_id, ticket.stage, ticket.priority, device.postcode4
    FROM ticket JOIN device USING (device_id)
    WHERE ticket.assigned_to = account.account_id AND ticket.closed_at IS NULL
      AND ticket.under_way_at IS NOT NULL
    ORDER BY ticket.under_way_at DESC
    LIMIT 1
) AS visit ON true
WHERE account.role = 'mechanic' AND account.disabled_at IS NULL
ORDER BY account.login

-- name: starts
-- Where mechanics start from, as far as we know.
SELECT account.account_id, account.login, account.name, mechanic.postcode4
FROM account LEFT JOIN mechanic USING (account_id)
WHERE account.role = 'mechanic' AND account.disabled_at IS NULL
ORDER BY account.name, account.login

-- name: set_start
-- From where a mechanic starts; no row if there is no such mechanic.
INSERT INTO mechanic (account_id, postcode4)
SELECT account_id, %(postcode4)s FROM account
WHERE login = %(login)s AND role = 'mechanic' AND disabled_at IS NULL
ON CONFLICT (account_id) DO UPDATE SET postcode4 = excluded.postcode4
RETURNING account_id
