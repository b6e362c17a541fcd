"""Coming in with a real browser: what cookies do between sites, and pages that all can use."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts.roles import Role
from tests.e2e.api.test_accessibility import findings, fits, reaching_out
from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.support.accounts import sign_in
from tests.support.broker import free_port
from tests.support.identity_provider import configuration, identity_provider

ANJA = {"preferred_username": "anja", "name": "Anja de Wit", "roles": ["desk"]}


@pytest.fixture
def visitor(chromium: Browser, desk: Service) -> Iterator[Page]:
    """A browser in which nobody is signed in."""
    context = chromium.new_context(base_url=desk.url, locale="nl-NL")
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(database: str, seed: Seed, tmp_path: Path) -> Iterator[Service]:
    """A running service with an identity provider, which is another site to browsers."""
    assert seed
    running = Service(database, free_port())
    with identity_provider(f"{running.url}/sign-in/back", {"1": ANJA}) as issuer:
        file = configuration(tmp_path / "oidc.json", issuer, roles={"desk": "desk"})
        running.set("LIFTWACHT_OIDC_FILE", str(file))
        running.start()
        yield running
        running.stop()


@pytest.mark.timeout(180)
def test_from_the_provider_to_the_board_and_back_out(visitor: Page, seed: Seed) -> None:
    visitor.goto("/")
    assert findings(visitor) == []
    visitor.get_by_role("link", name="Aanmelden via Gemeente").press("Enter")
    visitor.locator("[name=login]").fill("1")
    visitor.locator("[name=password]").fill("any")
    visitor.locator("[type=submit]").click()
    visitor.locator("[type=submit]").click()
    expect(visitor.locator("#link")).to_have_text("live", timeout=30_000)
    expect(visitor.get_by_role("link", name="Anja de Wit")).to_be_visible()

    # A link on another site's page leads straight in, though the cookie stays at home at first.
    ours = visitor.url
    other = ours.replace("127.0.0.1", "localhost")
    visitor.route(
        f"{other}away",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<a href="{ours}account">in</a>'
        ),
    )
    visitor.goto(f"{other}away")
    visitor.get_by_role("link", name="in").click()
    expect(visitor.get_by_role("heading", name="Anja de Wit")).to_be_visible()
    assert findings(visitor) == []

    # When the session ends, what was on the board stays there.
    visitor.goto(ours)
    expect(visitor.locator("#link")).to_have_text("live")
    seed.run("DELETE FROM account_session")
    seed.notify('{"kind": "ticket", "ticket": 1}')
    expect(visitor.locator("#signed-out")).to_be_visible()
    expect(visitor.get_by_text("Geen noodgevallen.")).to_be_visible()
    visitor.get_by_role("link", name="Meld u opnieuw aan").click()
    expect(visitor.get_by_role("heading", name="Aanmelden")).to_be_visible()


@pytest.mark.timeout(180)
def test_the_pages_about_accounts(visitor: Page, desk: Service, database: str, seed: Seed) -> None:
    admin = sign_in(database, Role.ADMINISTRATOR)
    seed.run(
        "INSERT INTO account (login, name, role, municipality_code)"
        " VALUES ('centrale', 'Meldkamer', 'machine', 'GM0405')"
    )
    visitor.context.add_cookies(admin.browser_cookies(desk.url))
    for path in ("/accounts", "/accounts/centrale", "/account", "/audit", "/sign-in/new-password"):
        visitor.goto(path)
        assert findings(visitor) == [], path
    visitor.goto("/accounts/centrale")
    visitor.get_by_label("Naam van het token").fill("eerste")
    visitor.get_by_label("devices:read").first.press("Space")
    visitor.get_by_role("button", name="Token maken").press("Enter")
    expect(visitor.locator(".once .secret")).to_contain_text("liftwacht_")
    visitor.get_by_label("publieke sleutels bewaart").fill(f"https://{'zaaksysteem.' * 6}example")
    visitor.get_by_role("group", name="om mag vragen").get_by_label("devices:read").press("Space")
    visitor.get_by_role("button", name="De sleutels registreren").press("Enter")
    expect(visitor.get_by_role("button", name="Andere sleutels registreren")).to_be_visible()
    fits(visitor)
    assert reaching_out(visitor) == []
    seed.run("UPDATE account_factor SET confirmed_at = NULL")
    seed.run("UPDATE account_session SET second_factor_at = NULL")
    visitor.goto("/sign-in")
    expect(visitor.get_by_role("heading", name="Tweede stap instellen")).to_be_visible()
    assert findings(visitor) == []
    seed.run("UPDATE account_factor SET confirmed_at = %s", datetime.now(UTC))
    visitor.goto("/sign-in")
    expect(visitor.get_by_label("Code van de app")).to_be_focused()
    assert findings(visitor) == []
