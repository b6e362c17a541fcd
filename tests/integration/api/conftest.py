"""The service on a real database, with a clock that stands still."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from tests.integration.api.seed import NOW, Seed


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
async def serve(url: str, now: datetime = NOW) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application, started and stopped, and a client that calls it directly."""
    app = create_app(Settings(database_url=url), now=lambda: now)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(with_state)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client
