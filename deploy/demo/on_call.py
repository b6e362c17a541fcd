"""Who is on call in the demo, so that somebody is told of every emergency."""

from datetime import date
from typing import Final

import psycopg

# The layer of the rota, to the login of its only person.
LAYERS: Final = {
    "desk": "desk",
    "mechanic": "mechanic",
    "backup": "mechanic",
    "manager": "manager",
}
FIRST_DAY: Final = date(2026, 1, 5)


def prepare(url: str) -> None:
    """Put everybody on the rota, unless there is one."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT 1 FROM rotation").fetchone():
            return
        for layer, login in LAYERS.items():
            connection.execute(
                "WITH made AS ("
                " INSERT INTO rotation (layer, turn, first_day, made_by)"
                " VALUES (%s, 'week', %s, 'system:demo') RETURNING rotation_id)"
                " INSERT INTO rotation_person (rotation_id, place, account_id)"
                " SELECT rotation_id, 0, account_id FROM made, account WHERE login = %s",
                (layer, FIRST_DAY, login),
            )
        # A gap to be seen beforehand, and mended on the rota's page.
        connection.execute(
            "INSERT INTO rota_override (layer, begin_at, end_at, reason, made_by)"
            " VALUES ('backup', date_trunc('day', now()) + interval '3 days 18 hours',"
            " date_trunc('day', now()) + interval '3 days 22 hours', 'vrije avond', 'system:demo')"
        )
