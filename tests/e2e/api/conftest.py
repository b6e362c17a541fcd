"""The desk in a real browser, on a real service and database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.integration.api.process import Service, service
from tests.integration.api.seed import Seed
from tests.support.accounts import SignedIn

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
def sit_down(chromium: Browser, desk: Service) -> Iterator[Callable[[SignedIn], Page]]:
    """Opens a Dutch desk's page, as somebody of whom there may be several.

    Any script error or breach of the content policy fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(who: SignedIn) -> Page:
        context = chromium.new_context(
            base_url=desk.url,
            locale="nl-NL",
            viewport={"width": 1440, "height": 900},
            reduced_motion="reduce",  # without a graphics card, what pulses takes a processor
        )
        contexts.append(context)
        context.add_cookies(who.browser_cookies(desk.url))
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if message.type in ("error", "warning") else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [each for each in complaints if not any(word in each for word in _EXPECTED)] == []


@pytest.fixture
def page(sit_down: Callable[[SignedIn], Page], desk: Service) -> Page:
    """The page of somebody at the desk."""
    return sit_down(desk.desk)
