-- name: items_tickets
-- Reports that came in a time.
SELECT ticket_id AS key, kind, coalesce(reported_at, opened_at) AS at FROM ticket
WHERE coalesce(reported_at, opened_at) >= %(begin)s AND coalesce(reported_at, opened_at) < %(end)s;

-- name: items_orders
-- Orders that came in a time.
SELECT commission_id AS key, kind, received_at AS at FROM commission
WHERE received_at >= %(begin)s AND received_at < %(end)s;

-- name: items_complaints
-- Complaints that came in a time.
SELECT complaint_id AS key, nature AS kind, received_at AS at FROM complaint
WHERE received_at >= %(begin)s AND received_at < %(end)s;

-- name: items_misuse
-- Signals that were reported in a time.
SELECT case_id AS key, kind, reported_at AS at FROM misuse_case
WHERE reported_at >= %(begin)s AND reported_at < %(end)s;

-- name: items_aids
-- Aids that are there now, whenever they came.
SELECT device_id AS key, kind, registered_at AS at FROM device
WHERE retired_at IS NULL AND registered_at < %(end)s AND %(begin)s::timestamptz IS NOT NULL;

-- name: facts_tickets
-- What is recorded of reports, with their terms.
SELECT ticket_id AS number, ticket.kind, priority, what, aid.name AS aid, client_number AS client,
       coalesce(reported_at, opened_at) AS reported_at, on_site_due_at, on_site_at,
       repaired_due_at, repaired_at, closed_at, stage, breaches
FROM ticket
LEFT JOIN aid ON aid.device_id = ticket.device_id
LEFT JOIN client ON client.client_id = ticket.client_id
WHERE ticket_id = ANY (%(keys)s) ORDER BY ticket_id;

-- name: facts_orders
-- What is recorded of orders, with their terms.
SELECT commission_id AS number, commission.kind, reference, aid_kind, aid.name AS aid,
       client_number AS client, received_at, contact_due_at, contacted_at, confirm_due_at,
       confirmed_at, due_at, due_without_delay_at, done_at, ended_at, stage, aid_source, breaches
FROM commission
LEFT JOIN aid ON aid.device_id = commission.device_id
LEFT JOIN client ON client.client_id = commission.client_id
WHERE commission_id = ANY (%(keys)s) ORDER BY commission_id;

-- name: facts_complaints
-- What is recorded of complaints, with their terms.
SELECT complaint_id AS number, nature AS kind, via, aid.name AS aid, client_number AS client,
       received_at, take_up_due_at, taken_up_at, handle_due_at, handled_at, stage, outcome, breaches
FROM complaint
LEFT JOIN aid ON aid.device_id = complaint.device_id
LEFT JOIN client ON client.client_id = complaint.client_id
WHERE complaint_id = ANY (%(keys)s) ORDER BY complaint_id;

-- name: facts_misuse
-- What is recorded of signals, with their terms.
SELECT case_id AS number, misuse_case.kind, item, aid.name AS aid, client_number AS client, since,
       reported_at, decide_by, decided_at, decision, client_heard, stage, outcome
FROM misuse_case
LEFT JOIN aid ON aid.device_id = misuse_case.device_id
LEFT JOIN client ON client.client_id = misuse_case.client_id
WHERE case_id = ANY (%(keys)s) ORDER BY case_id;

-- name: facts_aids
-- What is recorded of aids.
SELECT device.device_id AS number, device.kind, device.name AS aid, maker, model, serial_number,
       built_on, lent_on, serviced_on, registered_at, client_number AS client
FROM device
LEFT JOIN client ON client.client_id = device.client_id
WHERE device.device_id = ANY (%(keys)s) ORDER BY device.device_id;

-- name: log_tickets
-- Their log, without who called.
SELECT ticket_id AS number, event_no, at, happened_at, actor, kind, detail - 'caller' AS detail
FROM ticket_event WHERE ticket_id = ANY (%(keys)s) ORDER BY ticket_id, event_no;

-- name: log_orders
-- Their log.
SELECT commission_id AS number, event_no, at, happened_at, actor, kind, detail
FROM commission_event WHERE commission_id = ANY (%(keys)s) ORDER BY commission_id, event_no;

-- name: log_complaints
-- Their log.
SELECT complaint_id AS number, event_no, at, happened_at, actor, kind, detail
FROM complaint_event WHERE complaint_id = ANY (%(keys)s) ORDER BY complaint_id, event_no;

-- name: log_misuse
-- Their log.
SELECT case_id AS number, event_no, at, happened_at, actor, kind, detail
FROM misuse_event WHERE case_id = ANY (%(keys)s) ORDER BY case_id, event_no;

-- name: log_aids
-- What happened to aids: their reports.
SELECT ticket.device_id AS number, ticket_id AS event_no, opened_at AS at, reported_at AS happened_at,
       '' AS actor, ticket.kind, jsonb_build_object('ticket', ticket_id, 'stage', stage) AS detail
FROM ticket WHERE ticket.device_id = ANY (%(keys)s) ORDER BY ticket.device_id, ticket_id;
