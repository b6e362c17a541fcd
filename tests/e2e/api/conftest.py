"""The desk in a real browser, on a real service and database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from tests.integration.api.process import Service, service
from tests.integration.api.seed import Seed

# What a browser may well say here: sound waits for the first key, and a service may be away.
_EXPECTED = ("AudioContext", "net::ERR_", "503", "409")


@pytest.fixture
def seed(database: str) -> Iterator[Seed]:
    found = Seed(database)
    # Longer than any test takes.
    found.healthy(datetime.now(UTC) + timedelta(hours=1))
    yield found
    found.close()


@pytest.fixture
def desk(database: str, seed: Seed) -> Iterator[Service]:
    """A running service; the chain is healthy."""
    assert seed
    with service(database) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, desk: Service) -> Iterator[Page]:
    """A Dutch desk's page; any script error or breach of the content policy fails the test."""
    context = chromium.new_context(
        base_url=desk.url, locale="nl-NL", viewport={"width": 1440, "height": 900}
    )
    context.add_cookies(desk.desk.browser_cookies(desk.url))
    found = context.new_page()
    found.set_default_timeout(10_000)
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    yield found
    context.close()
    assert [each for each in complaints if not any(word in each for word in _EXPECTED)] == []
