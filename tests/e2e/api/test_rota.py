"""The rota in a browser: by keyboard, and without a finding of axe-core."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts.roles import Role
from tests.e2e.api.test_accessibility import findings
from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.support.accounts import sign_in
from tests.support.rota import on_call


@pytest.fixture
def page(chromium: Browser, desk: Service, database: str) -> Iterator[Page]:
    """A manager's page."""
    context = chromium.new_context(
        base_url=desk.url,
        locale="nl-NL",
        viewport={"width": 1280, "height": 900},
    )
    context.add_cookies(sign_in(database, Role.MANAGER).browser_cookies(desk.url))
    yield context.new_page()
    context.close()


def test_somebody_takes_over(page: Page, database: str, seed: Seed) -> None:
    on_call(database, {"desk": "anna", "mechanic": "bas", "backup": "carla"})
    page.goto("/")
    page.get_by_role("link", name="Rooster", exact=True).press("Enter")
    expect(page.locator("#link")).to_have_text("live")
    expect(page.get_by_role("heading", name="Niemand bereikbaar")).to_be_visible()
    assert findings(page) == []

    page.get_by_role("button", name="Overnemen …").press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert findings(page) == []
    dialog.get_by_label("Laag").select_option("mechanic")
    dialog.get_by_label("Wie neemt over").select_option("carla")
    dialog.get_by_label("In plaats van").select_option("bas")
    dialog.get_by_label("Van", exact=True).fill("2099-01-01T08:00")
    dialog.get_by_label("Tot", exact=True).fill("2099-01-01T07:00")
    dialog.get_by_role("button", name="Vastleggen").press("Enter")
    expect(page.locator("#message")).to_contain_text("Het einde moet na het begin komen.")
    assert seed.one("SELECT count(*) FROM rota_override") == 0

    page.get_by_role("button", name="Overnemen …").press("Enter")
    dialog.get_by_label("Laag").select_option("mechanic")
    dialog.get_by_label("Wie neemt over").select_option("carla")
    dialog.get_by_label("Van", exact=True).fill("2099-01-01T08:00")
    dialog.get_by_label("Tot", exact=True).fill("2099-01-01T17:00")
    dialog.get_by_role("button", name="Vastleggen").press("Enter")
    row = page.locator("section[aria-labelledby=overrides] tbody tr")
    expect(row).to_contain_text("Carla")
    expect(row).to_contain_text("manager")
    for button in ("Ruilen …", "Nieuwe toerbeurt …", "Beëindigen …"):
        page.get_by_role("button", name=button).first.press("Enter")
        expect(dialog).to_be_visible()
        assert findings(page) == [], button
        page.keyboard.press("Escape")
