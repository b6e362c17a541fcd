-- The running survey of how satisfied clients are. An answer has no name: it belongs to a municipality, a
-- day and what it is about; to a client's file only if the client says so.

-- A personal link. Nothing leads from it to the answer, only that there was one.
CREATE TABLE survey_invitation (
    invitation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    municipality_code text NOT NULL REFERENCES municipality,
    client_id int NOT NULL REFERENCES client,
    occasion text NOT NULL CHECK (
        occasion IN ('delivery', 'repair', 'service', 'collection', 'complaint', 'periodic')
    ),
    aid_kind text NOT NULL CHECK (aid_kind IN ('stairlift', 'scooter', 'wheelchair', 'hoist')),
    commission_id bigint REFERENCES commission,
    ticket_id bigint REFERENCES ticket,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > made_at),
    actor text NOT NULL,
    answered boolean NOT NULL DEFAULT false
);
CREATE INDEX survey_invitation_client ON survey_invitation (client_id);
CREATE INDEX survey_invitation_made ON survey_invitation (municipality_code, made_at);

CREATE TABLE survey_answer (
    answer_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),  -- no order in which they came
    municipality_code text NOT NULL REFERENCES municipality,
    answered_on date NOT NULL,
    occasion text NOT NULL CHECK (
        occasion IN ('delivery', 'repair', 'service', 'collection', 'complaint', 'periodic')
    ),
    aid_kind text NOT NULL CHECK (aid_kind IN ('stairlift', 'scooter', 'wheelchair', 'hoist')),
    via text NOT NULL CHECK (via IN ('link', 'paper')),
    overall smallint NOT NULL CHECK (overall BETWEEN 1 AND 10),  -- *rapportcijfer*
    aid smallint CHECK (aid BETWEEN 1 AND 5),
    people smallint CHECK (people BETWEEN 1 AND 5),
    speed smallint CHECK (speed BETWEEN 1 AND 5),
    information smallint CHECK (information BETWEEN 1 AND 5),
    remark text NOT NULL DEFAULT '' CHECK (length(remark) <= 1000),
    client_id int REFERENCES client,  -- only if the client wants it in the file
    entered_by text  -- of paper
);
CREATE INDEX survey_answer_day ON survey_answer (municipality_code, answered_on);
CREATE INDEX survey_answer_client ON survey_answer (client_id) WHERE client_id IS NOT NULL;
CREATE TRIGGER survey_answer_append_only BEFORE UPDATE OR DELETE ON survey_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE survey_invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON survey_invitation TO liftwacht_diagnostics, liftwacht_api USING (true);
CREATE POLICY platform ON survey_answer TO liftwacht_diagnostics, liftwacht_api USING (true);
-- Whether somebody answered is not the municipality's business: it sees what was answered.
CREATE POLICY own_municipality ON survey_answer FOR SELECT TO liftwacht_municipality
    USING (municipality_code = current_setting('liftwacht.municipality', true));
GRANT SELECT, INSERT ON survey_invitation TO liftwacht_api;
GRANT UPDATE (answered) ON survey_invitation TO liftwacht_api;
GRANT SELECT, INSERT ON survey_answer TO liftwacht_api;
GRANT SELECT ON survey_answer TO liftwacht_diagnostics, liftwacht_municipality;
