-- How a municipality's system gets short-lived tokens (OAuth 2.0, client credentials): it shows who it is by a key of
-- which only the public half is here (private_key_jwt, RFC 7523). Its name as a client is its login.
CREATE TABLE oauth_client (
    registration_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id int NOT NULL REFERENCES account,
    keys jsonb,                -- a JWK set (RFC 7517); of ``keys_url``: as it was there
    keys_url text,             -- where it is kept
    fetched_at timestamptz,    -- when it was last asked for there
    scope text[] NOT NULL CHECK (cardinality(scope) > 0),
    registered_at timestamptz NOT NULL,
    registered_by text NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz,
    CONSTRAINT oauth_client_keys CHECK (keys IS NOT NULL OR keys_url IS NOT NULL)
);
-- Other keys are another registration: tokens of the one before end.
CREATE UNIQUE INDEX oauth_client_in_use ON oauth_client (account_id) WHERE revoked_at IS NULL;
CREATE INDEX oauth_client_account ON oauth_client (account_id, registration_id DESC);

-- By what clients have shown who they are, until it is worth nothing any more: once each.
CREATE TABLE oauth_assertion (
    account_id int NOT NULL REFERENCES account,
    digest bytea NOT NULL CHECK (length(digest) = 32),  -- of its ``jti``
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, digest)
);
CREATE INDEX oauth_assertion_expires ON oauth_assertion (expires_at);

GRANT SELECT, INSERT ON oauth_client TO liftwacht_api;
GRANT UPDATE (keys, fetched_at, revoked_at, last_used_at) ON oauth_client TO liftwacht_api;
GRANT SELECT, INSERT, DELETE ON oauth_assertion TO liftwacht_api;

-- As of tokens (0052): if its machine becomes another's, or everybody's, a registration ends.
CREATE OR REPLACE FUNCTION end_tokens_of_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE api_token SET revoked_at = now() WHERE account_id = new.account_id AND revoked_at IS NULL;
    UPDATE oauth_client SET revoked_at = now() WHERE account_id = new.account_id AND revoked_at IS NULL;
    RETURN NULL;
END
$$;

-- Until which day somebody is on call is a day of the Netherlands, whatever zone the session has.
CREATE OR REPLACE VIEW unreachable_on_call WITH (security_invoker = true) AS
SELECT account_id, login, name FROM account
WHERE disabled_at IS NULL
  AND account_id NOT IN (SELECT account_id FROM reachable_by)
  AND (
      account_id IN (
          SELECT account_id FROM rotation_person JOIN rotation USING (rotation_id)
          WHERE last_day IS NULL OR last_day >= (now() AT TIME ZONE 'Europe/Amsterdam')::date
      )
      OR account_id IN (SELECT person_id FROM rota_override WHERE end_at > now())
  );
