"""The demo's accounts: one of each role, with passwords of its own, kept beside its data."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from api.accounts.passwords import generate

PEOPLE: tuple[dict[str, Any], ...] = (
    {"login": "desk", "name": "Anja de Wit", "role": "desk"},
    {"login": "mechanic", "name": "Bram Bakker", "role": "mechanic"},
    {"login": "manager", "name": "Carla Visser", "role": "manager"},
    {"login": "admin", "name": "Dirk Smit", "role": "administrator"},
    {"login": "hoorn", "name": "Els Mulder", "role": "municipality", "municipality": "GM0405"},
    {
        "login": "contract",
        "name": "Frank de Graaf",
        "role": "contract_manager",
        "municipality": "GM0405",
    },
    {"login": "auditor", "name": "Gerda Kuiper", "role": "auditor", "municipality": "GM0405"},
    {"login": "privacy", "name": "Hans Prins", "role": "privacy_officer", "municipality": "GM0405"},
)
FILE = "accounts.json"
MAIL_DOMAIN = "liftwacht.example"


def prepare(run: Path, root: Path, environment: Mapping[str, str]) -> None:
    """Add the accounts that are not there yet, and keep their passwords for ``read``."""
    file = run / FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(
            json.dumps({each["login"]: generate() for each in PEOPLE}), encoding="utf-8"
        )
    passwords = read(file)
    lines = [
        json.dumps(
            each
            | {
                "password": passwords[each["login"]],
                "email": f"{each['login']}@{MAIL_DOMAIN}",
            }
        )
        for each in PEOPLE
    ]
    subprocess.run(
        [sys.executable, "-m", "api", "accounts", "load"],
        check=True,
        cwd=root,
        env=os.environ | environment,
        input="\n".join(lines),
        text=True,
    )


def place(environment: Mapping[str, str]) -> None:
    """Say where the demo's mechanic starts from, for estimates of travel time."""
    with psycopg.connect(environment["LIFTWACHT_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            "INSERT INTO mechanic (account_id, postcode4)"
            " SELECT account_id, 1621 FROM account WHERE login = 'mechanic'"
            " ON CONFLICT DO NOTHING"
        )


def read(file: Path) -> dict[str, str]:
    """Return the passwords by login."""
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found
