"""The service on a real database, with a clock that stands still."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest

from api.accounts.roles import Role
from api.app import create_app
from api.settings import Settings
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import sign_in
from tests.support.database import as_user


@pytest.fixture
def seed(database: str) -> Iterator[Seed]:
    found = Seed(database)
    yield found
    found.close()


@pytest.fixture
async def client(database: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(database) as found:
        yield found


@asynccontextmanager
async def serve(
    url: str,
    now: datetime = NOW,
    role: Role | None = Role.DESK,
    *,
    streams: bool = True,
    **settings: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application, started and stopped, and a client that calls it directly.

    It may do what its own database role may, and is signed in with ``role``; None: anonymous.
    Without ``streams`` those end at once. Further ``settings`` are the service's.
    """
    cookies = {} if role is None else sign_in(url, role).cookies
    app = create_app(
        Settings(database_url=as_user(url, "liftwacht_api"), **settings), now=lambda: now
    )
    async with app.router.lifespan_context(app) as state:
        if not streams:
            app.state.broadcaster.close()

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(with_state)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", cookies=cookies
        ) as client:
            yield client
