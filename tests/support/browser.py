"""A real Chromium, Debian's. Without a window around the page it takes a third less processor."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

# Waiting ends as soon as it is so: patience costs nothing, and a busy machine is no failure.
expect.set_options(timeout=30_000)

CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = [
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Not for longer: its event loop would be in the way of other tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def dutch_page(chromium: Browser) -> Iterator[Page]:
    """A page of its own, of somebody who reads Dutch."""
    context = chromium.new_context(
        locale="nl-NL",
        viewport={"width": 1400, "height": 1000},
        reduced_motion="reduce",  # without a graphics card, what pulses takes a processor
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()
