-- name: register
-- A breach was found.
INSERT INTO breach (title, description, kind, began_at, discovered_at, registered_at, registered_by,
                    people, data, measures)
VALUES (%(title)s, %(description)s, %(kind)s, %(began_at)s, %(discovered_at)s, %(now)s, %(actor)s,
        %(people)s, %(data)s, %(measures)s)
RETURNING breach_id;

-- name: concerns
-- Municipalities that it concerns, and how many of their people are told.
INSERT INTO breach_municipality (breach_id, municipality_code, told_at, told_whom)
SELECT %(number)s, code, %(now)s, (
    SELECT count(*) FROM account
    WHERE account.municipality_code = code AND disabled_at IS NULL
      AND role IN ('privacy_officer', 'contract_manager'))
FROM municipality WHERE code = ANY (%(codes)s)
RETURNING municipality_code;

-- name: to_tell
-- Who is told for municipalities; and managers and administrators.
SELECT login, municipality_code FROM account
WHERE disabled_at IS NULL
  AND (municipality_code = ANY (%(codes)s) AND role IN ('privacy_officer', 'contract_manager')
       OR role IN ('manager', 'administrator'));

-- name: write
-- What happened to it.
INSERT INTO breach_event (breach_id, event_no, municipality_code, at, actor, kind, detail)
VALUES (%(number)s, next_breach_event(%(number)s), %(code)s, %(now)s, %(actor)s, %(kind)s,
        %(detail)s);

-- name: lock
-- One after the other.
UPDATE breach SET version = version + 1
WHERE breach_id = %(number)s AND version = %(version)s RETURNING version;

-- name: breach
-- One breach.
SELECT breach_id AS number, title, description, kind, began_at, discovered_at, registered_at,
       registered_by, people, data, measures, risk, risk_reason, closed_at, version
FROM breach WHERE breach_id = %(number)s;

-- name: own
-- How far the municipalities are that it concerns; a municipality sees itself.
SELECT municipality_code, municipality.name AS municipality, told_at, told_whom, report,
       report_reason, report_decided_by, report_decided_at, reported_at, report_reference, tell,
       tell_reason, tell_decided_by, tell_decided_at, clients_told_at, closed_at
FROM breach_municipality
JOIN municipality ON code = municipality_code
WHERE breach_id = %(number)s
ORDER BY municipality.name;

-- name: events
-- Its log, as far as it is for who asks.
SELECT event_no AS number, municipality_code, at, actor, kind, detail FROM breach_event
WHERE breach_id = %(number)s ORDER BY event_no;

-- name: breaches
-- All of them, the open ones first.
SELECT breach_id AS number, title, kind, discovered_at, registered_at, people, risk, closed_at,
       (SELECT count(*) FROM breach_municipality AS own WHERE own.breach_id = breach.breach_id)
           AS municipalities,
       (SELECT bool_and(report IS NOT NULL AND (report = 'no_report' OR reported_at IS NOT NULL))
        FROM breach_municipality AS own WHERE own.breach_id = breach.breach_id) AS settled
FROM breach
ORDER BY closed_at IS NOT NULL, discovered_at DESC
LIMIT 500;

-- name: assess
-- What it means for people.
UPDATE breach
SET risk = %(risk)s, risk_reason = %(text)s, people = coalesce(%(people)s, people)
WHERE breach_id = %(number)s;

-- name: add
-- What is known further, and what was done.
UPDATE breach SET measures = %(text)s WHERE breach_id = %(number)s;

-- name: close
-- It is over for the processor.
UPDATE breach SET closed_at = %(now)s
WHERE breach_id = %(number)s AND risk <> 'unknown' AND NOT EXISTS (
    SELECT FROM breach_municipality AS own
    WHERE own.breach_id = breach.breach_id AND own.closed_at IS NULL)
RETURNING closed_at;

-- name: decide_report
-- Whether the supervisor is told.
UPDATE breach_municipality
SET report = %(decision)s, report_reason = %(text)s, report_decided_by = %(actor)s,
    report_decided_at = %(now)s
WHERE breach_id = %(number)s AND municipality_code = %(code)s;

-- name: reported
-- The supervisor was told.
UPDATE breach_municipality SET reported_at = %(happened_at)s, report_reference = %(text)s
WHERE breach_id = %(number)s AND municipality_code = %(code)s;

-- name: decide_tell
-- Whether clients are told.
UPDATE breach_municipality
SET tell = %(decision)s, tell_reason = %(text)s, tell_decided_by = %(actor)s,
    tell_decided_at = %(now)s
WHERE breach_id = %(number)s AND municipality_code = %(code)s;

-- name: clients_told
-- Clients were told.
UPDATE breach_municipality SET clients_told_at = %(happened_at)s
WHERE breach_id = %(number)s AND municipality_code = %(code)s;

-- name: close_own
-- It is over for this municipality.
UPDATE breach_municipality SET closed_at = %(now)s
WHERE breach_id = %(number)s AND municipality_code = %(code)s;

-- name: to_remind
-- What somebody may have to be reminded of.
SELECT breach.breach_id AS number, title, risk, discovered_at, own.municipality_code, told_at,
       report, reported_at, tell, clients_told_at, own.closed_at
FROM breach_municipality AS own
JOIN breach USING (breach_id)
WHERE own.closed_at IS NULL;

-- name: municipalities
-- Those with a contract.
SELECT code, name FROM municipality WHERE code <> 'GM0000' ORDER BY name;
