"""Accounts: adding, listing, disabling, and giving a new password. Every change is written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg import errors

from api.accounts import audit, second_factor
from api.accounts.audit import Action
from api.accounts.passwords import Passwords
from api.accounts.roles import Role
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.accounts")
# What is written down when it changes.
_SAID = ("name", "role", "municipality_code", "email", "phone")


class AccountError(ValueError):
    """What was asked of an account is not possible. ``code``: one of ``words.ACCOUNT_ERRORS``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


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
                await set_password(
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
        raise AccountError("taken", f"there is an account {account.login!r} already") from None
    except errors.ForeignKeyViolation:
        raise _no_municipality(account) from None
    except errors.CheckViolation as error:
        raise _explained(error) from None
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
            await end_sessions(connection, account["account_id"])
        action = Action.ACCOUNT_ENABLED if enabled else Action.ACCOUNT_DISABLED
        await audit.record(connection, action, at=now, actor=actor, subject=login)


async def change(connection: Connection, account: NewAccount, *, actor: str, now: datetime) -> None:
    """Change what there is to say of an account; its sessions end.

    Raises:
        AccountError: no such account, or role and municipality do not fit.
    """
    try:
        async with connection.transaction():
            before = await _account(connection, account.login)
            await connection.execute(QUERIES["change"], account._asdict())
            await end_sessions(connection, before["account_id"])
            changed = {
                key: [before[key], value]
                for key, value in account._asdict().items()
                if key in _SAID and before[key] != value
            }
            await audit.record(
                connection,
                Action.ACCOUNT_CHANGED,
                at=now,
                actor=actor,
                subject=account.login,
                changed=changed,
            )
    except errors.ForeignKeyViolation:
        raise _no_municipality(account) from None
    except errors.CheckViolation as error:
        raise _explained(error) from None


async def remove_second_factor(
    connection: Connection, login: str, *, actor: str, now: datetime
) -> None:
    """Forget an account's second factor; its sessions end.

    Raises:
        AccountError: there is no such account.
    """
    async with connection.transaction():
        account = await _account(connection, login)
        await second_factor.remove(connection, account["account_id"])
        await end_sessions(connection, account["account_id"])
        await audit.record(
            connection, Action.SECOND_FACTOR_REMOVED, at=now, actor=actor, subject=login
        )


async def municipalities(connection: Connection) -> Sequence[Row]:
    """Return all municipalities by name."""
    return await rows(connection, QUERIES["municipalities"])


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
        await set_password(connection, account["account_id"], hashed, now, temporary=True)
        await end_sessions(connection, account["account_id"])
        await audit.record(connection, Action.PASSWORD_RESET, at=now, actor=actor, subject=login)


async def _account(connection: Connection, login: str) -> Row:
    found = await row(connection, QUERIES["by_login"], {"login": login})
    if found is None:
        raise AccountError("unknown", f"there is no account {login!r}")
    return found


async def set_password(
    connection: Connection,
    account_id: int,
    hashed: str,
    now: datetime,
    *,
    temporary: bool,
) -> None:
    """Keep a hash as the account's password."""
    await connection.execute(
        QUERIES["set_password"],
        {"account_id": account_id, "hash": hashed, "temporary": temporary, "now": now},
    )


async def end_sessions(connection: Connection, account_id: int, but: int | None = None) -> None:
    """End all sessions of an account, but one."""
    await connection.execute(QUERIES["end_sessions"], {"account_id": account_id, "but": but})


async def password_of(connection: Connection, account_id: int) -> str | None:
    """Return the hash of an account's password, if it has one."""
    found = await row(connection, QUERIES["password_of"], {"account_id": account_id})
    return None if found is None else str(found["hash"])


def _no_municipality(account: NewAccount) -> AccountError:
    return AccountError(
        "municipality", f"no municipality has the code {account.municipality_code!r}"
    )


def _explained(error: errors.CheckViolation) -> AccountError:
    return AccountError(*_CHECKS.get(error.diag.constraint_name or "", ("invalid", str(error))))


_CHECKS = {
    "account_login_check": (
        "login",
        "a login is 2 to 64 lower-case characters without space or colon",
    ),
    "account_name_check": ("name", "the name is empty"),
    "account_of_municipality": (
        "municipality",
        "people of a municipality have a municipality, a machine may, and nobody else has one",
    ),
}
