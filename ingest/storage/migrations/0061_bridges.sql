-- A bridge between a broker and JetStream tells how it does, as other processes do.
GRANT SELECT, INSERT, UPDATE ON heartbeat TO liftwacht_ingest;
