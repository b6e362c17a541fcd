-- The page of an aid that everybody may read who holds its label (QR code). What stands on it says nothing
-- about a person. The token is kept as it is: a label is printed again, and it opens nothing but that page.
CREATE TABLE aid_label (
    label_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device,
    token text NOT NULL UNIQUE CHECK (token ~ '^[A-Za-z0-9_-]{22}$'),
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    revoked_at timestamptz,
    revoked_by text,
    CONSTRAINT aid_label_revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX aid_label_live ON aid_label (device_id) WHERE revoked_at IS NULL;
GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_by) ON aid_label TO liftwacht_api;
