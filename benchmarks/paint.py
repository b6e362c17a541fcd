"""How soon a browser paints the board: from asking for it to the first thing that can be read."""

from playwright.sync_api import Page, sync_playwright

from tests.integration.api.process import service
from tests.support.accounts import sign_in
from tests.support.browser import ARGUMENTS, CHROMIUM

ROUNDS = 15

# In milliseconds since the navigation began: the answer's last byte, and the first text.
_TIMES = """() => {
    const [navigation] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [navigation.responseEnd, paint.startTime];
}"""


def board(url: str) -> dict[str, list[float]]:
    """Return, of each loading of the board from a real service, when what had come.

    In a tab that is open, as desks have it all day; and in a new one, for which the browser starts
    a process first.
    """
    desk = sign_in(url)
    with service(url) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(
            locale="nl-NL", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        context.add_cookies(desk.browser_cookies(running.url))
        open_tab = context.new_page()
        _load(open_tab, running.url)  # fetches scripts and styles, as once a day
        found = _named("open tab", [_load(open_tab, running.url) for _ in range(ROUNDS)])
        fresh = []
        for _ in range(ROUNDS):
            page = context.new_page()
            fresh.append(_load(page, running.url))
            page.close()
        browser.close()
    return found | _named("new tab", fresh)


def _load(page: Page, url: str) -> list[float]:
    page.goto(url, wait_until="load")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    times: list[float] = page.evaluate(_TIMES)
    return times


def _named(where: str, loadings: list[list[float]]) -> dict[str, list[float]]:
    names = ("last byte", "first paint")
    return {
        f"{where}, {name}": list(times)
        for name, times in zip(names, zip(*loadings, strict=True), strict=True)
    }
