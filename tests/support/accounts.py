"""Accounts and sessions made directly in the database: nobody waits for a password's hash."""

from datetime import UTC, datetime
from typing import NamedTuple

import httpx
from playwright._impl._api_structures import SetCookieParam
from psycopg import Connection
from psycopg.rows import TupleRow

from api.accounts.roles import OF_MUNICIPALITY, Role
from api.accounts.sessions import digest, new_token
from ingest.storage.pool import connect

COOKIE = "liftwacht_session"
SECRET = "JBSWY3DPEHPK3PXP" * 2  # of the second factor
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


class SignedIn(NamedTuple):
    """An account with an open session."""

    account_id: int
    login: str
    token: str

    @property
    def cookies(self) -> dict[str, str]:
        """What a browser sends."""
        return {COOKIE: self.token}

    @property
    def headers(self) -> dict[str, str]:
        """The same as a header, for clients that know no cookies."""
        return {"Cookie": f"{COOKIE}={self.token}"}

    def browser_cookies(self, url: str) -> list[SetCookieParam]:
        """The same for Playwright's ``add_cookies``."""
        return [{"name": COOKIE, "value": self.token, "url": url}]


def add_account(
    url: str,
    role: Role = Role.DESK,
    *,
    login: str | None = None,
    name: str | None = None,
    municipality_code: str | None = None,
) -> int:
    """Make an account (by default its login is its role), or find it; return its id."""
    with connect(url, application="test") as connection:
        return _account(connection, role, login or role.value, name, municipality_code)


def sign_in(
    url: str,
    role: Role = Role.DESK,
    *,
    login: str | None = None,
    name: str | None = None,
    municipality_code: str | None = None,
) -> SignedIn:
    """Make an account and a session for it that lasts as long as any test."""
    login = login or role.value
    token = new_token()
    with connect(url, application="test") as connection:
        account_id = _account(connection, role, login, name, municipality_code)
        connection.execute(
            "INSERT INTO account_session (token_hash, account_id, created_at, seen_at, expires_at,"
            " second_factor_at, address, user_agent)"
            " VALUES (%s, %s, %s, %s, %s, %s, '127.0.0.1', 'test')",
            (digest(token), account_id, _LONG_AGO, _FAR_AHEAD, _FAR_AHEAD, _LONG_AGO),
        )
        if role in (Role.MANAGER, Role.ADMINISTRATOR):
            # Who must have a second factor has one, and has shown it.
            connection.execute(
                "INSERT INTO account_factor (account_id, secret, confirmed_at)"
                " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                (account_id, SECRET, _LONG_AGO),
            )
    return SignedIn(account_id, login, token)


def _account(
    connection: Connection[TupleRow],
    role: Role,
    login: str,
    name: str | None,
    municipality_code: str | None,
) -> int:
    if role in OF_MUNICIPALITY:
        municipality_code = municipality_code or "GM0405"
    found = connection.execute(
        "INSERT INTO account (login, name, role, municipality_code) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (login) DO UPDATE SET login = excluded.login RETURNING account_id",
        (login, name or login, role.value, municipality_code),
    ).fetchone()
    assert found is not None
    account_id: int = found[0]
    return account_id


def dressed(client: httpx.AsyncClient, who: SignedIn | None) -> httpx.AsyncClient:
    """Let ``client`` send that session, or none."""
    client.cookies.clear()
    if who is not None:
        client.cookies.update(who.cookies)
    return client
