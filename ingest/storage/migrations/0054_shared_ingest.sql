-- Workers that share the shards (docs/adr/0022). Rows and not locks: whoever is paused holds up nobody.

CREATE TABLE ingest_worker (
    worker text PRIMARY KEY,
    host text NOT NULL,
    joined_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    fenced_at timestamptz  -- from here on it may write nothing, whether it knows or not
);

-- A part of the shards is what is taken and given up at once.
CREATE TABLE ingest_part (
    part smallint PRIMARY KEY,
    holder text,  -- null: nobody; it may be one that is dead
    term bigint NOT NULL DEFAULT 0,  -- how often it changed hands
    since timestamptz NOT NULL DEFAULT now()
);
INSERT INTO ingest_part (part) SELECT generate_series(0, 15);

ALTER TABLE listener ADD COLUMN holder text;  -- the process that wrote this row last

GRANT SELECT, INSERT, UPDATE, DELETE ON ingest_worker TO liftwacht_ingest;
GRANT SELECT, UPDATE (holder, term, since) ON ingest_part TO liftwacht_ingest;
GRANT SELECT ON ingest_worker, ingest_part TO liftwacht_diagnostics, liftwacht_api;

CREATE OR REPLACE VIEW dashboard.listener WITH (security_barrier) AS
SELECT worker, first_shard, last_shard, listening_since, beat_at, received, stored, duplicate,
    quarantined, waiting, holder
FROM listener CROSS JOIN dashboard.whole;
