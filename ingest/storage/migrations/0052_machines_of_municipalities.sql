-- A municipality's own system is a machine of that municipality: it reads what is theirs, and the database sees to that.
ALTER TABLE account
    DROP CONSTRAINT account_of_municipality,
    ADD CONSTRAINT account_of_municipality CHECK (
        CASE WHEN role IN ('municipality', 'contract_manager', 'privacy_officer', 'auditor')
             THEN municipality_code IS NOT NULL
             ELSE municipality_code IS NULL OR role = 'machine' END
    );

-- A token is of the municipality for which it was made: if its machine becomes another's, or everybody's, it ends.
CREATE FUNCTION end_tokens_of_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE api_token SET revoked_at = now() WHERE account_id = new.account_id AND revoked_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_moved AFTER UPDATE OF municipality_code, role ON account FOR EACH ROW
    WHEN (old.municipality_code IS DISTINCT FROM new.municipality_code OR old.role <> new.role)
    EXECUTE FUNCTION end_tokens_of_another();
