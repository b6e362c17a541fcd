"""Sessions: rows that a random token in a cookie leads to."""

import hashlib
import secrets
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from fastapi import Request, Response

from api.accounts.lives import Lives
from api.accounts.principal import Principal, Via, allowed
from api.accounts.roles import Role
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.accounts", "sessions.sql")
_COOKIE: Final = "liftwacht_session"
# Browsers accept this name only over TLS, for the whole host and no other.
_SECURE_COOKIE: Final = "__Host-liftwacht_session"
_SEEN_EVERY = timedelta(minutes=1)
_MAX_USER_AGENT = 200


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what we keep of a token. It is random and long: a fast hash suffices."""
    return hashlib.sha256(token.encode()).digest()


async def begin(
    connection: Connection,
    account_id: int,
    *,
    token: str,
    now: datetime,
    lasts: timedelta,
    address: str,
    user_agent: str,
    provider: str | None = None,
) -> None:
    """Write down that an account came in with ``token``."""
    await connection.execute(
        QUERIES["begin"],
        {
            "token_hash": digest(token),
            "account_id": account_id,
            "provider": provider,
            "now": now,
            "expires_at": now + lasts,
            "address": address,
            "user_agent": user_agent[:_MAX_USER_AGENT],
        },
    )


async def find(connection: Connection, token: str, *, now: datetime, lives: Lives) -> Row | None:
    """Return the session of ``token`` with its account, and note that it was seen."""
    found = await row(
        connection,
        QUERIES["find"],
        {"token_hash": digest(token), **lives.since(now)},
    )
    if found is not None and now - found["seen_at"] > _SEEN_EVERY:
        await connection.execute(QUERIES["seen"], {"session_id": found["session_id"], "now": now})
    return found


class Step(StrEnum):
    """What somebody must still do to be in. The value is where."""

    SECOND_FACTOR = "/sign-in/second-factor"
    NEW_PASSWORD = "/sign-in/new-password"  # noqa: S105 - a path
    SET_UP = "/sign-in/set-up"


def outstanding(session: Row, second_factor_roles: AbstractSet[Role]) -> Step | None:
    """Return what is still to be done in ``session`` before it counts.

    Whoever comes through an identity provider showed that what it asks for; we ask no more.
    """
    if session["provider"] is not None:
        return None
    if session["has_factor"] and session["second_factor_at"] is None:
        return Step.SECOND_FACTOR
    if session["temporary"]:
        return Step.NEW_PASSWORD
    if not session["has_factor"] and session["role"] in second_factor_roles:
        return Step.SET_UP
    return None


async def complete(connection: Connection, session_id: int, token: str, *, now: datetime) -> None:
    """Note that the second factor was shown; the session goes on under another ``token``."""
    await connection.execute(
        QUERIES["complete"],
        {"session_id": session_id, "token_hash": digest(token), "now": now},
    )


async def of(
    connection: Connection, account_id: int, *, now: datetime, lives: Lives
) -> Sequence[Row]:
    """Return the sessions of an account that are not over."""
    return await rows(connection, QUERIES["of"], {"account_id": account_id, **lives.since(now)})


async def end_own(connection: Connection, account_id: int, session_id: int) -> bool:
    """End a session if it is that account's; tell whether it was."""
    asked = {"account_id": account_id, "session_id": session_id}
    return await row(connection, QUERIES["end_own"], asked) is not None


async def end(connection: Connection, session_id: int) -> None:
    """Forget a session."""
    await connection.execute(QUERIES["end"], {"session_id": session_id})


async def sweep(connection: Connection, *, now: datetime, lives: Lives) -> None:
    """Remove what is over."""
    await connection.execute(QUERIES["sweep"], lives.since(now))


def principal_of(session: Row) -> Principal:
    """Return whose session it is."""
    role = Role(session["role"])
    return Principal(
        login=session["login"],
        name=session["name"],
        role=role,
        municipality_code=session["municipality_code"],
        account_id=session["account_id"],
        via=Via.SESSION,
        permissions=allowed(role, municipality_code=session["municipality_code"]),
        session_id=session["session_id"],
    )


def token_of(request: Request) -> str | None:
    """Return the token that a browser sent."""
    return request.cookies.get(_name(request))


def remember(request: Request, response: Response, token: str, *, lasts: timedelta) -> None:
    """Let the browser keep the token: out of reach of scripts and of other sites."""
    response.set_cookie(
        _name(request),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def forget(request: Request, response: Response) -> None:
    """Let the browser forget the token."""
    response.delete_cookie(
        _name(request),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _name(request: Request) -> str:
    return _SECURE_COOKIE if request.url.scheme == "https" else _COOKIE
