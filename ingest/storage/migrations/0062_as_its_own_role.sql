-- What pages and interface do as ``liftwacht_api``, which reads neither keys nor secrets.

ALTER TABLE alarm_centre
    ADD COLUMN encrypted boolean NOT NULL GENERATED ALWAYS AS (key IS NOT NULL) STORED;
GRANT SELECT (encrypted) ON alarm_centre TO liftwacht_api;

-- A test that is asked for twice within its minute is the one that there is.
GRANT UPDATE (dedup_key) ON notification TO liftwacht_api;

-- ``old_secret = ''`` asks for the secret until now, which whoever replaces it may not read.
CREATE FUNCTION keep_old_secret() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.old_secret := OLD.secret;
    RETURN NEW;
END;
$$;
CREATE TRIGGER webhook_keeps_old_secret BEFORE UPDATE OF old_secret ON webhook_subscription
    FOR EACH ROW WHEN (NEW.old_secret = '') EXECUTE FUNCTION keep_old_secret();
