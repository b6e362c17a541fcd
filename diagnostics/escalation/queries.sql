-- name: claim
-- Takes the ticket that is due first, emergencies before all; and what a clock that ran ahead put
-- off until a present that is still to come. Locks timer and ticket: who writes to a
-- ticket holds its lock, so nothing is decided beside them; nobody is waited for.
SELECT ticket_id
FROM escalation
JOIN ticket USING (ticket_id)
WHERE escalation.next_due <= %(now)s
   OR (escalation.since > %(now)s AND escalation.next_due IS NOT NULL)
ORDER BY escalation.priority, escalation.next_due
LIMIT 1
FOR NO KEY UPDATE OF escalation, ticket SKIP LOCKED;

-- name: timer
-- The timer of a ticket, and what the ticket is now: after its release an emergency is a repair.
SELECT escalation.ticket_id, escalation.kind, escalation.priority, escalation.opened_at,
       escalation.since, escalation.wait, escalation.phase, escalation.why, escalation.round,
       escalation.step, escalation.attempt, escalation.suggested, escalation.help_at,
       escalation.event_no, escalation.forgotten_at,
       CASE WHEN ticket.released_at IS NULL THEN ticket.kind ELSE 'repair' END AS ticket_kind,
       ticket.priority AS ticket_priority, ticket.closed_at
FROM escalation
JOIN ticket USING (ticket_id)
WHERE escalation.ticket_id = %(ticket_id)s;

-- name: news
-- What happened to a ticket since it was last heard of.
SELECT event_no, kind, at, actor, detail FROM ticket_event
WHERE ticket_id = %(ticket_id)s AND event_no > %(after)s
ORDER BY event_no;

-- name: policy
-- The policy of a kind and priority on a day.
SELECT policy FROM escalation_policy
WHERE kind = %(kind)s AND priority = %(priority)s AND valid_from <= %(day)s
ORDER BY valid_from DESC
LIMIT 1;

-- name: rotations
-- All rotations, in the order in which they were made.
SELECT layer, turn, first_day, handover, last_day, hours,
       ARRAY(
           SELECT login FROM rotation_person JOIN account USING (account_id)
           WHERE rotation_person.rotation_id = rotation.rotation_id
           ORDER BY place
       ) AS people
FROM rotation
WHERE last_day IS NULL OR last_day > %(since)s::date - 14
ORDER BY rotation_id;

-- name: overrides
-- Who takes over from whom, of those that last past a moment, in the order in which they were made.
SELECT layer, begin_at AS begin, end_at AS end, person.login AS person,
       instead_of.login AS instead_of
FROM rota_override
LEFT JOIN account AS person ON person.account_id = person_id
LEFT JOIN account AS instead_of ON instead_of.account_id = instead_of_id
WHERE end_at > %(since)s
ORDER BY override_id;

-- name: gone
-- Who is on the rota and left.
SELECT login FROM account
WHERE disabled_at IS NOT NULL
  AND (account_id IN (SELECT account_id FROM rotation_person)
       OR account_id IN (SELECT person_id FROM rota_override));

-- name: save
-- Remembers how a timer stands.
UPDATE escalation
SET kind = %(kind)s, priority = %(priority)s, since = %(since)s, wait = %(wait)s,
    phase = %(phase)s, why = %(why)s, round = %(round)s, step = %(step)s, attempt = %(attempt)s,
    suggested = %(suggested)s, help_at = %(help_at)s, event_no = %(event_no)s,
    forgotten_at = %(forgotten_at)s, next_due = %(next_due)s
WHERE ticket_id = %(ticket_id)s;

-- name: snooze
-- Puts off a ticket that cannot be decided, so that it holds up no other.
UPDATE escalation SET next_due = %(later)s WHERE ticket_id = %(ticket_id)s;

-- name: earliest
-- When something is due next; null: never.
SELECT greatest(min(next_due), 'epoch') FROM escalation WHERE next_due IS NOT NULL;

-- name: drop_unsent
-- Nobody wants to be called for a ticket that is closed. Never waits for what is just being sent.
UPDATE notification SET superseded_at = %(now)s, next_attempt_at = NULL
WHERE notification_id IN (
    SELECT notification_id FROM notification
    WHERE ticket_id = %(ticket_id)s AND next_attempt_at IS NOT NULL
      AND channel IN ('person', 'email', 'push', 'apprise')
    FOR UPDATE SKIP LOCKED
);

-- name: check_day
-- The rota is looked at once a day, whichever engine is first.
INSERT INTO rota_check (day) VALUES (%(day)s) ON CONFLICT DO NOTHING RETURNING day;

-- name: people
-- Everybody with one of some roles.
SELECT login FROM account
WHERE role = ANY(%(roles)s) AND disabled_at IS NULL
ORDER BY login;

-- name: unreachable
-- Whoever may be called on and has no way to be told.
SELECT name FROM unreachable_on_call ORDER BY name;

-- name: tell
-- Stores a message to a person that is about no ticket, once.
INSERT INTO notification (dedup_key, channel, recipient, payload, created_at, next_attempt_at)
VALUES (%(dedup_key)s, 'person', %(recipient)s, %(payload)s, %(now)s, %(now)s)
ON CONFLICT (dedup_key) DO NOTHING;

-- name: wake_senders
-- Tells senders that there is something to send, at commit.
SELECT pg_notify('liftwacht_notification', '');
