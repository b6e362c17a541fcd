-- name: aids
-- What is out with clients at the end of a period, and what was done to it since it was placed.
WITH placed AS (
    SELECT DISTINCT ON (device_id) device_id, aid_type, aid_source, received_at, done_at
    FROM commission
    WHERE kind IN ('delivery', 'reissue', 'exchange') AND done_at < %(end)s AND device_id IS NOT NULL
      AND municipality_code = ANY(%(members)s)
    ORDER BY device_id, done_at DESC
), works AS (
    SELECT device_id,
           count(*) FILTER (WHERE ticket.reported_at < coalesce(done_at, registered_at) + INTERVAL '2 years')
               AS first,
           count(*) FILTER (WHERE ticket.reported_at >= coalesce(done_at, registered_at) + INTERVAL '2 years')
               AS later
    FROM ticket
    JOIN device USING (device_id)
    LEFT JOIN placed USING (device_id)
    WHERE ticket.kind IN ('emergency', 'repair', 'service', 'inspection')
      AND ticket.reported_at >= coalesce(done_at, registered_at) AND ticket.reported_at < %(end)s
      AND ticket.municipality_code = ANY(%(members)s)
    GROUP BY device_id
)
SELECT device.name, device.municipality_code, client_number, device.kind, coalesce(aid_type, ''),
       maker, model, aid_source, (received_at AT TIME ZONE 'Europe/Amsterdam')::date,
       (done_at AT TIME ZONE 'Europe/Amsterdam')::date, built_on,
       coalesce(works.first, 0), coalesce(works.later, 0)
FROM device
JOIN client USING (client_id)
LEFT JOIN placed USING (device_id)
LEFT JOIN works USING (device_id)
WHERE device.municipality_code = ANY(%(members)s) AND NOT device.test
  AND coalesce(done_at, registered_at) < %(end)s
  AND (retired_at IS NULL OR retired_at >= %(end)s)
ORDER BY device.municipality_code, client_number, device.name;

-- name: aids_alike
-- The same as a sum.
WITH placed AS (
    SELECT DISTINCT ON (device_id) device_id, aid_type, aid_source, received_at, done_at
    FROM commission
    WHERE kind IN ('delivery', 'reissue', 'exchange') AND done_at < %(end)s AND device_id IS NOT NULL
      AND municipality_code = ANY(%(members)s)
    ORDER BY device_id, done_at DESC
), works AS (
    SELECT device_id,
           count(*) FILTER (WHERE ticket.reported_at < coalesce(done_at, registered_at) + INTERVAL '2 years')
               AS first,
           count(*) FILTER (WHERE ticket.reported_at >= coalesce(done_at, registered_at) + INTERVAL '2 years')
               AS later
    FROM ticket
    JOIN device USING (device_id)
    LEFT JOIN placed USING (device_id)
    WHERE ticket.kind IN ('emergency', 'repair', 'service', 'inspection')
      AND ticket.reported_at >= coalesce(done_at, registered_at) AND ticket.reported_at < %(end)s
      AND ticket.municipality_code = ANY(%(members)s)
    GROUP BY device_id
)
SELECT count(*), coalesce(sum(works.first), 0)::int, coalesce(sum(works.later), 0)::int
FROM device
JOIN client USING (client_id)
LEFT JOIN placed USING (device_id)
LEFT JOIN works USING (device_id)
WHERE device.municipality_code = ANY(%(members)s) AND NOT device.test
  AND coalesce(done_at, registered_at) < %(end)s
  AND (retired_at IS NULL OR retired_at >= %(end)s);

-- name: orders
-- What was received, or ended, in a period; with its delays in words of the log.
SELECT coalesce(reference, commission_id::text), commission.municipality_code, client_number,
       commission.kind, aid_kind, aid_type, coalesce(device.name, ''), received_at, due_at,
       due_without_delay_at, done_at, ended_at, aid_source, price_cents, all_in,
       coalesce((
           SELECT string_agg(
               concat_ws('|', detail ->> 'reason', detail ->> 'attributable', detail ->> 'evidence'),
               E'\n' ORDER BY event_no)
           FROM commission_event
           WHERE commission_event.commission_id = commission.commission_id
             AND commission_event.kind IN ('pause_begun', 'delayed')
       ), '')
FROM commission
JOIN client USING (client_id)
LEFT JOIN device USING (device_id)
WHERE commission.municipality_code = ANY(%(members)s)
  AND ((received_at >= %(begin)s AND received_at < %(end)s)
       OR (ended_at >= %(begin)s AND ended_at < %(end)s))
ORDER BY received_at, commission_id;

-- name: works
-- Tickets that were reported or finished in a period, with what became of their terms, and whether there
-- were delays (last).
WITH work AS (
    SELECT ticket_id, ticket.municipality_code, ticket.client_id, ticket.device_id, ticket.kind,
           priority, coalesce(what, '') AS what, reported_at, on_site_at, repaired_at, closed_at,
           CASE WHEN priority = 1 THEN
               CASE WHEN on_site_outcome = 'open' AND on_site_certain_at < %(now)s THEN 'missed'
                    ELSE on_site_outcome END
           END AS on_site,
           CASE WHEN repaired_outcome = 'open' AND repaired_certain_at < %(now)s THEN 'missed'
                ELSE repaired_outcome END AS repaired,
           coalesce(calamity, '') AS calamity, coalesce(delayed, false) AS delayed
    FROM ticket
    LEFT JOIN LATERAL (
        SELECT string_agg(detail ->> 'text', '; ' ORDER BY event_no)
                   FILTER (WHERE ticket_event.kind = 'calamity_reported') AS calamity,
               bool_or(ticket_event.kind <> 'calamity_reported') AS delayed
        FROM ticket_event
        WHERE ticket_event.ticket_id = ticket.ticket_id
          AND ticket_event.kind IN ('calamity_reported', 'pause_begun', 'agreed_later')
    ) AS told ON true
    WHERE NOT ticket.test AND ticket.municipality_code = ANY(%(members)s)
      AND ((reported_at >= %(begin)s AND reported_at < %(end)s)
           OR (closed_at >= %(begin)s AND closed_at < %(end)s))
)
SELECT ticket_id, work.municipality_code, coalesce(client_number, ''), aid.name, aid.kind,
       coalesce(placed.aid_type, ''), work.kind, priority, what, reported_at, on_site_at, repaired_at,
       closed_at, on_site, repaired, calamity, delayed
FROM work
JOIN aid USING (device_id)
LEFT JOIN client USING (client_id)
LEFT JOIN LATERAL (
    SELECT aid_type FROM commission
    WHERE commission.device_id = work.device_id AND done_at <= work.reported_at AND aid_type <> ''
    ORDER BY done_at DESC LIMIT 1
) AS placed ON true
ORDER BY reported_at, ticket_id;

-- name: works_alike
-- The same without what tells them apart in a sum: of how many all that counts is the same.
WITH work AS (
    SELECT ticket_id, ticket.municipality_code, ticket.client_id, ticket.device_id, ticket.kind,
           priority, coalesce(what, '') AS what, reported_at, on_site_at, repaired_at, closed_at,
           CASE WHEN priority = 1 THEN
               CASE WHEN on_site_outcome = 'open' AND on_site_certain_at < %(now)s THEN 'missed'
                    ELSE on_site_outcome END
           END AS on_site,
           CASE WHEN repaired_outcome = 'open' AND repaired_certain_at < %(now)s THEN 'missed'
                ELSE repaired_outcome END AS repaired,
           coalesce(calamity, '') AS calamity, coalesce(delayed, false) AS delayed
    FROM ticket
    LEFT JOIN LATERAL (
        SELECT string_agg(detail ->> 'text', '; ' ORDER BY event_no)
                   FILTER (WHERE ticket_event.kind = 'calamity_reported') AS calamity,
               bool_or(ticket_event.kind <> 'calamity_reported') AS delayed
        FROM ticket_event
        WHERE ticket_event.ticket_id = ticket.ticket_id
          AND ticket_event.kind IN ('calamity_reported', 'pause_begun', 'agreed_later')
    ) AS told ON true
    WHERE NOT ticket.test AND ticket.municipality_code = ANY(%(members)s)
      AND ((reported_at >= %(begin)s AND reported_at < %(end)s)
           OR (closed_at >= %(begin)s AND closed_at < %(end)s))
)
SELECT kind, priority, reported_at >= %(begin)s AND reported_at < %(end)s, on_site, repaired,
       calamity <> '', count(*)
FROM work
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6;

-- name: complaints
-- Complaints that were received or handled in a period.
SELECT complaint_id, complaint.municipality_code, coalesce(client_number, ''),
       coalesce(device.kind, ''), nature, received_at, taken_up_at, take_up_due_at, handled_at,
       handle_due_at, outcome, concat_ws(E'\n', nullif(outcome_text, ''), nullif(measures, ''))
FROM complaint
LEFT JOIN client USING (client_id)
LEFT JOIN device USING (device_id)
WHERE complaint.municipality_code = ANY(%(members)s)
  AND ((received_at >= %(begin)s AND received_at < %(end)s)
       OR (handled_at >= %(begin)s AND handled_at < %(end)s))
ORDER BY received_at, complaint_id;

-- name: answers
-- What clients answered in a period; in an order that says nothing of who answered when.
SELECT municipality_code, aid_kind, answered_on, occasion, overall
FROM survey_answer
WHERE municipality_code = ANY(%(members)s)
  AND answered_on >= %(first_day)s AND answered_on < %(after)s
ORDER BY municipality_code, answered_on, occasion, overall, answer_id;

-- name: rejections
-- Aids that are not used any further.
SELECT aid_rejection.municipality_code, device.name, device.kind, '', rejected_on, reason,
       lifetime_left_months
FROM aid_rejection
JOIN device USING (device_id)
WHERE aid_rejection.municipality_code = ANY(%(members)s)
  AND rejected_on >= %(first_day)s AND rejected_on < %(after)s
ORDER BY rejected_on, device.name;

-- name: billed
-- What was declared for a period and not rejected.
SELECT billing_line.municipality_code, client_number, coalesce(device.kind, ''), '',
       billing_assignment.kind, amount_cents
FROM billing_line
JOIN billing_assignment USING (assignment_id)
JOIN client USING (client_id)
LEFT JOIN device USING (device_id)
WHERE billing_line.municipality_code = ANY(%(members)s) AND state IN ('sent', 'granted')
  AND billing_line.begins_on >= %(first_day)s AND billing_line.begins_on < %(after)s
ORDER BY billing_line.begins_on, line_id;

-- name: first_year
-- The first year of which there is anything.
SELECT least(
    (SELECT min(received_at) FROM commission WHERE municipality_code = ANY(%(members)s)),
    (SELECT min(reported_at) FROM ticket)
) AS at;

-- name: schedule
-- Which reports are owed.
SELECT contract, kind, period, due_days, due_month, source, valid_from, valid_through
FROM report_schedule
ORDER BY contract, kind, valid_from;

-- name: made
-- All versions, newest first, without their contents.
SELECT report_id, contract, kind, period_begin, period_end, version, due_on, cut_off_at, made_by,
       reason, encode(workbook_sha256, 'hex') AS workbook_sha256,
       encode(summary_sha256, 'hex') AS summary_sha256
FROM report
ORDER BY period_begin DESC, contract, kind, version DESC;

-- name: newest_version
-- How many versions there are of a report; others that make one wait.
SELECT coalesce(max(version), 0) AS version FROM report
WHERE contract = %(contract)s AND kind = %(kind)s AND period_begin = %(begin)s;

-- name: one_at_a_time
-- Two that make the same report make one after the other.
SELECT pg_advisory_xact_lock(hashtext(%(name)s));

-- name: store
-- A version.
INSERT INTO report (contract, kind, period_begin, period_end, version, due_on, cut_off_at, made_by,
                    reason, snapshot, snapshot_sha256, workbook, workbook_sha256, summary,
                    summary_sha256)
VALUES (%(contract)s, %(kind)s, %(begin)s, %(end)s, %(version)s, %(due_on)s, %(now)s, %(actor)s,
        %(reason)s, %(snapshot)s, sha256(%(snapshot)s), %(workbook)s, sha256(%(workbook)s),
        %(summary)s, sha256(%(summary)s))
RETURNING report_id;

-- name: workbook
-- The Excel file of a version.
SELECT contract, kind, period_begin, version, workbook AS content FROM report
WHERE report_id = %(report_id)s;

-- name: summary
-- The PDF of a version.
SELECT contract, kind, period_begin, version, summary AS content FROM report
WHERE report_id = %(report_id)s;

-- name: snapshot
-- What a version was made from, and what came of it.
SELECT snapshot, workbook_sha256, summary_sha256 FROM report WHERE report_id = %(report_id)s;

-- name: managers
-- Whom to tell that a report is not there.
SELECT login FROM account WHERE role = 'manager' AND disabled_at IS NULL ORDER BY login;

-- name: ours
-- The aids of a municipality as a list of it is compared with: also those that are with nobody.
SELECT device.name AS aid,
       CASE WHEN retired_at IS NULL THEN coalesce(client_number, '') ELSE '' END AS client,
       device.kind,
       (SELECT (max(done_at) AT TIME ZONE 'Europe/Amsterdam')::date FROM commission
        WHERE commission.device_id = device.device_id
          AND commission.kind IN ('delivery', 'reissue', 'exchange')) AS delivered_on,
       (SELECT tariff_cents FROM billing_assignment
        WHERE billing_assignment.device_id = device.device_id AND billing_assignment.kind = 'maintenance'
          AND (ends_on IS NULL OR ends_on >= %(today)s)
        ORDER BY begins_on DESC LIMIT 1) AS monthly_cents,
       coalesce(
           (SELECT 'ingenomen op ' || to_char(max(done_at) AT TIME ZONE 'Europe/Amsterdam', 'DD-MM-YYYY')
            FROM commission
            WHERE commission.device_id = device.device_id AND commission.kind = 'collection'
              AND done_at IS NOT NULL
            HAVING max(done_at) IS NOT NULL),
           CASE WHEN retired_at IS NOT NULL THEN 'buiten gebruik' ELSE '' END
       ) AS ended
FROM device
LEFT JOIN client USING (client_id)
WHERE device.municipality_code = %(code)s AND NOT device.test
ORDER BY device.name;

-- name: store_comparison
-- What came out of a comparison.
INSERT INTO file_comparison (municipality_code, file_name, file_sha256, compared_at, actor, outcome,
                             result)
VALUES (%(municipality)s, %(name)s, %(sha256)s, %(now)s, %(actor)s, %(outcome)s, %(result)s)
RETURNING comparison_id;

-- name: comparisons
-- The comparisons of a municipality, newest first.
SELECT comparison_id, file_name, compared_at, actor, outcome FROM file_comparison
WHERE municipality_code = %(code)s
ORDER BY comparison_id DESC
LIMIT 50;

-- name: comparison
-- The workbook of a comparison.
SELECT result FROM file_comparison WHERE comparison_id = %(number)s;
