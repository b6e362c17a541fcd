-- Calls for help are heard on a lane of their own, ahead of everything else in the log: how far that
-- is, per shard. The number is that of a call; diagnosis_cursor comes by later.
CREATE TABLE call_cursor (
    shard smallint PRIMARY KEY REFERENCES shard,
    log_no bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO call_cursor (shard, log_no) SELECT shard, log_no FROM diagnosis_cursor;
GRANT SELECT, UPDATE ON call_cursor TO liftwacht_diagnostics;
GRANT SELECT ON call_cursor TO liftwacht_api;

-- A message that a newer one made untrue before it was sent is finished, and no failure.
ALTER TABLE notification
    ADD COLUMN superseded_at timestamptz,
    DROP CONSTRAINT notification_finished;
UPDATE notification SET superseded_at = given_up_at, given_up_at = NULL, last_error = NULL
WHERE last_error = 'superseded';
ALTER TABLE notification ADD CONSTRAINT notification_finished CHECK (
    (next_attempt_at IS NULL)
    = (delivered_at IS NOT NULL OR given_up_at IS NOT NULL OR superseded_at IS NOT NULL)
);
