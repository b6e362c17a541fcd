"""Every page, in every state, light and dark, without a finding of axe-core (WCAG 2.2 AA)."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from playwright.sync_api import Browser, Page, expect

from api.accounts.roles import Role
from deploy.demo import misuse
from diagnostics.campaigns import repository, service
from diagnostics.campaigns.decisions import Trouble
from diagnostics.campaigns.model import Aids, Plan, State
from diagnostics.misuse import registrar
from diagnostics.tickets.calendar import dutch_day
from gateway.protocol.messages import RemoteSettings
from ingest.storage.pool import connect_async
from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.integration.api.test_misuse import PNG
from tests.integration.api.test_takeover import LIFT, MAPPING, excel
from tests.support.accounts import add_account, sign_in
from tests.support.database import register_devices

AXE = Path(__file__).resolve().parents[2] / "node" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
# All of it that can be otherwise in the dark.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# What is otherwise where there is little room.
NARROW = {"type": "rule", "values": ["scrollable-region-focusable"]}
SMALLEST = {"width": 360, "height": 780}


@pytest.fixture
def page(chromium: Browser, desk: Service) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=desk.url,
        locale="nl-NL",
        reduced_motion="reduce",
        viewport={"width": 1280, "height": 900},
    )
    context.add_cookies(desk.desk.browser_cookies(desk.url))
    yield context.new_page()
    context.close()


def findings(page: Page) -> list[Any]:
    """Look at the page as it is in the light, and then at its colours in the dark."""
    if not AXE.exists():
        pytest.fail("run 'npm ci' in tests/node first ('make test' does)")
    if page.evaluate("window.axe === undefined"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    seen, wrong = _look(page, EVERYTHING)
    assert seen > 10, "axe looked at nothing"
    page.emulate_media(color_scheme="dark")
    seen, wrong_in_the_dark = _look(page, COLOURS)
    assert seen, "axe looked at no colour"
    page.emulate_media(color_scheme="light")
    return [*wrong, *wrong_in_the_dark]


def _look(page: Page, rules: dict[str, Any]) -> tuple[int, list[Any]]:
    """Return how many rules found something to judge, and what is wrong by which."""
    found: dict[str, Any] = page.evaluate(f"axe.run({{runOnly: {json.dumps(rules)}}})")
    wrong = [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found["violations"]
    ]
    return len(found["passes"]) + len(wrong), wrong


def fits(page: Page) -> None:
    """Axe finds nothing, and on the smallest phone nothing scrolls but what a keyboard scrolls."""
    assert findings(page) == [], page.url
    assert narrow(page) == [], page.url


def narrow(page: Page) -> list[Any]:
    """Return what is wrong with a page on the smallest phone; it is as wide as before then."""
    before = page.viewport_size
    page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    beyond: list[Any] = page.evaluate(BEYOND)
    _, wrong = _look(page, NARROW)
    if before is not None:
        page.set_viewport_size(before)
    return [*beyond, *wrong]


# By how much a page scrolls sideways, and what makes it: nothing around it scrolls by itself.
BEYOND = """() => {
    const root = document.documentElement, width = root.clientWidth;
    const inside = (each) =>
        each && (getComputedStyle(each).overflowX !== "visible" || inside(each.parentElement));
    const outside = [...document.body.querySelectorAll("*")].filter((each) =>
        each.getBoundingClientRect().right > width + 1 && !inside(each.parentElement));
    const told = outside.slice(-3).map((each) => each.outerHTML.slice(0, 200));
    return root.scrollWidth > width ? [root.scrollWidth - width, ...told] : [];
}"""


def situation(seed: Seed, database: str, emergencies: int) -> list[int]:
    """So many emergencies in different states, with everything else that a board can show."""
    now = datetime.now(UTC)
    names = [f"sl-{number:06d}" for number in range(1, 12)]
    devices = list(register_devices(database, names).values())
    numbers = []
    for index in range(emergencies):
        opened_at = now - timedelta(minutes=1 + 25 * index)
        seed.ride(devices[index], start=opened_at - timedelta(seconds=40), stuck_at_s=20)
        number = seed.ticket(
            devices[index],
            opened_at=opened_at,
            exempt=index == 3,
            all_clear_at=now if index == 2 else None,
        )
        if index % 2:
            seed.event(number, "lift_heard", now, "system:lift", state="help_coming")
        if index > 3:
            seed.event(number, "acknowledged", now, "Anja")
            seed.run(
                "UPDATE ticket SET acknowledged_at = now(), unanswered = false"
                " WHERE ticket_id = %s",
                number,
            )
        numbers.append(number)
    if emergencies:
        seed.suspicion(devices[8], since=now)
        seed.presence(devices[9], online=False, at=now, reason="lost")
        for code in ("relay", "no_charge", "key_off"):
            seed.fault(devices[10], code, at=now)
        slow_lane(seed, devices, now)
    return numbers


def slow_lane(seed: Seed, devices: list[int], now: datetime) -> int:
    """Findings of every kind, repairs in time and too late, and an outage; return a repair."""
    forecast = {"at": now.isoformat(), "days_low": 9, "days_median": 30, "days_high": 80}
    otherwise = [{"code": "seat_empty"}]
    seed.finding(devices[0], "battery_worn", "advice", at=now, confidence=0.8, forecast=forecast)
    seed.finding(devices[0], "other_person", "signal", at=now, otherwise=otherwise)
    seed.finding(devices[0], "off_charge_point", "notice", at=now)
    seed.repair(devices[1], opened_at=now - timedelta(days=9), what="flapping")
    seed.incident(1621, devices[4:8], since=now - timedelta(minutes=5))
    return seed.repair(devices[0], opened_at=now, priority=2)


def test_the_page_of_a_repair_and_its_form(page: Page, database: str, seed: Seed) -> None:
    now = datetime.now(UTC)
    names = [f"sl-{number:06d}" for number in range(1, 12)]
    number = slow_lane(seed, list(register_devices(database, names).values()), now)
    page.goto(f"/tickets/{number}")
    expect(page.locator("#link")).to_have_text("live")
    assert findings(page) == []
    page.get_by_role("button", name="Gerepareerd").press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Tab")
    page.get_by_label("Gerepareerd door").fill("M. Teur")
    page.get_by_label("Wat er gedaan is").fill("nieuwe lader")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("article.closed")).to_be_visible()
    expect(page.locator(".log")).to_contain_text("door M. Teur")
    assert findings(page) == []
    done = seed.one("SELECT detail ->> 'by' FROM ticket_event WHERE kind = 'repaired'")
    assert done == "M. Teur"


@pytest.mark.parametrize("emergencies", [0, 1, 7])
def test_the_board(emergencies: int, page: Page, database: str, seed: Seed) -> None:
    situation(seed, database, emergencies)
    page.goto("/")
    expect(page.locator("#link")).to_have_text("live")
    fits(page)
    if emergencies:
        on_a_phone(page)


def on_a_phone(page: Page) -> None:
    """What is urgent is seen at once; where else to go is folded, and unfolds without a script."""
    page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    first = page.locator("article.emergency").first.bounding_box()
    assert first is not None
    assert first["y"] < 200, "below what nobody came for"
    search, menu = page.locator("#search"), page.locator(".menu summary")
    expect(search).to_be_hidden()
    menu.press("Enter")
    expect(search).to_be_visible()
    assert findings(page) == []
    menu.press("Tab")
    inside = "document.activeElement.closest('.tools') !== null"
    assert page.evaluate(inside), "what was unfolded comes next"
    menu.press("Enter")
    expect(search).to_be_hidden()
    menu.blur()
    page.keyboard.press("/")
    expect(search).to_be_focused()


@pytest.mark.slow
def test_the_pages_of_an_emergency_and_a_lift(page: Page, database: str, seed: Seed) -> None:
    first, second = situation(seed, database, 2)
    seed.over(second)
    seed.contact("sl-000001")
    add_account(database, Role.MECHANIC, name="Bram van der Bakkersveld-Hoogendijk")
    paths = (f"/tickets/{first}", f"/tickets/{second}", "/devices/sl-000001", "/nowhere")
    lists = ("/tickets?status=all", "/map", "/search?q=sl-0000", "/report?device=sl-000001")
    for path in (*paths, *lists):
        page.goto(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        fits(page)
        assert reaching_out(page) == [], path


def reaching_out(page: Page) -> list[str]:
    """Tables that reach out of their panel, over what stands beside it."""
    found: list[str] = page.locator(".panel table").evaluate_all(
        "all => all.filter((each) => each.getBoundingClientRect().right >"
        " each.closest('.panel').getBoundingClientRect().right + 1)"
        ".map((each) => each.innerText)"
    )
    return found


def test_the_dialogs(page: Page, database: str, seed: Seed) -> None:
    situation(seed, database, 1)
    page.goto("/")
    expect(page.locator("#link")).to_have_text("live")
    for key in ("v", "n", "?"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]"), key).to_be_visible()
        assert findings(page) == [], key
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_dialogs_of_a_ticket(page: Page, database: str, seed: Seed) -> None:
    (number,) = situation(seed, database, 1)
    page.goto(f"/tickets/{number}")
    openers = page.locator(".acts [command=show-modal]")
    assert openers.count() >= 5
    for opener in openers.all():
        opener.press("Enter")
        expect(page.locator("dialog[open]")).to_be_visible()
        assert findings(page) == [], opener.inner_html()
        page.keyboard.press("Escape")


def test_when_things_are_wrong(page: Page, database: str, seed: Seed, desk: Service) -> None:
    situation(seed, database, 1)
    seed.run("UPDATE diagnosis_cursor SET cycled_at = now() - interval '5 minutes'")
    page.goto("/")
    expect(page.locator("#link")).to_have_text("live")
    desk.stop()
    expect(page.locator("#lost")).to_be_visible()
    assert findings(page) == []


def test_targets_are_large_enough(page: Page, database: str, seed: Seed) -> None:
    situation(seed, database, 1)
    page.goto("/")
    for target in page.locator("button:visible, input:visible, .tools a").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24, target.inner_html()


@pytest.mark.slow
def test_the_pages_of_cases(page: Page, database: str, seed: Seed, desk: Service) -> None:
    register_devices(database, ["sl-000001"])
    misuse.prepare(database)
    with ThreadPoolExecutor(1) as thread:  # Playwright has the loop of this one
        assert thread.submit(asyncio.run, registered(database)).result() == 1
    number = seed.one("SELECT case_id FROM misuse_case")
    paths = ["/misuse", "/misuse/figures", "/misuse/signal?device=sl-000001", f"/misuse/{number}"]
    check(page, paths)
    page.get_by_role("button", name="Nu melden").click()
    expect(page.get_by_text("Ligt bij de gemeente").first).to_be_visible()
    check(page, [f"/misuse/{number}"])
    page.get_by_label("Foto's of een brief toevoegen").set_input_files(
        {"name": "lift.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    expect(page.get_by_role("link", name="lift.pdf")).to_be_visible()
    municipality = sign_in(database, Role.MUNICIPALITY)
    page.context.add_cookies(municipality.browser_cookies(desk.url))
    check(page, ["/portal/misuse", f"/portal/misuse/{number}"])
    page.get_by_label("Gesprek met de cliënt").check()
    page.get_by_label("Reden").fill("eerste keer")
    page.get_by_role("button", name="Besluit vastleggen").click()
    expect(page.locator(".log")).to_contain_text("Gesprek met de cliënt")


def test_the_pages_of_who_looks_after_modems_and_takeovers(
    page: Page, database: str, seed: Seed, desk: Service, tmp_path: Path
) -> None:
    (aid,) = register_devices(database, ["sl-000001"]).values()
    with ThreadPoolExecutor(1) as thread:  # as above
        thread.submit(asyncio.run, campaigns(database)).result()
    seed.run(
        "INSERT INTO security_event (dedup_key, at, kind, device_id, makes_doubtful, detail) VALUES"
        " ('a', now(), 'two_places', %s, true, '{\"times\": 4, \"minutes\": 10}'),"
        " ('b', now(), 'enrolled', %s, false, '{\"serial\": \"4f2b7e\", \"replaces\": true}'),"
        " ('c', now(), 'strange_certificate', NULL, false, '{\"broker\": \"OpenSSL Error\"}')",
        *(aid, aid),
    )
    administrator = sign_in(database, Role.ADMINISTRATOR)
    page.context.add_cookies(administrator.browser_cookies(desk.url))
    check(page, ["/campaigns", "/campaigns/1", "/security", "/security/aids/sl-000001"])
    page.goto("/campaigns/1")
    expect(page.locator(".log")).to_contain_text("Bij 3 van de 11 hulpmiddelen mislukte het.")
    manager = sign_in(database, Role.MANAGER)
    page.context.add_cookies(manager.browser_cookies(desk.url))
    a_takeover(page, excel(tmp_path / "lijst.xlsx", LIFT, WRONG, ODD))
    municipality = sign_in(database, Role.MUNICIPALITY)
    page.context.add_cookies(municipality.browser_cookies(desk.url))
    check(page, ["/portal/takeovers", "/portal/takeovers/1", "/portal/inspections/1"])


WRONG = ["A.3", "Fiets", "X", "", "", "2099", "16", "C-3", 9999, None]
ODD = ["A.4", "Rolstoel", "X", "", "", "03-2020", "1625", "C-4", 95, None]


def a_takeover(page: Page, list_: Path) -> None:
    """Begun, their list tried and read in, an aid inspected."""
    page.goto("/takeovers")
    page.get_by_label("Gemeente", exact=True).select_option("GM0405")
    page.get_by_label("Van wie").fill("Vorige BV")
    page.get_by_label("Ingangsdatum van de overeenkomst").fill("2026-10-01")
    page.get_by_role("button", name="Beginnen").click()
    page.get_by_label("Hun lijst (.xlsx)").set_input_files(list_)
    page.get_by_label("Een andere vertaaltabel").set_input_files(
        {"name": "vorige.toml", "mimeType": "text/plain", "buffer": MAPPING.encode()}
    )
    page.get_by_role("button", name="Controleren").click()
    for said in ("is geen soort hulpmiddel", "kan niet (10-120 cm)", "klopt het? (25-80 cm)"):
        expect(page.get_by_text(said)).to_be_visible()
    fits(page)
    page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    wrong = page.get_by_text("is geen soort hulpmiddel").bounding_box()
    assert wrong is not None
    assert wrong["x"] + wrong["width"] <= SMALLEST["width"], "what is wrong is out of sight"
    page.get_by_role("button", name="Inlezen, zonder").click()
    expect(page.get_by_text("Een andere vertaaltabel")).to_be_visible()
    fits(page)
    page.get_by_label("Identificatienummer").fill("ov-a-2")
    page.get_by_label("Geïnspecteerd", exact=True).fill(f"{dutch_day(datetime.now(UTC))}")
    page.get_by_label("Achterstallig onderhoud:").check()
    page.get_by_label("Verslag").fill("Rail los.")
    page.get_by_label("Advies").fill("Vastzetten.")
    name = "IMG_20261028_104455_een_lange_naam_van_een_foto_van_de_rail.png"
    page.get_by_label("Foto's (JPEG").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("heading", name="Inspectie ov-a-2")).to_be_visible()
    fits(page)


async def campaigns(database: str) -> None:
    """One that has paused because of what failed."""
    now = datetime.now(UTC)
    async with await connect_async(database, application="test") as connection:
        aids = Aids(kinds=("stairlift",), municipalities=("GM0405",))
        number, _ = await service.begin(
            connection,
            name="Eerder bellen",
            what=RemoteSettings(stopped_ms=20_000),
            aids=aids,
            plan=Plan(rings=(50, 100)),
            actor="system:command",
            now=now,
        )
        await connection.execute(
            "UPDATE campaign_member SET state = 'failed', ended_at = now(), detail = 'digest'"
        )
        why = Trouble("failures", 3, 11)
        detail = {"why": str(why), **structs.asdict(why)}
        await repository.set_state(connection, number, State.PAUSED, now)
        await repository.tell(connection, number, "paused", actor="x", now=now, detail=detail)


async def registered(database: str) -> int:
    """Make cases of what is found; return how many signals there were."""
    async with await connect_async(database, application="test") as connection:
        return await registrar.register(connection, now=datetime.now(UTC))


def check(page: Page, paths: list[str]) -> None:
    """Open pages with everything on them, and let axe look."""
    for path in paths:
        page.goto(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        fits(page)
