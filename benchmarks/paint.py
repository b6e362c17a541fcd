"""How soon a browser paints the board: from asking for it to the first thing that can be read."""

from playwright.sync_api import sync_playwright

from tests.integration.api.process import service
from tests.support.accounts import sign_in
from tests.support.browser import ARGUMENTS

ROUNDS = 15

# In milliseconds since the navigation began: the answer's first byte, its last, and the first text.
_TIMES = """() => {
    const [navigation] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [navigation.responseStart, navigation.responseEnd, paint.startTime];
}"""


def board(url: str) -> dict[str, list[float]]:
    """Return, of each loading of the board from a real service, when what had come."""
    names = ("first byte", "last byte", "first paint")
    found: dict[str, list[float]] = {name: [] for name in names}
    desk = sign_in(url)
    with service(url) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        context = browser.new_context(
            locale="nl-NL", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        context.add_cookies(desk.browser_cookies(running.url))
        for number in range(ROUNDS + 1):
            page = context.new_page()
            page.goto(running.url, wait_until="load")
            page.wait_for_function(
                "() => performance.getEntriesByName('first-contentful-paint').length"
            )
            if number:  # the first one fetches scripts and styles, as once a day
                for name, value in zip(names, page.evaluate(_TIMES), strict=True):
                    found[name].append(value)
            page.close()
        browser.close()
    return found
