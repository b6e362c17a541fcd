-- What became of each term, kept as it is decided: figures of months are sums of these. Like all else in the
-- row of a ticket it is derived from the log, and written anew with each event (``life.ticket_of``).
--
-- ``…_certain_at``: when it was certain, and so in which month it counts. Of one that is open: when it is
-- missed if nothing more happens; null: not by the passing of time (its clock is paused, or nothing is promised).
ALTER TABLE ticket
    ADD COLUMN on_site_outcome text,
    ADD COLUMN on_site_certain_at timestamptz,
    ADD COLUMN repaired_outcome text,  -- null, with a priority: not worked out yet
    ADD COLUMN repaired_certain_at timestamptz,
    ADD CONSTRAINT ticket_outcomes CHECK (
        on_site_outcome IN ('kept', 'excused', 'missed', 'open', 'lapsed', 'not_promised')
        AND repaired_outcome IN ('kept', 'excused', 'missed', 'open', 'lapsed', 'not_promised')
    );

-- What became of a term without any history, and when that was certain: the one reckoning in SQL, as
-- ``attainment.judged``. Reached at the due moment itself is in time.
CREATE FUNCTION term_outcome(
    due_at timestamptz, done_at timestamptz, over_at timestamptz, due_without_delay_at timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN due_at IS NULL THEN 'not_promised'
    WHEN coalesce(done_at, over_at) > due_at THEN 'missed'
    WHEN due_without_delay_at < done_at THEN 'excused'
    WHEN done_at IS NOT NULL THEN 'kept'
    WHEN over_at IS NOT NULL THEN 'lapsed'
    ELSE 'open'
END;
CREATE FUNCTION term_certain_at(due_at timestamptz, done_at timestamptz, over_at timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN coalesce(done_at, over_at) <= due_at OR due_at IS NULL THEN coalesce(done_at, over_at)
    ELSE due_at
END;

-- Tickets whose columns tell it; those with a history are worked out from their logs, by the service or
-- by ``liftwacht-api figures keep``.
UPDATE ticket
SET on_site_outcome = term_outcome(
        on_site_due_at, CASE WHEN least(repaired_at, closed_at) < on_site_at THEN NULL ELSE on_site_at END,
        least(repaired_at, closed_at), NULL),
    on_site_certain_at = term_certain_at(
        on_site_due_at, CASE WHEN least(repaired_at, closed_at) < on_site_at THEN NULL ELSE on_site_at END,
        least(repaired_at, closed_at)),
    repaired_outcome = term_outcome(
        repaired_due_at, CASE WHEN closed_at < repaired_at THEN NULL ELSE repaired_at END,
        least(repaired_at, closed_at), NULL),
    repaired_certain_at = term_certain_at(
        repaired_due_at, CASE WHEN closed_at < repaired_at THEN NULL ELSE repaired_at END,
        least(repaired_at, closed_at))
WHERE priority IS NOT NULL AND NOT EXISTS (
    SELECT FROM ticket_event
    WHERE ticket_event.ticket_id = ticket.ticket_id
      AND ticket_event.kind IN ('pause_begun', 'agreed_later', 'priority_changed', 'priority_raised',
                                'merged'));

-- Orders: the same from their columns, by the database itself.
ALTER TABLE commission
    ADD COLUMN term_outcome text NOT NULL GENERATED ALWAYS AS (
        term_outcome(due_at, done_at, ended_at, due_without_delay_at)
    ) STORED,
    ADD COLUMN term_certain_at timestamptz GENERATED ALWAYS AS (
        term_certain_at(due_at, done_at, ended_at)
    ) STORED;

-- By when it is certain, without looking at the rows themselves.
CREATE INDEX ticket_on_site_certain ON ticket (municipality_code, priority, on_site_certain_at)
    INCLUDE (on_site_outcome) WHERE on_site_outcome IS NOT NULL AND NOT test;
CREATE INDEX ticket_repaired_certain ON ticket (municipality_code, priority, repaired_certain_at)
    INCLUDE (repaired_outcome) WHERE repaired_outcome IS NOT NULL AND NOT test;
CREATE INDEX ticket_outcome_missing ON ticket (ticket_id)
    WHERE repaired_outcome IS NULL AND priority IS NOT NULL;
CREATE INDEX commission_certain ON commission (municipality_code, kind, term_certain_at)
    INCLUDE (term_outcome);

-- All that counts for some indicator, as it stands, under one name: ``measure`` and ``sort`` say for which.
CREATE VIEW kept_case WITH (security_invoker = true) AS
SELECT 'on_site' AS measure, priority::text AS sort, 'ticket' AS kind, ticket_id::text AS number,
       municipality_code, on_site_outcome AS outcome, on_site_certain_at AS certain_at,
       on_site_due_at AS due_at, reported_at AS begun_at, on_site_at AS done_at, device_id,
       NULL::text AS aid_kind, NULL::text AS label, NULL::int AS mark
FROM ticket WHERE on_site_outcome IS NOT NULL AND NOT test
UNION ALL
SELECT 'repaired', priority::text, 'ticket', ticket_id::text, municipality_code, repaired_outcome,
       repaired_certain_at, repaired_due_at, reported_at, repaired_at, device_id, NULL, NULL, NULL
FROM ticket WHERE repaired_outcome IS NOT NULL AND NOT test
UNION ALL
SELECT 'done', commission.kind, 'commission', commission_id::text, municipality_code, term_outcome,
       term_certain_at, due_at, received_at, done_at, device_id, aid_kind,
       coalesce(reference, commission_id::text), NULL
FROM commission
UNION ALL
SELECT 'source', commission.kind, 'commission', commission_id::text, municipality_code,
       CASE WHEN done_at IS NULL THEN CASE WHEN ended_at IS NULL THEN 'open' ELSE 'lapsed' END
            WHEN aid_source IS NULL THEN 'not_promised'
            WHEN aid_source = 'new' THEN 'missed' ELSE 'kept' END,
       coalesce(done_at, ended_at), due_at, received_at, done_at, device_id, aid_kind,
       coalesce(reference, commission_id::text), NULL
FROM commission WHERE commission.kind IN ('delivery', 'reissue', 'exchange')
UNION ALL
SELECT 'taken_up', 'complaint', 'complaint', complaint_id::text, municipality_code,
       term_outcome(take_up_due_at, least(taken_up_at, handled_at), handled_at, NULL),
       term_certain_at(take_up_due_at, least(taken_up_at, handled_at), handled_at),
       take_up_due_at, received_at, least(taken_up_at, handled_at), device_id, '', nature, NULL
FROM complaint
UNION ALL
SELECT 'handled', 'complaint', 'complaint', complaint_id::text, municipality_code,
       term_outcome(handle_due_at, handled_at, handled_at, NULL),
       term_certain_at(handle_due_at, handled_at, handled_at),
       handle_due_at, received_at, handled_at, device_id, '', nature, NULL
FROM complaint
UNION ALL
SELECT 'mark', 'answer', 'answer', answer_id::text, municipality_code, 'kept',
       (answered_on + time '12:00') AT TIME ZONE 'Europe/Amsterdam', NULL,
       (answered_on + time '12:00') AT TIME ZONE 'Europe/Amsterdam', NULL, NULL, aid_kind,
       overall::text, overall
FROM survey_answer;
GRANT SELECT ON kept_case TO liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;
