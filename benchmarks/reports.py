"""How long a year's report takes: 100,000 aids and five years of contract data.

The annual report of Westfriesland with four earlier years beside it, and of one municipality with
every client; and the page of the indicators. Each line beside the limit that was asked.
"""

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import psutil
from psycopg import AsyncConnection

from api.accounts.roles import Role
from api.kpi import keeping
from api.kpi.periods import named
from api.reports import service
from benchmarks.ingest import database
from diagnostics.queries import load
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect, connect_async
from tests.integration.api.conftest import serve

AIDS = 100_000
TICKETS = 750_000  # 1.5 an aid and year
BEGIN = datetime(2022, 1, 1, tzinfo=UTC)
NOW = datetime(2027, 1, 6, 6, tzinfo=UTC)
LIMIT_S = 60
LIMIT_MB = 500
PAGE_LIMIT_MS = 500


def main() -> None:
    aids = int(sys.argv[1]) if len(sys.argv) > 1 else AIDS
    with database() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
            connection.execute("SET session_replication_role = replica")
            sizes = {"aids": aids, "tickets": aids * TICKETS // AIDS, "begin": BEGIN}
            for statement in load("tests.support", "contract_years.sql").values():
                connection.execute(statement, sizes)
        asyncio.run(_keep(url))
        before_mb = _peak_mb()
        for code in ("westfriesland", "GM0405"):
            # A peak is that of all that a process did: each report in one of its own.
            alone = get_context("fork").Process(target=_alone, args=(url, code, aids, before_mb))
            alone.start()
            alone.join()
        asyncio.run(_pages(url, aids))


def _alone(url: str, code: str, aids: int, before_mb: float) -> None:
    asyncio.run(_report(url, code, aids, before_mb))


async def _keep(url: str) -> None:
    connecting = await connect_async(url, application="bench")
    last: int | None = 0
    async with connecting as connection:
        while last is not None:
            last = await keeping.keep(connection, NOW, after=last)
        await connection.execute("VACUUM (ANALYZE) ticket")


async def _report(url: str, code: str, aids: int, before_mb: float) -> None:
    connecting = await connect_async(url, application="bench")
    async with connecting as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        began, own_s, database_s = time.perf_counter(), time.process_time(), _cpu_s(connection)
        number = await service.make(
            connection, code, "annual", named("2026"), now=NOW, actor="bench"
        )
        took_s = time.perf_counter() - began
        own_s, database_s = time.process_time() - own_s, _cpu_s(connection) - database_s
        cursor = await connection.execute(
            "SELECT length(workbook), length(summary), length(snapshot) FROM report"
            " WHERE report_id = %s",
            [number],
        )
        row = await cursor.fetchone()
    assert row is not None
    _print(
        {
            "what": f"annual report, {code}",
            "aids": aids,
            "seconds": round(took_s, 1),
            "processor_s": round(own_s, 1),
            "database_processor_s": round(database_s, 1),
            "limit_s": LIMIT_S,
            "peak_mb": round(_peak_mb()),
            "of_which_before_mb": round(before_mb),
            "limit_mb": LIMIT_MB,
            "workbook_kb": row[0] // 1024,
            "summary_kb": row[1] // 1024,
            "snapshot_kb": row[2] // 1024,
        }
    )


async def _pages(url: str, aids: int) -> None:
    async with serve(url, NOW, Role.MANAGER) as client:
        for path in ("/performance?contract=GM0405", "/performance?contract=westfriesland"):
            took = []
            for _ in range(3):
                began = time.perf_counter()
                response = await client.get(path)
                took.append((time.perf_counter() - began) * 1_000)
                assert response.status_code in (200, 503), response.text
            _print(
                {
                    "what": path,
                    "aids": aids,
                    "status": response.status_code,
                    "milliseconds": round(min(took)),
                    "limit_ms": PAGE_LIMIT_MS,
                }
            )


def _cpu_s(connection: AsyncConnection[Any]) -> float:
    """Return how much processor time the session took; the server is on this machine."""
    return float(sum(psutil.Process(connection.info.backend_pid).cpu_times()[:2]))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
