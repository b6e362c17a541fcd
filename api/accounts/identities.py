"""Whose account it is that an identity provider vouches for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import errors

from api.accounts import audit, people
from api.accounts.audit import Action
from api.accounts.oidc import Provider
from api.accounts.passwords import Passwords
from api.accounts.people import AccountError, NewAccount
from api.accounts.roles import Role
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.accounts", "identities.sql")


class UnknownIdentityError(Exception):
    """Somebody whom the provider knows, and we don't; says why, for the record."""


async def account_of(
    connection: Connection,
    passwords: Passwords,
    provider: Provider,
    claims: Mapping[str, Any],
    *,
    now: datetime,
) -> Row:
    """Return the account of whoever ``claims`` are about: known, linked by mail, or made now.

    Where the provider decides about roles, the account has the one that it says.

    Raises:
        UnknownIdentityError: there is none, and none may be made.
    """
    role = provider.role_of(claims)
    if provider.roles and role is None:
        raise UnknownIdentityError("no role follows from what the provider says")
    identity = {"provider": provider.name, "subject": str(claims["sub"])}
    found = await row(connection, QUERIES["known"], identity)
    if found is None:
        found = await _linked(connection, provider, claims, now)
    if found is None and role is not None:
        found = await _made(connection, passwords, provider, claims, role=role, now=now)
    if found is None:
        raise UnknownIdentityError("no account belongs to this identity")
    if found["disabled_at"] is not None:
        raise UnknownIdentityError("the account is disabled")
    if found["municipality_code"] != provider.municipality_code:
        raise UnknownIdentityError("the account is not of the provider's municipality")
    if role is not None and found["role"] != role:
        account = NewAccount(
            **{key: found[key] for key in NewAccount._fields} | {"role": role}  # noqa: RUF100
        )
        await people.change(connection, account, actor=f"system:{provider.name}", now=now)
        found = found | {"role": role}
    return found


async def _linked(
    connection: Connection, provider: Provider, claims: Mapping[str, Any], now: datetime
) -> Row | None:
    mail = claims.get("email")
    if not (provider.link_by_mail and mail and claims.get("email_verified") is True):
        return None
    found = await rows(connection, QUERIES["by_mail"], {"email": str(mail)})
    if len(found) != 1:
        return None
    await _link(connection, provider, claims, found[0], now)
    return found[0]


async def _made(
    connection: Connection,
    passwords: Passwords,
    provider: Provider,
    claims: Mapping[str, Any],
    *,
    role: Role,
    now: datetime,
) -> Row | None:
    login = str(claims.get("preferred_username") or claims.get("email") or claims["sub"]).lower()
    account = NewAccount(
        login=login,
        name=str(claims.get("name") or login)[:80],
        role=role,
        municipality_code=provider.municipality_code,
        email=str(claims["email"]) if claims.get("email_verified") is True else None,
    )
    actor = f"system:{provider.name}"
    try:
        await people.add(
            connection,
            passwords,
            account,
            password=None,
            temporary=False,
            actor=actor,
            now=now,
        )
    except AccountError as error:
        # A login that is taken is somebody else's until an administrator says otherwise.
        raise UnknownIdentityError(str(error)) from error
    found = await row(connection, QUERIES["by_login"], {"login": login})
    if found is not None:
        await _link(connection, provider, claims, found, now)
    return found


async def _link(
    connection: Connection,
    provider: Provider,
    claims: Mapping[str, Any],
    account: Row,
    now: datetime,
) -> None:
    try:
        async with connection.transaction():
            await connection.execute(
                QUERIES["link"],
                {
                    "provider": provider.name,
                    "subject": str(claims["sub"]),
                    "account_id": account["account_id"],
                    "now": now,
                },
            )
    except errors.UniqueViolation:
        return  # the same person, in two windows at once
    await audit.record(
        connection,
        Action.IDENTITY_LINKED,
        at=now,
        actor=f"system:{provider.name}",
        subject=account["login"],
        identity=str(claims["sub"]),
    )
