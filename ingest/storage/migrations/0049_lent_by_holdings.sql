-- Who had which aid from when until when follows from the history of the aid (``aid_holding``), which also knows what
-- no order of ours tells: a takeover, a hand-over, the register. It has days; an order of that day has the moment.
-- As far back as it is known here: who had it when it was registered, had it before.
CREATE OR REPLACE VIEW lent AS
SELECT had.client_id, had.device_id,
       CASE WHEN earlier.holding_id IS NULL AND device.lent_on IS DISTINCT FROM had.since
                 AND had.since = (device.registered_at AT TIME ZONE 'Europe/Amsterdam')::date
            THEN '-infinity'
            ELSE coalesce((
                SELECT min(done_at) FROM commission
                WHERE commission.device_id = had.device_id AND commission.client_id = had.client_id
                  AND commission.kind IN ('delivery', 'reissue', 'exchange')
                  AND done_at >= midnight(had.since) AND done_at < midnight(had.since + 1)
            ), midnight(had.since)) END AS begin_at,
       coalesce((
           SELECT min(done_at) FROM commission
           WHERE commission.device_id = had.device_id
             AND done_at >= midnight(later.since) AND done_at < midnight(later.since + 1)
             AND CASE WHEN later.client_id IS NULL
                      THEN commission.kind IN ('collection', 'dismantling')
                      ELSE commission.client_id = later.client_id
                           AND commission.kind IN ('delivery', 'reissue', 'exchange') END
       ), midnight(later.since)) AS end_at
FROM aid_holding AS had
JOIN device USING (device_id)
LEFT JOIN LATERAL (
    SELECT holding_id, client_id, since FROM aid_holding AS other
    WHERE other.device_id = had.device_id AND (other.since, other.holding_id) > (had.since, had.holding_id)
    ORDER BY since, holding_id LIMIT 1
) AS later ON true
LEFT JOIN LATERAL (
    SELECT holding_id FROM aid_holding AS other
    WHERE other.device_id = had.device_id AND (other.since, other.holding_id) < (had.since, had.holding_id)
    LIMIT 1
) AS earlier ON true
WHERE had.client_id IS NOT NULL;

-- What is told late of an earlier day is not put before what was written already: who came last has it.
CREATE OR REPLACE FUNCTION record_holding() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told date := nullif(current_setting('liftwacht.on', true), '')::date;
    newest aid_holding;
BEGIN
    SELECT * INTO newest FROM aid_holding WHERE device_id = new.device_id
    ORDER BY since DESC, holding_id DESC LIMIT 1;
    -- Who brings a history along (a hand-over) has written it before.
    IF new.client_id IS NOT DISTINCT FROM newest.client_id THEN
        RETURN NULL;
    END IF;
    INSERT INTO aid_holding (device_id, client_id, since)
    VALUES (new.device_id, new.client_id, greatest(newest.since, coalesce(
        told,
        CASE WHEN new.client_id IS NOT NULL THEN new.lent_on END,
        (now() AT TIME ZONE 'Europe/Amsterdam')::date)));
    RETURN NULL;
END
$$;
