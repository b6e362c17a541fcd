"""Connections to the database.

What a worker says again and again is prepared: planning it takes the database longer than carrying
it out. What people ask for is planned anew each time: how to go about it depends on what they ask.
"""

from typing import Any, Final

import psycopg
from psycopg import AsyncConnection, Connection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

# For parts of which several run: one that is paused keeps the others waiting for no longer. On a
# machine that is far too busy one that works may be silent for half a minute: it must not lose what
# it does then, or it would begin again for ever.
_LAPSE: Final = "60s"

_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    # A machine that is gone is noticed within half a minute.
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
# Else psycopg prepares what a connection has sent five times.
_PLANNED_ANEW: dict[str, Any] = {"prepare_threshold": None}


def connect(url: str, *, application: str) -> Connection[TupleRow]:
    """Open one connection, in autocommit: transactions are always written out.

    Raises:
        psycopg.OperationalError: the database cannot be reached.
    """
    return psycopg.connect(url, application_name=application, **_OPTIONS, **_PLANNED_ANEW)


async def connect_async(
    url: str, *, application: str, lapses: bool = False
) -> AsyncConnection[TupleRow]:
    """Open one connection for a worker, in autocommit.

    Args:
        url: of the database.
        application: what it is told about who connects.
        lapses: who says nothing for a minute within a transaction loses the connection, and what it
            holds is free for others.

    Raises:
        psycopg.OperationalError: the database cannot be reached.
    """
    conn = await AsyncConnection.connect(url, application_name=application, **_OPTIONS)
    if lapses:
        await conn.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, false)", (_LAPSE,)
        )
    return conn


def pool(
    url: str,
    *,
    application: str,
    max_size: int,
    configure: Any = None,
) -> AsyncConnectionPool[AsyncConnection[TupleRow]]:
    """Return a pool that is not open yet; it opens by itself when the database comes.

    Use it as a context manager. A connection is tested before it is handed out, so that a restart
    of the database costs a retry and no error.
    """
    return AsyncConnectionPool(
        url,
        kwargs={"application_name": application, **_OPTIONS, **_PLANNED_ANEW},
        min_size=1,
        max_size=max_size,
        open=False,
        check=AsyncConnectionPool.check_connection,
        # Its waits double without bound; then the next who asks begins anew, at once.
        reconnect_timeout=5.0,
        configure=configure,
        name=application,
    )
