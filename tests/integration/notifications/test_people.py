"""From "tell Anna" to Anna's telephone: ways in order, quiet hours, and nothing lost."""

import base64
import json
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from py_vapid import Vapid02

from diagnostics.notifications.deliveries import deliveries_of
from diagnostics.notifications.mail import MailSender, mail_server
from diagnostics.notifications.messenger import MessengerSender
from diagnostics.notifications.push import PushSender
from diagnostics.tickets import service
from ingest.provisioning.authority import Authority
from tests.integration.notifications.conftest import Post
from tests.support.people import add_person, add_way, ask
from tests.support.receivers import CUT, CUT_AFTER, Browser, MailServer, WebReceiver

URL = "https://lift.example"
STATES = "SELECT channel, delivered_at IS NOT NULL, given_up_at IS NOT NULL FROM notification WHERE channel NOT IN ('webhook', 'lift') ORDER BY notification_id"  # noqa: E501


def mail(
    server: MailServer,
    *,
    url: str | None = None,
    password: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> MailSender:
    found = mail_server(url or server.url, password=password)
    return MailSender(found, sender="post@lift.example", public_url=URL, tls=tls)


async def test_a_page_goes_by_mail_with_proof(post: Post, ticket_id: int) -> None:
    account = await add_person(post.conn)
    await add_way(post.conn, account, "email", "anna@home.example")
    await ask(post.conn, "anna", ticket_id, at=post.now)
    with MailServer() as server:
        post.use(mail(server))
        await post.conn.execute("SET ROLE liftwacht_diagnostics")
        await post.work()
        await post.conn.execute("RESET ROLE")
        (received,) = server.mails
        await ask(post.conn, "anna", ticket_id, at=post.now, key="2")
        await post.work()
        assert server.connections == 1  # the connection is kept
        await post.close()
    assert received["To"] == "anna@home.example"
    assert received["Subject"].startswith("P1 NOODGEVAL: traplift sl-000001, 1621")
    sent = [one for one in await deliveries_of(post.conn, ticket_id) if one.channel == "email"]
    assert [(one.person, one.target) for one in sent] == [("Anna", "email 1")] * 2
    (attempt,) = sent[0].attempts
    assert attempt.outcome == "delivered"
    assert attempt.proof == {
        "answer": "2.0.0 queued as 1",
        "message_id": received["Message-ID"],
    }


async def test_the_next_way_follows_until_somebody_answers(post: Post, ticket_id: int) -> None:
    account = await add_person(post.conn)
    for rank in (2, 1, 3):
        await add_way(post.conn, account, "email", f"anna{rank}@home.example", rank)
    await ask(post.conn, "anna", ticket_id, at=post.now)
    with MailServer() as server:
        post.use(mail(server))
        await post.work()
        await post.work(59)
        assert [one["To"] for one in server.mails] == ["anna1@home.example"]
        await post.work(1)
        assert server.mails[-1]["To"] == "anna2@home.example"
        ((version,),) = await post.rows("SELECT version FROM ticket")
        await service.acknowledge(post.conn, ticket_id, "desk", post.now, version)
        await post.work(600)
        assert len(server.mails) == 2
        await post.close()
    assert (await post.rows(STATES))[0] == ("person", True, False)


async def test_nobody_without_a_way_goes_unnoticed(post: Post, ticket_id: int) -> None:
    await add_person(post.conn)
    await add_person(post.conn, "bas", email="bas@work.example")
    for login in ("anna", "bas", "nobody"):
        await ask(post.conn, login, ticket_id, at=post.now)
    with MailServer() as server:
        post.use(mail(server))
        await post.work()
        await post.close()
        assert [one["To"] for one in server.mails] == ["bas@work.example"]
    given_up = "SELECT recipient, last_error FROM notification WHERE given_up_at IS NOT NULL ORDER BY recipient"  # noqa: E501
    assert await post.rows(given_up) == [
        ("anna", "there is no way to reach this person"),
        ("nobody", "there is no account 'nobody' in use"),
    ]


@pytest.mark.parametrize(("priority", "at_night"), [(1, 1), (2, 0)])
async def test_quiet_hours_hold_back_everything_but_emergencies(
    post: Post, ticket_id: int, priority: int, at_night: int
) -> None:
    account = await add_person(post.conn, email="anna@home.example")
    await post.conn.execute("INSERT INTO quiet_hours VALUES (%s, '22:00', '07:00')", [account])
    await post.conn.execute("UPDATE ticket SET priority = %s", [priority])
    post.now += timedelta(hours=14)
    await ask(post.conn, "anna", ticket_id, at=post.now)
    with MailServer() as server:
        post.use(mail(server))
        await post.work()
        assert len(server.mails) == at_night
        await post.work(timedelta(hours=7))
        assert len(server.mails) == 1
        await post.close()


async def test_a_push_is_read_by_the_browser_alone(
    post: Post, ticket_id: int, tmp_path: Path
) -> None:
    key = Vapid02()
    key.generate_keys()
    key.save_key(str(tmp_path / "push.pem"))
    account = await add_person(post.conn)
    with WebReceiver(status=201) as service_:
        browser = Browser(service_.url)
        way = await add_way(post.conn, account, "push", browser.subscription)
        await ask(post.conn, "anna", ticket_id, at=post.now)
        post.use(PushSender(tmp_path / "push.pem", contact="post@lift.example", public_url=URL))
        await post.work()
        ((headers, body),) = service_.taken
        service_.script = [410]
        await ask(post.conn, "anna", ticket_id, at=post.now, key="2")
        await post.work()
    assert b"sl-000001" not in body
    read = browser.read(body)
    assert read["title"].startswith("P1 NOODGEVAL")
    assert read["link"] == f"{URL}/tickets/{ticket_id}"
    assert (headers["urgency"], headers["topic"]) == ("high", read["tag"])
    token = headers["authorization"].split("t=")[1].split(",")[0]
    claims = json.loads(_decoded(token.split(".")[1]))
    assert claims["aud"] == service_.url.removesuffix("/events")
    assert claims["sub"] == "mailto:post@lift.example"
    # The browser has unsubscribed: its way is switched off, and Anna has none any more.
    assert await post.rows("SELECT enabled, ended_because FROM contact_way") == [
        (False, "the receiver answered 410")
    ]
    assert way
    assert (await post.rows(STATES))[2:] == [("person", False, True), ("push", False, True)]


async def test_chat_and_telephone_go_through_apprise(post: Post, ticket_id: int) -> None:
    account = await add_person(post.conn)
    with WebReceiver([500], status=200) as service_:
        address = service_.url.replace("http://", "json://")
        await add_way(post.conn, account, "apprise", address)
        await add_way(post.conn, account, "apprise", "nonsense", 2)
        await ask(post.conn, "anna", ticket_id, at=post.now)
        post.use(MessengerSender(public_url=URL))
        await post.work()  # the first fails, so the second is tried at once, which is no address
        await post.work(1)
        (told,) = service_.bodies
    assert told["title"].startswith("P1 NOODGEVAL")
    assert told["type"] == "failure"
    assert await post.rows(STATES) == [
        ("person", True, False),
        ("apprise", True, False),
        ("apprise", False, True),
    ]


async def test_a_mail_server_that_is_away_loses_nothing(post: Post, ticket_id: int) -> None:
    account = await add_person(post.conn)
    for rank in (1, 2):
        await add_way(post.conn, account, "email", f"anna{rank}@home.example", rank)
    await ask(post.conn, "anna", ticket_id, at=post.now)
    server = MailServer()
    post.use(mail(server))
    await post.work()
    # In an emergency both were tried at once, since the first did not work.
    outcomes = "SELECT outcome, count(*) FROM delivery GROUP BY outcome"
    assert await post.rows(outcomes) == [("failed", 2)]
    with server:
        server.script = ["451 4.7.1 later", CUT]
        await post.work(1)
        assert server.mails == []
        await post.work(4)
        assert {one["To"] for one in server.mails} == {"anna1@home.example", "anna2@home.example"}
        # The server goes away between two mails: the kept connection is found to be dead.
        server.stop()
        server.start()
        await ask(post.conn, "anna", ticket_id, at=post.now, key="2")
        await post.work()
        assert len(server.mails) == 3
        await post.close()


async def test_a_mail_that_was_taken_without_an_answer_comes_twice_and_is_the_same(
    post: Post, ticket_id: int
) -> None:
    await add_person(post.conn, email="anna@home.example")
    await ask(post.conn, "anna", ticket_id, at=post.now)
    with MailServer() as server:
        server.script = [CUT_AFTER]
        post.use(mail(server))
        await post.work()
        await post.work(1)
        await post.close()
        first, second = server.mails
        assert first["Message-ID"] == second["Message-ID"]


async def test_a_refused_mail_is_not_repeated_and_the_next_way_is_taken(
    post: Post, ticket_id: int
) -> None:
    account = await add_person(post.conn)
    for rank in (1, 2):
        await add_way(post.conn, account, "email", f"anna{rank}@home.example", rank)
    await post.conn.execute("UPDATE ticket SET priority = 3")
    await ask(post.conn, "anna", ticket_id, at=post.now)
    with MailServer() as server:
        server.script = ["550 5.1.1 no such mailbox"]
        post.use(mail(server))
        await post.work()
        assert [one["To"] for one in server.mails] == ["anna2@home.example"]
        await post.work(3600)
        assert len(server.mails) == 1
        await post.close()


async def test_a_mail_server_with_tls_that_asks_for_a_password(
    post: Post, ticket_id: int, tmp_path: Path
) -> None:
    authority = Authority.open(tmp_path, now=datetime.now(UTC))
    authority.issue_server("mail", ("localhost",), now=datetime.now(UTC))
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(tmp_path / "mail.crt", tmp_path / "mail.key")
    ours = ssl.create_default_context(cafile=tmp_path / "ca.crt")
    await add_person(post.conn, email="anna@home.example")
    await ask(post.conn, "anna", ticket_id, at=post.now)
    await post.work()
    with MailServer(password="geheim", tls=theirs) as server:  # noqa: S106
        url = server.url.replace("smtp://", "smtp+starttls://post@")
        errors: list[Any] = []
        for password, tls in (("falsch", ours), ("geheim", None), ("geheim", ours)):
            sender = mail(server, url=url, password=password, tls=tls)
            post.now += timedelta(minutes=1)
            await post.dispatcher(sender).send_due(post.conn)
            await sender.close()
            errors += await post.rows("SELECT last_error FROM notification WHERE channel = 'email'")
        assert len(server.mails) == 1
    assert "535" in errors[0][0]
    assert "CERTIFICATE_VERIFY_FAILED" in errors[1][0]
    assert errors[2][0] is None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
