"""Finds out who sends a request: by the cookie of a session, or by the token of a machine."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from fastapi import Request
from psycopg_pool import AsyncConnectionPool

from api.accounts import sessions, tokens
from api.accounts.granting import Granting
from api.accounts.grants import names_of
from api.accounts.lives import Lives
from api.accounts.principal import Principal
from api.accounts.roles import Role

_WAIT_S = 3.0
_DOTS = 2  # of a JWT; a token of ours that is none has none


class Recognition:
    """Asks the database with each request, so that what is taken away is gone at once."""

    def __init__(
        self,
        pool: AsyncConnectionPool[Any],
        *,
        now: Callable[[], datetime],
        lives: Lives,
        second_factor_roles: AbstractSet[Role],
    ) -> None:
        self._pool = pool
        self._now = now
        self._lives = lives
        self._second_factor_roles = second_factor_roles

    async def __call__(self, request: Request) -> Principal | None:
        """Return who sends it; None if we don't know them, or they have not come in all the way.

        Their session, whether complete or not, is left in ``request.state.session``.

        Raises:
            PoolTimeout, psycopg.Error: the database does not answer.
        """
        request.state.session = None
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme:
            return (
                await self._machine(request, bearer.strip()) if scheme.lower() == "bearer" else None
            )
        token = sessions.token_of(request)
        if token is None:
            return None
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            found = await sessions.find(connection, token, now=self._now(), lives=self._lives)
        if found is None:
            return None
        request.state.session = found
        if sessions.outstanding(found, self._second_factor_roles) is not None:
            return None
        return sessions.principal_of(found)

    async def _machine(self, request: Request, token: str) -> Principal | None:
        address = request.client.host if request.client else "unknown"
        if token.count(".") == _DOTS:
            granting: Granting = request.state.granting
            return await granting.find(token, names_of(request), address=address)
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            return await tokens.find(connection, token, now=self._now(), address=address)
