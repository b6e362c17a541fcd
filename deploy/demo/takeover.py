"""The demo takes a park over: half of Hoorn's aids were another's before; some were inspected."""

import psycopg

_TAKEOVER = """
INSERT INTO takeover (municipality_code, contractor, starts_on, inspect_by, complete_by, mail, at,
                      actor)
SELECT 'GM0405', 'Vorige Leverancier BV', day, (day + interval '6 months')::date,
       (day + interval '18 months')::date, 'contract@liftwacht.example', now(), 'manager'
FROM (SELECT current_date - 70 AS day) AS begun
WHERE NOT EXISTS (SELECT FROM takeover)
RETURNING takeover_id
"""
_AIDS = """
INSERT INTO takeover_aid (takeover_id, number, device_id, told, at)
SELECT %s, 'VL-' || device_id, device_id, '{}', now() FROM device
WHERE municipality_code = 'GM0405' AND NOT test AND device_id %% 2 = 0
"""
_SEEN = """
INSERT INTO aid_inspection (device_id, takeover_id, inspected_on, overdue, report, at, actor)
SELECT device_id, takeover_id, starts_on + (device_id %% 60)::int, false, 'In goede staat.', now(),
       'desk'
FROM takeover_aid JOIN takeover USING (takeover_id) WHERE takeover_id = %s AND device_id %% 3 <> 0
"""
_PROVISION = """
UPDATE device SET provision = CASE kind WHEN 'stairlift' THEN 'Traplift'
    WHEN 'scooter' THEN 'Scootmobiel' WHEN 'hoist' THEN 'Tillift' ELSE 'Elektrische rolstoel' END
WHERE provision = '' AND NOT test AND device_id % 4 <> 0
"""
_LABELS = """
INSERT INTO aid_label (device_id, token, made_at, made_by)
SELECT device_id,
       left(translate(encode(sha256(gen_random_uuid()::text::bytea), 'base64'), '+/=', '-_'), 22),
       now(), 'desk'
FROM device WHERE NOT test AND NOT EXISTS (
    SELECT FROM aid_label WHERE aid_label.device_id = device.device_id)
ORDER BY device_id LIMIT 5
"""


def prepare(url: str) -> None:
    """Write it down, unless it is there."""
    with psycopg.connect(url) as connection:
        begun = connection.execute(_TAKEOVER).fetchone()
        if begun is None:
            return
        connection.execute(_AIDS, begun)
        connection.execute(_SEEN, begun)
        connection.execute(_PROVISION)
        connection.execute(_LABELS)
