"""What somebody at the desk sees and does, with the keyboard alone."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, Route, expect

from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.support.database import register_device, register_devices


def now() -> datetime:
    return datetime.now(UTC)


def open_board(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#link")).to_have_text("live")
    # Gone if the page is ever loaded anew.
    page.evaluate("window.same = true")


def emergency(seed: Seed, database: str, name: str = "sl-000001") -> int:
    return seed.ticket(register_device(database, name), opened_at=now())


def test_an_emergency_appears_without_reloading(page: Page, database: str, seed: Seed) -> None:
    open_board(page)
    expect(page.get_by_text("Geen noodgevallen.")).to_be_visible()

    number = emergency(seed, database)

    article = page.locator(f"#ticket-{number}")
    expect(article).to_contain_text("sl-000001")
    expect(article).to_contain_text("Hoorn 1621")
    expect(article).to_contain_text("De lift staat stil tussen de stopplaatsen")
    expect(article).to_contain_text("Gebruiker weet nog niet dat er hulp komt")
    expect(article.locator("[data-due]")).to_contain_text("nog 1:59:")
    expect(page.locator("#announcer")).to_have_text("Noodgeval: sl-000001, Hoorn")
    expect(page).to_have_title("⚠ (1) Servicedesk · Liftwacht")

    seed.event(number, "lift_heard", now(), "system:lift", state="help_coming")
    seed.run("UPDATE ticket SET all_clear_at = now() WHERE ticket_id = %s", number)
    seed.notify(f'{{"kind": "ticket", "ticket": {number}}}')
    expect(article).to_contain_text("Gebruiker weet dat er hulp komt")
    expect(article).to_contain_text("niet bevestigd")
    assert page.evaluate("window.same") is True


def test_the_clock_runs(page: Page, database: str, seed: Seed) -> None:
    number = emergency(seed, database)
    open_board(page)
    clock = page.locator(f"#ticket-{number} .clock")
    first = clock.inner_text()
    expect(clock).not_to_have_text(first)


def test_taken_on_by_keyboard(page: Page, database: str, seed: Seed) -> None:
    number = emergency(seed, database)
    open_board(page)

    page.keyboard.press("a")

    expect(page.locator(f"#ticket-{number}")).to_contain_text("Aangenomen door servicedesk")
    assert seed.one("SELECT acknowledged_at FROM ticket WHERE ticket_id = %s", number)
    assert page.evaluate("window.same") is True

    # Nothing more was heard: it is nobody's again, and asks for somebody.
    seed.event(number, "forgotten", now(), "system:escalation")
    seed.run("UPDATE ticket SET unanswered = true WHERE ticket_id = %s", number)
    seed.notify(f'{{"kind": "ticket", "ticket": {number}}}')
    expect(page.locator("article.emergency.new")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("article.emergency.taken-on")).to_be_visible()
    assert seed.one("SELECT unanswered FROM ticket WHERE ticket_id = %s", number) is False


def test_released_by_keyboard_but_not_without_saying_how(
    page: Page, database: str, seed: Seed
) -> None:
    number = emergency(seed, database)
    open_board(page)

    page.keyboard.press("v")
    dialog = page.locator(f"#release-{number}")
    expect(dialog).to_be_visible()
    confirm = dialog.get_by_role("button", name="Vrijgave bevestigen")
    confirm.press("Enter")
    expect(dialog).to_be_visible()
    assert seed.one("SELECT closed_at FROM ticket WHERE ticket_id = %s", number) is None

    # The browser put the focus on the first thing that is missing: the radio buttons.
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # it does not work again
    page.keyboard.press("Tab")
    page.keyboard.type("Voetenplank vrij")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(f"#ticket-{number}")).to_have_count(0)
    expect(page.get_by_text("Geen noodgevallen.")).to_be_visible()
    detail = seed.one(
        "SELECT detail FROM ticket_event WHERE ticket_id = %s AND kind = 'released'", number
    )
    assert detail == {"how": "mechanic_on_site", "aid_works": False, "note": "Voetenplank vrij"}
    # What is left to be done is a repair.
    repair = page.locator("section", has=page.get_by_role("heading", name="Reparaties"))
    expect(repair).to_contain_text("P1 werkt niet sinds een noodgeval")
    repair.get_by_role("link", name="sl-000001").click()
    page.get_by_role("button", name="Gerepareerd").press("Enter")
    page.get_by_label("Gerepareerd door").fill("M. Teur")
    page.keyboard.press("Enter")
    expect(page.locator("article.closed")).to_be_visible()
    assert seed.one("SELECT closed_at FROM ticket WHERE ticket_id = %s", number) is not None


def test_keys_act_on_the_emergency_with_the_focus(page: Page, database: str, seed: Seed) -> None:
    devices = register_devices(database, ["sl-1-a", "sl-1-b"])
    first = seed.ticket(devices["sl-1-a"], opened_at=now() - timedelta(minutes=5))
    second = seed.ticket(devices["sl-1-b"], opened_at=now())
    open_board(page)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")

    expect(page.locator(f"#ticket-{second}")).to_contain_text("Aangenomen")
    expect(page.locator(f"#ticket-{first}")).not_to_contain_text("Aangenomen door")


def test_a_note_keeps_what_is_being_typed_while_the_page_changes(
    page: Page, database: str, seed: Seed
) -> None:
    number = emergency(seed, database)
    open_board(page)
    page.keyboard.press("n")
    page.keyboard.type("Sleutel bij ")

    other = emergency(seed, database, "sl-000002")
    expect(page.locator(f"#ticket-{other}")).to_have_count(1)
    page.keyboard.type("de buren")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(f"#note-{number}")).to_be_hidden()
    page.goto(f"/tickets/{number}")
    expect(page.locator(".log")).to_contain_text("Sleutel bij de buren")


def test_a_release_of_what_changed_meanwhile_is_refused(
    page: Page, database: str, seed: Seed
) -> None:
    number = emergency(seed, database)
    open_board(page)
    page.keyboard.press("v")
    expect(page.locator(f"#release-{number}")).to_be_visible()
    seed.run("UPDATE ticket SET version = version + 1 WHERE ticket_id = %s", number)

    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.locator("dialog[open] .changed")).to_contain_text("intussen veranderd")
    assert seed.one("SELECT closed_at FROM ticket WHERE ticket_id = %s", number) is None


def test_a_lost_connection_shows_and_recovers(
    page: Page, database: str, seed: Seed, desk: Service
) -> None:
    open_board(page)

    desk.stop()
    expect(page.locator("#link")).to_have_text("geen verbinding")
    expect(page.locator("#lost")).to_be_visible()
    number = emergency(seed, database)
    desk.start()

    expect(page.locator("#link")).to_have_text("live", timeout=20_000)
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator(f"#ticket-{number}")).to_be_visible()
    assert page.evaluate("window.same") is True


def test_a_dead_engine_shows_on_the_board(page: Page, seed: Seed) -> None:
    open_board(page)
    seed.run("UPDATE diagnosis_cursor SET cycled_at = now() - interval '5 minutes'")
    strip = page.locator(".strip.down")
    expect(strip).to_contain_text("De bewaking is onderbroken", timeout=15_000)
    expect(strip).to_contain_text("Diagnose")


def test_single_keys_can_be_switched_off(page: Page, database: str, seed: Seed) -> None:
    number = emergency(seed, database)
    open_board(page)
    page.keyboard.press("?")
    page.get_by_label("Losse toetsen gebruiken").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.locator(f"#release-{number}")).to_be_hidden()


def test_sound_can_be_muted_and_stays_so(page: Page) -> None:
    open_board(page)
    sound = page.locator("#sound")
    expect(sound).to_have_text("Geluid: klik om toe te staan")
    page.keyboard.press("Shift")
    expect(sound).to_have_text("Geluid aan")
    page.keyboard.press("m")
    expect(sound).to_have_text("Geluid uit")
    page.reload()
    expect(sound).to_have_text("Geluid uit")


def test_the_click_that_allows_sound_does_not_mute_it(page: Page) -> None:
    open_board(page)
    sound = page.locator("#sound")
    expect(sound).to_have_text("Geluid: klik om toe te staan")
    sound.click(delay=300)
    expect(sound).to_have_text("Geluid aan")


def test_the_lift_opens_with_its_last_ride(page: Page, database: str, seed: Seed) -> None:
    device_id = register_device(database)
    seed.ride(device_id, start=now() - timedelta(minutes=1), stuck_at_s=20)
    number = seed.ticket(device_id, opened_at=now() - timedelta(seconds=30))
    open_board(page)

    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"/tickets/{number}$"))
    drawing = page.get_by_role("img", name="Rond het bewijs")
    expect(drawing).to_be_visible()
    assert drawing.locator("polyline").count() >= 2
    page.get_by_text("Als tabel").press("Enter")
    expect(page.locator(".numbers table")).to_contain_text("tussen de verdiepingen")


def test_english_on_request(page: Page, database: str, seed: Seed) -> None:
    emergency(seed, database)
    page.goto("/?lang=en")
    expect(page.get_by_role("heading", name="Emergencies")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_it_works_without_scripts(
    chromium: Browser, desk: Service, database: str, seed: Seed
) -> None:
    number = emergency(seed, database)
    context = chromium.new_context(base_url=desk.url, java_script_enabled=False, locale="nl-NL")
    context.add_cookies(desk.desk.browser_cookies(desk.url))
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Aannemen").click()
    expect(page.locator(f"#ticket-{number}")).to_contain_text("Aangenomen door servicedesk")
    context.close()


def test_a_script_that_did_not_arrive_is_fetched_anew(page: Page) -> None:
    page.clock.install()
    broken: list[str] = []

    def break_once(route: Route) -> None:
        if broken:
            route.fallback()
            return
        broken.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/static/live.js", break_once)
    page.goto("/")
    link = page.locator("#link")
    expect(link).to_have_text("verbinden …")
    page.clock.fast_forward(11_000)
    expect(link).to_have_text("live")
    assert len(broken) == 1
