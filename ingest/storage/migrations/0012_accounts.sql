-- Who works with the platform. What an account may do follows from its role.
CREATE TABLE account (
    account_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL UNIQUE CHECK (login = lower(login) AND login ~ '^[^[:space:]:]{2,64}$'),
    name text NOT NULL CHECK (name <> ''),
    role text NOT NULL CHECK (
        role IN ('desk', 'mechanic', 'manager', 'administrator', 'municipality', 'machine')
    ),
    municipality_code text REFERENCES municipality,
    email text,
    phone text,
    language text NOT NULL DEFAULT 'nl' CHECK (language IN ('nl', 'en')),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT account_of_municipality CHECK ((role = 'municipality') = (municipality_code IS NOT NULL))
);
