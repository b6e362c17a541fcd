"""One transaction per request, opened and closed here at the edge: services never commit.

What somebody of a municipality asks for is asked as the database's role for municipalities, which
sees that municipality's rows alone: a filter that somebody forgets shows nothing. That role reads;
another one writes, and who may change nothing never gets it.
"""

from collections.abc import AsyncIterator
from typing import Annotated, LiteralString

from fastapi import Depends, Request

from api.accounts.principal import Principal, Who
from api.accounts.roles import Role
from api.queries import Connection

# A page that takes longer is of no use in an emergency; better to hear that it fails.
_LIMITS = "SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '2s'"
# A free connection; longer means that there is no database.
_WAIT_S = 3.0
_READS = "SET LOCAL ROLE liftwacht_municipality"
_WRITES = "SET LOCAL ROLE liftwacht_municipality_writing"
_MUNICIPALITY = "SELECT set_config('liftwacht.municipality', %(code)s, true)"
_READ_ONLY = f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; {_LIMITS}"


async def _reading(request: Request, who: Who) -> AsyncIterator[Connection]:
    async with (
        request.state.pool.connection(timeout=_WAIT_S) as connection,
        connection.transaction(),
    ):
        await connection.execute(_READ_ONLY)
        await _confine(connection, who, _READS)
        yield connection


async def _writing(request: Request, who: Who) -> AsyncIterator[Connection]:
    async with (
        request.state.pool.connection(timeout=_WAIT_S) as connection,
        connection.transaction(),
    ):
        await connection.execute(_LIMITS)
        await _confine(connection, who, _READS if who.role is Role.AUDITOR else _WRITES)
        yield connection


async def _own(request: Request) -> AsyncIterator[Connection]:
    async with (
        request.state.pool.connection(timeout=_WAIT_S) as connection,
        connection.transaction(),
    ):
        await connection.execute(_LIMITS)
        yield connection


async def _confine(connection: Connection, who: Principal, role: LiteralString) -> None:
    if who.municipality_code is not None:
        await connection.execute(role)
        await connection.execute(_MUNICIPALITY, {"code": who.municipality_code})


# Scope "function": committed before the answer leaves, so that nobody is told of something that
# the database then refuses.
Reading = Annotated[Connection, Depends(_reading, scope="function")]
Writing = Annotated[Connection, Depends(_writing, scope="function")]
# As the service itself, whoever asks: for accounts, which nobody else may touch.
AsService = Annotated[Connection, Depends(_own, scope="function")]
