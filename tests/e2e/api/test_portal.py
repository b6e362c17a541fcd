"""A consultant at a phone, on a year of orders, complaints and answers; every page by axe-core."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts.roles import Role
from deploy.demo import contract
from tests.e2e.api.test_accessibility import fits
from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.support.accounts import sign_in
from tests.support.database import register_devices


@pytest.fixture
def year(database: str, seed: Seed) -> None:
    """A year of the demo's contract: made by the services, in the terms of each day."""
    register_devices(database, [f"sl-{number:06d}" for number in range(1, 13)])
    [device] = register_devices(database, ["sl-000020"]).values()
    seed.repair(device, opened_at=datetime.now(UTC))
    # The browser's loop runs in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(contract.prepare, database).result()


@pytest.fixture
def phone(chromium: Browser, desk: Service, database: str) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=desk.url,
        locale="nl-NL",
        reduced_motion="reduce",
        viewport={"width": 360, "height": 780},
        has_touch=True,
    )
    els = sign_in(database, Role.MUNICIPALITY, login="els", name="Els Mulder")
    context.add_cookies(els.browser_cookies(desk.url))
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.usefixtures("year")
def test_a_consultant_looks_something_up(phone: Page, seed: Seed) -> None:
    phone.goto("/portal")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Openstaande acties")
    expect(phone.locator(".counts li")).to_have_count(8)
    fits(phone)

    phone.get_by_label("Soort", exact=True).select_option("delivery")
    phone.get_by_role("button", name="Tonen").press("Enter")
    open_ = seed.one(
        "SELECT count(*) FROM commission WHERE ended_at IS NULL"
        " AND kind IN ('delivery', 'reissue', 'exchange')"
    )
    expect(phone.locator("tbody tr")).to_have_count(open_)
    fits(phone)

    client = seed.one(
        "SELECT client_number FROM commission JOIN client USING (client_id)"
        " WHERE done_at IS NOT NULL ORDER BY breaches DESC, commission_id LIMIT 1"
    )
    phone.goto("/portal/search")
    # By keyboard alone: to the field, the number's beginning, Enter, and to what was found.
    phone.get_by_label("Cliëntnummer, hulpmiddel of serienummer").focus()
    phone.keyboard.type(client.lower()[:10])
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("link", name=client)).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name=client, exact=True).first.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(client)
    fits(phone)
    phone.locator("tbody a[href^='/portal/orders/']").first.press("Enter")
    expect(phone.get_by_role("heading", name="Termijnen")).to_be_visible()
    fits(phone)
    logbook_and_label(phone, seed)
    complaint = seed.one("SELECT complaint_id FROM complaint ORDER BY handled_at LIMIT 1")
    ticket = seed.one("SELECT ticket_id FROM ticket")
    for path in (f"/portal/complaints/{complaint}", f"/portal/tickets/{ticket}", "/portal/figures"):
        phone.goto(path)
        fits(phone)
    with phone.expect_download() as download:
        phone.goto("/portal")
        phone.get_by_role("link", name="Deze lijst downloaden").click()
    assert download.value.suggested_filename.startswith("openstaande-acties-GM0405")


def logbook_and_label(phone: Page, seed: Seed) -> None:
    """Somebody of the municipality opens a logbook; who holds the aid, the page of its label."""
    aid = seed.one(
        "SELECT name FROM aid_register WHERE first_used_on IS NOT NULL ORDER BY name LIMIT 1"
    )
    phone.goto(f"/portal/aids/{aid}")
    phone.get_by_role("link", name="Logboek", exact=True).press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"Logboek {aid}")
    expect(phone.locator(".facts")).to_contain_text("Datum eerste inzet")
    fits(phone)
    token = "A" * 22
    seed.run(
        "INSERT INTO aid_label (device_id, token, made_at, made_by)"
        " SELECT device_id, %s, now(), 'x' FROM device WHERE name = %s",
        *(token, aid),
    )
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    phone.goto(f"/a/{token}")
    expect(phone.get_by_role("heading", name="Is er iets mis mee?")).to_be_visible()
    expect(phone.locator("main")).to_contain_text(aid)
    expect(phone.locator("main")).not_to_contain_text("C-SL")
    fits(phone)
    phone.context.add_cookies([{**each} for each in cookies])  # type: ignore[typeddict-item]
