-- A campaign is looked at every quarter of a minute: how its members stand is kept, not counted.

CREATE TABLE campaign_tally (
    campaign_id int NOT NULL REFERENCES campaign,
    ring smallint NOT NULL,
    state text NOT NULL,
    aids int NOT NULL,
    installed int NOT NULL,  -- of these, how many have it
    installed_ms bigint NOT NULL,  -- the sum of the moments at which they got it, since 1970
    PRIMARY KEY (campaign_id, ring, state)
);

CREATE FUNCTION tally_campaign_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO campaign_tally AS known (campaign_id, ring, state, aids, installed, installed_ms)
    SELECT campaign_id, ring, state, count(*), count(installed_at),
           coalesce(sum(round(extract(epoch FROM installed_at) * 1000)), 0)
    FROM fresh GROUP BY campaign_id, ring, state
    ON CONFLICT (campaign_id, ring, state) DO UPDATE SET
        aids = known.aids + excluded.aids,
        installed = known.installed + excluded.installed,
        installed_ms = known.installed_ms + excluded.installed_ms;
    IF TG_OP = 'UPDATE' THEN
        UPDATE campaign_tally AS known SET
            aids = known.aids - gone.aids,
            installed = known.installed - gone.installed,
            installed_ms = known.installed_ms - gone.installed_ms
        FROM (
            SELECT campaign_id, ring, state, count(*) AS aids, count(installed_at) AS installed,
                   coalesce(sum(round(extract(epoch FROM installed_at) * 1000)), 0) AS installed_ms
            FROM stale GROUP BY campaign_id, ring, state
        ) AS gone
        WHERE (known.campaign_id, known.ring, known.state)
            = (gone.campaign_id, gone.ring, gone.state);
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION tally_campaign_members FROM PUBLIC;
CREATE TRIGGER campaign_member_entered AFTER INSERT ON campaign_member
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tally_campaign_members();
CREATE TRIGGER campaign_member_changed AFTER UPDATE ON campaign_member
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tally_campaign_members();
CREATE TRIGGER campaign_member_not_removed BEFORE DELETE ON campaign_member
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO campaign_tally (campaign_id, ring, state, aids, installed, installed_ms)
SELECT campaign_id, ring, state, count(*), count(installed_at),
       coalesce(sum(round(extract(epoch FROM installed_at) * 1000)), 0)
FROM campaign_member GROUP BY campaign_id, ring, state;

ALTER TABLE campaign
    -- How it stood at judged_since: what was known then counts no more.
    ADD COLUMN known_confirmed int NOT NULL DEFAULT 0,
    ADD COLUMN known_failed int NOT NULL DEFAULT 0,
    ADD COLUMN known_installed int NOT NULL DEFAULT 0,
    ADD COLUMN known_installed_ms bigint NOT NULL DEFAULT 0,
    -- How many aids had ever been heard of then.
    ADD COLUMN fleet int NOT NULL DEFAULT 0,
    -- Up to whom it was looked whether they are gone, or have the programme from elsewhere.
    ADD COLUMN looked_ring smallint NOT NULL DEFAULT -1,
    ADD COLUMN looked_device int NOT NULL DEFAULT 0;
UPDATE campaign SET fleet = (SELECT count(*) FROM device_presence), (known_confirmed, known_failed, known_installed, known_installed_ms) = (
    SELECT count(*) FILTER (WHERE member.state = 'confirmed' AND ended_at < judged_since),
           count(*) FILTER (WHERE member.state = 'failed' AND ended_at < judged_since),
           count(*) FILTER (WHERE installed_at < judged_since),
           coalesce(sum(round(extract(epoch FROM installed_at) * 1000))
                    FILTER (WHERE installed_at < judged_since), 0)
    FROM campaign_member AS member WHERE member.campaign_id = campaign.campaign_id
);

GRANT SELECT ON campaign_tally TO liftwacht_diagnostics, liftwacht_api;
GRANT UPDATE (known_confirmed, known_failed, known_installed, known_installed_ms, fleet)
    ON campaign TO liftwacht_diagnostics, liftwacht_api;
GRANT UPDATE (looked_ring, looked_device) ON campaign TO liftwacht_diagnostics;

-- What a campaign looks up among the tickets.
CREATE INDEX ticket_emergency_opened ON ticket (opened_at) WHERE kind = 'emergency' AND NOT test;
DROP INDEX device_retired;
DROP INDEX device_presence_firmware;
