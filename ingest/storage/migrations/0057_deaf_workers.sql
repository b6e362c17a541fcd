-- A worker of shared ingest that reaches the database and not the broker lets others take its parts.

ALTER TABLE ingest_worker
    ADD COLUMN reaches_broker boolean,  -- null: it has not tried yet
    ADD COLUMN reaches_since timestamptz NOT NULL DEFAULT now();  -- since when that is so
