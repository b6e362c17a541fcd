-- Who called about a ticket is forgotten with the client whose aid it was then: not with whoever has the aid now.
CREATE OR REPLACE FUNCTION erase_contact(who int, whom int, reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    eraser account;
    anything boolean := false;
BEGIN
    SELECT * INTO eraser FROM account
    WHERE account_id = who AND disabled_at IS NULL AND role = 'administrator';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'account % may not erase contacts', who
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('liftwacht.actor', eraser.login, true);
    PERFORM set_config('liftwacht.reason', reason, true);
    DELETE FROM client_contact WHERE client_id = whom;
    anything := FOUND;
    -- Also the version that was written down just now.
    UPDATE contact_change SET before = NULL, after = NULL
    WHERE client_id = whom AND (before IS NOT NULL OR after IS NOT NULL);
    anything := anything OR FOUND;
    UPDATE ticket_event SET detail = detail - 'caller'
    WHERE detail ? 'caller' AND ticket_id IN (SELECT ticket_id FROM ticket WHERE client_id = whom);
    RETURN anything OR FOUND;
END
$$;
