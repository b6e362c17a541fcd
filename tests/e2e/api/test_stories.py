"""Whole stories, as the people in them live through: everything real, and time told to the engine.

What the engine does is called at the moments of the story; what people do in a browser is now.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg import AsyncConnection

from api.accounts.roles import Role
from diagnostics.escalation import service as escalation
from diagnostics.notifications.mail import MailSender, mail_server
from diagnostics.tickets import service as tickets
from diagnostics.tickets.calendar import ZONE
from diagnostics.tickets.clockwork import tick
from diagnostics.tickets.commands import By
from diagnostics.tickets.model import Source, TicketKind
from ingest.storage.pool import connect_async
from tests.integration.api.process import Service
from tests.integration.api.seed import Seed
from tests.integration.notifications.conftest import Post
from tests.support.accounts import SignedIn, sign_in
from tests.support.database import register_device
from tests.support.receivers import MailServer
from tests.support.rota import on_call

pytestmark = pytest.mark.timeout(300)
SitDown = Callable[[SignedIn], Page]
Step = Callable[[AsyncConnection[Any]], Awaitable[Any]]
STUCK = {"reasons": [{"code": "blocked", "fault": "carriage_up_edge"}]}
NEVER_LOADED_ANEW = "window.same = true"
ARTICLE = "article.emergency"


def engine(url: str, step: Step) -> Any:
    """Do what the engine does, with the rights that it has.

    In a thread of its own: the browser's loop has this one.
    """

    async def run() -> Any:
        async with await connect_async(url, application="test") as conn:
            await conn.execute("SET ROLE liftwacht_diagnostics")
            return await step(conn)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result(60)


def calls_for_help(url: str, device_id: int, at: datetime) -> int:
    """A detector is certain that somebody is stuck; return the ticket."""

    async def step(conn: AsyncConnection[Any]) -> int:
        async with conn.transaction():
            opening = await tickets.open_emergency(
                conn,
                device_id,
                actor="system:stuck",
                detail=STUCK,
                evidence_at=at,
                since=at - timedelta(seconds=20),
                now=at,
            )
        return opening.ticket.ticket_id

    return int(engine(url, step))


def escalates(url: str, *moments: datetime) -> None:
    async def step(conn: AsyncConnection[Any]) -> None:
        for now in moments:
            while await escalation.escalate(conn, now=now):
                pass

    engine(url, step)


def clocks_strike(url: str, *moments: datetime) -> None:
    async def step(conn: AsyncConnection[Any]) -> None:
        for now in moments:
            await tick(conn, now)

    engine(url, step)


def delivers(url: str, server: MailServer, now: datetime) -> None:
    """Everything that is due is sent."""

    async def step(conn: AsyncConnection[Any]) -> None:
        post = Post(url, conn)
        post.now = now
        post.use(
            MailSender(
                mail_server(server.url), sender="post@lift.example", public_url="https://l.example"
            )
        )
        try:
            await post.work()
        finally:
            await post.close()

    engine(url, step)


def on_the_wall(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%H:%M")


@pytest.fixture
def device_id(database: str, seed: Seed) -> int:
    found = register_device(database)
    seed.contact("sl-000001")
    return found


@pytest.fixture
def people(database: str, seed: Seed) -> dict[str, int]:
    """Somebody on call on every layer; Bas, a mechanic in Enkhuizen, reads his mail."""
    found = on_call(database)
    seed.run("UPDATE account SET email = 'bas@home.example' WHERE login = 'bas'")
    seed.run("INSERT INTO mechanic VALUES (%s, 1601)", found["bas"])
    return found


@pytest.fixture
def anna(database: str, people: dict[str, int]) -> SignedIn:
    assert people
    return sign_in(database, Role.DESK, login="anna")


def log_of(seed: Seed, ticket: int) -> list[tuple[str, str]]:
    found = seed.one(
        "SELECT jsonb_agg(jsonb_build_array(kind, actor) ORDER BY event_no) FROM ticket_event"
        " WHERE ticket_id = %s",
        ticket,
    )
    return [(kind, actor) for kind, actor in found]


def test_a_call_at_night(  # noqa: PLR0915, PLR0917 - one night, told from end to end
    database: str,
    seed: Seed,
    chromium: Browser,
    desk: Service,
    sit_down: SitDown,
    anna: SignedIn,
    device_id: int,
) -> None:
    page = sit_down(anna)
    page.goto("/")
    expect(page.locator("#link")).to_have_text("live", timeout=30_000)
    page.evaluate(NEVER_LOADED_ANEW)
    opened = datetime.now(UTC) - timedelta(minutes=5)

    ticket = calls_for_help(database, device_id, opened)
    expect(page.locator("article.emergency.new")).to_contain_text("sl-000001")
    escalates(database, *(opened + timedelta(minutes=each) for each in range(5)))
    with MailServer() as server:
        delivers(database, server, datetime.now(UTC))
        (mail,) = server.mails
    assert mail["To"] == "bas@home.example"
    assert f"/tickets/{ticket}" in mail.as_string()

    # Anna takes it on and sends Bas, without a mouse.
    page.keyboard.press("a")
    expect(page.locator("article.emergency.taken-on")).to_contain_text("Aangenomen door Anna")
    assert page.evaluate("window.same") is True
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".contact")).to_contain_text("Mevrouw Bakker")
    expect(page.locator(".log")).to_contain_text("opgeroepen: bas")
    page.get_by_role("button", name="Toewijzen aan Bas").press("Enter")
    expect(page.locator(".whose")).to_contain_text("Monteur: Bas")
    page.evaluate(NEVER_LOADED_ANEW)

    # Bas on his telephone; Anna's page follows.
    phone = chromium.new_context(
        base_url=desk.url, locale="nl-NL", viewport={"width": 390, "height": 844}
    )
    bas = sign_in(database, Role.MECHANIC, login="bas")
    phone.add_cookies(bas.browser_cookies(desk.url))
    visit = phone.new_page()
    visit.goto(f"/visits/{ticket}")
    visit.get_by_role("button", name="Onderweg").click()
    expect(page.locator(".whose")).to_contain_text("verwacht om", timeout=20_000)
    visit.get_by_role("button", name="Ter plaatse").click()
    expect(page.locator(".way .now")).to_contain_text("Ter plaatse", timeout=20_000)
    visit.get_by_label("Nee, of niemand weet het").check()
    visit.get_by_role("button", name="De persoon is veilig").click()
    expect(page.locator(f"{ARTICLE}.repair")).to_be_visible(timeout=20_000)
    visit.goto(f"/visits/{ticket}")
    visit.locator("summary", has_text="Gerepareerd").click()
    visit.get_by_label("Wat er gedaan is").fill("Steentje onder de voetenplank weggehaald")
    visit.get_by_role("button", name="Het hulpmiddel werkt weer").click()
    expect(page.locator(f"{ARTICLE}.closed")).to_be_visible(timeout=20_000)
    phone.close()
    assert page.evaluate("window.same") is True

    reported, on_site_due, on_site, repaired_due, repaired, released, since = seed.row(
        "SELECT reported_at, on_site_due_at, on_site_at, repaired_due_at, repaired_at, released_at,"
        " since FROM ticket WHERE ticket_id = %s",
        ticket,
    )
    assert on_site_due == opened + timedelta(hours=2)
    after = opened.astimezone(ZONE).date() + timedelta(days=2)
    assert repaired_due.astimezone(ZONE).date() == after, "a full calendar day: the day after"
    assert reported == opened
    terms = page.locator("section", has=page.get_by_role("heading", name="Termijnen"))
    for term, due, done in (
        ("Iemand ter plaatse", on_site_due, on_site),
        ("Hulpmiddel hersteld", repaired_due, repaired),
    ):
        row = terms.get_by_role("row", name=term)
        expect(row.get_by_role("cell").nth(0)).to_contain_text(on_the_wall(due))
        expect(row.get_by_role("cell").nth(2)).to_contain_text(on_the_wall(done))
    stood = int((released - since).total_seconds())
    expect(page.locator(".elapsed .clock")).to_have_text(f"{stood // 60:02d}:{stood % 60:02d}")
    expect(page.locator(".log")).to_contain_text("Steentje onder de voetenplank weggehaald")
    told = [each for each in log_of(seed, ticket) if each[0] != "escalated"]
    assert told == [
        ("opened", "system:stuck"),
        ("acknowledged", "anna"),
        ("assigned", "anna"),
        ("under_way", "bas"),
        ("on_site", "bas"),
        ("released", "bas"),
        ("repaired", "bas"),
        ("closed", "bas"),
    ]
    kinds = [each.inner_text() for each in page.locator(".log li strong").all()]
    assert len(kinds) == len(log_of(seed, ticket))


def test_acknowledged_and_forgotten(
    database: str, sit_down: SitDown, anna: SignedIn, device_id: int, seed: Seed
) -> None:
    page = sit_down(anna)
    page.goto("/tickets")
    expect(page.locator("#link")).to_have_text("live", timeout=30_000)
    ticket = calls_for_help(database, device_id, datetime.now(UTC))
    alarm = page.locator(".elsewhere")
    expect(alarm).to_have_text("1 noodgeval dat niemand heeft aangenomen")
    alarm.get_by_role("link").press("Enter")
    expect(page.locator("article.emergency.new")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("article.emergency.taken-on")).to_be_visible()
    page.goto("/tickets")
    expect(alarm).to_have_count(0)
    taken_on = seed.one("SELECT acknowledged_at FROM ticket WHERE ticket_id = %s", ticket)

    escalates(database, taken_on + timedelta(minutes=14, seconds=59))
    assert seed.one("SELECT unanswered FROM ticket") is False
    escalates(database, taken_on + timedelta(minutes=15))
    expect(alarm).to_have_text("1 noodgeval dat niemand heeft aangenomen")
    expect(page).to_have_title(re.compile("^⚠"))
    expect(page.locator("#announcer")).to_have_text("Noodgeval: sl-000001, Hoorn")
    page.keyboard.press("g")
    expect(page.locator("article.emergency.new")).to_contain_text("daarna niets meer vernomen")
    page.keyboard.press("a")
    expect(page.locator("article.emergency.taken-on")).to_be_visible()


def test_two_desks_at_once(
    database: str, sit_down: SitDown, anna: SignedIn, device_id: int, seed: Seed
) -> None:
    ticket = calls_for_help(database, device_id, datetime.now(UTC))
    one = sit_down(anna)
    two = sit_down(sign_in(database, Role.DESK, login="erik", name="Erik"))
    for page in (one, two):
        page.goto(f"/tickets/{ticket}")
    expect(one.locator(".whose")).to_contain_text("Kijkt ook mee: Erik", timeout=30_000)
    expect(two.locator(".whose")).to_contain_text("Kijkt ook mee: Anna", timeout=30_000)

    # Both decide: Erik types still when Anna is done.
    two.keyboard.press("v")
    dialog = two.locator(f"#release-{ticket}")
    dialog.get_by_label("De cliënt zegt het").check()
    dialog.get_by_label("Ja: de melding").check()
    dialog.get_by_label("Notitie").fill("Mevrouw zit beneden")
    one.keyboard.press("v")
    dialog = one.locator(f"#release-{ticket}")
    dialog.get_by_label("De monteur ter plaatse").check()
    dialog.get_by_label("Nee, of niemand weet het").check()
    dialog.get_by_role("button", name="Vrijgave bevestigen").press("Enter")
    expect(one.locator(f"{ARTICLE}.repair")).to_be_visible()
    two.get_by_role("button", name="Vrijgave bevestigen").press("Enter")
    # Refused, and nothing that he wrote is lost: it stands beside what Anna did.
    dialog = two.locator(f"#release-{ticket}")
    expect(dialog.locator(".changed")).to_contain_text("intussen veranderd")
    expect(dialog.locator(".changed")).to_contain_text("Vrijgave bevestigd")
    expect(dialog.get_by_label("Notitie")).to_have_value("Mevrouw zit beneden")
    dialog.get_by_role("button", name="Annuleren").press("Enter")
    assert [kind for kind, _ in log_of(seed, ticket)] == ["opened", "on_site", "released"]
    expect(two.locator(f"{ARTICLE}.repair")).to_be_visible()


def test_the_network_drops(
    database: str, sit_down: SitDown, anna: SignedIn, device_id: int
) -> None:
    page = sit_down(anna)
    page.goto("/")
    expect(page.locator("#link")).to_have_text("live", timeout=30_000)
    page.evaluate(NEVER_LOADED_ANEW)
    page.context.set_offline(True)
    expect(page.locator("#lost")).to_be_visible(timeout=40_000)
    ticket = calls_for_help(database, device_id, datetime.now(UTC))
    page.context.set_offline(False)
    expect(page.locator(f"#ticket-{ticket}")).to_be_visible(timeout=5_000)
    expect(page.locator("#link")).to_have_text("live")
    expect(page.locator("#lost")).to_be_hidden()
    assert page.evaluate("window.same") is True


def test_a_term_is_broken_and_on_the_wadden_nothing_was_promised(
    database: str, sit_down: SitDown, anna: SignedIn, device_id: int, seed: Seed
) -> None:
    island = register_device(database, "sl-texel", postcode4=1791)
    now = datetime.now(UTC)
    told, opened = now - timedelta(days=30), now - timedelta(hours=3)

    async def by_telephone(conn: AsyncConnection[Any]) -> int:
        async with conn.transaction():
            opening = await tickets.report(
                conn,
                device_id,
                kind=TicketKind.REPAIR,
                source=Source.PHONE,
                text="De stoel piept",
                by=By(actor="anna", now=told),
                usable=True,
            )
        return opening.ticket.ticket_id

    repair = int(engine(database, by_telephone))
    due = seed.one("SELECT repaired_due_at FROM ticket WHERE ticket_id = %s", repair)
    clocks_strike(database, due - timedelta(minutes=1))
    assert log_of(seed, repair)[1:] == [("warned", "system:clocks")]
    page = sit_down(anna)
    page.goto("/")
    expect(page.locator("#link")).to_have_text("live", timeout=30_000)
    clocks_strike(database, due + timedelta(seconds=1))
    assert log_of(seed, repair)[2:] == [("breached", "system:clocks")]
    late = page.locator("section", has=page.get_by_role("heading", name="Termijnen die"))
    expect(late.get_by_role("row", name="sl-000001")).to_contain_text("te laat")

    # Of two who are stuck since three hours, to one an hour too much was promised.
    near, far = (calls_for_help(database, each, opened) for each in (device_id, island))
    clocks_strike(database, opened + timedelta(hours=2, seconds=1))
    assert "breached" in dict(log_of(seed, near))
    assert "breached" not in dict(log_of(seed, far))
    expect(page.locator(f"#ticket-{near} .due.late")).to_contain_text("te laat")
    expect(page.locator(f"#ticket-{far} .due")).to_contain_text("Geen gegarandeerde tijd")
    page.goto("/tickets?soon=true")
    expect(page.get_by_role("row", name=f"#{repair}")).to_contain_text("te laat")
    expect(page.get_by_role("row", name=f"#{near}")).to_contain_text("te laat")
    expect(page.get_by_role("row", name=f"#{far}")).to_have_count(0)
    page.goto(f"/tickets/{far}")
    terms = page.locator("section", has=page.get_by_role("heading", name="Termijnen"))
    expect(terms.get_by_role("row", name="Iemand ter plaatse")).to_contain_text("geen toezegging")
