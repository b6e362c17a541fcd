-- Restorations of this database from a backup. What modems sent shortly before is in it no more, and
-- was confirmed to them: they are told the newest name with each confirmation, and send it again.
CREATE TABLE recovery (
    recovery_id text PRIMARY KEY CHECK (recovery_id ~ '^[0-9a-f]{32}$'),
    restored_at timestamptz NOT NULL
);
GRANT SELECT ON recovery TO liftwacht_ingest;

-- Copies the log of the database as it is written, and the whole by night (docs/backup.md).
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'liftwacht_backup') THEN
        BEGIN
            CREATE ROLE liftwacht_backup LOGIN REPLICATION;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was faster
        END;
    END IF;
END
$$;
