-- A list of the contractor before is also read in by page: what was sent waits until somebody has seen what it would do.
CREATE TABLE takeover_upload (
    upload_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    takeover_id bigint NOT NULL REFERENCES takeover,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    content bytea NOT NULL,
    mapping_name text NOT NULL CHECK (length(mapping_name) BETWEEN 1 AND 200),
    mapping text NOT NULL CHECK (length(mapping) <= 65536),
    counts jsonb NOT NULL,       -- what it would do
    differences jsonb NOT NULL,  -- the first five hundred, as the faults
    faults jsonb NOT NULL,
    rejected bytea,              -- the rows that cannot be read in, as an Excel file; null: there are none
    at timestamptz NOT NULL,
    actor text NOT NULL
);
CREATE INDEX takeover_upload_takeover ON takeover_upload (takeover_id, upload_id DESC);
ALTER TABLE takeover_upload ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE takeover_upload ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON takeover_upload TO liftwacht_api USING (true);
GRANT SELECT, INSERT, DELETE ON takeover_upload TO liftwacht_api;
GRANT UPDATE (mapping_name) ON takeover_upload TO liftwacht_api;  -- to lock one

-- By which mapping a list was read in: to be chosen for the next. Null: by an earlier version of the platform.
ALTER TABLE takeover_list
    ADD COLUMN mapping_name text,
    ADD COLUMN mapping text;

-- What reading in writes.
GRANT INSERT (client_number, municipality_code) ON client TO liftwacht_api;
GRANT INSERT (name, shard, kind, municipality_code, postcode4) ON device TO liftwacht_api;
GRANT UPDATE (told, at) ON takeover_aid TO liftwacht_api;

-- What nobody read in goes.
INSERT INTO retention_term (kind, term) VALUES ('takeover_uploads', '30 days');
CREATE OR REPLACE VIEW ended AS
SELECT kind, key, since, device_id, client_id FROM ended_work
UNION ALL
SELECT 'subject_requests', request_id, answered_at, NULL, NULL FROM subject_request
WHERE answered_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM client_restriction AS held
                  WHERE held.request_id = subject_request.request_id)
UNION ALL
SELECT 'breaches', breach_id, closed_at, NULL, NULL FROM breach WHERE closed_at IS NOT NULL
UNION ALL
SELECT 'aid_photos', file_id, stored_at, device_id, NULL FROM aid_file
WHERE media_type LIKE 'image/%'
UNION ALL
SELECT 'takeover_uploads', upload_id, at, NULL, NULL FROM takeover_upload;

CREATE OR REPLACE FUNCTION remove_ended(which text, moment timestamptz, most int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys bigint[];
BEGIN
    IF which NOT IN ('subject_requests', 'breaches', 'aid_photos', 'takeover_uploads') THEN
        RETURN remove_ended_work(which, moment, most);
    END IF;
    keys := array(
        SELECT key FROM ended
        WHERE kind = which AND since < kept_since(which, moment)
          AND NOT EXISTS (SELECT FROM held_device WHERE held_device.device_id = ended.device_id)
        ORDER BY since LIMIT most);
    CASE which
    WHEN 'subject_requests' THEN
        DELETE FROM subject_event WHERE request_id = ANY (keys);
        DELETE FROM subject_request WHERE request_id = ANY (keys);
    WHEN 'breaches' THEN
        DELETE FROM breach_event WHERE breach_id = ANY (keys);
        DELETE FROM breach_municipality WHERE breach_id = ANY (keys);
        DELETE FROM breach WHERE breach_id = ANY (keys);
    WHEN 'aid_photos' THEN
        DELETE FROM aid_file WHERE file_id = ANY (keys);
    WHEN 'takeover_uploads' THEN
        DELETE FROM takeover_upload WHERE upload_id = ANY (keys);
    END CASE;
    RETURN cardinality(keys);
END
$$;
