"""Accounts: adding, listing, disabling, and giving a new password. Every change is written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg import errors

from api.accounts import audit
from api.accounts.audit import Action
from api.accounts.passwords import Passwords
from api.accounts.roles import Role
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.accounts")


class AccountError(ValueError):
    """What was asked of an account is not possible."""


class NewAccount(NamedTuple):
    """Somebody who shall come in."""

    login: str
    name: str
    role: Role
    municipality_code: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str = "nl"


async def add(
    connection: Connection,
    passwords: Passwords,
    account: NewAccount,
    *,
    password: str | None,
    temporary: bool,
    actor: str,
    now: datetime,
) -> int:
    """Add an account and return its id. Without a password it signs in elsewhere, or not at all.

    Raises:
        AccountError: the login is taken or no login, or role and municipality do not fit.
    """
    hashed = None if password is None else await passwords.hash(password)
    try:
        async with connection.transaction():
            found = await row(connection, QUERIES["add"], account._asdict() | {"now": now})
            assert found is not None  # noqa: S101 - it has just been made
            if hashed is not None:
                await _set_password(
                    connection, found["account_id"], hashed, now, temporary=temporary
                )
            await audit.record(
                connection,
                Action.ACCOUNT_ADDED,
                at=now,
                actor=actor,
                subject=account.login,
                role=account.role.value,
                municipality=account.municipality_code,
            )
    except errors.UniqueViolation:
        raise AccountError(f"there is an account {account.login!r} already") from None
    except errors.ForeignKeyViolation:
        raise AccountError(f"no municipality has the code {account.municipality_code!r}") from None
    except errors.CheckViolation as error:
        raise AccountError(_EXPLAINED.get(error.diag.constraint_name or "", str(error))) from None
    account_id: int = found["account_id"]
    return account_id


async def everybody(connection: Connection) -> Sequence[Row]:
    """Return all accounts."""
    return await rows(connection, QUERIES["all"])


async def set_enabled(
    connection: Connection, login: str, *, enabled: bool, actor: str, now: datetime
) -> None:
    """Let somebody in again, or not any more: then they are out at once.

    Raises:
        AccountError: there is no such account.
    """
    async with connection.transaction():
        account = await _account(connection, login)
        statement = QUERIES["enable"] if enabled else QUERIES["disable"]
        await connection.execute(statement, {"account_id": account["account_id"], "now": now})
        if not enabled:
            await _end_sessions(connection, account["account_id"])
        action = Action.ACCOUNT_ENABLED if enabled else Action.ACCOUNT_DISABLED
        await audit.record(connection, action, at=now, actor=actor, subject=login)


async def reset_password(
    connection: Connection,
    passwords: Passwords,
    login: str,
    *,
    password: str,
    actor: str,
    now: datetime,
) -> None:
    """Give an account a temporary password, and end its sessions.

    Raises:
        AccountError: there is no such account.
    """
    hashed = await passwords.hash(password)
    async with connection.transaction():
        account = await _account(connection, login)
        await _set_password(connection, account["account_id"], hashed, now, temporary=True)
        await _end_sessions(connection, account["account_id"])
        await audit.record(connection, Action.PASSWORD_RESET, at=now, actor=actor, subject=login)


async def _account(connection: Connection, login: str) -> Row:
    found = await row(connection, QUERIES["by_login"], {"login": login})
    if found is None:
        raise AccountError(f"there is no account {login!r}")
    return found


async def _set_password(
    connection: Connection,
    account_id: int,
    hashed: str,
    now: datetime,
    *,
    temporary: bool,
) -> None:
    await connection.execute(
        QUERIES["set_password"],
        {"account_id": account_id, "hash": hashed, "temporary": temporary, "now": now},
    )


async def _end_sessions(connection: Connection, account_id: int, but: int | None = None) -> None:
    await connection.execute(QUERIES["end_sessions"], {"account_id": account_id, "but": but})


_EXPLAINED = {
    "account_login_check": "a login is 2 to 64 lower-case characters without space or colon",
    "account_name_check": "the name is empty",
    "account_of_municipality": (
        "an account of role municipality needs --municipality, and no other may have one"
    ),
}
