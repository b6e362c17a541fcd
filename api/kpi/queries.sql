-- name: definitions
-- All indicators, of all times.
SELECT key, version, rank, query, parameters, share_asked::float8 AS share_asked, period, name_nl,
       name_en, definition_nl, definition_en, source, measures_nl, contract, valid_from,
       valid_through
FROM kpi
ORDER BY rank, key, version;

-- name: contracts
-- Whose figures there are: groups of municipalities, then municipalities; a municipality sees itself.
SELECT group_code AS code, name, array_agg(municipality_code ORDER BY municipality_code) AS members,
       true AS is_group
FROM municipality_group JOIN municipality_group_member USING (group_code)
GROUP BY group_code, name
UNION ALL
SELECT code, name, ARRAY[code], false FROM municipality
ORDER BY is_group DESC, name;

-- name: tickets_in_time
-- Tickets that were decided in a window or are not decided yet, by their columns, which follow from the
-- log. Of those with a history the log itself is asked (doubtful).
SELECT ticket.ticket_id, ticket.device_id, aid.name AS label, aid.kind AS aid_kind,
       ticket.municipality_code,
       ticket.priority, ticket.reported_at, ticket.on_site_due_at, ticket.repaired_due_at,
       ticket.on_site_at, ticket.repaired_at, ticket.closed_at,
       EXISTS (
           SELECT FROM ticket_event
           WHERE ticket_event.ticket_id = ticket.ticket_id
             AND ticket_event.kind IN ('pause_begun', 'agreed_later', 'priority_changed',
                                       'priority_raised', 'merged')
       ) AS doubtful
FROM ticket
JOIN aid USING (device_id)
WHERE ticket.priority = ANY(%(priorities)s)
  AND NOT ticket.test
  AND ticket.reported_at < %(end)s
  AND ticket.reported_at >= %(begin)s::timestamptz - INTERVAL '1 year'
  AND (ticket.closed_at IS NULL OR ticket.closed_at >= %(begin)s);

-- name: logs
-- The logs of some tickets.
SELECT ticket_id, event_no AS number, at, happened_at, actor, kind, detail, request_id::text
FROM ticket_event
WHERE ticket_id = ANY(%(tickets)s)
ORDER BY ticket_id, event_no;

-- name: heads
-- What else the clocks of these tickets need.
SELECT ticket_id, device_id, aid.name AS device_name, ticket.postcode4, ticket.municipality_code,
       ticket.kind, what, opened_at, evidence_at, since
FROM ticket
JOIN aid USING (device_id)
WHERE ticket_id = ANY(%(tickets)s);

-- name: terms
-- What was promised, of all times.
SELECT terms FROM contract_terms;

-- name: commissions_in_time
-- Orders of some kinds that were decided in a window or are not decided yet.
SELECT commission_id, coalesce(reference, commission_id::text) AS label, municipality_code, aid_kind,
       received_at, due_at, due_without_delay_at, done_at, ended_at, outcome, aid_source
FROM commission
WHERE kind = ANY(%(kinds)s)
  AND received_at < %(end)s
  AND (ended_at IS NULL OR ended_at >= %(begin)s);

-- name: complaints_in_time
-- Complaints that were decided in a window or are not decided yet.
SELECT complaint_id, nature AS label, municipality_code, received_at, take_up_due_at, handle_due_at,
       taken_up_at, handled_at
FROM complaint
WHERE received_at < %(end)s
  AND (handled_at IS NULL OR handled_at >= %(begin)s);

-- name: answers
-- What clients answered in a window.
SELECT answer_id::text AS answer_id, municipality_code, aid_kind, answered_on, overall
FROM survey_answer
WHERE answered_on >= %(begin)s::timestamptz::date AND answered_on < %(end)s::timestamptz::date;

-- name: store_warning
-- A warning, once for each risk.
INSERT INTO kpi_warning (key, version, contract, period_begin, level, figure, subject, body, warned_at)
VALUES (%(key)s, %(version)s, %(contract)s, %(period_begin)s, %(level)s, %(figure)s, %(subject)s,
        %(body)s, %(now)s)
ON CONFLICT (key, contract, period_begin, level) DO NOTHING
RETURNING warning_id;

-- name: warnings
-- What was warned of, newest first.
SELECT warning_id, key, contract, period_begin, level, subject, body, warned_at
FROM kpi_warning
ORDER BY warning_id DESC
LIMIT 50;

-- name: contract_managers
-- Who is told: contract managers of the municipalities concerned, and our own managers.
SELECT login FROM account
WHERE disabled_at IS NULL
  AND (role = 'manager' OR (role = 'contract_manager' AND municipality_code = ANY(%(members)s)))
ORDER BY login;

-- name: tell
-- A message to somebody, on the ways of their own.
INSERT INTO notification (dedup_key, channel, recipient, payload, created_at, next_attempt_at)
VALUES (%(dedup_key)s, 'person', %(login)s, %(payload)s, %(now)s, %(now)s)
ON CONFLICT (dedup_key) DO NOTHING;
