"""One transaction per request, opened and closed here at the edge: services never commit."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from api.queries import Connection

# A page that takes longer is of no use in an emergency; better to hear that it fails.
_LIMITS = "SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '2s'"
# A free connection; longer means that there is no database.
_WAIT_S = 3.0
_READ_ONLY = f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; {_LIMITS}"


async def _reading(request: Request) -> AsyncIterator[Connection]:
    async with (
        request.state.pool.connection(timeout=_WAIT_S) as connection,
        connection.transaction(),
    ):
        await connection.execute(_READ_ONLY)
        yield connection


async def _writing(request: Request) -> AsyncIterator[Connection]:
    async with (
        request.state.pool.connection(timeout=_WAIT_S) as connection,
        connection.transaction(),
    ):
        await connection.execute(_LIMITS)
        yield connection


# Scope "function": committed before the answer leaves, so that nobody is told of something that
# the database then refuses.
Reading = Annotated[Connection, Depends(_reading, scope="function")]
Writing = Annotated[Connection, Depends(_writing, scope="function")]
