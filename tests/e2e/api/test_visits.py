"""A mechanic's phone in a real browser: without a line nothing is lost, and nothing is doubled."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.accounts.roles import Role
from ingest.storage.pool import connect
from tests.e2e.api.test_accessibility import SMALLEST, fits
from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.support.accounts import SignedIn, sign_in
from tests.support.database import register_devices

PHONE = {"width": 390, "height": 844}
WAITING = "#waiting .waits"
ICON = Path(__file__).resolve().parents[3] / "api" / "web" / "static" / "visits" / "icon-192.png"


@pytest.fixture
def bas(database: str) -> SignedIn:
    return sign_in(database, Role.MECHANIC, login="bas", name="Bas de Monteur")


@pytest.fixture
def tickets(database: str, seed: Seed, bas: SignedIn) -> list[int]:
    """An emergency and a repair, both of Bas, with where to go."""
    now = datetime.now(UTC)
    names = ["sl-000001", "sl-000002"]
    first, second = register_devices(database, names).values()
    for name in names:
        seed.run(
            "INSERT INTO client_contact (client_id, name, street, postcode, town, phone, key_safe,"
            " contact_name, contact_phone) SELECT client_id, 'Mevrouw A. Jansen', 'Kerkstraat 9',"
            " '1621XX', 'Hoorn', '06-00000001', 'links van de deur, code 4711', 'dochter Anja',"
            " '06-00000002' FROM client WHERE client_number = %s",
            f"C-{name.upper()}",
        )
    seed.latest(first, at=now)
    found = [
        seed.ticket(first, opened_at=now - timedelta(minutes=20)),
        seed.repair(second, opened_at=now - timedelta(hours=3), what="charger_failed", priority=2),
    ]
    for ticket in found:
        seed.event(ticket, "assigned", now, "desk", account=bas.account_id)
        seed.run("UPDATE ticket SET assigned_to = %s WHERE ticket_id = %s", bas.account_id, ticket)
    return found


@pytest.fixture
def phone(chromium: Browser, desk: Service, bas: SignedIn) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        base_url=desk.url,
        locale="nl-NL",
        viewport=PHONE,  # type: ignore[arg-type]
        is_mobile=True,
        has_touch=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    context.add_cookies(bas.browser_cookies(desk.url))
    yield context
    context.close()


def open_visits(phone: BrowserContext) -> Page:
    """The list, once all of it is kept on the phone."""
    page = phone.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/visits")
    try:
        expect(page.locator("body[data-kept]")).to_be_attached(timeout=20_000)
    finally:
        assert complaints == []
    return page


def test_the_line_goes_down_and_nothing_that_was_told_is_lost(
    phone: BrowserContext, seed: Seed, tickets: list[int]
) -> None:
    emergency, repair = tickets
    page = open_visits(phone)
    page.goto(f"/visits/{emergency}")
    page.get_by_role("button", name="Aannemen").tap()
    expect(page.get_by_role("button", name="Aannemen")).to_be_hidden()
    phone.set_offline(True)
    page.get_by_role("button", name="Onderweg").tap()
    expect(page.locator("#line")).to_contain_text("geen lijn")
    page.get_by_role("button", name="Ter plaatse").tap()
    expect(page.locator(WAITING)).to_have_count(2)
    page.locator("#photo").set_input_files(ICON)
    expect(page.locator(WAITING)).to_have_count(3)
    # Another visit, never opened before: its page is on the phone all the same.
    page.goto(f"/visits/{repair}")
    expect(page.get_by_text("code 4711")).to_be_visible()
    # What the platform will not take: a repaired aid while somebody may still be stuck.
    page.goto(f"/visits/{emergency}")
    page.locator("summary", has_text="Notitie").tap()
    page.get_by_label("Wat een ander moet weten").fill("zij zit nog op de lift")
    page.locator("[data-do=note]").tap()
    expect(page.locator(WAITING)).to_have_count(4)
    told_until = datetime.now(UTC)
    page.close()
    # The desk hears from the client by telephone, and closes it meanwhile: told too late, refused.
    page = phone.new_page()
    page.goto(f"/visits/{emergency}")
    expect(page.locator(WAITING)).to_have_count(4)
    page.locator("summary", has_text="Persoon veilig").tap()
    page.get_by_label("Ja: de melding wordt gesloten").tap()
    page.get_by_role("button", name="De persoon is veilig").tap()
    expect(page.locator(WAITING)).to_have_count(5)
    now = datetime.now(UTC)
    seed.event(emergency, "called", now + timedelta(seconds=1), "system:lift", call_id="c-9")
    page.close()

    phone.set_offline(False)
    page = phone.new_page()
    page.goto("/visits")
    expect(page.locator(WAITING)).to_have_count(0)
    refused = page.locator("#waiting .refused")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("riep daarna opnieuw om hulp")
    expect(page.locator("#line")).to_have_text("verbonden")
    rows = seed.one(
        "SELECT jsonb_agg(jsonb_build_array(kind, happened_at) ORDER BY event_no)"
        " FROM ticket_event WHERE ticket_id = %s AND actor = 'bas'",
        emergency,
    )
    assert [kind for kind, _ in rows] == [
        *("acknowledged", "under_way", "on_site", "noted", "attached"),
    ]
    moments = [datetime.fromisoformat(at) for _, at in rows[1:]]
    assert all(at < told_until for at in moments), "the moments of the taps, not of the sending"
    assert moments[:3] == sorted(moments[:3])
    refused.get_by_role("button", name="Weggooien").tap()
    expect(page.locator("#queue")).to_be_hidden()
    assert seed.one("SELECT released_at FROM ticket WHERE ticket_id = %s", emergency) is None


def test_a_page_that_could_not_be_had_anew_is_asked_for_until_it_is_right(
    phone: BrowserContext, database: str, tickets: list[int]
) -> None:
    page = open_visits(phone)
    page.goto(f"/visits/{tickets[0]}")
    page.get_by_role("button", name="Ter plaatse").tap()
    page.get_by_label("Nee, of niemand weet het").check()
    with connect(database, application="test") as busy, busy.transaction():
        # A look cannot be written down: what is told is taken, and the page that follows is not.
        busy.execute("LOCK TABLE contact_look IN EXCLUSIVE MODE")
        with page.expect_response(lambda response: response.status == 503):
            page.get_by_role("button", name="De persoon is veilig").tap()
        expect(page.locator("#act-safe")).to_be_attached()
    expect(page.locator(WAITING)).to_have_count(0)
    expect(page.locator(".log")).to_contain_text("Vrijgave bevestigd")
    expect(page.locator("#act-safe")).not_to_be_attached()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Noodgeval")
    expect(page.locator("summary", has_text="Gerepareerd")).to_be_visible()


def test_a_signature_by_finger_and_the_pages_for_everybody(
    phone: BrowserContext, seed: Seed, tickets: list[int]
) -> None:
    emergency, repair = tickets
    page = open_visits(phone)
    for path in ("/visits", f"/visits/{emergency}", f"/visits/{repair}"):
        page.goto(path)
        expect(page.locator("#line")).to_have_text("verbonden")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        fits(page)
    page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    assert small(page) == []
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=6)
    page.mouse.up()
    page.get_by_role("button", name="Bevestiging vastleggen").tap()
    expect(page.locator(".log")).to_contain_text("Bevestigd door de cliënt")
    media, size = seed.one(
        "SELECT jsonb_build_array(media_type, bytes) FROM attachment WHERE ticket_id = %s", repair
    )
    assert media == "image/png"
    assert size > 500
    detail = seed.one("SELECT detail FROM ticket_event WHERE kind = 'signed'")
    assert detail["by"] == "Mevrouw A. Jansen"


def small(page: Page) -> list[str]:
    """What a thumb would miss: whatever is to be tapped and is lower than 44 pixels."""
    found: list[str] = page.locator(
        "main :is(.step, summary, .button), .foot :is(a, .tool)"
    ).evaluate_all(
        "all => all.filter((each) => each.checkVisibility() && each.offsetHeight < 44)"
        ".map((each) => each.outerHTML)"
    )
    return found
