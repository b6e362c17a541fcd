"""The contract at work, in three browsers: a consultant, the desk's clerk, a contract manager."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from api.accounts.roles import Role
from deploy.demo import contract
from diagnostics.tickets.calendar import ZONE
from ingest.storage.pool import connect
from tests.e2e.api.test_accessibility import fits
from tests.e2e.api.test_stories import delivers
from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.support.accounts import sign_in
from tests.support.database import register_devices
from tests.support.receivers import MailServer

pytestmark = pytest.mark.timeout(300)
CLIENT = "C-SL-000003"
SitDown = Callable[[Role, str], Page]


@pytest.fixture
def sits(chromium: Browser, desk: Service, database: str) -> Iterator[SitDown]:
    """A browser of their own for whoever sits down; what their pages complain of is a failure."""
    complaints: list[str] = []
    contexts = []

    def sit(role: Role, login: str) -> Page:
        context = chromium.new_context(
            base_url=desk.url,
            locale="nl-NL",
            reduced_motion="reduce",
            viewport={"width": 1100, "height": 900},
        )
        contexts.append(context)
        who = sign_in(database, role, login=login, name=login.capitalize())
        context.add_cookies(who.browser_cookies(desk.url))
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield sit
    for context in contexts:
        context.close()
    assert complaints == []


def test_an_order_and_a_complaint_from_the_portal_to_the_letter(
    database: str, seed: Seed, sits: SitDown
) -> None:
    register_devices(database, [f"sl-{number:06d}" for number in range(1, 5)])
    seed.contact("sl-000003")
    els, anja = sits(Role.MUNICIPALITY, "els"), sits(Role.DESK, "anja")

    # Els places an order, by keyboard.
    els.goto("/portal")
    els.get_by_role("link", name="Opdracht geven").press("Enter")
    els.get_by_label("Cliëntnummer").fill(CLIENT)
    els.keyboard.press("Enter")
    els.get_by_label("Wat er wordt opgedragen").select_option("delivery")
    els.get_by_label("Uw kenmerk").fill("WMO-77")
    fits(els)
    els.get_by_role("button", name="Opdracht plaatsen").press("Enter")
    expect(els.get_by_role("heading", level=1)).to_contain_text("Levering")
    order = seed.one("SELECT commission_id FROM commission")
    els.goto(f"/portal/complaints/new?client={CLIENT}")
    els.get_by_label("Waar het over gaat").select_option("treatment")
    els.get_by_label("Wat de cliënt zegt").fill("Onvriendelijk aan de telefoon.")
    fits(els)
    els.get_by_role("button", name="Klacht indienen").press("Enter")
    # Not the form's own heading, which says so as well.
    expect(els.get_by_role("heading", level=1)).to_contain_text("Klacht 1")

    # Five weeks later its term is broken: Anja says why, and until when.
    seed.run("UPDATE commission SET received_at = received_at - interval '40 days'")
    anja.goto("/orders?state=new")
    anja.get_by_role("link", name=f"Levering {order}").press("Enter")
    anja.locator("summary", has_text="Cliënt gesproken").press("Enter")
    anja.get_by_role("button", name="Vastleggen").first.press("Enter")
    expect(anja.locator("summary", has_text="Cliënt gesproken")).to_have_count(0)
    expect(anja.locator(".unusable").first).to_have_text("overschreden")
    if not anja.get_by_label("Nieuwe datum").is_visible():
        anja.locator("summary", has_text="Andere datum").press("Enter")
    later = datetime.now(ZONE).date() + timedelta(days=30)
    anja.get_by_label("Nieuwe datum").fill(later.isoformat())
    anja.get_by_label("Reden, zoals die in de brief komt").fill("De rail komt later.")
    fits(anja)
    anja.get_by_role("button", name="De brieven schrijven").press("Enter")
    expect(anja.locator("#message")).to_be_empty()
    expect(anja.locator("a[href^='/letters/']")).to_have_count(2)
    with anja.expect_download() as download:
        anja.locator("a[href^='/letters/']").first.press("Enter")
    assert download.value.suggested_filename.startswith(f"brief-O{order}-B")
    anja.get_by_role("button", name="Gepost").first.press("Enter")
    expect(anja.locator("td", has_text="per post")).to_have_count(1)
    anja.locator("#file-loan_agreement").set_input_files(
        {"name": "bruikleen.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    expect(anja.get_by_role("link", name="bruikleen.pdf")).to_be_visible()

    an_outcome_arrives(database, anja)
    els.goto(f"/portal/orders/{order}")
    expect(els.get_by_text("De rail komt later.").first).to_be_visible()
    els.goto("/portal/complaints/1")
    expect(els.get_by_text("U bent onvriendelijk te woord gestaan.").first).to_be_visible()


def an_outcome_arrives(database: str, anja: Page) -> None:
    """The complaint is taken up and handled; its outcome goes out by mail."""
    anja.goto("/complaints")
    anja.get_by_role("link", name="bejegening").press("Enter")
    anja.get_by_role("button", name="Nu in behandeling nemen").press("Enter")
    expect(anja.locator("summary", has_text="In behandeling nemen")).to_have_count(0)
    expect(anja.get_by_text("in behandeling", exact=True).first).to_be_visible()
    # What comes next has opened by itself.
    anja.get_by_label("Uitkomst", exact=True).select_option("founded")
    anja.get_by_label("Wat er is bevonden").fill("U bent onvriendelijk te woord gestaan.")
    anja.get_by_label("E-mailadres van de cliënt").fill("bakker@home.example")
    fits(anja)
    anja.get_by_role("button", name="Klacht afhandelen").press("Enter")
    expect(anja.get_by_role("heading", name="Uitkomst: gegrond")).to_be_visible()
    with MailServer() as server:
        delivers(database, server, datetime.now(UTC))
        (mail,) = (each for each in server.mails if each["To"] == "bakker@home.example")
    assert mail["Subject"].startswith("Uitkomst van uw klacht")
    assert [each.get_content_type() for each in mail.iter_attachments()] == ["application/pdf"]
    anja.reload()
    expect(anja.get_by_role("region", name="Brieven")).to_contain_text("per mail")
    fits(anja)


def test_a_pile_of_paper_and_a_link(database: str, sits: SitDown) -> None:
    register_devices(database, ["sl-000003"])
    anja = sits(Role.DESK, "anja")
    anja.goto("/satisfaction/paper")
    for mark in ("8", "9", "4"):
        expect(anja.locator("#overall")).to_be_focused()
        anja.keyboard.type(mark)
        anja.keyboard.press("Enter")
        expect(anja.locator("#overall")).to_have_value("")
    expect(anja.get_by_role("status").filter(has_text="3 formulieren")).to_be_visible()
    fits(anja)
    anja.goto(f"/satisfaction?client={CLIENT}")
    anja.get_by_role("button", name="Link maken").press("Enter")
    link = anja.get_by_label("Voor cliënt").input_value()
    for page in ("/letters", f"/clients/{CLIENT}", "/satisfaction"):
        anja.goto(page)
        fits(anja)
    anja.context.clear_cookies()
    anja.goto(link)
    expect(anja.get_by_role("heading", level=1)).to_have_text("Hoe tevreden bent u?")
    fits(anja)


def test_a_contract_manager_and_the_contractors_own(database: str, sits: SitDown) -> None:
    register_devices(database, [f"sl-{number:06d}" for number in range(1, 13)])
    with ThreadPoolExecutor(1) as thread:  # the browser's loop runs in this one
        thread.submit(contract.prepare, database).result()
    frank, mia = sits(Role.CONTRACT_MANAGER, "frank"), sits(Role.MANAGER, "mia")
    frank.goto("/portal/performance")
    frank.locator("main a[href*='/portal/performance/']").first.press("Enter")
    expect(frank.get_by_role("heading", level=1)).to_be_visible()
    fits(frank)
    frank.get_by_role("link", name="Rapporten").press("Enter")
    expect(frank.get_by_role("heading", level=1)).to_contain_text("Rapporten")
    a_report(mia, frank)
    frank.goto("/portal/notices")
    frank.get_by_label("een reparatie overschrijdt de termijn").check()
    frank.get_by_role("button", name="Opslaan").press("Enter")
    expect(frank.get_by_label("een reparatie overschrijdt de termijn")).to_be_checked()
    fits(frank)
    with connect(database, application="test") as connection:
        connection.execute(
            "WITH system AS (INSERT INTO account (login, name, role, municipality_code)"
            " VALUES ('zaak', 'Zaaksysteem', 'machine', 'GM0405') RETURNING account_id)"
            " INSERT INTO oauth_client (account_id, keys_url, scope, registered_at, registered_by)"
            " SELECT account_id, 'https://hoorn.example/a-long-address/of/keys.json',"
            " '{devices:read,tickets:read}', now(), 'x' FROM system"
        )
    frank.goto("/portal/webhooks")
    frank.get_by_label("Naam").fill("zaaksysteem")
    frank.get_by_label("Adres").fill("https://hoorn.example/events")
    frank.get_by_role("button", name="Toevoegen").press("Enter")
    first = frank.locator(".ok code").inner_text()
    frank.get_by_role("button", name="Testgebeurtenis sturen").press("Enter")
    expect(frank.locator("td code", has_text="nl.liftwacht.test")).to_be_visible()
    frank.get_by_role("button", name="Nieuw geheim").press("Enter")
    assert frank.locator(".ok code").inner_text() not in ("", first)
    fits(frank)
    frank.locator("summary", has_text="Gebeurtenissen kiezen").press("Enter")
    frank.get_by_label("nl.liftwacht.commission_late").check()
    fits(frank)
    frank.get_by_role("button", name="Opslaan").press("Enter")
    expect(frank.get_by_text("1 soort gebeurtenis", exact=True)).to_be_visible()
    frank.get_by_role("button", name="De sleutels van Zaaksysteem intrekken").press("Enter")
    expect(frank.get_by_text("Zaaksysteem", exact=True)).to_have_count(0)

    mia.goto("/billing")
    mia.locator("summary", has_text="Contract toevoegen").press("Enter")
    mia.get_by_label("Onze AGB-code").fill("12345678")
    mia.get_by_role("button", name="Opslaan").press("Enter")
    expect(mia.locator("td", has_text="12345678")).to_be_visible()
    fits(mia)
    for page in ("/orders", "/complaints", "/orders?state=ended", "/labels", "/takeovers"):
        mia.goto(page)
        fits(mia)


def a_report(mia: Page, frank: Page) -> None:
    """The contractor makes last year's; the contract manager opens it, to read and to reckon."""
    year = datetime.now(ZONE).year - 1
    mia.goto("/reports?contract=GM0405")
    mia.get_by_role("combobox", name="Rapporten").select_option("annual")
    mia.get_by_label("Periode").fill(str(year))
    mia.get_by_role("button", name="Maak een versie").press("Enter")
    expect(mia.get_by_role("link", name="PDF").first).to_be_visible()
    fits(mia)
    frank.reload()
    fits(frank)
    taken = {}
    for kind in ("PDF", "Excel"):
        with frank.expect_download() as download:
            frank.get_by_role("link", name=f"{kind} Hoorn {year}, 1").press("Enter")
        taken[kind] = download.value.path().read_bytes()
    assert "Jaarrapportage" in PdfReader(BytesIO(taken["PDF"])).pages[0].extract_text()
    assert len(load_workbook(BytesIO(taken["Excel"])).sheetnames) > 1
