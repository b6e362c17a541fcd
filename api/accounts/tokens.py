"""Tokens of machines: shown once, kept as a hash, with a scope, an end, and a last use."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from psycopg import errors

from api.accounts import audit, throttle
from api.accounts.audit import ANONYMOUS, Action
from api.accounts.people import AccountError
from api.accounts.principal import Principal, machine
from api.accounts.roles import Permission, of_machine
from api.accounts.sessions import digest, new_token
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.accounts", "tokens.sql")
# So that whoever finds one, in a log or a repository, knows what it is.
PREFIX: Final = "liftwacht_"
LONGEST: Final = timedelta(days=366)
_SEEN_EVERY = timedelta(minutes=1)
_RECORDED_EVERY = timedelta(hours=1)


async def add(
    connection: Connection,
    login: str,
    *,
    name: str,
    scope: Iterable[Permission],
    lasts: timedelta,
    actor: str,
    now: datetime,
) -> str:
    """Make a token for a machine's account and return it, for the only time.

    Raises:
        AccountError: no such machine, a name that it has already, or more than machines may do.
    """
    wanted = frozenset(scope)
    account = await row(connection, QUERIES["machine"], {"login": login})
    if account is None:
        raise AccountError("unknown", f"no machine has the account {login!r}")
    if not wanted or not wanted <= of_machine(account["municipality_code"]):
        raise AccountError("scope", "a token's scope is some of what such a machine may do")
    if not timedelta(0) < lasts <= LONGEST:
        raise AccountError("lasts", f"a token lasts {LONGEST.days} days at most")
    token = PREFIX + new_token()
    values = {
        "login": login,
        "token_hash": digest(token),
        "name": name,
        "scope": sorted(wanted),
        "actor": actor,
        "now": now,
        "expires_at": now + lasts,
    }
    try:
        async with connection.transaction():
            made = await row(connection, QUERIES["add"], values)
            if made is None:
                raise AccountError("unknown", f"no machine has the account {login!r}")
            await audit.record(
                connection,
                Action.TOKEN_ADDED,
                at=now,
                actor=actor,
                subject=login,
                token=name,
                scope=sorted(wanted),
                expires_at=(now + lasts).isoformat(),
            )
    except errors.UniqueViolation:
        raise AccountError("token_taken", f"{login!r} has a token {name!r} already") from None
    except errors.CheckViolation:
        raise AccountError("name", "a token has a name") from None
    return token


async def of(connection: Connection, login: str) -> Sequence[Row]:
    """Return an account's tokens, newest first."""
    return await rows(connection, QUERIES["of"], {"login": login})


async def revoke(connection: Connection, token_id: int, *, actor: str, now: datetime) -> None:
    """End a token, at once and for ever.

    Raises:
        AccountError: there is no such token, or it is revoked already.
    """
    async with connection.transaction():
        revoked = await row(connection, QUERIES["revoke"], {"token_id": token_id, "now": now})
        if revoked is None:
            raise AccountError("unknown", "there is no such token in use")
        await audit.record(
            connection,
            Action.TOKEN_REVOKED,
            at=now,
            actor=actor,
            subject=revoked["login"],
            token=revoked["name"],
        )


async def find(
    connection: Connection, token: str, *, now: datetime, address: str
) -> Principal | None:
    """Return whose token it is. Use is on record by the hour, refusal as often as it is seldom."""
    found = await row(connection, QUERIES["find"], {"token_hash": digest(token), "now": now})
    if found is None:
        # A flood of nonsense must not become a flood of records.
        if await throttle.admit(connection, "token", address, now=now) is None:
            await audit.record(
                connection, Action.TOKEN_REFUSED, at=now, actor=ANONYMOUS, address=address
            )
        return None
    used_at = found["last_used_at"]
    if used_at is None or now - used_at > _SEEN_EVERY:
        await connection.execute(QUERIES["used"], {"token_id": found["token_id"], "now": now})
    if used_at is None or now - used_at > _RECORDED_EVERY:
        await audit.record(
            connection,
            Action.TOKEN_USED,
            at=now,
            actor=found["login"],
            subject=found["login"],
            address=address,
            token=found["token"],
        )
    return machine(found, found["scope"])
