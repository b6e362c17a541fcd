"""Who watches over it: a municipality's privacy officer, and an auditor who can change nothing."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from api.accounts.roles import Role
from deploy.demo import contract
from tests.e2e.api.test_accessibility import fits
from tests.e2e.api.test_contract import CLIENT, SitDown, sits
from tests.integration.api.seed import Seed
from tests.support.database import register_devices

__all__ = ["sits"]
pytestmark = pytest.mark.timeout(300)


def test_a_privacy_officer_answers_for_what_is_kept(
    database: str, seed: Seed, sits: SitDown, tmp_path: Path
) -> None:
    register_devices(database, ["sl-000003"])
    seed.contact("sl-000003")
    els, anja = sits(Role.MUNICIPALITY, "els"), sits(Role.DESK, "anja")
    els.goto(f"/portal/clients/{CLIENT}")
    anja.goto(f"/clients/{CLIENT}")
    hans = sits(Role.PRIVACY_OFFICER, "hans")

    # Who looked: everybody, then by a filter, then as a file.
    hans.goto("/portal/looks")
    looks = hans.get_by_role("region", name="Inzagen").locator("tbody tr")
    expect(looks).to_have_count(2)
    fits(hans)
    hans.get_by_label("Gebruikersnaam of cliëntnummer").fill("els")
    hans.keyboard.press("Enter")
    expect(looks).to_have_count(1)
    expect(looks).to_contain_text(CLIENT)
    expect(looks).to_contain_text("cliëntdossier")
    with hans.expect_download() as download:
        hans.get_by_role("link", name="Deze lijst downloaden").press("Enter")
    sent = download.value.path().read_text(encoding="utf-8-sig")
    assert CLIENT in sent
    assert "anja" not in sent, "the file is what the filter shows"

    a_breach(anja, hans)
    a_request(hans, tmp_path)

    hans.get_by_role("link", name="Gegevenscatalogus").press("Enter")
    expect(hans.get_by_role("heading", level=1)).to_have_text("Gegevenscatalogus")
    expect(hans.locator("main")).to_contain_text("client_contact")
    fits(hans)
    hans.goto("/portal/retention")
    fits(hans)


def a_breach(anja: Page, hans: Page) -> None:
    """The desk finds it and registers it; the municipality sees its clock, and decides."""
    anja.goto("/privacy/breaches")
    fits(anja)
    anja.get_by_label("In een paar woorden").fill("Tas met werkbonnen kwijt")
    anja.get_by_label("Wat er is gebeurd").select_option("lost")
    anja.get_by_label("Wat er bekend is").fill("In de trein laten liggen.")
    anja.get_by_label("Welke gegevens").fill("naam, adres")
    anja.get_by_label("Hoorn").check()
    anja.get_by_role("button", name="Vastleggen").press("Enter")
    expect(anja.get_by_role("heading", level=1)).to_contain_text("Tas met werkbonnen kwijt")
    fits(anja)

    hans.goto("/portal/breaches")
    fits(hans)
    hans.get_by_role("link", name="Tas met werkbonnen kwijt").press("Enter")
    clock = hans.locator(".facts div", has_text="Te melden bij de AP")
    expect(clock).to_contain_text("nog 71 uur en 5")
    hans.locator("summary", has_text="Melden bij de AP").press("Enter")
    fits(hans)
    hans.get_by_label("Waarom?").first.fill("Adressen van twaalf mensen.")
    hans.get_by_role("button", name="Vastleggen").first.press("Enter")
    expect(hans.locator("main")).to_contain_text("ja, nog niet gedaan")
    with hans.expect_download() as download:
        hans.get_by_role("link", name="Formulier voor de melding").press("Enter")
    assert "In de trein" in text_of(download.value.path().read_bytes())


def a_request(hans: Page, folder: Path) -> None:
    """A client asks what is kept: taken up, granted, gathered, answered."""
    hans.get_by_role("link", name="Verzoeken").press("Enter")
    fits(hans)
    hans.get_by_label("Cliëntnummer").fill(CLIENT)
    hans.get_by_label("Wat wordt gevraagd").select_option("access")
    hans.get_by_role("button", name="Registreren").press("Enter")
    expect(hans.get_by_role("heading", level=1)).to_contain_text("inzage")
    expect(hans.locator("details[open] [name=do]")).to_have_value("identify")
    fits(hans)
    for step, said in (("identify", "Paspoort gezien."), ("decide", "Geen bezwaar.")):
        form = hans.locator("details", has=hans.locator(f"[name=do][value={step}]"))
        if form.get_attribute("open") is None:
            form.locator("summary").press("Enter")
        if step == "decide":
            form.get_by_label("Besluit").select_option("granted")
        form.locator("textarea").fill(said)
        form.get_by_role("button").press("Enter")
        expect(hans.locator(".steps")).to_contain_text(said)
    fits(hans)
    with hans.expect_download() as download:
        hans.get_by_role("button", name="Verzamelen en downloaden").press("Enter")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        archive.extractall(folder)
        told = text_of(archive.read(archive.namelist()[0]))
    for words in ("Naam: Mevrouw Bakker", "cliëntdossier", "servicedesk", "traplift"):
        assert words in told, "in the words of who reads it"


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def year(database: str) -> None:
    register_devices(database, [f"sl-{number:06d}" for number in range(1, 13)])
    with ThreadPoolExecutor(1) as thread:  # the browser's loop runs in this one
        thread.submit(contract.prepare, database).result()


@pytest.mark.usefixtures("year")
def test_an_auditor_draws_compares_and_changes_nothing(sits: SitDown, tmp_path: Path) -> None:
    ada = sits(Role.AUDITOR, "ada")
    ada.goto("/portal")
    unchanging(ada)
    fits(ada)
    ada.get_by_role("link", name="Steekproeven").press("Enter")
    first, again = draw(ada, "notaris"), draw(ada, "notaris")
    assert len(first) == 5
    expect(ada.locator("tbody").first).not_to_contain_text("stairlift")
    assert again == first, "anybody can draw it again"
    assert draw(ada, "anders") != first
    fits(ada)
    unchanging(ada)
    with ada.expect_download() as download:
        ada.get_by_role("link", name="Steekproef downloaden").press("Enter")
    assert download.value.suggested_filename.startswith("steekproef-orders-")
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert book.sheetnames == ["Steekproef", "Feiten", "Logboek"]
    said = {
        cell.value for sheet in ("Feiten", "Logboek") for row in book[sheet].rows for cell in row
    }
    assert "traplift" in said
    assert not said & {"stairlift", "delivery", "received", "done"}, "in words, not in codes"
    assert "anders" in [cell.value for row in book["Steekproef"].rows for cell in row]

    ada.locator("tbody th a").first.press("Enter")
    expect(ada.get_by_role("heading", name="Termijnen")).to_be_visible()
    unchanging(ada)
    fits(ada)
    for place in ("/portal/complaints/1", "/portal/performance", "/portal/reports"):
        ada.goto(place)
        unchanging(ada)

    ada.goto("/portal/samples")
    ada.get_by_label("Excel-bestand").set_input_files(a_list(tmp_path / "lijst.xlsx"))
    ada.get_by_role("button", name="Vergelijk").press("Enter")
    expect(ada.locator("main")).to_contain_text("2 regels gelezen, 1 gelijk aan de onze")
    expect(ada.locator("tbody")).to_contain_text("C-9")
    fits(ada)


def draw(page: Page, seed: str) -> list[str]:
    """Draw five orders of the year by that seed; return which."""
    page.get_by_label("Waarvan").select_option("orders")
    page.get_by_label("Hoeveel").fill("5")
    page.get_by_label("Startgetal").fill(seed)
    page.get_by_role("button", name="Trekken").press("Enter")
    expect(page.locator("#drawn")).to_contain_text("5")
    return page.locator("tbody th").all_inner_texts()


def unchanging(page: Page) -> None:
    """No form of the page sends anything but out of it, and what is compared and not kept."""
    sends = page.locator("form[method=post]")
    ways = {form.get_attribute("action") for form in sends.all()}
    assert ways <= {"/sign-out", "/portal/samples/comparison"}, page.url


def a_list(path: Path) -> Path:
    """A municipality's own list: one row the same as ours, one of an aid that nobody knows."""
    book = Workbook()
    for line in (
        ("Klantnummer", "Identificatienummer"),
        ("C-SL-000001", "sl-000001"),
        ("C-9", "sl-9"),
    ):
        book.worksheets[0].append(line)
    book.save(path)
    return path
