"""Signing in with a password, from the first attempt to the session."""

from datetime import datetime, timedelta
from typing import NamedTuple

from api.accounts import audit, sessions, throttle
from api.accounts.audit import ANONYMOUS, Action
from api.accounts.lives import Lives
from api.accounts.passwords import Passwords
from api.accounts.roles import Role
from api.queries import Connection, row
from diagnostics.queries import load

QUERIES = load("api.accounts")


class Refused(NamedTuple):
    """Not this time. ``wait``: too many attempts, so long; None: the login or password is wrong."""

    wait: timedelta | None = None


class CameIn(NamedTuple):
    """The token of the new session, and whose it is."""

    token: str
    role: Role


async def with_password(
    connection: Connection,
    passwords: Passwords,
    *,
    login: str,
    password: str,
    address: str,
    user_agent: str,
    now: datetime,
    lives: Lives,
) -> CameIn | Refused:
    """Sign in. ``connection`` is in autocommit: attempts count whatever comes of them.

    Whoever fails learns neither whether there is such an account nor whether it may come in.
    """
    login = login.strip().lower()
    found = await row(connection, QUERIES["credentials"], {"login": login})
    # People type passwords where the login belongs: what is no login of ours is not kept.
    subject = None if found is None else login
    wait = await throttle.admit(connection, login, address, now=now)
    if wait is not None:
        await audit.record(
            connection,
            Action.SIGN_IN_REFUSED,
            at=now,
            actor=ANONYMOUS,
            subject=subject,
            address=address,
        )
        return Refused(wait)
    right = await passwords.matches(password, None if found is None else found["hash"])
    if found is None or not right or found["disabled_at"] is not None:
        why = "no such account" if found is None else "disabled" if right else "wrong password"
        await audit.record(
            connection,
            Action.SIGN_IN_FAILED,
            at=now,
            actor=ANONYMOUS,
            subject=subject,
            address=address,
            why=why,
        )
        return Refused()
    token = sessions.new_token()
    async with connection.transaction():
        await throttle.succeed(connection, login, address, now=now)
        await sessions.sweep(connection, now=now, lives=lives)
        await sessions.begin(
            connection,
            found["account_id"],
            token=token,
            now=now,
            lasts=lives.of(found["role"]).lasts,
            address=address,
            user_agent=user_agent,
        )
        await audit.record(
            connection,
            Action.SIGNED_IN,
            at=now,
            actor=login,
            subject=login,
            address=address,
            by="password",
        )
    if passwords.is_dated(found["hash"]):
        hashed = await passwords.hash(password)
        await connection.execute(
            QUERIES["refresh_hash"],
            {"account_id": found["account_id"], "old": found["hash"], "hash": hashed},
        )
    return CameIn(token, Role(found["role"]))
