"""Municipalities' systems as clients (OAuth 2.0): with which keys, and what they may ask for."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from api.accounts import assertions, audit
from api.accounts.audit import Action
from api.accounts.people import AccountError
from api.accounts.roles import MUNICIPAL_MACHINE, Permission
from api.queries import Connection, Row, row, rows
from diagnostics.notifications.addresses import check_webhook
from diagnostics.queries import load

QUERIES = load("api.accounts", "clients.sql")
_LONGEST_URL = 500


async def register(
    connection: Connection,
    login: str,
    *,
    keys: str,
    keys_url: str,
    scope: Iterable[Permission],
    actor: str,
    now: datetime,
) -> None:
    """Register a municipality's machine as a client; its registration until now ends.

    Args:
        connection: as the service.
        login: of its account; its client id.
        keys: its public keys, a JWK set; empty: they are at ``keys_url``.
        keys_url: where they are.
        scope: what it may ask for at most.
        actor: who does it.
        now: when.

    Raises:
        AccountError: no such machine, more than such machines may do, or no good keys.
    """
    wanted = frozenset(scope)
    machine = await row(connection, QUERIES["machine"], {"login": login})
    if machine is None:
        raise AccountError("unknown", f"no machine of a municipality has the account {login!r}")
    if not wanted or not wanted <= MUNICIPAL_MACHINE:
        raise AccountError("scope", "the scope is some of what such a machine may do")
    if bool(keys.strip()) == bool(keys_url.strip()):
        raise AccountError("keys_one", "either the keys, or where they are")
    try:
        found = assertions.public_keys(keys) if keys.strip() else None
        if found is None:
            check_webhook(keys_url.strip())
    except assertions.BadKeysError as error:
        raise AccountError(error.code, str(error)) from error
    except ValueError as error:
        raise AccountError("keys_url", f"the address {error}") from error
    if len(keys_url) > _LONGEST_URL or "\x00" in keys_url:
        raise AccountError("keys_url", "the address is too long")
    values = {
        "account_id": machine["account_id"],
        "keys": None if found is None else Jsonb(found),
        "keys_url": keys_url.strip() or None,
        "scope": sorted(wanted),
        "actor": actor,
        "now": now,
    }
    async with connection.transaction():
        await connection.execute(QUERIES["replace"], values)
        await connection.execute(QUERIES["add"], values)
        await audit.record(
            connection,
            Action.CLIENT_REGISTERED,
            at=now,
            actor=actor,
            subject=login,
            scope=sorted(wanted),
            keys=keys_url.strip() or [each["kid"] for each in (found or {})["keys"]],
        )


async def of(connection: Connection, login: str) -> Sequence[Row]:
    """Return an account's registrations, newest first."""
    return await rows(connection, QUERIES["of"], {"login": login})


async def of_municipality(connection: Connection, code: str) -> Sequence[Row]:
    """Return the systems of a municipality that get in by a key of their own."""
    return await rows(connection, QUERIES["of_municipality"], {"code": code})


async def revoke(connection: Connection, login: str, *, actor: str, now: datetime) -> None:
    """End a registration, and with it the tokens that were given by it, at once.

    Raises:
        AccountError: there is none.
    """
    async with connection.transaction():
        ended = await row(connection, QUERIES["revoke"], {"login": login, "now": now})
        if ended is None:
            raise AccountError("unknown", f"{login!r} is registered with no keys")
        await audit.record(connection, Action.CLIENT_REVOKED, at=now, actor=actor, subject=login)
