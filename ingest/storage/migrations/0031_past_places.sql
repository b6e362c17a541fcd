-- What happened belongs to the municipality in which the aid was lent then, and a ticket to who had the aid:
-- also when it is lent to somebody else, elsewhere, later.
ALTER TABLE ticket
    ADD COLUMN municipality_code text REFERENCES municipality,
    ADD COLUMN postcode4 smallint,
    ADD COLUMN client_id int REFERENCES client;  -- null: it was with nobody
ALTER TABLE finding
    ADD COLUMN municipality_code text REFERENCES municipality,
    ADD COLUMN postcode4 smallint;

-- In which municipalities an aid is or was.
CREATE TABLE device_lent_in (
    device_id int NOT NULL REFERENCES device,
    municipality_code text NOT NULL REFERENCES municipality,
    PRIMARY KEY (device_id, municipality_code)
);

CREATE FUNCTION remember_municipality() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO device_lent_in VALUES (new.device_id, new.municipality_code)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER device_lent_in AFTER INSERT OR UPDATE OF municipality_code ON device
    FOR EACH ROW EXECUTE FUNCTION remember_municipality();

CREATE FUNCTION happens_here() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    SELECT coalesce(new.municipality_code, device.municipality_code),
           coalesce(new.postcode4, device.postcode4)
    INTO new.municipality_code, new.postcode4
    FROM device WHERE device.device_id = new.device_id;
    RETURN new;
END
$$;
CREATE FUNCTION happens_to_client() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    SELECT coalesce(new.client_id, device.client_id) INTO new.client_id
    FROM device WHERE device.device_id = new.device_id;
    RETURN new;
END
$$;
CREATE TRIGGER ticket_place BEFORE INSERT ON ticket
    FOR EACH ROW EXECUTE FUNCTION happens_here();
CREATE TRIGGER ticket_client BEFORE INSERT ON ticket
    FOR EACH ROW EXECUTE FUNCTION happens_to_client();
CREATE TRIGGER finding_place BEFORE INSERT ON finding
    FOR EACH ROW EXECUTE FUNCTION happens_here();

-- What is there already: the log of a ticket says where it was reported; orders say who had the aid. Of an
-- aid whose first order came later it is not known who had it before.
WITH lent AS (
    SELECT ticket_id, newest.client_id, newest.municipality_code, newest.postcode4,
           newest.commission_id IS NOT NULL AS known,
           EXISTS (
               SELECT FROM commission AS back
               WHERE back.device_id = ticket.device_id AND back.kind IN ('collection', 'dismantling')
                 AND back.done_at > newest.done_at AND back.done_at <= ticket.opened_at) AS returned,
           EXISTS (
               SELECT FROM commission AS later
               WHERE later.device_id = ticket.device_id AND later.done_at > ticket.opened_at
                 AND later.kind IN ('delivery', 'reissue', 'exchange')) AS lent_later
    FROM ticket
    LEFT JOIN LATERAL (
        SELECT * FROM commission
        WHERE commission.device_id = ticket.device_id AND done_at <= ticket.opened_at
          AND kind IN ('delivery', 'reissue', 'exchange')
        ORDER BY done_at DESC LIMIT 1
    ) AS newest ON true
)
UPDATE ticket
SET municipality_code = place.code, postcode4 = place.postcode4, client_id = client.client_id
FROM lent
JOIN ticket AS same USING (ticket_id)
JOIN device USING (device_id)
LEFT JOIN ticket_event AS first ON first.ticket_id = lent.ticket_id AND first.event_no = 1
CROSS JOIN LATERAL (
    SELECT coalesce(first.detail ->> 'municipality', lent.municipality_code,
                    device.municipality_code) AS code,
           coalesce((first.detail ->> 'postcode4')::smallint, lent.postcode4,
                    device.postcode4) AS postcode4
) AS place
LEFT JOIN client ON client.municipality_code = place.code AND client.client_id = CASE
    WHEN lent.known AND NOT lent.returned THEN lent.client_id
    WHEN NOT lent.known AND NOT lent.lent_later THEN device.client_id
END
WHERE ticket.ticket_id = lent.ticket_id;

UPDATE finding
SET municipality_code = place.code, postcode4 = place.postcode4
FROM finding AS same
JOIN device USING (device_id)
LEFT JOIN ticket USING (ticket_id)
LEFT JOIN misuse_case ON misuse_case.case_id = same.misuse_case_id
LEFT JOIN LATERAL (
    SELECT * FROM commission
    WHERE commission.device_id = same.device_id AND done_at <= same.found_at
      AND kind IN ('delivery', 'reissue', 'exchange')
    ORDER BY done_at DESC LIMIT 1
) AS newest ON true
CROSS JOIN LATERAL (
    SELECT coalesce(ticket.municipality_code, misuse_case.municipality_code,
                    newest.municipality_code, device.municipality_code) AS code,
           coalesce(ticket.postcode4, newest.postcode4, device.postcode4) AS postcode4
) AS place
WHERE finding.finding_id = same.finding_id;

INSERT INTO device_lent_in
SELECT device_id, municipality_code FROM device
UNION SELECT device_id, municipality_code FROM ticket
UNION SELECT device_id, municipality_code FROM finding
UNION SELECT device_id, municipality_code FROM commission WHERE device_id IS NOT NULL
UNION SELECT device_id, municipality_code FROM complaint WHERE device_id IS NOT NULL
UNION SELECT device_id, municipality_code FROM misuse_case
UNION SELECT device_id, municipality_code FROM aid_rejection;

ALTER TABLE ticket
    ALTER COLUMN municipality_code SET NOT NULL,
    ALTER COLUMN postcode4 SET NOT NULL;
ALTER TABLE finding
    ALTER COLUMN municipality_code SET NOT NULL,
    ALTER COLUMN postcode4 SET NOT NULL;
CREATE INDEX ticket_municipality ON ticket (municipality_code, ticket_id DESC);
CREATE INDEX ticket_open_municipality ON ticket (municipality_code, ticket_id)
    WHERE closed_at IS NULL;
CREATE INDEX ticket_client ON ticket (client_id, ticket_id DESC) WHERE client_id IS NOT NULL;
CREATE INDEX finding_municipality ON finding (municipality_code, finding_id DESC);
CREATE INDEX finding_live_municipality ON finding (municipality_code, what)
    WHERE ended_at IS NULL;

ALTER TABLE device_lent_in ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON device_lent_in TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY own_municipality ON device_lent_in FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
GRANT SELECT ON device_lent_in TO liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;

DROP POLICY own_municipality ON ticket;
CREATE POLICY own_municipality ON ticket FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
DROP POLICY own_municipality ON finding;
CREATE POLICY own_municipality ON finding FOR SELECT TO liftwacht_municipality
    USING (
        municipality_code = current_setting('liftwacht.municipality', true)
        AND (
            asks <> 'signal'
            OR EXISTS (
                SELECT FROM misuse_case WHERE misuse_case.case_id = finding.misuse_case_id
            )
        )
    );

-- What an aid is, for whoever sees something that happened to it: never where it is now, nor whose. The
-- owner's eyes, so the condition is written here; it is no barrier, so that joins stay quick: nobody of a
-- municipality writes statements.
CREATE VIEW aid AS
SELECT device_id, name, kind, maker, model, serial_number, registered_at, retired_at
FROM device
WHERE current_user <> 'liftwacht_municipality' OR EXISTS (
    SELECT FROM device_lent_in AS place
    WHERE place.device_id = device.device_id
      AND place.municipality_code = current_setting('liftwacht.municipality', true));
GRANT SELECT ON aid TO liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;

-- Who called about a ticket is a matter of its client, not of who has the aid now.
CREATE OR REPLACE FUNCTION look_at_caller(who int, whose bigint, moment timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO contact_look (at, account_id, client_id, ticket_id, reason)
    SELECT moment, who, ticket.client_id, ticket.ticket_id, 'caller'
    FROM ticket
    WHERE ticket.ticket_id = whose AND NOT EXISTS (
        SELECT FROM contact_look
        WHERE account_id = who AND ticket_id = whose AND reason = 'caller'
          AND at BETWEEN moment - INTERVAL '15 minutes' AND moment
    )
$$;
