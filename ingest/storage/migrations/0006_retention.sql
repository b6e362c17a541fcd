-- What is kept for how long, on either engine. `liftwacht-ingest expire` calls it once a day; on
-- TimescaleDB its own policies have then mostly done the work for readings, faults and rides.

CREATE PROCEDURE expire(at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM status WHERE received_at < at - INTERVAL '400 days';
    DELETE FROM fault WHERE received_at < at - INTERVAL '5 years';
    DELETE FROM usage WHERE received_at < at - INTERVAL '5 years';
    DELETE FROM call WHERE received_at < at - INTERVAL '5 years';
    DELETE FROM reply WHERE received_at < at - INTERVAL '400 days';
    DELETE FROM presence WHERE received_at < at - INTERVAL '400 days';
    DELETE FROM quarantine WHERE received_at < at - INTERVAL '400 days';
END
$$;
REVOKE ALL ON PROCEDURE expire FROM PUBLIC;
