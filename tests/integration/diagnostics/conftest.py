"""One device in a migrated database, on both engines."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg import AsyncConnection

from ingest.storage.pool import connect_async
from tests.support.database import register_device

Connection = AsyncConnection[Any]


@pytest.fixture(params=["postgres", pytest.param("timescale", marks=pytest.mark.timescale)])
def url(request: pytest.FixtureRequest) -> str:
    name = "database" if request.param == "postgres" else "timescale_database"
    found: str = request.getfixturevalue(name)
    return found


@pytest.fixture
def device_id(url: str) -> int:
    return register_device(url)


@pytest.fixture
async def conn(url: str, device_id: int) -> AsyncIterator[Connection]:
    assert device_id
    async with await connect_async(url, application="test") as connection:
        yield connection
