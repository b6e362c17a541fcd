"""How fast the desk's pages are where there is much: 100,000 aids, 5,000 open tickets.

Through the whole application in one process with its database, as its own role; without the
network and the browser; then the board once more from a running service in a real browser. Each
line beside the limit that was asked; for a page's slowest statement, which it is and how many rows
it returned.
"""

import asyncio
import json
import os
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from api.accounts.roles import Role
from benchmarks import paint
from benchmarks.ingest import database
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from tests.integration.api.conftest import serve
from tests.support import full_desk
from tests.support.database import as_user
from tests.support.statements import Statement, recorded

AIDS = 100_000
OPEN_TICKETS = 5_000
CLOSED_TICKETS = 200_000
ROUNDS = 30  # over all pages each, so that what else the machine does hits all alike
PAGE_LIMIT_MS = 300
STATEMENT_LIMIT_MS = 50


def main() -> None:
    now = datetime.now(UTC)
    with database() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
        full_desk.fill(
            url, aids=AIDS, open_tickets=OPEN_TICKETS, closed_tickets=CLOSED_TICKETS, now=now
        )
        asyncio.run(measure(url, now))
        for what, times in paint.board(as_user(url, "liftwacht_api")).items():
            report(f"desk, board in a browser: {what}", times, PAGE_LIMIT_MS)
    report_load()


async def measure(url: str, now: datetime) -> None:
    """Ask for every page, in turns, and say how long it took."""
    pages = full_desk.pages(url)
    took_ms: dict[str, list[float]] = {name: [] for name in pages}
    sent: dict[str, list[list[Statement]]] = {name: [] for name in pages}
    async with serve(url, now, Role.DESK) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        for number in range(ROUNDS + 1):
            for name, path in pages.items():
                took, statements = await ask(client, path)
                if number:  # the first one compiles templates and fills the cache
                    took_ms[name].append(took)
                    sent[name].append(statements)
    for name, times in took_ms.items():
        report(f"desk, {name}", times, PAGE_LIMIT_MS)
        report_slowest(f"desk, {name}: slowest statement", sent[name])


async def ask(client: httpx.AsyncClient, path: str) -> tuple[float, list[Statement]]:
    """Return how long a page took, and what it asked of the database."""
    with recorded() as statements:
        began_s = time.perf_counter()
        answer = await client.get(path)
        took_ms = (time.perf_counter() - began_s) * 1_000
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}: {answer.text}")
    return took_ms, statements


def report_slowest(name: str, asked: list[list[Statement]]) -> None:
    """Say which of the statements that a page sends, in the same order each time, is slowest."""
    slowest = max(
        zip(*asked, strict=True),
        key=lambda times: statistics.median(each.took_ms for each in times),
    )
    more = {"statement": slowest[0].name, "rows": slowest[0].rows}
    report(name, [each.took_ms for each in slowest], STATEMENT_LIMIT_MS, **more)


def report(name: str, times_ms: list[float], limit_ms: float, **more: Any) -> None:
    value = statistics.median(times_ms)
    p95 = statistics.quantiles(times_ms, n=20)[-1]
    line = {"name": name, "value": round(value, 1), "unit": "ms", "baseline": limit_ms}
    line |= {"ratio": round(value / limit_ms, 2), "p95": round(p95, 1)}
    print(json.dumps(line | more), flush=True)


def report_load() -> None:
    line = {"name": "desk, load of the machine", "value": round(os.getloadavg()[0], 1)}
    print(json.dumps(line | {"unit": "processes", "baseline": None, "ratio": None}), flush=True)


if __name__ == "__main__":
    main()
