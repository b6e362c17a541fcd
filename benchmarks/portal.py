"""How fast the municipality's pages are at 100,000 aids and five years of contract data.

As ``benchmarks.desk``, under row-level security: a consultant of Hoorn.
"""

import asyncio
from datetime import UTC, datetime

from api.accounts.roles import Role
from benchmarks.desk import AIDS, CLOSED_TICKETS, OPEN_TICKETS, ask, report, report_load
from benchmarks.ingest import database
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from tests.integration.api.conftest import serve
from tests.support import full_desk

ROUNDS = 20
PAGE_LIMIT_MS = 500


def main() -> None:
    now = datetime.now(UTC)
    with database() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
        full_desk.fill(
            url, aids=AIDS, open_tickets=OPEN_TICKETS, closed_tickets=CLOSED_TICKETS, now=now
        )
        asyncio.run(measure(url, now))


async def measure(url: str, now: datetime) -> None:
    """Ask for every page, in turns, and say how long it took."""
    pages = full_desk.portal_pages(url)
    took_ms: dict[str, list[float]] = {name: [] for name in pages}
    async with serve(url, now, Role.MUNICIPALITY) as client:
        for number in range(ROUNDS + 1):
            for name, path in pages.items():
                took, _ = await ask(client, path)
                if number:
                    took_ms[name].append(took)
    for name, times in took_ms.items():
        report(f"portal, {name}", times, PAGE_LIMIT_MS)
    report_load()


if __name__ == "__main__":
    main()
