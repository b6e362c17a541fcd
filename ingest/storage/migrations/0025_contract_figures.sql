-- The contract in figures: indicators as data, warnings that a target is at risk, and reports.

-- Municipalities with one contract, and one contract manager for it.
CREATE TABLE municipality_group (
    group_code text PRIMARY KEY CHECK (group_code ~ '^[a-z][a-z0-9-]{2,40}$'),
    name text NOT NULL UNIQUE
);
CREATE TABLE municipality_group_member (
    group_code text NOT NULL REFERENCES municipality_group,
    municipality_code text PRIMARY KEY REFERENCES municipality  -- a contract is one group's at most
);
INSERT INTO municipality_group VALUES ('westfriesland', 'Westfriesland');
INSERT INTO municipality_group_member
SELECT 'westfriesland', code FROM municipality
WHERE code IN ('GM0498', 'GM0388', 'GM0405', 'GM1598', 'GM0420', 'GM0432', 'GM0532');

-- Whether a municipality may see what belongs to a contract: its own code, or that of its group.
CREATE FUNCTION is_contract_of(contract text, code text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT contract = code OR EXISTS (
        SELECT FROM municipality_group_member
        WHERE group_code = contract AND municipality_code = code)
$$;

-- A performance indicator (*kritieke prestatie-indicator*). What is agreed anew is a further version.
CREATE TABLE kpi (
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{2,40}$'),
    version int NOT NULL CHECK (version > 0),
    rank smallint NOT NULL DEFAULT 100,  -- in which order they are shown
    query text NOT NULL,  -- one of api.kpi.queries, by name
    parameters jsonb NOT NULL DEFAULT '{}',
    share_asked numeric(5, 4) CHECK (share_asked > 0 AND share_asked <= 1),  -- null: shown, no target
    period text NOT NULL CHECK (period IN ('month', 'quarter', 'year')),
    name_nl text NOT NULL,
    name_en text NOT NULL,
    definition_nl text NOT NULL,
    definition_en text NOT NULL,
    source text NOT NULL,  -- where it is agreed
    measures_nl text[] NOT NULL DEFAULT '{}',  -- to be proposed when the target is at risk
    contract text,  -- of one municipality or group; null: of all
    valid_from date NOT NULL,
    valid_through date CHECK (valid_through >= valid_from),
    PRIMARY KEY (key, version)
);

INSERT INTO kpi (key, version, rank, query, parameters, share_asked, period, name_nl, name_en,
                 definition_nl, definition_en, source, measures_nl, valid_from)
VALUES
('delivery_time', 1, 10, 'commissions_in_time',
 '{"kinds": ["delivery", "reissue"]}', 0.95, 'quarter', 'Levertijd', 'Delivery time',
 'Werkdagen tussen ontvangst van de opdracht en werkende oplevering met instructie: binnen 20 werkdagen.',
 'Working days between receipt of the order and working hand-over with instruction: within 20 working days.',
 'W 2.2 KPI 1; Z 50',
 '{"Openstaande leveringen die binnen vijf werkdagen vervallen dagelijks doornemen en voorrang geven.",
   "Extra montagecapaciteit inzetten tot het einde van de periode.",
   "Hulpmiddelen uit het depot (herverstrekking) inzetten waar de leverancier laat is."}',
 '2026-01-01'),
('response_time', 1, 20, 'tickets_in_time',
 '{"target": "on_site", "priorities": [1]}', 0.95, 'quarter', 'Responstijd bij spoed', 'Response when urgent',
 'Bij spoed is binnen twee uur na de melding iemand ter plaatse.',
 'When urgent, somebody is on site within two hours of the report.',
 'W 2.2 KPI 2; Z 65',
 '{"Bezetting van de wachtdienst in avond, nacht en weekend uitbreiden.",
   "Achterwacht eerder inschakelen: bij geen antwoord binnen tien minuten.",
   "Startplaatsen van monteurs verdelen over het gebied waar de overschrijdingen waren."}',
 '2026-01-01'),
('repair_time', 1, 30, 'tickets_in_time',
 '{"target": "repaired", "priorities": [2, 3]}', 0.95, 'quarter', 'Hersteltijd P2 en P3', 'Repair time P2 and P3',
 'Reparaties van prioriteit 2 zijn binnen twee volledige werkdagen klaar, van prioriteit 3 binnen vijf werkdagen.',
 'Repairs of priority 2 are done within two full working days, of priority 3 within five working days.',
 'Z 65',
 '{"Veelgebruikte onderdelen op voorraad in de bus.",
   "Vervangend hulpmiddel aanbieden zodra een onderdeel niet op tijd komt."}',
 '2026-01-01'),
('urgent_repair_time', 1, 40, 'tickets_in_time',
 '{"target": "repaired", "priorities": [1]}', 0.95, 'quarter', 'Hersteltijd P1', 'Repair time P1',
 'Storingen van prioriteit 1 zijn binnen één volledige kalenderdag hersteld.',
 'Faults of priority 1 are repaired within one full calendar day.',
 'Z 65', '{"Vervangend hulpmiddel plaatsen als herstel op de dag zelf niet lukt."}', '2026-01-01'),
('complaint_taken_up', 1, 50, 'complaints_in_time', '{"step": "taken_up"}', 0.95, 'quarter',
 'Klachten opgepakt', 'Complaints taken up',
 'Klachten zijn binnen vijf werkdagen in behandeling genomen.',
 'Complaints are taken up within five working days.', 'Z 8',
 '{"Dagelijks de nieuwe klachten toewijzen."}', '2026-01-01'),
('complaint_handled', 1, 60, 'complaints_in_time', '{"step": "handled"}', 0.95, 'quarter',
 'Klachten afgehandeld', 'Complaints handled',
 'Klachten zijn binnen één maand afgehandeld, met uitkomst aan cliënt en gemeente.',
 'Complaints are handled within a month, with the outcome to client and municipality.', 'Z 8, 9',
 '{"Openstaande klachten wekelijks met de klachtfunctionaris doornemen."}', '2026-01-01'),
('reissued_share', 1, 70, 'share_reissued', '{}', 0.5, 'year',
 'Aandeel herverstrekt', 'Share re-issued',
 'Van de leveringen in het leveringsjaar is ten minste de helft (deels) herverstrekt.',
 'Of the deliveries of the delivery year at least half are (partly) re-issued.', 'Z 29',
 '{"Ingenomen hulpmiddelen binnen tien werkdagen gereinigd en gekeurd terug in het depot.",
   "Bij elke opdracht eerst het depot nagaan."}', '2026-01-01'),
('satisfaction', 1, 80, 'share_satisfied', '{"least": 6}', NULL, 'quarter',
 'Tevreden cliënten', 'Satisfied clients',
 'Aandeel van de antwoorden in het doorlopend onderzoek met rapportcijfer 6 of hoger.',
 'Share of the answers in the running survey with a mark of 6 or more.', 'Z 42; W 4.1', '{}', '2026-01-01');

-- That a target is at risk, as it was written, once for each risk.
CREATE TABLE kpi_warning (
    warning_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    version int NOT NULL,
    contract text NOT NULL,
    period_begin date NOT NULL,
    level text NOT NULL CHECK (level IN ('at_risk', 'out_of_reach')),
    figure jsonb NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    warned_at timestamptz NOT NULL,
    FOREIGN KEY (key, version) REFERENCES kpi,
    CONSTRAINT kpi_warning_once UNIQUE (key, contract, period_begin, level)
);

-- Which reports are owed, and by when after the period: in days, or by the end of a month.
CREATE TABLE report_schedule (
    contract text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('management', 'annual')),
    period text NOT NULL CHECK (period IN ('month', 'quarter', 'year')),
    due_days smallint CHECK (due_days > 0),
    due_month smallint CHECK (due_month BETWEEN 1 AND 12),
    source text NOT NULL,
    valid_from date NOT NULL,
    valid_through date CHECK (valid_through >= valid_from),
    PRIMARY KEY (contract, kind, valid_from),
    CHECK ((due_days IS NULL) <> (due_month IS NULL))
);
INSERT INTO report_schedule (contract, kind, period, due_days, due_month, source, valid_from) VALUES
    ('westfriesland', 'management', 'quarter', 14, NULL, 'W 4', '2026-10-01'),
    ('westfriesland', 'annual', 'year', NULL, 2, 'W 4', '2026-01-01'),
    ('GM0637', 'management', 'quarter', 15, NULL, 'Z 75, 76', '2026-10-01'),
    ('GM0637', 'annual', 'year', NULL, 2, 'Z 75', '2026-01-01');

-- A report as it was made: from the snapshot its workbook and summary follow, to the byte.
CREATE TABLE report (
    report_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('management', 'annual')),
    period_begin date NOT NULL,
    period_end date NOT NULL CHECK (period_end > period_begin),  -- the first day after it
    version int NOT NULL CHECK (version > 0),
    due_on date,  -- null: nobody is owed it
    cut_off_at timestamptz NOT NULL,  -- the data as it stood then
    made_by text NOT NULL,
    reason text NOT NULL DEFAULT '',  -- of a further version
    snapshot bytea NOT NULL,
    snapshot_sha256 bytea NOT NULL CHECK (length(snapshot_sha256) = 32),
    workbook bytea NOT NULL,
    workbook_sha256 bytea NOT NULL CHECK (length(workbook_sha256) = 32),
    summary bytea NOT NULL,
    summary_sha256 bytea NOT NULL CHECK (length(summary_sha256) = 32),
    CONSTRAINT report_version UNIQUE (contract, kind, period_begin, version)
);
ALTER TABLE report
    ALTER COLUMN snapshot SET STORAGE EXTERNAL,  -- are compressed already
    ALTER COLUMN workbook SET STORAGE EXTERNAL,
    ALTER COLUMN summary SET STORAGE EXTERNAL;

-- A comparison of the municipality's list with ours (*bestandsvergelijking*), and what came out.
CREATE TABLE file_comparison (
    comparison_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_code text NOT NULL REFERENCES municipality,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    file_sha256 bytea NOT NULL CHECK (length(file_sha256) = 32),
    compared_at timestamptz NOT NULL,
    actor text NOT NULL,
    outcome jsonb NOT NULL,  -- how many rows, how many differences of each kind
    result bytea NOT NULL  -- the workbook
);
ALTER TABLE file_comparison ALTER COLUMN result SET STORAGE EXTERNAL;
CREATE INDEX file_comparison_municipality ON file_comparison (municipality_code, comparison_id DESC);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['kpi_warning', 'report', 'file_comparison'] LOOP
        EXECUTE format(
            'CREATE TRIGGER %1$I_append_only BEFORE UPDATE OR DELETE ON %1$I
             FOR EACH ROW EXECUTE FUNCTION refuse_change()',
            name
        );
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY platform ON %I TO liftwacht_diagnostics, liftwacht_api USING (true)',
            name
        );
        EXECUTE format('GRANT SELECT, INSERT ON %I TO liftwacht_api', name);
    END LOOP;
END
$$;
CREATE POLICY own_municipality ON file_comparison FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
CREATE POLICY own_municipality ON kpi_warning FOR SELECT TO liftwacht_municipality
    USING (is_contract_of(contract, current_setting('liftwacht.municipality', true)));
CREATE POLICY own_municipality ON report FOR SELECT TO liftwacht_municipality
    USING (is_contract_of(contract, current_setting('liftwacht.municipality', true)));
GRANT SELECT ON file_comparison, kpi_warning TO liftwacht_municipality;
-- A group's snapshot holds the clients of all its municipalities.
GRANT SELECT (report_id, contract, kind, period_begin, period_end, version, due_on, cut_off_at,
              made_by, reason, workbook, workbook_sha256, summary, summary_sha256)
    ON report TO liftwacht_municipality;
GRANT SELECT ON municipality_group, municipality_group_member, kpi, report_schedule
    TO liftwacht_diagnostics, liftwacht_api, liftwacht_municipality;
GRANT INSERT, UPDATE (valid_through) ON kpi, report_schedule TO liftwacht_api;

-- What happened in a period, without reading all of it.
CREATE INDEX ticket_reported ON ticket (reported_at);
CREATE INDEX ticket_repaired ON ticket (repaired_at) WHERE repaired_at IS NOT NULL;
