-- What people need to work with the contract: letters that are mailed as PDF, orders and complaints
-- that a municipality gives itself, and tariffs.

-- As it was mailed: addressed by the client's number, as the text is. What is printed bears a name
-- and an address, and is not kept.
ALTER TABLE letter
    ADD COLUMN pdf bytea CHECK (octet_length(pdf) <= 1048576),
    ADD COLUMN notification_id bigint;  -- the message that brings it, the newest one
ALTER TABLE letter ALTER COLUMN pdf SET STORAGE EXTERNAL;
GRANT UPDATE (mail, pdf, notification_id) ON letter TO liftwacht_api;
GRANT UPDATE (notification_id) ON letter TO liftwacht_diagnostics;
CREATE INDEX letter_to_municipality ON letter (municipality_code, letter_id DESC)
    WHERE addressee = 'municipality' AND mail IS NOT NULL;

-- A letter follows the message that brings it: which one, and that it arrived.
CREATE FUNCTION follow_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE letter
    SET notification_id = new.notification_id, sent_at = coalesce(sent_at, new.delivered_at),
        sent_by = CASE WHEN sent_at IS NULL AND new.delivered_at IS NOT NULL THEN 'mail'
                       ELSE sent_by END
    WHERE letter_id = (new.payload ->> 'letter')::bigint;
    RETURN NULL;
END
$$;
CREATE TRIGGER notification_brings_letter AFTER INSERT OR UPDATE OF delivered_at ON notification
    FOR EACH ROW WHEN (new.payload ? 'letter') EXECUTE FUNCTION follow_message();

-- A client's mail address stands in the message alone, and no longer than it takes to hand that in.
CREATE FUNCTION forget_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.recipient := 'mailbox:';
    RETURN new;
END
$$;
CREATE TRIGGER notification_forgets_address BEFORE UPDATE OF next_attempt_at ON notification
    FOR EACH ROW WHEN (new.next_attempt_at IS NULL AND new.payload ? 'forget')
    EXECUTE FUNCTION forget_address();

-- A municipality gives orders and files complaints, and takes them back: its own, for its own clients.
GRANT INSERT (
    municipality_code, reference, kind, client_id, postcode4, aid_kind, aid_type, description,
    consultant, consultant_mail, exchange_of, price_cents, all_in, received_at, registered_at,
    device_id
) ON commission TO liftwacht_municipality;
GRANT UPDATE (
    device_id, aid_source, aid_first_used_on, lifetime_left_months, contacted_at, fitted_at,
    confirmed_at, supplied_at, loan_signed_at, done_at, ended_at, outcome, paused, expected_on,
    contact_due_at, confirm_due_at, due_at, due_without_delay_at, breach_at, breaches, next_clock_at,
    clocked_at, version
) ON commission TO liftwacht_municipality;
GRANT INSERT ON commission_event TO liftwacht_municipality;
GRANT INSERT (
    municipality_code, client_id, device_id, commission_id, ticket_id, nature, via, text, received_at,
    registered_at, take_up_due_at, handle_due_at, request_id
) ON complaint TO liftwacht_municipality;
GRANT UPDATE (handled_at, outcome, outcome_text, measures, breaches, next_clock_at, version)
    ON complaint TO liftwacht_municipality;
GRANT INSERT ON complaint_event TO liftwacht_municipality;
GRANT INSERT (
    municipality_code, client_id, addressee, mail, about, commission_id, complaint_id, language,
    subject, body, dedup_key, written_at, actor
) ON letter TO liftwacht_municipality;
CREATE POLICY own_new ON commission FOR INSERT TO liftwacht_municipality
    WITH CHECK (
        municipality_code = current_setting('liftwacht.municipality', true)
        AND EXISTS (SELECT FROM client WHERE client.client_id = commission.client_id)
    );
CREATE POLICY own_changed ON commission FOR UPDATE TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_new ON commission_event FOR INSERT TO liftwacht_municipality
    WITH CHECK (EXISTS (
        SELECT FROM commission WHERE commission.commission_id = commission_event.commission_id
    ));
CREATE POLICY own_new ON complaint FOR INSERT TO liftwacht_municipality
    WITH CHECK (
        municipality_code = current_setting('liftwacht.municipality', true)
        AND EXISTS (SELECT FROM client WHERE client.client_id = complaint.client_id)
    );
CREATE POLICY own_changed ON complaint FOR UPDATE TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_new ON complaint_event FOR INSERT TO liftwacht_municipality
    WITH CHECK (EXISTS (
        SELECT FROM complaint WHERE complaint.complaint_id = complaint_event.complaint_id
    ));
CREATE POLICY own_new ON letter FOR INSERT TO liftwacht_municipality
    WITH CHECK (municipality_code = current_setting('liftwacht.municipality', true));

-- What they do is told to their own people and systems, as what we do is.
GRANT SELECT ON portal_choice TO liftwacht_municipality;
CREATE POLICY own_municipality ON portal_choice FOR SELECT TO liftwacht_municipality
    USING (EXISTS (SELECT FROM account WHERE account.account_id = portal_choice.account_id));
GRANT SELECT (disabled_at) ON account TO liftwacht_municipality;
CREATE POLICY own_news ON notification FOR INSERT TO liftwacht_municipality
    WITH CHECK (
        dedup_key LIKE 'news:%' AND ticket_id IS NULL AND target_id IS NULL
        AND misuse_case_id IS NULL
        AND municipality_code = current_setting('liftwacht.municipality', true)
        AND (channel = 'webhook' AND recipient = 'webhook'
             OR channel = 'person'
                AND EXISTS (SELECT FROM account WHERE account.login = notification.recipient))
    );

-- What a product costs from a day on; an assignment's own tariff holds until then.
CREATE TABLE billing_tariff (
    municipality_code text NOT NULL REFERENCES municipality,
    kind text NOT NULL CHECK (kind IN ('maintenance', 'delivery')),
    product_category text NOT NULL,
    product_code text NOT NULL,
    valid_from date NOT NULL,
    tariff_cents int NOT NULL CHECK (tariff_cents >= 0),
    PRIMARY KEY (municipality_code, kind, product_category, product_code, valid_from)
);
ALTER TABLE billing_tariff ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON billing_tariff TO liftwacht_api USING (true);
GRANT SELECT ON billing_tariff TO liftwacht_api;
-- What is agreed holds nothing of a person: managers write it on a page.
GRANT INSERT, UPDATE ON billing_contract TO liftwacht_api;

-- A finding of which no case can be made is tried again, ever more seldom; people see that it waits.
CREATE TABLE misuse_trouble (
    finding_id bigint PRIMARY KEY REFERENCES finding ON DELETE CASCADE,
    attempts int NOT NULL DEFAULT 1,
    again_at timestamptz NOT NULL,
    error text NOT NULL
);
ALTER TABLE misuse_trouble ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON misuse_trouble TO liftwacht_diagnostics, liftwacht_api USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON misuse_trouble TO liftwacht_diagnostics;
GRANT SELECT ON misuse_trouble TO liftwacht_api;
