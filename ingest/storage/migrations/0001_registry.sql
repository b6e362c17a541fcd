-- Who lends which aid to whom. Personal data stays out: a client is a pseudonymous number.

CREATE TABLE municipality (
    code text PRIMARY KEY CHECK (code ~ '^GM[0-9]{4}$'),  -- CBS
    name text NOT NULL UNIQUE
);

CREATE TABLE municipality_postcode (
    postcode4 smallint PRIMARY KEY CHECK (postcode4 BETWEEN 1000 AND 9999),
    municipality_code text NOT NULL REFERENCES municipality
);

-- The Wadden islands are exempt from the two-hour guarantee. By postcode, never by place name:
-- "Hoorn" is also a village on Terschelling.
CREATE TABLE exempt_postcode (
    postcode4 smallint PRIMARY KEY CHECK (postcode4 BETWEEN 1000 AND 9999),
    island text NOT NULL
);

CREATE TABLE client (
    client_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_number text NOT NULL UNIQUE CHECK (client_number ~ '^[A-Z0-9-]{3,32}$'),
    municipality_code text NOT NULL REFERENCES municipality,
    wholly_dependent boolean NOT NULL DEFAULT true
);

CREATE TABLE device (
    device_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$'),
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 63),
    kind text NOT NULL DEFAULT 'stairlift'
        CHECK (kind IN ('stairlift', 'scooter', 'wheelchair', 'hoist')),
    maker text NOT NULL DEFAULT '',
    model text NOT NULL DEFAULT '',
    serial_number text NOT NULL DEFAULT '',
    rail_length_mm int CHECK (rail_length_mm > 0),
    municipality_code text NOT NULL REFERENCES municipality,
    postcode4 smallint NOT NULL CHECK (postcode4 BETWEEN 1000 AND 9999),
    client_id int REFERENCES client,
    registered_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
CREATE INDEX device_shard ON device (shard, device_id);
CREATE INDEX device_municipality ON device (municipality_code, device_id);

INSERT INTO municipality (code, name) VALUES
    ('GM0498', 'Drechterland'), ('GM0388', 'Enkhuizen'), ('GM0405', 'Hoorn'),
    ('GM1598', 'Koggenland'), ('GM0420', 'Medemblik'), ('GM0432', 'Opmeer'),
    ('GM0532', 'Stede Broec'), ('GM0637', 'Zoetermeer');

INSERT INTO municipality_postcode (municipality_code, postcode4)
SELECT code, generate_series(first, last)
FROM (VALUES
    ('GM0498', 1606, 1609), ('GM0498', 1616, 1617), ('GM0498', 1696, 1697),
    ('GM0388', 1600, 1602),
    ('GM0405', 1620, 1625), ('GM0405', 1627, 1628), ('GM0405', 1689, 1689), ('GM0405', 1695, 1695),
    ('GM1598', 1631, 1631), ('GM1598', 1633, 1634), ('GM1598', 1641, 1643), ('GM1598', 1645, 1648),
    ('GM1598', 1652, 1652), ('GM1598', 1710, 1711), ('GM1598', 1713, 1713),
    ('GM0420', 1619, 1619), ('GM0420', 1654, 1655), ('GM0420', 1657, 1658), ('GM0420', 1670, 1671),
    ('GM0420', 1674, 1674), ('GM0420', 1676, 1676), ('GM0420', 1678, 1679), ('GM0420', 1681, 1688),
    ('GM0420', 1691, 1693),
    ('GM0432', 1661, 1663), ('GM0432', 1715, 1716), ('GM0432', 1718, 1719),
    ('GM0532', 1610, 1611), ('GM0532', 1613, 1614),
    ('GM0637', 2711, 2713), ('GM0637', 2715, 2719), ('GM0637', 2721, 2729)
) AS range (code, first, last);

INSERT INTO exempt_postcode (island, postcode4)
SELECT island, generate_series(first, last)
FROM (VALUES
    ('Texel', 1790, 1797), ('Vlieland', 8899, 8899), ('Terschelling', 8880, 8885),
    ('Terschelling', 8891, 8897), ('Ameland', 9160, 9164), ('Schiermonnikoog', 9166, 9166)
) AS range (island, first, last);
