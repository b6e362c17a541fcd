"""People and who of them is on call, in a database."""

from collections.abc import Mapping, Sequence
from datetime import date

from ingest.storage.pool import connect

ROLES = {"desk": "desk", "mechanic": "mechanic", "backup": "mechanic", "manager": "manager"}
ALL_LAYERS = {"desk": "anna", "mechanic": "bas", "backup": "carla", "manager": "dirk"}


def add_account(url: str, login: str, role: str) -> int:
    """Add somebody, and return the number."""
    with connect(url, application="test") as connection:
        row = connection.execute(
            "INSERT INTO account (login, name, role) VALUES (%s, %s, %s) RETURNING account_id",
            (login, login.capitalize(), role),
        ).fetchone()
        assert row is not None
        return int(row[0])


def on_call(url: str, people: Mapping[str, str] = ALL_LAYERS) -> dict[str, int]:
    """Have one person on call on each of some layers, without end; return the accounts."""
    accounts = {}
    for layer, login in people.items():
        accounts[login] = add_account(url, login, ROLES[layer])
        add_rotation(url, layer, [accounts[login]])
    return accounts


def add_rotation(url: str, layer: str, accounts: Sequence[int]) -> None:
    """Have people take turns of a week on a layer."""
    with connect(url, application="test") as connection, connection.transaction():
        row = connection.execute(
            "INSERT INTO rotation (layer, turn, first_day, made_by)"
            " VALUES (%s, 'week', %s, 'test') RETURNING rotation_id",
            (layer, date(2026, 1, 5)),
        ).fetchone()
        assert row is not None
        connection.cursor().executemany(
            "INSERT INTO rotation_person (rotation_id, place, account_id) VALUES (%s, %s, %s)",
            [(row[0], place, account) for place, account in enumerate(accounts)],
        )
