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

-- name: months
-- How many cases were decided in each month of a window (0: before it) and how, of these how many in the
-- year before now; and what is open by the month in which it is due. Of what is paused that may be long ago.
SELECT width_bucket(coalesce(decided_at, due_at), %(months)s::timestamptz[]) AS month, outcome,
       count(*)::int AS number,
       (count(*) FILTER (WHERE decided_at BETWEEN %(since)s AND %(now)s))::int AS lately
FROM (
    SELECT CASE WHEN mark < %(least)s OR (outcome = 'open' AND certain_at < %(now)s) THEN 'missed'
                ELSE outcome END AS outcome,
           CASE WHEN outcome <> 'open' OR certain_at < %(now)s THEN certain_at END AS decided_at,
           due_at
    FROM kept_case
    WHERE measure = %(measure)s AND sort = ANY(%(sorts)s) AND municipality_code = ANY(%(members)s)
      AND certain_at >= %(begin)s AND certain_at < %(end)s
    UNION ALL
    SELECT outcome, NULL, due_at
    FROM kept_case
    WHERE measure = %(measure)s AND sort = ANY(%(sorts)s) AND municipality_code = ANY(%(members)s)
      AND certain_at IS NULL AND outcome = 'open' AND due_at < %(end)s
) AS judged
GROUP BY 1, 2;

-- name: listed
-- The cases behind a figure, but for the survey's: missed, open, excused, kept, the rest; by due moment.
SELECT judged.kind, number, municipality_code, coalesce(aid_kind, aid.kind, '') AS aid_kind, begun_at,
       outcome, decided_at, due_at, done_at, coalesce(label, aid.name, '') AS label
FROM (
    SELECT CASE WHEN mark < %(least)s OR (outcome = 'open' AND certain_at < %(now)s) THEN 'missed'
                ELSE outcome END AS outcome,
           CASE WHEN outcome <> 'open' OR certain_at < %(now)s THEN certain_at END AS decided_at,
           kind, number, municipality_code, aid_kind, begun_at, due_at, done_at, label, device_id
    FROM kept_case
    WHERE measure = %(measure)s AND sort = ANY(%(sorts)s) AND municipality_code = ANY(%(members)s)
      AND certain_at >= %(begin)s AND certain_at < %(end)s
    UNION ALL
    SELECT outcome, NULL, kind, number, municipality_code, aid_kind, begun_at, due_at, done_at, label,
           device_id
    FROM kept_case
    WHERE measure = %(measure)s AND sort = ANY(%(sorts)s) AND municipality_code = ANY(%(members)s)
      AND certain_at IS NULL AND outcome = 'open' AND due_at < %(end)s
) AS judged
LEFT JOIN aid USING (device_id)
WHERE judged.kind <> 'answer'
ORDER BY array_position(ARRAY['missed', 'open', 'excused', 'kept'], outcome) NULLS LAST,
         coalesce(due_at, begun_at), number
LIMIT %(limit)s;

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

-- name: missing
-- Tickets of which it is not kept what became of their terms, but for those that somebody works on.
SELECT ticket_id FROM ticket
WHERE repaired_outcome IS NULL AND priority IS NOT NULL AND ticket_id > %(after)s
ORDER BY ticket_id
LIMIT %(limit)s
FOR NO KEY UPDATE SKIP LOCKED;

-- name: keep
-- What became of a ticket's terms.
UPDATE ticket
SET on_site_outcome = %(on_site_outcome)s, on_site_certain_at = %(on_site_certain_at)s,
    repaired_outcome = %(repaired_outcome)s, repaired_certain_at = %(repaired_certain_at)s
WHERE ticket_id = %(ticket_id)s;

-- name: kept
-- What is kept of tickets, by number.
SELECT ticket_id, on_site_outcome, on_site_certain_at, repaired_outcome, repaired_certain_at
FROM ticket
WHERE ticket_id > %(after)s AND priority IS NOT NULL AND reported_at >= %(since)s
ORDER BY ticket_id
LIMIT %(limit)s;

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
