-- Erasing whom a client is, and how to reach them (AVG, article 17). Logs stay append-only but for
-- this: a version of a contact is forgotten, and who called. Of a row nothing else can change, and no
-- process has the right to: the function below alone does it, and who asked is on record.
CREATE FUNCTION refuse_change_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'ticket_event'
       AND to_jsonb(new) - 'detail' = to_jsonb(old) - 'detail'
       AND to_jsonb(new) -> 'detail' = (to_jsonb(old) -> 'detail') - 'caller' THEN
        RETURN new;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'contact_change'
       AND to_jsonb(new) = to_jsonb(old) || '{"before": null, "after": null}' THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
DROP TRIGGER ticket_event_append_only ON ticket_event;
CREATE TRIGGER ticket_event_append_only BEFORE UPDATE OR DELETE ON ticket_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting();
DROP TRIGGER contact_change_append_only ON contact_change;
CREATE TRIGGER contact_change_append_only BEFORE UPDATE OR DELETE ON contact_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting();

-- Forgets a client's contact, all versions of it, and who called about their aids; tells whether there
-- was anything. Telemetry and tickets stay, under the client's number.
CREATE FUNCTION erase_contact(who int, whom int, reason text) RETURNS boolean
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
    WHERE detail ? 'caller' AND ticket_id IN (
        SELECT ticket_id FROM ticket JOIN device USING (device_id) WHERE device.client_id = whom);
    RETURN anything OR FOUND;
END
$$;
REVOKE ALL ON FUNCTION erase_contact FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_contact TO liftwacht_api;
