"""Keeps a part running on a connection of its own, whatever happens to either."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection

from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

_AGAIN_AFTER_S: Final = 5.0


async def keep_running(
    database_url: str, name: str, serve: Callable[[AsyncConnection[Any]], Awaitable[None]]
) -> None:
    """Run ``serve`` until cancelled. A database that goes away is waited for."""
    trouble = Trouble(logger, "database")
    while True:
        try:
            async with await connect_async(
                database_url, application=f"liftwacht-{name}", lapses=True
            ) as conn:
                trouble.over()
                await serve(conn)
        except psycopg.Error as error:
            await asyncio.sleep(trouble.failed(error))
        except Exception:
            # Whatever is wrong with one channel: the engine in the same process must go on.
            logger.exception("%s failed; trying again", name)
            await asyncio.sleep(_AGAIN_AFTER_S)
