"""Finds out who sends a request: by the cookie of a session."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from psycopg_pool import AsyncConnectionPool

from api.accounts import sessions
from api.accounts.principal import Principal

_WAIT_S = 3.0


class Recognition:
    """Asks the database with each request, so that what is taken away is gone at once."""

    def __init__(
        self, pool: AsyncConnectionPool[Any], *, now: Callable[[], datetime], idle: timedelta
    ) -> None:
        self._pool = pool
        self._now = now
        self._idle = idle

    async def __call__(self, request: Request) -> Principal | None:
        """Return who sends it; None if we don't know them.

        Raises:
            PoolTimeout, psycopg.Error: the database does not answer.
        """
        token = sessions.token_of(request)
        if token is None:
            return None
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            found = await sessions.find(connection, token, now=self._now(), idle=self._idle)
        return None if found is None else sessions.principal_of(found)
