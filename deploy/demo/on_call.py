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
