-- Who called, and how to call back, stands in the log of a ticket: a look at it is on record like one at
-- a contact, also of an aid that nobody borrows.
ALTER TABLE contact_look ALTER COLUMN client_id DROP NOT NULL;
ALTER TABLE contact_look ADD CONSTRAINT contact_look_of_somebody
    CHECK (client_id IS NOT NULL OR ticket_id IS NOT NULL);

-- As record_look, of the client of a ticket's aid.
CREATE FUNCTION look_at_caller(who int, whose bigint, moment timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO contact_look (at, account_id, client_id, ticket_id, reason)
    SELECT moment, who, device.client_id, ticket.ticket_id, 'caller'
    FROM ticket JOIN device USING (device_id)
    WHERE ticket.ticket_id = whose AND NOT EXISTS (
        SELECT FROM contact_look
        WHERE account_id = who AND ticket_id = whose AND reason = 'caller'
          AND at BETWEEN moment - INTERVAL '15 minutes' AND moment
    )
$$;
REVOKE ALL ON FUNCTION look_at_caller FROM PUBLIC;
GRANT EXECUTE ON FUNCTION look_at_caller TO liftwacht_api, liftwacht_municipality;
CREATE INDEX contact_look_ticket ON contact_look (ticket_id, account_id) WHERE ticket_id IS NOT NULL;

CREATE OR REPLACE VIEW audit_trail WITH (security_invoker = true) AS
    SELECT at, actor, action, subject, address, detail FROM audit
    UNION ALL
    SELECT look.at, account.login, 'contact_seen', client.client_number, NULL,
           jsonb_strip_nulls(jsonb_build_object('ticket', ticket_id, 'reason', reason))
    FROM contact_look AS look
    JOIN account USING (account_id)
    LEFT JOIN client USING (client_id)
    UNION ALL
    SELECT at, actor, 'contact_changed', client.client_number, NULL,
           jsonb_build_object('reason', reason)
    FROM contact_change
    JOIN client USING (client_id);
